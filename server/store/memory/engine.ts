// The engine that keeps nothing: all tables in memory, every write as safe as it will ever be.

import { randomBytes } from 'node:crypto'
import { noBytes } from '../bytes/copy.ts'
import { hashOf } from '../bytes/hash.ts'
import { readKey } from '../bytes/latin1.ts'
import {
  admitKey,
  type BytesWrite,
  type ChangePage,
  type DirectAccess,
  type Engine,
  type EngineEvents,
  type EngineStats,
  type Entry,
  type Key,
  type RangeEntry,
  type RangePage,
  type RangeQuery,
  type TableStats,
  tellApplied,
  type Write,
  type WriteObserver,
} from '../engine.ts'
import type { Cell } from './cells.ts'
import { copyOfEntry, MemoryTable } from './memory-table.ts'

export interface MemoryOptions {
  /** Tombstones kept for a table, so that a watch can resume past a deletion. Default 100,000. */
  readonly maxTombstones?: number
  /** Seconds that a tombstone is kept. Default 3600. */
  readonly tombstoneSeconds?: number
  /** Monotonic seconds; tests pass their own. */
  readonly clock?: () => number
}

/** Entries that one call of `range` looks at, at the most. */
const maxScan = 4096

interface Tombstone {
  readonly cell: Cell
  readonly revision: number
  readonly seconds: number
}

class Table extends MemoryTable {
  /** `changes` after an older revision than this is not known. */
  floor: number
  /** Tombstones in the order of their making; those written over since are passed when their turn comes. */
  tombstoneLog: Tombstone[] = []
  tombstoneHead = 0

  constructor(floor: number) {
    super()
    this.floor = floor
  }

  /** Whether the tombstone is still there, as it was made. */
  isCurrent({ cell, revision }: Tombstone): boolean {
    return this.cells.isDeleted(cell) && this.cells.revision(cell) === revision
  }

  /** Lets go of tombstones that are no more. */
  sweep(): void {
    this.tombstoneLog = this.tombstoneLog.filter(
      (tombstone, index) => index >= this.tombstoneHead && this.isCurrent(tombstone),
    )
    this.tombstoneHead = 0
  }
}

export class MemoryEngine implements Engine, DirectAccess {
  readonly kind = 'memory'
  readonly durability = 'volatile'
  readonly epoch = randomBytes(16).toString('hex')
  readonly events: EngineEvents = {}
  observer: WriteObserver | undefined
  readonly direct: DirectAccess = this
  #revision = 0
  readonly #tables = new Map<Key, Table>()
  readonly #maxTombstones: number
  readonly #tombstoneSeconds: number
  readonly #clock: () => number
  /** Revision of the last drop: of a table that does not exist, nothing older is known. */
  #lastDrop = 0
  #closed = false
  /** The name that was asked for last, and the table that has it. */
  #lastName: Key | undefined
  #last: Table | undefined

  constructor(options: MemoryOptions = {}) {
    this.#maxTombstones = options.maxTombstones ?? 100_000
    this.#tombstoneSeconds = options.tombstoneSeconds ?? 3600
    this.#clock = options.clock ?? (() => performance.now() / 1000)
  }

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
    return this.#tables.get(table)?.getKey(key)
  }

  lookup(table: Key, key: Uint8Array, start: number, end: number, hash: number): Entry | undefined {
    return this.#table(table)?.get(key, start, end, hash)
  }

  warm(table: Key, hashes: Int32Array, count: number): void {
    this.#table(table)?.warm(hashes, count)
  }

  set(table: Key, key: Key, bytes: Uint8Array, start: number, end: number): Entry | undefined {
    admitKey(key.length)
    const previous = this.#open(table).setKey(key, bytes, start, end, ++this.#revision)
    const { observer } = this
    if (observer?.watches(table)) observer.wrote(table, key, this.#revision, bytes, start, end)
    return previous
  }

  put(
    table: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Entry | undefined {
    admitKey(keyEnd - keyStart)
    const previous = this.#open(table).set(key, keyStart, keyEnd, hash, bytes, start, end, ++this.#revision)
    const { observer } = this
    if (observer?.watches(table)) {
      observer.wrote(table, readKey(key, keyStart, keyEnd), this.#revision, bytes, start, end)
    }
    return previous
  }

  putWith(
    table: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    also: BytesWrite,
  ): void {
    admitKey(keyEnd - keyStart)
    const revision = ++this.#revision
    this.#open(table).set(key, keyStart, keyEnd, hash, bytes, start, end, revision)
    const { length } = also.key
    this.#open(also.table).set(also.key, 0, length, hashOf(also.key, 0, length), also.bytes, 0, also.end, revision)
    const { observer } = this
    if (observer === undefined) return
    if (observer.watches(table)) observer.wrote(table, readKey(key, keyStart, keyEnd), revision, bytes, start, end)
    if (observer.watches(also.table)) {
      observer.wrote(also.table, readKey(also.key, 0, length), revision, also.bytes, 0, also.end)
    }
  }

  delete(name: Key, key: Key): Entry | undefined {
    const previous = this.#delete(name, key, this.#revision + 1)
    if (previous === undefined) return undefined
    this.#revision++
    if (this.observer?.watches(name)) this.observer.deleted(name, key, this.#revision)
    return previous
  }

  apply(writes: readonly Write[]): (Entry | undefined)[] {
    const revision = this.#revision + 1
    for (const { key, value } of writes) if (value !== undefined) admitKey(key.length)
    const previous = writes.map(({ table: name, key, value }) => {
      const before =
        value === undefined
          ? this.#delete(name, key, revision)
          : this.#open(name).setKey(key, value, 0, value.length, revision)
      if (value !== undefined || before !== undefined) this.#revision = revision
      return before && copyOfEntry(before)
    })
    if (this.observer !== undefined) tellApplied(this.observer, writes, previous, revision)
    return previous
  }

  range(name: Key, query: RangeQuery): RangePage {
    const table = this.#tables.get(name)
    const entries: RangeEntry[] = []
    if (table === undefined) return { entries, next: undefined }
    let bytes = 0
    let next: Key | undefined
    const visit = (key: Key): boolean => {
      if (key === query.after) return true
      if (
        query.reverse ? query.start !== undefined && key < query.start : query.end !== undefined && key >= query.end
      ) {
        return false
      }
      if (entries.length >= Math.min(query.limit, maxScan) || bytes >= query.maxBytes) {
        next = entries[entries.length - 1]?.key
        return false
      }
      const cell = table.findKey(key)
      const value = query.keysOnly ? noBytes : table.cells.value(cell)
      entries.push({ key, value, revision: table.cells.revision(cell) })
      bytes += key.length + value.length
      return true
    }
    if (query.reverse) table.keys.descend(earlier(query.after, query.end), visit)
    else table.keys.ascend(later(query.after, query.start), visit)
    return { entries, next }
  }

  count(table: Key): number {
    return this.#tables.get(table)?.count ?? 0
  }

  tables(): TableStats[] {
    return [...this.#tables]
      .map(([name, table]) => ({ name, count: table.count, revision: table.revision }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  drop(name: Key): number {
    const table = this.#tables.get(name)
    if (table === undefined) return 0
    this.#tables.delete(name)
    this.#lastName = undefined
    this.#lastDrop = ++this.#revision
    if (this.observer?.watches(name)) this.observer.dropped(name, this.#revision)
    return table.count
  }

  changes(name: Key, since: number, limit: number): ChangePage | undefined {
    const table = this.#tables.get(name)
    if (table === undefined) {
      return since < this.#lastDrop ? undefined : { changes: [], upTo: this.#revision, complete: true }
    }
    this.#trim(table)
    return since < table.floor ? undefined : table.changes(since, limit, this.#revision)
  }

  stats(): EngineStats {
    let memoryBytes = 0
    for (const table of this.#tables.values()) memoryBytes += table.cells.reservedBytes
    return { entries: this.#entries(), tables: this.#tables.size, memoryBytes }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#tables.clear()
    this.#lastName = undefined
  }

  /** A table by its name: most calls in a row are for the same. */
  #table(name: Key): Table | undefined {
    if (name !== this.#lastName) {
      this.#lastName = name
      this.#last = this.#tables.get(name)
    }
    return this.#last
  }

  #open(name: Key): Table {
    let table = this.#table(name)
    if (table === undefined) {
      if (this.#closed) throw new Error('the store is closed')
      table = this.#last = new Table(this.#lastDrop)
      this.#tables.set(name, table)
    }
    return table
  }

  #delete(name: Key, key: Key, revision: number): Entry | undefined {
    const table = this.#tables.get(name)
    const previous = table?.deleteKey(key, revision)
    if (table === undefined || previous === undefined) return undefined
    table.tombstoneLog.push({ cell: table.findKey(key), revision, seconds: this.#clock() })
    if (table.tombstones > this.#maxTombstones) this.#trim(table)
    if (table.tombstoneLog.length > 2 * table.tombstones + 1024) table.sweep()
    return previous
  }

  /** Forgets the tombstones that are too many or too old. */
  #trim(table: Table): void {
    const oldest = this.#clock() - this.#tombstoneSeconds
    for (; table.tombstoneHead < table.tombstoneLog.length; table.tombstoneHead++) {
      const tombstone = table.tombstoneLog[table.tombstoneHead]!
      if (!table.isCurrent(tombstone)) continue
      if (table.tombstones <= this.#maxTombstones && tombstone.seconds > oldest) break
      table.forget(tombstone.cell)
      table.floor = Math.max(table.floor, tombstone.revision)
    }
  }

  #entries(): number {
    let count = 0
    for (const table of this.#tables.values()) count += table.count
    return count
  }
}

function later(a: Key | undefined, b: Key | undefined): Key | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a
}

function earlier(a: Key | undefined, b: Key | undefined): Key | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}
