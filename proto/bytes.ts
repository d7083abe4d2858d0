// What all that is written and read as bytes has in common: varints, the lengths of fields, and ASCII.

export const noBytes = new Uint8Array(0)

/** Bytes of the varint of an integer from 0 to 2^32. */
export function varintBytes(value: number): number {
  let size = 1
  for (; value > 0x7f; value >>>= 7) size++
  return size
}

/** Writes an integer from 0 to 2^53 as a varint and returns where it ends. */
export function writeVarint(into: Uint8Array, at: number, value: number): number {
  while (value > 0x7f) {
    into[at++] = (value & 0x7f) | 0x80
    value = value > 0xffff_ffff ? Math.floor(value / 128) : value >>> 7
  }
  into[at++] = value
  return at
}

/** Writes a field that is an integer from 0 to 2^53 and returns where it ends. Nothing is written for 0, its default. */
export function writeNumber(into: Uint8Array, at: number, tag: number, value: number): number {
  if (value === 0) return at
  into[at++] = tag
  return writeVarint(into, at, value)
}

/** Where the varint at `at` ends; at the latest one byte behind all bytes. */
export function varintEnd(bytes: Uint8Array, at: number): number {
  while (bytes[at++]! >= 0x80);
  return at
}

/** The integer whose varint is `bytes[start, end)`: exact up to 2^53. */
export function readVarint(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  while (end > start) value = value * 128 + (bytes[--end]! & 0x7f)
  return value
}

/** What `lengthAt` returns for more than two bytes: behind any place in memory, it is behind all ends. */
const tooLong = 0x3fff_ffff

/** The length at `at`, if that is a varint of one or two bytes; otherwise one that nothing can have. */
export function lengthAt(bytes: Uint8Array, at: number): number {
  const low = bytes[at]!
  if (low < 0x80) return low
  const high = bytes[at + 1]!
  return high < 0x80 ? (low & 0x7f) | (high << 7) : tooLong
}

/** Where the content behind such a length begins. */
export function contentAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! < 0x80 ? at + 1 : at + 2
}

/**
 * Texts of up to so many characters are written and read one by one: a call of the runtime costs as much as 40 of them.
 */
export const shortText = 32

/** Of four bytes, those bits that no ASCII character has. */
const highBits = 0x80808080 | 0

/** Whether `bytes[start, end)`, of whose memory `view` is a view, is ASCII. */
export function isAscii(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
  let at = start
  for (; end - at >= 4; at += 4) if ((view.getInt32(at) & highBits) !== 0) return false
  for (; at < end; at++) if (bytes[at]! >= 0x80) return false
  return true
}
