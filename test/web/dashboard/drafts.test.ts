// Values as text in an editor and back: nothing may change on the way, and what is wrong is said.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  beginningOf,
  convert,
  type Draft,
  draftOf,
  emptyDraft,
  formatted,
  fromFile,
  parse,
  reform,
  sizeOf,
  toFile,
  typeOf,
  type ValueType,
} from '../../../web/dashboard/data/drafts.ts'
import type { Stored } from '../../../web/sdk/stored.ts'

const draft = (type: ValueType, text: string): Draft => ({ ...emptyDraft, type, text })
const back = (value: Stored) => parse(draftOf(value)).value

test.each<[Stored, ValueType, text: string]>([
  [{ string: '' }, 'string', ''],
  [{ string: 'a\nb' }, 'string', 'a\nb'],
  [{ string: 'a\r\nb' }, 'string', 'a\nb'],
  [{ string: 'a\r\nb\nc' }, 'string', 'a\r\nb\nc'],
  [{ string: 'a\rb\r\n' }, 'string', 'a\rb\r\n'],
  [{ integer: 0 }, 'integer', '0'],
  [{ integer: 9_007_199_254_740_991 }, 'integer', '9007199254740991'],
  [{ integer: 9_007_199_254_740_993n }, 'integer', '9007199254740993'],
  [{ integer: -9_223_372_036_854_775_808n }, 'integer', '-9223372036854775808'],
  [{ float: 10 }, 'float', '10.0'],
  [{ float: -0 }, 'float', '-0.0'],
  [{ float: 0.1 }, 'float', '0.1'],
  [{ float: 1e300 }, 'float', '1e+300'],
  [{ float: Number.NaN }, 'float', 'NaN'],
  [{ float: Number.NEGATIVE_INFINITY }, 'float', '-Infinity'],
  [{ bool: true }, 'bool', 'true'],
  [{ bool: false }, 'bool', 'false'],
  [{}, 'null', ''],
  [{ json: '[]' }, 'json', '[]'],
  [{ json: '{"a":[1,{"b":{}}]}' }, 'json', '{\n  "a": [\n    1,\n    {\n      "b": {}\n    }\n  ]\n}'],
  [{ json: '{"id":9007199254740993,"id":1e400}' }, 'json', '{\n  "id": 9007199254740993,\n  "id": 1e400\n}'],
  [{ json: ' [1, 2]\n' }, 'json', ' [1, 2]\n'],
  [{ json: '"a  b"' }, 'json', '"a  b"'],
  [{ binary: new Uint8Array(0) }, 'binary', ''],
  [{ binary: Uint8Array.of(0, 255, 16) }, 'binary', '00 ff 10'],
])('%o is shown as %s and comes back', (value, type, text) => {
  expect(typeOf(value)).toBe(type)
  expect(draftOf(value)).toMatchObject({ type, text })
  expect(back(value)).toEqual(value)
})

test('any bytes survive hex and base64, any integer of 64 bits its digits, any float and text, any JSON to the byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (binary) => {
      const hex = draftOf({ binary })
      const base64 = reform(hex, 'base64')
      expect(parse(base64)).toEqual({ value: { binary } })
      expect(reform(base64, 'hex').text).toBe(hex.text)
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (int) => {
      expect(BigInt(back({ integer: int })!.integer!)).toBe(int)
    }),
  )
  fc.assert(
    fc.property(fc.double(), (float) => {
      expect(back({ float })).toEqual({ float })
    }),
  )
  const lines = fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', ' ')).map((parts) => parts.join(''))
  fc.assert(
    fc.property(lines, (string) => {
      expect(back({ string })).toEqual({ string })
    }),
  )
  fc.assert(
    fc.property(fc.json(), fc.nat(4), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), undefined, indent)
      expect(back({ json: text })).toEqual({ json: text })
      expect(back({ json })).toEqual({ json })
    }),
  )
})

test('a document that is nested too deep to be laid out is shown as it is', () => {
  const json = '['.repeat(60_000) + ']'.repeat(60_000)
  expect(draftOf({ json }).text).toBe(json)
  expect(back({ json })).toEqual({ json })
  expect(formatted(draft('json', json)).text).toBe(json)
  expect(beginningOf({ json }, 50)).toMatch(/^\[\n {2}\[\n {4}\[[\n [\]]{0,40}$/)
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
  ['binary', '0g', /“g” is not a hex digit/],
  ['binary', '0 0 0', /two hex digits/],
])('%s does not take %j', (type, text, problem) => expect(parse(draft(type, text)).error).toMatch(problem))

test('base64 that is none is refused, the alphabet for addresses is taken', () => {
  const base64 = (text: string) => parse({ ...draft('binary', text), form: 'base64' })
  expect(base64('a').error).toMatch(/Not base64/)
  expect(base64('_-8=')).toEqual({ value: { binary: Uint8Array.of(255, 239) } })
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
  const shown = draftOf({ string: 'a\r\nb' })
  expect(shown).toMatchObject({ text: 'a\nb', crlf: true })
  expect(parse({ ...shown, text: 'a\nb\nc' })).toEqual({ value: { string: 'a\r\nb\r\nc' } })
  expect(parse({ ...shown, crlf: false })).toEqual({ value: { string: 'a\nb' } })
})

test('a document is stored without spaces where it was, and as it is written where not', () => {
  expect(parse({ ...draft('json', '{ "a b": [1, 2] }'), compact: true })).toEqual({ value: { json: '{"a b":[1,2]}' } })
  expect(parse({ ...draft('json', '{ "a b": [1, 2] }'), compact: false })).toEqual({
    value: { json: '{ "a b": [1, 2] }' },
  })
  expect(formatted(draft('json', '[1e400,{"a" :1}]')).text).toBe('[\n  1e400,\n  {\n    "a": 1\n  }\n]')
  expect(formatted(draft('json', '[1')).text).toBe('[1')
})

test('sizes are of bytes', () => {
  const values: Stored[] = [
    { string: 'ä' },
    { integer: 1 },
    { float: 1 },
    { bool: false },
    {},
    { binary: Uint8Array.of(1, 2) },
  ]
  expect([...values, { json: '{"a":"ä"}' }].map(sizeOf)).toEqual([2, 8, 8, 1, 0, 2, 10])
})

test('a file holds what is stored, and is read back as its type', () => {
  const text = new TextEncoder().encode('{ "a": 1e400 }')
  expect(toFile({ json: '{ "a": 1e400 }' })).toBe('{ "a": 1e400 }')
  expect(toFile({ string: 'a\r\nb' })).toBe('a\r\nb')
  expect(fromFile('json', text)).toEqual({ value: { json: '{ "a": 1e400 }' } })
  expect(fromFile('string', text)).toEqual({ value: { string: '{ "a": 1e400 }' } })
  expect(fromFile('binary', text)).toEqual({ value: { binary: text } })
  expect(fromFile('json', text.subarray(1)).error).toMatch(/Not valid JSON/)
  expect(fromFile('string', Uint8Array.of(0xff)).error).toMatch(/not UTF-8/)
})
