// Clients that do not take their replies: when reading from them stops, and how much may wait.
import { describe, expect, test } from 'vitest'
import { startLoop, turns } from '../../helpers/loop.ts'
import { until } from '../../helpers/until.ts'
import { hget, hset, megabyte, random } from './helpers.ts'

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
