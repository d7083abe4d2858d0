// The bytes of the log: segment header, group header and records. Pure encoding; it knows no files.
//
// A segment is a header block of 4096 bytes, then groups back to back. All numbers are little-endian.
//
//   segment  0 "KvassLog"   8 u32 version   12 u32 sequence   16 salt (8)   24 f64 revision before its first group
//            32 u32 chain   36 epoch (16)   60 u32 crc32 of [0, 60)
//   group    0 salt (8)     8 u32 crc32 of [12, end)          12 u32 bytes of records
//            16 f64 revision before   24 f64 revision after   32 u32 chain    36 u32, 40 u32 synced   44 u32 flags
//   record   0 u8 kind      1 u16 key bytes      3 u32 table  [7 u32 value bytes]  key  [value]
//
// The salt is random for each use of a segment, so bytes that an earlier use left behind, or that a client wrote
// inside a value, are never taken for a group. The chain is the crc of the group before, also across segments, so
// a missing group shows. "Synced" is how far (sequence, offset) the log was known to be on disk when the group was
// written: it tells a torn tail from damage.
import { crc32 } from 'node:zlib'
import { copyViewed, viewOf } from '../bytes/copy.ts'
import { readKey, writeKey } from '../bytes/latin1.ts'
import type { Key } from '../engine.ts'

const formatVersion = 1
export const segmentHeaderBytes = 4096
export const groupHeaderBytes = 48
export const saltBytes = 8
/** Flag of a group: the log was closed in order, nothing follows. */
export const closedFlag = 1

const magic = 'KvassLog'

/**
 * Kinds of records. The top bit says that the record shares the revision of the one before; the next one, of a set,
 * that the key had no entry: so a replay can count entries without looking for them. A delete always removes one.
 */
export const recordKinds = { set: 1, delete: 2, create: 3, drop: 4 } as const
const sharesRevision = 0x80
const fresh = 0x40
const recordHeadBytes = 7
const setHeadBytes = 11

export interface SegmentHeader {
  readonly sequence: number
  readonly salt: Buffer
  /** Revision before the first group of the segment. */
  readonly revision: number
  readonly chain: number
  readonly epoch: string
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const block = Buffer.alloc(segmentHeaderBytes)
  block.write(magic, 'latin1')
  block.writeUInt32LE(formatVersion, 8)
  block.writeUInt32LE(header.sequence, 12)
  block.set(header.salt, 16)
  block.writeDoubleLE(header.revision, 24)
  block.writeUInt32LE(header.chain, 32)
  block.set(Buffer.from(header.epoch, 'hex'), 36)
  block.writeUInt32LE(crc32(block.subarray(0, 60)), 60)
  return block
}

/** The header, or undefined where the block holds none that is whole. */
export function decodeSegmentHeader(block: Buffer): SegmentHeader | undefined {
  if (block.length < 64 || block.toString('latin1', 0, 8) !== magic) return undefined
  if (block.readUInt32LE(60) !== crc32(block.subarray(0, 60))) return undefined
  return {
    sequence: block.readUInt32LE(12),
    salt: Buffer.from(block.subarray(16, 24)),
    revision: block.readDoubleLE(24),
    chain: block.readUInt32LE(32),
    epoch: block.subarray(36, 52).toString('hex'),
  }
}

export interface GroupHeader {
  readonly crc: number
  /** Bytes of records after the header. */
  readonly length: number
  readonly before: number
  readonly after: number
  readonly chain: number
  readonly syncedSequence: number
  readonly syncedOffset: number
  readonly flags: number
}

/** Fills in the header of the group `bytes[0, end)` whose records are there already; returns its crc. */
export function sealGroup(
  bytes: Buffer,
  end: number,
  salt: Buffer,
  header: Omit<GroupHeader, 'crc' | 'length'>,
): number {
  bytes.set(salt, 0)
  bytes.writeUInt32LE(end - groupHeaderBytes, 12)
  bytes.writeDoubleLE(header.before, 16)
  bytes.writeDoubleLE(header.after, 24)
  bytes.writeUInt32LE(header.chain, 32)
  bytes.writeUInt32LE(header.syncedSequence, 36)
  bytes.writeUInt32LE(header.syncedOffset, 40)
  bytes.writeUInt32LE(header.flags, 44)
  const crc = crc32(bytes.subarray(12, end))
  bytes.writeUInt32LE(crc, 8)
  return crc
}

/** Reads a group header, unchecked: `groupIsWhole` says whether to believe it. */
export function decodeGroupHeader(bytes: Buffer, at: number): GroupHeader {
  return {
    crc: bytes.readUInt32LE(at + 8),
    length: bytes.readUInt32LE(at + 12),
    before: bytes.readDoubleLE(at + 16),
    after: bytes.readDoubleLE(at + 24),
    chain: bytes.readUInt32LE(at + 32),
    syncedSequence: bytes.readUInt32LE(at + 36),
    syncedOffset: bytes.readUInt32LE(at + 40),
    flags: bytes.readUInt32LE(at + 44),
  }
}

/** Whether `bytes` is one whole group: header and records as they were written. */
export function groupIsWhole(bytes: Buffer): boolean {
  return bytes.readUInt32LE(8) === crc32(bytes.subarray(12))
}

/** Bytes of a set record. */
export function setBytes(keyBytes: number, valueBytes: number): number {
  return setHeadBytes + keyBytes + valueBytes
}

/** Bytes of a delete, create or drop record. */
export function shortBytes(key: Key): number {
  return recordHeadBytes + key.length
}

/** Writes a set record at `at` and returns where it ends. `shared`: under the revision of the record before. */
export function writeSet(
  into: Buffer,
  intoView: DataView,
  at: number,
  table: number,
  key: Uint8Array,
  keyStart: number,
  keyEnd: number,
  value: Uint8Array,
  start: number,
  end: number,
  shared: boolean,
): number {
  const keyBytes = keyEnd - keyStart
  writeHead(into, at, shared ? recordKinds.set | sharesRevision : recordKinds.set, table, keyBytes)
  const length = end - start
  into[at + 7] = length
  into[at + 8] = length >>> 8
  into[at + 9] = length >>> 16
  into[at + 10] = length >>> 24
  copyViewed(key, viewOf(key), keyStart, keyEnd, into, intoView, at + setHeadBytes)
  copyViewed(value, viewOf(value), start, end, into, intoView, at + setHeadBytes + keyBytes)
  return at + setHeadBytes + keyBytes + length
}

/** Writes a delete, create (`key` is the name) or drop (`key` is empty) record and returns where it ends. */
export function writeShort(into: Buffer, at: number, kind: number, table: number, key: Key, shared: boolean): number {
  writeHead(into, at, shared ? kind | sharesRevision : kind, table, key.length)
  writeKey(into, at + recordHeadBytes, key)
  return at + recordHeadBytes + key.length
}

function writeHead(into: Buffer, at: number, kind: number, table: number, keyBytes: number): void {
  into[at] = kind
  into[at + 1] = keyBytes
  into[at + 2] = keyBytes >>> 8
  into[at + 3] = table
  into[at + 4] = table >>> 8
  into[at + 5] = table >>> 16
  into[at + 6] = table >>> 24
}

/** Notes that the key of the set record at `at` had no entry. */
export function markFresh(bytes: Buffer, at: number): void {
  bytes[at]! |= fresh
}

/** Who takes the records of a group. `bytes` is only valid during the call. */
export interface RecordSink {
  /** `isFresh`: the key had no entry. */
  set(
    table: number,
    bytes: Buffer,
    keyStart: number,
    keyEnd: number,
    start: number,
    end: number,
    revision: number,
    isFresh: boolean,
  ): void
  delete(table: number, key: Key, revision: number): void
  create(table: number, name: Key): void
  drop(table: number, revision: number): void
}

/** Gives the records in `bytes[at, end)` to the sink; returns the revision after them. Throws where they make no sense. */
export function readRecords(bytes: Buffer, at: number, end: number, before: number, sink: RecordSink): number {
  let revision = before
  while (at < end) {
    const kind = bytes[at]! & ~(sharesRevision | fresh)
    const keyBytes = bytes.readUInt16LE(at + 1)
    const table = bytes.readUInt32LE(at + 3)
    const isSet = kind === recordKinds.set
    const keyAt = at + (isSet ? setHeadBytes : recordHeadBytes)
    const valueAt = keyAt + keyBytes
    const next = valueAt + (isSet ? bytes.readUInt32LE(at + 7) : 0)
    if (next > end) throw new Error('a record is longer than its group')
    if (kind !== recordKinds.create && bytes[at]! < sharesRevision) revision++
    if (isSet) sink.set(table, bytes, keyAt, valueAt, valueAt, next, revision, (bytes[at]! & fresh) !== 0)
    else if (kind === recordKinds.delete) sink.delete(table, readKey(bytes, keyAt, valueAt), revision)
    else if (kind === recordKinds.create) sink.create(table, readKey(bytes, keyAt, valueAt))
    else if (kind === recordKinds.drop) sink.drop(table, revision)
    else throw new Error(`a record of the unknown kind ${kind}`)
    at = next
  }
  return revision
}
