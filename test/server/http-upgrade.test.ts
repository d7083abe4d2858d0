// The upgrade: who may connect, the exact HTTP answer of everybody else, and the close code of a foreign page.
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { originReasons } from '../../proto/status.ts'
import type { GatewayOptions } from '../../server/index.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { startGateway } from '../helpers/gateway.ts'
import { dial, request } from '../helpers/wire.ts'

type Headers = Record<string, string | undefined>

/** What a request for an upgrade is answered: the status, 101 where it was granted. */
async function upgrade(url: string, headers: Headers = {}, method = 'GET') {
  const standard = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  const all = Object.fromEntries(Object.entries({ ...standard, ...headers }).filter(([, value]) => value !== undefined))
  const sent = httpRequest(url, { method, headers: all as Record<string, string>, agent: false })
  sent.end()
  const granted = once(sent, 'upgrade').then(([response, socket]) => {
    socket.destroy()
    return { status: 101, headers: response.headers, body: '' }
  })
  const refused = once(sent, 'response').then(async ([response]) => {
    let body = ''
    for await (const chunk of response.setEncoding('utf8')) body += chunk
    return { status: response.statusCode as number, headers: response.headers, body }
  })
  const answer = await Promise.race([granted, refused])
  sent.destroy()
  return answer
}

async function open(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols, options)
  whenOver(() => socket.terminate())
  await once(socket, 'open')
  return socket
}

/** A gateway, its endpoint as an http: URL, and what it logged. */
async function start(options: GatewayOptions = {}) {
  const lines: string[] = []
  const write = (record: object, message: string) => lines.push(JSON.stringify({ ...record, message }))
  const log = { debug: write, info: write, warn: write, error: write }
  const started = await startGateway({ store: 'memory', log, ...options })
  return { ...started, endpoint: `${started.http}/ws`, port: new URL(started.http).port, lines }
}

test('a client without an Origin, and one with the own, may connect', async () => {
  const { endpoint, port } = await start()
  expect((await upgrade(endpoint)).status).toBe(101)
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
    expect((await upgrade(endpoint, { Host: host, Origin: `http://${host}` })).status).toBe(101)
    const { socket } = await handshake(endpoint, { Host: host, Origin: `http://${host}` })
    expect(socket.readyState).toBe(WebSocket.OPEN)
  }
})

/** How a handshake with these headers ends: the code and the reason of its close frame. */
async function closing(url: string, headers: Headers): Promise<{ code: number; reason: string }> {
  const { socket } = await handshake(url, headers)
  const [code, reason] = await once(socket, 'close')
  return { code, reason: String(reason) }
}

async function handshake(url: string, headers: Headers) {
  const socket = new WebSocket(url, { headers: headers as Record<string, string> })
  whenOver(() => socket.terminate())
  const messages: unknown[] = []
  socket.on('message', (data) => messages.push(data))
  await once(socket, 'open')
  return { socket, messages }
}

test('a foreign or look-alike Origin is accepted and closed with 4403 and the option to set', async () => {
  const { endpoint, port, lines, gateway, http } = await start({
    allowOrigin: ['https://good.example', 'https://other.example:8443'],
  })
  const own = `127.0.0.1:${port}`
  const foreign = [
    '',
    'https://evil.example',
    'http://good.example',
    'https://good.example:444',
    'https://good.example.evil.example',
    'https://evilgood.example',
    'https://good.example/',
    'https://GOOD.example',
    'https://good.example, https://evil.example',
    'https://other.example',
    `https://${own}`,
    `http://${own}/`,
    `http://${own}.evil.example`,
    `http://evil@${own}`,
    'http://127.0.0.1',
    `http://localhost:${port}`,
    'file://',
  ]
  for (const origin of foreign) {
    const ended = await closing(endpoint, { Origin: origin })
    expect([origin, ended]).toEqual([origin, { code: 4403, reason: originReasons.foreign }])
  }
  expect(await closing(endpoint, { Origin: 'null' })).toEqual({ code: 4403, reason: originReasons.none })
  const refused = lines.filter((line) => line.includes('"code":4403'))
  expect(refused).toHaveLength(foreign.length + 1)
  for (const line of refused) expect(line).toContain('--allow-origin')
  expect(await metricsOf(http)).toMatch(/^kvass_connections_opened_total 0$/m)
  expect(await metricsOf(http)).toContain(`code="4403"} ${foreign.length + 1}\n`)
  expect(gateway.connections).toBe(0)
  for (const origin of ['https://good.example', 'https://other.example:8443']) {
    expect((await upgrade(endpoint, { Origin: origin })).status).toBe(101)
  }
})

const metricsOf = async (http: string) => (await fetch(`${http}/metrics`)).text()

test('what a page that may not connect sends is not read, and one that does not close is cut off', async () => {
  const { endpoint, gateway } = await start()
  const { socket, messages } = await handshake(endpoint, { Origin: 'https://evil.example' })
  const ended = once(socket, 'close')
  socket.send(Buffer.concat([request({ id: 1, hello: { version: 1 } }), request({ id: 2, ping: {} })]))
  socket.send(Buffer.alloc(1_000_000))
  expect((await ended)[0]).toBe(4403)
  expect([messages, gateway.connections]).toEqual([[], 0])

  const { hostname, port } = new URL(endpoint)
  const silent = connect(Number(port), hostname)
  whenOver(() => silent.destroy())
  silent.write(
    `GET /ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: null\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  )
  await once(silent.resume(), 'close')
})

test('a name that points at us does not make its page our own', async () => {
  const { endpoint, port } = await start()
  const host = `evil.example:${port}`
  expect((await closing(endpoint, { Host: host, Origin: `http://${host}` })).code).toBe(4403)
  // A program that is no browser may call us what it likes.
  expect((await upgrade(endpoint, { Host: host })).status).toBe(101)
})

test('a token in the URL is 400, and not in the log', async () => {
  const { endpoint, lines } = await start()
  for (const name of ['token', 'access_token', 'TOKEN', 'jwt', 'api_key']) {
    const { status, body } = await upgrade(`${endpoint}?a=1&${name}=s3cr3t`)
    expect([name, status]).toEqual([name, 400])
    expect(JSON.parse(body).message).toContain('hello')
  }
  expect(lines).toHaveLength(5)
  expect(lines.join()).not.toContain('s3cr3t')
  expect((await upgrade(`${endpoint}?table=a`)).status).toBe(101)
})

test('what is no WebSocket handshake is answered as HTTP says', async () => {
  const { http, endpoint } = await start()
  expect(await upgrade(`${http}/other`)).toMatchObject({ status: 404 })
  expect(await upgrade(`${http}/ws/`)).toMatchObject({ status: 404 })
  expect(await upgrade(endpoint, {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET' } })
  expect(await upgrade(endpoint, { Upgrade: 'h2c' })).toMatchObject({ status: 426, headers: { upgrade: 'websocket' } })
  const version = await upgrade(endpoint, { 'Sec-WebSocket-Version': '12' })
  expect(version).toMatchObject({ status: 426, headers: { 'sec-websocket-version': '13' } })
  expect((await upgrade(endpoint, { 'Sec-WebSocket-Key': 'short' })).status).toBe(400)
  expect((await upgrade(endpoint, { 'Sec-WebSocket-Key': undefined })).status).toBe(400)
})

test('one connection more than allowed is 503 with Retry-After, and welcome when another has left', async () => {
  const { endpoint, ws, gateway } = await start({ maxConnections: 2 })
  const first = await dial.ws(ws)
  await dial.ws(ws)
  expect(await upgrade(endpoint)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  first.end()
  await first.closed
  await expect.poll(() => gateway.connections).toBe(1)
  expect((await upgrade(endpoint)).status).toBe(101)
})

test('the subprotocol is selected where it is offered, and none is needed', async () => {
  const { ws } = await start()
  expect((await open(ws, ['other', 'kvass.v1'])).protocol).toBe('kvass.v1')
  expect((await open(ws)).protocol).toBe('')
  await expect(open(ws, ['other'])).rejects.toThrow('Server sent no subprotocol')
})

test('no compression of WebSocket is negotiated: the frame has its own', async () => {
  const { ws } = await start()
  expect((await open(ws, [], { perMessageDeflate: true })).extensions).toBe('')
})

test('what comes in one packet with the handshake is served', async () => {
  const { http } = await start()
  const { hostname, port } = new URL(http)
  const socket = connect(Number(port), hostname)
  const frame = Buffer.from(request({ id: 7, ping: {} }))
  const masked = Buffer.concat([Buffer.from([0x82, 0x80 | frame.length, 0, 0, 0, 0]), frame])
  const head = `GET /ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`
  socket.write(Buffer.concat([Buffer.from(head), masked]))
  const received: Buffer[] = []
  socket.on('data', (chunk) => received.push(chunk))
  // 200 with id 7: field 1 is 200, field 15 is 7.
  const reply = Buffer.from('08c8017807', 'hex')
  await expect.poll(() => Buffer.concat(received).includes(reply)).toBe(true)
  socket.destroy()
})
