// WebSockets over a gateway: what messages mean to the stream, and the bounds that lie below the frame.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startGateway } from '../../helpers/gateway.ts'
import { dial, request } from '../../helpers/wire.ts'
import { below, head, open, ping, pong } from './helpers.ts'

describe('websocket', () => {
  test('a message is a piece of the stream: many frames in one, one frame over many', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const client = await dial.ws(ws)
    client.send(Buffer.concat([ping, ping, ping]))
    for (const byte of ping) client.send(Buffer.from([byte]))
    for (let index = 0; index < 4; index++) expect(await client.next()).toEqual(pong)
  })

  test('all replies to one message leave as one message', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const { socket } = await open(ws)
    const message = once(socket, 'message')
    socket.send(Buffer.concat([ping, ping, ping]))
    const [data] = await message
    expect(data.toString('hex')).toBe('0000000508c8017807'.repeat(3))
  })

  test('a long reply leaves in messages of at most 64 KiB, so that a slow reader sees that it comes', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const { socket } = await open(ws)
    // What looks random is not compressed.
    const keys = Array.from({ length: 8 }, (_, at) => `k${at}`)
    for (const key of keys) {
      socket.send(request({ hset: { table: 't', pair: { key, value: { binary: randomBytes(60_000) } } } }))
      await once(socket, 'message')
    }
    const sizes: number[] = []
    let bytes = 0
    const whole = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        sizes.push(data.length)
        bytes += data.length
        if (bytes > 480_000) resolve()
      })
    })
    socket.send(request({ hmget: { table: 't', keys } }))
    await whole
    expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536)
    expect(sizes.length).toBeGreaterThan(7)
  })

  test.each(['hello', '', '{"get":"k"}'])('the text message %j closes with 1003', async (text) => {
    const { ws } = await startGateway({ store: 'memory' })
    const { socket, code } = await open(ws)
    socket.send(text)
    expect(await code).toBe(1003)
  })

  test('text that is not UTF-8 closes with 1003 as well', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const { socket, code } = await open(ws)
    below(socket).write(Buffer.concat([head(1, 2), Buffer.from([0xff, 0xfe])]))
    expect(await code).toBe(1003)
  })

  test('an empty message is an empty piece', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const client = await dial.ws(ws)
    client.send(Buffer.alloc(0))
    client.send(ping)
    expect(await client.next()).toEqual(pong)
  })

  test('a message that declares more than the bound closes with 1009 before it comes', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const { socket, code } = await open(ws)
    below(socket).write(head(2, 4 * 1_048_576 + 1))
    expect(await code).toBe(1009)
  })

  test('a message of as many frames as the bound allows is taken', async () => {
    const { ws } = await startGateway({ store: 'memory', maxFrameBytes: 1_024 })
    const client = await dial.ws(ws)
    const count = Math.floor(1_048_576 / ping.length)
    client.send(Buffer.concat(Array.from({ length: count }, () => ping)))
    for (const frame of await client.frames.take(count)) expect(frame.toString('hex')).toBe('0000000508c8017807')
  })

  test('too many fragments close with 1008', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const { socket, code } = await open(ws)
    const fragments = Array.from({ length: 1_100 }, (_, index) => [
      head(index === 0 ? 2 : 0, 1, false),
      Buffer.from([0]),
    ])
    below(socket).write(Buffer.concat(fragments.flat()))
    expect(await code).toBe(1008)
  })

  test('a violation of the WebSocket protocol closes with 1002', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const { socket, code } = await open(ws)
    below(socket).write(Buffer.from([0xf2, 0x80, 0, 0, 0, 0]))
    expect(await code).toBe(1002)
  })

  test('a flood of pings closes with 1008', async () => {
    const { ws } = await startGateway({ store: 'memory' })
    const { socket, code } = await open(ws)
    for (let index = 0; index < 200; index++) socket.ping()
    expect(await code).toBe(1008)
  })

  test('a message that does not end closes with 4408; one that goes on ending does not', async () => {
    const { ws } = await startGateway({ store: 'memory', frameTimeoutMs: 200 })
    const unfinished = await open(ws)
    below(unfinished.socket).write(Buffer.concat([head(2, 100), Buffer.alloc(10)]))
    const fragmented = await open(ws)
    below(fragmented.socket).write(Buffer.concat([head(2, 4, false), Buffer.alloc(4)]))
    const alive = await dial.ws(ws)
    expect(await unfinished.code).toBe(4408)
    expect(await fragmented.code).toBe(4408)
    expect(await alive.ask({ id: 7, ping: {} })).toEqual(pong)
  })

  test('a silent peer is pinged; one that answers stays, one that does not is gone', async () => {
    const { ws, gateway } = await startGateway({ store: 'memory', pingIntervalMs: 100, pingTimeoutMs: 100 })
    const alive = await open(ws)
    const deaf = await open(ws, { autoPong: false })
    let pings = 0
    const pinged = new Promise<void>((resolve) => {
      alive.socket.on('ping', () => {
        pings++
        if (pings === 4) resolve()
      })
    })
    expect(await deaf.code).toBe(1006)
    await pinged
    expect(alive.socket.readyState).toBe(WebSocket.OPEN)
    expect(gateway.connections).toBe(1)
  })

  test('a reader that takes no replies is closed, and the others are served', async () => {
    const { ws, gateway } = await startGateway({ store: 'memory', stallTimeoutMs: 300 })
    const writer = await dial.ws(ws)
    const binary = randomBytes(400_000)
    await writer.ask({ hset: { table: 't', pair: { key: 'k', value: { binary } } } })
    const { socket, code } = await open(ws)
    socket.pause()
    const get = request({ hget: { table: 't', key: 'k' } })
    for (let index = 0; index < 100; index++) socket.send(get)
    await expect.poll(() => gateway.connections, { timeout: 5_000 }).toBe(1)
    expect(await writer.ask({ id: 7, ping: {} })).toEqual(pong)
    socket.resume()
    expect([4420, 1006]).toContain(await code)
  })
})
