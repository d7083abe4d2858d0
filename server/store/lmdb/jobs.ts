// What the writer's thread does to the tables: one transaction a job. It knows no threads and no overlay.

import { copy } from '../bytes/copy.ts'
import { readKey, writeKey } from '../bytes/latin1.ts'
import type { Key } from '../engine.ts'
import type { Base, BaseState, IndexKey, TableRecord } from './base.ts'

/** Rows that one reclaiming transaction removes. */
const reclaimRows = 20_000

/** A table that the log made since the last checkpoint. */
export interface NewTable {
  readonly id: number
  readonly name: Key
  readonly floor: number
}

/** A table that a checkpoint brought up to date, and how many entries it had where the log was cut. */
export interface SettledTable {
  readonly id: number
  readonly settled: number
}

export interface TrimJob {
  readonly table: number
  /** Tombstones up to this revision go. */
  readonly upTo: number
}

export interface Jobs {
  /** Tables dropped and made since the last checkpoint. */
  tables: (job: { dropped: readonly number[]; made: readonly NewTable[] }) => undefined
  /** States of keys, as `StateChunk` encodes them; returns the records of their tables as they are then. */
  states: (job: { chunk: Uint8Array }) => TableRecord[]
  /** The checkpoint is whole. */
  finish: (job: { state: BaseState; tables: readonly SettledTable[] }) => undefined
  /** Removes rows of dropped tables; returns how many entries are left to remove. */
  reclaim: (job: object) => { left: number; done: boolean }
  /** Removes tombstones and raises the floor; returns how many are left. */
  trim: (job: TrimJob) => { tombstones: number }
}

const headBytes = 21

/**
 * Latest states of keys on their way to the writer's thread, as bytes: one message instead of many objects. The memory
 * is shared with that thread. Handed over instead it would be detached here, and once a single buffer of a process is,
 * V8 looks at each access to any typed array whether that one's is: hashing a key took a third longer, a get of
 * 10,000,000 keys a fifth.
 */
export class StateChunk {
  #bytes: Buffer
  #length = 0
  count = 0

  constructor(bytes: number) {
    this.#bytes = sharedBuffer(bytes)
  }

  get length(): number {
    return this.#length
  }

  add(
    table: number,
    key: Key,
    revision: number,
    deleted: boolean,
    value: Uint8Array,
    start: number,
    end: number,
  ): void {
    const needed = this.#length + headBytes + key.length + end - start
    if (needed > this.#bytes.length) {
      const grown = sharedBuffer(Math.max(2 * this.#bytes.length, needed))
      this.#bytes.copy(grown, 0, 0, this.#length)
      this.#bytes = grown
    }
    const bytes = this.#bytes
    const at = this.#length
    bytes.writeUInt32LE(table, at)
    bytes.writeDoubleLE(revision, at + 4)
    bytes.writeUInt32LE(end - start, at + 12)
    bytes.writeUInt32LE(key.length, at + 16)
    bytes[at + 20] = deleted ? 1 : 0
    writeKey(bytes, at + headBytes, key)
    copy(value, start, end, bytes, at + headBytes + key.length)
    this.#length = needed
    this.count++
  }

  /** The bytes; the chunk must not be used afterwards. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }
}

function sharedBuffer(bytes: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(bytes))
}

/** The jobs, by name. Each is durable when it returns, or has thrown and left nothing. */
export function jobsOf(base: Base): Jobs {
  return {
    tables({ dropped, made }) {
      base.transaction(() => {
        for (const id of dropped) base.discard(id)
        for (const { id, name, floor } of made) {
          if (base.table(id) !== undefined) continue
          base.putTable({ id, name, floor, count: 0, settled: 0, tombstones: 0, revision: 0 })
        }
      })
      return undefined
    },
    states({ chunk }) {
      const records = new Map<number, TableRecord>()
      base.transaction(() => {
        // A copy: LMDB reads values where they lie, and finds none in memory that is shared.
        writeStates(base, Buffer.from(chunk), records)
        for (const record of records.values()) base.putTable(record)
      })
      return [...records.values()]
    },
    finish({ state, tables }) {
      base.transaction(() => {
        base.putState(state)
        for (const { id, settled } of tables) {
          const record = base.table(id)
          if (record !== undefined) base.putTable({ ...record, settled })
        }
      })
      return undefined
    },
    reclaim() {
      base.refresh()
      const [first, ...others] = base.garbage()
      if (first === undefined) return { left: 0, done: true }
      let gone = false
      base.transaction(() => {
        gone = base.reclaim(first, reclaimRows)
      })
      const left = others.reduce((sum, record) => sum + record.count, gone ? 0 : first.count)
      return { left, done: gone && others.length === 0 }
    },
    trim({ table, upTo }) {
      base.refresh()
      const record = base.table(table)
      if (record === undefined) return { tombstones: 0 }
      base.transaction(() => {
        for (const tombstone of base.tombstones(table, upTo, record.tombstones)) {
          base.removeRow(tombstone)
          base.unindex(tombstone, true)
          record.tombstones--
        }
        record.floor = Math.max(record.floor, upTo)
        base.putTable(record)
      })
      return { tombstones: record.tombstones }
    },
  }
}

/** Puts states where the tables hold older ones, and keeps the tables' records in step with their rows. */
function writeStates(base: Base, bytes: Buffer, records: Map<number, TableRecord>): void {
  const indexed: { row: IndexKey; deleted: boolean }[] = []
  const unindexed: { row: IndexKey; deleted: boolean }[] = []
  for (let at = 0; at < bytes.length; ) {
    const table = bytes.readUInt32LE(at)
    const revision = bytes.readDoubleLE(at + 4)
    const valueAt = at + headBytes + bytes.readUInt32LE(at + 16)
    const next = valueAt + bytes.readUInt32LE(at + 12)
    const deleted = bytes[at + 20] === 1
    const row = { table, revision, key: readKey(bytes, at + headBytes, valueAt) }
    const record = recordOf(base, table, records)
    const { found } = base
    const was = base.find(table, row.key)
    if (!was || found.revision < revision) {
      if (was) unindexed.push({ row: { table, revision: found.revision, key: row.key }, deleted: found.deleted })
      record.count += (deleted ? 0 : 1) - (was && !found.deleted ? 1 : 0)
      record.tombstones += (deleted ? 1 : 0) - (was && found.deleted ? 1 : 0)
      record.revision = Math.max(record.revision, revision)
      base.putRow(row, bytes.subarray(valueAt, next), deleted)
      indexed.push({ row, deleted })
    }
    at = next
  }
  // In the order of the index, neighbouring rows share pages.
  const order = (a: { row: IndexKey }, b: { row: IndexKey }) =>
    a.row.table - b.row.table || a.row.revision - b.row.revision
  for (const { row, deleted } of unindexed.sort(order)) base.unindex(row, deleted)
  for (const { row, deleted } of indexed.sort(order)) base.index(row, deleted)
}

function recordOf(base: Base, table: number, records: Map<number, TableRecord>): TableRecord {
  let record = records.get(table)
  if (record === undefined) {
    record = base.table(table)
    if (record === undefined) throw new Error(`table ${table} has no record`)
    records.set(table, record)
  }
  return record
}
