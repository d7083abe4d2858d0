// The contract of transports: each makes of its socket a duplex of bytes with callbacks, so that one loop serves them
// all. WebSocket, TCP, TLS and the in-memory pair implement it; only the connection calls it.
import type { CloseCode } from '../../proto/status.ts'

/** What a transport tells its connection, which sets it as the listener before any byte is read. */
export interface TransportListener {
  /** `bytes[start, end)` came in, cut anywhere. They are overwritten after the call: copy what you keep. */
  onData(bytes: Uint8Array, start: number, end: number): void
  /** Some of the bytes written before have left: `queuedBytes` is smaller than it was. */
  onProgress(): void
  /** The peer sends no more but still reads: it gets the replies that are due. A WebSocket has no such half-close. */
  onEnd(): void
  /** The stream is over, for whatever reason; called once, last. */
  onClose(): void
}

/** Bytes in front of a message for the header that a transport may need: a WebSocket's of up to 65,535 bytes. */
export const headroomBytes = 4

export interface Transport {
  /** Whether `close` can tell the peer its code. A connection on a transport without sends it as a last response. */
  readonly hasCloseCodes: boolean
  /** Address of the peer for the log, as "127.0.0.1:50312". */
  readonly peer: string
  listener: TransportListener | undefined
  /** Bytes written that the system has not taken yet. */
  readonly queuedBytes: number
  /**
   * Sends `bytes[start, end)` as one write (one WebSocket message). Returns true when they have left: then the
   * caller may change them. On false they must not change any more, and `onProgress` tells when they have left. Never throws;
   * writing to a closed transport does nothing. `hasHeadroom`: the `headroomBytes` in front of them are the transport's
   * to write a header into, always the same for the same bytes.
   */
  write(bytes: Uint8Array, start: number, end: number, hasHeadroom: boolean): boolean
  /** Stops and starts reading. A chunk that was already under way may still arrive after a pause. */
  pause(): void
  resume(): void
  /**
   * Ends the stream after what was written, where there are close codes with this one and its fixed reason.
   */
  close(code: CloseCode): void
  /** Ends the stream at once; what was written may be lost. */
  terminate(): void
}
