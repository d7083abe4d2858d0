// The transports: what each makes of its socket, and the bounds that lie below the frame.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type Beating, Heartbeat } from '../../server/connection/heartbeat.ts'
import type { Transport } from '../../server/connection/transport.ts'
import { DuplexTransport } from '../../server/transport/duplex.ts'
import { memoryPair } from '../../server/transport/memory.ts'
import { createWebSocketServer, WebSocketTransport } from '../../server/transport/websocket.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { startGateway } from '../helpers/gateway.ts'
import { dial, request } from '../helpers/wire.ts'

const ping = request({ id: 7, ping: {} })
const pong = { status: 200, id: 7 }

/** A WebSocket that a test can misuse. */
async function open(url: string, options: object = {}): Promise<{ socket: WebSocket; code: Promise<number> }> {
  const socket = new WebSocket(url, options)
  whenOver(() => socket.terminate())
  const code = new Promise<number>((resolve) => socket.once('close', resolve))
  await once(socket, 'open')
  socket.on('error', () => {})
  return { socket, code }
}

/** Settles when a socket is over, whatever ended it. */
function over(socket: Socket): Promise<void> {
  socket.on('error', () => {})
  socket.resume()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** The socket below, for bytes that are no whole WebSocket frame. */
const below = (socket: WebSocket): Socket => (socket as unknown as { _socket: Socket })._socket

/** A masked WebSocket frame's head, with a mask of zeros: the payload follows as it is. */
function head(opcode: number, length: number, final = true): Buffer {
  const bytes = Buffer.alloc(14)
  bytes[0] = (final ? 0x80 : 0) | opcode
  bytes[1] = 0xff
  bytes.writeBigUInt64BE(BigInt(length), 2)
  return bytes
}

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

/** A transport over a real WebSocket, with the gateway's socket and the peer. */
async function openTransport() {
  const http = createHttpServer()
  const upgrades = createWebSocketServer(65_536)
  const heartbeat = new Heartbeat(40)
  const opened = once(http, 'upgrade').then(([request, socket, head]) => {
    return new Promise<{ transport: WebSocketTransport; socket: Socket }>((resolve) => {
      upgrades.handleUpgrade(request, socket, head, (ws) => {
        const times = { pingIntervalMs: 60_000, pingTimeoutMs: 60_000, frameTimeoutMs: 60_000 }
        const transport = new WebSocketTransport(ws, socket, { peer: 'peer', heartbeat, ...times })
        transport.listener = { onData: () => {}, onEnd: () => {}, onClose: () => {}, onProgress: () => {} }
        resolve({ transport, socket })
      })
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  whenOver(() => http.close())
  const peer = await open(`ws://127.0.0.1:${(http.address() as { port: number }).port}`)
  return { ...(await opened), peer: peer.socket }
}

/** A transport over a real TCP connection, with its peer. */
async function openDuplex() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  whenOver(() => server.close())
  const client = connect({ port: (server.address() as { port: number }).port, host: '127.0.0.1' })
  whenOver(() => client.destroy())
  const [[socket]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(client, 'connect')])
  const transport = new DuplexTransport('tcp', 'peer', socket, new Heartbeat(40))
  whenOver(() => transport.terminate())
  transport.listener = { onData: () => {}, onEnd: () => {}, onClose: () => {}, onProgress: () => {} }
  return { transport, client }
}

/** Waits until a transport rests; answers a spy on what wakes it. */
async function rested(transport: Transport & Beating) {
  const beat = vi.spyOn(transport, 'beat')
  await expect.poll(() => beat.mock.results.at(-1)?.value).toBeGreaterThan(performance.now())
  beat.mockClear()
  return beat
}

describe('a transport that rests is woken again', () => {
  const large = Buffer.alloc(60_000)

  test.each([true, false])('when a write has to wait; with headroom: %s', async (hasHeadroom) => {
    const { transport, peer } = await openTransport()
    const beat = await rested(transport)
    peer.pause()
    while (transport.write(large, 4, large.length, hasHeadroom) && hasHeadroom);
    await expect.poll(() => beat.mock.calls.length).toBeGreaterThan(0)
  })

  test('when a write over TCP has to wait', async () => {
    const { transport, client } = await openDuplex()
    const beat = await rested(transport)
    client.pause()
    while (transport.write(large, 0, large.length));
    await expect.poll(() => beat.mock.calls.length).toBeGreaterThan(2)
  })

  test('when a message begins that does not end', async () => {
    const { transport, peer } = await openTransport()
    const beat = await rested(transport)
    below(peer).write(Buffer.concat([head(2, 100), Buffer.alloc(10)]))
    await expect.poll(() => beat.mock.calls.length).toBeGreaterThan(2)
  })

  test('when it is pinged: pings that are no flood do not add up to one', async () => {
    const { transport, peer } = await openTransport()
    const beat = await rested(transport)
    for (let round = 1; round <= 4; round++) {
      for (let index = 0; index < 40; index++) peer.ping()
      await expect.poll(() => beat.mock.calls.length).toBeGreaterThanOrEqual(round)
    }
    expect(peer.readyState).toBe(WebSocket.OPEN)
  })
})

describe('websocket past the stream', () => {
  const piece = (text: string) => Buffer.from(`    ${text}`)

  test('a write never overtakes what waits in the stream', async () => {
    const { transport, socket, peer } = await openTransport()
    const came: string[] = []
    peer.on('message', (data: Buffer) => came.push(data.toString()))
    peer.on('pong', (data: Buffer) => came.push(data.toString()))
    expect(transport.write(piece('first'), 4, 9, true)).toBe(true)
    // As when the system takes no more.
    socket.cork()
    peer.ping('pong')
    await expect.poll(() => socket.writableLength).toBeGreaterThan(0)
    expect(transport.queuedBytes).toBeGreaterThan(0)
    expect(transport.write(piece('second'), 4, 10, true)).toBe(false)
    socket.uncork()
    await expect.poll(() => came).toEqual(['first', 'pong', 'second'])
    expect(transport.queuedBytes).toBe(0)
    expect(transport.write(piece('third'), 4, 9, true)).toBe(true)
  })

  test('the descriptor is forgotten before the system can give it to another connection', async () => {
    const { transport, socket } = await openTransport()
    expect(transport.write(piece('first'), 4, 9, true)).toBe(true)
    expect(transport.descriptor).toBeGreaterThan(0)
    socket.destroy()
    expect(transport.descriptor).toBe(-1)
    transport.write(piece('second'), 4, 10, true)
    expect(transport.descriptor).toBe(-1)
  })

  test('after a close nothing is written any more', async () => {
    const { transport, peer } = await openTransport()
    const came: string[] = []
    peer.on('message', (data: Buffer) => came.push(data.toString()))
    transport.write(piece('first'), 4, 9, true)
    const closed = once(peer, 'close')
    peer.close(1000)
    await closed
    transport.write(piece('second'), 4, 10, true)
    expect(came).toEqual(['first'])
  })
})

describe('tcp', () => {
  test('serves the same stream', async () => {
    const { tcpPort } = await startGateway({ store: 'memory' })
    const client = await dial.tcp(tcpPort)
    client.send(Buffer.concat([ping, ping]))
    for (const byte of ping) client.send(Buffer.from([byte]))
    for (let index = 0; index < 3; index++) expect(await client.next()).toEqual(pong)
  })

  test('a peer that has ended its side still gets its replies', async () => {
    const { tcpPort } = await startGateway()
    const client = await dial.tcp(tcpPort)
    client.send(request({ id: 1, hset: { table: 't', pair: { key: 'k', value: { string: 'v' } } } }))
    client.end()
    expect(await client.next()).toMatchObject({ status: 200, id: 1 })
    await client.closed
  })

  test('a violation ends the stream with a response whose status is the close code', async () => {
    const { tcpPort } = await startGateway({ store: 'memory' })
    const client = await dial.tcp(tcpPort)
    client.send(Buffer.from('7fffffff', 'hex'))
    expect(await client.next()).toEqual({ status: 1009, message: 'frame too big' })
    await client.closed
  })

  test('one connection more than allowed is told 1013, and closed', async () => {
    const { tcpPort } = await startGateway({ store: 'memory', maxConnections: 1 })
    const first = await dial.tcp(tcpPort)
    await first.ask({ ping: {} })
    const second = await dial.tcp(tcpPort)
    expect(await second.next()).toEqual({ status: 1013, message: 'overloaded' })
    await second.closed
    expect(await first.ask({ id: 7, ping: {} })).toEqual(pong)
  })
})

const pem = (name: string): string => join(import.meta.dirname, '../helpers/tls', name)
const ca = readFileSync(pem('ca.pem'))
const server = { store: 'memory', tlsCert: pem('server.pem'), tlsKey: pem('server.key') } as const
const certificate = { cert: readFileSync(pem('client.pem')), key: readFileSync(pem('client.key')) }

describe('tls', () => {
  async function tls(port: number, options: ConnectionOptions) {
    const socket = connectTls({ port, host: '127.0.0.1', ca, ...options })
    whenOver(() => socket.destroy())
    await once(socket, 'secureConnect')
    return socket
  }

  test('serves both ports, with ALPN kv on TCP', async () => {
    const { http, ws, tcp, tcpPort } = await startGateway(server)
    expect([http, ws, tcp].map((url) => url!.split(':')[0])).toEqual(['https', 'wss', 'tls'])
    expect(await (await dial.ws(ws, { ca })).ask({ id: 7, ping: {} })).toEqual(pong)
    const socket = await tls(tcpPort, { ALPNProtocols: ['kv'] })
    expect(socket.alpnProtocol).toBe('kv')
    expect(await dial.duplex(socket).ask({ id: 7, ping: {} })).toEqual(pong)
    expect(await dial.duplex(await tls(tcpPort, {})).ask({ id: 7, ping: {} })).toEqual(pong)
    await expect(tls(tcpPort, { ALPNProtocols: ['h2'] })).rejects.toThrow(/alert no application protocol|ECONNRESET/)
  })

  test('plain bytes on a TLS port get no answer, and others are served', async () => {
    const { ws, tcpPort } = await startGateway(server)
    const plain = connect(tcpPort, '127.0.0.1')
    plain.write(ping)
    await over(plain)
    expect(await (await dial.ws(ws, { ca })).ask({ id: 7, ping: {} })).toEqual(pong)
  })

  test('a handshake that does not end is cut off', async () => {
    const { tcpPort, http } = await startGateway({ ...server, headersTimeoutMs: 200 })
    for (const port of [tcpPort, Number(new URL(http).port)]) {
      await over(connect(port, '127.0.0.1'))
    }
  })

  test('with tls-client-ca only a client with its certificate is let in, on both ports', async () => {
    const { ws, tcpPort } = await startGateway({ ...server, tlsClientCa: pem('ca.pem') })
    expect(await (await dial.ws(ws, { ca, ...certificate })).ask({ id: 7, ping: {} })).toEqual(pong)
    expect(await dial.duplex(await tls(tcpPort, certificate)).ask({ id: 7, ping: {} })).toEqual(pong)
    await expect(dial.ws(ws, { ca })).rejects.toThrow(/certificate required|ECONNRESET|socket hang up/)
    await over(connectTls({ port: tcpPort, host: '127.0.0.1', ca }))
  })
})

describe('memory', () => {
  test('is a connection like any other', async () => {
    const { gateway } = await startGateway({ store: 'memory' })
    const client = dial.duplex(gateway.connect())
    expect(gateway.connections).toBe(1)
    expect(await client.ask({ id: 7, ping: {} })).toEqual(pong)
    client.end()
    await client.closed
    await expect.poll(() => gateway.connections).toBe(0)
  })
})

describe('progress', () => {
  const heartbeat = new Heartbeat(40)
  const open: Transport[] = []
  afterEach(() => {
    for (const transport of open.splice(0)) transport.terminate()
  })

  test('queuedBytes is exact, and falls to nothing when all has left', async () => {
    const { transport, client } = memoryPair(heartbeat)
    open.push(transport)
    const events: number[] = []
    const onProgress = () => events.push(transport.queuedBytes)
    transport.listener = { onData: () => {}, onEnd: () => {}, onClose: () => {}, onProgress }
    for (let index = 0; index < 10; index++) transport.write(Buffer.alloc(10_000), 0, 10_000, false)
    expect(transport.queuedBytes).toBeGreaterThan(80_000)
    client.resume()
    await expect.poll(() => transport.queuedBytes).toBe(0)
    expect(events.at(-1)).toBe(0)
  })

  test('a reader that sips at one large write is seen to take bytes', async () => {
    const { transport, client } = await openDuplex()
    let sips = 0
    let left = 0
    const onProgress = () => {
      if (transport.queuedBytes > 0) sips++
    }
    transport.listener = { onData: () => {}, onEnd: () => {}, onClose: () => {}, onProgress }
    transport.write(Buffer.alloc(32 * 1_048_576), 0, 32 * 1_048_576)
    client.pause()
    left = transport.queuedBytes
    // It reads some megabytes at a time, and each time waits until that was noticed.
    for (const wanted of [1, 2, 3]) {
      let taken = 0
      while (taken < 4 * 1_048_576) {
        const chunk = client.read() as Buffer | null
        if (chunk === null) await once(client, 'readable')
        else taken += chunk.length
      }
      await expect.poll(() => sips).toBeGreaterThanOrEqual(wanted)
    }
    expect(transport.queuedBytes).toBe(left)
  })
})
