// Values as text in an editor and back: nothing may change on the way, and what is wrong is said.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  convert,
  type Draft,
  draftOf,
  emptyDraft,
  parse,
  reform,
  sizeOf,
  typeOf,
  type ValueType,
} from '../../../web/dashboard/data/drafts.ts'
import type { Value } from '../../../web/sdk/types.ts'

const draft = (type: ValueType, text: string): Draft => ({ ...emptyDraft, type, text })
const back = (value: Value) => {
  const parsed = parse(draftOf(value))
  if (parsed.error !== undefined) throw new Error(parsed.error)
  return parsed.value
}

test.each<[Value, ValueType]>([
  ['', 'string'],
  ['a\nb', 'string'],
  ['a\r\nb', 'string'],
  [0, 'integer'],
  [-0, 'float'],
  [9_007_199_254_740_991, 'integer'],
  [9_007_199_254_740_993n, 'integer'],
  [-9_223_372_036_854_775_808n, 'integer'],
  [0.1, 'float'],
  [1e300, 'float'],
  [Number.NaN, 'float'],
  [Number.NEGATIVE_INFINITY, 'float'],
  [true, 'bool'],
  [false, 'bool'],
  [null, 'null'],
  [[], 'json'],
  [{ a: [1, 'ü', null, { b: false }] }, 'json'],
  [new Uint8Array(0), 'binary'],
  [Uint8Array.of(0, 255, 16), 'binary'],
])('%o is shown as %s and comes back', (value, type) => {
  expect(typeOf(value)).toBe(type)
  expect(draftOf(value).type).toBe(type)
  expect(back(value)).toEqual(value)
})

test('any bytes survive hex and base64, any integer of 64 bits its digits, any JSON its text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const hex = draftOf(bytes)
      const base64 = reform(hex, 'base64')
      expect(parse(base64)).toEqual({ value: bytes })
      expect(reform(base64, 'hex').text).toBe(hex.text)
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (int) => {
      expect(BigInt(back(int) as bigint)).toBe(int)
    }),
  )
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      fc.pre(typeof json === 'object' && json !== null && !JSON.stringify(json).includes('-0'))
      fc.pre(![...JSON.stringify(json).matchAll(/\d{16,}|e/g)].length)
      expect(back(json as Value)).toEqual(JSON.parse(JSON.stringify(json)))
    }),
  )
})

test.each<[ValueType, string, RegExp]>([
  ['integer', '', /digits only/],
  ['integer', '1.5', /digits only/],
  ['integer', '0x10', /digits only/],
  ['integer', '9223372036854775808', /lies between/],
  ['integer', '-9223372036854775809', /lies between/],
  ['float', 'abc', /looks like/],
  ['float', '', /looks like/],
  ['float', '1e400', /lies between/],
  ['json', '  ', /not empty/],
  ['json', '{"a":1,}', /Not valid JSON/],
  ['json', '{\n  "a": 12x\n}', /line 2, column 10/],
  ['json', '{"id": 12345678901234567891}', /12345678901234567891 cannot be kept exactly/],
  ['binary', '0g', /“g” is not a hex digit/],
  ['binary', '0 0 0', /two hex digits/],
])('%s does not take %j', (type, text, problem) => expect(parse(draft(type, text)).error).toMatch(problem))

test('digits within a JSON string are no number', () => {
  expect(parse(draft('json', '{"a": "\\"12345678901234567891"}')).error).toBeUndefined()
})

test('base64 that is none is refused, the alphabet for addresses is taken', () => {
  const base64 = (text: string) => parse({ ...draft('binary', text), form: 'base64' })
  expect(base64('a').error).toMatch(/Not base64/)
  expect(base64('_-8=')).toEqual({ value: Uint8Array.of(255, 239) })
})

test.each<[Draft, ValueType, string]>([
  [draft('string', ' 42 '), 'integer', '42'],
  [draft('integer', '42'), 'string', '42'],
  [draft('string', 'ä'), 'binary', 'c3 a4'],
  [draft('binary', 'c3 a4'), 'string', 'ä'],
  [draft('binary', 'ff'), 'string', 'ff'],
  [draft('string', 'a "b"'), 'json', '"a \\"b\\""'],
  [draft('string', '[1]'), 'json', '[1]'],
  [draft('string', '{"a": 1,}'), 'json', '{"a": 1,}'],
  [draft('json', '"text"'), 'string', 'text'],
  [draft('null', ''), 'json', 'null'],
  [draft('string', 'yes'), 'bool', 'true'],
  [draft('bool', 'true'), 'integer', 'true'],
  [draft('string', 'x'), 'null', ''],
])('%o as %s reads %j', (from, type, text) => expect(convert(from, type)).toMatchObject({ type, text }))

test('carriage returns are kept unless the user says otherwise', () => {
  const shown = draftOf('a\r\nb')
  expect(shown).toMatchObject({ text: 'a\nb', crlf: true })
  expect(parse({ ...shown, text: 'a\nb\nc' })).toEqual({ value: 'a\r\nb\r\nc' })
  expect(parse({ ...shown, crlf: false })).toEqual({ value: 'a\nb' })
})

test('sizes are of bytes', () => {
  expect(['ä', 1, 1n, true, null, Uint8Array.of(1, 2), { a: 'ä' }].map((value) => sizeOf(value as Value))).toEqual([
    2, 8, 8, 1, 0, 2, 10,
  ])
})
