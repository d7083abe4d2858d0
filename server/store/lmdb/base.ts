// The tables as the last checkpoint left them: rows in LMDB, which this file alone knows. One environment, shared
// by the main thread, which reads, and the writer's thread, which runs all transactions.
//
//   data    [table u32][key]                  -> value, under the row's revision; negative: the row is a tombstone
//   index   [table u32][revision 6 bytes][key] -> one byte; every row of `data`, tombstones too, in revision order
//   graves  [table u32][revision 6 bytes][key] -> one byte; the tombstones only, for those who trim them
//   tables  [table u32]                        -> JSON of a TableRecord; garbage: the same, of dropped tables
//   meta    'state'                            -> JSON of a BaseState
//
// Numbers in keys are big-endian, so the order of the bytes is the order of the numbers.
import { type Database, getLastVersion, open, type RootDatabase } from 'lmdb'
import { readKey, writeKey } from '../bytes/latin1.ts'
import type { Key } from '../engine.ts'

export interface TableRecord {
  readonly id: number
  readonly name: Key
  /** Entries that are not deleted, among the rows in `data`. */
  count: number
  /** Entries of the table where the last checkpoint cut the log: what the log counts on from. */
  settled: number
  tombstones: number
  /** Revision of the last write in `data`. */
  revision: number
  /** Changes after an older revision than this are not known. */
  floor: number
}

/** What the log behind the checkpoint must be read from. */
export interface BaseState {
  /** First segment of the log that is not in the tables. */
  readonly sequence: number
  /** Revision of the store before that segment. */
  readonly revision: number
  readonly nextTable: number
  /** Revision of the last drop. */
  readonly lastDrop: number
}

/** A key of `data`. */
export interface RowKey {
  table: number
  key: Key
}

/** A key of `index` and `graves`. */
export interface IndexKey extends RowKey {
  revision: number
}

/** Address space for the file at first; it grows when the file does. */
const mapBytes = 2 ** 36

const tableBytes = 4
const revisionBytes = 6

function writeTable(into: Buffer, at: number, table: number): void {
  into[at] = table >>> 24
  into[at + 1] = table >>> 16
  into[at + 2] = table >>> 8
  into[at + 3] = table
}

const rowKeys = {
  writeKey(row: RowKey, into: Buffer, at: number): number {
    writeTable(into, at, row.table)
    writeKey(into, at + tableBytes, row.key)
    return at + tableBytes + row.key.length
  },
  readKey: (from: Buffer, start: number, end: number): Key => readKey(from, start + tableBytes, end),
}

const indexKeys = {
  writeKey(row: IndexKey, into: Buffer, at: number): number {
    writeTable(into, at, row.table)
    into.writeUIntBE(row.revision, at + tableBytes, revisionBytes)
    writeKey(into, at + tableBytes + revisionBytes, row.key)
    return at + tableBytes + revisionBytes + row.key.length
  },
  readKey: (from: Buffer, start: number, end: number): IndexKey => ({
    table: from.readUInt32BE(start),
    revision: from.readUIntBE(start + tableBytes, revisionBytes),
    key: readKey(from, start + tableBytes + revisionBytes, end),
  }),
}

/** Keeps LMDB's buffer as it is: whoever reads a row copies what it needs. */
const views = { encode: (bytes: Uint8Array) => bytes, decode: (bytes: Uint8Array) => bytes, needsStableBuffer: false }
const mark = Buffer.from([1])

/** A row as `Base.find` and `Base.rows` leave it: valid until the next call. */
export interface Row {
  bytes: Uint8Array
  length: number
  revision: number
  deleted: boolean
}

type Store<K> = Database<Uint8Array, never> & { readonly keyType?: K }

export class Base {
  readonly found: Row = { bytes: mark, length: 0, revision: 0, deleted: false }
  readonly #root: RootDatabase<string, string>
  readonly #data: Store<RowKey>
  readonly #index: Store<IndexKey>
  readonly #tombstones: Store<IndexKey>
  readonly #tables: Database<TableRecord, number>
  readonly #garbage: Database<TableRecord, number>
  readonly #meta: Database<BaseState, string>
  readonly #key: RowKey = { table: 0, key: '' }

  /** Opens the environment in a folder, or makes it. */
  constructor(path: string, options: { readOnly?: boolean } = {}) {
    this.#root = open(path, {
      maxDbs: 8,
      mapSize: mapBytes,
      readOnly: options.readOnly ?? false,
      // Every commit is on disk when it returns: the writer's thread waits, nobody else.
      overlappingSync: false,
      eventTurnBatching: false,
      encoding: 'string',
    })
    const rows = { keyEncoder: rowKeys, encoder: views, useVersions: true }
    const marks = { keyEncoder: indexKeys, encoder: views, useVersions: false }
    this.#data = this.#root.openDB('data', rows) as unknown as Store<RowKey>
    this.#index = this.#root.openDB('index', marks) as unknown as Store<IndexKey>
    this.#tombstones = this.#root.openDB('graves', marks) as unknown as Store<IndexKey>
    this.#tables = this.#root.openDB('tables', { encoding: 'json', keyEncoding: 'uint32' })
    this.#garbage = this.#root.openDB('garbage', { encoding: 'json', keyEncoding: 'uint32' })
    this.#meta = this.#root.openDB('meta', { encoding: 'json' })
  }

  state(): BaseState | undefined {
    return this.#meta.get('state')
  }

  tables(): TableRecord[] {
    return [...this.#tables.getRange()].map(({ value }) => value)
  }

  table(id: number): TableRecord | undefined {
    return this.#tables.get(id)
  }

  /** Dropped tables whose rows are not all gone. */
  garbage(): TableRecord[] {
    return [...this.#garbage.getRange()].map(({ value }) => value)
  }

  /** Looks a row up, a tombstone as well, and leaves it in `found`. */
  find(table: number, key: Key): boolean {
    this.#key.table = table
    this.#key.key = key
    const bytes = this.#data.getBinaryFast(this.#key as never)
    if (bytes === undefined) return false
    this.#note(bytes, getLastVersion())
    return true
  }

  /**
   * The rows of a table from `start` to `end` (exclusive; '' and undefined: all), or downwards from below `end` to
   * `start`. Each is in `found` while its key is the last one taken. Finish with `return()` when done early.
   */
  *rows(table: number, start: Key, end: Key | undefined, reverse: boolean): Generator<Key, void, void> {
    const low = { table, key: start }
    const high = end === undefined ? { table: table + 1, key: '' } : { table, key: end }
    const bounds = reverse ? { start: high, end: low, inclusiveEnd: true } : { start: low, end: high }
    for (const entry of this.#data.getRange({ ...(bounds as object), reverse, versions: true })) {
      const { key, value, version } = entry as unknown as { key: Key; value: Uint8Array; version: number }
      // Downwards LMDB begins with the bound itself.
      if (reverse && key === end) continue
      this.#note(value, version)
      yield key
    }
  }

  /** Keys of a table by their last write after `since` and up to `upTo`, oldest first, at most `limit`. */
  changed(table: number, since: number, upTo: number, limit: number): IndexKey[] {
    return this.#keysOf(this.#index, table, since + 1, upTo, limit)
  }

  /** The tombstones of a table up to a revision, oldest first, at most `limit`. */
  tombstones(table: number, upTo: number, limit: number): IndexKey[] {
    return this.#keysOf(this.#tombstones, table, 0, upTo, limit)
  }

  /** Runs `action` as one transaction, durable when this returns; if it throws, nothing of it stays. */
  transaction(action: () => void): void {
    this.#root.transactionSync(action)
  }

  /** Sets a row, without its place in the index. Within a transaction, as all that changes rows. */
  putRow(row: IndexKey, value: Uint8Array, deleted: boolean): void {
    void this.#data.put(row as never, value, deleted ? -row.revision : row.revision)
  }

  removeRow(row: RowKey): void {
    void this.#data.remove(row as never)
  }

  /** Adds the index rows of a row. */
  index(row: IndexKey, deleted: boolean): void {
    void this.#index.put(row as never, mark)
    if (deleted) void this.#tombstones.put(row as never, mark)
  }

  /** Removes the index rows of a row as it was at `row.revision`. */
  unindex(row: IndexKey, deleted: boolean): void {
    void this.#index.remove(row as never)
    if (deleted) void this.#tombstones.remove(row as never)
  }

  putTable(record: TableRecord): void {
    void this.#tables.put(record.id, record)
  }

  /** Makes a table garbage: its name is gone, its rows are still there. */
  discard(id: number): void {
    const record = this.#tables.get(id)
    if (record === undefined) return
    void this.#tables.remove(id)
    void this.#garbage.put(id, record)
  }

  putState(state: BaseState): void {
    void this.#meta.put('state', state)
  }

  /** Removes up to `limit` rows of a dropped table, of any kind; returns whether that was all. */
  reclaim(record: TableRecord, limit: number): boolean {
    let left = limit
    const bounds = () => ({
      start: { table: record.id, key: '', revision: 0 },
      end: { table: record.id + 1, key: '', revision: 0 },
    })
    for (const store of [this.#data, this.#index, this.#tombstones]) {
      const keys = [...store.getKeys({ ...(bounds() as object), limit: left })] as unknown as (Key | IndexKey)[]
      for (const key of keys) {
        void store.remove((typeof key === 'string' ? { table: record.id, key } : key) as never)
      }
      left -= keys.length
      if (store === this.#data) record.count = Math.max(0, record.count - keys.length)
      if (left === 0) break
    }
    if (left > 0) void this.#garbage.remove(record.id)
    else void this.#garbage.put(record.id, record)
    return left > 0
  }

  /** All rows of a table's index, in its order. */
  *indexRows(table: number): Generator<IndexKey, void, void> {
    const bounds = { start: { table, revision: 0, key: '' }, end: { table: table + 1, revision: 0, key: '' } }
    for (const row of this.#index.getKeys(bounds as object)) yield row as unknown as IndexKey
  }

  /** Whether the index has a row as `found` is, under its key. */
  isIndexed(row: IndexKey, deleted: boolean): boolean {
    return this.#index.doesExist(row as never) && this.#tombstones.doesExist(row as never) === deleted
  }

  /** Rows of each kind: of one table, or of all. */
  rowCounts(table?: number): { data: number; index: number; tombstones: number } {
    const count = (store: Store<unknown>): number => {
      if (table === undefined) return (store.getStats() as { entryCount: number }).entryCount
      const bounds = { start: { table, revision: 0, key: '' }, end: { table: table + 1, revision: 0, key: '' } }
      return store.getKeysCount(bounds as object)
    }
    return { data: count(this.#data), index: count(this.#index), tombstones: count(this.#tombstones) }
  }

  /** Lets the next read see what the writer's thread has committed since. */
  refresh(): void {
    this.#root.resetReadTxn()
  }

  async close(): Promise<void> {
    await this.#root.close()
  }

  #keysOf(store: Store<IndexKey>, table: number, from: number, upTo: number, limit: number): IndexKey[] {
    const bounds = {
      start: { table, revision: from, key: '' },
      end: { table, revision: upTo + 1, key: '' },
    }
    return [...store.getKeys({ ...(bounds as object), limit })] as unknown as IndexKey[]
  }

  #note(bytes: Uint8Array, version: number): void {
    const found = this.found
    found.bytes = bytes
    found.length = bytes.length
    found.deleted = version < 0
    found.revision = version < 0 ? -version : version
  }
}
