// What the engine on disk does beside its writes, one thing at a time and in small steps: checkpoints, which bring
// the frozen overlays to LMDB; the trimming of tombstones; and taking up the space of dropped tables.
// It knows no commands. A step that fails loses nothing: what it would have moved stays where it was, and it is
// tried again a second later.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DiskLogger } from './disk.ts'
import type { DiskTable, Tally } from './disk-table.ts'
import type { Key } from './engine.ts'
import type { Base, BaseState, TableRecord } from './lmdb.ts'
import { type NewTable, StateChunk } from './lmdb-write.ts'
import type { TableWriter } from './lmdb-writer.ts'
import type { Log } from './log.ts'

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
  readonly checkpointDue: () => boolean
  readonly onCheckpoint: (seconds: number, entries: number) => void
  readonly onFailure: () => void
}

/** What a checkpoint writes: all that the log held when it was cut. */
interface Cut {
  readonly tables: readonly DiskTable[]
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

  /** Begins to work, from what LMDB holds. */
  start(): void {
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
    if (this.#cut !== undefined || this.#dropWanted || this.#parts.checkpointDue()) await this.#checkpoint()
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
    const entries = await this.#writeStates(tables)
    if (entries === undefined) return
    await writer.run('finish', { state, tables: tables.map(({ id }) => id) })
    base.refresh()
    this.#cut = undefined
    this.failure = undefined
    this.revision = state.revision
    for (const table of tables) {
      table.thaw()
      if (table.baseTombstones > this.#parts.maxTombstones && !table.dropped) this.#trims.add(table)
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
    const log = this.#parts.log()
    await log.rotate((sequence) => {
      const tables = [...this.#parts.tables()].filter(({ active }) => active !== undefined)
      for (const table of tables) table.freeze()
      this.#parts.tally.freeze()
      this.#cut = {
        tables,
        made: this.#made.filter((table) => !table.dropped).map(({ id, name, floor }) => ({ id, name, floor })),
        dropped: this.#dropped,
        state: { sequence, revision: log.revision, ...this.#parts.names() },
      }
      this.#made = []
      this.#dropped = []
      this.#dropWanted = false
    })
    return this.#cut!
  }

  /** Hands the frozen states to the writer's thread; answers how many, or undefined when told to stop. */
  async #writeStates(tables: readonly DiskTable[]): Promise<number | undefined> {
    const sender = new Sender(this.#parts.writer, (record) => {
      const table = tables.find(({ id }) => id === record.id)
      if (table === undefined) return
      table.baseCount = record.count
      table.baseTombstones = record.tombstones
    })
    let sliceEnd = performance.now() + sliceMs
    for (const table of tables) {
      let from: Key | undefined = ''
      while (from !== undefined && !table.dropped) {
        from = sender.add(table, from, sliceEnd)
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

  /** Adds the frozen states of a table from a key on; answers the key to go on with, undefined at the end. */
  add(table: DiskTable, from: Key, untilMs: number): Key | undefined {
    const frozen = table.frozen!
    let next: Key | undefined
    let added = 0
    frozen.keys.ascend(from, (key) => {
      if (this.full || ((added & 63) === 63 && performance.now() > untilMs)) {
        next = key
        return false
      }
      const cell = frozen.findKey(key)
      const { revision, bytes, start, end } = frozen.entry(cell)
      this.#chunk ??= new StateChunk(this.count === 0 ? smallestChunkBytes : chunkBytes)
      this.#chunk.add(table.id, key, revision, frozen.cells.isDeleted(cell), bytes, start, end)
      added++
      return true
    })
    this.count += added
    return next
  }

  /** Sends what was added, once what was sent before is written. */
  async send(): Promise<void> {
    await this.#sent
    const chunk = this.#chunk?.take()
    if (chunk === undefined) return
    this.#chunk = undefined
    this.#sent = this.#writer.run('states', { chunk }, [chunk.buffer as ArrayBuffer]).then((records) => {
      for (const record of records) this.#onRecord(record)
    })
    // Awaited with the next one; until then a failure is nobody's surprise.
    this.#sent.catch(() => {})
  }

  settle(): Promise<void> {
    return this.#sent
  }
}
