// A range of one table, over all its layers: the overlays, the upper one first, and below them LMDB. For each key the
// state of the uppermost layer that knows it counts. It knows no writes, and must end before the next one.
import { noBytes, shortCopyOf } from '../bytes/copy.ts'
import type { Key, RangeEntry, RangePage, RangeQuery } from '../engine.ts'
import type { Base } from '../lmdb/base.ts'
import type { Cell } from '../memory/cells.ts'
import type { MemoryTable } from '../memory/memory-table.ts'

/** Rows that one call looks at, at the most. */
const maxScan = 4096
/** Bytes of values that one call passes, at the most, whether it returns them or not. */
const maxScanBytes = 4 << 20
/** Keys that a range takes from an overlay at a time. */
const cursorKeys = 128

/** What a range is merged from. */
export interface Layers {
  /** The overlays, the upper one first. */
  readonly overlays: readonly MemoryTable[]
  /** LMDB, and the number of the table in it; no number where no row of it counts. */
  readonly base: Base
  readonly baseTable: number | undefined
}

/** One page of a range, in key order. */
export function rangeOf(layers: Layers, query: RangeQuery): RangePage {
  const reverse = query.reverse ?? false
  // The smallest key after `k` is `k` and a zero byte, so all bounds become [low, high).
  const after = query.after
  const low = later(query.start ?? '', after === undefined || reverse ? '' : `${after}\0`)
  const high = earlier(query.end, reverse ? after : undefined)
  if (high !== undefined && low >= high) return { entries: [], next: undefined }
  const merge = new Merge(layers, low, high, reverse)
  try {
    return collect(merge, query)
  } finally {
    merge.close()
  }
}

/** Fills a page from the merged rows. */
function collect(merge: Merge, query: RangeQuery): RangePage {
  const entries: RangeEntry[] = []
  let bytes = 0
  let scanned = 0
  let passed = 0
  let last: Key | undefined
  for (; merge.key !== undefined; merge.next()) {
    if (entries.length >= query.limit || bytes >= query.maxBytes || scanned >= maxScan || passed >= maxScanBytes) {
      return { entries, next: last }
    }
    const { key } = merge
    last = key
    scanned++
    passed += merge.length
    if (merge.deleted) continue
    const value = query.keysOnly ? noBytes : merge.value()
    entries.push({ key, value, revision: merge.revision })
    bytes += key.length + value.length
  }
  return { entries, next: undefined }
}

/** The rows of a range in order. */
class Merge {
  /** The present key; undefined at the end. */
  key: Key | undefined
  readonly #reverse: boolean
  readonly #cursors: Cursor[]
  readonly #base: Base
  readonly #rows: Generator<Key, void, void> | undefined
  #baseKey: Key | undefined
  /** The overlay whose state counts for the present key, and its cell there; undefined: LMDB's. */
  #table: MemoryTable | undefined
  #cell: Cell = 0

  constructor({ overlays, base, baseTable }: Layers, low: Key, high: Key | undefined, reverse: boolean) {
    this.#reverse = reverse
    this.#base = base
    this.#cursors = overlays.map((overlay) => new Cursor(overlay, low, high, reverse))
    if (baseTable !== undefined) {
      this.#rows = base.rows(baseTable, low, high, reverse)
      this.#baseKey = this.#rows.next().value ?? undefined
    }
    this.#settle()
  }

  get deleted(): boolean {
    return this.#table?.cells.isDeleted(this.#cell) ?? this.#base.found.deleted
  }

  get revision(): number {
    return this.#table?.cells.revision(this.#cell) ?? this.#base.found.revision
  }

  get length(): number {
    return this.#table?.cells.valueBytes(this.#cell) ?? this.#base.found.length
  }

  /** A copy of the value. */
  value(): Uint8Array {
    return this.#table?.cells.value(this.#cell) ?? shortCopyOf(this.#base.found.bytes, 0, this.#base.found.length)
  }

  next(): void {
    const { key } = this
    for (const cursor of this.#cursors) if (cursor.key === key) cursor.next()
    if (this.#baseKey === key) this.#baseKey = this.#rows!.next().value ?? undefined
    this.#settle()
  }

  close(): void {
    this.#rows?.return()
  }

  #settle(): void {
    this.key = this.#baseKey
    this.#table = undefined
    // From the lowest layer up, so that of equal keys the uppermost wins.
    for (let index = this.#cursors.length - 1; index >= 0; index--) {
      const { key } = this.#cursors[index]!
      if (key === undefined || (this.key !== undefined && (this.#reverse ? key < this.key : key > this.key))) continue
      this.key = key
      this.#table = this.#cursors[index]!.table
    }
    if (this.#table !== undefined) this.#cell = this.#table.findKey(this.key!)
  }
}

/** Walks the keys of one overlay, a batch at a time. */
class Cursor {
  key: Key | undefined
  readonly table: MemoryTable
  readonly #low: Key
  readonly #high: Key | undefined
  readonly #reverse: boolean
  #batch: Key[] = []
  #at = 0
  #more = true

  constructor(table: MemoryTable, low: Key, high: Key | undefined, reverse: boolean) {
    this.table = table
    this.#low = low
    this.#high = high
    this.#reverse = reverse
    this.#load(low, high)
  }

  next(): void {
    this.#at++
    if (this.#at === this.#batch.length && this.#more) {
      if (this.#reverse) this.#load(this.#low, this.key)
      else this.#load(`${this.key}\0`, this.#high)
    } else this.key = this.#batch[this.#at]
  }

  #load(low: Key, high: Key | undefined): void {
    const batch: Key[] = []
    const visit = (key: Key): boolean => {
      if (this.#reverse ? key < low : high !== undefined && key >= high) return false
      batch.push(key)
      return batch.length < cursorKeys
    }
    if (this.#reverse) this.table.keys.descend(high, visit)
    else this.table.keys.ascend(low, visit)
    this.#batch = batch
    this.#at = 0
    this.#more = batch.length === cursorKeys
    this.key = batch[0]
  }
}

function later(a: Key, b: Key): Key {
  return a > b ? a : b
}

function earlier(a: Key | undefined, b: Key | undefined): Key | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}
