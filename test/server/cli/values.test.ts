// Values as text and back: every type survives, and what is not a value is refused with its reason.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ValueMessage } from '../../../proto/value.ts'
import { fromArgument, fromJson, toJson, toText, typeOf } from '../../../server/cli/values.ts'

const exact: [ValueMessage, string][] = [
  [{ string: 'a "quoted" line\n' }, '"a \\"quoted\\" line\\n"'],
  [{ integer: 42 }, '42'],
  [{ integer: 9223372036854775807n }, '9223372036854775807'],
  [{ integer: -9223372036854775808n }, '-9223372036854775808'],
  [{ float: 1 }, '1.0'],
  [{ float: -0 }, '-0.0'],
  [{ float: 1e300 }, '1e+300'],
  [{ float: Number.NaN }, '{"$float":"NaN"}'],
  [{ float: Number.NEGATIVE_INFINITY }, '{"$float":"-Infinity"}'],
  [{ bool: false }, 'false'],
  [{}, 'null'],
  [{ binary: Uint8Array.of(0, 255) }, '{"$binary":"AP8="}'],
  [{ json: '{"a":9007199254740993}' }, '{"a":9007199254740993}'],
  [{ json: '"text"' }, '{"$json":"\\"text\\""}'],
  [{ json: '{"$binary":"AA=="}' }, '{"$json":"{\\"$binary\\":\\"AA==\\"}"}'],
  [{ json: '[1,\n2]' }, '{"$json":"[1,\\n2]"}'],
]

test.each(exact)('%o is written as %s and read back', (value, text) => {
  expect(toJson(value)).toBe(text)
  expect(plain(fromJson(text))).toEqual(plain(value))
})

/** Bytes as an array: a Buffer and a Uint8Array of the same bytes are the same value. */
function plain(value: ValueMessage): object {
  return value.binary === undefined ? value : { binary: [...value.binary] }
}

test('any value survives its JSON form', () => {
  const values = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((string) => ({ string })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((big) => ({ integer: narrow(big) })),
    fc.double().map((float) => ({ float })),
    fc.boolean().map((bool) => ({ bool })),
    fc.uint8Array().map((binary) => ({ binary })),
    fc.json().map((json) => ({ json })),
    fc.json().map((json) => ({ json: JSON.stringify(JSON.parse(json), null, 2) })),
  )
  fc.assert(
    fc.property(values, (value: ValueMessage) => {
      const text = toJson(value)
      expect(text).not.toContain('\n')
      JSON.parse(text)
      expect(plain(fromJson(text))).toEqual(plain(value))
    }),
  )
})

function narrow(big: bigint): number | bigint {
  return Number.isSafeInteger(Number(big)) ? Number(big) : big
}

test('any value survives as a typed argument', () => {
  for (const [value] of exact) {
    const type = typeOf(value)
    expect(plain(fromArgument(toText(value), type))).toEqual(plain(value))
  }
})

test('auto takes a JSON literal for what it says and the rest for text', () => {
  const guesses: [string, ValueMessage][] = [
    ['hello world', { string: 'hello world' }],
    ['007', { string: '007' }],
    ['7', { integer: 7 }],
    ['7.50', { float: 7.5 }],
    ['true', { bool: true }],
    ['null', {}],
    ['', { string: '' }],
    ['"7"', { string: '7' }],
    ['{"a": 1}', { json: '{"a": 1}' }],
    ['{a: 1}', { string: '{a: 1}' }],
    ['18446744073709551615', { string: '18446744073709551615' }],
  ]
  for (const [text, value] of guesses) expect(fromArgument(text, 'auto'), text).toEqual(value)
})

test.each([
  ['1.5', 'integer', /not an integer/],
  ['9223372036854775808', 'integer', /beyond 64 bits/],
  ['much', 'float', /not a number/],
  ['', 'float', /not a number/],
  ['yes', 'bool', /not true or false/],
  ['{', 'json', /not JSON/],
  ['%%%', 'binary', /not base64/],
] as const)('%j is no %s', (text, type, message) => {
  expect(() => fromArgument(text, type)).toThrow(message)
})

test('bytes that are no text need their type named', () => {
  const bytes = Uint8Array.of(0xff, 0x00)
  expect(() => fromArgument(bytes, 'auto')).toThrow(/--type binary/)
  expect(fromArgument(bytes, 'binary')).toEqual({ binary: bytes })
})

test.each([
  ['18446744073709551616', /beyond 64 bits/],
  ['1e999', /beyond the range/],
  ['{"$binary":"!"}', /not base64/],
  ['{"$binary":"AA==","more":1}', /one property/],
  ['{"$float":"Inf"}', /holds "NaN"/],
  ['{"$json":"{"}', /not JSON/],
  ['"\\ud800"', /half a surrogate pair/],
])('%s is refused', (text, message) => {
  expect(() => fromJson(text)).toThrow(message)
})
