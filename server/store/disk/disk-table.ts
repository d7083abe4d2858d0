// One table on disk: what the log holds lies over what LMDB holds. Reads look in the active overlay, then in the
// one that a checkpoint is writing, then in the cache, then in LMDB. What is in an overlay is not in the cache, so they
// begin there while they find more in it (`npm run bench -- growth`). It knows neither the log nor when a checkpoint
// runs.

import { viewOf } from '../bytes/copy.ts'
import { hashOf } from '../bytes/hash.ts'
import { keyScratch, keyToScratch, readKey } from '../bytes/latin1.ts'
import { type ChangePage, type Entry, type Key, longestKeyBytes, type RangePage, type RangeQuery } from '../engine.ts'
import type { Base } from '../lmdb/base.ts'
import { type Cell, noView } from '../memory/cells.ts'
import { MemoryTable } from '../memory/memory-table.ts'
import { type CacheBound, TableCache } from './cache.ts'
import { changesOf } from './changes.ts'
import { rangeOf } from './range.ts'

/** How far the predictor counts: so many look-ups that prove it wrong in a row change where the next ones begin. */
const predictorLimit = 64

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
export class OverlayKeys {
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
  isDropped = false
  /** What was written since the last cut. */
  active: MemoryTable | undefined
  /** What a checkpoint is writing to LMDB; it does not change. */
  frozen: MemoryTable | undefined
  /** Whether LMDB may hold rows that no overlay hides. */
  hasBase: boolean
  readonly #base: Base
  readonly #overlayKeys: OverlayKeys
  readonly #cache: TableCache
  readonly #view = noView()
  /** Where the next look-up begins, a saturating counter: above 0 in the cache, which had more of the last ones. */
  #predictor = 0

  constructor(base: Base, overlayKeys: OverlayKeys, bound: CacheBound, origin: TableOrigin) {
    this.#base = base
    this.#cache = new TableCache(bound)
    this.#overlayKeys = overlayKeys
    this.id = origin.id
    this.name = origin.name
    this.floor = origin.floor
    this.count = origin.settled ?? 0
    this.baseCount = origin.count ?? 0
    this.baseTombstones = origin.tombstones ?? 0
    this.revision = origin.revision ?? 0
    this.hasBase = this.baseCount + this.baseTombstones > 0
  }

  /** Its number in LMDB, if rows there may count. */
  get #baseTable(): number | undefined {
    return this.hasBase ? this.id : undefined
  }

  /** The entry of the key `key[start, end)`, valid until the next call. */
  get(key: Uint8Array, start: number, end: number, hash: number): Entry | undefined {
    if (this.#predictor > 0 && this.hasBase && this.#cached(key, start, end, hash)) return this.#view
    const { active } = this
    const cell = active === undefined ? 0 : active.find(key, start, end, hash)
    if (cell === 0) return this.#below(key, start, end, hash, false)
    if (this.#predictor > -predictorLimit) this.#predictor--
    return entryOf(active!, cell)
  }

  getKey(key: Key): Entry | undefined {
    if (key.length > longestKeyBytes) return undefined
    const length = keyToScratch(key)
    return this.get(keyScratch, 0, length, hashOf(keyScratch, 0, length))
  }

  /** Prefetches what looking up the first `count` hashes will read outside of LMDB; changes the hashes. */
  warm(hashes: Int32Array, count: number): void {
    const { active, frozen } = this
    const beginsInCache = this.#predictor > 0
    if (beginsInCache) count = this.#cache.warm(hashes, count)
    if (active !== undefined && count > 0) count = active.warm(hashes, count)
    if (frozen !== undefined && count > 0) count = frozen.warm(hashes, count)
    if (!beginsInCache && count > 0) this.#cache.warm(hashes, count)
  }

  /** Sets an entry and returns the one before. */
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
      this.#overlayKeys.active++
      previous = this.#below(key, keyStart, keyEnd, hash, true)
    }
    if (previous === undefined) this.count++
    this.revision = revision
    return previous
  }

  /** Deletes the entry `previous`, which `get` has just returned for this key. */
  delete(key: Key, previous: Entry, revision: number): Entry {
    const active = this.#overlay()
    this.count--
    this.revision = revision
    const removed = active.deleteKey(key, revision)
    if (removed !== undefined) return removed
    active.insertTombstone(key, revision)
    this.#overlayKeys.active++
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
    this.#overlayKeys.active += active.size - known
    if (isFresh) this.count++
    this.revision = revision
  }

  /** Deletes an entry, as the log says; the overlay may not have seen it. */
  replayDelete(key: Key, revision: number): void {
    const active = this.#overlay()
    this.count--
    this.revision = revision
    if (active.deleteKey(key, revision) !== undefined) return
    active.insertTombstone(key, revision)
    this.#overlayKeys.active++
  }

  /** The table is gone, and its cache with it. */
  forget(): void {
    this.isDropped = true
    this.#cache.dispose()
  }

  /** Freezes the active overlay, if there is one. */
  freeze(): void {
    this.frozen = this.active
    this.active = undefined
  }

  /** LMDB holds what was frozen. */
  thaw(): void {
    if (this.frozen !== undefined && !this.isDropped) this.#cache.takeOver(this.frozen.hashes)
    this.frozen = undefined
    this.hasBase = this.baseCount + this.baseTombstones > 0
  }

  /** One page of entries in key order. */
  range(query: RangeQuery): RangePage {
    const overlays = [this.active, this.frozen].filter((overlay) => overlay !== undefined)
    return rangeOf({ overlays, base: this.#base, baseTable: this.#baseTable }, query)
  }

  /**
   * The changes after `since`, at most about `limit`; undefined where they are not known any more. What LMDB holds up to
   * `baseRevision`, the last checkpoint's, is older than what any overlay holds.
   */
  changes(since: number, limit: number, baseRevision: number, revision: number): ChangePage | undefined {
    if (since < this.floor) return undefined
    const { active, frozen } = this
    const layers = { active, frozen, base: this.#base, baseTable: this.#baseTable, baseRevision }
    return changesOf(layers, { since, limit, revision })
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
    if (this.#predictor < predictorLimit) this.#predictor++
    return true
  }

  #overlay(): MemoryTable {
    this.active ??= new MemoryTable({ orderTombstones: true })
    return this.active
  }
}

function entryOf(table: MemoryTable, cell: Cell): Entry | undefined {
  return table.cells.isDeleted(cell) ? undefined : table.entry(cell)
}
