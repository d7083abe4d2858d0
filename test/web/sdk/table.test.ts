// Tables, topics and URLs as the user of the SDK sees them, against a fake gateway: requests that are right, and
// input that is refused before it leaves.

import { expect, test, vi } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { defaultLimits } from '../../../proto/limits.ts'
import { KvassError } from '../../../proto/status.ts'
import { assumedLimits } from '../../../web/sdk/assumed.ts'
import { connect as connectInBrowser } from '../../../web/sdk/index.ts'
import { connect } from '../../../web/sdk/node.ts'
import type { Kvass, Message, Table, WebSocketClass } from '../../../web/sdk/types.ts'
import { gatewayUrl } from '../../../web/sdk/url.ts'
import { version } from '../../../web/sdk/version.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import { type FakeGateway, type Faults, startFakeGateway } from '../../helpers/fake-gateway.ts'
import { until } from '../../helpers/until.ts'

async function start(faults: Faults = {}): Promise<{ gateway: FakeGateway; kv: Kvass; table: Table }> {
  const gateway = await startFakeGateway(faults)
  const kv = connect(gateway.url, { reconnect: { baseMs: 1, maxMs: 5 } })
  whenOver(() => kv.close())
  return { gateway, kv, table: kv.table('t') }
}

const keys = (count: number) => Array.from({ length: count }, (_, at) => `k${String(at).padStart(5, '0')}`)
const refused = (status: number, part: string) => ({
  name: 'KvassError',
  status,
  message: expect.stringContaining(part),
})

test('what the SDK assumes of a gateway is what a gateway allows', () => {
  const { maxValueBytes, ...assumed } = assumedLimits
  expect(defaultLimits).toMatchObject(assumed)
  expect(maxValueBytes).toBe(Number.POSITIVE_INFINITY)
  expect(version).toBe(packageJson.version)
})

test('an entry is written, read, found and deleted', async () => {
  const { table } = await start()
  expect(await table.get('a')).toBeUndefined()
  expect(await table.set('a', { title: 'milk' })).toBe(1)
  expect(await table.get('a')).toEqual({ table: 't', key: 'a', value: { title: 'milk' }, revision: 1 })
  expect(await table.has('a')).toBe(true)
  expect(await table.delete('a')).toBe(true)
  expect(await table.delete('a')).toBe(false)
  expect(await table.has('a')).toBe(false)
})

test('null is a value: there, and not the same as missing', async () => {
  const { table } = await start()
  await table.set('a', null)
  expect(await table.get('a')).toEqual({ table: 't', key: 'a', value: null, revision: 1 })
  expect(await table.getMany(['a', 'b'])).toEqual([{ table: 't', key: 'a', value: null, revision: 1 }, undefined])
  expect(await table.delete('a')).toBe(true)
})

test('many entries at once share one revision, and come back in the order of the question', async () => {
  const { table } = await start()
  expect(
    await table.setMany(
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ),
  ).toBe(1)
  const entries = await table.getMany(['a', 'x', 'b', 'a'])
  expect(entries.map((entry) => entry?.value)).toEqual([1, undefined, 2, 1])
  expect(await table.deleteMany(['a', 'x'])).toBe(1)
  expect(await table.getMany([])).toEqual([])
})

test('a long question is split by elements and by bytes, a long write is refused', async () => {
  const { gateway, kv, table } = await start({ limits: { maxElements: 10 } })
  await kv.ready()
  await table.setMany(keys(10).map((key) => [key, 1]))
  const entries = await table.getMany(keys(25))
  expect(entries.map((entry) => entry?.key)).toEqual([...keys(10), ...new Array(15).fill(undefined)])
  const sizes = gateway.requests.filter(({ command }) => command === 'hmget').map(({ fields }) => fields.keys.length)
  expect(sizes).toEqual([6, 6, 6, 7])
  await expect(table.setMany(keys(11).map((key) => [key, 1]))).rejects.toMatchObject(
    refused(413, '11 elements: at most 10 are taken'),
  )
  await expect(table.deleteMany(keys(11))).rejects.toMatchObject(refused(413, 'at most 10'))
  gateway.faults.limits = { maxElements: 10, maxFrameBytes: 2_000 }
  const reopened = new Promise((resolve) => kv.on('open', resolve))
  gateway.connections[0]!.drop()
  await reopened
  const long = keys(9).map((key) => key.repeat(170))
  expect(await table.getMany(long)).toEqual(new Array(9).fill(undefined))
  const most = gateway.connections[1]!.requests.map(({ fields }) => fields.keys?.length ?? 0)
  expect(Math.max(...most)).toBe(1)
  expect(gateway.requests.filter(({ command }) => command === 'hset')).toEqual([])
})

test('values that do not fit one reply are asked for in halves', async () => {
  const { gateway, table } = await start({
    answer: ({ command, fields }) =>
      command === 'hmget' && fields.keys.length > 3 ? [{ status: 413, message: 'too many' }] : undefined,
  })
  await table.setMany(keys(10).map((key, at) => [key, at]))
  expect((await table.getMany(keys(10))).map((entry) => entry?.value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  gateway.faults.answer = ({ command }) => (command === 'hmget' ? [{ status: 413, message: 'too many' }] : undefined)
  await expect(table.getMany(keys(4))).rejects.toMatchObject(refused(413, 'too many'))
  gateway.faults.answer = ({ command }) => (command === 'hmget' ? [{ status: 507, message: 'disk' }] : undefined)
  const asked = gateway.requests.length
  await expect(table.getMany(keys(4))).rejects.toMatchObject(refused(507, 'disk'))
  expect(gateway.requests).toHaveLength(asked + 1)
})

test('bad keys, names, bounds and values are refused by name before they leave', async () => {
  const { gateway, kv, table } = await start()
  await kv.ready()
  const sent = gateway.requests.length
  await expect(table.get('')).rejects.toMatchObject(refused(400, 'The key is empty'))
  await expect(table.get('\ud800')).rejects.toMatchObject(refused(400, 'The key has half a surrogate pair'))
  await expect(table.get('k'.repeat(1025))).rejects.toMatchObject(refused(400, 'The key has 1025 bytes'))
  await expect(table.get('é'.repeat(513))).rejects.toMatchObject(refused(400, 'The key has 1026 bytes'))
  await expect(table.get(7 as never)).rejects.toMatchObject(refused(400, 'The key is no string'))
  await expect(table.set('a', undefined as never)).rejects.toMatchObject(refused(400, 'value is Undefined'))
  await expect(table.set('a', 'x'.repeat(524_288))).rejects.toMatchObject(refused(413, 'The value has 524292 bytes'))
  await expect(
    table.setMany([
      ['a', 1],
      ['', 2],
    ]),
  ).rejects.toMatchObject(refused(400, 'The key is empty'))
  await expect(table.getMany(['a', ''])).rejects.toMatchObject(refused(400, 'The key is empty'))
  await expect(table.deleteMany([''])).rejects.toMatchObject(refused(400, 'The key is empty'))
  await expect(table.page({ prefix: '\udc00' })).rejects.toMatchObject(refused(400, 'The prefix has half'))
  await expect(table.page({ limit: -1 })).rejects.toMatchObject(refused(400, 'The limit is -1'))
  await expect(table.page({ limit: 1.5 })).rejects.toMatchObject(refused(400, 'The limit is 1.5'))
  await expect(table.entries({ start: 7 as never }).next()).rejects.toMatchObject(
    refused(400, 'The start is no string'),
  )
  await expect(kv.topic('t').publish(Symbol('s') as never)).rejects.toMatchObject(refused(400, 'value is Symbol'))
  expect(() => kv.table('')).toThrow('The table name is empty')
  expect(() => kv.topic('')).toThrow('The topic name is empty')
  expect(gateway.requests).toHaveLength(sent)
})

test('a walk over a range asks for growing pages, one ahead, and stops when it is left', async () => {
  const { gateway, table } = await start()
  for (let at = 0; at < 3_000; at += 1_000)
    await table.setMany(
      keys(3_000)
        .slice(at, at + 1_000)
        .map((key) => [key, key]),
    )
  const ranges = () => gateway.requests.filter(({ command }) => command === 'range').map(({ fields }) => fields.limit)
  const walked: string[] = []
  for await (const { key, value } of table.entries()) {
    expect(value).toBe(key)
    walked.push(key)
  }
  expect(walked).toEqual(keys(3_000))
  expect(ranges()).toEqual([128, 256, 512, 1_024, 2_048])
  const some: string[] = []
  for await (const key of table.keys({ limit: 300 })) some.push(key)
  expect(some).toEqual(keys(300))
  expect(ranges().slice(5)).toEqual([128, 172])
  for await (const key of table.keys()) if (key === 'k00003') break
  await until('the page ahead was asked for', () => ranges().length === 9)
  expect(await table.keys({ limit: 0 }).next()).toEqual({ value: undefined, done: true })
  await expect(table.keys({ limit: -1 }).next()).rejects.toMatchObject(refused(400, 'The limit is -1'))
  expect(ranges()).toHaveLength(9)
})

test('an error in the middle of a walk is thrown after what came before it', async () => {
  let ranges = 0
  const { table } = await start({
    answer: ({ command }) => (command === 'range' && ++ranges > 1 ? [{ status: 507, message: 'disk' }] : undefined),
  })
  await table.setMany(keys(200).map((key) => [key, 1]))
  const walked: string[] = []
  const walk = async () => {
    for await (const { key } of table.entries()) walked.push(key)
  }
  await expect(walk()).rejects.toMatchObject(refused(507, 'disk'))
  expect(walked).toEqual(keys(128))
})

test('a page has a cursor while there is more', async () => {
  const { table } = await start()
  await table.setMany(keys(5).map((key) => [key, 1]))
  const first = await table.page({ limit: 3, keysOnly: true })
  expect(first.entries.map(({ key }) => key)).toEqual(keys(3))
  const second = await table.page({ limit: 3, cursor: first.cursor! })
  expect(second.entries.map(({ key }) => key)).toEqual(keys(5).slice(3))
  expect(second.cursor).toBeUndefined()
})

test('messages are iterated in order, with what was missed where it was missed', async () => {
  const { gateway, kv } = await start()
  const subscription = kv.topic('chat').subscribe()
  await subscription.ready
  const [connection] = gateway.connections
  connection!.publish('chat', { values: [{ string: 'a' }, { integer: 1 }] })
  connection!.publish('chat', { missed: 3 })
  connection!.publish('chat', { values: [{ string: 'b' }], missed: 2 })
  const messages: Message[] = []
  for await (const message of subscription) {
    messages.push(message)
    if (message.values[0] === 'b') break
  }
  expect(messages).toEqual([
    { values: ['a', 1], missed: 0 },
    { values: [], missed: 3 },
    { values: [], missed: 2 },
    { values: ['b'], missed: 0 },
  ])
  await until('the subscription was cancelled', () => gateway.requests.at(-1)!.command === 'cancel')
  expect(await subscription.next()).toEqual({ value: undefined, done: true })
})

test('an iteration that is too slow keeps 1,024 messages and is told how many it missed', async () => {
  const { gateway, kv } = await start()
  const subscription = kv.topic('chat').subscribe()
  await subscription.ready
  const [connection] = gateway.connections
  const publish = (from: number, to: number) => {
    for (let at = from; at < to; at++) connection!.publish('chat', { values: [{ integer: at }] })
  }
  publish(0, 1_030)
  await kv.ping()
  const next = async () => (await subscription.next()).value!
  for (let at = 0; at < 10; at++) expect(await next()).toEqual({ values: [at], missed: 0 })
  publish(1_030, 1_032)
  await kv.ping()
  for (let at = 10; at < 1_024; at++) expect(await next()).toEqual({ values: [at], missed: 0 })
  expect(await next()).toEqual({ values: [], missed: 6 })
  expect(await next()).toEqual({ values: [1_030], missed: 0 })
  expect(await next()).toEqual({ values: [1_031], missed: 0 })
  publish(1_032, 2_060)
  await kv.ping()
  for (let at = 1_032; at < 2_056; at++) expect(await next()).toEqual({ values: [at], missed: 0 })
  expect(await next()).toEqual({ values: [], missed: 4 })
})

test('leaving and subscribing again in one turn does not mix the two flows', async () => {
  const { gateway, kv } = await start()
  const topic = kv.topic('chat')
  const heard: string[] = []
  const first = topic.subscribe(({ values }) => heard.push(`first ${values[0]}`))
  await first.ready
  const closed = first.close()
  const second = topic.subscribe(({ values }) => heard.push(`second ${values[0]}`))
  const [connection] = gateway.connections
  connection!.publish('chat', { values: [{ string: 'late' }] })
  await Promise.all([closed, second.ready, first.close()])
  connection!.publish('chat', { values: [{ string: 'new' }] })
  await kv.ping()
  expect(heard).toEqual(['second new'])
})

test('a subscription is opened again after a reconnect, and hears nothing twice', async () => {
  const { gateway, kv } = await start()
  const heard: unknown[] = []
  const subscription = kv.topic('chat').subscribe(({ values }) => heard.push(values[0]))
  await subscription.ready
  gateway.connections[0]!.publish('chat', { values: [{ string: 'before' }] })
  await kv.ping()
  gateway.connections[0]!.drop()
  await until('it is open again', () => gateway.connections[1]?.requests.some(({ command }) => command === 'subscribe'))
  gateway.connections[1]!.publish('chat', { values: [{ string: 'after' }] })
  await kv.ping()
  expect(heard).toEqual(['before', 'after'])
  await subscription.close()
  gateway.connections[1]!.drop()
  await gateway.arrivals.take(2)
  const third = await gateway.arrivals.next()
  await kv.ready()
  expect(third.requests.map(({ command }) => command)).not.toContain('subscribe')
})

test('a refused subscription rejects ready, throws in the iteration and is told to onError', async () => {
  const { kv } = await start({
    answer: ({ command }) => (command === 'subscribe' ? [{ status: 429, message: 'too many' }] : undefined),
  })
  const topic = kv.topic('chat')
  const subscription = topic.subscribe()
  await expect(subscription.next()).rejects.toMatchObject(refused(429, 'too many'))
  await expect(subscription.ready).rejects.toMatchObject(refused(429, 'too many'))
  const error = await new Promise((resolve) => topic.subscribe(() => {}, { onError: resolve }))
  expect(error).toMatchObject(refused(429, 'too many'))
})

test('a signal ends a subscription, before or after it is open, and closing the client does so with an error', async () => {
  const { gateway, kv } = await start()
  const topic = kv.topic('chat')
  const early = topic.subscribe({ signal: AbortSignal.abort() })
  expect(await early.next()).toEqual({ value: undefined, done: true })
  await kv.ready()
  expect(gateway.requests.map(({ command }) => command)).not.toContain('subscribe')
  const controller = new AbortController()
  const subscription = topic.subscribe({ signal: controller.signal })
  await subscription.ready
  const next = subscription.next()
  controller.abort()
  expect(await next).toEqual({ value: undefined, done: true })
  const last = topic.subscribe()
  await last.ready
  const waiting = last.next()
  await Promise.all([kv.close(), expect(waiting).rejects.toMatchObject(refused(503, 'The client was closed'))])
})

test('a URL may be written as people write it', () => {
  expect(gatewayUrl('ws://localhost:5827/ws', undefined)).toBe('ws://localhost:5827/ws')
  expect(gatewayUrl('http://localhost:5827', undefined)).toBe('ws://localhost:5827/ws')
  expect(gatewayUrl('https://example.org/kv/ws?a=1#part', undefined)).toBe('wss://example.org/kv/ws?a=1')
  expect(gatewayUrl(new URL('wss://[::1]:1/'), undefined)).toBe('wss://[::1]:1/ws')
  expect(gatewayUrl(undefined, 'https://example.org/app/page.html')).toBe('wss://example.org/ws')
  expect(gatewayUrl('gateway', 'http://example.org/app/page.html')).toBe('ws://example.org/app/gateway')
  for (const wrong of ['localhost:5827', 'ftp://localhost', '', '/ws']) {
    expect(() => gatewayUrl(wrong, undefined)).toThrow(/is no URL of a gateway: it looks like ws:/)
  }
  expect(() => gatewayUrl(undefined, undefined)).toThrow('"" is no URL of a gateway')
})

test('without any WebSocket class there is a sentence that says so', () => {
  const global = globalThis as { WebSocket?: unknown }
  const { WebSocket } = global
  delete global.WebSocket
  try {
    expect(() => connectInBrowser('ws://localhost')).toThrow(KvassError)
    expect(() => connectInBrowser('ws://localhost')).toThrow('This runtime has no WebSocket.')
  } finally {
    if (WebSocket) global.WebSocket = WebSocket
  }
})

test('without a DecompressionStream connect says so, in Node and in a page', () => {
  vi.stubGlobal('DecompressionStream', undefined)
  whenOver(() => vi.unstubAllGlobals())
  const options = { WebSocket: class {} as unknown as WebSocketClass }
  for (const connectAnywhere of [connect, connectInBrowser]) {
    const refusal = refused(400, 'This runtime has no DecompressionStream')
    expect(() => connectAnywhere('ws://localhost', options)).toThrow(expect.objectContaining(refusal))
  }
})
