// What the service counts and how it answers what nobody expected.
import { describe, expect, test } from 'vitest'
import { commandNumbers } from '../../../proto/codec.ts'
import { statuses } from '../../../proto/status.ts'
import { countedStatuses, latencyBuckets, Meter } from '../../../server/service/meter.ts'
import { MemoryEngine } from '../../../server/store/memory/engine.ts'
import { startLoop } from '../../helpers/loop.ts'
import { until } from '../../helpers/until.ts'

const hset = { hset: { table: 't', pair: { key: 'k', value: { string: 'v' } } } }

test('an unexpected failure of the store is a 500 without its cause, and the connection lives', () => {
  class Broken extends MemoryEngine {
    override tables(): never {
      throw new Error('the secret reason')
    }
  }
  const loop = startLoop({ store: new Broken() })
  const client = loop.connect()
  client.receive({ tables: {}, id: 4 }, { ping: {} })
  expect(client.replies).toEqual([
    { status: 500, message: 'The gateway met an unexpected error; its log has the cause.', id: 4 },
    { status: 200 },
  ])
  expect(loop.logged).toMatchObject([{ level: 'error', details: { err: { message: 'the secret reason' } } }])
})

test('an engine without direct access gets the same commands the readable way', () => {
  const store = new MemoryEngine()
  Object.defineProperty(store, 'direct', { value: undefined })
  const [without, with_] = [startLoop({ store }), startLoop()].map((loop) => {
    const client = loop.connect()
    client.receive({ hello: { version: 1, clientId: 'c'.repeat(32) }, id: 9 })
    client.receive(hset, hset, { ...hset, mutation: 1, id: 1 }, { hget: { table: 't', key: 'k' }, id: 2 })
    client.receive({ hget: { table: 't', key: 'missing' } })
    return client.replies.slice(1)
  })
  expect(without).toHaveLength(5)
  expect(without).toEqual(with_)
})

describe('the meter', () => {
  const replies = ({ meter }: ReturnType<typeof startLoop>, name: keyof typeof commandNumbers) =>
    Object.fromEntries(countedStatuses.map((status, index) => [status, meter.replies[commandNumbers[name]]![index]]))

  test('counts every reply once, by command and status, on each path', async () => {
    for (const hooks of [[], [{ received: () => {} }]]) {
      const loop = startLoop({ hooks, limits: { pageBytes: 1_024 } })
      const client = loop.connect()
      client.receive(hset, hset, { hget: { table: 't', key: 'k' } }, { hget: { table: 't', key: 'no' } }, { hget: {} })
      const pairs = Array.from({ length: 40 }, (_none, index) => ({
        key: `k${index}`,
        value: { binary: Buffer.alloc(100) },
      }))
      client.receive({ hmset: { table: 't', pairs } }, { hgetall: { table: 't' } })
      await until('all replies', () => client.replies.length === 7)
      expect(replies(loop, 'hset')).toMatchObject({ 200: 2 })
      expect(replies(loop, 'hget')).toMatchObject({ 200: 1, 404: 1, 400: 1 })
      expect(replies(loop, 'hgetall')).toMatchObject({ 200: 1 })
      const timed = (name: keyof typeof commandNumbers) =>
        loop.meter.latencies[commandNumbers[name]]!.counts.reduce((sum, count) => sum + count)
      expect([timed('hset'), timed('hget'), timed('hmset'), timed('hgetall')]).toEqual([2, 3, 1, 1])
      expect(loop.meter.bytesOut).toBe(Buffer.concat(client.writes).length)
    }
  })

  test('has a place for every command, and none beside that of no command and the numbers between', () => {
    const numbers = Object.values(commandNumbers)
    const { replies, latencies } = new Meter()
    expect([replies.length, latencies.length]).toEqual(Array(2).fill(1 + Math.max(...numbers)))
  })

  test('has a place for every status', () => {
    expect(countedStatuses).toEqual(Object.keys(statuses).map(Number))
  })

  test('puts latencies into their buckets', () => {
    const meter = new Meter()
    for (const seconds of [0, latencyBuckets[0], latencyBuckets[1], 100]) meter.observe(1, seconds, 2)
    const { counts, sumSeconds } = meter.latencies[1]!
    expect(counts[0]).toBe(4)
    expect(counts[1]).toBe(2)
    expect(counts.at(-1)).toBe(2)
    expect(sumSeconds).toBeCloseTo(200.0003, 4)
  })
})
