// One table in memory: entries by key, keys in order, and the index of what changed. The memory engine is a map of
// these; the disk engine uses them as the overlay of what its log holds.
import { type Change, type ChangePage, changeBytes, type Entry, type Key } from './engine.ts'
import { KeyIndex } from './key-index.ts'
import { type Indexed, RevisionIndex } from './revision-index.ts'
import { noBytes, type Place, Slab } from './slab.ts'

/** An entry, or the tombstone of one, under its key. */
export class Node implements Entry, Place, Indexed {
  readonly key: Key
  bytes: Uint8Array = noBytes
  start = 0
  end = 0
  revision: number
  deleted = false
  block: Indexed['block'] = undefined
  slot = 0

  constructor(key: Key, revision: number) {
    this.key = key
    this.revision = revision
  }
}

export interface MemoryTableOptions {
  /** Keep the keys of tombstones in the key order, where they hide entries of an engine below. Default false. */
  readonly orderTombstones?: boolean
}

export class MemoryTable {
  /** Entries and tombstones. */
  readonly nodes = new Map<Key, Node>()
  readonly keys = new KeyIndex()
  readonly index = new RevisionIndex<Node>()
  readonly slab = new Slab()
  /** Entries that are not deleted. */
  count = 0
  tombstones = 0
  /** Revision of the last write. */
  revision = 0
  readonly #orderTombstones: boolean
  /** What `set` and `delete` answer: one object for all, so that a write allocates nothing. */
  readonly #previous = { bytes: noBytes as Uint8Array, start: 0, end: 0, revision: 0 }

  constructor(options: MemoryTableOptions = {}) {
    this.#orderTombstones = options.orderTombstones ?? false
  }

  get(key: Key): Node | undefined {
    const node = this.nodes.get(key)
    return node === undefined || node.deleted ? undefined : node
  }

  /** Sets an entry to a copy of `bytes[start, end)`; answers the one before, valid until the next write. */
  set(key: Key, bytes: Uint8Array, start: number, end: number, revision: number): Entry | undefined {
    let node = this.nodes.get(key)
    let previous: Entry | undefined
    if (node === undefined) {
      node = new Node(key, revision)
      this.nodes.set(key, node)
      this.keys.insert(key)
      this.count++
      this.slab.put(node, bytes, start, end)
    } else if (node.deleted) {
      this.index.remove(node)
      this.#revive(node)
      this.slab.put(node, bytes, start, end)
    } else {
      this.index.remove(node)
      previous = this.#remember(node)
      this.slab.put(node, bytes, start, end)
      this.slab.free(previous.bytes, previous.start, previous.end)
    }
    this.#stamp(node, revision)
    return previous
  }

  /** Leaves a tombstone in place of an entry, if there is one, and answers the entry. */
  delete(key: Key, revision: number): Entry | undefined {
    const node = this.nodes.get(key)
    if (node === undefined || node.deleted) return undefined
    const previous = this.#remember(node)
    this.slab.free(node.bytes, node.start, node.end)
    this.index.remove(node)
    this.#bury(node)
    this.#stamp(node, revision)
    return previous
  }

  /** Leaves a tombstone where this table knows no entry, for one that an engine below holds. */
  entomb(key: Key, revision: number): void {
    const node = new Node(key, revision)
    this.nodes.set(key, node)
    this.keys.insert(key)
    this.count++
    this.#bury(node)
    this.#stamp(node, revision)
  }

  /** Forgets a tombstone. */
  forget(node: Node): void {
    this.nodes.delete(node.key)
    this.index.remove(node)
    this.tombstones--
    if (this.#orderTombstones) this.keys.remove(node.key)
  }

  /** The changes after `since`, at most about `limit`; `storeRevision` is what they are complete up to. */
  changes(since: number, limit: number, storeRevision: number): ChangePage {
    const changes: Change[] = []
    let upTo = storeRevision
    let bytes = 0
    this.index.after(since, (node) => {
      const last = changes[changes.length - 1]
      const isFull = changes.length >= limit || bytes >= changeBytes
      if (last !== undefined && isFull && node.revision > last.revision) {
        upTo = last.revision
        return false
      }
      bytes += node.end - node.start
      changes.push({ key: node.key, revision: node.revision, value: node.deleted ? undefined : valueOf(node) })
      return true
    })
    return { changes, upTo, complete: upTo === storeRevision }
  }

  #stamp(node: Node, revision: number): void {
    node.revision = revision
    this.revision = revision
    this.index.append(node)
  }

  #bury(node: Node): void {
    node.deleted = true
    node.bytes = noBytes
    node.start = node.end = 0
    this.count--
    this.tombstones++
    if (!this.#orderTombstones) this.keys.remove(node.key)
  }

  #revive(node: Node): void {
    node.deleted = false
    this.count++
    this.tombstones--
    if (!this.#orderTombstones) this.keys.insert(node.key)
  }

  #remember(node: Node): Entry {
    const previous = this.#previous
    previous.bytes = node.bytes
    previous.start = node.start
    previous.end = node.end
    previous.revision = node.revision
    return previous
  }
}

/** A copy of an entry's encoded value. */
export function valueOf(entry: Entry): Uint8Array {
  return Uint8Array.prototype.slice.call(entry.bytes, entry.start, entry.end)
}
