// What every transport makes of its socket: a duplex of bytes with callbacks, so that one loop serves them all.
// WebSocket, TCP, TLS and the in-memory pair implement it; the connection is the only one who calls it.
import type { CloseCode } from '../../proto/status.ts'

/** Who listens to a transport. The connection sets it before any byte is read. */
export interface TransportListener {
  /** `bytes[start, end)` came in, cut anywhere. They are there until this returns: copy what you keep. */
  onData(bytes: Uint8Array, start: number, end: number): void
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
   * Sends `bytes[start, end)` as one write (one WebSocket message). True: they have left, and their memory is the
   * caller's again. False: they must not change any more, and `onProgress` tells when they have left. Never throws;
   * writing to a closed transport does nothing. `hasHeadroom`: the `headroomBytes` in front of them are the transport's
   * to write a header into, always the same for the same bytes.
   */
  write(bytes: Uint8Array, start: number, end: number, hasHeadroom: boolean): boolean
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
