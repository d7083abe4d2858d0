// Scripts of transactions: what each line says, how words are quoted, and how a wrong line is named.
import { expect, test } from 'vitest'
import { parseScript } from '../../../server/cli/script.ts'

const writes = (text: string) => parseScript(text).writes.map(({ message }) => message)
const value = (text: string) => writes(`set t k ${text}`)[0]!.value

test('a script is checks and writes with their lines', () => {
  const script = parseScript(
    '\ufeff# a comment\r\n\r\n  check t a 17  # as it was read\ncheck t b absent\r\n\tset t a 5 ttl=1m30s\ndelete t c\nincr t d\nincr t e -2.5 ttl=1s',
  )
  expect(script).toEqual({
    checks: [
      { line: 3, text: 'check t a 17', message: { table: 't', key: 'a', revision: 17 } },
      { line: 4, text: 'check t b absent', message: { table: 't', key: 'b', revision: 0 } },
    ],
    writes: [
      { line: 5, text: 'set t a 5 ttl=1m30s', message: { table: 't', key: 'a', value: { integer: 5 }, ttlMs: 90_000 } },
      { line: 6, text: 'delete t c', message: { table: 't', key: 'c', delete: true } },
      { line: 7, text: 'incr t d', message: { table: 't', key: 'd', increment: { integer: 1 } } },
      {
        line: 8,
        text: 'incr t e -2.5 ttl=1s',
        message: { table: 't', key: 'e', increment: { float: -2.5 }, ttlMs: 1_000 },
      },
    ],
  })
})

test.each([
  ['milk', { string: 'milk' }],
  ['5', { integer: 5 }],
  ["'5'", { integer: 5 }],
  ['"5"', { string: '5' }],
  ['"5" type=integer', { integer: 5 }],
  ['5 type=string', { string: '5' }],
  ['5.0', { float: 5 }],
  ['true', { bool: true }],
  ['null', {}],
  ["''", { string: '' }],
  ['""', { string: '' }],
  ["'two litres'", { string: 'two litres' }],
  ['"a\\tb # \\u20ac \\"quoted\\""', { string: 'a\tb # € "quoted"' }],
  ['\'say "so" # now\' # a comment', { string: 'say "so" # now' }],
  ['{"a": "} #", "b": [1, 2]} ttl=1s', { json: '{"a": "} #", "b": [1, 2]}' }],
  ['[1, {"a": "\\"]"}] # list', { json: '[1, {"a": "\\"]"}]' }],
  ['\'{"a": 1}\'', { json: '{"a": 1}' }],
  ['\'{"a": 1}\' type=string', { string: '{"a": 1}' }],
  ['AP8= type=binary', { binary: Buffer.of(0, 255) }],
  ['a#b', { string: 'a#b' }],
  ["it's", { string: "it's" }],
  ['type=string', { string: 'type=string' }],
])('the value %s', (text, expected) => {
  expect(value(text)).toStrictEqual(expected)
})

test('tables and keys may be quoted, and be anything', () => {
  expect(writes('delete "my table" \'# key\'')).toEqual([{ table: 'my table', key: '# key', delete: true }])
})

test.each([
  ['sett t k v', '"sett" is no operation: check, set, delete and incr are'],
  ['set t k', 'the form is: set TABLE KEY VALUE [type=TYPE] [ttl=DURATION]'],
  ['check t k', 'the form is: check TABLE KEY REVISION|absent'],
  ['delete t', 'the form is: delete TABLE KEY'],
  ['incr t', 'the form is: incr TABLE KEY [BY] [ttl=DURATION] [keep=type]'],
  ['check t k first', 'a revision is a whole number, or the word absent, not "first"'],
  ['check t k 1.5', 'a revision is a whole number, or the word absent, not "1.5"'],
  ['check t k 1 2', '"2" is one word too many: a word with spaces is quoted'],
  ['set t k two litres', '"litres" is one word too many: a word with spaces is quoted'],
  ['delete t k now', '"now" is one word too many: a word with spaces is quoted'],
  ['incr t k 1 2', '"2" is one word too many: a word with spaces is quoted'],
  ['incr t k many', 'not a number: "many"'],
  ['incr t k type=integer', 'type= is not known here: ttl= and keep= may stand'],
  ['incr t k keep=value', 'keep= is type, not "value"'],
  ['set t k v lease=1', 'lease= is not known here: type= and ttl= may stand'],
  ['set t k v ttl=1s ttl=2s', 'ttl= stands twice'],
  ['set t k v ttl=5', 'a duration is a number and a unit of ms, s, m, h or d, as 500ms, 30s or 1h30m, not "5"'],
  ['set t k v type=text', /^type= is one of auto, string, .* not "text"$/],
  ['set t k v type=integer', 'not an integer: "v"'],
  ["set t k 'v", "a ' without the one that closes it"],
  ['set t k "v\\"', 'a " without the one that closes it'],
  ['set t k "\\x"', '"\\x" is not a JSON string: for a text as it is, use \'…\''],
  ['set t k {"a": [1}', 'a { without the bracket that closes it: a document stands on one line'],
  ['set t k {a: 1} type=json', /^not JSON: /],
  ["set t k 'a'b", 'a space is needed before "b"'],
])('%j is named with its line', (line, message) => {
  const text = `set t other 1\n\n${line}\nset t k`
  expect(() => parseScript(text)).toThrow(
    typeof message === 'string'
      ? `line 3: ${message}`
      : expect.objectContaining({ message: expect.stringMatching(new RegExp(`^line 3: ${message.source.slice(1)}`)) }),
  )
})

test('a key that is written twice is named with both lines', () => {
  expect(() => parseScript('set t k 1\nset u k 1\n\nincr t k')).toThrow(
    'line 4: line 1 writes key "k" already: a key is written once',
  )
  expect(parseScript('check t k absent\nset t k 1').writes).toHaveLength(1)
})
