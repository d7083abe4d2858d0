// Requests and responses as the gateway reads and writes them, against protobufjs's reflection on kv.proto.
import protobuf from 'protobufjs'
import { describe, expect, test } from 'vitest'
import { commandNumbers, decodeRequest, decodeResponse, encodeResponse, idBytes, writeId } from '../../proto/codec.ts'
import { frame } from '../../proto/frame.ts'
import { commandTable } from '../../server/commands/registry.ts'
import { hex } from '../helpers/bytes.ts'
import { request, response } from '../helpers/wire.ts'

const schema = new protobuf.Root().loadSync('proto/kv.proto')

test('the commands, their numbers and the table of functions are those of the schema', () => {
  const { oneofs } = schema.lookupType('abi.CommandRequest')
  const inSchema = Object.fromEntries(oneofs.requestData!.fieldsArray.map(({ name, id }) => [name, id]))
  expect(commandNumbers).toEqual(inSchema)
  for (const [name, number] of Object.entries(inSchema)) expect(commandTable[number]?.name).toBe(name)
  expect(commandTable.filter((command) => command !== undefined)).toHaveLength(Object.keys(inSchema).length)
})

test('every command decodes, its strings and values as the bytes that came', () => {
  const payload = request({ hset: { table: 'é', pair: { key: 'k', value: { string: 'v' } } }, id: 5 }).subarray(4)
  const { command, id, message } = decodeRequest(payload, 0, payload.length, 10)
  expect([command, id]).toEqual([4, 5])
  const { table, pair } = message.hset!
  expect(Buffer.from(table!)).toEqual(hex('c3a9'))
  expect(Buffer.from(pair!.value!)).toEqual(hex('0a0176'))
  expect(pair!.value!.buffer).toBe(payload.buffer)
  for (const [name, number] of Object.entries(commandNumbers)) {
    const bytes = request({ [name]: {} }).subarray(4)
    expect(decodeRequest(bytes, 0, bytes.length, 10)).toMatchObject({ command: number, id: 0, message: { [name]: {} } })
  }
})

describe('ids', () => {
  const edges = [
    1, 0x7f, 0x80, 0x3fff, 0x4000, 0x1fffff, 0x200000, 0xfffffff, 0x10000000, 0x7fffffff, 0x80000000, 0xffffffff,
  ]

  test.each(edges)('%i comes back behind a response', (id) => {
    const body = encodeResponse({ status: 200, count: 3 })
    const bytes = new Uint8Array(body.length + idBytes(id))
    bytes.set(body)
    expect(writeId(bytes, body.length, id)).toBe(bytes.length)
    expect(response(frame(bytes))).toEqual({ status: 200, count: '3', id })
    expect(decodeResponse(bytes).id).toBe(id)
  })

  test.each(edges)('%i is read from a request', (id) => {
    const payload = request({ ping: {}, id }).subarray(4)
    expect(decodeRequest(payload, 0, payload.length, 10).id).toBe(id)
  })

  test('0 takes no byte', () => {
    expect(idBytes(0)).toBe(0)
    expect(writeId(new Uint8Array(0), 0, 0)).toBe(0)
  })
})

test('64-bit fields of a response are exact to 2^53', () => {
  const largest = Number.MAX_SAFE_INTEGER
  const bytes = encodeResponse({
    status: 200,
    count: largest,
    missed: largest,
    revision: largest,
    revisions: [0, 2 ** 32, largest],
    pairs: [{ key: hex('6b'), revision: largest }],
    tables: [{ name: hex('74'), count: largest, revision: largest }],
  })
  const text = String(largest)
  expect(response(frame(bytes))).toEqual({
    status: 200,
    count: text,
    missed: text,
    revision: text,
    revisions: ['0', String(2 ** 32), text],
    pairs: [{ key: 'k', revision: text }],
    tables: [{ name: 't', count: text, revision: text }],
  })
})

test('what is absent takes no byte, but for an empty value, which is one', () => {
  expect(Buffer.from(encodeResponse({ status: 200 })).toString('hex')).toBe('08c801')
  expect(Buffer.from(encodeResponse({ status: 200, values: [new Uint8Array(0)] })).toString('hex')).toBe('08c8011a00')
})

test('a response that is encoded already is taken as it is', () => {
  const body = hex('08c801')
  expect(encodeResponse({ status: 404, body })).toBe(body)
})
