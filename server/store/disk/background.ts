// What the engine on disk does beside its writes, one thing at a time and in small steps: checkpoints, the trimming of
// tombstones, and taking up the space of dropped tables. It knows no commands. A step that fails loses nothing, and is
// tried again a second later.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Bounds, Due } from './bounds.ts'
import type { Checkpointed, CheckpointParts, Checkpoints } from './checkpoints.ts'
import type { Garbage } from './garbage.ts'
import type { DiskLogger } from './options.ts'
import type { Tombstones } from './tombstones.ts'

const retryMs = 1_000

export interface BackgroundParts extends Pick<CheckpointParts, 'log' | 'catalog'> {
  readonly bounds: Bounds
  readonly checkpoints: Checkpoints
  readonly tombstones: Tombstones
  readonly garbage: Garbage
  readonly logger: DiskLogger | undefined
}

/** Who is told what became of the steps. */
export interface BackgroundListener {
  checkpointed(checkpoint: Checkpointed): void
  /** A step failed: `failure` says why. */
  stepFailed(): void
}

export class Background {
  listener: BackgroundListener | undefined
  /** Why the last step failed; undefined once one has worked since. */
  failure: Error | undefined
  readonly #parts: BackgroundParts
  #running: Promise<void> | undefined
  #isWoken = false
  #isStopping = true
  #retry: NodeJS.Timeout | undefined
  #ticks: NodeJS.Timeout | undefined

  constructor(parts: BackgroundParts) {
    this.#parts = parts
  }

  /** What the size of the log and of the overlays asks for. */
  get due(): Due {
    return this.#parts.bounds.due(this.#parts.checkpoints.isMarked)
  }

  /** Entries of dropped tables that still take space. */
  get reclaiming(): number {
    return this.#parts.checkpoints.droppedEntries + this.#parts.garbage.entries
  }

  /** Begins to work. */
  start(): void {
    this.#isStopping = false
    this.#ticks = setInterval(() => this.#tick(), this.#parts.tombstones.tickMs).unref()
    this.wake()
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#parts.checkpoints.stop()
    clearTimeout(this.#retry)
    clearInterval(this.#ticks)
    await this.#running
  }

  /** Looks whether something is due. */
  wake(): void {
    this.#isWoken = true
    if (this.#isStopping || this.#running !== undefined || this.#retry !== undefined) return
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    // The caller is in the middle of a write: it comes first.
    await nextTurn()
    try {
      while (this.#isWoken && !this.#isStopping) {
        this.#isWoken = false
        while (!this.#isStopping && (await this.#step()));
      }
    } catch (error) {
      this.#failed(error as Error)
    }
    this.#running = undefined
  }

  /** Does one thing that is due; returns whether there was one. */
  async #step(): Promise<boolean> {
    const { log, catalog, checkpoints, tombstones, garbage } = this.#parts
    if (log.failure !== undefined) return false
    const { due } = this
    if (checkpoints.isUnderWay || catalog.isDropDue || due === 'freeze') this.#checkpointed(await checkpoints.full())
    else if (due !== 'nothing' && !checkpoints.isMarked) await checkpoints.mark()
    else if (due === 'checkpoint') {
      const isWorthwhile = checkpoints.isIncrementWorthwhile()
      this.#checkpointed(await (isWorthwhile ? checkpoints.increment() : checkpoints.full()))
    } else if (tombstones.isTrimDue) await tombstones.trim()
    else if (garbage.isLeft) await garbage.reclaim()
    else return false
    return true
  }

  #checkpointed(checkpoint: Checkpointed | undefined): void {
    if (checkpoint === undefined) return
    this.failure = undefined
    for (const table of checkpoint.tables) this.#parts.tombstones.note(table)
    this.#parts.garbage.add(checkpoint.dropped)
    this.listener?.checkpointed(checkpoint)
  }

  #failed(error: Error): void {
    if (this.#isStopping) return
    this.failure = error
    this.#parts.logger?.warn({ err: error }, 'the tables on disk could not be written; trying again')
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.wake()
    }, retryMs).unref()
    this.listener?.stepFailed()
  }

  #tick(): void {
    this.#parts.tombstones.tick()
    if (this.#parts.tombstones.isTrimDue) this.wake()
  }
}
