// Varints, lengths and ASCII as bytes, against protobufjs and against the runtime.
import fc from 'fast-check'
import protobuf from 'protobufjs/minimal.js'
import { expect, test } from 'vitest'
import {
  contentAt,
  isAscii,
  lengthAt,
  readVarint,
  varintBytes,
  varintEnd,
  writeNumber,
  writeVarint,
} from '../../proto/bytes.ts'

const powers = [0, 7, 14, 21, 28, 31, 32, 35, 49, 52]
const edges = [...powers.flatMap((power) => [2 ** power - 1, 2 ** power]), 2 ** 53 - 1]
const dataOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

test('numbers up to 2^53 are written as protobufjs writes them, and read back', () => {
  for (const value of edges) {
    const bytes = Buffer.alloc(12, 0xff)
    const end = writeVarint(bytes, 1, value)
    expect(bytes.subarray(1, end)).toEqual(Buffer.from(protobuf.Writer.create().uint64(value).finish()))
    expect(varintEnd(bytes, 1)).toBe(end)
    expect(readVarint(bytes, 1, end)).toBe(value)
    if (value < 2 ** 32) expect(varintBytes(value)).toBe(end - 1)
  }
})

test('a field that is 0 is not written', () => {
  const bytes = new Uint8Array(4)
  expect(writeNumber(bytes, 1, 0x78, 0)).toBe(1)
  expect(writeNumber(bytes, 1, 0x78, 300)).toBe(4)
  expect([...bytes]).toEqual([0, 0x78, 0xac, 2])
})

test('a varint that does not end, ends behind the bytes', () => {
  expect(varintEnd(Uint8Array.of(0x80, 0x80), 0)).toBe(3)
  expect(varintEnd(new Uint8Array(0), 0)).toBe(1)
})

test('lengths of one and two bytes are read, and longer ones are behind every end', () => {
  const length = (...bytes: number[]) => lengthAt(Uint8Array.from(bytes), 0)
  expect([length(0), length(0x7f), length(0x80, 1), length(0x85, 0), length(0xff, 0x7f)]).toEqual([
    0, 127, 128, 5, 16_383,
  ])
  for (const longer of [[0x80, 0x80, 1], [0x80], []]) expect(length(...longer)).toBeGreaterThan(2 ** 29)
  expect(contentAt(Uint8Array.of(0, 0x7f), 1)).toBe(2)
  expect(contentAt(Uint8Array.of(0, 0x80, 1), 1)).toBe(3)
})

test('ASCII is told from other bytes wherever they stand', () => {
  fc.assert(
    fc.property(fc.uint8Array({ max: 127 }), fc.nat(), fc.nat(5), (ascii, place, before) => {
      // In front and behind stand bytes that are not ASCII, and not asked about.
      const bytes = new Uint8Array(before + ascii.length + 5).fill(0xff)
      bytes.set(ascii, before)
      const end = before + ascii.length
      expect(isAscii(bytes, dataOf(bytes), before, end)).toBe(true)
      if (ascii.length === 0) return
      bytes[before + (place % ascii.length)]! |= 0x80
      expect(isAscii(bytes, dataOf(bytes), before, end)).toBe(false)
    }),
  )
})
