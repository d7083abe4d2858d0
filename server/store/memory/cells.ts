// Memory for the entries of one table. An entry lies in one cell of a large buffer, its head, key and value side by
// side, so that finding and reading it touches neighbouring bytes: at 100,000 entries an object, a string and a slot
// for each cost a miss of the caches each, and those were a third of a get. Each buffer is much larger than the one
// before, so that most cells of a table of any size lie in one or two, and a loop over one reads at full speed.
//
//   cell   0 f64 revision   8 u32 key bytes and flags   12 u32 value bytes   16 u32 place in the revision index
//          20 u32 number of a value that lies elsewhere   24 key, value
//
// A cell's size is its class; freed cells are used again by entries of their class. A class takes fresh cells from a
// span of the last buffer.
import { copyOf, copyViewed, equalViewed, noBytes, shortCopyOf, viewOf, viewOn } from '../bytes/copy.ts'
import { readKey } from '../bytes/latin1.ts'
import type { Key } from '../engine.ts'
import { prefetch, readLines } from './prefetch.ts'

/** Which cell: its buffer's number, and in it the unit of 16 bytes where it begins. 0 is none. */
export type Cell = number

const unitBytes = 16
const chunkBits = 26
const chunkUnits = 1 << chunkBits
/** Memory that was not written yet takes room in the address space only. */
const largestChunkBytes = chunkUnits * unitBytes
const smallestChunkBytes = 4096
/** A buffer after one of less than this is twice as large as that, after others four times. */
const smallChunkBytes = 1 << 20
const mostChunks = 2 ** (32 - chunkBits)
const largestSpanBytes = 1 << 18
const smallestSpanBytes = 1024

const headBytes = 24
const keyWord = 2
const valueWord = 3
const placeWord = 4
const largeWord = 5
const deletedFlag = 1 << 30
const supersededFlag = 1 << 29
const keyMask = 0xffff

/** Cells above this hold the key alone, and the value has a buffer of its own: then its header does not matter. */
const largestCellBytes = 8192

/** Cell sizes: steps of 16 to 256, then four sizes to each doubling, so that at most a fifth of a large one is lost. */
const cellBytes: number[] = []
for (let size = 16; size < 256; size += 16) cellBytes.push(size)
for (let size = 256; size < largestCellBytes; size *= 2) {
  for (let quarter = 0; quarter < 4; quarter++) cellBytes.push(size + (size / 4) * quarter)
}
cellBytes.push(largestCellBytes)

/** Class of a length in units, rounded up. */
const classOf = new Uint8Array(largestCellBytes / unitBytes + 1)
for (let units = 0, index = 0; units < classOf.length; units++) {
  if (units * unitBytes > cellBytes[index]!) index++
  classOf[units] = index
}

/** Where the fresh cells of a class come from. */
interface SizeClass {
  /** Number of the buffer that its span is in. */
  chunk: number
  /** Where the next fresh cell begins, and the end of the span. */
  fresh: number
  end: number
  spanBytes: number
  readonly free: Cell[]
}

/** Where a value lies, and the revision of its entry. */
export interface View {
  bytes: Uint8Array
  data: DataView
  start: number
  end: number
  revision: number
}

export class Cells {
  /** Bytes of spans and of large values. */
  reservedBytes = 0
  /** Where the next span of the last buffer begins. */
  #fresh = 0
  readonly #bytes: Buffer[] = []
  readonly #data: DataView[] = []
  readonly #words: Int32Array[] = []
  readonly #doubles: Float64Array[] = []
  /** Made when their first cell is: most tables have entries of a few sizes. */
  readonly #classes: (SizeClass | undefined)[] = []
  readonly #large: Uint8Array[] = [noBytes]
  readonly #freeLarge: number[] = []

  /** Puts a copy of a key and a value into a cell, which is in no index yet. */
  make(
    keyBytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    start: number,
    end: number,
    revision: number,
  ): Cell {
    const keyLength = keyEnd - keyStart
    const length = end - start
    const inside = headBytes + keyLength + length <= largestCellBytes
    const cell = this.#take(headBytes + keyLength + (inside ? length : 0))
    const chunk = cell >>> chunkBits
    const words = this.#words[chunk]!
    const bytes = this.#bytes[chunk]!
    const unit = cell & (chunkUnits - 1)
    const word = unit << 2
    const at = (unit << 4) + headBytes
    this.#doubles[chunk]![unit << 1] = revision
    words[word + keyWord] = keyLength
    words[word + valueWord] = length
    words[word + largeWord] = inside ? 0 : this.#holdLarge(copyOf(value, start, end))
    const data = this.#data[chunk]!
    copyViewed(keyBytes, viewOf(keyBytes), keyStart, keyEnd, bytes, data, at)
    if (inside) copyViewed(value, viewOf(value), start, end, bytes, data, at + keyLength)
    return cell
  }

  /** Whether the cell of an entry, not of a tombstone, is of the class that a value of so many bytes would need. */
  hasRoomFor(cell: Cell, length: number): boolean {
    const words = this.#words[cell >>> chunkBits]!
    const word = (cell & (chunkUnits - 1)) << 2
    const key = words[word + keyWord]!
    if (key > keyMask || words[word + largeWord] !== 0) return false
    const head = headBytes + key + unitBytes - 1
    if (head + length >= largestCellBytes) return false
    return classOf[(head + words[word + valueWord]!) >> 4] === classOf[(head + length) >> 4]
  }

  /**
   * Puts a copy of another value into a cell that has room for it, and returns a copy of the one before, which stays
   * until the next call: a fifth cheaper than another cell (`npm run bench -- commands`, `hset`).
   */
  rewrite(cell: Cell, value: Uint8Array, start: number, end: number, revision: number): View {
    const chunk = cell >>> chunkBits
    const unit = cell & (chunkUnits - 1)
    const words = this.#words[chunk]!
    const doubles = this.#doubles[chunk]!
    const bytes = this.#bytes[chunk]!
    const data = this.#data[chunk]!
    const word = unit << 2
    const at = (unit << 4) + headBytes + words[word + keyWord]!
    replaced.end = words[word + valueWord]!
    replaced.revision = doubles[unit << 1]!
    copyViewed(bytes, data, at, at + replaced.end, replaced.bytes, replacedData, 0)
    words[word + valueWord] = end - start
    doubles[unit << 1] = revision
    copyViewed(value, viewOf(value), start, end, bytes, data, at)
    return replaced
  }

  /** Puts a tombstone for a key into a cell. */
  makeDeleted(keyBytes: Uint8Array, keyStart: number, keyEnd: number, revision: number): Cell {
    const cell = this.make(keyBytes, keyStart, keyEnd, noBytes, 0, 0, revision)
    this.#words[cell >>> chunkBits]![((cell & (chunkUnits - 1)) << 2) + keyWord]! |= deletedFlag
    return cell
  }

  /** Puts a copy of another table's cell, which is a current entry, into a cell; a large value is shared. */
  copy(from: Cells, cell: Cell): Cell {
    const source = from.#words[cell >>> chunkBits]!
    const start = (cell & (chunkUnits - 1)) << 2
    const large = source[start + largeWord]!
    const length = headBytes + (source[start + keyWord]! & keyMask) + (large === 0 ? source[start + valueWord]! : 0)
    const copied = this.#take(length)
    const words = this.#words[copied >>> chunkBits]!
    const at = (copied & (chunkUnits - 1)) << 2
    for (let word = (length + 3) >> 2; --word >= 0; ) words[at + word] = source[start + word]!
    if (large !== 0) words[at + largeWord] = this.#holdLarge(from.#large[large]!)
    return copied
  }

  /** Gives a cell back. Its bytes stay as they are until the next `make`. */
  free(cell: Cell): void {
    const words = this.#words[cell >>> chunkBits]!
    const word = (cell & (chunkUnits - 1)) << 2
    const keyLength = words[word + keyWord]! & keyMask
    const large = words[word + largeWord]!
    if (large !== 0) {
      this.reservedBytes -= this.#large[large]!.length
      this.#large[large] = noBytes
      this.#freeLarge.push(large)
    }
    const length = headBytes + keyLength + (large !== 0 ? 0 : words[word + valueWord]!)
    words[word + keyWord] = 0
    this.#class(classOf[(length + unitBytes - 1) >> 4]!).free.push(cell)
  }

  /** Reads a word of each line of memory that small entries in these cells take; returns a number that nobody needs. */
  prefetch(cells: Int32Array, count: number): number {
    for (let at = 0; at < count; at++) {
      const cell = cells[at]!
      prefetch.add(cell >>> chunkBits, (cell & (chunkUnits - 1)) << 2)
    }
    return prefetch.read(this.#words, readLines)
  }

  /** Whether the cell's key is `bytes[start, start + length)`. */
  hasKey(cell: Cell, bytes: Uint8Array, start: number, length: number): boolean {
    const chunk = cell >>> chunkBits
    const unit = cell & (chunkUnits - 1)
    if ((this.#words[chunk]![(unit << 2) + keyWord]! & keyMask) !== length) return false
    return equalViewed(
      this.#bytes[chunk]!,
      this.#data[chunk]!,
      (unit << 4) + headBytes,
      bytes,
      viewOf(bytes),
      start,
      length,
    )
  }

  /** Fills in where the cell's value lies, and its revision. */
  view(cell: Cell, into: View): View {
    const chunk = cell >>> chunkBits
    const unit = cell & (chunkUnits - 1)
    const words = this.#words[chunk]!
    const word = unit << 2
    const length = words[word + valueWord]!
    const large = words[word + largeWord]!
    into.revision = this.#doubles[chunk]![unit << 1]!
    if (large === 0) {
      into.bytes = this.#bytes[chunk]!
      into.data = this.#data[chunk]!
      into.start = (unit << 4) + headBytes + (words[word + keyWord]! & keyMask)
    } else {
      into.bytes = this.#large[large]!
      into.data = viewOf(into.bytes)
      into.start = 0
    }
    into.end = into.start + length
    return into
  }

  /** A copy of the cell's value, to be used up soon. */
  value(cell: Cell): Uint8Array {
    const { bytes, start, end } = this.view(cell, scratchView)
    return shortCopyOf(bytes, start, end)
  }

  /** The key as a binary string. */
  key(cell: Cell): Key {
    const chunk = cell >>> chunkBits
    const unit = cell & (chunkUnits - 1)
    const at = (unit << 4) + headBytes
    return readKey(this.#bytes[chunk]!, at, at + (this.#words[chunk]![(unit << 2) + keyWord]! & keyMask))
  }

  revision(cell: Cell): number {
    return this.#doubles[cell >>> chunkBits]![(cell & (chunkUnits - 1)) << 1]!
  }

  valueBytes(cell: Cell): number {
    return this.#words[cell >>> chunkBits]![((cell & (chunkUnits - 1)) << 2) + valueWord]!
  }

  /** Whether it is a tombstone. */
  isDeleted(cell: Cell): boolean {
    return (this.#words[cell >>> chunkBits]![((cell & (chunkUnits - 1)) << 2) + keyWord]! & deletedFlag) !== 0
  }

  /** Notes that its key was written since in another table that lies over this one. */
  supersede(cell: Cell): void {
    this.#words[cell >>> chunkBits]![((cell & (chunkUnits - 1)) << 2) + keyWord]! |= supersededFlag
  }

  /** Whether it is an entry, and not superseded. */
  isCurrent(cell: Cell): boolean {
    const word = this.#words[cell >>> chunkBits]![((cell & (chunkUnits - 1)) << 2) + keyWord]!
    return (word & (deletedFlag | supersededFlag)) === 0
  }

  /** Where the revision index has the cell; its own note. */
  place(cell: Cell): number {
    return this.#words[cell >>> chunkBits]![((cell & (chunkUnits - 1)) << 2) + placeWord]!
  }

  setPlace(cell: Cell, place: number): void {
    this.#words[cell >>> chunkBits]![((cell & (chunkUnits - 1)) << 2) + placeWord] = place
  }

  #class(index: number): SizeClass {
    this.#classes[index] ??= { chunk: 0, fresh: 0, end: 0, spanBytes: smallestSpanBytes / 2, free: [] }
    return this.#classes[index]
  }

  #holdLarge(value: Uint8Array): number {
    const number = this.#freeLarge.pop() ?? this.#large.length
    this.#large[number] = value
    this.reservedBytes += value.length
    return number
  }

  #take(length: number): Cell {
    const index = classOf[(length + unitBytes - 1) >> 4]!
    const size = this.#class(index)
    const freed = size.free.pop()
    if (freed !== undefined) return freed
    const width = cellBytes[index]!
    if (size.fresh + width > size.end) this.#extend(size, width)
    const cell = (size.chunk << chunkBits) | (size.fresh >> 4)
    size.fresh += width
    return cell
  }

  /** Gives a class another span, twice as long as its last one where the last buffer has so much left. */
  #extend(size: SizeClass, width: number): void {
    size.spanBytes = Math.min(largestSpanBytes, Math.max(2 * size.spanBytes, 2 * width))
    if (this.#fresh + width > (this.#bytes[this.#bytes.length - 1]?.length ?? 0)) this.#addChunk(size.spanBytes)
    size.chunk = this.#bytes.length - 1
    size.fresh = this.#fresh
    size.end = this.#fresh = Math.min(this.#fresh + size.spanBytes, this.#bytes[size.chunk]!.length)
    this.reservedBytes += size.end - size.fresh
  }

  #addChunk(leastBytes: number): void {
    const number = this.#bytes.length
    if (number === mostChunks) throw new RangeError(`A table's entries take no more than ${mostChunks} buffers`)
    const last = this.#bytes[number - 1]?.length ?? 0
    const wanted = Math.max(smallestChunkBytes, last < smallChunkBytes ? 2 * last : 4 * last, leastBytes)
    const memory = newMemory(Math.min(largestChunkBytes, wanted), leastBytes)
    // The first unit of the first buffer stays empty, for the cell that is none.
    this.#fresh = number === 0 ? unitBytes : 0
    this.#bytes.push(Buffer.from(memory))
    this.#data.push(new DataView(memory))
    this.#words.push(new Int32Array(memory))
    this.#doubles.push(new Float64Array(memory))
  }
}

/** Memory of `length` bytes, or of as many as there are. */
function newMemory(length: number, least: number): ArrayBuffer {
  for (;;) {
    try {
      return new ArrayBuffer(length)
    } catch (error) {
      if (length / 2 < least) throw error
      length /= 2
    }
  }
}

/** The entry that `rewrite` has replaced last. */
const replacedBytes = Buffer.alloc(largestCellBytes)
const replacedData = viewOn(replacedBytes)
const replaced: View = { bytes: replacedBytes, data: replacedData, start: 0, end: 0, revision: 0 }

/** A view of nothing, to be filled in. */
export function noView(): View {
  return { bytes: noBytes, data: viewOn(noBytes), start: 0, end: 0, revision: 0 }
}

const scratchView = noView()
