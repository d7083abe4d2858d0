// Plain gets, sets and replies as bytes, against the codec of the browser: what it encodes is read here, and left alone
// where it says more. How texts are written, and replies are read, is tried through the SDK in web/sdk/hot.test.ts; the
// whole path through the gateway in fuzz/differential.test.ts.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode, type Message } from '../../proto/compact.ts'
import {
  beginReply,
  endReply,
  findKey,
  isOk,
  plainReply,
  plainRequest,
  readReply,
  readRequest,
  replyOverheadBytes,
  requestOverheadBytes,
  writeDurability,
  writeGet,
  writeSet,
} from '../../proto/plain.ts'
import { stringTag } from '../../proto/value-bytes.ts'

const numRuns = 3_000
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
const ids = fc.oneof(fc.constant(0), fc.nat(2 ** 28 - 1))
const mutations = fc.oneof(fc.constant(0), fc.nat(300), fc.integer({ min: 1, max: 2 ** 49 - 1 }))

/** Bytes that others stand around, as in a chunk. */
function placed(content: Uint8Array): { bytes: Uint8Array; start: number; end: number } {
  const bytes = new Uint8Array(content.length + 20).fill(0x78)
  bytes.set(content, 10)
  return { bytes, start: 10, end: 10 + content.length }
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

/** What `readRequest` makes of a request, as text; undefined where it is not plain. */
function read(request: Uint8Array): Message | undefined {
  const { bytes, start, end } = placed(request)
  if (!readRequest(bytes, start, end)) return undefined
  const { isSet, table, tableEnd, key, keyEnd, value, valueEnd, id, mutation } = plainRequest
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString()
  const found = { table: text(table, tableEnd), key: text(key, keyEnd), id, mutation }
  return isSet ? { ...found, value: decode('Value', bytes, value, valueEnd) } : found
}

/** In the order of all encoders: the command, then the mutation and the id. */
function request(command: Message, mutation = 0, id = 0): Uint8Array {
  return encode('CommandRequest', { ...command, mutation: mutation || undefined, id: id || undefined })
}

test('what an encoder writes is read', () => {
  fc.assert(
    fc.property(name, name, fc.string({ maxLength: 300 }), mutations, ids, (table, key, string, mutation, id) => {
      const head = { table, key, id, mutation }
      expect(read(request({ hget: { table, key } }, mutation, id))).toEqual(head)
      const value = { string }
      expect(read(request({ hset: { table, pair: { key, value } } }, mutation, id))).toEqual({ ...head, value })
    }),
    { numRuns },
  )
})

test('what is written is read, and fits in the room that it names', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', minLength: 1 }), ids, mutations, (text, id, mutation) => {
      const into = new Uint8Array(requestOverheadBytes + 3 * text.length)
      const get = writeGet(into, 4, text, text, id)
      expect(into.subarray(4, get)).toEqual(request({ hget: { table: text, key: text } }, 0, id))
      const set = writeSet(into, 4, text, text, stringTag, text, mutation, id)
      expect(set).toBeLessThanOrEqual(into.length)
      const found = { table: text, key: text, value: { string: text }, id, mutation }
      expect(read(into.subarray(4, set))).toEqual(found)
    }),
  )
})

test('the bytes of a get and a set', () => {
  expect(read(hex('0a06 0a0174 12016b'))).toEqual({ table: 't', key: 'k', id: 0, mutation: 0 })
  const [set, value] = ['220d 0a0174 1208 0a016b 1203 0a0176', { string: 'v' }]
  expect(read(hex(set))).toEqual({ table: 't', key: 'k', value, id: 0, mutation: 0 })
  expect(read(hex(`${set} 7005 78ac02`))).toEqual({ table: 't', key: 'k', value, id: 300, mutation: 5 })
})

test('what is missing, empty, in another order, too long or more is not plain', () => {
  const others = [
    '0a03 0a0174', // No key.
    '0a05 0a00 12016b', // An empty table.
    '0a05 0a0174 1200', // An empty key.
    '0a06 12016b 0a0174', // The key first.
    '0a06 0a0174 12026b', // A key that ends behind the message.
    '0a06 0a0774 12016b', // A table that does.
    '0a07 0a0174 12016b', // A message that does.
    '0a08 0a0174 12016b 1801', // A field more.
    '1206 0a0174 12016b', // Another command.
    '2208 0a0174 1203 0a016b', // No value.
    '220a 0a0174 1205 0a016b 1200', // An empty value.
    '220f 0a0174 1208 0a016b 1203 0a0176 1801', // A condition.
    '220d 0a0174 1208 0a016b 1204 0a0176', // A value that ends behind the pair.
    '0a06 0a0174 12016b 7000', // A mutation of 0.
    '0a06 0a0174 12016b 70ffffffffffffffff01', // One of eight bytes.
    '0a06 0a0174 12016b 70', // None.
    '0a06 0a0174 12016b 7801 7002', // The id first.
    '0a06 0a0174 12016b 78ffffffff0f', // An id of five bytes.
    '0a06 0a0174 12016b 7880', // An id that does not end.
    '0a06 0a0174 12016b 6801', // Another field.
    '',
  ]
  for (const bytes of others) expect([bytes, read(hex(bytes))]).toEqual([bytes, undefined])
  const whole = hex('220d 0a0174 1208 0a016b 1203 0a0176 7005 78ac02')
  for (let end = 0; end < whole.length; end++) {
    // Where the mutation and the id begin it is whole without them.
    if (end !== 15 && end !== 17) expect([end, read(whole.subarray(0, end))]).toEqual([end, undefined])
  }
})

test('the look for a key finds that of each request for the table, and of no other', () => {
  const names = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 100 })
  fc.assert(
    fc.property(names, names, fc.uint8Array({ maxLength: 300 }), ids, (table, key, binary, id) => {
      const both = [{ hget: { table, key } }, { hset: { table, pair: { key, value: { binary } } } }]
      for (const command of both) {
        const { bytes, start, end } = placed(request(command, 0, id))
        expect(readRequest(bytes, start, end)).toBe(true)
        const found = findKey(bytes, start, end, Buffer.from(table))
        expect([found & 0xff_ffff, found >>> 24]).toEqual([plainRequest.key, key.length])
        expect(findKey(bytes, start, end, Buffer.from(`${table}x`))).toBe(0)
        expect(findKey(bytes, start, end, Buffer.from(table.slice(1)))).toBe(0)
      }
    }),
  )
})

test('a reply is written as an encoder writes it, and read', () => {
  const revisions = fc.oneof(fc.nat(300), fc.integer({ min: 1, max: 2 ** 49 - 1 }))
  const durabilities = fc.constantFrom(undefined, 1, 2)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), durabilities, revisions, ids, (binary, durability, revision, id) => {
      const value = encode('Value', { binary })
      const into = new Uint8Array(value.length + replyOverheadBytes).fill(0x78)
      const at = beginReply(into, 4, value.length)
      into.set(value, at)
      const end = endReply(into, writeDurability(into, at + value.length, durability ?? 0), revision, id)
      const fields = { status: 200, values: [{ binary }], durability, revision, id: id || undefined }
      expect(into.subarray(4, end)).toEqual(encode('CommandResponse', fields))
      expect(isOk(into, 4)).toBe(true)
      expect(readReply(into, 4, end)).toBe(true)
      expect(into.subarray(plainReply.content, plainReply.contentEnd)).toEqual(binary)
      expect([plainReply.revision, plainReply.id]).toEqual([revision, id])
    }),
  )
})

test('a reply with another status is not ok', () => {
  for (const status of [0, 1, 72, 201, 404, 429]) {
    const { bytes, start, end } = placed(encode('CommandResponse', { status }))
    expect([isOk(bytes, start), readReply(bytes, start, end)]).toEqual([false, false])
  }
})
