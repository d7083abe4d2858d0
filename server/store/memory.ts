// The engine that keeps nothing: all tables in memory, every write as safe as it will ever be.
import { randomBytes } from 'node:crypto'
import type {
  ChangePage,
  Engine,
  EngineEvents,
  EngineStats,
  Entry,
  Key,
  RangeEntry,
  RangePage,
  RangeQuery,
  TableStats,
  Write,
} from './engine.ts'
import { MemoryTable, type Node, valueOf } from './table.ts'

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

interface Grave {
  readonly node: Node
  readonly revision: number
  readonly seconds: number
}

class Table extends MemoryTable {
  /** `changes` after an older revision than this is not known. */
  floor: number
  /** Tombstones in the order of their making; those written over since are passed when their turn comes. */
  graves: Grave[] = []
  graveHead = 0

  constructor(floor: number) {
    super()
    this.floor = floor
  }

  /** Whether the tombstone is still there, as it was made. */
  stands({ node, revision }: Grave): boolean {
    return node.deleted && node.revision === revision && this.nodes.get(node.key) === node
  }

  /** Lets go of the graves that nothing stands on any more. */
  sweep(): void {
    this.graves = this.graves.filter((grave, index) => index >= this.graveHead && this.stands(grave))
    this.graveHead = 0
  }
}

export class MemoryEngine implements Engine {
  readonly kind = 'memory'
  readonly durability = 'volatile'
  readonly epoch = randomBytes(16).toString('hex')
  readonly events: EngineEvents = {}
  revision = 0
  readonly #tables = new Map<Key, Table>()
  readonly #maxTombstones: number
  readonly #tombstoneSeconds: number
  readonly #clock: () => number
  /** Revision of the last drop: of a table that does not exist, nothing older is known. */
  #lastDrop = 0
  #closed = false

  constructor(options: MemoryOptions = {}) {
    this.#maxTombstones = options.maxTombstones ?? 100_000
    this.#tombstoneSeconds = options.tombstoneSeconds ?? 3600
    this.#clock = options.clock ?? (() => performance.now() / 1000)
  }

  get safeRevision(): number {
    return this.revision
  }

  whenSafe(_revision: number, callback: (error?: Error) => void): void {
    queueMicrotask(callback)
  }

  pressure(): undefined {
    return undefined
  }

  get(table: Key, key: Key): Entry | undefined {
    return this.#tables.get(table)?.get(key)
  }

  set(table: Key, key: Key, bytes: Uint8Array, start: number, end: number): Entry | undefined {
    return this.#open(table).set(key, bytes, start, end, ++this.revision)
  }

  delete(name: Key, key: Key): Entry | undefined {
    const table = this.#tables.get(name)
    if (table?.get(key) === undefined) return undefined
    return this.#delete(table, key, ++this.revision)
  }

  apply(writes: readonly Write[]): (Entry | undefined)[] {
    const revision = this.revision + 1
    const previous = writes.map(({ table: name, key, value }) => {
      const before =
        value === undefined
          ? this.#deleteIn(name, key, revision)
          : this.#open(name).set(key, value, 0, value.length, revision)
      if (value !== undefined || before !== undefined) this.revision = revision
      return before && copyOf(before)
    })
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
      const node = table.nodes.get(key)!
      const value = query.keysOnly ? new Uint8Array(0) : valueOf(node)
      entries.push({ key, value, revision: node.revision })
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
    this.#lastDrop = ++this.revision
    return table.count
  }

  dropAll(): number {
    const count = this.#entries()
    if (this.#tables.size > 0) this.#lastDrop = ++this.revision
    this.#tables.clear()
    return count
  }

  changes(name: Key, since: number, limit: number): ChangePage | undefined {
    const table = this.#tables.get(name)
    if (table === undefined) {
      return since < this.#lastDrop ? undefined : { changes: [], upTo: this.revision, complete: true }
    }
    this.#trim(table)
    return since < table.floor ? undefined : table.changes(since, limit, this.revision)
  }

  stats(): EngineStats {
    let memoryBytes = 0
    for (const table of this.#tables.values()) memoryBytes += table.slab.reservedBytes
    return {
      entries: this.#entries(),
      tables: this.#tables.size,
      diskBytes: 0,
      memoryBytes,
      logBytes: 0,
      reclaiming: 0,
      checkpoints: 0,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#tables.clear()
  }

  #open(name: Key): Table {
    let table = this.#tables.get(name)
    if (table === undefined) {
      if (this.#closed) throw new Error('the store is closed')
      table = new Table(this.#lastDrop)
      this.#tables.set(name, table)
    }
    return table
  }

  #deleteIn(name: Key, key: Key, revision: number): Entry | undefined {
    const table = this.#tables.get(name)
    return table?.get(key) === undefined ? undefined : this.#delete(table, key, revision)
  }

  #delete(table: Table, key: Key, revision: number): Entry | undefined {
    const previous = table.delete(key, revision)
    table.graves.push({ node: table.nodes.get(key)!, revision, seconds: this.#clock() })
    if (table.tombstones > this.#maxTombstones) this.#trim(table)
    if (table.graves.length > 2 * table.tombstones + 1024) table.sweep()
    return previous
  }

  /** Forgets the tombstones that are too many or too old. */
  #trim(table: Table): void {
    const oldest = this.#clock() - this.#tombstoneSeconds
    for (; table.graveHead < table.graves.length; table.graveHead++) {
      const grave = table.graves[table.graveHead]!
      if (!table.stands(grave)) continue
      if (table.tombstones <= this.#maxTombstones && grave.seconds > oldest) break
      table.forget(grave.node)
      table.floor = Math.max(table.floor, grave.revision)
    }
  }

  #entries(): number {
    let count = 0
    for (const table of this.#tables.values()) count += table.count
    return count
  }
}

function copyOf(entry: Entry): Entry {
  const bytes = valueOf(entry)
  return { bytes, start: 0, end: bytes.length, revision: entry.revision }
}

function later(a: Key | undefined, b: Key | undefined): Key | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a
}

function earlier(a: Key | undefined, b: Key | undefined): Key | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}
