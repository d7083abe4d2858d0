// The bytes of a Value, for those who store and send values without decoding them: its tags, where a field ends, and
// the few values that are made or read as bytes. Whether text is UTF-8, or JSON parses, is for others to check.
import { contentAt, isAscii, lengthAt, noBytes, readVarint, varintEnd, writeVarint } from './bytes.ts'
import { bytesWire, fixed64Wire, tagOf } from './tags.ts'

export const stringTag = tagOf('Value', 'string')
export const binaryTag = tagOf('Value', 'binary')
export const integerTag = tagOf('Value', 'integer')
export const floatTag = tagOf('Value', 'float')
const boolTag = tagOf('Value', 'bool')
export const jsonTag = tagOf('Value', 'json')
const ttlTag = tagOf('Value', 'ttlMs')
const leasedTag = tagOf('Value', 'leased')

/** The value of a key that has none. */
export const noValue: Uint8Array = noBytes
export const trueValue: Uint8Array = Uint8Array.of(boolTag, 1)
export const falseValue: Uint8Array = Uint8Array.of(boolTag, 0)

/** The bits of a tag that are the wire type. */
const wireBits = 7
const doubleBytes = 8

/** Whether a tag is of a field that a client may store: one of the oneof. */
export function isContentTag(tag: number): boolean {
  return (
    tag === stringTag ||
    tag === binaryTag ||
    tag === integerTag ||
    tag === floatTag ||
    tag === boolTag ||
    tag === jsonTag
  )
}

/** Whether a tag is of a field that is text. */
export function isTextTag(tag: number): boolean {
  return tag === stringTag || tag === jsonTag
}

/** Where the field at `at` of a well-formed Value ends. */
export function fieldEnd(bytes: Uint8Array, at: number): number {
  const wire = bytes[at++]! & wireBits
  if (wire === fixed64Wire) return at + doubleBytes
  const end = varintEnd(bytes, at)
  return wire === bytesWire ? end + readVarint(bytes, at, end) : end
}

/** The text or bytes of the field `bytes[start, end)` as a view. */
export function contentOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return bytes.subarray(varintEnd(bytes, start + 1), end)
}

/**
 * Whether `bytes[start, end)`, of whose memory `view` is a view, is a Value of one field that needs no closer look:
 * ASCII text or bytes of less than 16 KiB, an integer, a double or a bool.
 */
export function isPlainValue(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
  const tag = bytes[start]!
  if (tag === stringTag || tag === binaryTag) {
    const content = contentAt(bytes, start + 1)
    if (content + lengthAt(bytes, start + 1) !== end) return false
    return tag === binaryTag || isAscii(bytes, view, content, end)
  }
  if (tag === floatTag) return end - start === 1 + doubleBytes
  if (tag === boolTag) return end - start === 2 && bytes[start + 1]! < 2
  // A varint has ten bytes at the most, and the bytes behind `end` are not the value's.
  return tag === integerTag && end - start > 1 && end - start <= 11 && varintEnd(bytes, start + 1) === end
}

/** The Value of an integer of 64 bits. */
export function integerValue(integer: bigint): Uint8Array {
  const bytes = [integerTag]
  let rest = BigInt.asUintN(64, integer)
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Uint8Array.from([...bytes, Number(rest)])
}

/** The integer of a Value of one. */
export function integerIn(value: Uint8Array): bigint {
  let integer = 0n
  for (let at = value.length - 1; at > 0; at--) integer = (integer << 7n) | BigInt(value[at]! & 0x7f)
  return BigInt.asIntN(64, integer)
}

/** The Value of a double. */
export function floatValue(float: number): Uint8Array {
  const bytes = new Uint8Array(1 + doubleBytes)
  bytes[0] = floatTag
  new DataView(bytes.buffer).setFloat64(1, float, true)
  return bytes
}

/** The double of a Value of one. */
export function floatIn(value: Uint8Array): number {
  return new DataView(value.buffer, value.byteOffset).getFloat64(1, true)
}

/** Bytes of what `writeTtl` and `writeLeased` write, at the most. */
export const lifeBytes = 12

/** Writes behind a Value what is left of its entry's life, in milliseconds, and returns where that ends. */
export function writeTtl(into: Uint8Array, at: number, ttlMs: number): number {
  into[at++] = ttlTag
  return writeVarint(into, at, ttlMs)
}

/** Writes behind a Value that its entry is leased, and returns where that ends. */
export function writeLeased(into: Uint8Array, at: number): number {
  into[at++] = leasedTag
  into[at++] = 1
  return at
}
