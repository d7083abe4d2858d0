// TLS on both ports: what is served, who is let in, and handshakes that come to nothing.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { whenOver } from '../../helpers/cleanup.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { dial } from '../../helpers/wire.ts'
import { ping, pong } from './helpers.ts'

/** Settles when a socket is over, whatever ended it. */
function over(socket: Socket): Promise<void> {
  socket.on('error', () => {})
  socket.resume()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

const pem = (name: string): string => join(import.meta.dirname, '../../helpers/tls', name)
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
