// How a stream ends: refused for what was sent, drained, closed by the client, or gone.
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hex } from '../../helpers/bytes.ts'
import { HeldEngine, startLoop, turns } from '../../helpers/loop.ts'
import { until } from '../../helpers/until.ts'
import { framed, request } from '../../helpers/wire.ts'
import { fill, hget, hset, megabyte, statuses } from './helpers.ts'

afterEach(() => {
  vi.useRealTimers()
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

  describe.each([true, false])('on a transport that has close codes: %s', (hasCloseCodes) => {
    test.each(refused)('%s ends it with its code, behind the replies to what came before', (_name, bytes, code) => {
      const loop = startLoop()
      const client = loop.connect({ hasCloseCodes })
      client.receive({ ping: {}, id: 1 }, bytes, { ping: {}, id: 2 })
      client.receive({ ping: {}, id: 3 })
      const last = hasCloseCodes ? [] : [{ status: code, message: expect.any(String) }]
      expect(client.replies).toEqual([{ status: 200, id: 1 }, ...last])
      expect(client.closed).toBe(code)
      expect(loop.meter.closes).toEqual(new Map([[code, 1]]))
      client.gone()
      expect(loop.connections.count).toBe(0)
    })
  })

  test('ends behind replies that wait to be safe', async () => {
    const store = new HeldEngine()
    const client = startLoop({ store }).connect({ hasCloseCodes: false })
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

describe('the end', () => {
  test.each([true, false])(
    'a drain ends what is under way, then closes with 1001; close codes: %s',
    async (hasCloseCodes) => {
      const loop = startLoop()
      const client = loop.connect({ hasCloseCodes })
      const idle = loop.connect({ hasCloseCodes })
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
      expect(replies.at(-1).status).toBe(hasCloseCodes ? 200 : 1001)
      expect([client.closed, drained]).toEqual([1001, false])
      client.gone()
      await draining
      expect(loop.connections.count).toBe(0)
    },
  )

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
    const client = startLoop().connect({ hasCloseCodes: false })
    await fill(client)
    client.receive({ hgetall: { table: 't' } }, hget('none'))
    client.listener!.onEnd()
    expect(client.closed).toBeUndefined()
    await until('the close', () => client.closed !== undefined)
    expect([statuses(client), client.closed]).toEqual([[200, 404], 1000])
  })

  test('an end within a frame is a bad frame', async () => {
    const client = startLoop().connect({ hasCloseCodes: false })
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
