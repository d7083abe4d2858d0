// The check of JSON says what JSON.parse says, on any document and on any damage to it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isJson } from '../../../server/commands/json.ts'

const check = (text: string) => isJson(new TextEncoder().encode(text))

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const texts = fc.oneof(
  fc.json({ stringUnit: 'grapheme' }),
  fc.jsonValue().map((value) => JSON.stringify(value, null, 2)),
  fc.jsonValue().map((value) => `\t\r\n ${JSON.stringify(value)} \n`),
)

test('every document is one', () => {
  fc.assert(fc.property(texts, check))
})

test('a document with a character taken out, put in or changed is what JSON.parse says', () => {
  const character = fc.constantFrom(...'{}[]:,"\\/ \n\t\u0000\u001f0123456789-+.eEtrufalsn\u00e9\u2028')
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(2), character, (text, position, removed, inserted) => {
      const at = position % (text.length + 1)
      // Half a surrogate pair has no UTF-8, which is not what this is about.
      const damaged = (text.slice(0, at) + inserted + text.slice(at + removed)).replace(/\p{Surrogate}/gu, '?')
      expect(check(damaged), damaged).toBe(parses(damaged))
    }),
    { numRuns: 3_000 },
  )
})

test.each([
  ...['', ' ', '-', '01', '-01', '1.', '.5', '1e', '1e+', '+1', '0x1', '1 2', 'tru', 'truee', 'nul', 'NaN', 'Infinity'],
  ...[
    '0',
    '-0',
    '0.0',
    '-1.5E+10',
    '1e-2',
    'true',
    'false',
    'null',
    '"\\u00fG"',
    '"\\u00Ff"',
    '"\\u12"',
    '"\\x"',
    '"',
    '"\\"',
  ],
  ...[
    '[',
    ']',
    '[]',
    '[,]',
    '[1,]',
    '[1 2]',
    '[}',
    '{',
    '{}',
    '{]',
    '{,}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '{"a":1 "b":2}',
  ],
  ...[
    '[[]]',
    '[{}]',
    '{"a":{"b":[]}}',
    '{}[]',
    '[]]',
    '{"":0}',
    '"\u007f"',
    '\ufeff1',
    '[1]\u00a0',
    '"\t"',
    "'a'",
    '/**/1',
  ],
])('%j', (text) => {
  expect(check(text)).toBe(parses(text))
})

test('nesting is bounded by the bytes alone', () => {
  const depth = 200_000
  expect(check(`${'['.repeat(depth)}${']'.repeat(depth)}`)).toBe(true)
  expect(check(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).toBe(true)
  expect(check('['.repeat(depth))).toBe(false)
})
