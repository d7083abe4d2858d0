// The engine on disk: an append-only log in front of LMDB. A write goes to the log and to the overlay of its table;
// in the background the overlays go to LMDB, and the log behind them is used again. This file ties the parts
// together: the log says what is safe, the tables answer reads, the background moves data and takes up space again.

import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KvassError } from '../../../proto/status.ts'
import { hashOf } from '../bytes/hash.ts'
import { keyScratch, keyToScratch } from '../bytes/latin1.ts'
import {
  admitKey,
  type BytesWrite,
  type ChangePage,
  type Engine,
  type EngineEvents,
  type EngineStats,
  type Entry,
  type Key,
  type RangePage,
  type RangeQuery,
  type TableStats,
  type Write,
} from '../engine.ts'
import { Base } from '../lmdb/base.ts'
import { type TableWriter, ThreadWriter } from '../lmdb/writer.ts'
import { type LogFiles, realFiles } from '../log/files.ts'
import { type RecordSink, setBytes, shortBytes } from '../log/format.ts'
import { Log } from '../log/log.ts'
import { DamageError, type LogEnd, listSlots, replayLog } from '../log/replay.ts'
import { copyOfEntry } from '../memory/table.ts'
import { Background, type Due } from './background.ts'
import { CacheBound } from './cache.ts'
import { type Directory, lmdbHeadIsSound, openDirectory } from './directory.ts'
import type { DiskOptions } from './options.ts'
import { DiskTable, Tally } from './table.ts'

/** An overlay's own memory for each key it holds. */
const nodeBytes = 256
/**
 * New keys may take one part in so many of the bound, and begin a checkpoint at half of that: a start takes longest
 * to replay those, and is to be ready within a second (at 256 MiB, 260,000 new keys).
 */
const keyShare = 4
/** Bytes of records that may wait for a group in flight before writers wait. */
const maxPendingBytes = 16 << 20

/**
 * Opens a store, replaying what its log holds. Throws an Error whose message says what is wrong and what to do when
 * the directory is in use, not ours, of another version, or damaged.
 */
export async function openDisk(options: DiskOptions): Promise<Engine> {
  const started = performance.now()
  const directory = openDirectory(options.directory)
  try {
    if (!lmdbHeadIsSound(directory.lmdb)) await refuseDamaged(directory)
    const engine = new DiskEngine(options, directory)
    const { entries, logBytes } = engine.stats()
    options.log?.info({ openMs: performance.now() - started, entries, logBytes }, 'the store is open')
    return engine
  } catch (error) {
    directory.release()
    throw error
  }
}

/** LMDB's file is shorter than it says: a closer look, in a process of its own, decides. */
async function refuseDamaged(directory: Directory): Promise<void> {
  const { checkTables } = await import('../lmdb/inspect.ts')
  const found: string[] = []
  if (await checkTables(directory.lmdb, (line) => found.push(line))) return
  throw new DamageError(`${directory.lmdb} is damaged (${found[0]}): restore the data directory from a copy`)
}

class DiskEngine implements Engine {
  readonly kind = 'disk'
  readonly durability: 'flush' | 'commit'
  readonly epoch: string
  readonly events: EngineEvents = {}
  readonly #directory: Directory
  readonly #base: Base
  readonly #writer: TableWriter
  readonly #log: Log
  readonly #background: Background
  readonly #tally = new Tally()
  readonly #cache: CacheBound
  #tables = new Map<Key, DiskTable>()
  readonly #checkpointBytes: number
  readonly #maxOverlayBytes: number
  #nextTable = 1
  /** Revision of the last drop: of a table that does not exist, nothing older is known. */
  #lastDrop = 0
  #relief: { promise: Promise<void>; resolve: () => void } | undefined
  #closed: Promise<void> | undefined

  constructor(options: DiskOptions, directory: Directory) {
    const files = options.files ?? realFiles
    const clock = options.clock ?? (() => performance.now() / 1000)
    this.durability = options.durability
    this.epoch = directory.epoch
    this.#directory = directory
    this.#checkpointBytes = options.checkpointBytes ?? 64 << 20
    this.#maxOverlayBytes = options.maxOverlayBytes ?? 256 << 20
    this.#cache = new CacheBound(options.cacheBytes ?? 256 << 20)
    this.#base = new Base(directory.lmdb)
    this.#writer = options.writer?.(directory.lmdb) ?? new ThreadWriter(directory.lmdb)
    this.#background = new Background({
      base: this.#base,
      writer: this.#writer,
      tally: this.#tally,
      clock,
      logger: options.log,
      tombstoneSeconds: options.tombstoneSeconds ?? 3600,
      maxTombstones: options.maxTombstones ?? 100_000,
      log: () => this.#log,
      tables: () => this.#tables.values(),
      names: () => ({ nextTable: this.#nextTable, lastDrop: this.#lastDrop }),
      due: () => this.#due(),
      onCheckpoint: (seconds, entries) => {
        this.events.onCheckpoint?.(seconds, entries)
        this.#relieve()
      },
      onFailure: () => this.#relieve(),
    })
    const end = this.#recover(files)
    this.#log = new Log(
      {
        directory: directory.log,
        files,
        epoch: directory.epoch,
        durability: options.durability,
        aheadBytes: Math.min(4 << 20, Math.max(1 << 16, this.#checkpointBytes >> 2)),
        clock: () => clock() * 1000,
        onSafe: (seconds, writes, bytes) => this.#onSafe(seconds, writes, bytes),
        onFailure: (error) => {
          options.log?.error({ err: error }, 'the log could not be written: no write is taken until a restart')
          this.#relieve()
        },
      },
      end,
    )
    if (end.slot === undefined) {
      for (const path of [directory.lmdb, directory.path, dirname(directory.path)]) files.syncDirectory(path)
      this.#base.transaction(() => this.#base.putState({ sequence: 1, revision: 0, nextTable: 1, lastDrop: 0 }))
      this.#directory.begun()
    }
    if (end.torn) options.log?.warn({ offset: end.offset }, 'a torn write at the end of the log was cut off')
    this.#background.start()
  }

  get revision(): number {
    return this.#log.revision
  }

  get safeRevision(): number {
    return this.#log.safeRevision
  }

  whenSafe(revision: number, callback: (error?: Error) => void): void {
    this.#log.whenSafe(revision, callback)
  }

  pressure(): Promise<void> | undefined {
    if (!this.#overBound() && this.#log.pendingBytes <= maxPendingBytes) return undefined
    // Where waiting would not help, writes are refused instead.
    if (this.#background.failure !== undefined || this.#log.failure !== undefined) return undefined
    if (this.#relief === undefined) {
      let resolve = (): void => {}
      const promise = new Promise<void>((settle) => {
        resolve = settle
      })
      this.#relief = { promise, resolve }
      this.#background.wake()
    }
    return this.#relief.promise
  }

  get(table: Key, key: Key): Entry | undefined {
    return this.#tables.get(table)?.getKey(key)
  }

  lookup(table: Key, key: Uint8Array, start: number, end: number, hash: number): Entry | undefined {
    return this.#tables.get(table)?.get(key, start, end, hash)
  }

  warm(table: Key, hashes: Int32Array, count: number): void {
    this.#tables.get(table)?.warm(hashes, count)
  }

  set(name: Key, key: Key, bytes: Uint8Array, start: number, end: number): Entry | undefined {
    this.#admit(key.length)
    this.#log.reserve(setBytes(key.length, end - start) + shortBytes(name), false)
    return this.#setKey(name, key, bytes, start, end, false)
  }

  put(
    name: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Entry | undefined {
    this.#admit(keyEnd - keyStart)
    this.#log.reserve(setBytes(keyEnd - keyStart, end - start) + shortBytes(name), false)
    return this.#set(name, key, keyStart, keyEnd, hash, bytes, start, end, false)
  }

  putWith(
    name: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    also: BytesWrite,
  ): void {
    this.#admit(keyEnd - keyStart)
    const { length } = also.key
    const alsoBytes = setBytes(length, also.end) + shortBytes(also.table)
    this.#log.reserve(setBytes(keyEnd - keyStart, end - start) + shortBytes(name) + alsoBytes, false)
    this.#set(name, key, keyStart, keyEnd, hash, bytes, start, end, false)
    this.#set(also.table, also.key, 0, length, hashOf(also.key, 0, length), also.bytes, 0, also.end, true)
  }

  delete(name: Key, key: Key): Entry | undefined {
    const table = this.#tables.get(name)
    const previous = table?.getKey(key)
    if (table === undefined || previous === undefined) return undefined
    this.#log.reserve(shortBytes(key), true)
    return table.delete(key, previous, this.#log.delete(table.id, key, false))
  }

  apply(writes: readonly Write[]): (Entry | undefined)[] {
    let bytes = 0
    let sets = false
    for (const { table, key, value } of writes) {
      if (value !== undefined) {
        this.#admit(key.length)
        sets = true
      }
      bytes += setBytes(key.length, value?.length ?? 0) + shortBytes(table)
    }
    this.#log.reserve(bytes, !sets)
    let shared = false
    return writes.map(({ table: name, key, value }) => {
      if (value !== undefined) {
        const previous = this.#setKey(name, key, value, 0, value.length, shared)
        shared = true
        return previous && copyOfEntry(previous)
      }
      const table = this.#tables.get(name)
      const previous = table?.getKey(key)
      if (table === undefined || previous === undefined) return undefined
      const copied = copyOfEntry(previous)
      table.delete(key, copied, this.#log.delete(table.id, key, shared))
      shared = true
      return copied
    })
  }

  range(table: Key, query: RangeQuery): RangePage {
    return this.#tables.get(table)?.range(query) ?? { entries: [], next: undefined }
  }

  count(table: Key): number {
    return this.#tables.get(table)?.count ?? 0
  }

  tables(): TableStats[] {
    return [...this.#tables.values()]
      .map(({ name, count, revision }) => ({ name, count, revision }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  drop(name: Key): number {
    const table = this.#tables.get(name)
    if (table === undefined) return 0
    this.#log.reserve(shortBytes(''), true)
    this.#drop(table, this.#log.drop(table.id, false))
    return table.count
  }

  dropAll(): number {
    this.#log.reserve(this.#tables.size * shortBytes(''), true)
    let count = 0
    let shared = false
    for (const table of this.#tables.values()) {
      this.#drop(table, this.#log.drop(table.id, shared))
      count += table.count
      shared = true
    }
    return count
  }

  changes(name: Key, since: number, limit: number): ChangePage | undefined {
    const table = this.#tables.get(name)
    if (table !== undefined) return table.changes(since, limit, this.#background.revision, this.revision)
    return since < this.#lastDrop ? undefined : { changes: [], upTo: this.revision, complete: true }
  }

  stats(): EngineStats {
    let entries = 0
    let memoryBytes = 0
    for (const { count, active, frozen } of this.#tables.values()) {
      entries += count
      for (const overlay of [active, frozen]) {
        if (overlay !== undefined) memoryBytes += overlay.cells.reservedBytes + overlay.size * nodeBytes
      }
    }
    return {
      entries,
      tables: this.#tables.size,
      diskBytes: this.#log.fileBytes + statSync(join(this.#directory.lmdb, 'data.mdb')).size,
      memoryBytes,
      logBytes: this.#log.liveBytes,
      reclaiming: this.#background.reclaiming,
      cache: { bytes: this.#cache.bytes, hits: this.#cache.hits, misses: this.#cache.misses },
      checkpoints: this.#background.checkpoints,
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    try {
      await this.#background.stop()
      await this.#log.close()
      await this.#writer.close()
      await this.#base.close()
    } finally {
      this.#tables = new ClosedTables()
      this.#directory.release()
      this.#relieve()
    }
  }

  /** Refuses a write that could not be kept. */
  #admit(keyBytes: number): void {
    if (this.#closed !== undefined) throw new Error('the store is closed')
    admitKey(keyBytes)
    const cause = this.#background.failure
    if (cause !== undefined && this.#overBound()) {
      this.#background.wake()
      throw new KvassError(507, 'the tables on disk cannot take more: reads and deletes go on', { cause })
    }
  }

  #setKey(name: Key, key: Key, bytes: Uint8Array, start: number, end: number, shared: boolean): Entry | undefined {
    const length = keyToScratch(key)
    return this.#set(name, keyScratch, 0, length, hashOf(keyScratch, 0, length), bytes, start, end, shared)
  }

  #set(
    name: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    shared: boolean,
  ): Entry | undefined {
    const table = this.#tables.get(name) ?? this.#create(name)
    const revision = this.#log.set(table.id, key, keyStart, keyEnd, bytes, start, end, shared)
    const previous = table.set(key, keyStart, keyEnd, hash, bytes, start, end, revision)
    if (previous === undefined) this.#log.markFresh()
    return previous
  }

  #create(name: Key): DiskTable {
    const table = new DiskTable(this.#base, this.#tally, this.#cache, {
      id: this.#nextTable++,
      name,
      floor: this.#lastDrop,
    })
    this.#log.create(table.id, name)
    this.#tables.set(name, table)
    this.#background.made(table)
    return table
  }

  #drop(table: DiskTable, revision: number): void {
    this.#tables.delete(table.name)
    this.#lastDrop = revision
    this.#background.dropped(table)
  }

  #onSafe(seconds: number, writes: number, bytes: number): void {
    this.events.onCommit?.(seconds, writes, bytes)
    if (this.#due() !== 'nothing') this.#background.wake()
    else if (this.#relief !== undefined) this.#relieve()
  }

  #relieve(): void {
    const refused = this.#background.failure !== undefined || this.#log.failure !== undefined
    if (this.#closed === undefined && !refused && this.#overBound()) return
    this.#relief?.resolve()
    this.#relief = undefined
  }

  /** Whether the log or the overlays are as large as they may become. */
  #overBound(): boolean {
    const memory = (this.#tally.active + this.#tally.frozen) * nodeBytes
    return this.#log.liveBytes + memory > this.#maxOverlayBytes || memory * keyShare > this.#maxOverlayBytes
  }

  #due(): Due {
    const memory = this.#tally.active * nodeBytes
    if (memory * 2 * keyShare > this.#maxOverlayBytes) return 'freeze'
    const { liveBytes } = this.#log
    if (liveBytes >= this.#checkpointBytes) return 'checkpoint'
    return 2 * liveBytes >= this.#checkpointBytes && !this.#background.marked ? 'mark' : 'nothing'
  }

  /** Brings the tables to where the log ends. */
  #recover(files: LogFiles): LogEnd {
    const { log, epoch } = this.#directory
    const state = this.#base.state()
    if (state === undefined) return beginning(log, files)
    const byId = new Map<number, DiskTable>()
    for (const record of this.#base.tables()) {
      const table = new DiskTable(this.#base, this.#tally, this.#cache, record)
      byId.set(table.id, table)
      this.#tables.set(table.name, table)
    }
    this.#nextTable = state.nextTable
    this.#lastDrop = state.lastDrop
    this.#background.revision = state.revision
    return replayLog(log, { ...state, epoch }, this.#sink(byId), files)
  }

  /**
   * Applies what the log holds again. A checkpoint that did not finish may have brought a part of it to LMDB, the
   * drop of a table too: so records of a table that is gone are passed over.
   */
  #sink(byId: Map<number, DiskTable>): RecordSink {
    return {
      set: (id, bytes, keyStart, keyEnd, start, end, revision, isFresh) =>
        byId.get(id)?.replaySet(bytes, keyStart, keyEnd, start, end, revision, isFresh),
      delete: (id, key, revision) => byId.get(id)?.replayDelete(key, revision),
      create: (id, name) => {
        this.#nextTable = Math.max(this.#nextTable, id + 1)
        const table =
          byId.get(id) ?? new DiskTable(this.#base, this.#tally, this.#cache, { id, name, floor: this.#lastDrop })
        byId.set(id, table)
        this.#tables.set(name, table)
        this.#background.made(table)
      },
      drop: (id, revision) => {
        const table = byId.get(id)
        this.#lastDrop = revision
        if (table === undefined) return
        byId.delete(id)
        if (this.#tables.get(table.name) === table) this.#tables.delete(table.name)
        this.#background.dropped(table)
      },
    }
  }
}

/** What is there once the store is closed. */
class ClosedTables extends Map<Key, DiskTable> {
  override get(): never {
    throw new Error('the store is closed')
  }

  override values(): never {
    return this.get()
  }
}

/** The end of a log that has not begun. Groups in it without tables behind them mean that the tables were lost. */
function beginning(log: string, files: LogFiles): LogEnd {
  const slots = listSlots(log, files)
  const used = slots.find((slot) => slot.header !== undefined && (slot.header.sequence > 1 || slot.used))
  if (used !== undefined) {
    throw new DamageError(
      `${used.path} holds writes, but the tables in lmdb/ are missing: restore the data directory from a copy`,
    )
  }
  return { slot: undefined, offset: 0, revision: 0, chain: 0, logBytes: 0, live: [], slots, cut: [], torn: false }
}
