// What is committed together: the records taken in one turn, and those that came while the group before was on its way
// to the disk, are sealed and written as one group; never two at a time. It knows when they are safe.
import { KvassError } from '../../../proto/status.ts'
import { type LogFiles, writeAllSync } from './files.ts'
import { closedFlag, sealGroup, segmentHeaderBytes } from './format.ts'
import type { Records } from './records.ts'
import { Rotation, type RotationCallbacks } from './rotation.ts'
import type { Safety } from './safety.ts'
import type { LogPoint, Segment, Slots } from './slots.ts'

/** A group up to this size is written at once on the main thread: a hop to the pool costs more than the copy. */
const directWriteBytes = 65_536
/** `commit`: milliseconds between syncs in the background. */
const syncIntervalMs = 1000

export interface GroupOptions {
  readonly files: LogFiles
  readonly durability: 'flush' | 'commit'
  /** Monotonic seconds. */
  readonly clock: () => number
}

/** Who is told what became of the groups. */
export interface LogListener {
  /** A group of records became safe. */
  committed(seconds: number, writes: number, bytes: number): void
  /** Nothing becomes safe any more. Called once. */
  logFailed(error: Error): void
}

/** A group on its way to the disk. */
interface Group {
  readonly bytes: Buffer
  readonly length: number
  readonly writes: number
  /** Revision after it. */
  readonly revision: number
  readonly segment: Segment
  readonly at: number
  /** Seconds. */
  readonly started: number
}

export class Groups {
  listener: LogListener | undefined
  readonly #options: GroupOptions
  readonly #files: LogFiles
  readonly #records: Records
  readonly #slots: Slots
  readonly #safety: Safety
  /** Revision and crc of the group sealed last. */
  #sealed: LogPoint
  /** How far the log is known to be on disk. */
  #synced: { sequence: number; offset: number }
  #isScheduled = false
  #isInFlight = false
  #rotation: Rotation | undefined
  #isUnsynced = false
  #syncTimer: NodeJS.Timeout | undefined
  #syncing: Promise<void> | undefined
  #onIdle: (() => void) | undefined

  constructor(options: GroupOptions, end: LogPoint, records: Records, slots: Slots, safety: Safety) {
    this.#options = options
    this.#files = options.files
    this.#records = records
    this.#slots = slots
    this.#safety = safety
    this.#sealed = { revision: end.revision, chain: end.chain }
    this.#synced = { sequence: slots.segment.sequence, offset: slots.segment.position }
  }

  /** Has what was taken written at the end of this turn, or when the group in flight is safe. */
  schedule(): void {
    if (this.#isScheduled || this.#isInFlight) return
    this.#isScheduled = true
    setImmediate(this.#turnEnd)
  }

  /** Starts a new segment, between two groups. */
  rotate(callbacks: RotationCallbacks): void {
    this.#rotation = new Rotation(this.#files, this.#slots, callbacks)
    this.schedule()
  }

  /** Writes all that was taken and marks the log as closed, unless it has failed. */
  async close(): Promise<void> {
    while (this.#safety.failure === undefined && this.#isBusy()) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
        this.schedule()
      })
    }
    clearTimeout(this.#syncTimer)
    await this.#syncing
    if (this.#safety.failure === undefined) this.#markClosed()
  }

  #isBusy(): boolean {
    return this.#isInFlight || this.#records.bytes > 0 || this.#rotation !== undefined
  }

  readonly #turnEnd = (): void => {
    this.#isScheduled = false
    this.#next()
  }

  /** Writes what was taken as the next group, unless one is in flight. */
  #next(): void {
    if (this.#isInFlight || this.#safety.failure !== undefined) return
    const rotation = this.#rotation
    if (this.#records.bytes > 0 || rotation?.isCut === false) this.#commit(rotation?.isCut ? undefined : rotation)
    else this.#onIdle?.()
  }

  /** Sends the next group on its way; where a rotation waits, it is the last of its segment. */
  #commit(rotation: Rotation | undefined): void {
    const group = this.#seal(0)
    this.#isInFlight = true
    try {
      rotation?.cut(this.#sealed)
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    this.#write(group, (error) => {
      if (error !== undefined) this.#fail(error)
      else this.#written(group, rotation)
    })
    this.#slots.fillAhead()
  }

  /** Ends the group of what was taken, and begins another. */
  #seal(flags: number): Group {
    const { segment } = this.#slots
    const { length, writes, revision } = this.#records
    const bytes = this.#records.cut()
    const chain = sealGroup(bytes, length, segment.salt, {
      before: this.#sealed.revision,
      after: revision,
      chain: this.#sealed.chain,
      syncedSequence: this.#synced.sequence,
      syncedOffset: this.#synced.offset,
      flags,
    })
    this.#sealed = { revision, chain }
    const at = segment.position
    segment.position += length
    return { bytes, length, writes, revision, segment, at, started: this.#options.clock() }
  }

  #write({ bytes, length, segment: { fd }, at }: Group, done: (error?: Error) => void): void {
    if (length <= directWriteBytes || this.#options.durability === 'commit') {
      let failure: Error | undefined
      try {
        writeAllSync(this.#files, fd, bytes, length, at)
      } catch (error) {
        failure = error as Error
      }
      done(failure)
      return
    }
    const go = (from: number): void => {
      this.#files.write(fd, bytes, from, length - from, at + from, (error, written) => {
        if (error !== null) done(error)
        else if (from + written < length) go(from + written)
        else done()
      })
    }
    go(0)
  }

  #written(group: Group, rotation: Rotation | undefined): void {
    if (this.#options.durability === 'commit') {
      this.#syncLater()
      this.#safe(group, rotation)
      return
    }
    this.#files.datasync(group.segment.fd, (error) => {
      if (error !== null) return this.#fail(error)
      this.#synced = { sequence: group.segment.sequence, offset: group.at + group.length }
      this.#safe(group, rotation)
    })
  }

  /** A group is safe: tells so, and goes on with the next. */
  #safe(group: Group, rotation: Rotation | undefined): void {
    this.#safety.revision = group.revision
    this.listener?.committed(this.#options.clock() - group.started, group.writes, group.length)
    this.#records.giveBack(group.bytes)
    this.#isInFlight = false
    if (rotation !== undefined) this.#finish(rotation, group.segment)
    this.#next()
    this.#safety.drain()
  }

  #finish(rotation: Rotation, old: Segment): void {
    rotation.finish(old, (error) => {
      if (error !== undefined) return this.#fail(error)
      const { sequence } = this.#slots.segment
      if (this.#synced.sequence < sequence) this.#synced = { sequence, offset: segmentHeaderBytes }
      this.#rotation = undefined
      rotation.resolve()
      this.#next()
    })
  }

  /** `commit`: syncs the file once a second while there is something to sync. */
  #syncLater(): void {
    this.#isUnsynced = true
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined
      this.#syncing ??= this.#sync()
    }, syncIntervalMs).unref()
  }

  #sync(): Promise<void> {
    return new Promise((resolve) => {
      const { segment } = this.#slots
      const offset = segment.position
      this.#isUnsynced = false
      this.#files.datasync(segment.fd, (error) => {
        this.#syncing = undefined
        if (error !== null) this.#fail(error)
        else {
          if (segment === this.#slots.segment) this.#synced = { sequence: segment.sequence, offset }
          if (this.#isUnsynced) this.#syncLater()
        }
        resolve()
      })
    })
  }

  /** Never retried: after a failed sync the system may have dropped the pages and call the next one good. */
  #fail(error: Error): void {
    this.#isInFlight = false
    if (this.#safety.failure === undefined) {
      this.#safety.failure = failedError(error)
      this.listener?.logFailed(error)
    }
    this.#rotation?.reject(this.#safety.failure)
    this.#rotation = undefined
    this.#safety.drain()
    this.#onIdle?.()
  }

  /** An empty group, on disk when this returns, after which a start looks for nothing. */
  #markClosed(): void {
    const { bytes, length, segment, at } = this.#seal(closedFlag)
    writeAllSync(this.#files, segment.fd, bytes, length, at)
    this.#files.datasyncSync(segment.fd)
  }
}

function failedError(cause: Error): KvassError {
  return new KvassError(507, 'the log could not be written: no write is taken until a restart; reads go on', { cause })
}
