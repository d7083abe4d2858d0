// Turns an HTTP upgrade into a connection, or refuses it with an HTTP status: for its path, a token in the URL, or want of
// capacity. A browser cannot see why an upgrade failed, so each refusal is logged, without the query; and a page whose
// origin is not allowed is told in a close frame, before there is a connection.
import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { optionNote } from '../../proto/limits.ts'
import { originReasons } from '../../proto/status.ts'
import type { Core } from '../core.ts'
import { closeAtOnce, createWebSocketServer } from '../transport/handshake.ts'
import { peerOf } from '../transport/tcp.ts'
import { WebSocketTransport } from '../transport/websocket.ts'
import type { OriginPolicy } from './origin.ts'

/** Query parameters in which tokens are commonly sent. */
const tokenParameters = ['token', 'access_token', 'auth', 'authorization', 'jwt', 'api_key', 'apikey']

/** Seconds after which a refused client may try again. */
const retryAfterSeconds = 1

interface Refusal {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface UpgradeOptions {
  /** The endpoint's path: "/ws" below the prefix. */
  readonly path: string
  readonly origins: OriginPolicy
  /** Whether the server has other listeners, for the upgrades of other paths. */
  readonly shared: boolean
}

/** The listener for a server's `upgrade` event. */
export function createUpgrade(core: Core, { path, origins, shared }: UpgradeOptions): Upgrade {
  const { config, heartbeat, log, meter } = core
  const server = createWebSocketServer(config.maxFrameBytes)
  const forbid = closeAtOnce(4403)
  return (request, socket, head) => {
    const [pathname, query] = (request.url ?? '').split('?', 2)
    if (shared && pathname !== path) return
    const peer = peerOf(request.socket)
    socket.on('error', (error) => log.debug({ peer, error: error.message }, 'upgrade: socket failed'))
    const refusal = pathname === path ? check(core, request, query) : notFound(pathname)
    if (refusal !== undefined) {
      log.warn({ peer, path: pathname, origin: request.headers.origin, status: refusal.status }, refusal.message)
      refuse(socket, refusal)
      return
    }
    const { origin, host } = request.headers
    if (!origins.isAllowed(origin, host, (request.socket as TLSSocket).encrypted === true)) {
      log.warn({ peer, path: pathname, origin, code: 4403 }, 'pages of this origin may not connect: see --allow-origin')
      meter.close(4403)
      forbid(request, socket, head, origin === 'null' ? originReasons.none : originReasons.foreign)
      return
    }
    server.handleUpgrade(request, socket, head, (ws) => {
      const onViolation = (code: number) => meter.close(code)
      const options = { peer, heartbeat, onViolation, ...config }
      core.connections.accept(new WebSocketTransport(ws, socket, options))
    })
  }
}

function notFound(pathname: string | undefined): Refusal {
  return { status: 404, message: `nothing to upgrade at ${pathname}` }
}

function check(core: Core, request: IncomingMessage, query = ''): Refusal | undefined {
  const retry = { 'Retry-After': String(retryAfterSeconds) }
  if (request.method !== 'GET') return { status: 405, message: 'an upgrade must be a GET', headers: { Allow: 'GET' } }
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
    return { status: 426, message: 'the only upgrade here is to websocket', headers: { Upgrade: 'websocket' } }
  }
  if (request.headers['sec-websocket-version'] !== '13') {
    const headers = { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }
    return { status: 426, message: 'the WebSocket version must be 13', headers }
  }
  if (carriesToken(query)) {
    return { status: 400, message: 'a token must not stand in the URL, where logs keep it: send it in the hello' }
  }
  if (core.draining) return { status: 503, message: 'the gateway is going away', headers: retry }
  if (core.connections.count >= core.config.maxConnections) {
    return { status: 503, message: `too many connections${optionNote('maxConnections')}`, headers: retry }
  }
  return undefined
}

function carriesToken(query: string): boolean {
  const names = [...new URLSearchParams(query).keys()].map((name) => name.toLowerCase())
  return tokenParameters.some((name) => names.includes(name))
}

function refuse(socket: Duplex, { status, message, headers = {} }: Refusal): void {
  const body = JSON.stringify({ status, message })
  const all = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}
