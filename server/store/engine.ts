// The contract of a storage engine: what the commands may ask of it and what it promises them.
// Synchronous: a call returns with its effect visible to the next call. An engine never sees a frame or a socket.
// Every engine passes server/testing/contract.ts, which `kvass/testing` exports.
import { KvassError } from '../../proto/status.ts'

/**
 * A key, table name or prefix: the bytes of its UTF-8, one character (U+0000 to U+00FF) a byte. Two keys compare
 * with `<` in the order of their bytes, no decoding is needed to look one up, and an ASCII key is its own text.
 */
export type Key = string

/** Stands for every table where what is asked is the same for all: of an engine whose tables are one group. */
export const anyTable: Key = ''

/** Bytes of the longest key that an engine takes. LMDB takes 1978; the index of the engine on disk adds 10 to the key. */
export const longestKeyBytes = 1900

/** Refuses a key that no engine takes. */
export function admitKey(bytes: number): void {
  if (bytes > 0 && bytes <= longestKeyBytes) return
  throw new KvassError(400, `a key of ${bytes} bytes: 1 to ${longestKeyBytes} can be stored`)
}

/**
 * The encoded `Value` message of an entry is `bytes[start, end)`. That view is only valid until the next call
 * into the engine: copy what you keep.
 */
export interface Entry {
  readonly bytes: Uint8Array
  /** A view on the same memory as `bytes`, where there is one. */
  readonly data?: DataView
  readonly start: number
  readonly end: number
  /** Revision of the write that left the entry as it is. */
  readonly revision: number
}

/** One write of a group: sets `key` to a copy of the value, or deletes it where there is none. */
export interface Write {
  readonly table: Key
  readonly key: Key
  readonly value: Uint8Array | undefined
}

/** A write of `bytes[0, end)` under the key whose bytes are `key`. */
export interface BytesWrite {
  readonly table: Key
  readonly key: Uint8Array
  readonly bytes: Uint8Array
  readonly end: number
}

export interface RangeQuery {
  /** First key, inclusive. Absent: from the first. */
  readonly start?: Key | undefined
  /** End, exclusive. Absent: to the last. */
  readonly end?: Key | undefined
  /** Continue strictly after this key in the direction of the range: the `next` of the page before. */
  readonly after?: Key | undefined
  readonly reverse?: boolean
  readonly keysOnly?: boolean
  /** Entries at the most. */
  readonly limit: number
  /** Stop once keys and values sum to this many bytes. */
  readonly maxBytes: number
}

export interface RangeEntry {
  readonly key: Key
  /** The encoded value; empty with `keysOnly`. Stays valid. */
  readonly value: Uint8Array
  readonly revision: number
}

export interface RangePage {
  readonly entries: RangeEntry[]
  /** Present: the range may hold more entries after this key. A page may be empty and still have a next. */
  readonly next: Key | undefined
}

export interface TableStats {
  readonly name: Key
  readonly count: number
  readonly revision: number
}

/** The latest state of one key that changed: its value, or none where it was deleted. */
export interface Change {
  readonly key: Key
  readonly revision: number
  readonly value: Uint8Array | undefined
}

/** Bytes of values from which a page of changes is cut, where a revision ends: so it stays about a page. */
export const changeBytes = 65_536

export interface ChangePage {
  /** In revision order; all changes of one revision are on the same page. */
  readonly changes: Change[]
  /** Every key that changed in (since, upTo] is in `changes`, or was changed again after `upTo`. */
  readonly upTo: number
  /** Whether `upTo` is the revision of the store at this call. */
  readonly complete: boolean
}

/** What an acknowledged write survives: see `Durability` in kv.proto, whose numbers these are. */
export const durabilityNumbers = { flush: 0, commit: 1, volatile: 2 } as const
export type Durability = keyof typeof durabilityNumbers

/** What every engine knows of itself. */
export interface EngineStats {
  readonly entries: number
  readonly tables: number
  /** Bytes of memory that hold entries. */
  readonly memoryBytes: number
  /** Of an engine with files of its own. */
  readonly disk?: DiskStats
}

/** What an engine with files of its own knows of them. */
export interface DiskStats {
  /** Bytes of all its files. */
  readonly fileBytes: number
  /** Bytes of log not yet checkpointed. */
  readonly logBytes: number
  readonly checkpoints: number
  /** Entries of dropped tables whose space has not come back yet. */
  readonly reclaiming: number
  /** The cache in front of the tables on disk: its bytes, and how many lookups it had and had not. */
  readonly cache: { readonly bytes: number; readonly hits: number; readonly misses: number }
}

/** Is told of every write, in their order, as it is made. The bytes are only valid during the call. It must not call back. */
export interface WriteObserver {
  /** Whether it wants to be told of writes to this table. Asked at each write. */
  watches(table: Key): boolean
  wrote(table: Key, key: Key, revision: number, bytes: Uint8Array, start: number, end: number): void
  deleted(table: Key, key: Key, revision: number): void
  /** The table is gone with all its entries. */
  dropped(table: Key, revision: number): void
}

/** Tells an observer of a group of writes that was applied, in its order: not of deletes that found nothing. */
export function tellApplied(
  observer: WriteObserver,
  writes: readonly Write[],
  previous: readonly (Entry | undefined)[],
  revision: number,
): void {
  for (const [index, { table, key, value }] of writes.entries()) {
    if (!observer.watches(table)) continue
    if (value !== undefined) observer.wrote(table, key, revision, value, 0, value.length)
    else if (previous[index] !== undefined) observer.deleted(table, key, revision)
  }
}

/** What an engine tells of its work; all optional to listen to. */
export interface EngineEvents {
  /** A group became safe: its writes, its bytes, and how long it took. */
  onCommit?: ((seconds: number, writes: number, bytes: number) => void) | undefined
  onCheckpoint?: ((seconds: number, entries: number) => void) | undefined
}

/**
 * Reads and writes of single entries whose keys and values lie in the bytes of a request, with nothing made on the way: for
 * engines whose data is in this process. The parameters are positional because this is where half of the throughput is
 * won (`npm run bench -- commands`).
 */
export interface DirectAccess {
  /** As `Engine.get`, of the key whose bytes are `key[start, end)`; `hash` is its `hashOf`. */
  lookup(table: Key, key: Uint8Array, start: number, end: number, hash: number): Entry | undefined

  /**
   * Hints that the keys of the first `count` hashes are about to be looked up: prefetches what that reads,
   * so that the misses of the caches overlap instead of following one another. At most 256 at a time; changes
   * `hashes`.
   */
  warm(table: Key, hashes: Int32Array, count: number): void

  /** As `Engine.set`, of the key whose bytes are `key[keyStart, keyEnd)`; `hash` is its `hashOf`. */
  put(
    table: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Entry | undefined

  /**
   * As `put`, and a second write in the same group. Returns nothing: whoever needs the entry before looks it up before.
   */
  putWith(
    table: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    also: BytesWrite,
  ): void
}

export interface Engine {
  /** What it is called where a gateway tells of itself, such as "memory" or "disk". */
  readonly kind: string
  readonly durability: Durability
  /** Id of the store's life: 32 hex digits. It changes when the store is reset or restored. */
  readonly epoch: string
  readonly events: EngineEvents
  /** Told of every write from when it is set, until another takes its place. */
  observer: WriteObserver | undefined
  /** Without it the commands that would use it go the way of all others. */
  readonly direct?: DirectAccess | undefined

  /**
   * Revision of the last write applied to the group of tables that this one is in. It grows with each group of writes and
   * never repeats. Where all tables are one group, as in the engines of this process, it is one counter for the store.
   */
  revisionOf(table: Key): number

  /** Every write to the table's group up to this revision survives what `durability` names. */
  safeRevisionOf(table: Key): number

  /**
   * Calls back, once, when `safeRevisionOf(table)` has reached `revision`, or with the error when it never will: after a
   * failed write to the log the outcome of later writes is unknown until a restart. Callbacks run in order of
   * registration, never within this call.
   */
  whenSafe(table: Key, revision: number, callback: (error?: Error) => void): void

  /**
   * Undefined: writes are taken now. Otherwise a promise that settles when they are again; writes made
   * meanwhile are taken as well, but whoever brings many must wait (the bound of the log or of memory).
   */
  pressure(): Promise<void> | undefined

  get(table: Key, key: Key): Entry | undefined

  /**
   * Sets one entry to a copy of `bytes[start, end)` and returns the entry before; the new one has the revision
   * `revisionOf(table)`. Throws without effect: the error of `admitKey` for a key that no engine takes, KvassError 507 when
   * the store cannot take the write, and an error that says so once the store is closed.
   */
  set(table: Key, key: Key, bytes: Uint8Array, start: number, end: number): Entry | undefined

  /** Deletes one entry and returns it. Of a missing key: no write, no new revision. */
  delete(table: Key, key: Key): Entry | undefined

  /**
   * Applies a group of writes in order, all or none, under one revision. Returns a copy of the entry before each,
   * undefined where there was none. Deletes of missing keys are no writes; a group without writes has no revision.
   * Throws as `set` does, without effect.
   */
  apply(writes: readonly Write[]): (Entry | undefined)[]

  /** One page of entries in key order. It looks at no more than a few thousand entries, live or deleted. */
  range(table: Key, query: RangeQuery): RangePage

  /** Entries of a table: O(1). */
  count(table: Key): number

  /** All tables in order of their names. A table exists from its first write until it is dropped. */
  tables(): TableStats[]

  /** Removes a table and returns how many entries it had: O(1) on the name, the space comes back in steps. */
  drop(table: Key): number

  /**
   * The keys of a table that changed after revision `since`, in revision order, at most about `limit` of them and
   * `changeBytes` of values.
   * Undefined where that is no longer known: `since` is older than the tombstones kept or than the table itself;
   * read the table with `range` and continue from the revision that the store had before.
   */
  changes(table: Key, since: number, limit: number): ChangePage | undefined

  stats(): EngineStats

  /** Makes every write safe and lets go of all files. Later writes throw; later calls of `close` do nothing. */
  close(): Promise<void>
}

/** The first key after every key that starts with `prefix`; undefined where there is none (all bytes 0xff). */
export function afterPrefix(prefix: Key): Key | undefined {
  for (let last = prefix.length - 1; last >= 0; last--) {
    const code = prefix.charCodeAt(last)
    if (code < 0xff) return prefix.slice(0, last) + String.fromCharCode(code + 1)
  }
  return undefined
}
