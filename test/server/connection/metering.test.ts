// When a reply is timed: once, by its own command and its own time, when it is given to the transport, whatever its way
// there was.
import { afterEach, expect, test, vi } from 'vitest'
import { type CommandName, commandNumbers } from '../../../proto/codec.ts'
import { latencyBuckets, type Meter } from '../../../server/service/meter.ts'
import { HeldEngine, type HeldTransport, startLoop, turns } from '../../helpers/loop.ts'
import { until } from '../../helpers/until.ts'
import { fill, hget, hset } from './helpers.ts'

/** Compressed in the thread pool: longer than what is compressed at once. */
const large = { string: 'x'.repeat(100_000) }
/** Seconds that a test lets pass, and the bucket that they fall into. */
const seconds = 0.2
const bucket = latencyBuckets.findIndex((bound) => seconds < bound)

afterEach(() => {
  vi.useRealTimers()
})

/** How many replies were timed, by command. */
function timed(meter: Meter): Record<string, number> {
  const counts = Object.entries(commandNumbers).map(([name, number]): [string, number] => {
    return [name, meter.latencies[number]!.counts.reduce((sum, count) => sum + count)]
  })
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

const sumOf = (meter: Meter, name: CommandName) => meter.latencies[commandNumbers[name]]!.sumSeconds

/** Replies to one request that is alone in its batch; `later` waits for the thread pool. */
async function replied(client: HeldTransport, request: object, count = 1): Promise<void> {
  client.forget()
  client.receive(request)
  await until('the reply', () => client.replies.length === count)
}

test('a reply that the thread pool compresses, alone in its batch', async () => {
  const loop = startLoop()
  const [client, other] = [loop.connect(), loop.connect()]
  await replied(client, hset('large', large))
  vi.useFakeTimers({ toFake: ['performance'] })
  client.receive(hget('large'))
  expect(timed(loop.meter)).toEqual({ hset: 1 })
  vi.advanceTimersByTime(seconds * 1_000)
  // Another connection's reply is neither counted with it nor timed as it.
  other.receive({ ping: {} })
  expect(timed(loop.meter)).toEqual({ hset: 1, ping: 1 })
  await until('the large reply', () => client.replies.length === 2)
  expect(timed(loop.meter)).toEqual({ hset: 1, ping: 1, hget: 1 })
  expect(sumOf(loop.meter, 'hget')).toBeCloseTo(seconds)
  expect(loop.meter.latencies[commandNumbers.hget]!.counts[bucket]).toBe(1)
  expect(sumOf(loop.meter, 'ping')).toBe(0)
})

test('a plain set whose previous value the thread pool compresses', async () => {
  const loop = startLoop()
  const client = loop.connect()
  await replied(client, hset('large', large))
  client.receive(hset('large', { integer: 1 }))
  expect(timed(loop.meter)).toEqual({ hset: 1 })
  await until('the large reply', () => client.replies.length === 2)
  expect(timed(loop.meter)).toEqual({ hset: 2 })
})

test('each reply of a batch that a large one cuts in two', async () => {
  const loop = startLoop()
  const client = loop.connect()
  await replied(client, hset('large', large))
  client.receive({ ping: {} }, hget('large'), { tables: {} }, hget('large'))
  expect(timed(loop.meter)).toEqual({ hset: 1, ping: 1 })
  await until('all replies', () => client.replies.length === 5)
  expect(timed(loop.meter)).toEqual({ hset: 1, ping: 1, hget: 2, tables: 1 })
})

test('a paged reply with its last page, and a counted range with its reply', async () => {
  const loop = startLoop()
  const client = loop.connect()
  await fill(client)
  const { hmset } = timed(loop.meter)
  client.receive({ hgetall: { table: 't' }, id: 1 }, { count: { table: 't', start: '0' }, id: 2 })
  expect(timed(loop.meter)).toEqual({ hmset })
  await until('the last page', () => client.replies.some(({ id, more }) => id === 1 && !more))
  await until('the count', () => client.replies.some(({ id }) => id === 2))
  expect(timed(loop.meter)).toEqual({ hmset, hgetall: 1, count: 1 })
})

test('a paged reply whose last page waits for a write: when that is safe', async () => {
  const store = new HeldEngine()
  const loop = startLoop({ store, limits: { pageBytes: 1_024 } })
  const client = loop.connect()
  const pairs = Array.from({ length: 40 }, (_none, index) => ({
    key: `k${index}`,
    value: { binary: Buffer.alloc(100) },
  }))
  client.receive({ hmset: { table: 't', pairs } }, { hgetall: { table: 't' }, id: 1 })
  await turns(100)
  expect([client.replies, timed(loop.meter)]).toEqual([[], {}])
  store.sync()
  await turns()
  expect(client.replies.filter(({ id }) => id === 1).map(({ more }) => more ?? false)).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(timed(loop.meter)).toEqual({ hmset: 1, hgetall: 1 })
})

test('a stream with its first response', async () => {
  const loop = startLoop()
  const client = loop.connect()
  client.receive(hset('large', large), { watch: { table: 't' }, id: 1 }, { subscribe: { topic: 'x' }, id: 2 })
  await until('synced', () => client.replies.some(({ id, phase }) => id === 1 && phase === 3))
  client.receive({ publish: { topic: 'x', data: [] } }, hset('b', { integer: 1 }))
  await until('the change', () => client.replies.some(({ id, changes }) => id === 1 && changes?.[0]?.key === 'b'))
  expect(timed(loop.meter)).toEqual({ hset: 2, watch: 1, subscribe: 1, publish: 1 })
})

test('nothing for a client that is gone before its reply', async () => {
  const loop = startLoop()
  const client = loop.connect()
  await replied(client, hset('large', large))
  client.receive(hget('large'))
  client.gone()
  await turns(100)
  expect(timed(loop.meter)).toEqual({ hset: 1 })
})
