// What only time shows: frames that do not end, readers that take nothing, and bookmarks, which the heartbeat asks for.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hex } from '../../helpers/bytes.ts'
import { phases } from '../../helpers/live.ts'
import { HeldEngine, startLoop, turns } from '../../helpers/loop.ts'
import { hget, hset, ids, random, statuses } from './helpers.ts'

afterEach(() => {
  vi.useRealTimers()
})

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

describe('deadlines', () => {
  const start = (options = {}) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] })
    return startLoop(options)
  }
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000)

  test('a frame that does not end: 4408 after ten seconds', async () => {
    const client = start().connect({ hasCloseCodes: false })
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
