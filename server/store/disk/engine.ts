// The engine on disk: an append-only log in front of LMDB. A write goes to the log and to the overlay of its table;
// in the background the overlays go to LMDB, and the log behind them is used again. This file does what the contract
// says with the parts: the log says what is safe, the tables do the reads, the background moves data.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from '../bytes/hash.ts'
import { keyScratch, keyToScratch, readKey } from '../bytes/latin1.ts'
import {
  admitKey,
  type BytesWrite,
  type ChangePage,
  type DirectAccess,
  type Engine,
  type EngineEvents,
  type EngineStats,
  type Entry,
  type Key,
  type RangePage,
  type RangeQuery,
  type TableStats,
  tellApplied,
  type Write,
  type WriteObserver,
} from '../engine.ts'
import { setBytes, shortBytes } from '../log/format.ts'
import type { LogListener } from '../log/groups.ts'
import type { Log } from '../log/log.ts'
import { DamageError } from '../log/replay.ts'
import { copyOfEntry } from '../memory/memory-table.ts'
import type { BackgroundListener } from './background.ts'
import { overlayKeyBytes } from './bounds.ts'
import type { Catalog } from './catalog.ts'
import type { Checkpointed } from './checkpoints.ts'
import { type Directory, lmdbHeadIsSound, openDirectory } from './directory.ts'
import type { DiskTable } from './disk-table.ts'
import type { DiskOptions } from './options.ts'
import { type DiskParts, openParts } from './parts.ts'
import type { Pressure } from './pressure.ts'

/**
 * Opens a store, replaying what its log holds. Throws an Error whose message says what is wrong and what to do when
 * the directory is in use, not ours, of another version, or damaged.
 */
export async function openDisk(options: DiskOptions): Promise<Engine> {
  const started = performance.now()
  const directory = openDirectory(options.directory)
  try {
    if (!lmdbHeadIsSound(directory.lmdb)) await refuseDamaged(directory)
    const engine = new DiskEngine(options, directory, openParts(options, directory))
    const { entries, disk } = engine.stats()
    options.log?.info({ openMs: performance.now() - started, entries, logBytes: disk?.logBytes }, 'the store is open')
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

class DiskEngine implements Engine, DirectAccess, LogListener, BackgroundListener {
  readonly kind = 'disk'
  readonly durability: 'flush' | 'commit'
  readonly epoch: string
  readonly events: EngineEvents = {}
  observer: WriteObserver | undefined
  readonly direct: DirectAccess = this
  readonly #options: DiskOptions
  readonly #directory: Directory
  readonly #parts: DiskParts
  readonly #catalog: Catalog
  readonly #log: Log
  readonly #pressure: Pressure
  #closed: Promise<void> | undefined

  constructor(options: DiskOptions, directory: Directory, parts: DiskParts) {
    this.durability = options.durability
    this.epoch = directory.epoch
    this.#options = options
    this.#directory = directory
    this.#parts = parts
    this.#catalog = parts.catalog
    this.#log = parts.log
    this.#pressure = parts.pressure
    parts.log.listener = parts.background.listener = this
    parts.background.start()
  }

  revisionOf(_table: Key): number {
    return this.#log.revision
  }

  safeRevisionOf(_table: Key): number {
    return this.#log.safeRevision
  }

  whenSafe(_table: Key, revision: number, callback: (error?: Error) => void): void {
    this.#log.whenSafe(revision, callback)
  }

  pressure(): Promise<void> | undefined {
    return this.#pressure.wait()
  }

  get(table: Key, key: Key): Entry | undefined {
    return this.#catalog.get(table)?.getKey(key)
  }

  lookup(table: Key, key: Uint8Array, start: number, end: number, hash: number): Entry | undefined {
    return this.#catalog.get(table)?.get(key, start, end, hash)
  }

  warm(table: Key, hashes: Int32Array, count: number): void {
    this.#catalog.get(table)?.warm(hashes, count)
  }

  set(name: Key, key: Key, bytes: Uint8Array, start: number, end: number): Entry | undefined {
    this.#admit(key.length)
    this.#log.reserve(setBytes(key.length, end - start) + shortBytes(name), false)
    const previous = this.#setKey(name, key, bytes, start, end, false)
    const { observer } = this
    if (observer?.watches(name)) observer.wrote(name, key, this.#log.revision, bytes, start, end)
    return previous
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
    const previous = this.#set(name, key, keyStart, keyEnd, hash, bytes, start, end, false)
    const { observer } = this
    if (observer?.watches(name)) {
      observer.wrote(name, readKey(key, keyStart, keyEnd), this.#log.revision, bytes, start, end)
    }
    return previous
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
    const { observer } = this
    if (observer === undefined) return
    const { revision } = this.#log
    if (observer.watches(name)) observer.wrote(name, readKey(key, keyStart, keyEnd), revision, bytes, start, end)
    if (observer.watches(also.table)) {
      observer.wrote(also.table, readKey(also.key, 0, length), revision, also.bytes, 0, also.end)
    }
  }

  delete(name: Key, key: Key): Entry | undefined {
    const table = this.#catalog.get(name)
    const previous = table?.getKey(key)
    if (table === undefined || previous === undefined) return undefined
    this.#log.reserve(shortBytes(key), true)
    const revision = this.#log.delete(table.id, key, false)
    const deleted = table.delete(key, previous, revision)
    if (this.observer?.watches(name)) this.observer.deleted(name, key, revision)
    return deleted
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
    const before = writes.map(({ table: name, key, value }) => {
      if (value !== undefined) {
        const previous = this.#setKey(name, key, value, 0, value.length, shared)
        shared = true
        return previous && copyOfEntry(previous)
      }
      const table = this.#catalog.get(name)
      const previous = table?.getKey(key)
      if (table === undefined || previous === undefined) return undefined
      const copied = copyOfEntry(previous)
      table.delete(key, copied, this.#log.delete(table.id, key, shared))
      shared = true
      return copied
    })
    if (this.observer !== undefined) tellApplied(this.observer, writes, before, this.#log.revision)
    return before
  }

  range(table: Key, query: RangeQuery): RangePage {
    return this.#catalog.get(table)?.range(query) ?? { entries: [], next: undefined }
  }

  count(table: Key): number {
    return this.#catalog.get(table)?.count ?? 0
  }

  tables(): TableStats[] {
    return this.#catalog.stats()
  }

  drop(name: Key): number {
    const table = this.#catalog.get(name)
    if (table === undefined) return 0
    this.#log.reserve(shortBytes(''), true)
    const revision = this.#log.drop(table.id)
    this.#catalog.drop(table, revision)
    if (this.#catalog.isDropDue) this.#parts.background.wake()
    if (this.observer?.watches(name)) this.observer.dropped(name, revision)
    return table.count
  }

  changes(name: Key, since: number, limit: number): ChangePage | undefined {
    const table = this.#catalog.get(name)
    if (table !== undefined) return table.changes(since, limit, this.#parts.checkpoints.revision, this.#log.revision)
    return since < this.#catalog.lastDrop ? undefined : { changes: [], upTo: this.#log.revision, complete: true }
  }

  stats(): EngineStats {
    let entries = 0
    let memoryBytes = 0
    for (const { count, active, frozen } of this.#catalog.tables()) {
      entries += count
      for (const overlay of [active, frozen]) {
        if (overlay !== undefined) memoryBytes += overlay.cells.reservedBytes + overlay.size * overlayKeyBytes
      }
    }
    const { background, cache, checkpoints } = this.#parts
    const disk = {
      fileBytes: this.#log.fileBytes + statSync(join(this.#directory.lmdb, 'data.mdb')).size,
      logBytes: this.#log.liveBytes,
      checkpoints: checkpoints.count,
      reclaiming: background.reclaiming,
      cache: { bytes: cache.bytes, hits: cache.hits, misses: cache.misses },
    }
    return { entries, tables: this.#catalog.size, memoryBytes, disk }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    try {
      await this.#parts.background.stop()
      await this.#log.close()
      await this.#parts.writer.close()
      await this.#parts.base.close()
    } finally {
      this.#catalog.close()
      this.#directory.release()
      this.#pressure.end()
    }
  }

  /** A group of writes became safe. */
  committed(seconds: number, writes: number, bytes: number): void {
    this.events.onCommit?.(seconds, writes, bytes)
    if (this.#parts.background.due !== 'nothing') this.#parts.background.wake()
    else this.#pressure.ease()
  }

  /** The log failed. */
  logFailed(error: Error): void {
    this.#options.log?.error({ err: error }, 'the log could not be written: no write is taken until a restart')
    this.#pressure.ease()
  }

  checkpointed({ seconds, states }: Checkpointed): void {
    this.events.onCheckpoint?.(seconds, states)
    this.#pressure.ease()
  }

  stepFailed(): void {
    this.#pressure.ease()
  }

  /** Refuses a write that could not be kept. */
  #admit(keyBytes: number): void {
    if (this.#closed !== undefined) throw new Error('the store is closed')
    admitKey(keyBytes)
    this.#pressure.admit()
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
    const table = this.#catalog.get(name) ?? this.#create(name)
    const revision = this.#log.set(table.id, key, keyStart, keyEnd, bytes, start, end, shared)
    const previous = table.set(key, keyStart, keyEnd, hash, bytes, start, end, revision)
    if (previous === undefined) this.#log.markFresh()
    return previous
  }

  #create(name: Key): DiskTable {
    const table = this.#catalog.create(name)
    this.#log.create(table.id, name)
    return table
  }
}
