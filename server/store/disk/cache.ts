// Entries that LMDB holds, kept in memory because they were read or written lately: a look into LMDB takes as long as
// the rest of a get. A table has two generations; what is read goes to the young one, and when all young ones together
// reach half of the bound, they become the old ones and what was old is forgotten.
//
// What is cached is never older than LMDB: it lets go of an entry when that is written above, in an overlay, and gets
// the new one with that overlay when LMDB has it. Entries move over from there a few with each look-up, as many small
// overlays make one generation; and whatever has not moved when the next overlay comes is only not cached.
import { type Cell, Cells, type View } from '../memory/cells.ts'
import { HashIndex } from '../memory/hash-index.ts'

/** Once the bound was reached, of the entries that were not there one in so many is taken: a scan costs little. */
const admitOneIn = 4
/** Slots of an overlay that each look-up moves. About every second holds an entry, so a set of a new key keeps up. */
const slotsMoved = 8
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
    for (const { youngBytes, oldBytes, movingBytes } of this.#tables) sum += youngBytes + oldBytes + movingBytes
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
    for (const { youngBytes, movingBytes } of this.#tables) young += youngBytes + movingBytes
    if (2 * young > this.#maxBytes) for (const table of this.#tables) table.age()
  }

  /** Whether an overlay of so many bytes may be added to those that move: they never take more than half of a young generation. */
  hasRoomFor(bytes: number): boolean {
    for (const { movingBytes } of this.#tables) bytes += movingBytes
    return 4 * bytes <= this.#maxBytes
  }
}

function bytesOf(generation: HashIndex | undefined): number {
  return generation === undefined ? 0 : generation.cells.reservedBytes + generation.size * slotBytes
}

export class TableCache {
  readonly #bound: CacheBound
  #young = new HashIndex(new Cells())
  #old: HashIndex | undefined
  /** An overlay whose entries are on their way to the young generation, and the place that is next. */
  #moving: HashIndex | undefined
  #place = 0
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

  get movingBytes(): number {
    return bytesOf(this.#moving)
  }

  /** Looks a key up; returns whether it is there, and then the entry is in `into`. */
  find(key: Uint8Array, start: number, end: number, hash: number, into: View): boolean {
    if (this.#bound.isOff) return false
    if (this.#moving !== undefined) this.#move()
    const young = this.#young
    const cell = young.find(hash, key, start, end)
    if (cell !== 0) return this.#hit(young, cell, into)
    return this.#findBelow(key, start, end, hash, into)
  }

  /** As `find`, and forgets the entry, as it is written above: it can be read until the next call. */
  take(key: Uint8Array, start: number, end: number, hash: number, into: View): boolean {
    if (!this.find(key, start, end, hash, into)) return false
    for (const layer of [this.#young, this.#old, this.#moving]) {
      const cell = layer?.find(hash, key, start, end) ?? 0
      if (cell === 0) continue
      layer!.remove()
      layer!.cells.free(cell)
    }
    return true
  }

  /** Offers an entry that was just read from LMDB. */
  offer(key: Uint8Array, start: number, end: number, hash: number, entry: View): void {
    if (this.#bound.isOff || (this.#old !== undefined && ++this.#misses % admitOneIn !== 0)) return
    const { cells } = this.#young
    this.#keep(hash, cells.make(key, start, end, entry.bytes, entry.start, entry.end, entry.revision))
  }

  /** Takes the current entries of an overlay that LMDB now holds; nothing else may use it any more. */
  takeOver(overlay: HashIndex): void {
    this.#moving = undefined
    if (this.#bound.isOff || !this.#bound.hasRoomFor(bytesOf(overlay))) return
    this.#moving = overlay
    this.#place = 0
  }

  /** The young generation becomes the old one. */
  age(): void {
    this.#old = this.#young
    this.#young = new HashIndex(new Cells())
    this.#reserved = 0
  }

  /** Prefetches what looking up the first `count` hashes will read; puts those first that are not here, and counts them. */
  warm(hashes: Int32Array, count: number): number {
    if (this.#young.size > 0) count = this.#young.warm(hashes, count)
    return this.#old === undefined ? count : this.#old.warm(hashes, count)
  }

  /** Counts a look-up that had to be made in LMDB. */
  missed(): void {
    this.#bound.misses++
  }

  /** The table is gone. */
  dispose(): void {
    this.#bound.remove(this)
    this.#old = this.#moving = undefined
    this.#young = new HashIndex(new Cells())
  }

  #findBelow(key: Uint8Array, start: number, end: number, hash: number, into: View): boolean {
    const old = this.#old
    const moving = this.#moving
    const cell = old === undefined ? 0 : old.find(hash, key, start, end)
    if (cell !== 0) {
      this.#keep(hash, this.#young.cells.copy(old!.cells, cell))
      return this.#hit(old!, cell, into)
    }
    const moved = moving === undefined ? 0 : moving.find(hash, key, start, end)
    return moved !== 0 && moving!.cells.isCurrent(moved) && this.#hit(moving!, moved, into)
  }

  #hit({ cells }: HashIndex, cell: Cell, into: View): true {
    this.#bound.hits++
    cells.view(cell, into)
    return true
  }

  /** Adds a cell that has just been made in the young generation. */
  #keep(hash: number, cell: Cell): void {
    const young = this.#young
    young.insert(hash, cell)
    if (young.cells.reservedBytes === this.#reserved) return
    this.#reserved = young.cells.reservedBytes
    this.#bound.grown()
  }

  /** Moves the next few entries. */
  #move(): void {
    const { cells } = this.#moving!
    this.#place = this.#moving!.visit(this.#place, slotsMoved, (hash, cell) => {
      if (cells.isCurrent(cell)) this.#keep(hash, this.#young.cells.copy(cells, cell))
    })
    if (this.#place < 0) this.#moving = undefined
  }
}
