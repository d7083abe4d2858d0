// What the tests of the transports share: sockets that a test can misuse, and transports over real ones without a gateway.
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import { Heartbeat } from '../../../server/connection/heartbeat.ts'
import { DuplexTransport } from '../../../server/transport/duplex.ts'
import { createWebSocketServer } from '../../../server/transport/handshake.ts'
import { WebSocketTransport } from '../../../server/transport/websocket.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import { request } from '../../helpers/wire.ts'

export const ping = request({ id: 7, ping: {} })
export const pong = { status: 200, id: 7 }

/** A WebSocket that a test can misuse. */
export async function open(url: string, options: object = {}): Promise<{ socket: WebSocket; code: Promise<number> }> {
  const socket = new WebSocket(url, options)
  whenOver(() => socket.terminate())
  const code = new Promise<number>((resolve) => socket.once('close', resolve))
  await once(socket, 'open')
  socket.on('error', () => {})
  return { socket, code }
}

/** The socket below, for bytes that are no whole WebSocket frame. */
export const below = (socket: WebSocket): Socket => (socket as unknown as { _socket: Socket })._socket

/** A masked WebSocket frame's head, with a mask of zeros: the payload follows as it is. */
export function head(opcode: number, length: number, final = true): Buffer {
  const bytes = Buffer.alloc(14)
  bytes[0] = (final ? 0x80 : 0) | opcode
  bytes[1] = 0xff
  bytes.writeBigUInt64BE(BigInt(length), 2)
  return bytes
}

/** A transport over a real WebSocket, with the gateway's socket and the peer. */
export async function openTransport() {
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
export async function openDuplex() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  whenOver(() => server.close())
  const client = connect({ port: (server.address() as { port: number }).port, host: '127.0.0.1' })
  whenOver(() => client.destroy())
  const [[socket]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(client, 'connect')])
  const transport = new DuplexTransport('peer', socket, new Heartbeat(40))
  whenOver(() => transport.terminate())
  transport.listener = { onData: () => {}, onEnd: () => {}, onClose: () => {}, onProgress: () => {} }
  return { transport, client }
}
