// What the engine on disk does beside its writes, one thing at a time and in small steps: checkpoints, which bring the
// overlays to LMDB; the trimming of tombstones; and taking up the space of dropped tables.
//
// There are two kinds of checkpoint. One freezes the overlays and brings all that they hold to LMDB. Where most writes
// are to keys that were written a moment ago, that would be the same keys again and again. So the log is marked when it
// is half as long as it may become, and when it is full, LMDB gets only what was written up to the mark and not again
// since: the log behind the mark has the later state of everything else. The overlays stay as they are.
//
// It knows no commands. A step that fails loses nothing: what it would have moved stays where it was, and it is
// tried again a second later.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Key } from '../engine.ts'
import type { Base, BaseState, TableRecord } from '../lmdb/base.ts'
import { type NewTable, type SettledTable, StateChunk } from '../lmdb/jobs.ts'
import type { TableWriter } from '../lmdb/writer.ts'
import type { Log } from '../log/log.ts'
import type { Cell } from '../memory/cells.ts'
import type { MemoryTable } from '../memory/table.ts'
import type { DiskLogger } from './options.ts'
import type { DiskTable, Tally } from './table.ts'

/** Of the writes up to a mark, one in so many may be left to write to LMDB; where more are, all are. */
const slideShare = 4
/** Milliseconds that a step holds the main thread. */
const sliceMs = 3
/** States of one transaction: enough that neighbours share pages, few enough for LMDB's list of dirty ones. */
const chunkStates = 32_768
const chunkBytes = 8 << 20
const smallestChunkBytes = 1 << 16
/** Tombstones that one step of trimming looks at. */
const trimKeys = 2_000
const retryMs = 1_000
const longestTickMs = 60_000
const highestRevision = 2 ** 47

export interface BackgroundParts {
  readonly base: Base
  readonly writer: TableWriter
  readonly tally: Tally
  /** Monotonic seconds, for the age of tombstones. */
  readonly clock: () => number
  readonly logger: DiskLogger | undefined
  readonly tombstoneSeconds: number
  readonly maxTombstones: number
  readonly log: () => Log
  readonly tables: () => Iterable<DiskTable>
  /** The part of a checkpoint's state that the engine keeps. */
  readonly names: () => { nextTable: number; lastDrop: number }
  readonly due: () => Due
  readonly onCheckpoint: (seconds: number, entries: number) => void
  readonly onFailure: () => void
}

/** What the length of the log and the size of the overlays ask for. */
export type Due = 'nothing' | 'mark' | 'checkpoint' | 'freeze'

/** What a checkpoint writes: all that the log held when it was cut. */
interface Cut {
  readonly tables: readonly { readonly table: DiskTable; readonly settled: number }[]
  readonly made: readonly NewTable[]
  readonly dropped: readonly DiskTable[]
  readonly state: BaseState
}

export class Background {
  /** Revision up to which LMDB holds everything. */
  revision = 0
  checkpoints = 0
  /** Why the last step failed; undefined once one has worked since. */
  failure: Error | undefined
  readonly #parts: BackgroundParts
  #made: DiskTable[] = []
  #dropped: DiskTable[] = []
  #cut: Cut | undefined
  /** Where the log was cut without freezing anything. */
  #mark: Cut | undefined
  /** LMDB holds what was last written up to this revision, also where the overlays still do. */
  #written = 0
  #dropWanted = false
  #garbage = 0
  #garbageLeft = false
  readonly #trims = new Set<DiskTable>()
  /** Revisions by age, oldest first. */
  #marks: { seconds: number; revision: number }[] = []
  #running: Promise<void> | undefined
  #again = false
  #stopping = true
  #retry: NodeJS.Timeout | undefined
  #ticks: NodeJS.Timeout | undefined

  constructor(parts: BackgroundParts) {
    this.#parts = parts
  }

  /** Entries of dropped tables that still take space. */
  get reclaiming(): number {
    const waiting = [...this.#dropped, ...(this.#cut?.dropped ?? [])]
    return waiting.reduce((sum, table) => sum + table.baseCount, this.#garbage)
  }

  /** Whether the log is marked for the next checkpoint. */
  get marked(): boolean {
    return this.#mark !== undefined
  }

  /** Begins to work, from what LMDB holds. */
  start(): void {
    this.#written = this.revision
    const garbage = this.#parts.base.garbage()
    this.#garbage = garbage.reduce((sum, record) => sum + record.count, 0)
    this.#garbageLeft = garbage.length > 0
    this.#stopping = false
    const tickMs = Math.min(Math.max(this.#parts.tombstoneSeconds * 125, 10), longestTickMs)
    this.#ticks = setInterval(() => this.#tick(), tickMs).unref()
    this.wake()
  }

  /** Ends after the step under way; what a checkpoint has not moved stays in the log. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#retry)
    clearInterval(this.#ticks)
    await this.#running
  }

  /** A table was made; the next checkpoint makes it in LMDB. */
  made(table: DiskTable): void {
    this.#made.push(table)
  }

  /** A table was dropped; the next checkpoint makes it garbage in LMDB. */
  dropped(table: DiskTable): void {
    table.forget()
    this.#dropped.push(table)
    this.#trims.delete(table)
    this.#parts.tally.active -= table.active?.size ?? 0
    this.#parts.tally.frozen -= table.frozen?.size ?? 0
    // The space of a table that LMDB knows nothing of comes back with the overlay.
    if (table.hasBase || table.frozen !== undefined) this.#dropWanted = true
    if (this.#dropWanted) this.wake()
  }

  /** Looks whether something is due. */
  wake(): void {
    this.#again = true
    if (this.#stopping || this.#running !== undefined || this.#retry !== undefined) return
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    // The caller is in the middle of a write: it comes first.
    await nextTurn()
    try {
      while (this.#again && !this.#stopping) {
        this.#again = false
        while (!this.#stopping && (await this.#step()));
      }
    } catch (error) {
      this.#failed(error as Error)
    }
    this.#running = undefined
  }

  /** Does one thing that is due; answers whether there was one. */
  async #step(): Promise<boolean> {
    if (this.#parts.log().failure !== undefined) return false
    const due = this.#parts.due()
    const mark = this.#mark
    if (this.#cut !== undefined || this.#dropWanted || due === 'freeze') await this.#checkpoint()
    else if (due !== 'nothing' && mark === undefined) await this.#markLog()
    else if (due === 'checkpoint') await (this.#isWorthwhile(mark!) ? this.#slide(mark!) : this.#checkpoint())
    else if (this.#trims.size > 0) await this.#trim()
    else if (this.#garbageLeft) await this.#reclaim()
    else return false
    return true
  }

  #failed(error: Error): void {
    if (this.#stopping) return
    this.failure = error
    this.#parts.logger?.warn({ err: error }, 'the tables on disk could not be written; trying again')
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.wake()
    }, retryMs).unref()
    this.#parts.onFailure()
  }

  async #checkpoint(): Promise<void> {
    const started = performance.now()
    const { writer, base, tally } = this.#parts
    const { tables, made, dropped, state } = this.#cut ?? (await this.#cutLog())
    await writer.run('names', { made, dropped: dropped.map(({ id }) => id) })
    const entries = await this.#writeStates(tables, frozenStates(this.#written))
    if (entries === undefined) return
    await writer.run('finish', { state, tables: settledOf(tables) })
    base.refresh()
    this.#cut = undefined
    this.failure = undefined
    this.revision = this.#written = state.revision
    for (const { table } of tables) {
      table.thaw()
      this.#trimIfMany(table)
    }
    tally.frozen = 0
    this.#garbage += dropped.reduce((sum, table) => sum + table.baseCount, 0)
    this.#garbageLeft ||= dropped.length > 0
    this.#parts.log().release(state.sequence)
    this.checkpoints++
    this.#parts.onCheckpoint((performance.now() - started) / 1000, entries)
  }

  /** Freezes the overlays where the log goes on in a new segment. */
  async #cutLog(): Promise<Cut> {
    await this.#parts.log().rotate((sequence) => {
      this.#cut = this.#cutAt(sequence, this.#dropped)
      for (const { table } of this.#cut.tables) table.freeze()
      this.#parts.tally.freeze()
      this.#mark = undefined
      this.#made = []
      this.#dropped = []
      this.#dropWanted = false
    })
    return this.#cut!
  }

  /** Cuts the log, and leaves the overlays as they are. */
  async #markLog(): Promise<void> {
    await this.#parts.log().rotate((sequence) => {
      this.#mark = this.#cutAt(sequence, [])
    })
  }

  #cutAt(sequence: number, dropped: readonly DiskTable[]): Cut {
    const tables = [...this.#parts.tables()].filter(({ active }) => active !== undefined)
    return {
      tables: tables.map((table) => ({ table, settled: table.count })),
      made: this.#made.filter((table) => !table.dropped).map(({ id, name, floor }) => ({ id, name, floor })),
      dropped,
      state: { sequence, revision: this.#parts.log().revision, ...this.#parts.names() },
    }
  }

  /**
   * Whether so little of what was written up to the mark is not written again since, that it is worth it. After a drop
   * it cannot be: the log is to keep it until LMDB knows.
   */
  #isWorthwhile({ tables, state: { revision } }: Cut): boolean {
    if (this.#dropped.length > 0) return false
    let left = 0
    for (const { table } of tables) left += table.active?.index.countBetween(this.#written, revision) ?? 0
    return left * slideShare <= revision - this.#written
  }

  /** Brings what was written up to the mark, and not since, to LMDB; the log behind the mark has all the rest. */
  async #slide({ tables, made, state }: Cut): Promise<void> {
    const started = performance.now()
    const { writer, base } = this.#parts
    await writer.run('names', { made, dropped: [] })
    const entries = await this.#writeStates(tables, markedStates(this.#written, state.revision))
    if (entries === undefined) return
    // What stands in for the states that are left out must be on disk before the log up to the mark goes.
    await this.#parts.log().sync()
    await writer.run('finish', { state, tables: settledOf(tables) })
    base.refresh()
    this.#mark = undefined
    this.failure = undefined
    this.#written = state.revision
    for (const { table } of tables) {
      table.hasBase ||= table.baseCount + table.baseTombstones > 0
      this.#trimIfMany(table)
    }
    this.#made = this.#made.filter(({ id }) => !made.some((other) => other.id === id))
    this.#parts.log().release(state.sequence)
    this.checkpoints++
    this.#parts.onCheckpoint((performance.now() - started) / 1000, entries)
  }

  /** Hands states to the writer's thread; answers how many, or undefined when told to stop. */
  async #writeStates(tables: Cut['tables'], statesOf: StatesOf): Promise<number | undefined> {
    const sender = new Sender(this.#parts.writer, (record) => {
      const table = tables.find(({ table }) => table.id === record.id)?.table
      if (table === undefined) return
      table.baseCount = record.count
      table.baseTombstones = record.tombstones
    })
    let sliceEnd = performance.now() + sliceMs
    for (const { table } of tables) {
      const states = statesOf(table)
      while (!table.dropped && !states(sender, sliceEnd)) {
        if (sender.full) await sender.send()
        if (performance.now() > sliceEnd) {
          await nextTurn()
          sliceEnd = performance.now() + sliceMs
        }
        if (this.#stopping) {
          await sender.settle()
          return undefined
        }
      }
    }
    await sender.send()
    await sender.settle()
    return sender.count
  }

  #trimIfMany(table: DiskTable): void {
    if (table.baseTombstones > this.#parts.maxTombstones && !table.dropped) this.#trims.add(table)
  }

  /** Removes some tombstones of one table. The floor rises first: no reader may miss a deletion unknowingly. */
  async #trim(): Promise<void> {
    const { base, writer, maxTombstones } = this.#parts
    const [table] = this.#trims
    const aged = this.#agedRevision()
    let upTo = 0
    let count = table!.baseTombstones
    for (const { revision } of base.buried(table!.id, highestRevision, trimKeys)) {
      if (count <= maxTombstones && revision > aged) break
      upTo = revision
      count--
    }
    if (upTo === 0) {
      this.#trims.delete(table!)
      return
    }
    table!.floor = Math.max(table!.floor, upTo)
    table!.baseTombstones = (await writer.run('trim', { table: table!.id, upTo })).tombstones
    base.refresh()
  }

  async #reclaim(): Promise<void> {
    const { left, done } = await this.#parts.writer.run('reclaim', {})
    this.#parts.base.refresh()
    this.#garbage = left
    this.#garbageLeft = !done
  }

  /** Notes which revision the store has now, and looks for tombstones that have become too old. */
  #tick(): void {
    const before = this.#agedRevision()
    const revision = this.#parts.log().revision
    if (this.#marks[this.#marks.length - 1]?.revision !== revision) {
      this.#marks.push({ seconds: this.#parts.clock(), revision })
    }
    const oldest = this.#parts.clock() - this.#parts.tombstoneSeconds
    while (this.#marks.length > 1 && this.#marks[1]!.seconds <= oldest) this.#marks.shift()
    if (this.#agedRevision() === 0 && before === 0) return
    for (const table of this.#parts.tables()) if (table.baseTombstones > 0) this.#trims.add(table)
    if (this.#trims.size > 0) this.wake()
  }

  /** Tombstones up to this revision are too old. */
  #agedRevision(): number {
    const [mark] = this.#marks
    if (mark === undefined || mark.seconds > this.#parts.clock() - this.#parts.tombstoneSeconds) return 0
    return mark.revision
  }
}

/**
 * The states of a table that a checkpoint writes: adds some, until the sender is full or a time in milliseconds, and
 * answers whether those were the last.
 */
type StatesOf = (table: DiskTable) => (sender: Sender, untilMs: number) => boolean

/** The frozen states that were last written after `since`, in the order of their keys. */
function frozenStates(since: number): StatesOf {
  return (table) => {
    let from: Key = ''
    return (sender, untilMs) => {
      const frozen = table.frozen!
      let added = 0
      let isDone = true
      frozen.keys.ascend(from, (key) => {
        if (sender.full || ((++added & 63) === 0 && performance.now() > untilMs)) {
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
function markedStates(since: number, upTo: number): StatesOf {
  return (table) => {
    let from = since
    return (sender, untilMs) => {
      const { active } = table
      let added = 0
      let isDone = true
      active?.index.after(from, (cell, revision) => {
        if (revision > upTo) return false
        const isOver = sender.full || ((++added & 63) === 0 && performance.now() > untilMs)
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

function settledOf(tables: Cut['tables']): SettledTable[] {
  return tables.map(({ table, settled }) => ({ id: table.id, settled }))
}

/** Fills chunks with states and hands them to the writer's thread, one while the next is filled. */
class Sender {
  count = 0
  readonly #writer: TableWriter
  readonly #onRecord: (record: TableRecord) => void
  #chunk: StateChunk | undefined
  #sent: Promise<void> = Promise.resolve()

  constructor(writer: TableWriter, onRecord: (record: TableRecord) => void) {
    this.#writer = writer
    this.#onRecord = onRecord
  }

  get full(): boolean {
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

  settle(): Promise<void> {
    return this.#sent
  }
}
