// Ends entries at the time that their ttl named: an index of what expires, and a sweeper that removes what has.
// Until it does, readers do not see such an entry.
import { Buffer } from 'node:buffer'
import { KvassError } from '../../proto/status.ts'
import type { Engine, Key, Write } from '../store/engine.ts'
import { type Anchor, StoreClock, type TimeSource } from './clock.ts'
import { lifetimeOf } from './lifetime.ts'
import { clockTable, expiryOf, expiryTable, firstKeys, leaseKey, leaseTable, placeOf, sortable } from './own-tables.ts'

const clockKey = 'anchor'

/** Entries that one step of the sweeper removes; a step takes well below a millisecond. */
const sweepEntries = 128
const longestTimerMs = 60_000
/** So that times of the store's clock stay exact as numbers. */
const longestTtlMs = 2 ** 52
const anchorIntervalMs = 3_600_000

export class Expiry {
  readonly clock: StoreClock
  readonly #store: Engine
  #timer: NodeJS.Timeout | undefined
  /** When the first entry expires that the sweeper has not removed; it runs then, or late. */
  #dueAt = Number.POSITIVE_INFINITY
  /** Nothing in the index of what expires is before this. */
  #sweptTo = 0
  #anchorTimer: NodeJS.Timeout | undefined
  #closed = false

  constructor(store: Engine, source: TimeSource, maxDowntimeMs: number) {
    this.#store = store
    this.clock = new StoreClock(source, readAnchor(store), maxDowntimeMs)
    const [first] = firstKeys(store, expiryTable, {}, 1)
    if (first === undefined) return
    // The machine may have been down: what that took is settled now, whatever the wall clock does later.
    this.#startAnchors()
    this.#arm(expiryOf(first))
  }

  /** Whether the store may hold entries that have expired. */
  get overdue(): boolean {
    return this.#dueAt <= this.clock.now()
  }

  /**
   * What a ttl in milliseconds means now; 0 for none. The anchor that the clock needs is kept from the first on.
   * Throws KvassError 400 where it is too long to count.
   */
  expiresAt(ttlMs: number): number {
    if (ttlMs === 0) return 0
    if (ttlMs > longestTtlMs) throw new KvassError(400, 'The ttl is too long; leave it out for an entry that stays.')
    this.#startAnchors()
    return Math.ceil(this.clock.now() + ttlMs)
  }

  /** Forgets timers; keeps where the clock stands. */
  close(): void {
    this.#closed = true
    if (this.#anchorTimer !== undefined) this.#renewAnchor()
    clearInterval(this.#anchorTimer)
    clearTimeout(this.#timer)
  }

  #startAnchors(): void {
    if (this.#anchorTimer !== undefined) return
    this.#keepAnchor()
    this.#anchorTimer = setInterval(() => this.#renewAnchor(), anchorIntervalMs)
    this.#anchorTimer.unref()
  }

  #renewAnchor(): void {
    try {
      this.#keepAnchor()
    } catch {
      // The store takes no writes now; the anchor that it has only asks more of the wall clock after a reboot.
    }
  }

  #keepAnchor(): void {
    const bytes = Buffer.from(JSON.stringify(this.clock.anchor()))
    this.#store.set(clockTable, clockKey, bytes, 0, bytes.length)
  }

  /** An entry was written that ends at that time of the store's clock. */
  expects(expiresAt: number): void {
    this.#arm(expiresAt)
  }

  /** Has the sweeper run when that time of the store's clock is there, but not before `leastMs`. */
  #arm(at: number, leastMs = 0): void {
    if (at >= this.#dueAt || this.#closed) return
    clearTimeout(this.#timer)
    this.#dueAt = at
    const delay = Math.min(longestTimerMs, Math.max(leastMs, Math.ceil(at - this.clock.now())))
    this.#timer = setTimeout(() => this.#sweep(), delay)
    this.#timer.unref()
  }

  /** Removes a step of what has expired and goes on in a later turn while there is more. */
  #sweep(): void {
    if (this.#closed) return
    this.#dueAt = Number.POSITIVE_INFINITY
    const now = this.clock.now()
    const keys = firstKeys(this.#store, expiryTable, { start: sortable(this.#sweptTo) }, sweepEntries)
    const due = keys.filter((key) => expiryOf(key) <= now)
    try {
      if (due.length > 0) this.#store.apply(due.flatMap((key) => this.#removal(key)))
    } catch {
      // The store takes no writes now. Readers see nothing of what has expired; it is removed when it can be.
      return this.#arm(now, 1000)
    }
    if (due.length === sweepEntries) {
      this.#sweptTo = expiryOf(due[due.length - 1]!)
      this.#arm(now)
    } else {
      this.#sweptTo = now
      if (due.length < keys.length) this.#arm(expiryOf(keys[due.length]!))
    }
  }

  /** The writes that remove an entry which has expired. */
  #removal(index: Key): Write[] {
    const { table, key } = placeOf(index, 8)
    const writes: Write[] = [{ table: expiryTable, key: index, value: undefined }]
    const lifetime = lifetimeOf(this.#store.get(table, key))
    // One that was written again since has another expiry, and an index of its own.
    if (lifetime.expiresAt !== expiryOf(index)) return writes
    writes.push({ table, key, value: undefined })
    if (lifetime.client !== '')
      writes.push({ table: leaseTable, key: leaseKey(lifetime.client, table, key), value: undefined })
    return writes
  }
}

function readAnchor(store: Engine): Anchor | undefined {
  const entry = store.get(clockTable, clockKey)
  return (
    entry &&
    JSON.parse(
      Buffer.from(entry.bytes.buffer, entry.bytes.byteOffset + entry.start, entry.end - entry.start).toString(),
    )
  )
}
