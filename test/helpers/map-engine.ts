// An engine of plain maps: the least that the contract asks for, without files and without direct access. It shows what
// an engine of your own needs, which imports `kvass/server`. A real one also has an index where this one looks through a
// table, and a bound on the tombstones of deleted keys, which are all kept here.
import { randomBytes } from 'node:crypto'
import {
  admitKey,
  type Change,
  type ChangePage,
  changeBytes,
  type Engine,
  type Entry,
  type Key,
  type RangePage,
  type RangeQuery,
  tellApplied,
  type Write,
  type WriteObserver,
} from '../../server/index.ts'

/** The latest state of a key; without a value it is a tombstone, which a watch needs to learn of the deletion. */
interface State {
  readonly value: Uint8Array | undefined
  readonly revision: number
}

interface Table {
  readonly states: Map<Key, State>
  /** Changes after an older revision than this are not known: a table of that name may have been dropped since. */
  readonly floor: number
}

export class MapEngine implements Engine {
  readonly kind = 'maps'
  readonly durability = 'volatile'
  readonly epoch = randomBytes(16).toString('hex')
  readonly events = {}
  observer: WriteObserver | undefined
  #revision = 0
  #lastDrop = 0
  #closed = false
  readonly #tables = new Map<Key, Table>()

  revisionOf(_table: Key): number {
    return this.#revision
  }

  safeRevisionOf(_table: Key): number {
    return this.#revision
  }

  whenSafe(_table: Key, _revision: number, callback: (error?: Error) => void): void {
    queueMicrotask(callback)
  }

  pressure(): undefined {
    return undefined
  }

  get(table: Key, key: Key): Entry | undefined {
    const { value, revision } = this.#tables.get(table)?.states.get(key) ?? {}
    return value && { bytes: value, start: 0, end: value.length, revision: revision! }
  }

  set(table: Key, key: Key, bytes: Uint8Array, start: number, end: number): Entry | undefined {
    return this.apply([{ table, key, value: bytes.subarray(start, end) }])[0]
  }

  delete(table: Key, key: Key): Entry | undefined {
    return this.apply([{ table, key, value: undefined }])[0]
  }

  apply(writes: readonly Write[]): (Entry | undefined)[] {
    if (this.#closed) throw new Error('the store is closed')
    for (const { key, value } of writes) if (value !== undefined) admitKey(key.length)
    const revision = this.#revision + 1
    const previous = writes.map(({ table, key, value }) => {
      const before = this.get(table, key)
      if (value === undefined && before === undefined) return undefined
      this.#revision = revision
      // A Buffer's own slice is a view, and a value has to be copied.
      this.#open(table).states.set(key, { value: value && Uint8Array.prototype.slice.call(value), revision })
      return before
    })
    if (this.observer !== undefined) tellApplied(this.observer, writes, previous, revision)
    return previous
  }

  range(table: Key, { start = '', end, after, reverse = false, keysOnly, limit, maxBytes }: RangeQuery): RangePage {
    const inside = this.#live(table).filter(([key]) => {
      if (key < start || (end !== undefined && key >= end)) return false
      return after === undefined || (reverse ? key < after : key > after)
    })
    inside.sort(([a], [b]) => (a < b !== reverse ? -1 : 1))
    const entries: RangePage['entries'] = []
    for (let bytes = 0; entries.length < inside.length; ) {
      if (entries.length >= limit || bytes >= maxBytes) return { entries, next: entries.at(-1)?.key }
      const [key, { value, revision }] = inside[entries.length]!
      entries.push({ key, value: keysOnly ? new Uint8Array(0) : value!, revision })
      bytes += key.length + entries.at(-1)!.value.length
    }
    return { entries, next: undefined }
  }

  count(table: Key): number {
    return this.#live(table).length
  }

  tables() {
    const tables = [...this.#tables].map(([name, { states }]) => {
      const revision = Math.max(...[...states.values()].map((state) => state.revision))
      return { name, count: this.count(name), revision }
    })
    return tables.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  drop(table: Key): number {
    if (!this.#tables.has(table)) return 0
    const count = this.count(table)
    this.#tables.delete(table)
    this.#lastDrop = ++this.#revision
    if (this.observer?.watches(table)) this.observer.dropped(table, this.#revision)
    return count
  }

  changes(table: Key, since: number, limit: number): ChangePage | undefined {
    const { floor, states } = this.#tables.get(table) ?? { floor: this.#lastDrop, states: new Map<Key, State>() }
    if (since < floor) return undefined
    const all = [...states].map(([key, state]): Change => ({ key, ...state }))
    const later = all.filter(({ revision }) => revision > since).sort((a, b) => a.revision - b.revision)
    let bytes = 0
    for (const [index, { revision, value }] of later.entries()) {
      const before = later[index - 1]?.revision
      // A page ends where a revision ends: the changes of one group are never split.
      const isFull = index >= limit || bytes >= changeBytes
      if (isFull && before !== undefined && before !== revision) {
        return { changes: later.slice(0, index), upTo: before, complete: false }
      }
      bytes += value?.length ?? 0
    }
    return { changes: later, upTo: this.#revision, complete: true }
  }

  stats() {
    const tables = this.tables()
    return { entries: tables.reduce((sum, { count }) => sum + count, 0), tables: tables.length, memoryBytes: 0 }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#tables.clear()
  }

  #open(name: Key): Table {
    let table = this.#tables.get(name)
    if (table === undefined) {
      table = { states: new Map(), floor: this.#lastDrop }
      this.#tables.set(name, table)
    }
    return table
  }

  /** The entries of a table that are not deleted, in no order. */
  #live(table: Key): [Key, State][] {
    return [...(this.#tables.get(table)?.states ?? [])].filter(([, { value }]) => value !== undefined)
  }
}
