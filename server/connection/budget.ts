// How many bytes of replies may wait: in one connection, and in all connections of a gateway together.
import type { Limits } from '../../proto/limits.ts'

/**
 * Bytes queued from which a stream holds back: as much as one write, which keeps a socket busy. More would only wait in
 * memory, where a watch gets the newer state of a key in place of the older one.
 */
const streamBytes = 65_536

/** The bytes queued by all connections of a gateway. */
export class Budget {
  queuedBytes = 0
  readonly #limits: Limits

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Counts `now` bytes for a connection in place of the `before` that it had; returns `now`, to be given next time. */
  recount(before: number, now: number): number {
    this.queuedBytes += now - before
    return now
  }

  /** Whether a connection with so many bytes queued should not be read from: it, or all together, have too many. */
  isFull(queuedBytes: number): boolean {
    return queuedBytes > this.#limits.maxQueuedBytes || this.queuedBytes > this.#limits.maxTotalQueuedBytes
  }

  /** Whether a stream of a connection with so many bytes queued should wait before it sends more. */
  isStreamFull(queuedBytes: number): boolean {
    return queuedBytes > Math.min(streamBytes, this.#limits.maxQueuedBytes)
  }

  /** How many bytes a connection may queue beside those that its transport has. */
  room(transportBytes: number): number {
    return this.#limits.maxQueuedBytes - transportBytes
  }
}
