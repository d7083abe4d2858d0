// Replies that show writes which are not safe yet: what waits for them, in which order it leaves, and what a failure does.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { HeldEngine, startLoop, turns } from '../../helpers/loop.ts'
import { until } from '../../helpers/until.ts'
import { framed, request } from '../../helpers/wire.ts'
import { hget, hset, ids, random } from './helpers.ts'

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
  ])('that never will be are 504, each with its id, and all else leaves as it was: %s', async (_name, size) => {
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
      [504, 300],
      [200, 4],
      [504, undefined],
      [504, 6],
      [200, undefined],
      [200, 7],
    ])
    expect(client.replies[0].values).toEqual([value])
    expect(client.replies[1]).toEqual({ status: 504, id: 300, message: expect.stringContaining('safe') })
  })

  test('that never will be are 504 where their frame is too large to be read again', async () => {
    const store = new HeldEngine()
    const client = startLoop({ store }).connect()
    // Of letters at random: compressed it is still longer than what is inflated at once.
    const binary = random.bytes(200_000).map((byte) => 97 + (byte & 31))
    client.receive(hset('a', { binary }, 1))
    client.receive(hget('a', 300), { ping: {}, id: 2 })
    await turns(100)
    store.fail()
    await until('all replies', () => client.replies.length === 3)
    expect(client.replies.map(({ status, id }) => [status, id])).toEqual([
      [504, 1],
      [504, 300],
      [200, 2],
    ])
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
