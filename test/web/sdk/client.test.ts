// The policy of a connection against a fake gateway with faults: batching, hello, reconnecting, time limits, aborting.
import { createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { closeCodes, KvassError, type Status, statuses } from '../../../proto/status.ts'
import { connect } from '../../../web/sdk/node.ts'
import type { ConnectionEvents, ConnectOptions, Kvass } from '../../../web/sdk/types.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import {
  type FakeGateway,
  type FakeRequest,
  type Faults,
  frameOf,
  startFakeGateway,
} from '../../helpers/fake-gateway.ts'
import { until } from '../../helpers/until.ts'

const quick = { baseMs: 1, maxMs: 5 }

async function start(faults: Faults = {}, options: ConnectOptions = {}): Promise<{ gateway: FakeGateway; kv: Kvass }> {
  const gateway = await startFakeGateway(faults)
  return { gateway, kv: connected(gateway.url, options) }
}

function connected(url: string, options: ConnectOptions = {}): Kvass {
  const kv = connect(url, { reconnect: quick, ...options })
  whenOver(() => kv.close())
  return kv
}

/** A URL at which nobody listens. */
async function deadUrl(): Promise<string> {
  const gateway = await startFakeGateway()
  await gateway.stop()
  return gateway.url
}

const commands = (requests: readonly FakeRequest[]) => requests.map(({ command }) => command)
const next = <Name extends keyof ConnectionEvents>(kv: Kvass, name: Name) =>
  new Promise<ConnectionEvents[Name]>((resolve) => kv.on(name, resolve))

async function failure(promise: Promise<unknown>): Promise<KvassError> {
  const error = await promise.then(
    (value) => new Error(`it gave ${String(value)}`),
    (error) => error,
  )
  expect(error).toBeInstanceOf(KvassError)
  return error
}

test('hello goes first, and what was asked before the connection in the same message', async () => {
  const { gateway, kv } = await start()
  const table = kv.table('t')
  const results = [table.set('a', 1), table.get('a'), table.get('b')]
  expect(kv.state).toBe('connecting')
  expect(await Promise.all(results)).toEqual([1, { table: 't', key: 'a', value: 1, revision: 1 }, undefined])
  const message = await gateway.connections[0]!.messages.next()
  expect(commands(message)).toEqual(['hello', 'hset', 'hget', 'hget'])
  expect(message[0]!.fields).toEqual({
    version: 1,
    client: expect.stringMatching(/^kvass-js\/\d/),
    clientId: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(kv.state).toBe('open')
  expect(kv.welcome).toMatchObject({ server: 'fake/1', durability: 'volatile', limits: { maxElements: 4_096 } })
})

test('all commands of one microtask leave as one message, each with an id of its own', async () => {
  const { gateway, kv } = await start()
  await kv.ready()
  const { messages } = gateway.connections[0]!
  await messages.next()
  const table = kv.table('t')
  const calls = Array.from({ length: 100 }, (_, at) => table.set(`k${at}`, at))
  const message = await messages.next()
  expect(message).toHaveLength(100)
  expect(new Set(message.map(({ id }) => id)).size).toBe(100)
  await Promise.all(calls)
  const again = await Promise.all(Array.from({ length: 100 }, (_, at) => table.get(`k${at}`)))
  expect(again.map((entry) => entry!.value)).toEqual(Array.from({ length: 100 }, (_, at) => at))
  expect(await messages.next()).toHaveLength(100)
})

test('a large batch is split into messages of a few hundred kilobytes, in order', async () => {
  const { gateway, kv } = await start({}, { compress: false })
  await kv.ready()
  const { messages } = gateway.connections[0]!
  await messages.next()
  const table = kv.table('t')
  await Promise.all(Array.from({ length: 100 }, (_, at) => table.set(`k${at}`, 'x'.repeat(10_000))))
  const sizes: number[] = []
  const keys: string[] = []
  while (keys.length < 100) {
    const message = await messages.next()
    keys.push(...message.map(({ fields }) => fields.pair.key))
    sizes.push(message.length)
  }
  expect(keys).toEqual(Array.from({ length: 100 }, (_, at) => `k${at}`))
  expect(Math.max(...sizes)).toBeLessThan(27)
})

test('what a caller does to a value after the call changes nothing', async () => {
  const { kv } = await start()
  const table = kv.table<Uint8Array>('t')
  const bytes = Uint8Array.of(1)
  const early = table.set('early', bytes)
  bytes[0] = 2
  await early
  const late = table.set('late', bytes)
  bytes[0] = 3
  await late
  const values = (await table.getMany(['early', 'late'])).map((entry) => [...entry!.value])
  expect(values).toEqual([[1], [2]])
})

test('replies cut at any byte, and compressed ones among others, arrive in order', async () => {
  const value = 'x'.repeat(300)
  const { gateway, kv } = await start({
    splitBytes: 1,
    answer: ({ id, command }) => {
      gateway.faults.gzipReplies = id % 3 === 0
      return command === 'hget' ? [{ status: 200, values: [{ string: value }], revision: 1 }] : undefined
    },
  })
  const table = kv.table('t')
  const order: number[] = []
  const read = async (at: number) => {
    expect(await table.get('a')).toMatchObject({ value })
    order.push(at)
  }
  const numbers = Array.from({ length: 20 }, (_, at) => at)
  await Promise.all(numbers.map(read))
  expect(order).toEqual(numbers)
})

test('large requests leave compressed, in their order among small ones, and hello never', async () => {
  const { gateway, kv } = await start({}, { compress: true, token: 'secret'.repeat(600) })
  const table = kv.table('t')
  const long = 'long '.repeat(1_000)
  await Promise.all([
    table.set('a', 1),
    table.set('b', long),
    table.set('c', 2),
    table.set('d', long),
    table.set('e', 3),
  ])
  expect((await table.get('b'))!.value).toBe(long)
  const sent = gateway.requests
  expect(sent.map(({ command, fields }) => fields.pair?.key ?? command)).toEqual([
    'hello',
    'a',
    'b',
    'c',
    'd',
    'e',
    'hget',
  ])
  expect(sent.map(({ gzip }) => gzip)).toEqual([false, false, true, false, true, false, false])
  const random = crypto.getRandomValues(new Uint8Array(5_000))
  await table.set('random', random)
  expect(gateway.requests.at(-1)!.gzip).toBe(false)
})

test('what is asked while a frame is still being compressed leaves behind it', async () => {
  const { gateway, kv } = await start({}, { compress: true })
  await kv.ready()
  const table = kv.table('t')
  const large = table.set('a', 'long '.repeat(50_000))
  // The microtask in which the first message leaves is over.
  await Promise.resolve()
  await Promise.resolve()
  await Promise.all([large, table.set('a', 'short')])
  expect((await table.get('a'))!.value).toBe('short')
  expect(gateway.requests.slice(-3).map(({ command, gzip }) => [command, gzip])).toEqual([
    ['hset', true],
    ['hset', false],
    ['hget', false],
  ])
})

test('nothing is compressed on loopback unless asked for', async () => {
  const { gateway, kv } = await start()
  await kv.table('t').set('a', 'long '.repeat(1_000))
  expect(gateway.requests.map(({ gzip }) => gzip)).toEqual([false, false])
})

test('until the first welcome only what every gateway takes is sent; the rest waits in order', async () => {
  let welcome = () => {}
  const { gateway, kv } = await start({
    limits: { maxElements: 2, maxFrameBytes: 2_000 },
    answer: ({ command, id }, connection) => {
      if (command !== 'hello') return undefined
      welcome = () => connection.reply({ id, ...gateway.execute('hello', {}) })
      return []
    },
  })
  const table = kv.table('t')
  const small = table.set('a', 1)
  const pair = table.setMany([
    ['b', 1],
    ['c', 2],
  ])
  const triple = failure(
    table.setMany([
      ['d', 1],
      ['e', 2],
      ['f', 3],
    ]),
  )
  const large = failure(table.set('g', 'x'.repeat(3_000)))
  const last = table.get('b')
  await small
  expect(commands(gateway.requests)).toEqual(['hello', 'hset'])
  welcome()
  expect(await pair).toBe(2)
  expect(await last).toMatchObject({ value: 1 })
  expect(await triple).toMatchObject({
    status: 413,
    message: 'The request has 3 elements: at most 2 are taken.',
  })
  expect(await large).toMatchObject({
    status: 413,
    message: expect.stringMatching(/^The request has 30\d\d bytes: at most 2000 are taken/),
  })
  expect(commands(gateway.requests)).toEqual(['hello', 'hset', 'hmset', 'hget'])
})

/** Answers the hello and nothing else, until it is told to answer all. */
const deaf = (): Faults => ({ answer: ({ command }) => (command === 'hello' ? undefined : []) })

test('after a lost connection all is sent again in its order, writes under their numbers, each done once', async () => {
  const { gateway, kv } = await start({
    answer: ({ command, fields }) => (fields.key === 'lost' || command === 'publish' ? [] : undefined),
  })
  const table = kv.table('t')
  await table.set('a', 'first')
  const lostReply = gateway.faults
  // The gateway does these, and the client does not hear of it.
  lostReply.loseReplies = true
  const writes = [table.set('b', 1), table.set('b', 2)]
  const read = table.get('b')
  const publication = failure(kv.topic('chat').publish('hi'))
  await until('all were sent', () => gateway.connections[0]!.requests.length === 6)
  lostReply.loseReplies = false
  const lost = next(kv, 'disconnect')
  gateway.connections[0]!.drop()
  expect(await publication).toMatchObject({
    status: 504,
    retryable: false,
    message: 'The connection was lost (1006: the connection broke). The outcome of the write is unknown.',
  })
  expect(await lost).toMatchObject({ code: 1006, retryMs: expect.any(Number) })
  const later = table.set('c', 3)
  expect(await Promise.all([...writes, later])).toEqual([2, 3, 4])
  expect(await read).toMatchObject({ value: 2 })
  const again = gateway.connections[1]!.requests
  expect(again.map(({ command, mutation }) => [command, mutation])).toEqual([
    ['hello', 0],
    ['hset', 2],
    ['hset', 3],
    ['hget', 0],
    ['hset', 4],
  ])
  expect(again.map(({ ageMs }) => ageMs > 0)).toEqual([false, true, true, false, false])
  const ids = gateway.requests.filter(({ command }) => command === 'hello').map(({ fields }) => fields.clientId)
  expect(ids[0]).toBe(ids[1])
})

test('writes wait for the welcome before they are sent again, and so does what comes after them', async () => {
  const { gateway, kv } = await start(deaf())
  await until('it is open', () => kv.state === 'open')
  const table = kv.table('t')
  const write = table.set('a', 1)
  await until('it was sent', () => gateway.requests.some(({ command }) => command === 'hset'))
  let welcome = () => {}
  gateway.faults.answer = ({ command, id }, connection) => {
    if (command !== 'hello') return undefined
    welcome = () => connection.reply({ id, ...gateway.execute('hello', {}) })
    return []
  }
  gateway.connections[0]!.drop()
  await gateway.arrivals.take(1)
  const second = await gateway.arrivals.next()
  await second.messages.next()
  const read = table.get('a')
  expect(commands(second.requests)).toEqual(['hello'])
  welcome()
  expect(await write).toBe(1)
  expect(await read).toMatchObject({ value: 1 })
  expect(commands(second.requests)).toEqual(['hello', 'hset', 'hget'])
})

test('a store that is another one: writes that had left are unknown, all else goes on', async () => {
  const { gateway, kv } = await start()
  await kv.ready()
  gateway.faults.answer = deaf().answer!
  const table = kv.table('t')
  const left = failure(table.set('a', 1))
  const read = table.get('a')
  await until('both were sent', () => commands(gateway.requests).includes('hget'))
  gateway.faults.answer = undefined
  gateway.epoch = 'another'
  gateway.connections[0]!.drop()
  await next(kv, 'disconnect')
  const unsent = table.set('b', 2)
  expect(await left).toMatchObject({ status: 504, message: expect.stringContaining('store is another one') })
  expect(await unsent).toBe(1)
  expect(await read).toBeUndefined()
  expect(gateway.requests.filter(({ fields }) => fields.pair?.key === 'a')).toHaveLength(1)
})

test('no more writes are under way than the gateway remembers, and all leave in order when there is room', async () => {
  const held: (() => void)[] = []
  const { gateway, kv } = await start({
    mutationWindow: 10,
    answer: (request, connection) => {
      if (request.command !== 'hset') return undefined
      held.push(() => connection.reply({ id: request.id, ...gateway.execute('hset', request.fields) }))
      return []
    },
  })
  await kv.ready()
  const table = kv.table<number>('t')
  const writes = Array.from({ length: 25 }, (_, at) => table.set(`k${at}`, at))
  const read = table.get('k24')
  const answered: number[] = []
  for (const [at, write] of writes.entries()) void write.then(() => answered.push(at))
  for (let most = 10; answered.length < 25; most = Math.min(25, most + 1)) {
    await until(`${most} were sent`, () => held.length >= most)
    expect(held.length).toBe(most)
    const before = answered.length
    held[before]!()
    await until('it is answered', () => answered.length > before)
  }
  await read
  expect(commands(gateway.requests).slice(2)).toEqual([...new Array(25).fill('hset'), 'hget'])
  expect(answered).toEqual(Array.from({ length: 25 }, (_, at) => at))
})

test('a connection that breaks in the middle of a frame loses nothing but that', async () => {
  const reply = { status: 200, values: [{ string: 'x'.repeat(100) }], revision: 5 }
  const { gateway, kv } = await start({
    answer: ({ command, id }, connection) => {
      if (command !== 'hget') return undefined
      if (gateway.connections.length > 1) return [reply]
      connection.dropMidFrame({ ...reply, id })
      return []
    },
  })
  expect(await kv.table('t').get('a')).toEqual({ table: 't', key: 'a', value: 'x'.repeat(100), revision: 5 })
  expect(gateway.connections).toHaveLength(2)
})

test('a paged read that was cut off begins again with its first page', async () => {
  const { gateway, kv } = await start({
    answer: ({ command, id }, connection) => {
      if (command !== 'range') return undefined
      const pages = [
        { status: 200, pairs: [{ key: 'a' }], more: true },
        { status: 200, pairs: [{ key: 'b' }] },
      ]
      if (gateway.connections.length > 1) return pages
      connection.reply({ ...pages[0], id })
      setImmediate(() => connection.drop())
      return []
    },
  })
  const { entries } = await kv.table('t').page()
  expect(entries.map(({ key }) => key)).toEqual(['a', 'b'])
  expect(gateway.connections).toHaveLength(2)
})

test('close codes: some end it for good and say so, others reconnect', async () => {
  for (const [code, reason, status] of [
    [4401, 'not authenticated', 401],
    [4403, 'forbidden', 403],
    [4426, 'protocol version not supported', 503],
    [4400, 'bad frame', 400],
    [1009, 'frame too big', 503],
  ] as const) {
    const { gateway, kv } = await start()
    await kv.ready()
    gateway.faults.answer = () => []
    const read = failure(kv.table('t').get('a'))
    const over = next(kv, 'disconnect')
    gateway.connections[0]!.close(code, reason)
    expect(await over).toEqual({ code, reason })
    expect(await read).toMatchObject({ status, message: expect.stringContaining(`(${code}: ${reason})`) })
    expect(kv.state).toBe('closed')
    expect(await failure(kv.table('t').get('b'))).toMatchObject({ status })
    await kv.close()
  }
})

test('after which close codes the SDK connects again is what the contract says', async () => {
  for (const [text, { reconnect }] of Object.entries(closeCodes)) {
    const { gateway, kv } = await start()
    await kv.ready()
    const over = next(kv, 'disconnect')
    gateway.connections[0]!.close(Number(text))
    expect(await over).toMatchObject({ code: Number(text) })
    expect(kv.state === 'closed', text).toBe(!reconnect)
    if (reconnect) await kv.ready()
    expect(gateway.connections).toHaveLength(reconnect ? 2 : 1)
    await kv.close()
  }
})

test('what of a failure may be tried again is what the contract says', () => {
  for (const [status, { retryable }] of Object.entries(statuses)) {
    expect(new KvassError(Number(status) as Status, '').retryable, status).toBe(retryable)
  }
})

test('states and events, in order, listener by listener', async () => {
  const { gateway, kv } = await start()
  const states: string[] = []
  const release = kv.on('state', (state) => states.push(state))
  kv.on('open', () => states.push('(open)'))
  await kv.ready()
  gateway.connections[0]!.close(1001)
  await next(kv, 'open')
  release()
  await kv.close()
  expect(states).toEqual(['open', '(open)', 'waiting', 'connecting', 'open', '(open)'])
  expect(kv.state).toBe('closed')
})

test('a listener that throws disturbs nobody, and is heard of', async () => {
  const { kv } = await start()
  const uncaught = new Promise((resolve) => {
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.once('uncaughtException', (error) => {
      for (const other of others) process.on('uncaughtException', other)
      resolve(error)
    })
  })
  kv.on('open', () => {
    throw new Error('mine')
  })
  const second = next(kv, 'open')
  await second
  expect(await uncaught).toMatchObject({ message: 'mine' })
  expect(await kv.ping()).toBeGreaterThanOrEqual(0)
})

test('waits grow with full jitter, and the first after a good connection is short', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  whenOver(() => vi.restoreAllMocks())
  const waits: number[] = []
  const kv = connected(await deadUrl(), { reconnect: { baseMs: 2, maxMs: 10 } })
  kv.on('disconnect', ({ retryMs }) => waits.push(retryMs!))
  await until('six attempts failed', () => waits.length >= 6)
  expect(waits.slice(0, 6)).toEqual([1, 2, 4, 5, 5, 5])
})

test('without reconnecting the first failure is the last, and says what went wrong', async () => {
  const kv = connected(await deadUrl(), { reconnect: false })
  const error = await failure(kv.ready())
  expect(error).toMatchObject({ status: 503, message: expect.stringContaining('ECONNREFUSED') })
  expect(kv.state).toBe('closed')
})

test('commands wait for a connection, but not longer than their time', async () => {
  const kv = connected(await deadUrl(), { timeoutMs: 30 })
  const error = await failure(kv.table('t').set('a', 1))
  expect(error).toMatchObject({
    status: 503,
    message: expect.stringMatching(/^Not connected to ws:.* within 30 ms: .*ECONNREFUSED/),
  })
})

test('a call that gets no answer fails in its time, each at its own', async () => {
  const { gateway, kv } = await start({
    answer: ({ command }) => (command === 'hget' || command === 'hset' ? [] : undefined),
  })
  const table = kv.table('t')
  const order: string[] = []
  const slow = failure(table.get('a', { timeoutMs: 60 })).finally(() => order.push('slow'))
  const fast = failure(table.set('a', 1, { timeoutMs: 20 })).finally(() => order.push('fast'))
  const patient = table.get('patient', { timeoutMs: Number.POSITIVE_INFINITY })
  expect(await fast).toMatchObject({
    status: 504,
    retryable: false,
    message: 'No answer within 20 ms. The outcome of the write is unknown.',
  })
  expect(await slow).toMatchObject({ status: 503, message: 'No answer within 60 ms.' })
  expect(order).toEqual(['fast', 'slow'])
  const { id } = gateway.requests.find(({ fields }) => fields.key === 'patient')!
  gateway.connections[0]!.reply({ id, status: 404 })
  expect(await patient).toBeUndefined()
})

test('answers of wrong and unknown ids, and late ones, are nobody’s', async () => {
  const { gateway, kv } = await start({ answer: ({ command }) => (command === 'hget' ? [] : undefined) })
  const read = kv.table('t').get('a')
  await until('it was sent', () => gateway.requests.length === 2)
  const { id } = gateway.requests[1]!
  const [connection] = gateway.connections
  for (const wrong of [0, id + 1, id + 256, 2 ** 32 - 1])
    connection!.reply({ id: wrong, status: 500, message: 'wrong' })
  connection!.reply({ id, status: 404 }, { id, status: 500 }, { id, status: 200 })
  expect(await read).toBeUndefined()
  expect(await kv.ping()).toBeGreaterThanOrEqual(0)
})

test('a gateway that breaks the protocol is left, with the code that says how', async () => {
  const bomb = Buffer.concat([Buffer.from([0x80, 0, 0, 4]), Buffer.from('none')])
  const cases: [Uint8Array | string, number][] = [
    ['text', 1003],
    [Buffer.from([0, 0, 0, 1, 0x08]), 4400],
    [Buffer.from([0x7f, 0xff, 0xff, 0xff]), 1009],
    [bomb, 4400],
    [frameOf({ message: '\0'.repeat(17_000_000) }, true), 1009],
  ]
  for (const [bytes, code] of cases) {
    const { gateway, kv } = await start()
    await kv.ready()
    const over = next(kv, 'disconnect')
    gateway.connections[0]!.send(bytes)
    expect(await over).toMatchObject({ code })
    expect(kv.state).toBe('closed')
    await gateway.connections[0]!.closed
  }
})

test('aborting: before, while it waits, and while it is under way', async () => {
  const { gateway, kv } = await start({
    answer: ({ command }) => (command === 'hget' || command === 'hset' ? [] : undefined),
  })
  const table = kv.table('t')
  const reason = new Error('changed my mind')
  await expect(table.get('a', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const waiting = new AbortController()
  const unsent = table.get('b', { signal: waiting.signal })
  waiting.abort(reason)
  await expect(unsent).rejects.toBe(reason)
  await kv.ready()
  const controller = new AbortController()
  const sent = table.get('c', { signal: controller.signal })
  await until('c was sent', () => gateway.requests.some(({ fields }) => fields.key === 'c'))
  const write = table.set('d', 1, { signal: controller.signal })
  await until('d was sent', () => gateway.requests.some(({ fields }) => fields.pair?.key === 'd'))
  controller.abort()
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
  await expect(write).rejects.toMatchObject({ name: 'AbortError' })
  const cancel = await until('the cancel was sent', () => gateway.requests.find(({ command }) => command === 'cancel'))
  const { id } = gateway.requests.find(({ fields }) => fields.key === 'c')!
  expect(cancel!.fields).toEqual({ request: id })
  // A write cannot be called back.
  await kv.ping()
  expect(gateway.requests.filter(({ command }) => command === 'cancel')).toHaveLength(1)
  expect(gateway.requests.map(({ fields }) => fields.key)).not.toContain('a')
  expect(gateway.requests.map(({ fields }) => fields.key)).not.toContain('b')
})

test('a signal that many calls share is let go of by each', async () => {
  const { kv } = await start()
  const { signal } = new AbortController()
  const listeners = new Set<unknown>()
  const add = vi.spyOn(signal, 'addEventListener').mockImplementation((_type, listener) => void listeners.add(listener))
  vi.spyOn(signal, 'removeEventListener').mockImplementation((_type, listener) => void listeners.delete(listener))
  const table = kv.table('t')
  await Promise.all(Array.from({ length: 20 }, (_, at) => table.set(`k${at}`, at, { signal })))
  await failure(table.set('x', 'x'.repeat(600_000), { signal }))
  await kv.close()
  await failure(table.get('a', { signal }))
  expect(add).toHaveBeenCalledTimes(20)
  expect(listeners.size).toBe(0)
})

test('time in which the page was frozen does not count: what was under way has its answer or is sent again', async () => {
  const { gateway, kv } = await start(deaf())
  await until('it is open', () => kv.state === 'open')
  const table = kv.table('t')
  const now = performance.now.bind(performance)
  let frozenMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now() + frozenMs)
  whenOver(() => vi.restoreAllMocks())
  const write = table.set('a', 1, { timeoutMs: 40 })
  await until('it was sent', () => commands(gateway.requests).includes('hset'))
  frozenMs = 3_600_000
  await new Promise((resolve) => setTimeout(resolve, 80))
  gateway.faults.answer = undefined
  gateway.connections[0]!.drop()
  expect(await write).toBe(1)
  expect(gateway.connections[1]!.requests[1]).toMatchObject({ command: 'hset', mutation: 1 })
  expect(gateway.connections[1]!.requests[1]!.ageMs).toBeGreaterThan(3_600_000)
})

test('closing fails what is under way, is idempotent, and the gateway sees it', async () => {
  const { gateway, kv } = await start(deaf())
  await until('it is open', () => kv.state === 'open')
  const read = failure(kv.table('t').get('a'))
  const write = failure(kv.table('t').set('a', 1))
  await until('both were sent', () => gateway.requests.some(({ command }) => command === 'hset'))
  const closed = kv.close()
  expect(kv.state).toBe('closed')
  await Promise.all([closed, kv.close()])
  expect(await read).toMatchObject({ status: 503, message: 'The client was closed.' })
  expect(await write).toMatchObject({
    status: 504,
    message: expect.stringContaining('The outcome of the write is unk'),
  })
  await gateway.connections[0]!.closed
  expect(await failure(kv.ready())).toMatchObject({ status: 503 })
  expect(gateway.connections).toHaveLength(1)
})

test('closing while a connection is being made, or waited for, ends that too', async () => {
  const gateway = await startFakeGateway()
  const early = connect(gateway.url)
  await early.close()
  const waiting = connect(await deadUrl(), { reconnect: { baseMs: 60_000, maxMs: 60_000 } })
  await next(waiting, 'disconnect')
  await waiting.close()
  expect(waiting.state).toBe('closed')
})

test('a token function is asked before each attempt; a stale token is renewed, a bad one is not', async () => {
  const gateway = await startFakeGateway()
  let number = 0
  const kv = connected(gateway.url, { token: async () => `token ${++number}` })
  await kv.ready()
  const reopened = next(kv, 'disconnect').then(() => next(kv, 'open'))
  gateway.connections[0]!.close(4401)
  await reopened
  expect(gateway.requests.filter(({ command }) => command === 'hello').map(({ fields }) => fields.token)).toEqual([
    'token 1',
    'token 2',
  ])
  gateway.faults.answer = ({ command }) =>
    command === 'hello' ? [{ status: 401, message: 'No such user.' }] : undefined
  const over = next(kv, 'disconnect').then(() => next(kv, 'disconnect'))
  gateway.connections[1]!.close(1001)
  expect(await over).toEqual({ code: 4401, reason: 'No such user.' })
  expect(await failure(kv.ready())).toMatchObject({ status: 401, message: expect.stringContaining('No such user.') })
})

test('a token function that fails is tried again', async () => {
  const gateway = await startFakeGateway()
  let tries = 0
  const kv = connected(gateway.url, {
    token: () => {
      if (++tries < 3) throw new Error('offline')
      return 'good'
    },
  })
  expect(await next(kv, 'disconnect')).toMatchObject({ reason: 'no token: offline' })
  await kv.ready()
  expect(gateway.requests[0]!.fields.token).toBe('good')
})

test('a gateway that takes the connection but says nothing is left and tried again', async () => {
  const gateway = await startFakeGateway({ answer: () => [] })
  const kv = connected(gateway.url, { timeoutMs: 50 })
  expect(await next(kv, 'disconnect')).toMatchObject({ code: 4408, reason: 'no welcome within 50 ms' })
  gateway.faults.answer = undefined
  await kv.ready({ timeoutMs: 5_000 })
})

test('a server that never finishes the handshake is left as well', async () => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  whenOver(() => server.close())
  const { port } = server.address() as { port: number }
  const kv = connected(`ws://127.0.0.1:${port}/ws`, { timeoutMs: 40 })
  expect(await next(kv, 'disconnect')).toMatchObject({ code: 4408 })
  await kv.close()
})
