// What every transport makes of its socket: a duplex of bytes with callbacks, so that one loop serves them all.
// WebSocket, TCP, TLS and the in-memory pair implement it; the connection is the only one who calls it.
import type { CloseCode } from '../../proto/status.ts'

/** Who listens to a transport. The connection sets it before any byte is read. */
export interface TransportListener {
  /** Bytes came in, cut anywhere. The view stays valid only while nothing else is awaited, unless copied. */
  onData(chunk: Uint8Array): void
  /** Some of the bytes written before have left: `queuedBytes` is smaller than it was. */
  onProgress(): void
  /** The peer sends no more, and still reads: what it asked for is answered. WebSockets have no such half. */
  onEnd(): void
  /** The stream is over, for whatever reason; called once, last. */
  onClose(): void
}

/** Bytes in front of a message for the header that a transport may need: a WebSocket's of up to 65,535 bytes. */
export const headroomBytes = 4

export interface Transport {
  readonly kind: 'ws' | 'tcp' | 'memory'
  /** Address of the peer for the log, as "127.0.0.1:50312". */
  readonly peer: string
  listener: TransportListener | undefined
  /** Bytes written that the system has not taken yet. */
  readonly queuedBytes: number
  /**
   * Sends bytes as one write (one WebSocket message). The bytes must not change afterwards. Never throws; writing
   * to a closed transport does nothing. `hasHeadroom`: the `headroomBytes` in front of them, in their memory, are the
   * transport's to write a header into, always the same for the same bytes.
   */
  write(bytes: Uint8Array, hasHeadroom?: boolean): void
  /** Stops and starts reading. A chunk that was already under way may still arrive after a pause. */
  pause(): void
  resume(): void
  /**
   * Ends the stream after what was written: on WebSocket with the code and its fixed reason. On TCP, which has no
   * close codes, the caller has written a last response whose status is the code.
   */
  close(code: CloseCode): void
  /** Ends the stream at once; what was written may be lost. */
  terminate(): void
}
