// Reads what shim.c wrote down: the calls of a process that changed files and sent bytes, in their order.
import { readFileSync } from 'node:fs'

export const kinds = {
  open: 1,
  write: 2,
  truncate: 3,
  syncBegin: 4,
  syncEnd: 5,
  rename: 6,
  unlink: 7,
  mkdir: 8,
  symlink: 9,
  close: 10,
  accept: 11,
  send: 12,
  mapped: 13,
  mark: 14,
  unknown: 15,
} as const
/** `range`: the sync is of the bytes `[data u64, data u64 + length)` alone, as that of a write with O_DSYNC is. */
export const flags = { zeros: 1, created: 2, truncated: 4, failed: 8, range: 16 } as const

/** One call. All numbers are little-endian in the record. */
export interface Call {
  readonly kind: number
  readonly flags: number
  readonly pid: number
  readonly fd: number
  /** Inode of the file; of a socket the port of its peer. */
  readonly inode: number
  /** Offset of a write, new size of a truncated file, number of a sync. */
  readonly at: number
  /** Bytes of data, also where they were all zeros and are left out. */
  readonly length: number
  /** CLOCK_MONOTONIC. */
  readonly nanoseconds: bigint
  /** Of calls that name a file, and text of a mark or of a call that is not known. */
  readonly path: string
  readonly data: Buffer
}

const headBytes = 48

/** Reads the calls in a record, from an offset on. */
export function readRecord(file: string, from = 0): Call[] {
  return callsIn(readFileSync(file).subarray(from))
}

export function callsIn(bytes: Buffer): Call[] {
  const calls: Call[] = []
  for (let at = 0; at < bytes.length; ) {
    const total = bytes.readUInt32LE(at)
    if (total < headBytes || at + total > bytes.length) throw new Error(`the record is cut off at byte ${at}`)
    calls.push(callAt(bytes, at, total))
    at += total
  }
  return calls
}

function callAt(bytes: Buffer, at: number, total: number): Call {
  const pathEnd = at + headBytes + bytes.readUInt16LE(at + 6)
  const length = Number(bytes.readBigUInt64LE(at + 32))
  const callFlags = bytes[at + 5]!
  return {
    kind: bytes[at + 4]!,
    flags: callFlags,
    pid: bytes.readUInt32LE(at + 8),
    fd: bytes.readInt32LE(at + 12),
    inode: Number(bytes.readBigUInt64LE(at + 16)),
    at: Number(bytes.readBigUInt64LE(at + 24)),
    length,
    nanoseconds: bytes.readBigUInt64LE(at + 40),
    path: bytes.toString('utf8', at + headBytes, pathEnd),
    data: (callFlags & flags.zeros) === 0 ? bytes.subarray(pathEnd, at + total) : Buffer.alloc(length),
  }
}
