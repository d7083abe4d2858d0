// Records as entries: which property is the key and which the value, exact numbers, and errors that name the line.
import { expect, test } from 'vitest'
import { type Assignment, type RecordOptions, recordReader, rowReader } from '../../../server/cli/records.ts'

const none: RecordOptions = { all: false, key: undefined, value: undefined, infer: false }
const pair = ({ key, value }: Assignment) => [key, value]

function read(text: string, options: Partial<RecordOptions> = {}, isProperty = false) {
  return pair(recordReader({ ...none, ...options })({ text, line: 17, isProperty }))
}

test('a record of key and value is an entry', () => {
  expect(read('{"key":"a","value":"text"}')).toEqual(['a', { string: 'text' }])
  expect(read('{"value": 9007199254740993 , "key":"a", "revision":7}')).toEqual(['a', { integer: 9007199254740993n }])
  expect(read('{"key":"a","value":1.0}')).toEqual(['a', { float: 1 }])
  expect(read('{"key":"a","value":{"b": 12345678901234567890}}')).toEqual([
    'a',
    { json: '{"b": 12345678901234567890}' },
  ])
})

test('--key makes the whole record the value', () => {
  const text = '{"id":9007199254740993,"name":"Bergen"}'
  expect(read(text, { key: 'id' })).toEqual(['9007199254740993', { json: text }])
  expect(read(text, { key: '{name}/{id}' })).toEqual(['Bergen/9007199254740993', { json: text }])
  expect(read(text, { key: 'name', value: 'id' })).toEqual(['Bergen', { integer: 9007199254740993n }])
})

test('a document laid out over lines is stored on one', () => {
  expect(read('{\n  "id": "a b",\n  "n": [1,\n 2.50]\n}', { key: 'id' })[1]).toEqual({
    json: '{"id":"a b","n":[1,2.50]}',
  })
})

test('a property of an object is an entry', () => {
  expect(read('{"a" : {"b":1}}', {}, true)).toEqual(['a', { json: '{"b":1}' }])
  expect(read('{"__proto__":1}', {}, true)).toEqual(['__proto__', { integer: 1 }])
  expect(() => read('{"a":1}', { key: 'a' }, true)).toThrow(/^line 17: .*leave --key and --value out/)
})

test.each([
  ['{"key":"a"', {}, /^line 17: not JSON/],
  ['[1]', {}, /^line 17: a record is an object, not an array/],
  ['{"id":1}', {}, /^line 17: a record without --key has the form/],
  ['{"key":7,"value":1}', {}, /^line 17: "key" is a string, not 7/],
  ['{"id":null}', { key: 'id' }, /^line 17: the key property "id" is null/],
  ['{"id":""}', { key: 'id' }, /^line 17: the key property "id" is ""/],
  ['{"name":1}', { key: 'id' }, /^line 17: no property "id" to take as key/],
  ['{"id":1}', { key: 'toString' }, /^line 17: no property "toString"/],
  ['{"id":1}', { key: 'id', value: 'v' }, /^line 17: no property "v" to take as value/],
  ['{"key":"a","value":1e999}', {}, /^line 17: 1e999 is beyond/],
])('%s is refused', (text, options, message) => {
  expect(() => read(text, options)).toThrow(message)
})

const row = (header: string[], cells: string[], options: Partial<RecordOptions> = {}) =>
  pair(rowReader(header, { ...none, ...options })(cells, 3))

test('a row of key, type and value is an entry of that type', () => {
  expect(row(['key', 'type', 'value'], ['a', 'float', '1.0'])).toEqual(['a', { float: 1 }])
  expect(row(['key', 'value'], ['a', '1.0'])).toEqual(['a', { string: '1.0' }])
  expect(row(['key', 'value'], ['a', '1.0'], { infer: true })).toEqual(['a', { float: 1 }])
})

test('a row is a document of strings, or of what its cells look like', () => {
  const header = ['id', 'name', 'n']
  expect(row(header, ['007', 'x', '5'], { key: 'id' })).toEqual(['007', { json: '{"id":"007","name":"x","n":"5"}' }])
  expect(row(header, ['007', '[1.0, "a"]', '5'], { key: 'id', infer: true })).toEqual([
    '007',
    { json: '{"id":"007","name":[1.0, "a"],"n":5}' },
  ])
  expect(row(header, ['007', 'x', '5'], { key: '{name}-{id}', value: 'n' })).toEqual(['x-007', { string: '5' }])
})

test.each([
  [['id', 'id'], ['1', '2'], { key: 'id' }, /^line 1: the header names the column "id" twice/],
  [['id'], ['1'], {}, /^line 1: the header has no column "key", only "id"; of other files/],
  [['id'], ['1'], { key: '{id}/{name}' }, /^line 1: the header has no column "name", only "id"$/],
  [['id'], [''], { key: 'id' }, /^line 3: the key property "id" is ""/],
  [['key', 'type', 'value'], ['a', 'int', '1'], {}, /^line 3: "int" is no type/],
  [['key', 'type', 'value'], ['a', 'integer', 'x'], {}, /^line 3: not an integer: "x"/],
])('the row %j %j is refused', (header, cells, options, message) => {
  expect(() => row(header, cells, options)).toThrow(message)
})
