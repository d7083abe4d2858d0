// Gives a connection's bytes to its transport, in pieces, and tells how long the peer has taken none of them.
import type { Meter } from '../service/meter.ts'
import type { Transport } from './transport.ts'

/** Bytes of one write at the most, so that a slow reader is seen to make progress. */
const writeBytes = 65_536

export class TransportWriter {
  readonly #transport: Transport
  readonly #meter: Meter
  #writtenBytes = 0
  /** Of those, how many the peer had taken at the last look, and when it took some for the last time. */
  #takenBytes = 0
  #takenAt = performance.now()

  constructor(transport: Transport, meter: Meter) {
    this.#transport = transport
    this.#meter = meter
  }

  /** Writes `bytes[start, end)`. True: they have left, and their memory may be used again. False: they wait. */
  write(bytes: Uint8Array, start: number, end: number, hasHeadroom: boolean): boolean {
    const length = end - start
    this.#meter.bytesOut += length
    this.#writtenBytes += length
    let haveLeft = true
    if (length <= writeBytes) haveLeft = this.#transport.write(bytes, start, end, hasHeadroom)
    else {
      for (let at = start; at < end; at += writeBytes) {
        haveLeft = this.#transport.write(bytes, at, Math.min(at + writeBytes, end), false) && haveLeft
      }
    }
    // The first that waits: until now there was nothing that the peer could have taken.
    if (!haveLeft && this.#transport.queuedBytes <= length) this.#takenAt = performance.now()
    return haveLeft
  }

  /** Notes that the peer took bytes. */
  onProgress(): void {
    this.#takenAt = performance.now()
  }

  /** For how many milliseconds the peer has taken nothing of what waits for it. */
  stalledMs(now: number): number {
    const queued = this.#transport.queuedBytes
    const taken = this.#writtenBytes - queued
    if (queued === 0 || taken !== this.#takenBytes) this.#takenAt = Math.max(this.#takenAt, now)
    this.#takenBytes = taken
    return now - this.#takenAt
  }
}
