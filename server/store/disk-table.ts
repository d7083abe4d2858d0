// One table on disk: what the log holds lies over what LMDB holds. Reads look in the active overlay, then in the
// one that a checkpoint is writing, then in LMDB. It knows neither the log nor when a checkpoint runs.
import {
  type Change,
  type ChangePage,
  changeBytes,
  type Entry,
  type Key,
  type RangeEntry,
  type RangePage,
  type RangeQuery,
} from './engine.ts'
import type { Base } from './lmdb.ts'
import { noBytes } from './slab.ts'
import { valueOf as copyValue, MemoryTable, type Node } from './table.ts'

/** Rows that one call looks at, at the most. */
const maxScan = 4096
/** Bytes of values that one call passes, at the most, whether it answers them or not. */
const maxScanBytes = 4 << 20
/** Keys that a range takes from an overlay at a time. */
const cursorKeys = 128

export interface TableOrigin {
  readonly id: number
  readonly name: Key
  readonly floor: number
  /** Rows of entries in LMDB, and entries at the last checkpoint that ended. */
  readonly count?: number
  readonly settled?: number
  readonly tombstones?: number
  readonly revision?: number
}

/** Counts the keys that the overlays of all tables hold, for the bound on their memory. */
export class Tally {
  active = 0
  frozen = 0

  freeze(): void {
    this.frozen += this.active
    this.active = 0
  }
}

export class DiskTable {
  readonly id: number
  readonly name: Key
  /** Changes after an older revision than this are not known. */
  floor: number
  count: number
  revision: number
  /** Entries and tombstones that LMDB holds. */
  baseCount: number
  baseTombstones: number
  dropped = false
  /** What was written since the last cut. */
  active: MemoryTable | undefined
  /** What a checkpoint is writing to LMDB; it does not change. */
  frozen: MemoryTable | undefined
  /** Whether LMDB may hold rows that no overlay hides. */
  hasBase: boolean
  readonly #base: Base
  readonly #tally: Tally
  readonly #view = { bytes: noBytes as Uint8Array, start: 0, end: 0, revision: 0 }

  constructor(base: Base, tally: Tally, origin: TableOrigin) {
    this.#base = base
    this.#tally = tally
    this.id = origin.id
    this.name = origin.name
    this.floor = origin.floor
    this.count = origin.settled ?? 0
    this.baseCount = origin.count ?? 0
    this.baseTombstones = origin.tombstones ?? 0
    this.revision = origin.revision ?? 0
    this.hasBase = this.baseCount + this.baseTombstones > 0
  }

  get(key: Key): Entry | undefined {
    const node = this.active?.nodes.get(key)
    if (node !== undefined) return node.deleted ? undefined : node
    return this.#below(key)
  }

  /** Sets an entry and answers the one before. */
  set(key: Key, bytes: Uint8Array, start: number, end: number, revision: number): Entry | undefined {
    const active = this.#overlay()
    const known = active.nodes.size
    let previous = active.set(key, bytes, start, end, revision)
    if (previous === undefined && active.nodes.size > known) {
      this.#tally.active++
      previous = this.#below(key)
    }
    if (previous === undefined) this.count++
    this.revision = revision
    return previous
  }

  /** Deletes the entry `previous`, which `get` has just answered for this key. */
  delete(key: Key, previous: Entry, revision: number): Entry {
    const active = this.#overlay()
    this.count--
    this.revision = revision
    const removed = active.delete(key, revision)
    if (removed !== undefined) return removed
    active.entomb(key, revision)
    this.#tally.active++
    return previous
  }

  /** Sets an entry that was read back from the log, which says whether it was a new one. */
  replaySet(key: Key, bytes: Uint8Array, start: number, end: number, revision: number, isFresh: boolean): void {
    const active = this.#overlay()
    const known = active.nodes.size
    active.set(key, bytes, start, end, revision)
    this.#tally.active += active.nodes.size - known
    if (isFresh) this.count++
    this.revision = revision
  }

  /** Deletes an entry, as the log says; the overlay may not have seen it. */
  replayDelete(key: Key, revision: number): void {
    const active = this.#overlay()
    this.count--
    this.revision = revision
    if (active.delete(key, revision) !== undefined) return
    active.entomb(key, revision)
    this.#tally.active++
  }

  /** Freezes the active overlay, if there is one. */
  freeze(): void {
    this.frozen = this.active
    this.active = undefined
  }

  /** LMDB holds what was frozen. */
  thaw(): void {
    this.frozen = undefined
    this.hasBase = this.baseCount + this.baseTombstones > 0
  }

  range(query: RangeQuery): RangePage {
    const reverse = query.reverse ?? false
    // The smallest key after `k` is `k` and a zero byte, so all bounds become [low, high).
    const after = query.after
    const low = later(query.start ?? '', after === undefined || reverse ? '' : `${after}\0`)
    const high = earlier(query.end, reverse ? after : undefined)
    if (high !== undefined && low >= high) return { entries: [], next: undefined }
    const merge = new Merge(this, this.#base, low, high, reverse)
    try {
      return collect(merge, query)
    } finally {
      merge.close()
    }
  }

  /**
   * The changes after `since`, at most about `limit`. What LMDB holds up to `baseRevision`, the last checkpoint's, is
   * older than what any overlay holds; rows above it are of a checkpoint under way, and the overlay has them too.
   */
  changes(since: number, limit: number, baseRevision: number, storeRevision: number): ChangePage | undefined {
    if (since < this.floor) return undefined
    const page = new Changes(since, Math.min(limit, maxScan))
    const more = this.#baseChanges(page, since, limit, baseRevision)
    if (!more) {
      this.frozen?.index.after(since, (node) => page.take(node.revision, () => this.#change(node, this.active)))
      if (!page.cut) this.active?.index.after(since, (node) => page.take(node.revision, () => changeOf(node)))
    }
    return page.done(more, storeRevision)
  }

  /** Takes the changes that LMDB holds; answers whether there are more than it took. */
  #baseChanges(page: Changes, since: number, limit: number, baseRevision: number): boolean {
    if (!this.hasBase || since >= baseRevision) return false
    for (let wanted = Math.min(Math.max(limit, 16), maxScan) + 1; ; wanted *= 2) {
      const rows = this.#base.changed(this.id, since, baseRevision, wanted)
      const more = rows.length === wanted
      const last = rows[rows.length - 1]?.revision ?? 0
      // The revision at which the rows were cut off may be incomplete; if it is the only one, look further.
      if (more && rows[0]!.revision === last) continue
      for (const { key, revision } of rows) {
        if (more && revision === last) break
        if (!page.take(revision, () => this.#baseChange(key, revision))) return true
      }
      return more
    }
  }

  #baseChange(key: Key, revision: number): Change | undefined {
    if (this.active?.nodes.has(key) || this.frozen?.nodes.has(key)) return undefined
    const { found } = this.#base
    if (!this.#base.find(this.id, key) || found.revision !== revision) return undefined
    return { key, revision, value: found.deleted ? undefined : take(found.bytes, found.length) }
  }

  #change(node: Node, over: MemoryTable | undefined): Change | undefined {
    return over?.nodes.has(node.key) ? undefined : changeOf(node)
  }

  /** Looks below the active overlay. */
  #below(key: Key): Entry | undefined {
    const node = this.frozen?.nodes.get(key)
    if (node !== undefined) return node.deleted ? undefined : node
    if (!this.hasBase || !this.#base.find(this.id, key)) return undefined
    const { found } = this.#base
    if (found.deleted) return undefined
    const view = this.#view
    view.bytes = found.bytes
    view.end = found.length
    view.revision = found.revision
    return view
  }

  #overlay(): MemoryTable {
    this.active ??= new MemoryTable({ orderTombstones: true })
    return this.active
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

/** The rows of a range in order: for each key the state of the uppermost layer that knows it. */
class Merge {
  /** The present key; undefined at the end. */
  key: Key | undefined
  readonly #reverse: boolean
  readonly #layers: Cursor[]
  readonly #base: Base
  readonly #rows: Generator<Key, void, void> | undefined
  #baseKey: Key | undefined
  #node: Node | undefined

  constructor(table: DiskTable, base: Base, low: Key, high: Key | undefined, reverse: boolean) {
    this.#reverse = reverse
    this.#base = base
    this.#layers = [table.active, table.frozen].flatMap((layer) =>
      layer === undefined ? [] : [new Cursor(layer, low, high, reverse)],
    )
    if (table.hasBase) {
      this.#rows = base.rows(table.id, low, high, reverse)
      this.#baseKey = this.#rows.next().value ?? undefined
    }
    this.#settle()
  }

  get deleted(): boolean {
    return this.#node?.deleted ?? this.#base.found.deleted
  }

  get revision(): number {
    return this.#node?.revision ?? this.#base.found.revision
  }

  get length(): number {
    return this.#node === undefined ? this.#base.found.length : this.#node.end - this.#node.start
  }

  /** A copy of the value. */
  value(): Uint8Array {
    return this.#node === undefined ? take(this.#base.found.bytes, this.#base.found.length) : copyValue(this.#node)
  }

  next(): void {
    const { key } = this
    for (const layer of this.#layers) if (layer.key === key) layer.next()
    if (this.#baseKey === key) this.#baseKey = this.#rows!.next().value ?? undefined
    this.#settle()
  }

  close(): void {
    this.#rows?.return()
  }

  #settle(): void {
    this.key = this.#baseKey
    this.#node = undefined
    // From the lowest layer up, so that of equal keys the uppermost wins.
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const { key } = this.#layers[index]!
      if (key === undefined || (this.key !== undefined && (this.#reverse ? key < this.key : key > this.key))) continue
      this.key = key
      this.#node = this.#layers[index]!.node
    }
  }
}

/** Walks the keys of one overlay, a batch at a time. */
class Cursor {
  key: Key | undefined
  readonly #table: MemoryTable
  readonly #low: Key
  readonly #high: Key | undefined
  readonly #reverse: boolean
  #batch: Key[] = []
  #at = 0
  #more = true

  constructor(table: MemoryTable, low: Key, high: Key | undefined, reverse: boolean) {
    this.#table = table
    this.#low = low
    this.#high = high
    this.#reverse = reverse
    this.#load(low, high)
  }

  get node(): Node {
    return this.#table.nodes.get(this.key!)!
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
    if (this.#reverse) this.#table.keys.descend(high, visit)
    else this.#table.keys.ascend(low, visit)
    this.#batch = batch
    this.#at = 0
    this.#more = batch.length === cursorKeys
    this.key = batch[0]
  }
}

/** A page of changes under way: takes them in revision order and never splits a revision. */
class Changes {
  readonly changes: Change[] = []
  /** Whether it is full. */
  cut = false
  #last: number
  #seen = 0
  #bytes = 0
  readonly #since: number
  readonly #limit: number

  constructor(since: number, limit: number) {
    this.#since = this.#last = since
    this.#limit = limit
  }

  /** Takes a change of `revision`, if `change` answers one; false where the page is full. */
  take(revision: number, change: () => Change | undefined): boolean {
    const full = this.changes.length >= this.#limit || this.#seen >= maxScan || this.#bytes >= changeBytes
    if (full && revision > this.#last && this.#last > this.#since) {
      this.cut = true
      return false
    }
    this.#last = revision
    this.#seen++
    const taken = change()
    if (taken === undefined) return true
    this.changes.push(taken)
    this.#bytes += taken.value?.length ?? 0
    return true
  }

  done(more: boolean, storeRevision: number): ChangePage {
    const complete = !more && !this.cut
    return { changes: this.changes, upTo: complete ? storeRevision : this.#last, complete }
  }
}

function changeOf(node: Node): Change {
  return { key: node.key, revision: node.revision, value: node.deleted ? undefined : copyValue(node) }
}

function take(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes, 0, length)
}

function later(a: Key, b: Key): Key {
  return a > b ? a : b
}

function earlier(a: Key | undefined, b: Key | undefined): Key | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}
