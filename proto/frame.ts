// The frame: a 4-byte header and its payload; bytes in, payloads out, at any chunking.
//
//     bit 31   bits 30..0                 then
//    +------+---------------------------+-----------------------+
//    | gzip | length of what follows    | payload, as sent      |
//    +------+---------------------------+-----------------------+
//      big-endian, 4 bytes                length bytes
//
// It knows nothing of messages, and compresses nothing itself.
import { noBytes } from './bytes.ts'
import { StreamError } from './status.ts'

export const headerBytes = 4

/** Writes a header at `at`: `length` is the payload's, as sent. */
export function writeHeader(into: Uint8Array, at: number, length: number, gzip: boolean): void {
  into[at] = (length >>> 24) | (gzip ? 0x80 : 0)
  into[at + 1] = length >>> 16
  into[at + 2] = length >>> 8
  into[at + 3] = length
}

/** The payload's length, as sent, that the header at `at` declares. */
export function payloadBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! & 0x7f) << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

/** A whole frame around one payload, for callers that do not batch. */
export function frame(payload: Uint8Array, gzip = false): Uint8Array {
  const bytes = new Uint8Array(headerBytes + payload.length)
  writeHeader(bytes, 0, payload.length, gzip)
  bytes.set(payload, headerBytes)
  return bytes
}

/**
 * Cuts a stream of bytes into frames. Push a chunk, then call `next` until it returns false: each true leaves a
 * payload as `bytes[start, end)`, valid until the next call. A payload that lies within one chunk is a view on
 * it; only one that spans chunks is copied, into a buffer that grows with what has arrived, never with what a
 * header declares. Throws StreamError 1009 as soon as a header declares more than `maxFrameBytes`.
 */
export class FrameDecoder {
  bytes: Uint8Array = noBytes
  start = 0
  end = 0
  gzip = false
  /** What is left of the chunk that was pushed last is `[position, limit)` of it. */
  position = 0
  limit = 0

  readonly #maxFrameBytes: number
  #chunk: Uint8Array = noBytes
  #held: Uint8Array = noBytes
  #heldLength = 0

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes
  }

  /** Whether a frame has begun and not ended. */
  get unfinished(): boolean {
    return this.#heldLength > 0
  }

  /** Takes the next chunk, `chunk[start, end)`. The one before must be used up: `next` has returned false. */
  push(chunk: Uint8Array, start = 0, end = chunk.length): void {
    this.#chunk = chunk
    this.position = start
    this.limit = end
  }

  next(): boolean {
    if (this.#heldLength > 0) return this.#nextHeld()
    const chunk = this.#chunk
    const { position, limit } = this
    const start = position + headerBytes
    if (start <= limit) {
      const end = start + this.#length(chunk, position)
      if (end <= limit) {
        this.bytes = chunk
        this.start = start
        this.end = this.position = end
        this.gzip = chunk[position]! >= 0x80
        return true
      }
    }
    if (position < limit) this.#hold(limit)
    // An idle connection must not keep its last chunk alive.
    this.bytes = noBytes
    this.push(noBytes)
    return false
  }

  /** Continues the frame that earlier chunks began. */
  #nextHeld(): boolean {
    if (this.#heldLength < headerBytes) {
      this.#hold(headerBytes - this.#heldLength)
      if (this.#heldLength < headerBytes) return false
    }
    const whole = headerBytes + this.#length(this.#held, 0)
    this.#hold(whole - this.#heldLength)
    if (this.#heldLength < whole) return false
    this.bytes = this.#held
    this.start = headerBytes
    this.end = whole
    this.gzip = this.#held[0]! >= 0x80
    this.#held = noBytes
    this.#heldLength = 0
    return true
  }

  /** Copies the chunk's next bytes to the held ones, at most `most`. */
  #hold(most: number): void {
    const count = Math.min(most, this.limit - this.position)
    const needed = this.#heldLength + count
    if (needed > this.#held.length) {
      const grown = new Uint8Array(Math.max(needed, Math.min(2 * this.#held.length, headerBytes + this.#maxFrameBytes)))
      grown.set(this.#held)
      this.#held = grown
    }
    this.#held.set(this.#chunk.subarray(this.position, this.position + count), this.#heldLength)
    this.#heldLength = needed
    this.position += count
  }

  #length(bytes: Uint8Array, at: number): number {
    const length = payloadBytes(bytes, at)
    if (length > this.#maxFrameBytes) throw new StreamError(1009, `a frame above ${this.#maxFrameBytes} bytes`)
    return length
  }
}
