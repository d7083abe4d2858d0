// The files of the log. Its segments lie in a few slots, which are used again and again: a file is filled with zeros
// ahead of need, so that a full disk is met before a write is taken, never in the middle of one. It knows no records.
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { KvassError } from '../../../proto/status.ts'
import { type LogFiles, writeAllSync } from './files.ts'
import { encodeSegmentHeader, saltBytes, segmentHeaderBytes } from './format.ts'
import { type LogEnd, type LogSlot, slotPath } from './replay.ts'

/** Bytes of the file kept for deletes and drops when the disk is full. */
const reserveBytes = 524_288
/** A full disk is tried again after so long. */
const retrySeconds = 1
/** Offsets in a segment are 32 bits wide. */
const largestSegmentBytes = 2 ** 32 - 2 ** 20
/** Bytes that are written again at a time. */
const writeAgainBytes = 1 << 20

export interface SlotOptions {
  /** Folder of the log. */
  readonly directory: string
  readonly files: LogFiles
  readonly epoch: string
  /** Bytes that a file is filled ahead of the write position, in steps of a quarter of it. */
  readonly aheadBytes: number
  /** Monotonic seconds. */
  readonly clock: () => number
}

/** A slot that is open, and the segment in it. */
export interface Segment {
  /** The slot's. */
  readonly number: number
  readonly fd: number
  readonly sequence: number
  readonly salt: Buffer
  /** Where the next group goes. */
  position: number
  /** The file has space up to here. */
  filled: number
}

/** A slot that is not written now: its segment is still needed, or it is free (sequence 0). */
interface OtherSlot {
  readonly number: number
  sequence: number
  readonly bytes: number
  /** Bytes of its groups. */
  readonly groupBytes: number
}

/** Where a segment continues the log: the revision before it, and the crc of the group before it. */
export interface LogPoint {
  readonly revision: number
  readonly chain: number
}

export class Slots {
  /** The segment that groups go to. */
  segment: Segment
  readonly #options: SlotOptions
  readonly #files: LogFiles
  readonly #zeros: Buffer
  readonly #others: OtherSlot[] = []
  /** Bytes of groups in the segments before the present one. */
  #olderBytes: number
  /** Whether the last attempt to get more space failed, and when the next one may be made. */
  #isFull = false
  #retryAt = 0

  /** Continues the log at its end, or begins one where there is none. */
  constructor(options: SlotOptions, end: LogEnd) {
    this.#options = options
    this.#files = options.files
    this.#zeros = Buffer.alloc(Math.max(2 * segmentHeaderBytes, options.aheadBytes >> 2))
    this.segment = end.slot === undefined ? this.#begin(end) : this.#reopen(end, end.slot)
    this.#olderBytes = end.logBytes - (this.segment.position - segmentHeaderBytes)
  }

  /** Bytes of groups in segments that are still needed. */
  get liveBytes(): number {
    return this.#olderBytes + this.segment.position - segmentHeaderBytes
  }

  /** Bytes of all files. */
  get fileBytes(): number {
    return this.#files.size(this.segment.fd) + this.#others.reduce((sum, slot) => sum + slot.bytes, 0)
  }

  /**
   * Makes sure that the segment has space for `bytes` more, `fromReserve` or before it; throws KvassError 507 where
   * the disk has not.
   */
  reserve(bytes: number, fromReserve: boolean): void {
    const end = this.segment.position + bytes + (fromReserve ? 0 : reserveBytes)
    if (end > this.segment.filled) this.#fill(end)
  }

  /** Keeps the file filled ahead of the writes, a step at a time, so that a full disk shows early. */
  fillAhead(): void {
    if (this.segment.filled >= this.segment.position + this.#options.aheadBytes || this.#isFull) return
    try {
      this.#fillStep(this.segment)
    } catch {
      // The reserve and what is filled are still there; the write that needs more is the one to fail.
    }
  }

  /**
   * Opens a slot for a next segment, the spare one or a new one, filled far enough to take a header and its reserve: a
   * spare may be shorter where the process ended while it was made. Throws where the disk has no space for it.
   */
  take(): Segment {
    const { directory } = this.#options
    const spare = this.#others.find((slot) => slot.sequence === 0)
    const number = spare?.number ?? 1 + Math.max(this.segment?.number ?? 0, ...this.#others.map((slot) => slot.number))
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

  /** Continues the log in a slot that was taken; writes its header, and leaves it to the caller to sync both files. */
  switchTo(taken: Segment, point: LogPoint): void {
    const old = this.segment
    const groupBytes = old.position - segmentHeaderBytes
    this.#olderBytes += groupBytes
    this.#others.push({ number: old.number, sequence: old.sequence, bytes: old.filled, groupBytes })
    this.segment = { ...taken, sequence: old.sequence + 1 }
    this.#isFull = false
    this.#writeHeader(this.segment, point)
  }

  /** Lets the slots be used again that hold only segments before `sequence`; called when nothing needs them. */
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

  /** Lets go of the file. */
  close(): void {
    this.#files.close(this.segment.fd)
  }

  /** The first segment of a new store. Files that are there are of a start that did not come this far. */
  #begin(end: LogEnd): Segment {
    for (const { path } of end.slots) this.#files.unlink(path)
    const segment = { ...this.take(), sequence: 1 }
    this.#writeHeader(segment, end)
    this.#files.datasyncSync(segment.fd)
    return segment
  }

  /**
   * Goes on where the log ended. What was read back is made safe first: it may never have been synced, and neither may
   * the names of the files. A sync alone would not do where one had failed.
   */
  #reopen(end: LogEnd, slot: LogSlot): Segment {
    // With the first group's salt, so that no later start finds groups in it that were cut off before.
    const wiped = segmentHeaderBytes + saltBytes
    for (const { path } of end.cut) this.#onFile(path, (fd) => writeAllSync(this.#files, fd, this.#zeros, wiped, 0))
    for (const { path, from, to } of end.unproven) this.#onFile(path, (fd) => this.#writeAgain(fd, from, to))
    this.#files.syncDirectory(this.#options.directory)
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
    const { sequence, salt } = slot.header!
    return { number: slot.number, fd, sequence, salt, position: end.offset, filled: slot.bytes }
  }

  #writeAgain(fd: number, from: number, to: number): void {
    const bytes = Buffer.allocUnsafe(Math.min(to - from, writeAgainBytes))
    for (let at = from; at < to; ) {
      const read = this.#files.read(fd, bytes, 0, Math.min(bytes.length, to - at), at)
      if (read === 0) throw new Error('a file of the log became shorter while it was written again')
      writeAllSync(this.#files, fd, bytes, read, at)
      at += read
    }
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

  #writeHeader({ fd, sequence, salt }: Segment, { revision, chain }: LogPoint): void {
    const header = encodeSegmentHeader({ sequence, salt, revision, chain, epoch: this.#options.epoch })
    writeAllSync(this.#files, fd, header, header.length, 0)
  }

  /** Fills the file with zeros up to `end` now, or throws KvassError 507. A full disk is tried once a second. */
  #fill(end: number): void {
    if (end > largestSegmentBytes) throw new KvassError(507, 'the log is as large as it may become: writes must wait')
    if (this.#isFull && this.#options.clock() < this.#retryAt) throw fullError()
    try {
      while (this.segment.filled < end) this.#fillStep(this.segment)
      this.#isFull = false
    } catch (error) {
      this.#isFull = true
      this.#retryAt = this.#options.clock() + retrySeconds
      throw fullError(error)
    }
  }

  #fillStep(segment: Segment): void {
    writeAllSync(this.#files, segment.fd, this.#zeros, this.#zeros.length, segment.filled)
    segment.filled += this.#zeros.length
  }
}

function fullError(cause?: unknown): KvassError {
  return new KvassError(507, 'the disk is full: the write was not taken; reads and deletes go on', { cause })
}
