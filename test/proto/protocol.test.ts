// PROTOCOL.md against the code, in both directions: statuses, close codes, limits and commands, and its frames, each of
// which is decoded to the message beside it and encoded to the same bytes.
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { describe, expect, test } from 'vitest'
import { compressAboveBytes, limitTable } from '../../proto/limits.ts'
import { closeCodes, originReasons, statuses } from '../../proto/status.ts'
import { examples, protocolText, tableOf } from '../helpers/protocol.ts'

const schema = new protobuf.Root().loadSync('proto/kv.proto', { keepCase: true })
const types = { request: schema.lookupType('abi.CommandRequest'), response: schema.lookupType('abi.CommandResponse') }

describe('the tables', () => {
  test('of statuses', () => {
    const inCode = Object.entries(statuses).map(([status, { name, retryable, outcome }]) => [
      status,
      name,
      retryable ? 'yes' : 'no',
      outcome,
    ])
    expect(tableOf('status').map((row) => row.slice(0, 4))).toEqual(inCode)
    for (const row of tableOf('status')) expect(row[4]).not.toBe('')
  })

  test('of close codes', () => {
    const inCode = Object.entries(closeCodes).map(([code, { reason, reconnect }]) => [
      code,
      reason,
      reconnect ? 'yes' : 'no',
    ])
    expect(tableOf('code').map((row) => row.slice(0, 3))).toEqual(inCode)
  })

  test('beside them the reasons of 4403 for an origin, which fit a close frame', () => {
    for (const reason of Object.values(originReasons)) {
      expect(protocolText).toContain(`\`${reason}\``)
      expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123)
    }
  })

  test('of limits', () => {
    const inCode = Object.entries(limitTable).map(([name, limit]) => [
      name,
      limit.default.toLocaleString('en'),
      limit.meaning,
    ])
    expect(tableOf('limit')).toEqual(inCode)
  })

  test('of commands', () => {
    const commands = types.request.oneofs.request_data!.fieldsArray
    expect(tableOf('command').map((row) => row.slice(0, 2))).toEqual(commands.map(({ name, id }) => [name, String(id)]))
  })
})

test('the number from which payloads are compressed', () => {
  expect(protocolText).toContain(`longer than ${compressAboveBytes} bytes`)
})

test('names in code marks are those of the schema and the limits', () => {
  const known = new Set<string>(Object.keys(limitTable))
  for (const type of (schema.lookup('abi') as protobuf.Namespace).nestedArray) {
    known.add(type.name)
    if (type instanceof protobuf.Type) for (const field of type.fieldsArray) known.add(field.name)
  }
  const named = [...protocolText.matchAll(/`([a-z]+_[a-z_]+|[a-z]+[A-Z]\w+|[A-Z][a-z]+[A-Z]?\w+)`/g)].map(
    ([, name]) => name!,
  )
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((name) => !known.has(name) && name !== 'Origin')).toEqual([])
})

test('links within the document lead somewhere', () => {
  const anchors = [...protocolText.matchAll(/^#+ (.*)$/gm)].map(([, title]) => {
    return title!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-')
  })
  const links = [...protocolText.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor)
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter((link) => !anchors.includes(link!))).toEqual([])
})

describe('each frame', () => {
  const all = examples()
  test('is found', () => {
    expect(all.length).toBe(protocolText.match(/^(request|response) \{/gm)!.length)
    expect(all.length).toBeGreaterThan(15)
  })

  test.each(all.map((example) => [JSON.stringify(example.message).slice(0, 70), example] as const))(
    '%s',
    (_name, { kind, message, frame }) => {
      const header = frame.readUInt32BE()
      expect(header % 2 ** 31).toBe(frame.length - 4)
      const isGzip = header >= 2 ** 31
      const payload = isGzip ? gunzipSync(frame.subarray(4)) : frame.subarray(4)
      const type = types[kind]
      const decoded = type.toObject(type.decode(payload), { longs: String, bytes: String })
      expect(decoded).toEqual(message)
      expect(Buffer.from(type.encode(type.fromObject(message)).finish()).toString('hex')).toBe(payload.toString('hex'))
    },
  )
})
