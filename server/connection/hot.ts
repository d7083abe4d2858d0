// The hot path: hget and hset whose bytes look as every encoder writes them, run straight from the chunk into the
// turn's output, without an object made. Whatever looks otherwise is left to the readable path, which answers the
// same. Guarded by `npm run bench -- commands`: objects for each command cost half of the throughput.

import type { Buffer } from 'node:buffer'
import { writeId, writeVarint } from '../../proto/codec.ts'
import { headerBytes } from '../../proto/frame.ts'
import { compressAboveBytes, type Limits } from '../../proto/limits.ts'
import type { Session, Shared } from '../commands/command.ts'
import type { Clients } from '../data/clients.ts'
import type { Entries } from '../data/entries.ts'
import { valueEnd } from '../data/lifetime.ts'
import { RecordBytes, sequenceBytes } from '../data/mutations.ts'
import type { Meter } from '../service/meter.ts'
import { copyOf, copyViewed, noBytes, viewOf, viewOn } from '../store/bytes/copy.ts'
import { asBuffer } from '../store/bytes/latin1.ts'
import type { Engine, Entry, Key } from '../store/engine.ts'
import { Ahead } from './lookahead.ts'
import { type Outbox, turn } from './outbox.ts'

/** Buffer's method behind `toString('latin1')`, without its argument checks. */
type Sliceable = Buffer & { latin1Slice(start: number, end: number): string }

const hgetTag = 0x0a
const hsetTag = 0x22
const firstTag = 0x0a
const secondTag = 0x12
const idTag = 0x78
const valuesTag = 0x1a
const durabilityTag = 0x68
const revisionTag = 0x70
const mutationTag = 0x70
const hgetNumber = 1
const hsetNumber = 4
/** Status 200 as it begins each reply. */
const ok = [0x08, 0xc8, 0x01]
/** Bytes of a reply at the most beside its value: header, status, lengths, durability, revision, id. */
const overheadBytes = 40

/** Of four bytes, those bits that no ASCII character has. */
const highBits = 0x80808080 | 0

/** The fields of the request under way: read once, valid until the next. */
let cursor = 0
let table: Key = ''
let id = 0
/** The mutation's number; 0 for none. */
let mutation = 0

const nothing: Entry = { bytes: noBytes, start: 0, end: 0, revision: 0 }

export class HotPath {
  readonly #store: Engine
  readonly #entries: Entries
  readonly #meter: Meter
  readonly #limits: Limits
  /** What the replies to writes are marked with; 0 for nothing. */
  readonly #durability: number
  readonly #mark: number | undefined
  readonly #ahead: Ahead
  readonly #clients: Clients
  readonly #record = new RecordBytes(compressAboveBytes + overheadBytes)
  readonly #recordView = viewOn(this.#record.bytes)
  /** The last table's name as bytes and as a key: most requests in a row name the same. */
  #tableBytes: Uint8Array = new Uint8Array(0)
  #table: Key = ''

  constructor({ store, entries, clients }: Shared, meter: Meter, limits: Limits, durabilityMark: number | undefined) {
    this.#store = store
    this.#entries = entries
    this.#clients = clients
    this.#meter = meter
    this.#limits = limits
    this.#durability = durabilityMark ?? 0
    this.#mark = durabilityMark
    this.#ahead = new Ahead(store)
  }

  /** A new turn begins: its bytes were not seen before. */
  begin(): void {
    this.#ahead.reset()
  }

  /**
   * Runs the request in `bytes[start, end)`, behind which others may follow up to `chunkEnd`, and writes its reply;
   * false: nothing was done, take the readable path.
   */
  run(bytes: Uint8Array, start: number, end: number, chunkEnd: number, session: Session, outbox: Outbox): boolean {
    const tag = bytes[start]
    if (tag !== hgetTag && tag !== hsetTag) return false
    const length = readLength(bytes, start + 1, end)
    const messageEnd = cursor + length
    if (length < 0 || !readTail(bytes, messageEnd, end)) return false
    if (id !== 0 && session.running.size !== 0 && session.running.has(id)) return false
    this.#ahead.see(bytes, start, end, chunkEnd, this.#tableBytes, this.#table)
    const buffer = asBuffer(bytes) as Sliceable
    if (tag === hgetTag) return mutation === 0 && this.#hget(buffer, messageEnd)
    return this.#hset(buffer, messageEnd, session, outbox)
  }

  #hget(bytes: Sliceable, messageEnd: number): boolean {
    if (!this.#readTable(bytes, messageEnd)) return false
    const keyLength = readField(bytes, secondTag, messageEnd)
    if (keyLength <= 0 || cursor + keyLength !== messageEnd || !this.#isKey(bytes, cursor, keyLength)) return false
    const entry = this.#store.lookup(table, bytes, cursor, messageEnd, this.#ahead.hash(bytes, cursor, messageEnd))
    if (entry === undefined || !isSmall(entry) || hasLifetime(entry)) return false
    this.#reply(entry, entry.revision, 0)
    this.#meter.reply(hgetNumber, 200)
    turn.replies[hgetNumber]! += 1
    return true
  }

  #hset(bytes: Sliceable, messageEnd: number, session: Session, outbox: Outbox): boolean {
    if (!this.#readTable(bytes, messageEnd)) return false
    const pairLength = readField(bytes, secondTag, messageEnd)
    if (pairLength <= 0 || cursor + pairLength !== messageEnd) return false
    const keyLength = readField(bytes, firstTag, messageEnd)
    const keyStart = cursor
    if (keyLength <= 0 || !this.#isKey(bytes, keyStart, keyLength)) return false
    cursor += keyLength
    const valueLength = readField(bytes, secondTag, messageEnd)
    if (valueLength <= 0 || cursor + valueLength !== messageEnd || valueLength > this.#limits.maxValueBytes)
      return false
    if (!isPlainValue(bytes, cursor, messageEnd)) return false
    const keyEnd = keyStart + keyLength
    const hash = this.#ahead.hash(bytes, keyStart, keyEnd)
    if (mutation !== 0) return this.#hsetOnce(bytes, keyStart, keyEnd, hash, messageEnd, session)
    let previous: Entry | undefined
    try {
      previous = this.#store.put(table, bytes, keyStart, keyEnd, hash, bytes, cursor, messageEnd)
    } catch {
      return false // Nothing was done; the readable path meets the same error and answers it.
    }
    turn.wrote = true
    this.#meter.reply(hsetNumber, 200)
    turn.replies[hsetNumber]! += 1
    const { revision } = this.#store
    if (previous === undefined || (isSmall(previous) && !hasLifetime(previous))) {
      this.#reply(previous ?? nothing, revision, this.#durability)
    } else {
      const values = [this.#entries.visible(previous)?.value ?? noBytes]
      outbox.send({ status: 200, values, revision, durability: this.#mark }, id, revision)
    }
    return true
  }

  /** Sets the entry of a mutation that is above all before it, whose value is `bytes[cursor, valueEnd)`. */
  #hsetOnce(
    bytes: Sliceable,
    keyStart: number,
    keyEnd: number,
    hash: number,
    messageEnd: number,
    { clientId }: Session,
  ): boolean {
    if (clientId === '' || !this.#clients.isNew(clientId, mutation)) return false
    const previous = this.#store.lookup(table, bytes, keyStart, keyEnd, hash)
    if (previous !== undefined && (!isSmall(previous) || hasLifetime(previous))) return false
    const record = this.#record
    record.begin(clientId, mutation)
    record.end = writeAnswer(record.bytes, this.#recordView, record.end, previous ?? nothing, this.#durability)
    try {
      this.#store.putWith(table, bytes, keyStart, keyEnd, hash, bytes, cursor, messageEnd, record)
    } catch {
      return false // Nothing was done; the readable path meets the same error and answers it.
    }
    this.#clients.took(clientId, mutation)
    turn.wrote = true
    this.#meter.reply(hsetNumber, 200)
    turn.replies[hsetNumber]! += 1
    this.#replyRecorded(record)
    return true
  }

  /** Writes the reply that a record holds, with its revision and id. */
  #replyRecorded({ bytes, end }: RecordBytes): void {
    turn.reserve(end + overheadBytes)
    const { revision } = this.#store
    turn.note(revision, this.#store.safeRevision)
    const at = turn.at + headerBytes
    copyViewed(bytes, this.#recordView, sequenceBytes, end, turn.bytes, turn.data, at)
    this.#endReply(at + end - sequenceBytes, revision)
  }

  /** Writes a reply with one value: header, status, value, durability, revision, id. */
  #reply(entry: Entry, revision: number, durability: number): void {
    turn.reserve(entry.end - entry.start + overheadBytes)
    turn.note(revision, this.#store.safeRevision)
    this.#endReply(writeAnswer(turn.bytes, turn.data, turn.at + headerBytes, entry, durability), revision)
  }

  /** Ends a reply whose answer ends at `at`: revision, id, and the header in front of it all. */
  #endReply(at: number, revision: number): void {
    const out = turn.bytes
    const frameStart = turn.at
    out[at++] = revisionTag
    at = writeId(out, writeVarint(out, at, revision), id)
    const payload = at - frameStart - headerBytes
    out[frameStart] = 0
    out[frameStart + 1] = 0
    out[frameStart + 2] = payload >>> 8
    out[frameStart + 3] = payload
    turn.at = at
  }

  /** Reads the table's name into `table`. */
  #readTable(bytes: Sliceable, end: number): boolean {
    const length = readField(bytes, firstTag, end)
    if (length <= 0 || length > this.#limits.maxTableBytes) return false
    const known = this.#tableBytes
    if (!equal(known, bytes, cursor, length)) {
      // A name that begins with NUL is of the gateway's own tables: the readable path refuses it.
      if (bytes[cursor] === 0 || !isAscii(bytes, cursor, cursor + length)) return false
      this.#tableBytes = copyOf(bytes, cursor, cursor + length)
      this.#table = bytes.latin1Slice(cursor, cursor + length)
    }
    table = this.#table
    cursor += length
    return true
  }

  #isKey(bytes: Uint8Array, start: number, length: number): boolean {
    return length <= this.#limits.maxKeyBytes && isAscii(bytes, start, start + length)
  }
}

/** Writes status, value and durability of a reply, and answers where that ends. */
function writeAnswer(out: Uint8Array, outView: DataView, at: number, entry: Entry, durability: number): number {
  const { bytes, start, end } = entry
  out[at++] = ok[0]!
  out[at++] = ok[1]!
  out[at++] = ok[2]!
  out[at++] = valuesTag
  at = writeVarint(out, at, end - start)
  copyViewed(bytes, entry.data ?? viewOf(bytes), start, end, out, outView, at)
  at += end - start
  if (durability !== 0) {
    out[at++] = durabilityTag
    out[at++] = durability
  }
  return at
}

/** Whether an entry may expire or is leased, which the readable path looks after. */
function hasLifetime({ bytes, start, end }: Entry): boolean {
  return valueEnd(bytes, start, end) !== end
}

/** Whether a reply with this entry's value is too small to be compressed. */
function isSmall(entry: Entry): boolean {
  return entry.end - entry.start + overheadBytes <= compressAboveBytes
}

/** Reads a tag and a length and leaves `cursor` behind them; -1 where the tag is another or the length too long. */
function readField(bytes: Uint8Array, tag: number, end: number): number {
  if (cursor >= end || bytes[cursor] !== tag) return -1
  return readLength(bytes, cursor + 1, end)
}

/** Reads a varint of at most two bytes whose content ends by `end`; -1 otherwise. */
function readLength(bytes: Uint8Array, at: number, end: number): number {
  let length = bytes[at++]!
  if (length >= 0x80) {
    const high = bytes[at++]!
    if (high >= 0x80) return -1
    length = (length & 0x7f) | (high << 7)
  }
  cursor = at
  return at + length <= end ? length : -1
}

/** Reads what may follow the command: a mutation's number, an id, both or neither. Leaves `cursor` where it is. */
function readTail(bytes: Uint8Array, at: number, end: number): boolean {
  id = mutation = 0
  if (at < end && bytes[at] === mutationTag) {
    let scale = 1
    for (at++; ; scale *= 128) {
      // Seven bytes hold 2^49: enough for a client that writes a million times a second for seventeen years.
      if (at === end || scale > 2 ** 42) return false
      const byte = bytes[at++]!
      mutation += (byte & 0x7f) * scale
      if (byte < 0x80) break
    }
    if (mutation === 0) return false
  }
  if (at === end) return true
  if (bytes[at++] !== idTag || end - at > 4) return false
  for (let shift = 0; at < end; shift += 7) {
    const byte = bytes[at++]!
    id |= (byte & 0x7f) << shift
    if (byte < 0x80) return at === end
  }
  return false
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  const view = viewOf(bytes)
  let at = start
  for (; end - at >= 4; at += 4) if ((view.getInt32(at) & highBits) !== 0) return false
  for (; at < end; at++) if (bytes[at]! >= 0x80) return false
  return true
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false
  for (let at = 0; at < length; at++) if (known[at] !== bytes[start + at]) return false
  return true
}

/** Whether a Value is one field that needs no closer look: ASCII text, bytes, an integer, a double or a bool. */
function isPlainValue(bytes: Uint8Array, start: number, end: number): boolean {
  const tag = bytes[start]!
  if (tag === 0x0a || tag === 0x12) {
    const at = cursor
    const length = readLength(bytes, start + 1, end)
    const from = cursor
    cursor = at
    return length >= 0 && from + length === end && (tag === 0x12 || isAscii(bytes, from, end))
  }
  if (tag === 0x21) return end - start === 9
  if (tag === 0x28) return end - start === 2 && bytes[start + 1]! < 2
  if (tag !== 0x18 || end - start > 11) return false
  for (let at = start + 1; at < end - 1; at++) if (bytes[at]! < 0x80) return false
  return end - start > 1 && bytes[end - 1]! < 0x80
}
