// The place of a fault in a JSON text, against the browser's own parser.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonFault } from '../../../web/dashboard/data/json-fault.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test.each([
  ['{"a": }', 6, /value/],
  ['{"a": 1,}', 8, /name in double quotes/],
  ["{'a': 1}", 1, /name in double quotes/],
  ['{"a" 1}', 5, /colon/],
  ['[1 2]', 3, /comma or \]/],
  ['[1, 2', 5, /comma or \]/],
  ['"abc', 4, /closing quote/],
  ['"a\nb"', 2, /line break/],
  ['"\\x"', 1, /escape/],
  ['01', 1, /end/],
  ['nul', 0, /value/],
  ['', 0, /value/],
])('%j is wrong at %i', (text, at, expected) => {
  expect(jsonFault(text)).toMatchObject({ at, expected: expect.stringMatching(expected) })
})

test('it finds a fault exactly where there is one', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', '"', ',', '}', ']', '{', ':', '\\', 'x', '-', '.', '0', 'e'),
      (json, place, put) => {
        const at = place % (json.length + 1)
        const changed = json.slice(0, at) + put + json.slice(at + 1)
        expect(jsonFault(json)).toBeUndefined()
        expect(jsonFault(changed) === undefined, changed).toBe(isJson(changed))
      },
    ),
    { numRuns: 2_000 },
  )
})

test('a text that is nested deeper than any stack is judged as well', () => {
  const [open, close] = ['['.repeat(200_000), ']'.repeat(200_000)]
  expect(jsonFault(open + close)).toBeUndefined()
  expect(jsonFault(open)).toMatchObject({ at: 200_000, expected: 'a value' })
  expect(jsonFault(`${open}1${close}]`)).toMatchObject({ at: 400_001, expected: 'the end' })
  expect(jsonFault('{"a":'.repeat(100_000))).toMatchObject({ at: 500_000, expected: 'a value' })
})
