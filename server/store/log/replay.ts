// Reads the log back: finds its segments, gives every whole group's records to a sink, and finds the end.
// It tells a torn tail (bytes that were never known to be on disk: cut off) from damage (bytes that were: refused).
// It changes nothing.
import { constants, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LogFiles } from './files.ts'
import {
  closedFlag,
  decodeGroupHeader,
  decodeSegmentHeader,
  type GroupHeader,
  groupHeaderBytes,
  groupIsWhole,
  type RecordSink,
  readRecords,
  type SegmentHeader,
  saltBytes,
  segmentHeaderBytes,
} from './format.ts'

/** A file of the log. What it holds is said by its header, not by its name. */
export interface LogSlot {
  readonly number: number
  readonly path: string
  readonly bytes: number
  /** Undefined: blank, or a header that is not whole. */
  readonly header: SegmentHeader | undefined
  /** Whether a group follows the header. */
  readonly used: boolean
}

/** A part of a file. */
export interface Stretch {
  readonly path: string
  readonly from: number
  readonly to: number
}

/** Where the log ends. */
export interface LogEnd {
  /** The segment that it ends in; undefined where there is no log yet. */
  readonly slot: LogSlot | undefined
  readonly offset: number
  readonly revision: number
  readonly chain: number
  /** Bytes of groups in all segments that count. */
  readonly logBytes: number
  /** Segments that count, oldest first. */
  readonly live: readonly LogSlot[]
  /**
   * What counts and is not known to be on disk: no group behind it says so. After a failed sync the system takes it for
   * written, and no later sync brings it there.
   */
  readonly unproven: readonly Stretch[]
  /** All files of the log. */
  readonly slots: readonly LogSlot[]
  /** Segments that are cut off with the tail: their headers must be wiped before the log goes on. */
  readonly cut: readonly LogSlot[]
  /** Whether bytes that look like a torn write were found after the end. */
  readonly torn: boolean
}

/** A data directory whose contents cannot be trusted. The message says what, where, and what to do. */
export class DamageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DamageError'
  }
}

/** The files of a log directory, by number. */
export function listSlots(directory: string, files: LogFiles): LogSlot[] {
  const numbers = readdirSync(directory).flatMap((name) => (/^\d+\.log$/.test(name) ? [Number.parseInt(name, 10)] : []))
  return numbers.sort((a, b) => a - b).map((number) => readSlot(directory, number, files))
}

export function slotPath(directory: string, number: number): string {
  return join(directory, `${number}.log`)
}

function readSlot(directory: string, number: number, files: LogFiles): LogSlot {
  const path = slotPath(directory, number)
  const fd = files.open(path, constants.O_RDONLY)
  try {
    const bytes = files.size(fd)
    const block = Buffer.alloc(64)
    if (bytes >= segmentHeaderBytes) files.read(fd, block, 0, block.length, 0)
    const header = decodeSegmentHeader(block)
    const salt = Buffer.alloc(saltBytes)
    files.read(fd, salt, 0, saltBytes, segmentHeaderBytes)
    return {
      number,
      path,
      bytes,
      header,
      used: header?.salt.equals(salt) ?? false,
    }
  } finally {
    files.close(fd)
  }
}

/** Reads one segment through a window, so that a large one is not held in memory whole. */
class SegmentReader {
  readonly bytes: number
  readonly #files: LogFiles
  readonly #fd: number
  #window = Buffer.alloc(4 << 20)
  #from = 0
  #to = 0

  constructor(slot: LogSlot, files: LogFiles) {
    this.#files = files
    this.#fd = files.open(slot.path, constants.O_RDONLY)
    this.bytes = files.size(this.#fd)
  }

  /** A view on `[at, at + length)`, valid until the next call; undefined past the end of the file. */
  view(at: number, length: number): Buffer | undefined {
    if (at + length > this.bytes) return undefined
    if (at < this.#from || at + length > this.#to) this.#load(at, length)
    return this.#window.subarray(at - this.#from, at - this.#from + length)
  }

  close(): void {
    this.#files.close(this.#fd)
  }

  #load(at: number, length: number): void {
    if (length > this.#window.length) this.#window = Buffer.alloc(length)
    const wanted = Math.min(this.#window.length, this.bytes - at)
    for (let done = 0; done < wanted; ) {
      const read = this.#files.read(this.#fd, this.#window, done, wanted - done, at + done)
      if (read === 0) throw new DamageError('a file of the log became shorter while it was read')
      done += read
    }
    this.#from = at
    this.#to = at + wanted
  }
}

/** The whole group at `at`, or undefined where there is none. */
function groupAt(reader: SegmentReader, at: number, salt: Buffer): { header: GroupHeader; bytes: Buffer } | undefined {
  const head = reader.view(at, groupHeaderBytes)
  if (head === undefined || head.compare(salt, 0, saltBytes, 0, saltBytes) !== 0) return undefined
  const header = decodeGroupHeader(head, 0)
  const bytes = reader.view(at, groupHeaderBytes + header.length)
  return bytes !== undefined && groupIsWhole(bytes) ? { header, bytes } : undefined
}

export interface ReplayFrom {
  /** First segment that counts; those before it are free. */
  readonly sequence: number
  /** Revision of the store before that segment. */
  readonly revision: number
  readonly epoch: string
}

/** Replays the log of a directory. Throws DamageError where it cannot be trusted. */
export function replayLog(directory: string, from: ReplayFrom, sink: RecordSink, files: LogFiles): LogEnd {
  const slots = listSlots(directory, files)
  for (const slot of slots) {
    if (slot.header !== undefined && slot.header.epoch !== from.epoch) {
      throw new DamageError(`${slot.path} belongs to another store: remove it, or put the right file back`)
    }
  }
  const later = slots
    .filter((slot) => slot.header !== undefined && slot.header.sequence >= from.sequence)
    .sort((a, b) => a.header!.sequence - b.header!.sequence)
  if (later[0]?.header?.sequence !== from.sequence) {
    throw new DamageError(
      `${directory}: segment ${from.sequence} of the log is missing or its header is damaged; ` +
        'run `kvass check` on the data directory, and restore it from a copy',
    )
  }
  const replay = new Replay(from, sink, files)
  let live = 0
  while (live < later.length && replay.segment(later[live]!)) live++
  if (live === 0) {
    throw new DamageError(
      `${later[0].path} does not begin at revision ${from.revision}, where the tables end: ` +
        'run `kvass check` on the data directory, and restore it from a copy',
    )
  }
  const cut = later.slice(live)
  replay.refuseGap(cut)
  const unknown = slots.filter((slot) => slot.header === undefined)
  const torn = !replay.closed && replay.findLater([later[live - 1]!, ...cut, ...unknown])
  return {
    slot: later[live - 1]!,
    offset: replay.offset,
    revision: replay.revision,
    chain: replay.chain!,
    logBytes: replay.logBytes,
    slots,
    live: later.slice(0, live),
    unproven: replay.unproven,
    cut,
    torn,
  }
}

class Replay {
  revision: number
  chain: number | undefined
  path = ''
  sequence = 0
  offset = 0
  logBytes = 0
  closed = false
  /** How far the log was on disk when its last group was written. */
  #synced = { sequence: 0, offset: 0 }
  readonly #segments: { readonly path: string; readonly sequence: number; readonly end: number }[] = []
  readonly #sink: RecordSink
  readonly #files: LogFiles

  constructor(from: ReplayFrom, sink: RecordSink, files: LogFiles) {
    this.revision = from.revision
    this.#sink = sink
    this.#files = files
  }

  /** Replays the groups of a segment, unless it does not continue the log: then returns false. */
  segment(slot: LogSlot): boolean {
    const header = slot.header!
    if (this.chain === undefined) this.chain = header.chain
    if (header.chain !== this.chain || header.revision !== this.revision) return false
    const reader = new SegmentReader(slot, this.#files)
    try {
      this.path = slot.path
      this.sequence = header.sequence
      this.offset = segmentHeaderBytes
      this.closed = false
      for (;;) {
        const group = groupAt(reader, this.offset, header.salt)
        if (group === undefined || group.header.chain !== this.chain || group.header.before !== this.revision) break
        this.#group(group.header, group.bytes)
      }
      this.logBytes += this.offset - segmentHeaderBytes
      this.#segments.push({ path: this.path, sequence: this.sequence, end: this.offset })
    } finally {
      reader.close()
    }
    return true
  }

  #group(header: GroupHeader, bytes: Buffer): void {
    let after: number | undefined
    try {
      after = readRecords(bytes, groupHeaderBytes, bytes.length, header.before, this.#sink)
    } catch (error) {
      throw new DamageError(`${this.path}, offset ${this.offset}: ${(error as Error).message}`)
    }
    if (after !== header.after) {
      throw new DamageError(
        `${this.path}, offset ${this.offset}: the group ends at revision ${after}, not ${header.after}`,
      )
    }
    this.revision = after
    this.chain = header.crc
    this.offset += bytes.length
    this.closed = (header.flags & closedFlag) !== 0
    this.#synced = { sequence: header.syncedSequence, offset: header.syncedOffset }
  }

  get unproven(): Stretch[] {
    const { sequence: syncedSequence, offset } = this.#synced
    return this.#segments.flatMap(({ path, sequence, end }) => {
      const from = sequence > syncedSequence ? 0 : sequence === syncedSequence ? offset : end
      return from < end ? [{ path, from, to: end }] : []
    })
  }

  /** A segment is only begun once the one before it is whole on disk, but for its last group. */
  refuseGap(cut: readonly LogSlot[]): void {
    const beyond = cut.find(({ header }) => header!.sequence > this.sequence + 1)
    if (beyond === undefined) return
    throw new DamageError(
      `${beyond.path} is segment ${beyond.header!.sequence} of the log, but segment ${this.sequence + 1} before it ` +
        'is missing or damaged; run `kvass check` on the data directory, and restore it from a copy',
    )
  }

  /**
   * Looks for whole groups after the end. One that was written when the end was already on disk proves that what
   * is missing at the end was there: damage. Otherwise the tail was never acknowledged. Returns whether any was found.
   */
  findLater(slots: LogSlot[]): boolean {
    let found = false
    for (const slot of slots) {
      const reader = new SegmentReader(slot, this.#files)
      try {
        const at = slot.header?.sequence === this.sequence ? this.offset : segmentHeaderBytes
        const salt = slot.header?.salt ?? reader.view(segmentHeaderBytes, saltBytes)
        if (salt === undefined) continue
        for (const group of groupsIn(reader, at, Buffer.from(salt))) {
          found = true
          const { syncedSequence, syncedOffset } = group
          if (syncedSequence > this.sequence || (syncedSequence === this.sequence && syncedOffset > this.offset)) {
            throw new DamageError(
              `${this.path}, offset ${this.offset}: the log is damaged here, and not by a torn write: what follows it ` +
                'was written after it was safe; run `kvass check` on the data directory, and restore it from a copy',
            )
          }
        }
      } finally {
        reader.close()
      }
    }
    return found
  }
}

/** Every whole group with this salt from `at` on, wherever it begins. */
function* groupsIn(reader: SegmentReader, at: number, salt: Buffer): Generator<GroupHeader> {
  if (salt.every((byte) => byte === 0)) return
  const step = 1 << 20
  while (at < reader.bytes) {
    const window = reader.view(at, Math.min(step + saltBytes, reader.bytes - at))!
    const position = window.indexOf(salt)
    if (position < 0) {
      at += step
      continue
    }
    const group = groupAt(reader, at + position, salt)
    if (group !== undefined) yield group.header
    at += position + 1
  }
}
