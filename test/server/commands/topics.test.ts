// Publish and subscribe: order, several subscribers, slow ones and what they are told, and every way to end.
import { describe, expect, test } from 'vitest'
import { type HeldTransport, startLoop, turns } from '../../helpers/loop.ts'
import { askAll, socketKinds, talk } from '../../helpers/talk.ts'
import { until } from '../../helpers/until.ts'
import type { Plain } from '../../helpers/wire.ts'

const topic = 'chat'
const text = (string: string) => ({ string })
const publish = (...strings: string[]) => ({ publish: { topic, data: strings.map(text) } })
const texts = ({ values = [] }: Plain): string[] => values.map(({ string }: Plain) => string)

describe.each(socketKinds)('over %s', (kind) => {
  test('a subscriber gets its id, and then what is published, in order', async () => {
    const { wire, another } = await talk(kind)
    const publisher = await another()
    expect(await publisher.ask(publish('before'))).toEqual({ status: 200 })
    expect(await wire.ask({ subscribe: { topic } })).toEqual({ status: 200, values: [{ integer: '1' }] })
    const all = Array.from({ length: 500 }, (_none, index) => `m${index}`)
    const counts = await askAll(publisher, ...all.map((one) => publish(one)))
    expect(counts.map(({ count }) => count)).toEqual(all.map(() => '1'))
    const got: string[] = []
    while (got.length < all.length) {
      const message = await wire.next()
      expect(message.status).toBe(200)
      got.push(...texts(message))
    }
    expect(got).toEqual(all)
  })

  test('several values, none, and every kind of them', async () => {
    const { wire, another } = await talk(kind)
    const publisher = await another()
    await wire.ask({ subscribe: { topic }, id: 4 })
    const data = [text('a'), {}, { integer: 5 }, { bool: true }, { json: '{"a":1}' }, { binary: Buffer.from([0, 255]) }]
    await publisher.ask({ publish: { topic, data } })
    await publisher.ask(publish())
    expect(await wire.next()).toEqual({
      status: 200,
      id: 4,
      values: [text('a'), {}, { integer: '5' }, { bool: true }, { json: '{"a":1}' }, { binary: 'AP8=' }],
    })
    expect(await wire.next()).toEqual({ status: 200, id: 4 })
  })

  test('each subscription of each connection is served, and told apart by the id of its request', async () => {
    const { wire, another } = await talk(kind)
    const [second, publisher] = [await another(), await another()]
    expect(await wire.ask({ subscribe: { topic }, id: 10 })).toMatchObject({ id: 10, values: [{ integer: '1' }] })
    expect(await wire.ask({ subscribe: { topic }, id: 11 })).toMatchObject({ id: 11, values: [{ integer: '2' }] })
    expect(await wire.ask({ subscribe: { topic: 'other' }, id: 12 })).toMatchObject({
      id: 12,
      values: [{ integer: '3' }],
    })
    expect(await second.ask({ subscribe: { topic } })).toMatchObject({ values: [{ integer: '1' }] })
    expect(await publisher.ask(publish('x'))).toMatchObject({ count: '3' })
    expect([await wire.next(), await wire.next()].map(({ id }) => id)).toEqual([10, 11])
    expect(texts(await second.next())).toEqual(['x'])
    expect(await publisher.ask({ publish: { topic: 'other', data: [] } })).toMatchObject({ count: '1' })
    expect(await wire.next()).toEqual({ status: 200, id: 12 })
    expect(await publisher.ask({ publish: { topic: 'nobody', data: [] } })).toEqual({ status: 200 })
  })

  test('who publishes to itself gets the message before the reply', async () => {
    const { wire } = await talk(kind)
    const replies = await askAll(wire, { subscribe: { topic } }, publish('x'), { ping: {}, id: 1 })
    expect(replies.map(texts)).toEqual([[undefined], ['x'], []])
    expect(replies[2]).toEqual({ status: 200, count: '1' })
    expect(await wire.next()).toEqual({ status: 200, id: 1 })
  })

  test('unsubscribe ends one subscription, cancel as well, and only of this connection', async () => {
    const { wire, another } = await talk(kind)
    const other = await another()
    await askAll(
      wire,
      { subscribe: { topic }, id: 1 },
      { subscribe: { topic }, id: 2 },
      { subscribe: { topic }, id: 3 },
    )
    expect(await other.ask({ unsubscribe: { topic, id: 1 } })).toEqual({
      status: 404,
      message: 'This connection has no subscription 1 to that topic.',
    })
    expect(await wire.ask({ unsubscribe: { topic: 'another', id: 1 } })).toMatchObject({ status: 404 })
    expect(await wire.ask({ unsubscribe: { topic, id: 4 } })).toMatchObject({ status: 404 })
    expect(await wire.ask({ unsubscribe: { topic, id: 2 }, id: 9 })).toEqual({ status: 200, id: 9 })
    expect(await wire.ask({ unsubscribe: { topic, id: 2 } })).toMatchObject({ status: 404 })
    expect(await wire.ask({ cancel: { request: 1 } })).toEqual({ status: 200 })
    expect(await wire.ask({ cancel: { request: 2 } })).toMatchObject({ status: 404 })
    expect(await other.ask(publish('x'))).toMatchObject({ count: '1' })
    expect(await wire.next()).toMatchObject({ id: 3 })
    // Their ids are free, and the next subscription has a new one.
    expect(await wire.ask({ subscribe: { topic }, id: 1 })).toMatchObject({ id: 1, values: [{ integer: '4' }] })
    expect(await wire.ask({ subscribe: { topic }, id: 3 })).toMatchObject({ status: 400, id: 3 })
  })

  test('a connection that ends takes its subscriptions with it', async () => {
    const { wire, another } = await talk(kind)
    const publisher = await another()
    await wire.ask({ subscribe: { topic } })
    await wire.ask({ subscribe: { topic: 'other' }, id: 1 })
    wire.end()
    await wire.closed
    await until('nobody listens', async () => (await publisher.ask(publish('x'))).count === undefined)
    expect(await publisher.ask({ publish: { topic: 'other', data: [] } })).toEqual({ status: 200 })
  })

  test('bad input', async () => {
    const { wire } = await talk(kind, { maxStreams: 2 })
    expect(await wire.ask({ subscribe: {} })).toMatchObject({
      status: 400,
      message: expect.stringContaining('topic name'),
    })
    expect(await wire.ask({ publish: { data: [] } })).toMatchObject({ status: 400 })
    expect(await wire.ask({ unsubscribe: { id: 1 } })).toMatchObject({ status: 400 })
    expect(await wire.ask({ subscribe: { topic: 't'.repeat(256) } })).toMatchObject({ status: 400 })
    await askAll(wire, { subscribe: { topic } }, { subscribe: { topic } })
    expect(await wire.ask({ subscribe: { topic } })).toEqual({
      status: 429,
      message: 'This connection has 2 subscriptions, the most allowed (--max-streams): end one first.',
    })
    expect(await wire.ask({ publish: { topic: 'x', data: [{ json: '{' }] } })).toMatchObject({ status: 400 })
    // Nothing of a publication that is refused is delivered.
    expect(await wire.ask({ publish: { topic, data: [text('a'), { binary: Buffer.alloc(524_288) }] } })).toMatchObject({
      status: 413,
    })
    expect(await wire.ask({ ping: {} })).toEqual({ status: 200 })
  })

  test('a subscriber that does not read is told how much it missed, where it missed it; others get all', async () => {
    const { wire: slow, another } = await talk(kind)
    const [healthy, publisher] = [await another(), await another()]
    await slow.ask({ subscribe: { topic }, id: 1 })
    await healthy.ask({ subscribe: { topic } })
    slow.pause()
    const filler = 'x'.repeat(1_200)
    const total = 12_000
    // Bursts that the healthy one takes before the next: its queue of 128 is for bursts too.
    for (let at = 0; at < total; at += 50) {
      const burst = Array.from({ length: 50 }, (_none, index) => publish(`${at + index} ${filler}`))
      await askAll(publisher, ...burst)
      for (let index = 0; index < 50; index++) {
        expect(texts(await healthy.next(20_000))[0]!.split(' ')[0]).toBe(String(at + index))
      }
    }
    slow.resume()
    let expected = 0
    let missed = 0
    while (expected < total) {
      const message = await slow.next(20_000)
      expect(message.id).toBe(1)
      if (message.missed !== undefined) {
        missed += Number(message.missed)
        expected += Number(message.missed)
      } else expect(texts(message)[0]!.split(' ')[0]).toBe(String(expected++))
    }
    expect(expected).toBe(total)
    expect(missed).toBeGreaterThan(0)
    await publisher.ask(publish('after'))
    expect(texts(await slow.next())).toEqual(['after'])
  })
})

describe('the bound of a slow subscriber', () => {
  /** More than a stream lets wait in a socket. */
  const much = 70_000

  function start(maxSubscriberMessages: number) {
    const { connect } = startLoop({ limits: { maxSubscriberMessages } })
    const [slow, healthy, publisher] = [connect(), connect(), connect()]
    for (const client of [slow, healthy]) client.receive({ subscribe: { topic } })
    slow.frozen = true
    slow.queuedBytes = much
    return { slow, healthy, publisher }
  }

  /** What a subscriber got: the messages' first words, and in numbers how many it missed. */
  const story = (client: HeldTransport): (string | number)[] =>
    client.replies.slice(1).map((message) => {
      return message.missed === undefined ? texts(message)[0]!.split(' ')[0]! : Number(message.missed)
    })

  const names = (from: number, to: number) => Array.from({ length: to - from }, (_none, index) => `m${from + index}`)

  test.each([
    [128, 127],
    [128, 128],
    [128, 129],
    [128, 500],
    [1, 3],
  ])('%i wait, of %i published: later ones are counted, in their place', async (bound, published) => {
    const { slow, healthy, publisher } = start(bound)
    for (const name of names(0, published)) publisher.receive(publish(name))
    await turns(1)
    // Nobody waits for the slow one, and nobody is told that it is slow.
    expect(story(healthy)).toEqual(names(0, published))
    expect(publisher.replies.every(({ count }) => count === '2')).toBe(true)
    expect(story(slow)).toEqual([])
    slow.frozen = false
    slow.take(much)
    await turns(1)
    publisher.receive(publish('after'))
    await turns(1)
    const gap = published > bound ? [published - bound] : []
    expect(story(slow)).toEqual([...names(0, Math.min(bound, published)), ...gap, 'after'])
  })

  test('what comes while it catches up is behind the gap', async () => {
    const { slow, publisher } = start(3)
    const large = (name: string) => ({ publish: { topic, data: [text(`${name} ${'x'.repeat(much)}`)] } })
    for (const name of names(0, 5)) publisher.receive(large(name))
    await turns(1)
    // Room for one at a time: the second waits until the first has left.
    slow.take()
    await until('the first message', () => story(slow).length === 1)
    slow.queuedBytes = much
    for (const name of names(5, 8)) publisher.receive(large(name))
    await turns()
    slow.frozen = false
    slow.take()
    await until('the gap', () => story(slow).length === 4)
    await turns()
    publisher.receive(publish('after'))
    await turns(1)
    expect(story(slow)).toEqual([...names(0, 3), 5, 'after'])
  })

  test('ends with the subscription', async () => {
    const { slow, publisher } = start(3)
    for (const name of names(0, 9)) publisher.receive(publish(name))
    slow.receive({ unsubscribe: { topic, id: 1 } }, { subscribe: { topic } })
    publisher.receive(publish('new'))
    slow.frozen = false
    slow.take()
    await turns(1)
    expect(slow.replies.slice(1)).toEqual([
      { status: 200 },
      { status: 200, values: [{ integer: '2' }] },
      { status: 200, values: [text('new')] },
    ])
  })

  test('a publication is encoded once for all', async () => {
    const responses = new Set<unknown>()
    const hook = {
      executed: (_session: unknown, { command }: { command: number }, response: { body?: unknown }) =>
        void (command === 10 && response.body && responses.add(response.body)),
    }
    const { connect } = startLoop({ hooks: [hook] })
    const clients = Array.from({ length: 20 }, () => connect())
    for (const client of clients) client.receive({ subscribe: { topic } })
    clients[0]!.receive(publish('x'))
    await turns()
    expect(clients.map((client) => texts(client.replies[1]))).toEqual(clients.map(() => ['x']))
    expect(responses.size).toBe(1)
  })

  test('frames of a burst leave in one write', async () => {
    const { connect } = startLoop()
    const [subscriber, publisher] = [connect(), connect()]
    subscriber.receive({ subscribe: { topic } })
    await turns(1)
    subscriber.forget()
    publisher.receive(...Array.from({ length: 50 }, (_none, index) => publish(`m${index}`)))
    await turns(1)
    expect(subscriber.writes).toHaveLength(1)
    expect(subscriber.frames).toHaveLength(50)
  })
})
