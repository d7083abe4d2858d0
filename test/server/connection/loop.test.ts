// The loop on a transport in the test's hands: order, one write a chunk, blocking, bounds, deadlines, endings.
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Transport } from '../../../server/connection/transport.ts'
import { hex } from '../../helpers/bytes.ts'
import { phases } from '../../helpers/live.ts'
import { HeldEngine, type HeldTransport, startLoop, turns } from '../../helpers/loop.ts'
import { Random } from '../../helpers/random.ts'
import { until } from '../../helpers/until.ts'
import { framed, request } from '../../helpers/wire.ts'

const megabyte = 1_048_576
const random = new Random(7)
const hset = (key: string, value: object, id = 0) => ({ hset: { table: 't', pair: { key, value } }, id })
const hget = (key: string, id = 0) => ({ hget: { table: 't', key }, id })
const statuses = (client: HeldTransport) => client.replies.map(({ status }) => status)
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const ids = (client: HeldTransport) => client.replies.map(({ id }) => id)

/** A table with more entries than a page holds, so that reading it takes several turns. */
async function fill(client: HeldTransport, table = 't', entries = 9_000): Promise<void> {
  for (let at = 0; at < entries; at += 1_000) {
    const pairs = Array.from({ length: 1_000 }, (_none, index) => {
      return { key: String(at + index).padStart(8, '0'), value: { binary: random.bytes(40) } }
    })
    client.receive({ hmset: { table, pairs } })
  }
  await until('the table', () => client.replies.length === entries / 1_000)
  await turns(2)
  client.forget()
}

afterEach(() => {
  vi.useRealTimers()
})

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

describe('a client that does not take its replies', () => {
  test('is not read from, and gets every reply when it goes on', async () => {
    const client = startLoop({ limits: { maxQueuedBytes: 65_536 } }).connect()
    client.receive(hset('v', { binary: random.bytes(1_000) }))
    client.frozen = true
    client.receive(...Array(200).fill(hget('v')))
    const queued = client.queuedBytes
    expect(client.paused).toBe(true)
    client.receive(...Array(100).fill(hget('v')))
    // What comes although it was told to wait is kept, not run.
    expect(client.queuedBytes).toBe(queued)
    client.frozen = false
    client.take()
    await until('all replies', () => client.replies.length === 301)
    await turns()
    expect(client.paused).toBe(false)
  })

  test('has no more queued than allowed and one reply, whatever one chunk asks for', async () => {
    const limits = { maxQueuedBytes: 65_536 }
    const client = startLoop({ limits }).connect()
    const reply = 20_000
    client.receive(hset('small', { binary: random.bytes(1_000) }), hset('v', { binary: random.bytes(reply) }))
    client.forget()
    client.frozen = true
    client.receive(...Array(100).fill(hget('v')), ...Array(300).fill(hget('small')))
    let times = 0
    while (client.replies.length < 400) {
      await until('enough', () => client.queuedBytes > limits.maxQueuedBytes || client.replies.length === 400)
      await turns()
      expect(client.queuedBytes).toBeLessThan(limits.maxQueuedBytes + reply + 100)
      expect(client.paused).toBe(client.replies.length < 400)
      client.take()
      times++
    }
    expect(times).toBeGreaterThan(20)
  })

  test('is not read from when all together have too much queued', async () => {
    const loop = startLoop({ limits: { maxTotalQueuedBytes: 1_048_576, maxQueuedBytes: 400_000 } })
    const clients = [loop.connect(), loop.connect(), loop.connect(), loop.connect()]
    clients[0]!.receive(hset('v', { binary: random.bytes(1_000) }))
    for (const client of clients) {
      client.frozen = true
      client.receive(...Array(350).fill(hget('v')))
    }
    await turns()
    expect(loop.connections.queuedBytes).toBeGreaterThan(megabyte)
    expect(clients.map(({ paused }) => paused)).toEqual([false, false, true, true])
    const idle = loop.connect()
    idle.receive({ ping: {} })
    await turns(1)
    expect([idle.paused, idle.replies.length]).toEqual([false, 1])
    for (const client of clients) client.take()
    await turns()
    expect(clients.map(({ paused }) => paused)).toEqual([false, false, false, false])
    expect(loop.connections.queuedBytes).toBe(0)
    clients[0]!.gone()
    expect(loop.connections.count).toBe(4)
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

describe('writes that are not safe yet', () => {
  test('hold back their replies, those behind them and reads of them, and nothing of others', async () => {
    const store = new HeldEngine()
    const loop = startLoop({ store })
    const [writer, reader] = [loop.connect(), loop.connect()]
    writer.receive({ ping: {}, id: 1 })
    writer.receive(hset('a', { integer: 1 }, 2), { ping: {}, id: 3 })
    writer.receive({ ping: {}, id: 4 })
    reader.receive({ ping: {}, id: 1 })
    reader.receive(hget('a', 2))
    reader.receive({ hexist: { table: 't', key: 'b' }, id: 3 })
    expect([ids(writer), ids(reader)]).toEqual([[1], [1]])
    store.sync()
    await turns()
    expect([ids(writer), ids(reader)]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3],
    ])
  })

  test('leave group by group', async () => {
    const store = new HeldEngine()
    const client = startLoop({ store }).connect()
    for (let id = 1; id <= 4; id++) client.receive(hset(`k${id}`, { bool: true }, id))
    store.sync(2)
    await turns()
    expect(ids(client)).toEqual([1, 2])
    store.sync()
    await turns()
    expect(ids(client)).toEqual([1, 2, 3, 4])
  })

  test('do not hold back a read of what was safe before', async () => {
    const store = new HeldEngine()
    const loop = startLoop({ store })
    const [writer, reader] = [loop.connect(), loop.connect()]
    writer.receive(hset('old', { integer: 1 }))
    store.sync()
    writer.receive(hset('new', { integer: 2 }))
    reader.receive(hget('old', 1))
    expect(reader.replies).toMatchObject([{ status: 200, id: 1 }])
    // That there is no such key is what a write not safe yet may have done.
    reader.receive(hget('none', 2))
    expect(reader.replies).toHaveLength(1)
    store.sync()
    await turns()
    expect(reader.replies).toHaveLength(2)
  })

  test.each([
    ['small', 10],
    ['compressed at once', 5_000],
    ['compressed in the thread pool', 100_000],
  ])('that never will be are 507, each with its id, and all else leaves as it was: %s', async (_name, size) => {
    const store = new HeldEngine()
    const loop = startLoop({ store })
    const client = loop.connect()
    const value = { string: 'x'.repeat(size) }
    client.receive(hset('a', value, 1))
    store.sync()
    await turns()
    client.forget()
    client.receive(hget('a', 2), hset('a', value, 300), { ping: {}, id: 4 }, hset('a', value), hget('a', 6), {
      ping: {},
    })
    client.receive({ ping: {}, id: 7 })
    store.fail()
    await until('all replies', () => client.replies.length === 7)
    expect(client.replies.map(({ status, id }) => [status, id])).toEqual([
      [200, 2],
      [507, 300],
      [200, 4],
      [507, undefined],
      [507, 6],
      [200, undefined],
      [200, 7],
    ])
    expect(client.replies[0].values).toEqual([value])
    expect(client.replies[1]).toEqual({ status: 507, id: 300, message: expect.stringContaining('safe') })
  })

  test('stop the reading of writers while the store asks for it, of readers never', async () => {
    const store = new HeldEngine()
    const loop = startLoop({ store })
    const [writer, reader] = [loop.connect(), loop.connect()]
    store.press()
    writer.receive(hset('a', { integer: 1 }))
    reader.receive(hget('a'))
    expect([writer.paused, reader.paused]).toEqual([true, false])
    writer.receive(hset('b', { integer: 1 }))
    expect(store.count('t')).toBe(1)
    store.ease()
    await turns()
    expect([writer.paused, store.count('t')]).toEqual([false, 2])
  })

  test('stop it for compressed writes as well', async () => {
    const store = new HeldEngine()
    const client = startLoop({ store }).connect()
    store.press()
    const large = request(hset('big', { binary: random.bytes(100_000) }))
    client.receive(framed(gzipSync(large.subarray(4)), true))
    client.receive(hset('b', { integer: 1 }))
    await until('the large write', () => store.count('t') === 1)
    await turns()
    expect([client.paused, store.count('t')]).toEqual([true, 1])
    store.ease()
    await turns()
    expect([client.paused, store.count('t')]).toEqual([false, 2])
  })
})

describe('a broken stream', () => {
  const refused: [string, Buffer, number][] = [
    ['a frame over the limit', hex('00100001'), 1009],
    ['a request that is none', hex('00000001 0b'), 4400],
    ['gzip that is none', hex('80000003 010203'), 4400],
    ['no gzip at all', hex('80000000'), 4400],
    ['a bomb', framed(gzipSync(Buffer.alloc(2 * megabyte)), true), 1009],
    ['a client of a later protocol', request({ hello: { version: 2 } }), 4426],
  ]

  describe.each(['ws', 'tcp', 'memory'] as const)('over %s', (kind) => {
    test.each(refused)('%s ends it with its code, behind the replies to what came before', (_name, bytes, code) => {
      const loop = startLoop()
      const client = loop.connect(kind)
      client.receive({ ping: {}, id: 1 }, bytes, { ping: {}, id: 2 })
      client.receive({ ping: {}, id: 3 })
      const last = kind === 'ws' ? [] : [{ status: code, message: expect.any(String) }]
      expect(client.replies).toEqual([{ status: 200, id: 1 }, ...last])
      expect(client.closed).toBe(code)
      expect(loop.meter.closes).toEqual(new Map([[code, 1]]))
      client.gone()
      expect(loop.connections.count).toBe(0)
    })
  })

  test('ends behind replies that wait to be safe', async () => {
    const store = new HeldEngine()
    const client = startLoop({ store }).connect('tcp')
    client.receive(hset('a', { integer: 1 }, 1), hex('00000001 0b'))
    expect([client.replies, client.closed]).toEqual([[], undefined])
    store.sync()
    await turns()
    expect([statuses(client), client.closed]).toEqual([[200, 4400], 4400])
  })

  test('is one line of the log, without what was sent', () => {
    const loop = startLoop()
    loop.connect().receive(hset('secret', { string: 'secret' }), hex('00000001 0b'))
    expect(loop.logged).toMatchObject([{ level: 'debug', message: 'stream refused', details: { code: 4400 } }])
    expect(JSON.stringify(loop.logged)).not.toContain('secret')
  })
})

describe('deadlines', () => {
  const start = (options = {}) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] })
    return startLoop(options)
  }
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000)

  test('a frame that does not end: 4408 after ten seconds', async () => {
    const client = start().connect('tcp')
    client.receive({ ping: {} }, hex('000000'))
    await seconds(9)
    expect(client.closed).toBeUndefined()
    await seconds(2)
    expect([statuses(client), client.closed]).toEqual([[200, 4408], 4408])
  })

  test('bytes that drip do not help, frames that end do', async () => {
    const loop = start()
    const [dripping, working] = [loop.connect(), loop.connect()]
    dripping.receive(hex('00000064'))
    working.receive(hex('00'))
    for (let second = 0; second < 12; second++) {
      dripping.receive(hex('0a'))
      // Ends one frame and begins the next.
      working.receive(hex('000003 8a0100 00'))
      await seconds(1)
    }
    expect([dripping.closed, working.closed]).toEqual([4408, undefined])
  })

  test('bookmarks come in time and spread over it, and those of one connection in one write', async () => {
    const bookmarkMs = 4_000
    const loop = start({ limits: { bookmarkMs } })
    const clients = Array.from({ length: 256 }, () => loop.connect())
    for (const client of clients) {
      client.receive({ watch: { table: 't' }, id: 1 }, { watch: { table: 'u' }, id: 2 })
      await turns(1)
      client.forget()
    }
    const leftAtOnce: number[] = []
    const told = new Map(clients.map((client) => [client, 0]))
    for (let ms = 5; ms <= 3 * bookmarkMs; ms += 5) {
      await vi.advanceTimersByTimeAsync(5)
      const writers = clients.filter(({ writes }) => writes.length > 0)
      leftAtOnce.push(writers.length)
      for (const client of writers) {
        expect(client.writes).toHaveLength(1)
        expect(client.replies.map(({ id, phase }) => [id, phase])).toEqual([
          [1, phases.bookmark],
          [2, phases.bookmark],
        ])
        told.set(client, ms)
        client.forget()
      }
      expect(ms - Math.min(...told.values())).toBeLessThanOrEqual(bookmarkMs)
    }
    // The first comes earlier, and then three quarters of the time lie between two.
    expect(sum(leftAtOnce)).toBeLessThanOrEqual(4 * clients.length)
    expect(Math.max(...leftAtOnce)).toBeLessThan(clients.length / 16)
  })

  test('bookmarks are spread where one write was the last that all heard of', async () => {
    const loop = start({ limits: { bookmarkMs: 5_000 } })
    const clients = Array.from({ length: 1_024 }, () => loop.connect())
    for (const client of clients) client.receive({ watch: { table: 't' }, id: 1 })
    await seconds(2)
    loop.connect().receive(hset('v', { integer: 1 }))
    await turns(2)
    for (const client of clients) client.forget()
    const leftAtOnce: number[] = []
    for (let ms = 0; ms < 15_000; ms += 2) {
      await vi.advanceTimersByTimeAsync(2)
      const writers = clients.filter(({ writes }) => writes.length > 0)
      for (const client of writers) client.forget()
      if (ms > 5_000) leftAtOnce.push(writers.length)
    }
    // A turn looks at four of them, of which each is due in one of four beats: in 44 % of the cases in the same one.
    const turnsThatWrote = leftAtOnce.filter((count) => count > 0)
    expect(turnsThatWrote.filter((count) => count >= 4).length).toBeLessThan(turnsThatWrote.length / 8)
    expect(turnsThatWrote.length).toBeGreaterThan(500)
  })

  test('while requests come, bookmarks leave two at a time', async () => {
    const loop = start({ limits: { bookmarkMs: 40 } })
    const clients = Array.from({ length: 500 }, () => loop.connect())
    for (const client of clients) client.receive({ watch: { table: 't' }, id: 1 })
    const talker = loop.connect()
    await seconds(1)
    for (const client of clients) client.forget()
    const writtenAtOnce: number[] = []
    for (let turn = 0; turn < 1_000; turn++) {
      talker.receive({ ping: {} })
      vi.advanceTimersToNextTimer()
      // What was written leaves at the end of the turn; the others have theirs after it.
      await Promise.resolve()
      writtenAtOnce.push(clients.filter(({ writes }) => writes.length > 0).length)
      await turns(1)
      for (const client of clients) client.forget()
    }
    expect(Math.max(...writtenAtOnce)).toBe(2)
    expect(writtenAtOnce.filter((count) => count > 0).length).toBeGreaterThan(100)
  })

  test('a watch that was cancelled gets no bookmarks', async () => {
    const bookmarkMs = 400
    const client = start({ limits: { bookmarkMs } }).connect()
    client.receive({ watch: { table: 't' }, id: 1 }, { watch: { table: 't' }, id: 2 })
    await turns(1)
    client.receive({ cancel: { request: 1 }, id: 3 })
    client.forget()
    await vi.advanceTimersByTimeAsync(3 * bookmarkMs)
    const told = ids(client).filter((id) => id !== 3)
    expect(told.length).toBeGreaterThanOrEqual(3)
    expect(new Set(told)).toEqual(new Set([2]))
  })

  test('silence between frames is no fault', async () => {
    const client = start().connect()
    client.receive({ ping: {} })
    await seconds(3_600)
    client.receive({ ping: {} })
    expect([client.closed, client.replies.length]).toEqual([undefined, 2])
  })

  test('a frame that we do not read on with is not late', async () => {
    const store = new HeldEngine()
    const client = start({ store }).connect()
    store.press()
    client.receive(hset('a', { integer: 1 }), hex('000000'))
    store.sync()
    expect(client.paused).toBe(true)
    await seconds(30)
    expect(client.closed).toBeUndefined()
    store.ease()
    await turns()
    expect(client.paused).toBe(false)
    await seconds(9)
    expect(client.closed).toBeUndefined()
    await seconds(2)
    expect(client.closed).toBe(4408)
  })

  test('a reader that takes nothing: 4420 after ten seconds', async () => {
    const loop = start()
    const [stalled, slow, idle] = [loop.connect(), loop.connect(), loop.connect()]
    stalled.receive(hset('v', { binary: random.bytes(1_000) }))
    for (const client of [stalled, slow]) {
      client.frozen = true
      client.receive(...Array(50).fill(hget('v')))
    }
    for (let second = 0; second < 20; second++) {
      slow.take(1_000)
      await seconds(1)
      if (second === 8) expect(stalled.closed).toBeUndefined()
    }
    expect([stalled.closed, slow.closed, idle.closed]).toEqual([4420, undefined, undefined])
  })

  test('who has rested for long is looked at again: a frame, a reader, a watch', async () => {
    const bookmarkMs = 4_000
    const loop = start({ limits: { bookmarkMs } })
    const [unfinished, stalled, watching] = [loop.connect(), loop.connect(), loop.connect()]
    stalled.receive(hset('v', { binary: random.bytes(1_000) }))
    // Its second write, the watch's reply, leaves at once: nothing but the watch is there to look at.
    watching.receive({ ping: {} })
    await seconds(60)
    unfinished.receive(hex('000000'))
    stalled.frozen = true
    stalled.receive(hget('v'))
    watching.receive({ watch: { table: 't' }, id: 1 })
    await turns(1)
    watching.forget()
    await seconds(bookmarkMs / 1_000)
    expect(watching.replies.map(({ phase }) => phase)).toEqual([phases.bookmark])
    await seconds(8)
    expect([unfinished.closed, stalled.closed, watching.closed]).toEqual([4408, 4420, undefined])
  })

  test('asking for more does not make a stalled reader less stalled', async () => {
    const client = start().connect()
    client.receive(hset('v', { binary: random.bytes(1_000) }))
    client.frozen = true
    for (let second = 0; second < 12; second++) {
      client.receive(hget('v'))
      await seconds(1)
    }
    expect(client.closed).toBe(4420)
  })
})

describe('the end', () => {
  const kinds: Transport['kind'][] = ['ws', 'tcp']

  test.each(kinds)('a drain answers what is under way, then closes with 1001: %s', async (kind) => {
    const loop = startLoop()
    const client = loop.connect(kind)
    const idle = loop.connect(kind)
    await fill(client)
    client.receive({ hgetall: { table: 't' }, id: 1 }, { count: { table: 't', start: '0' }, id: 2 })
    let drained = false
    const draining = loop.connections.drain().then(() => {
      drained = true
    })
    expect([idle.closed, client.closed]).toEqual([1001, undefined])
    idle.gone()
    await until('the close', () => client.closed !== undefined)
    const replies = client.replies
    expect(replies.filter(({ id }) => id === 1).at(-1).more).toBeUndefined()
    expect(replies.find(({ id }) => id === 2).count).toBe('9000')
    expect(replies.at(-1).status).toBe(kind === 'tcp' ? 1001 : 200)
    expect([client.closed, drained]).toEqual([1001, false])
    client.gone()
    await draining
    expect(loop.connections.count).toBe(0)
  })

  test('a drain waits until the replies have left, and for no longer than allowed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const loop = startLoop({ limits: { drainTimeoutMs: 500 } })
    const [slow, frozen] = [loop.connect(), loop.connect()]
    for (const client of [slow, frozen]) {
      client.frozen = true
      client.receive({ ping: {} })
    }
    const draining = loop.connections.drain()
    expect([slow.closed, frozen.closed]).toEqual([undefined, undefined])
    slow.take()
    expect([slow.closed, frozen.closed]).toEqual([1001, undefined])
    slow.gone()
    vi.advanceTimersByTime(500)
    expect(frozen.closed).toBe(-1)
    await draining
  })

  test('a client that sends no more gets all its replies, and then the end', async () => {
    const client = startLoop().connect('tcp')
    await fill(client)
    client.receive({ hgetall: { table: 't' } }, hget('none'))
    client.listener!.onEnd()
    expect(client.closed).toBeUndefined()
    await until('the close', () => client.closed !== undefined)
    expect([statuses(client), client.closed]).toEqual([[200, 404], 1000])
  })

  test('an end within a frame is a bad frame', async () => {
    const client = startLoop().connect('tcp')
    client.receive({ ping: {} }, hex('00000005 0a'))
    client.listener!.onEnd()
    await turns(1)
    expect([statuses(client), client.closed]).toEqual([[200, 4400], 4400])
  })

  test('a client that is gone leaves nothing behind', async () => {
    const loop = startLoop({ limits: { maxQueuedBytes: 65_536 } })
    const client = loop.connect()
    await fill(client)
    client.frozen = true
    client.receive({ subscribe: { topic: 'x' } }, { hgetall: { table: 't' }, id: 1 }, { hgetall: { table: 't' } })
    await turns()
    client.gone()
    await turns()
    expect([loop.connections.count, loop.connections.queuedBytes]).toEqual([0, 0])
    const other = loop.connect()
    other.receive({ publish: { topic: 'x', data: [] } })
    expect(other.replies).toEqual([{ status: 200 }])
  })
})
