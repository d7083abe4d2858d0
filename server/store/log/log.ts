// The append-only log: takes the records of writes, writes them in groups, and says when they are safe.
// It knows no tables, only their numbers. Its segments lie in a few files that are used again and again: a file is
// filled with zeros ahead of need, so that a full disk is met before a write is taken, never in the middle of one.
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { KvassError } from '../../../proto/status.ts'
import { viewOn } from '../bytes/copy.ts'
import type { Key } from '../engine.ts'
import { type LogFiles, writeAllSync } from './files.ts'
import {
  closedFlag,
  encodeSegmentHeader,
  groupHeaderBytes,
  markFresh,
  recordKinds,
  saltBytes,
  sealGroup,
  segmentHeaderBytes,
  writeSet,
  writeShort,
} from './format.ts'
import { type LogEnd, type LogSlot, slotPath } from './replay.ts'

/** A group up to this size is written at once on the main thread: a hop to the pool costs more than the copy. */
const directWriteBytes = 65_536
/** Bytes of the file kept for deletes and drops when the disk is full. */
const reserveBytes = 524_288
/** Milliseconds after which a full disk is tried again. */
const retryMs = 1000
/** `commit`: milliseconds between syncs in the background. */
const syncIntervalMs = 1000
/** Offsets in a segment are 32 bits wide. */
const largestSegmentBytes = 2 ** 32 - 2 ** 20
/** A buffer that one burst made larger than this is not kept. */
const largestKeptBuffer = 8 << 20
const startBufferBytes = 1 << 18

export interface LogOptions {
  readonly directory: string
  readonly files: LogFiles
  readonly epoch: string
  readonly durability: 'flush' | 'commit'
  /** Bytes that a file is filled ahead of the write position, in steps of a quarter of it. */
  readonly aheadBytes: number
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** A group became safe. */
  readonly onSafe: (seconds: number, writes: number, bytes: number) => void
  /** The log failed: nothing becomes safe any more. Called once. */
  readonly onFailure: (error: Error) => void
}

interface Segment {
  readonly number: number
  readonly fd: number
  readonly sequence: number
  readonly salt: Buffer
  /** Where the next group goes. */
  position: number
  /** The file has space up to here. */
  filled: number
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
}

/** A file that is not written now: its segment is still needed, or it is free (sequence 0). */
interface Other {
  readonly number: number
  sequence: number
  readonly bytes: number
  /** Bytes of its groups. */
  readonly groupBytes: number
}

interface Rotation {
  readonly slot: Segment
  cut: boolean
  readonly onCut: (sequence: number) => void
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export class Log {
  /** Revision of the last record taken. */
  revision: number
  /** All records up to this revision are safe. */
  safeRevision: number
  failure: Error | undefined
  /** Whether the last attempt to get more space failed. */
  full = false

  readonly #options: LogOptions
  readonly #files: LogFiles
  readonly #zeros: Buffer
  readonly #others: Other[] = []
  #segment: Segment
  /** Bytes of groups in the segments before the present one. */
  #olderBytes: number
  #chain: number
  #synced: { sequence: number; offset: number }

  #pending: Buffer = Buffer.allocUnsafeSlow(startBufferBytes)
  #spare: Buffer = Buffer.allocUnsafeSlow(startBufferBytes)
  #viewed = this.#pending
  #pendingView = viewOn(this.#pending)
  #length = groupHeaderBytes
  /** Where the last record begins. */
  #last = 0
  #writes = 0
  #sealedRevision: number
  #scheduled = false
  #inFlight = false
  #rotation: Rotation | undefined
  #retryAt = 0
  #unsynced = false
  #syncTimer: NodeJS.Timeout | undefined
  #syncing: Promise<void> | undefined
  readonly #waiting: { revision: number; callback: (error?: Error) => void }[] = []
  #waitingHead = 0
  #draining = false
  #idle: (() => void) | undefined

  /** Continues the log at its end, or begins one where there is none. */
  constructor(options: LogOptions, end: LogEnd) {
    this.#options = options
    this.#files = options.files
    this.#zeros = Buffer.alloc(Math.max(2 * segmentHeaderBytes, options.aheadBytes >> 2))
    this.revision = this.safeRevision = this.#sealedRevision = end.revision
    this.#chain = end.chain
    this.#segment = end.slot === undefined ? this.#begin(end) : this.#reopen(end, end.slot)
    this.#olderBytes = end.logBytes - (this.#segment.position - segmentHeaderBytes)
    this.#synced = { sequence: this.#segment.sequence, offset: this.#segment.position }
  }

  /** Bytes of groups in segments that are still needed, the pending one included. */
  get liveBytes(): number {
    return this.#olderBytes + this.#segment.position - segmentHeaderBytes + this.pendingBytes
  }

  /** Bytes of all files. */
  get fileBytes(): number {
    return this.#files.size(this.#segment.fd) + this.#others.reduce((sum, slot) => sum + slot.bytes, 0)
  }

  /** Sequence of the segment that is written now. */
  get sequence(): number {
    return this.#segment.sequence
  }

  /** Bytes of records that wait for the group in flight. */
  get pendingBytes(): number {
    return this.#length - groupHeaderBytes
  }

  /** Makes sure that `bytes` more of records can be taken; throws KvassError 507 where not. */
  reserve(bytes: number, fromReserve: boolean): void {
    if (this.failure !== undefined) throw this.failure
    const end = this.#segment.position + this.#length + bytes + groupHeaderBytes + (fromReserve ? 0 : reserveBytes)
    if (end > this.#segment.filled) this.#fill(end)
    if (this.#length + bytes > this.#pending.length) this.#grow(bytes)
  }

  /** Takes a set record; space for it is reserved. Answers its revision. */
  set(
    table: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    start: number,
    end: number,
    shared: boolean,
  ): number {
    this.#last = this.#length
    this.#length = writeSet(
      this.#pending,
      this.#view(),
      this.#length,
      table,
      key,
      keyStart,
      keyEnd,
      value,
      start,
      end,
      shared,
    )
    return this.#taken(shared)
  }

  /** Says of the set record just taken that its key had no entry. */
  markFresh(): void {
    markFresh(this.#pending, this.#last)
  }

  delete(table: number, key: Key, shared: boolean): number {
    this.#length = writeShort(this.#pending, this.#length, recordKinds.delete, table, key, shared)
    return this.#taken(shared)
  }

  drop(table: number, shared: boolean): number {
    this.#length = writeShort(this.#pending, this.#length, recordKinds.drop, table, '', shared)
    return this.#taken(shared)
  }

  /** Takes the record of a new table's number; it has no revision of its own, the write that follows has. */
  create(table: number, name: Key): void {
    this.#length = writeShort(this.#pending, this.#length, recordKinds.create, table, name, false)
  }

  whenSafe(revision: number, callback: (error?: Error) => void): void {
    this.#waiting.push({ revision, callback })
    if ((revision <= this.safeRevision || this.failure !== undefined) && !this.#draining) {
      this.#draining = true
      queueMicrotask(this.#drain)
    }
  }

  /**
   * Starts a new segment: all records taken when `onCut` is called are in the segments before it, all later ones in
   * it. Resolves once everything before it and its own header are on disk.
   */
  rotate(onCut: (sequence: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) throw this.failure
      this.#rotation = { slot: this.#takeSlot(), cut: false, onCut, resolve, reject }
      this.#schedule()
    })
  }

  /** Resolves once all records taken so far are on disk, whatever `durability` waits for. */
  async sync(): Promise<void> {
    const { revision } = this
    await new Promise<void>((resolve, reject) => {
      this.whenSafe(revision, (error) => (error === undefined ? resolve() : reject(error)))
    })
    if (this.#options.durability === 'flush') return
    await new Promise<void>((resolve, reject) => {
      this.#files.datasync(this.#segment.fd, (error) => (error === null ? resolve() : reject(error)))
    })
  }

  /** Lets the files be used again that hold only segments before `sequence`; called when nothing needs them. */
  release(sequence: number): void {
    for (const slot of this.#others) if (slot.sequence < sequence) slot.sequence = 0
    this.#olderBytes = this.#others.reduce((sum, slot) => sum + (slot.sequence === 0 ? 0 : slot.groupBytes), 0)
    // One spare is enough: a checkpoint ends before the next begins. The largest is the one with most space.
    const free = this.#others.filter((slot) => slot.sequence === 0).sort((a, b) => b.bytes - a.bytes)
    for (const slot of free.slice(1)) {
      this.#files.unlink(slotPath(this.#options.directory, slot.number))
      this.#others.splice(this.#others.indexOf(slot), 1)
    }
  }

  /** Makes all records safe, marks the log as closed, and lets go of the file. */
  async close(): Promise<void> {
    while (this.failure === undefined && (this.#inFlight || this.pendingBytes > 0 || this.#rotation !== undefined)) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
        this.#schedule()
      })
    }
    clearTimeout(this.#syncTimer)
    await this.#syncing
    if (this.failure === undefined) this.#markClosed()
    this.#files.close(this.#segment.fd)
    this.failure = new Error('the store is closed')
    this.#drain()
  }

  #taken(shared: boolean): number {
    if (!shared) this.revision++
    this.#writes++
    if (!this.#scheduled) this.#schedule()
    return this.revision
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight) return
    this.#scheduled = true
    setImmediate(this.#turnEnd)
  }

  readonly #turnEnd = (): void => {
    this.#scheduled = false
    this.#next()
  }

  /** Writes what is pending as the next group, unless one is in flight. */
  #next(): void {
    if (this.#inFlight || this.failure !== undefined) return
    const rotation = this.#rotation
    if (this.#length > groupHeaderBytes || rotation?.cut === false)
      this.#writeGroup(rotation?.cut ? undefined : rotation)
    else this.#idle?.()
  }

  #writeGroup(rotation: Rotation | undefined): void {
    const segment = this.#segment
    const bytes = this.#pending
    const group: Group = {
      bytes,
      length: this.#length,
      revision: this.revision,
      writes: this.#writes,
      at: segment.position,
      segment,
    }
    this.#seal(bytes, group.length, 0)
    segment.position += group.length
    this.#pending = this.#spare
    this.#length = groupHeaderBytes
    this.#writes = 0
    this.#inFlight = true
    if (rotation !== undefined) {
      try {
        this.#cut(rotation, segment)
      } catch (error) {
        this.#fail(error as Error)
        return
      }
    }
    const started = this.#options.clock()
    this.#write(group.segment.fd, bytes, group.length, group.at, (error) => {
      if (error !== undefined) this.#fail(error)
      else this.#written(group, started, rotation)
    })
    this.#fillAhead()
  }

  /** From here on records go to the new segment. The group that was just sealed is the last of the old one. */
  #cut(rotation: Rotation, old: Segment): void {
    rotation.cut = true
    const groupBytes = old.position - segmentHeaderBytes
    this.#olderBytes += groupBytes
    this.#others.push({ number: old.number, sequence: old.sequence, bytes: old.filled, groupBytes })
    this.#segment = { ...rotation.slot, sequence: old.sequence + 1 }
    this.full = false
    this.#writeHeader(this.#segment)
    rotation.onCut(this.#segment.sequence)
  }

  #written(group: Group, started: number, rotation: Rotation | undefined): void {
    const after = () => {
      this.safeRevision = group.revision
      this.#options.onSafe((this.#options.clock() - started) / 1000, group.writes, group.length)
      this.#spare = group.bytes.length > largestKeptBuffer ? Buffer.allocUnsafeSlow(startBufferBytes) : group.bytes
      this.#inFlight = false
      if (rotation !== undefined) this.#finishRotation(rotation, group.segment)
      this.#next()
      this.#drain()
    }
    if (this.#options.durability === 'commit') {
      this.#syncLater()
      after()
      return
    }
    this.#files.datasync(group.segment.fd, (error) => {
      if (error !== null) return this.#fail(error)
      this.#synced = { sequence: group.segment.sequence, offset: group.at + group.length }
      after()
    })
  }

  /** The old segment's last group is written; the rotation is done once both files are on disk. */
  #finishRotation(rotation: Rotation, old: Segment): void {
    const { fd, sequence } = this.#segment
    this.#files.datasync(old.fd, (oldError) => {
      this.#files.close(old.fd)
      if (oldError !== null) return this.#fail(oldError)
      this.#files.datasync(fd, (error) => {
        if (error !== null) return this.#fail(error)
        if (this.#synced.sequence < sequence) this.#synced = { sequence, offset: segmentHeaderBytes }
        this.#rotation = undefined
        rotation.resolve()
        this.#next()
      })
    })
  }

  #seal(bytes: Buffer, length: number, flags: number): void {
    this.#chain = sealGroup(bytes, length, this.#segment.salt, {
      before: this.#sealedRevision,
      after: this.revision,
      chain: this.#chain,
      syncedSequence: this.#synced.sequence,
      syncedOffset: this.#synced.offset,
      flags,
    })
    this.#sealedRevision = this.revision
  }

  #write(fd: number, bytes: Buffer, length: number, position: number, done: (error?: Error) => void): void {
    if (length <= directWriteBytes || this.#options.durability === 'commit') {
      let failure: Error | undefined
      try {
        writeAllSync(this.#files, fd, bytes, length, position)
      } catch (error) {
        failure = error as Error
      }
      done(failure)
      return
    }
    const go = (from: number): void => {
      this.#files.write(fd, bytes, from, length - from, position + from, (error, written) => {
        if (error !== null) done(error)
        else if (from + written < length) go(from + written)
        else done()
      })
    }
    go(0)
  }

  /** `commit`: syncs the file once a second while there is something to sync. */
  #syncLater(): void {
    this.#unsynced = true
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined
      this.#syncing ??= new Promise((resolve) => {
        const { sequence, position: offset } = this.#segment
        this.#unsynced = false
        this.#files.datasync(this.#segment.fd, (error) => {
          this.#syncing = undefined
          if (error !== null) this.#fail(error)
          else {
            if (sequence === this.#segment.sequence) this.#synced = { sequence, offset }
            if (this.#unsynced) this.#syncLater()
          }
          resolve()
        })
      })
    }, syncIntervalMs).unref()
  }

  /** Never retried: after a failed sync the system may have dropped the pages and call the next one good. */
  #fail(error: Error): void {
    this.#inFlight = false
    if (this.failure === undefined) {
      this.failure = failedError(error)
      this.#options.onFailure(error)
    }
    this.#rotation?.reject(this.failure)
    this.#rotation = undefined
    this.#drain()
    this.#idle?.()
  }

  readonly #drain = (): void => {
    this.#draining = false
    const waiting = this.#waiting
    while (this.#waitingHead < waiting.length) {
      const { revision, callback } = waiting[this.#waitingHead]!
      const safe = revision <= this.safeRevision
      if (!safe && this.failure === undefined) break
      this.#waitingHead++
      callback(safe ? undefined : this.failure)
    }
    if (this.#waitingHead === waiting.length) waiting.length = this.#waitingHead = 0
    else if (this.#waitingHead > 4096 && this.#waitingHead * 2 > waiting.length) {
      waiting.splice(0, this.#waitingHead)
      this.#waitingHead = 0
    }
  }

  /** A view on the pending records' memory. */
  #view(): DataView {
    if (this.#viewed !== this.#pending) {
      this.#viewed = this.#pending
      this.#pendingView = viewOn(this.#pending)
    }
    return this.#pendingView
  }

  #grow(bytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#pending.length, this.#length + bytes))
    this.#pending.copy(grown, 0, 0, this.#length)
    this.#pending = grown
  }

  /** Fills the file with zeros up to `end` now, or throws KvassError 507. A full disk is tried once a second. */
  #fill(end: number): void {
    if (end > largestSegmentBytes) throw new KvassError(507, 'the log is as large as it may become: writes must wait')
    if (this.full && this.#options.clock() < this.#retryAt) throw fullError()
    try {
      while (this.#segment.filled < end) this.#fillStep(this.#segment)
      this.full = false
    } catch (error) {
      this.full = true
      this.#retryAt = this.#options.clock() + retryMs
      throw fullError(error)
    }
  }

  /** Keeps the file filled ahead of the writes, a step at a time, so that a full disk shows early. */
  #fillAhead(): void {
    if (this.#segment.filled >= this.#segment.position + this.#options.aheadBytes || this.full) return
    try {
      this.#fillStep(this.#segment)
    } catch {
      // The reserve and what is filled are still there; the write that needs more is the one to fail.
    }
  }

  #fillStep(segment: Segment): void {
    writeAllSync(this.#files, segment.fd, this.#zeros, this.#zeros.length, segment.filled)
    segment.filled += this.#zeros.length
  }

  /**
   * A file for the next segment, the spare or a new one, filled far enough to take a header and its reserve: a spare
   * may be shorter where the process ended while it was made. Throws where the disk has no space for it.
   */
  #takeSlot(): Segment {
    const { directory } = this.#options
    const spare = this.#others.find((slot) => slot.sequence === 0)
    const number = spare?.number ?? 1 + Math.max(this.#segment?.number ?? 0, ...this.#others.map((slot) => slot.number))
    const path = slotPath(directory, number)
    const flags = constants.O_RDWR | (spare === undefined ? constants.O_CREAT | constants.O_TRUNC : 0)
    const segment: Segment = {
      number,
      fd: this.#files.open(path, flags),
      sequence: 0,
      salt: randomBytes(saltBytes),
      position: segmentHeaderBytes,
      filled: spare?.bytes ?? 0,
    }
    try {
      while (segment.filled < 2 * reserveBytes) this.#fillStep(segment)
      if (spare === undefined) this.#files.syncDirectory(directory)
    } catch (error) {
      this.#files.close(segment.fd)
      if (spare === undefined) this.#files.unlink(path)
      throw error
    }
    if (spare !== undefined) this.#others.splice(this.#others.indexOf(spare), 1)
    return segment
  }

  /** The first segment of a new store. Files that are there are of a start that did not come this far. */
  #begin(end: LogEnd): Segment {
    for (const { path } of end.slots) this.#files.unlink(path)
    const segment = { ...this.#takeSlot(), sequence: 1 }
    this.#writeHeader(segment)
    this.#files.datasyncSync(segment.fd)
    return segment
  }

  /** Goes on where the log ended. What was read back is made safe first: it may never have been synced. */
  #reopen(end: LogEnd, slot: LogSlot): Segment {
    // With the first group's salt, so that no later start finds groups in it that were cut off before.
    const wiped = segmentHeaderBytes + saltBytes
    for (const { path } of end.cut) this.#onFile(path, (fd) => writeAllSync(this.#files, fd, this.#zeros, wiped, 0))
    for (const { path } of end.live) if (path !== slot.path) this.#onFile(path, () => {})
    const live = new Set(end.live)
    // They are all released at once, so the first one may stand for the bytes of all.
    let groupBytes = end.logBytes - (end.offset - segmentHeaderBytes)
    for (const other of end.slots) {
      if (other === slot) continue
      const isLive = live.has(other)
      const sequence = isLive ? other.header!.sequence : 0
      this.#others.push({ number: other.number, sequence, bytes: other.bytes, groupBytes: isLive ? groupBytes : 0 })
      if (isLive) groupBytes = 0
    }
    const fd = this.#files.open(slot.path, constants.O_RDWR)
    this.#files.datasyncSync(fd)
    const { sequence, salt } = slot.header!
    return { number: slot.number, fd, sequence, salt, position: end.offset, filled: slot.bytes }
  }

  #onFile(path: string, change: (fd: number) => void): void {
    const fd = this.#files.open(path, constants.O_RDWR)
    try {
      change(fd)
      this.#files.datasyncSync(fd)
    } finally {
      this.#files.close(fd)
    }
  }

  #writeHeader(segment: Segment): void {
    const header = encodeSegmentHeader({
      sequence: segment.sequence,
      salt: segment.salt,
      revision: this.#sealedRevision,
      chain: this.#chain,
      epoch: this.#options.epoch,
    })
    writeAllSync(this.#files, segment.fd, header, header.length, 0)
  }

  #markClosed(): void {
    this.#seal(this.#pending, groupHeaderBytes, closedFlag)
    writeAllSync(this.#files, this.#segment.fd, this.#pending, groupHeaderBytes, this.#segment.position)
    this.#files.datasyncSync(this.#segment.fd)
  }
}

function fullError(cause?: unknown): KvassError {
  return new KvassError(507, 'the disk is full: the write was not taken; reads and deletes go on', { cause })
}

function failedError(cause: Error): KvassError {
  return new KvassError(507, 'the log could not be written: no write is taken until a restart; reads go on', { cause })
}
