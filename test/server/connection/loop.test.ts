// The loop on a transport in the test's hands: order, one write a chunk, ids, and what makes it pause for others.
import { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { startLoop, turns } from '../../helpers/loop.ts'
import { until } from '../../helpers/until.ts'
import { framed, request } from '../../helpers/wire.ts'
import { fill, hget, hset, ids, random } from './helpers.ts'

describe('the replies of one chunk', () => {
  test('leave in one write, in the order of their requests', () => {
    const client = startLoop().connect()
    client.receive(hset('a', { string: '1' }), hget('a', 7), { ping: {} }, hget('none'), {
      hexist: { table: 't', key: 'a' },
    })
    expect(client.writes).toHaveLength(1)
    expect(client.replies).toMatchObject([
      { status: 200, values: [{}] },
      { status: 200, values: [{ string: '1' }], id: 7 },
      { status: 200 },
      { status: 404 },
      { status: 200, values: [{ bool: true }] },
    ])
  })

  test('are not held back by one that takes longer and has an id', async () => {
    const client = startLoop().connect()
    await fill(client)
    client.receive({ hgetall: { table: 't' }, id: 1 }, { ping: {}, id: 2 }, hget('none', 3))
    expect(ids(client)).toEqual([2, 3])
    await until('the last page', () => client.replies.some(({ id, more }) => id === 1 && !more))
    const pages = client.replies.filter(({ id }) => id === 1)
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.map(({ more }) => more ?? false)).toEqual([...pages.slice(1).map(() => true), false])
    expect(pages.flatMap(({ pairs }) => pairs)).toHaveLength(9_000)
  })

  test('wait for one that takes longer and has none', async () => {
    const client = startLoop().connect()
    await fill(client)
    client.receive({ hgetall: { table: 't' } }, { ping: {}, id: 2 }, hget('none'))
    client.receive({ tables: {} })
    expect(client.replies).toHaveLength(0)
    expect(client.paused).toBe(true)
    await until('all replies', () => client.replies.length === 4)
    expect(client.replies[0].pairs).toHaveLength(9_000)
    expect(client.replies.slice(1)).toMatchObject([{ status: 200, id: 2 }, { status: 404 }, { status: 200 }])
    expect(client.paused).toBe(false)
  })

  test('keep their order behind a large compressed request and a large compressed reply', async () => {
    const client = startLoop().connect()
    const value = { binary: random.bytes(100_000) }
    const large = framed(gzipSync(request(hset('big', value)).subarray(4)), true)
    expect(large.length).toBeGreaterThan(65_536)
    const half = { string: 'x'.repeat(200_000) }
    client.receive({ ping: {} }, large, hget('big'), hset('half', half), hget('half', 4), { tables: {} }, large)
    await until('all replies', () => client.replies.length === 7)
    expect(client.replies[2].values[0].binary).toBe(Buffer.from(value.binary).toString('base64'))
    expect(client.replies[4].values[0].string).toBe(half.string)
    expect(client.replies[5].tables).toEqual([{ name: 't', count: '2', revision: '2' }])
    expect(client.replies[6].revision).toBe('3')
  })

  test('are the same however the chunk is cut', async () => {
    const frames = [hset('a', { integer: 1 }), hget('a'), { count: { table: 't' } }, { ping: {}, id: 9 }].map(request)
    const bytes = Buffer.concat([...frames, framed(gzipSync(frames[1]!.subarray(4)), true)])
    const whole = startLoop().connect()
    whole.receive(bytes)
    await until('all replies', () => whole.replies.length === 5)
    for (let cut = 1; cut < bytes.length; cut++) {
      const client = startLoop().connect()
      client.receive(bytes.subarray(0, cut))
      client.receive(bytes.subarray(cut))
      await until('all replies', () => client.replies.length === 5)
      expect(Buffer.concat(client.writes).equals(Buffer.concat(whole.writes))).toBe(true)
    }
  })
})

describe('ids', () => {
  test('one that is under way is taken, for any kind of reply', async () => {
    const client = startLoop().connect()
    await fill(client)
    const long = { pages: { hgetall: { table: 't' } }, promise: { count: { table: 't', start: '0' } } }
    for (const [at, command] of Object.values(long).entries()) {
      client.forget()
      client.receive({ ...command, id: 5 }, hget('a', 5), { ping: {}, id: 5 }, { ...command, id: 6 + at })
      await until('two replies', () => client.replies.length >= 2)
      const taken = { status: 400, id: 5, message: expect.stringContaining('id 5') }
      expect(client.replies.slice(0, 2)).toEqual([taken, taken])
      const done = (id: number) =>
        client.replies.some((reply) => reply.id === id && reply.status === 200 && !reply.more)
      await until('the replies', () => done(5) && done(6 + at))
      client.forget()
      client.receive({ ping: {}, id: 5 })
      expect(client.replies).toMatchObject([{ status: 200, id: 5 }])
    }
  })

  test('are free at once when their request is cancelled, and nothing comes for them any more', async () => {
    const client = startLoop().connect()
    await fill(client)
    for (const command of [
      { hgetall: { table: 't' } },
      { count: { table: 't', start: '0' } },
      { subscribe: { topic: 't' } },
    ]) {
      client.forget()
      client.receive(
        { ...command, id: 5 },
        { cancel: { request: 5 }, id: 6 },
        { ping: {}, id: 5 },
        { cancel: { request: 5 } },
      )
      await turns(100)
      const none = { status: 404, message: expect.stringContaining('request 5') }
      const subscribed = 'subscribe' in command ? [{ status: 200, id: 5, values: [{}] }] : []
      expect(client.replies).toMatchObject([...subscribed, { status: 200, id: 6 }, { status: 200, id: 5 }, none])
    }
  })
})

test('a long chunk gives others their turn', async () => {
  const loop = startLoop({ limits: { sliceMs: 1 } })
  const [long, other] = [loop.connect(), loop.connect()]
  let between = 0
  const poll = () => {
    other.receive({ ping: {} })
    if (long.replies.length < 20_000) between++
    return long.replies.length
  }
  long.receive(...Array(20_000).fill({ hexist: { table: 't', key: 'k' } }))
  expect(long.replies.length).toBeLessThan(20_000)
  expect(long.paused).toBe(true)
  await until('all replies', () => poll() === 20_000, 20_000)
  expect(between).toBeGreaterThan(3)
  expect(long.paused).toBe(false)
})

test('many long replies together take one slice of a turn, not one each', async () => {
  const loop = startLoop({ limits: { sliceMs: 3 } })
  const client = loop.connect()
  await fill(client)
  const range = vi.spyOn(loop.store, 'range')
  // A clock that goes on with each look at it: every slice is over soon.
  let now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 2
    return now
  })
  try {
    const watches = Array.from({ length: 10 }, (_none, index) => ({ watch: { table: 't' }, id: index + 1 }))
    const reads = Array.from({ length: 10 }, (_none, index) => ({ hgetall: { table: 't' }, id: index + 11 }))
    client.receive(...watches, ...reads)
    const ended = () => client.replies.filter(({ id, phase, more }) => (id <= 10 ? phase === 3 : !more)).length
    let most = 0
    for (let turn = 0; ended() < 20; turn++) {
      expect(turn).toBeLessThan(10_000)
      range.mockClear()
      await turns(1)
      most = Math.max(most, range.mock.calls.length)
    }
    expect(most).toBeLessThanOrEqual(3)
  } finally {
    clock.mockRestore()
  }
})

test('reading stops while too many requests are unfinished', async () => {
  const client = startLoop({ limits: { maxRequests: 3 } }).connect()
  await fill(client)
  const all = (id: number) => ({ hgetall: { table: 't' }, id })
  client.receive(all(1), all(2), all(3), all(4), { ping: {}, id: 5 })
  expect(client.replies).toHaveLength(0)
  expect(client.paused).toBe(true)
  await until('the ping, and the last page of the fourth', () => {
    return client.replies.some(({ id }) => id === 5) && client.replies.some(({ id, more }) => id === 4 && !more)
  })
  expect(client.paused).toBe(false)
  const order = ids(client)
  // The fourth began when one of the first three was done.
  expect(order.indexOf(4)).toBeGreaterThan(Math.min(...[1, 2, 3].map((id) => order.lastIndexOf(id))))
})
