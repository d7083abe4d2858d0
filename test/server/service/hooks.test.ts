// The four hooks: where each stands, what it can refuse and change, for replies, pages and streams; and that one that
// fails breaks nothing else.
import { describe, expect, test, vi } from 'vitest'
import { commandNumbers } from '../../../proto/codec.ts'
import { KvassError } from '../../../proto/status.ts'
import type { Hooks } from '../../../server/service/hooks.ts'
import { startLoop, turns } from '../../helpers/loop.ts'
import { until } from '../../helpers/until.ts'

const table = 't'
const hset = { hset: { table, pair: { key: 'k', value: { string: 'v' } } } }
const forbidden = () => {
  throw new KvassError(403, 'Not for you.')
}
const nameOf = (number: number) => Object.entries(commandNumbers).find(([, one]) => one === number)?.[0] ?? 'none'

/** Hooks that write down who is called for what. */
function recorder(name: string, journal: string[]): Hooks {
  return {
    received: (_session, { command, id }) => void journal.push(`${name} received ${nameOf(command)} ${id}`),
    executed: (_session, { command }, { status }) => void journal.push(`${name} executed ${nameOf(command)} ${status}`),
    beforeSend: (_session, { status }) => void journal.push(`${name} beforeSend ${status}`),
    afterSend: (_session, { status }) => void journal.push(`${name} afterSend ${status}`),
  }
}

describe('the order', () => {
  test('of the places, and of the hooks in each', () => {
    const journal: string[] = []
    const client = startLoop({ hooks: [recorder('a', journal), recorder('b', journal)] }).connect()
    client.receive({ ...hset, id: 3 }, { hget: { table, key: 'none' } }, {})
    const all = (command: string, id: number, status: number) => [
      `a received ${command} ${id}`,
      `b received ${command} ${id}`,
      `a executed ${command} ${status}`,
      `b executed ${command} ${status}`,
      `a beforeSend ${status}`,
      `b beforeSend ${status}`,
      `a afterSend ${status}`,
      `b afterSend ${status}`,
    ]
    expect(journal).toEqual([...all('hset', 3, 200), ...all('hget', 0, 404), ...all('none', 0, 400)])
  })

  test('for each page, and for each message of a subscription', async () => {
    const journal: string[] = []
    const loop = startLoop({ hooks: [recorder('a', journal)], limits: { pageBytes: 1_024 } })
    const client = loop.connect()
    const pairs = Array.from({ length: 30 }, (_none, index) => ({
      key: `k${index}`,
      value: { binary: Buffer.alloc(100) },
    }))
    client.receive({ hmset: { table, pairs } })
    journal.length = 0
    client.receive({ hgetall: { table }, id: 1 })
    await until('the last page', () => client.replies.some(({ id, more }) => id === 1 && !more))
    const each = (command: string) => [`a executed ${command} 200`, 'a beforeSend 200', 'a afterSend 200']
    const pages = client.replies.length - 1
    expect(pages).toBeGreaterThan(2)
    expect(journal).toEqual(['a received hgetall 1', ...Array(pages).fill(each('hgetall')).flat()])
    journal.length = 0
    client.receive({ subscribe: { topic: 'x' } })
    loop.connect().receive({ publish: { topic: 'x', data: [{}] } })
    expect(journal).toEqual([
      'a received subscribe 0',
      ...each('subscribe'),
      'a received publish 0',
      ...each('subscribe'),
      ...each('publish'),
    ])
  })
})

describe('a hook that refuses', () => {
  test('before anything is done', () => {
    const loop = startLoop({ hooks: [{ received: forbidden }] })
    const client = loop.connect()
    client.receive({ ...hset, id: 9 }, { subscribe: { topic: 'x' } })
    const refused = { status: 403, message: 'Not for you.' }
    expect(client.replies).toEqual([{ ...refused, id: 9 }, refused])
    expect(loop.store.revisionOf('t')).toBe(0)
  })

  test('with a delay', () => {
    const busy = () => {
      throw new KvassError(429, 'Slowly.', { retryAfterMs: 250 })
    }
    const client = startLoop({ hooks: [{ received: busy }] }).connect()
    client.receive({ ping: {} })
    expect(client.replies).toEqual([{ status: 429, message: 'Slowly.', retryAfterMs: 250 }])
  })

  test.each(['executed', 'beforeSend'] as const)('after it was done, in %s: the reply is the refusal', (place) => {
    const loop = startLoop({ hooks: [{ [place]: forbidden }] })
    const client = loop.connect()
    client.receive(hset)
    expect(client.replies).toEqual([{ status: 403, message: 'Not for you.' }])
    expect(loop.store.revisionOf('t')).toBe(1)
  })

  test('a page ends the reply, a message of a subscription ends it', async () => {
    let sent = 0
    const refuseThird = () => {
      if (++sent === 3) forbidden()
    }
    const loop = startLoop({ hooks: [{ executed: refuseThird }], limits: { pageBytes: 1_024 } })
    const [client, publisher] = [loop.connect(), loop.connect()]
    const pairs = Array.from({ length: 60 }, (_none, index) => ({
      key: `k${index}`,
      value: { binary: Buffer.alloc(100) },
    }))
    client.receive({ hmset: { table, pairs } })
    client.receive({ hgetall: { table }, id: 1 })
    await turns(40)
    expect(client.replies.map(({ status, id, more }) => [status, id, more])).toEqual([
      [200, undefined, undefined],
      [200, 1, true],
      [403, 1, undefined],
    ])
    // The id is free again.
    client.receive({ ping: {}, id: 1 })
    expect(client.replies.at(-1)).toEqual({ status: 200, id: 1 })

    client.forget()
    client.receive({ subscribe: { topic: 'x' }, id: 2 })
    sent = 2
    publisher.receive({ publish: { topic: 'x', data: [{}] } })
    publisher.receive({ publish: { topic: 'x', data: [{}] } })
    await turns(2)
    expect(client.replies.map(({ status, id }) => [status, id])).toEqual([
      [200, 2],
      [403, 2],
    ])
    expect(publisher.replies).toMatchObject([{ status: 200, count: '1' }, { status: 200 }])
  })

  test('the answer to a subscribe leaves no subscription', async () => {
    const loop = startLoop({ hooks: [{ executed: (_session, { command }) => void (command === 10 && forbidden()) }] })
    const client = loop.connect()
    client.receive({ subscribe: { topic: 'x' }, id: 1 }, { publish: { topic: 'x', data: [{}] }, id: 2 })
    await turns(2)
    expect(client.replies).toEqual([
      { status: 403, message: 'Not for you.', id: 1 },
      { status: 200, id: 2 },
    ])
  })
})

describe('a hook that changes a response', () => {
  test('changes this one only', async () => {
    let first: unknown
    const hooks: Hooks[] = [
      {
        beforeSend(session, response) {
          first ??= session
          if (session === first) response.message = 'first'
        },
      },
    ]
    const loop = startLoop({ hooks })
    const [one, two, publisher] = [loop.connect(), loop.connect(), loop.connect()]
    for (const client of [one, two]) client.receive({ subscribe: { topic: 'x' } })
    publisher.receive({ publish: { topic: 'x', data: [{ string: 'v' }] } })
    await turns(2)
    expect(one.replies[1]).toEqual({ status: 200, message: 'first', values: [{ string: 'v' }] })
    expect(two.replies[1]).toEqual({ status: 200, values: [{ string: 'v' }] })
  })

  test('cannot break a long reply of a client without ids', async () => {
    const mark: Hooks['beforeSend'] = (_session, response) => {
      response.revision = 77
    }
    const client = startLoop({ hooks: [{ beforeSend: mark }], limits: { pageBytes: 1_024 } }).connect()
    const pairs = Array.from({ length: 60 }, (_none, index) => ({
      key: `k${index}`,
      value: { binary: Buffer.alloc(100) },
    }))
    client.receive({ hmset: { table, pairs } }, { hgetall: { table } })
    await until('both replies', () => client.replies.length === 2)
    expect(client.replies[1]).toMatchObject({ status: 200, revision: '77' })
    expect(client.replies[1].pairs).toHaveLength(60)
  })
})

describe('a hook that fails', () => {
  const crash = () => {
    throw new TypeError('the secret reason')
  }

  test.each(['received', 'executed', 'beforeSend'] as const)(
    'in %s is a 500 whose cause is in the log only',
    (place) => {
      const loop = startLoop({ hooks: [{ [place]: crash }] })
      const client = loop.connect()
      client.receive({ ping: {}, id: 1 })
      expect(client.replies).toEqual([
        { status: 500, message: 'The gateway met an unexpected error; its log has the cause.', id: 1 },
      ])
      expect(loop.logged).toMatchObject([{ level: 'error', details: { err: { message: 'the secret reason' } } }])
      expect(client.closed).toBeUndefined()
    },
  )

  test('after the response was sent is logged', () => {
    const loop = startLoop({ hooks: [{ afterSend: crash }] })
    const client = loop.connect()
    client.receive({ ping: {}, id: 1 }, { ping: {}, id: 2 })
    expect(client.replies.map(({ status }) => status)).toEqual([200, 200])
    expect(loop.logged.map(({ level }) => level)).toEqual(['error', 'error'])
  })

  test('for one subscriber concerns neither the publisher nor the others', async () => {
    let broken: unknown
    const hooks: Hooks[] = [
      {
        executed(session, { command }, { values }) {
          if (command !== commandNumbers.subscribe) return
          broken ??= session
          if (session === broken && values?.[0]?.length === 3) crash()
        },
      },
    ]
    const loop = startLoop({ hooks })
    const [one, two, publisher] = [loop.connect(), loop.connect(), loop.connect()]
    for (const client of [one, two]) client.receive({ subscribe: { topic: 'x' } })
    publisher.receive({ publish: { topic: 'x', data: [{ string: 'v' }] } })
    await turns(2)
    expect(one.replies.map(({ status }) => status)).toEqual([200, 500])
    expect(two.replies.map(({ status }) => status)).toEqual([200, 200])
    expect(publisher.replies).toEqual([{ status: 200, count: '2' }])
  })
})

test('without hooks nothing is called, and the fast path runs', () => {
  const loop = startLoop()
  expect(loop.service.plain).toBe(true)
  expect(Object.values(loop.service.hooks).every((one) => one === undefined)).toBe(true)
  const execute = vi.spyOn(loop.service, 'execute')
  const client = loop.connect()
  client.receive(hset, { hget: { table, key: 'k' } })
  expect(client.replies.map(({ status }) => status)).toEqual([200, 200])
  expect(execute).not.toHaveBeenCalled()
})
