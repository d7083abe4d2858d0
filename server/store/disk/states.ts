// The latest states of keys on their way from the overlays to the writer's thread, in chunks, each one transaction.
import type { Key } from '../engine.ts'
import type { TableRecord } from '../lmdb/base.ts'
import { StateChunk } from '../lmdb/jobs.ts'
import type { TableWriter } from '../lmdb/writer.ts'
import type { Cell } from '../memory/cells.ts'
import type { MemoryTable } from '../memory/memory-table.ts'
import type { DiskTable } from './disk-table.ts'

/** States of one transaction: enough that neighbours share pages, few enough for LMDB's list of dirty ones. */
const chunkStates = 32_768
const chunkBytes = 8 << 20
const smallestChunkBytes = 1 << 16
/** The clock is looked at once in so many states. */
const statesPerLook = 64

/**
 * The states of a table that a checkpoint writes: adds some, until the sender is full or a time in milliseconds, and
 * returns whether those were the last.
 */
export type StatesOf = (table: DiskTable) => (sender: Sender, untilMs: number) => boolean

/** The frozen states that were last written after `since`, in the order of their keys. */
export function frozenStates(since: number): StatesOf {
  return (table) => {
    let from: Key = ''
    return (sender, untilMs) => {
      const frozen = table.frozen!
      let added = 0
      let isDone = true
      frozen.keys.ascend(from, (key) => {
        if (sender.isFull || (++added % statesPerLook === 0 && performance.now() > untilMs)) {
          from = key
          isDone = false
          return false
        }
        const cell = frozen.findKey(key)
        if (frozen.cells.revision(cell) > since) sender.add(table, frozen, key, cell)
        return true
      })
      return isDone
    }
  }
}

/**
 * The states that were last written after `since` and up to `upTo`, in the order of their revisions. What is written
 * meanwhile has a later one. Between two calls it never stops within a revision, which may be that of many keys.
 */
export function markedStates(since: number, upTo: number): StatesOf {
  return (table) => {
    let from = since
    return (sender, untilMs) => {
      const { active } = table
      let added = 0
      let isDone = true
      active?.index.after(from, (cell, revision) => {
        if (revision > upTo) return false
        const isOver = sender.isFull || (++added % statesPerLook === 0 && performance.now() > untilMs)
        if (isOver && revision > from) {
          isDone = false
          return false
        }
        from = revision
        sender.add(table, active, active.cells.key(cell), cell)
        return true
      })
      return isDone
    }
  }
}

/** Fills chunks with states and hands them to the writer's thread, one while the next is filled. */
export class Sender {
  /** States added. */
  count = 0
  readonly #writer: TableWriter
  readonly #onRecord: (record: TableRecord) => void
  #chunk: StateChunk | undefined
  #sent: Promise<void> = Promise.resolve()

  constructor(writer: TableWriter, onRecord: (record: TableRecord) => void) {
    this.#writer = writer
    this.#onRecord = onRecord
  }

  get isFull(): boolean {
    return this.#chunk !== undefined && (this.#chunk.count >= chunkStates || this.#chunk.length >= chunkBytes)
  }

  /** Adds the state in a cell of a table's overlay. */
  add(table: DiskTable, overlay: MemoryTable, key: Key, cell: Cell): void {
    const { revision, bytes, start, end } = overlay.entry(cell)
    this.#chunk ??= new StateChunk(this.count === 0 ? smallestChunkBytes : chunkBytes)
    this.#chunk.add(table.id, key, revision, overlay.cells.isDeleted(cell), bytes, start, end)
    this.count++
  }

  /** Sends what was added, once what was sent before is written. */
  async send(): Promise<void> {
    await this.#sent
    const chunk = this.#chunk?.take()
    if (chunk === undefined) return
    this.#chunk = undefined
    this.#sent = this.#writer.run('states', { chunk }).then((records) => {
      for (const record of records) this.#onRecord(record)
    })
    // Awaited with the next one; until then a failure is nobody's surprise.
    this.#sent.catch(() => {})
  }

  /** Resolves once all that was sent is written. */
  settle(): Promise<void> {
    return this.#sent
  }
}
