// One table in memory: entries by key, keys in order, and the index of what changed. The memory engine is a map of
// these; the disk engine uses them as the overlay of what its log holds. Keys come as bytes, wherever they lie.

import { copyOf } from '../bytes/copy.ts'
import { hashOf } from '../bytes/hash.ts'
import { keyScratch, keyToScratch } from '../bytes/latin1.ts'
import { type Change, type ChangePage, changeBytes, type Entry, type Key, longestKeyBytes } from '../engine.ts'
import { type Cell, Cells, noView } from './cells.ts'
import { HashIndex } from './hash-index.ts'
import { KeyIndex } from './key-index.ts'
import { RevisionIndex } from './revision-index.ts'

export interface MemoryTableOptions {
  /** Keep the keys of tombstones in the key order, where they hide entries of an engine below. Default false. */
  readonly orderTombstones?: boolean
}

export class MemoryTable {
  /** Entries and tombstones. */
  readonly cells = new Cells()
  readonly keys = new KeyIndex()
  readonly index = new RevisionIndex(this.cells)
  /** Entries that are not deleted. */
  count = 0
  tombstones = 0
  /** Revision of the last write. */
  revision = 0
  readonly hashes = new HashIndex(this.cells)
  readonly #orderTombstones: boolean
  /** What `get` and `set` return: one object for all, so that they allocate nothing. */
  readonly #found = noView()
  readonly #previous = noView()

  constructor(options: MemoryTableOptions = {}) {
    this.#orderTombstones = options.orderTombstones ?? false
  }

  /** Entries and tombstones in all. */
  get size(): number {
    return this.hashes.size
  }

  /** The cell of an entry or a tombstone, by the bytes of its key; 0 where there is none. */
  find(key: Uint8Array, start: number, end: number, hash: number): Cell {
    return this.hashes.find(hash, key, start, end)
  }

  findKey(key: Key): Cell {
    if (key.length > longestKeyBytes) return 0
    const length = keyToScratch(key)
    return this.hashes.find(hashOf(keyScratch, 0, length), keyScratch, 0, length)
  }

  /** Prefetches what looking up the first `count` hashes will read; puts those first that are not here, and counts them. */
  warm(hashes: Int32Array, count: number): number {
    return this.hashes.warm(hashes, count)
  }

  /** Whether there is an entry or a tombstone under a key. */
  knows(key: Key): boolean {
    return this.findKey(key) !== 0
  }

  /** The entry in a cell, valid until the next call. */
  entry(cell: Cell): Entry {
    return this.cells.view(cell, this.#found)
  }

  /** The entry under a key, valid until the next call. */
  get(key: Uint8Array, start: number, end: number, hash: number): Entry | undefined {
    const cell = this.hashes.find(hash, key, start, end)
    return cell === 0 || this.cells.isDeleted(cell) ? undefined : this.entry(cell)
  }

  getKey(key: Key): Entry | undefined {
    const cell = this.findKey(key)
    return cell === 0 || this.cells.isDeleted(cell) ? undefined : this.entry(cell)
  }

  setKey(key: Key, bytes: Uint8Array, start: number, end: number, revision: number): Entry | undefined {
    const length = keyToScratch(key)
    return this.set(keyScratch, 0, length, hashOf(keyScratch, 0, length), bytes, start, end, revision)
  }

  /** Sets an entry to a copy of `bytes[start, end)`; returns the one before, valid until the next write. */
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
    const { cells } = this
    const old = this.hashes.find(hash, key, keyStart, keyEnd)
    if (old !== 0 && cells.hasRoomFor(old, end - start)) {
      const previous = cells.rewrite(old, bytes, start, end, revision)
      this.index.remove(old)
      this.index.append(old, revision)
      this.revision = revision
      return previous
    }
    const cell = cells.make(key, keyStart, keyEnd, bytes, start, end, revision)
    let previous: Entry | undefined
    if (old === 0) {
      this.hashes.insert(hash, cell)
      this.keys.insert(cells.key(cell))
      this.count++
    } else {
      this.hashes.replace(cell)
      this.index.remove(old)
      if (cells.isDeleted(old)) this.#replaceTombstone(cell)
      else previous = cells.view(old, this.#previous)
      cells.free(old)
    }
    this.index.append(cell, revision)
    this.revision = revision
    return previous
  }

  /** Leaves a tombstone in place of an entry, if there is one, and returns the entry, valid until the next write. */
  deleteKey(key: Key, revision: number): Entry | undefined {
    const { cells } = this
    const old = this.findKey(key)
    if (old === 0 || cells.isDeleted(old)) return undefined
    const cell = cells.makeDeleted(keyScratch, 0, key.length, revision)
    this.hashes.replace(cell)
    this.index.remove(old)
    const previous = cells.view(old, this.#previous)
    cells.free(old)
    this.count--
    this.#addTombstone(cell, revision)
    if (!this.#orderTombstones) this.keys.remove(key)
    return previous
  }

  /** Leaves a tombstone where this table knows no entry, for one that an engine below holds. */
  insertTombstone(key: Key, revision: number): void {
    const length = keyToScratch(key)
    const cell = this.cells.makeDeleted(keyScratch, 0, length, revision)
    this.hashes.insert(hashOf(keyScratch, 0, length), cell)
    if (this.#orderTombstones) this.keys.insert(key)
    this.#addTombstone(cell, revision)
  }

  /** Forgets a tombstone. */
  forget(cell: Cell): void {
    const key = this.cells.key(cell)
    this.findKey(key)
    this.hashes.remove()
    this.index.remove(cell)
    this.cells.free(cell)
    this.tombstones--
    if (this.#orderTombstones) this.keys.remove(key)
  }

  /** The change that a cell stands for: a copy. */
  change(cell: Cell, revision: number): Change {
    const { cells } = this
    return { key: cells.key(cell), revision, value: cells.isDeleted(cell) ? undefined : cells.value(cell) }
  }

  /** The changes after `since`, at most about `limit`; `storeRevision` is what they are complete up to. */
  changes(since: number, limit: number, storeRevision: number): ChangePage {
    const changes: Change[] = []
    let upTo = storeRevision
    let bytes = 0
    this.index.after(since, (cell, revision) => {
      const last = changes[changes.length - 1]
      const isFull = changes.length >= limit || bytes >= changeBytes
      if (last !== undefined && isFull && revision > last.revision) {
        upTo = last.revision
        return false
      }
      bytes += this.cells.valueBytes(cell)
      changes.push(this.change(cell, revision))
      return true
    })
    return { changes, upTo, complete: upTo === storeRevision }
  }

  #addTombstone(cell: Cell, revision: number): void {
    this.tombstones++
    this.index.append(cell, revision)
    this.revision = revision
  }

  #replaceTombstone(cell: Cell): void {
    this.count++
    this.tombstones--
    if (!this.#orderTombstones) this.keys.insert(this.cells.key(cell))
  }
}

/** A copy of an entry, which stays when the next call changes it. */
export function copyOfEntry({ bytes, start, end, revision }: Entry): Entry {
  return { bytes: copyOf(bytes, start, end), start: 0, end: end - start, revision }
}
