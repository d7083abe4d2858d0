// The index `key -> cell` of one table, by the bytes of the key: an open-addressed table in a few typed arrays.
// A full part splits in two by itself, so no write ever waits for the whole table to be laid out anew.
import { getRandomValues } from 'node:crypto'
import type { Cell, Cells } from './cells.ts'
import { longestKeyBytes } from './engine.ts'

/** Slots of the largest part; one that is fuller than three quarters splits. */
const largestPartSlots = 1 << 16
const smallestPartSlots = 8

/**
 * Multilinear hashing (Lemire, Kaser: Strongly universal string hashing is fast, 2013): a random factor for each
 * place, so nobody outside can choose keys that collide, and no step waits for the one before. Its upper 25 bits are
 * the good ones; nothing here uses others but to tell keys apart.
 */
const factors = new Int32Array(longestKeyBytes + 1)
getRandomValues(factors)

/** The hash of `bytes[start, end)`: 32 bits. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = Math.imul(factors[0]!, end - start)
  for (let at = start, place = 1; at < end; at++, place++) hash = (hash + Math.imul(factors[place]!, bytes[at]!)) | 0
  return hash
}

/** Where in a part of `mask + 1` slots the search for a hash begins: bits below those that choose the part. */
function home(hash: number, mask: number): number {
  return (hash >>> 7) & mask
}

/** Cells that `warm` found; it takes no more hashes than there is room. */
const warmCells = new Int32Array(256)

class Part {
  /** For each slot the hash and the cell, 0 where it is empty. */
  slots: Int32Array
  mask: number
  count = 0
  /** How many of the upper bits all its hashes share. */
  readonly depth: number

  constructor(depth: number, slots: number) {
    this.depth = depth
    this.slots = new Int32Array(2 * slots)
    this.mask = slots - 1
  }

  /** Puts a cell that is not there into the first empty slot. */
  add(hash: number, cell: Cell): void {
    const { slots, mask } = this
    let slot = home(hash, mask)
    while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask
    slots[2 * slot] = hash
    slots[2 * slot + 1] = cell
    this.count++
  }
}

export class HashIndex {
  /** Cells in the index. */
  size = 0
  readonly cells: Cells
  /** Parts by the upper bits of the hash; a part that shares fewer of them stands several times. */
  #parts: Part[] = [new Part(0, smallestPartSlots)]
  /** 31 less the number of those bits. */
  #shift = 31
  /** A sum of what `warm` read: kept, or the compiler might see that nobody needs it. */
  #warmed = 0
  /** Where `find` found the last cell. */
  #foundPart: Part = this.#parts[0]!
  #foundSlot = 0

  constructor(cells: Cells) {
    this.cells = cells
  }

  /** The cell of the key `bytes[start, end)`, whose hash is given; 0 where there is none. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): Cell {
    // Two shifts, because one by 32 would be none.
    const part = this.#parts[(hash >>> 1) >>> this.#shift]!
    const { slots, mask } = part
    const length = end - start
    for (let slot = home(hash, mask); ; slot = (slot + 1) & mask) {
      const cell = slots[2 * slot + 1]!
      if (cell === 0) return 0
      if (slots[2 * slot] === hash && this.cells.hasKey(cell, bytes, start, length)) {
        this.#foundPart = part
        this.#foundSlot = slot
        return cell
      }
    }
  }

  /**
   * Reads the first slot of each of `count` hashes, one after another without waiting for any, and then the cells that
   * `find` will find.
   */
  warm(hashes: Int32Array, count: number): void {
    const parts = this.#parts
    const shift = this.#shift
    let sum = 0
    for (let at = 0; at < count; at++) {
      const hash = hashes[at]!
      const { slots, mask } = parts[(hash >>> 1) >>> shift]!
      sum += slots[2 * home(hash, mask)]!
    }
    for (let at = 0; at < count; at++) {
      const hash = hashes[at]!
      const { slots, mask } = parts[(hash >>> 1) >>> shift]!
      let slot = home(hash, mask)
      while (slots[2 * slot] !== hash && slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask
      warmCells[at] = slots[2 * slot + 1]!
    }
    for (let at = 0; at < count; at++) sum += this.cells.touch(warmCells[at]!)
    this.#warmed = (this.#warmed + sum) | 0
  }

  /** Puts another cell in place of the one just found, whose key is the same. */
  replace(cell: Cell): void {
    this.#foundPart.slots[2 * this.#foundSlot + 1] = cell
  }

  /** Adds a cell whose key is not in the index. */
  insert(hash: number, cell: Cell): void {
    let part = this.#parts[(hash >>> 1) >>> this.#shift]!
    while (4 * (part.count + 1) > 3 * (part.mask + 1)) {
      if (part.mask + 1 < largestPartSlots) this.#widen(part)
      else this.#split(part, hash)
      part = this.#parts[(hash >>> 1) >>> this.#shift]!
    }
    part.add(hash, cell)
    this.size++
  }

  /** Takes out the cell just found, and moves those behind it up, so that no search ends too early. */
  remove(): void {
    const { slots, mask } = this.#foundPart
    let gap = this.#foundSlot
    for (let slot = (gap + 1) & mask; slots[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
      const distance = (slot - home(slots[2 * slot]!, mask)) & mask
      if (distance < ((slot - gap) & mask)) continue
      slots[2 * gap] = slots[2 * slot]!
      slots[2 * gap + 1] = slots[2 * slot + 1]!
      gap = slot
    }
    slots[2 * gap + 1] = 0
    this.#foundPart.count--
    this.size--
  }

  /**
   * Calls `visit` with what the `count` slots from `place` on hold; answers the place to go on from, -1 at the end.
   * What moves meanwhile may be passed over. The first place is 0.
   */
  visit(place: number, count: number, visit: (hash: number, cell: Cell) => void): number {
    const parts = this.#parts
    let at = Math.floor(place / largestPartSlots)
    let slot = place % largestPartSlots
    for (; at < parts.length; slot = 0) {
      const { slots, mask, depth } = parts[at]!
      for (; slot <= mask; slot++) {
        if (count-- === 0) return at * largestPartSlots + slot
        if (slots[2 * slot + 1] !== 0) visit(slots[2 * slot]!, slots[2 * slot + 1]!)
      }
      // A part that stands several times is visited once.
      at += 1 << (31 - this.#shift - depth)
    }
    return -1
  }

  #widen(part: Part): void {
    const { slots } = part
    const wider = new Part(part.depth, 2 * (part.mask + 1))
    for (let at = 0; at < slots.length; at += 2) if (slots[at + 1] !== 0) wider.add(slots[at]!, slots[at + 1]!)
    part.slots = wider.slots
    part.mask = wider.mask
  }

  /** Makes two parts of one, by one more bit of the hashes. */
  #split(part: Part, hash: number): void {
    if (part.depth === 31 - this.#shift) {
      this.#parts = this.#parts.flatMap((each) => [each, each])
      this.#shift--
    }
    const depth = part.depth + 1
    const halves = [new Part(depth, part.mask + 1), new Part(depth, part.mask + 1)] as const
    const { slots } = part
    for (let at = 0; at < slots.length; at += 2) {
      if (slots[at + 1] !== 0) halves[(slots[at]! >>> (32 - depth)) & 1]!.add(slots[at]!, slots[at + 1]!)
    }
    const each = 1 << (31 - this.#shift - depth)
    const first = ((hash >>> 1) >>> this.#shift) & ~(2 * each - 1)
    for (let index = 0; index < 2 * each; index++) this.#parts[first + index] = halves[index < each ? 0 : 1]
  }
}
