// Entries that LMDB holds, kept in memory because they were read or written lately: a look into LMDB takes as long as
// the rest of a get. A table has two generations; what is read goes to the young one, and when all young ones together
// reach half of the bound, they become the old ones and what was old is forgotten.
//
// What is cached is never older than LMDB: a write lies in an overlay above, and when LMDB has it, the overlay that
// brought it becomes the young generation itself. The young one is looked at first, and forgotten last.
import { type Cell, Cells, type View } from './cells.ts'
import { HashIndex } from './hash-index.ts'

/** Of the entries that were not there one in so many is taken, so that a scan of everything costs little. */
const admitOneIn = 4
/** Bytes of the index for each entry, about. */
const slotBytes = 16

/** The bound of all tables' caches together, and how well they do. */
export class CacheBound {
  hits = 0
  misses = 0
  readonly #maxBytes: number
  readonly #tables = new Set<TableCache>()

  /** `maxBytes` 0: nothing is cached. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get isOff(): boolean {
    return this.#maxBytes === 0
  }

  /** Bytes that all caches take. */
  get bytes(): number {
    let sum = 0
    for (const { youngBytes, oldBytes } of this.#tables) sum += youngBytes + oldBytes
    return sum
  }

  add(table: TableCache): void {
    this.#tables.add(table)
  }

  remove(table: TableCache): void {
    this.#tables.delete(table)
  }

  /** Called when a young generation has grown. */
  grown(): void {
    let young = 0
    for (const { youngBytes } of this.#tables) young += youngBytes
    if (2 * young > this.#maxBytes) for (const table of this.#tables) table.age()
  }

  /** Whether a generation of so many bytes may be young. */
  hasRoomFor(bytes: number): boolean {
    return 2 * bytes <= this.#maxBytes
  }
}

function bytesOf(generation: HashIndex | undefined): number {
  return generation === undefined ? 0 : generation.cells.reservedBytes + generation.size * slotBytes
}

export class TableCache {
  readonly #bound: CacheBound
  #young = new HashIndex(new Cells())
  #old: HashIndex | undefined
  #misses = 0
  /** What the young generation took when the bound was last asked. */
  #reserved = 0

  constructor(bound: CacheBound) {
    this.#bound = bound
    bound.add(this)
  }

  get youngBytes(): number {
    return bytesOf(this.#young)
  }

  get oldBytes(): number {
    return bytesOf(this.#old)
  }

  /** Looks a key up: 1 and the entry in `into`, -1 where it is known to be deleted, 0 where nothing is known. */
  find(key: Uint8Array, start: number, end: number, hash: number, into: View): -1 | 0 | 1 {
    if (this.#bound.isOff) return 0
    const young = this.#young
    const cell = young.find(hash, key, start, end)
    if (cell !== 0) return this.#hit(young.cells, cell, into)
    const old = this.#old
    const oldCell = old === undefined ? 0 : old.find(hash, key, start, end)
    if (oldCell === 0) {
      this.#bound.misses++
      return 0
    }
    const found = this.#hit(old!.cells, oldCell, into)
    if (found === 1) this.#keep(key, start, end, hash, into)
    return found
  }

  /** Offers an entry that LMDB has just answered. */
  offer(key: Uint8Array, start: number, end: number, hash: number, entry: View): void {
    if (!this.#bound.isOff && ++this.#misses % admitOneIn === 0) this.#keep(key, start, end, hash, entry)
  }

  /** Takes the entries of an overlay that LMDB now holds: they are the latest. */
  takeOver(overlay: HashIndex): void {
    this.#old = this.#young
    this.#young = overlay
    // Without the overlay what was cached before is out of date.
    if (!this.#bound.hasRoomFor(bytesOf(overlay))) this.#forget()
    this.#bound.grown()
  }

  /** The young generation becomes the old one. */
  age(): void {
    this.#old = this.#young
    this.#young = new HashIndex(new Cells())
    this.#reserved = 0
  }

  /** Touches what looking up the first `count` hashes will read. */
  warm(hashes: Int32Array, count: number): void {
    if (this.#young.size > 0) this.#young.warm(hashes, count)
  }

  /** The table is gone. */
  dispose(): void {
    this.#bound.remove(this)
    this.#forget()
  }

  #hit(cells: Cells, cell: Cell, into: View): -1 | 1 {
    this.#bound.hits++
    if (cells.isDeleted(cell)) return -1
    cells.view(cell, into)
    return 1
  }

  #keep(key: Uint8Array, start: number, end: number, hash: number, entry: View): void {
    const young = this.#young
    const { cells } = young
    young.insert(hash, cells.make(key, start, end, entry.bytes, entry.start, entry.end, entry.revision))
    if (cells.reservedBytes === this.#reserved) return
    this.#reserved = cells.reservedBytes
    this.#bound.grown()
  }

  #forget(): void {
    this.#old = undefined
    this.#young = new HashIndex(new Cells())
    this.#reserved = 0
  }
}
