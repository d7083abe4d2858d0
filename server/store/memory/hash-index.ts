// The index `key -> cell` of one table, by the bytes of the key: an open-addressed table in a few typed arrays.
// A full part splits in two by itself, so no write ever waits for the whole table to be laid out anew. Parts lie side
// by side in arrays, each much larger than the one before, so that most parts of a large index lie in one or two.
import type { Cell, Cells } from './cells.ts'
import { mostPrefetched, prefetch, readWords } from './prefetch.ts'

/** Slots of a part, where there are several; one that is fuller than three quarters splits. */
const partSlots = 1 << 16
const partWordBits = 17
const partWords = 2 * partSlots
/** Slots of an index without entries: its one part grows until it is as large as that. */
const fewestSlots = 8

/** Where in a part of `mask + 1` slots the search for a hash begins: bits below those that choose the part. */
function home(hash: number, mask: number): number {
  return (hash >>> 7) & mask
}

/** Places in an array, which are words, are numbers of 31 bits. */
const mostParts = 2 ** (31 - partWordBits)

/** The number of the array that a part lies in: four times as large as the one before. */
function arrayOf(part: number): number {
  return (33 - Math.clz32(part)) >> 1
}

/** Cells that `warm` found; it takes no more hashes than there is room. */
const warmCells = new Int32Array(mostPrefetched)

export class HashIndex {
  /** Cells in the index. */
  size = 0
  readonly cells: Cells
  /** Parts by the upper bits of the hash; a part that shares fewer of them stands several times. */
  #parts = new Int32Array(1)
  /** 31 less the number of those bits. */
  #shift = 31
  /** Slots of a part, less one. */
  #mask = fewestSlots - 1
  /** For each slot the hash and the cell, 0 where it is empty. */
  readonly #arrays = [new Int32Array(2 * fewestSlots)]
  /** For each part its cells, and how many of the upper bits all its hashes share. */
  readonly #counts = [0]
  readonly #depths = [0]
  /** A sum of what `warm` read: kept, or the compiler might see that nobody needs it. */
  #warmed = 0
  /** Where `find` found the last cell. */
  #foundPart = 0
  #foundSlot = 0

  constructor(cells: Cells) {
    this.cells = cells
  }

  /** The cell of the key `bytes[start, end)`, whose hash is given; 0 where there is none. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): Cell {
    const part = this.#partOf(hash)
    const slots = this.#arrays[arrayOf(part)]!
    const begin = part << partWordBits
    const mask = this.#mask
    const length = end - start
    for (let slot = home(hash, mask); ; slot = (slot + 1) & mask) {
      const cell = slots[begin + 2 * slot + 1]!
      if (cell === 0) return 0
      if (slots[begin + 2 * slot] === hash && this.cells.hasKey(cell, bytes, start, length)) {
        this.#foundPart = part
        this.#foundSlot = slot
        return cell
      }
    }
  }

  /**
   * Reads the first slot of each of `count` hashes, one after another without waiting for any, and then the cells that
   * `find` will find. Returns how many hashes it does not have, which are the first of `hashes` now.
   */
  warm(hashes: Int32Array, count: number): number {
    const mask = this.#mask
    for (let at = 0; at < count; at++) {
      const hash = hashes[at]!
      const part = this.#partOf(hash)
      prefetch.add(arrayOf(part), (part << partWordBits) + 2 * home(hash, mask))
    }
    let sum = prefetch.read(this.#arrays, readWords)
    let found = 0
    let left = 0
    for (let at = 0; at < count; at++) {
      const cell = this.#probable(hashes[at]!)
      if (cell !== 0) warmCells[found++] = cell
      else hashes[left++] = hashes[at]!
    }
    if (found > 0) sum ^= this.cells.prefetch(warmCells, found)
    this.#warmed ^= sum
    return left
  }

  /** Puts another cell in place of the one just found, whose key is the same. */
  replace(cell: Cell): void {
    const part = this.#foundPart
    this.#arrays[arrayOf(part)]![(part << partWordBits) + 2 * this.#foundSlot + 1] = cell
  }

  /** Adds a cell whose key is not in the index. */
  insert(hash: number, cell: Cell): void {
    let part = this.#partOf(hash)
    while (4 * (this.#counts[part]! + 1) > 3 * (this.#mask + 1)) {
      if (this.#mask + 1 < partSlots) this.#widen()
      else this.#split(part, hash)
      part = this.#partOf(hash)
    }
    this.#add(part, hash, cell)
    this.size++
  }

  /** Takes out the cell just found, and moves those behind it up, so that no search ends too early. */
  remove(): void {
    const part = this.#foundPart
    const slots = this.#arrays[arrayOf(part)]!
    const begin = part << partWordBits
    const mask = this.#mask
    let gap = this.#foundSlot
    for (let slot = (gap + 1) & mask; slots[begin + 2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
      const distance = (slot - home(slots[begin + 2 * slot]!, mask)) & mask
      if (distance < ((slot - gap) & mask)) continue
      slots[begin + 2 * gap] = slots[begin + 2 * slot]!
      slots[begin + 2 * gap + 1] = slots[begin + 2 * slot + 1]!
      gap = slot
    }
    slots[begin + 2 * gap + 1] = 0
    this.#counts[part]!--
    this.size--
  }

  /**
   * Calls `visit` with what the `count` slots from `place` on hold; returns the place to go on from, -1 at the end.
   * What moves meanwhile may be passed over. The first place is 0.
   */
  visit(place: number, count: number, visit: (hash: number, cell: Cell) => void): number {
    let part = Math.floor(place / partSlots)
    let slot = place % partSlots
    for (; part < this.#counts.length; part++, slot = 0) {
      const slots = this.#arrays[arrayOf(part)]!
      const begin = part << partWordBits
      for (; slot <= this.#mask; slot++) {
        if (count-- === 0) return part * partSlots + slot
        const cell = slots[begin + 2 * slot + 1]!
        if (cell !== 0) visit(slots[begin + 2 * slot]!, cell)
      }
    }
    return -1
  }

  #partOf(hash: number): number {
    // Two shifts, because one by 32 would be none.
    return this.#parts[(hash >>> 1) >>> this.#shift]!
  }

  /** The first cell with this hash, or 0. */
  #probable(hash: number): Cell {
    const part = this.#partOf(hash)
    const slots = this.#arrays[arrayOf(part)]!
    const begin = part << partWordBits
    const mask = this.#mask
    let slot = home(hash, mask)
    while (slots[begin + 2 * slot] !== hash && slots[begin + 2 * slot + 1] !== 0) slot = (slot + 1) & mask
    return slots[begin + 2 * slot + 1]!
  }

  /** Puts a cell that is not there into the first empty slot. */
  #add(part: number, hash: number, cell: Cell): void {
    const slots = this.#arrays[arrayOf(part)]!
    const begin = part << partWordBits
    const mask = this.#mask
    let slot = home(hash, mask)
    while (slots[begin + 2 * slot + 1] !== 0) slot = (slot + 1) & mask
    slots[begin + 2 * slot] = hash
    slots[begin + 2 * slot + 1] = cell
    this.#counts[part]!++
  }

  /** Doubles the slots of the only part. */
  #widen(): void {
    const slots = this.#arrays[0]!
    this.#arrays[0] = new Int32Array(2 * slots.length)
    this.#mask = slots.length - 1
    this.#counts[0] = 0
    for (let at = 0; at < slots.length; at += 2) if (slots[at + 1] !== 0) this.#add(0, slots[at]!, slots[at + 1]!)
  }

  /** Makes two parts of one, by one more bit of the hashes. */
  #split(part: number, hash: number): void {
    if (this.#depths[part] === 31 - this.#shift) {
      this.#parts = Int32Array.from({ length: 2 * this.#parts.length }, (_, at) => this.#parts[at >> 1]!)
      this.#shift--
    }
    const depth = this.#depths[part]! + 1
    const other = this.#counts.length
    if (other === mostParts) throw new RangeError(`A table's index takes no more than ${mostParts} parts`)
    // The first quarter, whose parts lie in the arrays before, is never written, and takes room as an address only.
    if (this.#arrays.length === arrayOf(other)) this.#arrays.push(new Int32Array(4 * other * partWords))
    this.#depths[part] = this.#depths[other] = depth
    this.#counts[part] = this.#counts[other] = 0
    const whole = this.#arrays[arrayOf(part)]!.subarray(part << partWordBits, (part << partWordBits) + partWords)
    const slots = whole.slice()
    whole.fill(0)
    for (let at = 0; at < partWords; at += 2) {
      const half = (slots[at]! >>> (32 - depth)) & 1 ? other : part
      if (slots[at + 1] !== 0) this.#add(half, slots[at]!, slots[at + 1]!)
    }
    const each = 1 << (31 - this.#shift - depth)
    const first = ((hash >>> 1) >>> this.#shift) & ~(2 * each - 1)
    this.#parts.fill(other, first + each, first + 2 * each)
  }
}
