// Values as bytes, against the codec of the browser: what is made here it reads, and what it writes is told apart here.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode } from '../../proto/compact.ts'
import { tables } from '../../proto/gen/tables.ts'
import { checkValue } from '../../proto/validate.ts'
import {
  contentOf,
  falseValue,
  fieldEnd,
  floatIn,
  floatValue,
  integerIn,
  integerValue,
  isContentTag,
  isPlainValue,
  isTextTag,
  lifeBytes,
  noValue,
  trueValue,
  writeLeased,
  writeTtl,
} from '../../proto/value-bytes.ts'

const numRuns = 3_000
const anyInteger = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const fields = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }).map((string) => ({ string })),
  fc.uint8Array({ maxLength: 300 }).map((binary) => ({ binary })),
  anyInteger.map((integer) => ({ integer })),
  fc.double().map((float) => ({ float })),
  fc.boolean().map((bool) => ({ bool })),
  fc.string({ maxLength: 300 }).map((json) => ({ json })),
)

/** A value with other bytes around it. */
function placed(value: Uint8Array): { bytes: Uint8Array; view: DataView; start: number; end: number } {
  const bytes = new Uint8Array(value.length + 6).fill(0xff)
  bytes.set(value, 3)
  return { bytes, view: new DataView(bytes.buffer), start: 3, end: 3 + value.length }
}

test('a field ends where the codec ends it, and its content is what it holds', () => {
  fc.assert(
    fc.property(fields, (field) => {
      const { bytes, start, end } = placed(encode('Value', field))
      expect(fieldEnd(bytes, start)).toBe(end)
      expect(isContentTag(bytes[start]!)).toBe(true)
      const isText = 'string' in field || 'json' in field
      expect(isTextTag(bytes[start]!)).toBe(isText)
      if (isText) expect(Buffer.from(contentOf(bytes, start, end)).toString()).toBe(Object.values(field)[0])
    }),
    { numRuns },
  )
})

test('what a client may store is what kv.proto has in the oneof of Value', () => {
  for (const [number, , , form] of tables.Value!) {
    const tags = Array.from({ length: 8 }, (_, wire) => number * 8 + wire)
    expect(tags.filter(isContentTag).length).toBe(form === 2 ? 1 : 0)
  }
})

test('integers are exact over 64 bits, floats are doubles, and both are as the codec has them', () => {
  fc.assert(
    fc.property(fc.oneof(anyInteger, fc.constantFrom(-(2n ** 63n), -1n, 0n, 127n, 128n, 2n ** 63n - 1n)), (integer) => {
      const value = integerValue(integer)
      expect(value).toEqual(encode('Value', { integer }))
      expect(integerIn(value)).toBe(integer)
    }),
    { numRuns },
  )
  fc.assert(
    fc.property(fc.double(), (float) => {
      const value = floatValue(float)
      expect(value).toEqual(encode('Value', { float }))
      expect(floatIn(placed(value).bytes.subarray(3))).toBe(float)
    }),
  )
  expect([noValue, falseValue, trueValue].map((value) => decode('Value', value))).toEqual([
    {},
    { bool: false },
    { bool: true },
  ])
})

test('what is left of a life is written behind a value', () => {
  const value = encode('Value', { bool: true })
  const bytes = new Uint8Array(value.length + lifeBytes)
  bytes.set(value)
  const ttlEnd = writeTtl(bytes, value.length, 2 ** 53 - 1)
  const end = writeLeased(bytes, ttlEnd)
  expect(end).toBeLessThanOrEqual(bytes.length)
  expect(decode('Value', bytes, 0, end)).toEqual({ bool: true, ttlMs: 2 ** 53 - 1, leased: true })
  expect(writeTtl(bytes, value.length, 0)).toBe(value.length + 2) // It says that the entry expires.
})

test('a value is plain where it is one field of ASCII, bytes, a number or a bool', () => {
  const plain = (value: Uint8Array) => {
    const { bytes, view, start, end } = placed(value)
    return isPlainValue(bytes, view, start, end)
  }
  fc.assert(
    fc.property(fields, (field) => {
      const isJson = 'json' in field
      const isOther = 'string' in field && /[^\0-\x7f]/.test(field.string)
      expect(plain(encode('Value', field))).toBe(!isJson && !isOther)
    }),
    { numRuns },
  )
  const [one, other] = [encode('Value', { bool: true }), encode('Value', { string: 'a' })]
  expect(plain(noValue)).toBe(false)
  expect(plain(Uint8Array.of(...one, ...other))).toBe(false)
  expect(plain(encode('Value', { binary: new Uint8Array(20_000) }))).toBe(false)
  for (const field of [one, other, integerValue(300n), floatValue(1)]) {
    for (let length = 0; length < field.length; length++) expect(plain(field.subarray(0, length))).toBe(false)
  }
})

test('no bytes that are plain are refused by the check of requests', () => {
  let count = 0
  fc.assert(
    fc.property(fields, fc.nat(), fc.nat(255), (field, place, byte) => {
      const value = encode('Value', field)
      value[place % Math.min(value.length, 4)] = byte
      const { bytes, view, start, end } = placed(value)
      if (!isPlainValue(bytes, view, start, end)) return
      count++
      checkValue(bytes, start, end)
    }),
    { numRuns },
  )
  expect(count).toBeGreaterThan(numRuns / 20)
})
