// One file as the system's cache has it and as the disk has it. What was written and not synced may be on the disk
// or not, each sector of 512 bytes by itself, as it was after any of the writes to it; a sector may be torn.
//
// After a failed sync Linux takes the pages for clean: no later sync writes them, unless they are written again first,
// and then the whole page goes. So what was lost may be on the disk or not for as long as nobody writes it again.
import type { Random } from '../../../server/testing/random.ts'

const sectorBytes = 512
const pageBytes = 4096

/** A change that is not known to be on the disk. */
interface Piece {
  /** Place of its call in the record. */
  readonly call: number
  readonly at: number
  /** Undefined: the file was cut at `at`, or grew to it. */
  readonly data: Buffer | undefined
  /** A sync of it failed. */
  readonly lost: boolean
}

/** How much of what was not synced reaches the disk. */
export type Fate = 'dropped' | 'kept' | 'sectors' | 'pages'

/** Bytes that grow. */
class Bytes {
  size = 0
  #buffer: Buffer

  constructor(content: Buffer = Buffer.alloc(0)) {
    this.#buffer = Buffer.from(content)
    this.size = content.length
  }

  write(at: number, data: Buffer): void {
    this.#reserve(at + data.length)
    data.copy(this.#buffer, at)
    this.size = Math.max(this.size, at + data.length)
  }

  resize(size: number): void {
    this.#reserve(size)
    if (size < this.size) this.#buffer.fill(0, size, this.size)
    this.size = size
  }

  view(from = 0, to = this.size): Buffer {
    return this.#buffer.subarray(from, Math.min(to, this.size))
  }

  #reserve(size: number): void {
    if (size <= this.#buffer.length) return
    const grown = Buffer.alloc(Math.max(size, 2 * this.#buffer.length))
    this.#buffer.copy(grown)
    this.#buffer = grown
  }
}

export class CachedFile {
  /** Its contents change through a map, so the record does not tell them. */
  mapped = false
  readonly #cache: Bytes
  readonly #disk: Bytes
  #pieces: Piece[] = []
  /** Pages of which a sync failed, and which were not written since. */
  readonly #clean = new Set<number>()

  /** A file that is on the disk like this, or a new one. */
  constructor(content?: Buffer) {
    this.#cache = new Bytes(content)
    this.#disk = new Bytes(content)
  }

  get content(): Buffer {
    return this.#cache.view()
  }

  write(call: number, at: number, data: Buffer): void {
    this.#cache.write(at, data)
    this.#pieces.push(this.#wholePages({ call, at, data, lost: false }))
  }

  resize(call: number, size: number): void {
    this.#cache.resize(size)
    this.#pieces.push({ call, at: size, data: undefined, lost: false })
  }

  /** What was written before the call `begun`, within a range, is on the disk. */
  sync(begun: number, from = 0, to = Number.POSITIVE_INFINITY): void {
    const pages = new Set<number>()
    const synced = (piece: Piece): boolean => {
      const { call, at, data, lost } = piece
      const isWithin = data === undefined ? to === Number.POSITIVE_INFINITY : at >= from && at + data.length <= to
      if (call >= begun || lost || !isWithin) return false
      if (data === undefined) this.#disk.resize(at)
      else {
        this.#disk.write(at, data)
        for (const page of pagesOf(at, data.length)) pages.add(page)
      }
      return true
    }
    const left = this.#pieces.filter((piece) => !synced(piece))
    // A page that was written again went as a whole: what had been lost of it is there, or behind it.
    this.#pieces = left.filter(({ lost, at }) => !(lost && pages.has(Math.floor(at / pageBytes))))
    // The size is not lost with the pages.
    for (const { lost, at, data } of left) {
      if (lost && to === Number.POSITIVE_INFINITY) this.#disk.resize(Math.max(this.#disk.size, at + data!.length))
    }
  }

  /** A sync that began at the call `begun` failed. */
  syncFailed(begun: number): void {
    const failed = this.#pieces.filter(({ call, data, lost }) => call < begun && !lost && data !== undefined)
    for (const { at, data } of failed) for (const page of pagesOf(at, data!.length)) this.#clean.add(page)
    this.#pieces = this.#pieces.flatMap((piece) => {
      if (failed.includes(piece)) return fragments(piece)
      return piece.data === undefined || piece.lost ? [piece] : [this.#wholePages(piece)]
    })
  }

  /** What the disk may have when the power goes. */
  image(random: Random, fate: Fate): Buffer {
    const image = new Bytes(this.#disk.view())
    const cut = fate === 'dropped' ? 0 : fate === 'kept' ? this.#pieces.length : random.below(this.#pieces.length + 1)
    const choice = new SectorChoice(this.#pieces, this.#cache.size, random, fate)
    for (const [index, { at, data }] of this.#pieces.entries()) {
      if (data === undefined) {
        if (index < cut) image.resize(at)
      } else choice.apply(image, at, data)
    }
    // The size may be there before the data is.
    if (fate !== 'dropped' && fate !== 'kept' && random.chance(0.3))
      image.resize(Math.max(image.size, this.#cache.size))
    return image.view()
  }

  /** A write of which some pages were clean writes those as a whole. */
  #wholePages(piece: Piece): Piece {
    const { at, data } = piece
    if (this.#clean.size === 0 || data === undefined) return piece
    const pages = [...pagesOf(at, data.length)]
    const first = pages[0]!
    const last = pages[pages.length - 1]!
    const from = this.#clean.has(first) ? first * pageBytes : at
    const to = this.#clean.has(last) ? (last + 1) * pageBytes : at + data.length
    for (const page of pages) this.#clean.delete(page)
    return { ...piece, at: from, data: Buffer.from(this.#cache.view(from, to)) }
  }
}

/** Which of the writes to each sector reached the disk. */
class SectorChoice {
  /** Of each sector, how many of the writes to it are there, and how many were looked at. */
  readonly #chosen: Uint16Array
  readonly #seen: Uint16Array
  readonly #random: Random
  readonly #tears: boolean

  constructor(pieces: readonly Piece[], size: number, random: Random, fate: Fate) {
    const counts = new Uint16Array(Math.ceil(size / pageBytes + 1) * (pageBytes / sectorBytes))
    for (const { at, data } of pieces) for (const sector of sectorsOf(at, data?.length ?? 0)) counts[sector]!++
    this.#random = random
    this.#tears = fate === 'sectors'
    this.#seen = new Uint16Array(counts.length)
    this.#chosen = counts.map((count, sector) => {
      if (count === 0 || fate === 'dropped') return 0
      if (fate === 'kept') return count
      return fate === 'sectors' || sector % (pageBytes / sectorBytes) === 0 ? this.#some(count) : count
    })
    if (fate === 'pages') this.#spreadOverPages(counts)
  }

  apply(image: Bytes, at: number, data: Buffer): void {
    for (const sector of sectorsOf(at, data.length)) {
      const seen = ++this.#seen[sector]!
      const chosen = this.#chosen[sector]!
      if (seen > chosen) continue
      const from = Math.max(at, sector * sectorBytes)
      const to = Math.min(at + data.length, (sector + 1) * sectorBytes)
      const isTorn = seen === chosen && this.#tears && this.#random.chance(0.1)
      const end = isTorn ? from + this.#random.below(to - from) : to
      if (end > from) image.write(from, data.subarray(from - at, end - at))
    }
  }

  #some(count: number): number {
    const kind = this.#random.below(3)
    return kind === 0 ? 0 : kind === 1 ? count : this.#random.below(count + 1)
  }

  /** A page goes to the disk as it was at one moment: all of its sectors or none have a write. */
  #spreadOverPages(counts: Uint16Array): void {
    const each = pageBytes / sectorBytes
    for (let sector = 0; sector < counts.length; sector += each) {
      const most = Math.max(...counts.subarray(sector, sector + each))
      if (most > 0) this.#chosen.fill(this.#some(1) === 0 ? 0 : most, sector, sector + each)
    }
  }
}

/** What is lost of a piece, page by page. */
function fragments({ call, at, data }: Piece): Piece[] {
  return [...pagesOf(at, data!.length)].map((page) => {
    const from = Math.max(at, page * pageBytes)
    const to = Math.min(at + data!.length, (page + 1) * pageBytes)
    return { call, at: from, data: data!.subarray(from - at, to - at), lost: true }
  })
}

function* unitsOf(at: number, length: number, bytes: number): Generator<number> {
  if (length === 0) return
  const last = Math.floor((at + length - 1) / bytes)
  for (let unit = Math.floor(at / bytes); unit <= last; unit++) yield unit
}

const pagesOf = (at: number, length: number) => unitsOf(at, length, pageBytes)
const sectorsOf = (at: number, length: number) => unitsOf(at, length, sectorBytes)
