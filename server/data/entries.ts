// Entries as clients see them, on top of an engine: with a lifetime, and written with what belongs to the write - the
// index of what expires, of what is leased, and the record of a mutation - in the same group, all or nothing.
// Those indexes are tables of the engine whose names begin with NUL, which no client can name.
import { Buffer } from 'node:buffer'
import { type Response, writeVarint } from '../../proto/codec.ts'
import { KvassError } from '../../proto/status.ts'
import { copyOf } from '../store/bytes/copy.ts'
import type { Engine, Entry, Key, Write } from '../store/engine.ts'
import { type Anchor, StoreClock, systemTime, type TimeSource } from './clock.ts'
import { type Lifetime, lifetimeAt, noLifetime, valueEnd, withLifetime } from './lifetime.ts'
import { type Mutation, recordOf } from './mutations.ts'
import { clockTable, expiryTable, firstKeys, leaseTable, placeKey, placeOf } from './own-tables.ts'

const clockKey = 'anchor'

/** Entries that one step of the sweeper removes; a step takes well below a millisecond. */
const sweepEntries = 128
const longestTimerMs = 60_000
/** So that times of the store's clock stay exact as numbers. */
const longestTtlMs = 2 ** 52
const anchorIntervalMs = 3_600_000
const noBytes = new Uint8Array(0)

/** An entry that is there: not expired. */
export interface Visible {
  /** A copy of the encoded Value, without the lifetime. */
  readonly value: Uint8Array
  readonly revision: number
  readonly lifetime: Lifetime
}

/** A write to be made. */
export interface Planned {
  readonly table: Key
  readonly key: Key
  /** Undefined: delete. */
  readonly value: Uint8Array | undefined
  readonly lifetime?: Lifetime
}

export class Keeper {
  readonly #store: Engine
  readonly #clock: StoreClock
  #timer: NodeJS.Timeout | undefined
  /** When the first entry expires that the sweeper has not removed; it runs then, or late. */
  #dueAt = Number.POSITIVE_INFINITY
  /** Nothing in the index of what expires is before this. */
  #sweptTo = 0
  #anchorTimer: NodeJS.Timeout | undefined
  #closed = false

  constructor(store: Engine, source: TimeSource = systemTime) {
    this.#store = store
    this.#clock = new StoreClock(source, readAnchor(store))
    const [first] = firstKeys(store, expiryTable, {}, 1)
    if (first === undefined) return
    // The machine may have been down: what that took is settled now, whatever the wall clock does later.
    this.#startAnchors()
    this.#arm(expiryOf(first))
  }

  /** Milliseconds of the store's clock. */
  now(): number {
    return this.#clock.now()
  }

  /** Whether the store may hold entries that have expired. */
  get overdue(): boolean {
    return this.#dueAt <= this.#clock.now()
  }

  /**
   * What a ttl in milliseconds means now; 0 for none. The anchor that the clock needs is kept from the first on.
   * Throws KvassError 400 where it is too long to count.
   */
  expiresAt(ttlMs: number): number {
    if (ttlMs === 0) return 0
    if (ttlMs > longestTtlMs) throw new KvassError(400, 'The ttl is too long; leave it out for an entry that stays.')
    this.#startAnchors()
    return Math.ceil(this.#clock.now() + ttlMs)
  }

  get(table: Key, key: Key): Visible | undefined {
    return this.visible(this.#store.get(table, key))
  }

  /** What a client may see of an engine's entry: nothing once it has expired. */
  visible(entry: Entry | undefined): Visible | undefined {
    if (entry === undefined) return undefined
    const { bytes, start, end, revision } = entry
    const plainEnd = valueEnd(bytes, start, end)
    const lifetime = lifetimeAt(bytes, plainEnd, end)
    if (lifetime.expiresAt !== 0 && lifetime.expiresAt <= this.#clock.now()) return undefined
    return { value: copyOf(bytes, start, plainEnd), revision, lifetime }
  }

  /** A value as it is sent: with what is left of its life. Undefined where it has expired. It may be `bytes` itself. */
  sent(bytes: Uint8Array): Uint8Array | undefined {
    const end = bytes.length
    if (valueEnd(bytes, 0, end) === end) return bytes
    const visible = this.visible({ bytes, start: 0, end, revision: 0 })
    return visible && this.sentValue(visible)
  }

  sentValue({ value, lifetime }: Visible): Uint8Array {
    if (lifetime === noLifetime) return value
    const out = Buffer.alloc(value.length + 12)
    out.set(value)
    let at = value.length
    if (lifetime.expiresAt !== 0) {
      out[at++] = 0x70
      at = writeVarint(out, at, Math.max(0, Math.floor(lifetime.expiresAt - this.#clock.now())))
    }
    if (lifetime.client !== '') {
      out[at++] = 0x78
      out[at++] = 1
    }
    return out.subarray(0, at)
  }

  /**
   * Makes the writes in order, all or none, with all that belongs to them. `respond` gets the entries before and
   * answers the reply, whose revision is filled in, and which is remembered for the mutation.
   */
  write(
    planned: readonly Planned[],
    mutation: Mutation | undefined,
    respond: (previous: (Visible | undefined)[]) => Response,
  ): Response {
    const before = new Map<string, Visible | undefined>()
    const writes: Write[] = []
    const previous = planned.map((plan) => {
      const place = placeKey(plan.table, plan.key)
      const seen = before.has(place) ? before.get(place) : this.get(plan.table, plan.key)
      if (planned.length > 1) before.set(place, afterwards(plan))
      this.#plan(plan, seen, writes)
      return seen
    })
    const response = respond(previous)
    if (mutation !== undefined) writes.push(recordOf(mutation, { ...response, revision: 0 }))
    if (writes.length === 1) this.#writeOne(writes[0]!)
    else this.#store.apply(writes)
    if (mutation !== undefined) mutation.recorded = true
    for (const { lifetime } of planned) if (lifetime && lifetime.expiresAt !== 0) this.#arm(lifetime.expiresAt)
    response.revision = this.#store.revision
    return response
  }

  /** Forgets timers; keeps where the clock stands. */
  close(): void {
    this.#closed = true
    if (this.#anchorTimer !== undefined) this.#renewAnchor()
    clearInterval(this.#anchorTimer)
    clearTimeout(this.#timer)
  }

  #plan({ table, key, value, lifetime = noLifetime }: Planned, seen: Visible | undefined, writes: Write[]): void {
    writes.push({ table, key, value: value && withLifetime(value, lifetime) })
    const old = seen?.lifetime ?? noLifetime
    if (old !== lifetime) {
      if (old.expiresAt !== 0)
        writes.push({ table: expiryTable, key: expiryKey(old.expiresAt, table, key), value: undefined })
      if (old.client !== '') writes.push({ table: leaseTable, key: leaseKey(old.client, table, key), value: undefined })
    }
    if (lifetime.expiresAt !== 0) {
      writes.push({ table: expiryTable, key: expiryKey(lifetime.expiresAt, table, key), value: noBytes })
    }
    if (lifetime.client !== '')
      writes.push({ table: leaseTable, key: leaseKey(lifetime.client, table, key), value: noBytes })
  }

  #writeOne({ table, key, value }: Write): void {
    if (value === undefined) this.#store.delete(table, key)
    else this.#store.set(table, key, value, 0, value.length)
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
    const bytes = Buffer.from(JSON.stringify(this.#clock.anchor()))
    this.#store.set(clockTable, clockKey, bytes, 0, bytes.length)
  }

  /** Has the sweeper run when that time of the store's clock is there, but not before `leastMs`. */
  #arm(at: number, leastMs = 0): void {
    if (at >= this.#dueAt || this.#closed) return
    clearTimeout(this.#timer)
    this.#dueAt = at
    const delay = Math.min(longestTimerMs, Math.max(leastMs, Math.ceil(at - this.#clock.now())))
    this.#timer = setTimeout(() => this.#sweep(), delay)
    this.#timer.unref()
  }

  /** Removes a step of what has expired and goes on in a later turn while there is more. */
  #sweep(): void {
    if (this.#closed) return
    this.#dueAt = Number.POSITIVE_INFINITY
    const now = this.#clock.now()
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
    const entry = this.#store.get(table, key)
    const lifetime = entry && lifetimeAt(entry.bytes, valueEnd(entry.bytes, entry.start, entry.end), entry.end)
    // One that was written again since has another expiry, and an index of its own.
    if (lifetime?.expiresAt !== expiryOf(index)) return writes
    writes.push({ table, key, value: undefined })
    if (lifetime.client !== '')
      writes.push({ table: leaseTable, key: leaseKey(lifetime.client, table, key), value: undefined })
    return writes
  }
}

/** What a planned write leaves, for a later one of the same group. */
function afterwards({ value, lifetime = noLifetime }: Planned): Visible | undefined {
  return value && { value, lifetime, revision: 0 }
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

/** Eight bytes that sort as the number does, as a binary string. */
function sortable(number: number): string {
  const whole = Math.ceil(number)
  return word(Math.floor(whole / 2 ** 32)) + word(whole % 2 ** 32)
}

/** Four bytes, the highest first. Every write with a mutation comes here twice, and BigInt would cost it 0.5 us. */
function word(number: number): string {
  return String.fromCharCode(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff)
}

function expiryKey(expiresAt: number, table: Key, key: Key): Key {
  return sortable(expiresAt) + placeKey(table, key)
}

function expiryOf(index: Key): number {
  return Number(Buffer.from(index.slice(0, 8), 'latin1').readBigUInt64BE())
}

function leaseKey(client: string, table: Key, key: Key): Key {
  return client + placeKey(table, key)
}
