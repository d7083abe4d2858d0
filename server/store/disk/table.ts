// One table on disk: what the log holds lies over what LMDB holds. Reads look in the active overlay, then in the
// one that a checkpoint is writing, then in the cache, then in LMDB. What is in an overlay is not in the cache, so they
// begin there while they find more in it (`npm run bench -- growth`). It knows neither the log nor when a checkpoint
// runs.

import { copyOf, noBytes, shortCopyOf, viewOf } from '../bytes/copy.ts'
import { hashOf } from '../bytes/hash.ts'
import { keyScratch, keyToScratch, readKey } from '../bytes/latin1.ts'
import {
  type Change,
  type ChangePage,
  changeBytes,
  type Entry,
  type Key,
  longestKeyBytes,
  type RangeEntry,
  type RangePage,
  type RangeQuery,
} from '../engine.ts'
import type { Base } from '../lmdb/base.ts'
import { type Cell, noView } from '../memory/cells.ts'
import { MemoryTable } from '../memory/table.ts'
import { type CacheBound, TableCache } from './cache.ts'

/** Rows that one call looks at, at the most. */
const maxScan = 4096
/** Bytes of values that one call passes, at the most, whether it answers them or not. */
const maxScanBytes = 4 << 20
/** Keys that a range takes from an overlay at a time. */
const cursorKeys = 128
/** So many look-ups that found their entry elsewhere change where the next ones begin. */
const mostLeaning = 64

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
  readonly #cache: TableCache
  readonly #view = noView()
  /** Above 0 while more is found in the cache than in the overlays. */
  #leaning = 0

  constructor(base: Base, tally: Tally, bound: CacheBound, origin: TableOrigin) {
    this.#base = base
    this.#cache = new TableCache(bound)
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

  /** The entry of the key `key[start, end)`, valid until the next call. */
  get(key: Uint8Array, start: number, end: number, hash: number): Entry | undefined {
    if (this.#leaning > 0 && this.hasBase && this.#cached(key, start, end, hash)) return this.#view
    const { active } = this
    const cell = active === undefined ? 0 : active.find(key, start, end, hash)
    if (cell === 0) return this.#below(key, start, end, hash, false)
    if (this.#leaning > -mostLeaning) this.#leaning--
    return entryOf(active!, cell)
  }

  getKey(key: Key): Entry | undefined {
    if (key.length > longestKeyBytes) return undefined
    const length = keyToScratch(key)
    return this.get(keyScratch, 0, length, hashOf(keyScratch, 0, length))
  }

  /** Touches what looking up the first `count` hashes will read outside of LMDB; changes the hashes. */
  warm(hashes: Int32Array, count: number): void {
    const { active, frozen } = this
    const beginsBelow = this.#leaning > 0
    if (beginsBelow) count = this.#cache.warm(hashes, count)
    if (active !== undefined && count > 0) count = active.warm(hashes, count)
    if (frozen !== undefined && count > 0) count = frozen.warm(hashes, count)
    if (!beginsBelow && count > 0) this.#cache.warm(hashes, count)
  }

  /** Sets an entry and answers the one before. */
  set(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    revision: number,
  ): Entry | undefined {
    const active = this.#overlay()
    const known = active.size
    let previous = active.set(key, keyStart, keyEnd, hash, bytes, start, end, revision)
    if (previous === undefined && active.size > known) {
      this.#tally.active++
      previous = this.#below(key, keyStart, keyEnd, hash, true)
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
    const removed = active.deleteKey(key, revision)
    if (removed !== undefined) return removed
    active.entomb(key, revision)
    this.#tally.active++
    const length = keyToScratch(key)
    this.#below(keyScratch, 0, length, hashOf(keyScratch, 0, length), true)
    return previous
  }

  /** Sets an entry that was read back from the log, which says whether it was a new one. */
  replaySet(
    bytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    start: number,
    end: number,
    revision: number,
    isFresh: boolean,
  ): void {
    const active = this.#overlay()
    const known = active.size
    active.set(bytes, keyStart, keyEnd, hashOf(bytes, keyStart, keyEnd), bytes, start, end, revision)
    this.#tally.active += active.size - known
    if (isFresh) this.count++
    this.revision = revision
  }

  /** Deletes an entry, as the log says; the overlay may not have seen it. */
  replayDelete(key: Key, revision: number): void {
    const active = this.#overlay()
    this.count--
    this.revision = revision
    if (active.deleteKey(key, revision) !== undefined) return
    active.entomb(key, revision)
    this.#tally.active++
  }

  /** The table is gone, and its cache with it. */
  forget(): void {
    this.dropped = true
    this.#cache.dispose()
  }

  /** Freezes the active overlay, if there is one. */
  freeze(): void {
    this.frozen = this.active
    this.active = undefined
  }

  /** LMDB holds what was frozen. */
  thaw(): void {
    if (this.frozen !== undefined && !this.dropped) this.#cache.takeOver(this.frozen.hashes)
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
      const { active, frozen } = this
      frozen?.index.after(since, (cell, revision) =>
        page.take(revision, () =>
          active?.knows(frozen.cells.key(cell)) === true ? undefined : frozen.change(cell, revision),
        ),
      )
      if (!page.cut) {
        active?.index.after(since, (cell, revision) => page.take(revision, () => active.change(cell, revision)))
      }
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
    if (this.active?.knows(key) || this.frozen?.knows(key)) return undefined
    const { found } = this.#base
    if (!this.#base.find(this.id, key) || found.revision !== revision) return undefined
    return { key, revision, value: found.deleted ? undefined : copyOf(found.bytes, 0, found.length) }
  }

  /** Looks below the active overlay; if that has been written for this key, what is below is out of date from now on. */
  #below(key: Uint8Array, start: number, end: number, hash: number, isWritten: boolean): Entry | undefined {
    const { frozen } = this
    const cell = frozen === undefined ? 0 : frozen.find(key, start, end, hash)
    if (cell !== 0) {
      if (isWritten) frozen!.cells.supersede(cell)
      return entryOf(frozen!, cell)
    }
    if (!this.hasBase) return undefined
    const view = this.#view
    const cache = this.#cache
    if (isWritten ? cache.take(key, start, end, hash, view) : this.#cached(key, start, end, hash)) return view
    cache.missed()
    if (!this.#base.find(this.id, readKey(key, start, end))) return undefined
    const { found } = this.#base
    if (found.deleted) return undefined
    view.start = 0
    view.bytes = found.bytes
    view.data = viewOf(found.bytes)
    view.end = found.length
    view.revision = found.revision
    if (!isWritten) cache.offer(key, start, end, hash, view)
    return view
  }

  /** Looks in the cache; what is there is in `#view`. */
  #cached(key: Uint8Array, start: number, end: number, hash: number): boolean {
    if (!this.#cache.find(key, start, end, hash, this.#view)) return false
    if (this.#leaning < mostLeaning) this.#leaning++
    return true
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
  /** The overlay whose state counts for the present key, and its cell there; undefined: LMDB's. */
  #table: MemoryTable | undefined
  #cell: Cell = 0

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
    for (const layer of this.#layers) if (layer.key === key) layer.next()
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
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const { key } = this.#layers[index]!
      if (key === undefined || (this.key !== undefined && (this.#reverse ? key < this.key : key > this.key))) continue
      this.key = key
      this.#table = this.#layers[index]!.table
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

function entryOf(table: MemoryTable, cell: Cell): Entry | undefined {
  return table.cells.isDeleted(cell) ? undefined : table.entry(cell)
}

function later(a: Key, b: Key): Key {
  return a > b ? a : b
}

function earlier(a: Key | undefined, b: Key | undefined): Key | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}
