// Checkpoints bring what the log holds to LMDB, so that the log's files can be used again. There are two kinds. A full one
// freezes the overlays and brings all that they hold. Where most writes are to keys that were written a moment ago, that
// would be the same keys again and again. So the log is marked when it is half as long as it may become, and when it is
// full, an incremental one brings only what was written up to the mark and not again since: the log behind the mark has the
// later state of everything else. The overlays stay as they are.
//
// A checkpoint that fails loses nothing: what it would have moved stays where it was. It does not know when it is due.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Base, BaseState } from '../lmdb/base.ts'
import type { NewTable, SettledTable } from '../lmdb/jobs.ts'
import type { TableWriter } from '../lmdb/writer.ts'
import type { Log } from '../log/log.ts'
import type { Catalog } from './catalog.ts'
import type { DiskTable } from './disk-table.ts'
import { frozenStates, markedStates, Sender, type StatesOf } from './states.ts'

/** Of the writes up to a mark, one in so many may be left to write to LMDB; where more are, all are. */
const incrementShare = 4
/** Milliseconds that a step holds the main thread. */
const sliceMs = 3

export interface CheckpointParts {
  readonly base: Base
  readonly writer: TableWriter
  readonly log: Log
  readonly catalog: Catalog
}

/** What a checkpoint writes: all that the log held when it was cut. */
interface Cut {
  readonly tables: readonly { readonly table: DiskTable; readonly settled: number }[]
  readonly made: readonly NewTable[]
  readonly dropped: readonly DiskTable[]
  readonly state: BaseState
}

/** What a checkpoint did. */
export interface Checkpointed {
  readonly seconds: number
  /** Entries and tombstones that it wrote. */
  readonly states: number
  readonly tables: readonly DiskTable[]
  /** Tables whose rows are garbage now. */
  readonly dropped: readonly DiskTable[]
}

export class Checkpoints {
  /** Checkpoints that ended. */
  count = 0
  /** Revision up to which LMDB holds everything. */
  revision: number
  readonly #parts: CheckpointParts
  #cut: Cut | undefined
  /** Where the log was cut without freezing anything. */
  #mark: Cut | undefined
  /** LMDB holds what was last written up to this revision, also where the overlays still do. */
  #written: number
  #isStopping = false

  constructor(parts: CheckpointParts, revision: number) {
    this.#parts = parts
    this.revision = this.#written = revision
  }

  /** Whether a full checkpoint has begun and not ended. */
  get isUnderWay(): boolean {
    return this.#cut !== undefined
  }

  /** Whether the log is marked for an incremental checkpoint. */
  get isMarked(): boolean {
    return this.#mark !== undefined
  }

  /** Entries in LMDB of tables that were dropped since the last checkpoint. */
  get droppedEntries(): number {
    const waiting = [...this.#parts.catalog.dropped, ...(this.#cut?.dropped ?? [])]
    return waiting.reduce((sum, table) => sum + table.baseCount, 0)
  }

  /** Has the checkpoint under way end after its present step; what it has not moved stays in the log. */
  stop(): void {
    this.#isStopping = true
  }

  /** A full checkpoint. Returns nothing where it was told to stop. */
  async full(): Promise<Checkpointed | undefined> {
    const started = performance.now()
    const { writer, base, catalog } = this.#parts
    const cut = this.#cut ?? (await this.#cutLog())
    const { tables, made, dropped, state } = cut
    await writer.run('tables', { made, dropped: dropped.map(({ id }) => id) })
    const states = await this.#write(tables, frozenStates(this.#written))
    if (states === undefined) return undefined
    await writer.run('finish', { state, tables: settledOf(tables) })
    base.refresh()
    this.#cut = undefined
    this.revision = state.revision
    for (const { table } of tables) table.thaw()
    catalog.overlayKeys.frozen = 0
    return this.#ended(cut, started, states)
  }

  /** Cuts the log, and leaves the overlays as they are. */
  async mark(): Promise<void> {
    await this.#parts.log.rotate((sequence) => {
      this.#mark = this.#cutAt(sequence, [])
    })
  }

  /**
   * Whether so little of what was written up to the mark is not written again since, that an incremental checkpoint is
   * worth it. After a drop it cannot be: the log is to keep it until LMDB knows.
   */
  isIncrementWorthwhile(): boolean {
    if (this.#mark === undefined || this.#parts.catalog.dropped.length > 0) return false
    const { tables, state } = this.#mark
    let left = 0
    for (const { table } of tables) left += table.active?.index.countBetween(this.#written, state.revision) ?? 0
    return left * incrementShare <= state.revision - this.#written
  }

  /** An incremental checkpoint, up to the mark. Returns nothing where it was told to stop. */
  async increment(): Promise<Checkpointed | undefined> {
    const started = performance.now()
    const { writer, base, catalog, log } = this.#parts
    const mark = this.#mark!
    const { tables, made, state } = mark
    await writer.run('tables', { made, dropped: [] })
    const states = await this.#write(tables, markedStates(this.#written, state.revision))
    if (states === undefined) return undefined
    // What stands in for the states that are left out must be on disk before the log up to the mark goes.
    await log.sync()
    await writer.run('finish', { state, tables: settledOf(tables) })
    base.refresh()
    this.#mark = undefined
    for (const { table } of tables) table.hasBase ||= table.baseCount + table.baseTombstones > 0
    catalog.known(made)
    return this.#ended(mark, started, states)
  }

  #ended({ tables, dropped, state }: Cut, started: number, states: number): Checkpointed {
    this.#written = state.revision
    this.#parts.log.release(state.sequence)
    this.count++
    return {
      seconds: (performance.now() - started) / 1000,
      states,
      tables: tables.map(({ table }) => table),
      dropped,
    }
  }

  /** Freezes the overlays where the log goes on in a new segment. */
  async #cutLog(): Promise<Cut> {
    const { log, catalog } = this.#parts
    await log.rotate((sequence) => {
      this.#cut = this.#cutAt(sequence, catalog.dropped)
      this.#mark = undefined
      catalog.freeze()
    })
    return this.#cut!
  }

  #cutAt(sequence: number, dropped: readonly DiskTable[]): Cut {
    const { log, catalog } = this.#parts
    const tables = [...catalog.tables()].filter(({ active }) => active !== undefined)
    return {
      tables: tables.map((table) => ({ table, settled: table.count })),
      made: catalog.newTables(),
      dropped,
      state: { sequence, revision: log.revision, ...catalog.state },
    }
  }

  /** Hands states to the writer's thread; returns how many, or undefined when told to stop. */
  async #write(tables: Cut['tables'], statesOf: StatesOf): Promise<number | undefined> {
    const sender = new Sender(this.#parts.writer, (record) => {
      const table = tables.find(({ table }) => table.id === record.id)?.table
      if (table === undefined) return
      table.baseCount = record.count
      table.baseTombstones = record.tombstones
    })
    let sliceEnd = performance.now() + sliceMs
    for (const { table } of tables) {
      const states = statesOf(table)
      while (!table.isDropped && !states(sender, sliceEnd)) {
        if (sender.isFull) await sender.send()
        if (performance.now() > sliceEnd) {
          await nextTurn()
          sliceEnd = performance.now() + sliceMs
        }
        if (this.#isStopping) {
          await sender.settle()
          return undefined
        }
      }
    }
    await sender.send()
    await sender.settle()
    return sender.count
  }
}

function settledOf(tables: Cut['tables']): SettledTable[] {
  return tables.map(({ table, settled }) => ({ id: table.id, settled }))
}
