// The stream of frames on a TCP port, plain or over TLS. It makes transports and hands them to its caller.
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Heartbeat } from '../connection/heartbeat.ts'
import type { Transport } from '../connection/transport.ts'
import { DuplexTransport } from './duplex.ts'

/** Key material as PEM; with `ca`, clients must show a certificate that it signed. */
export interface TlsMaterial {
  readonly cert: string | Buffer
  readonly key: string | Buffer
  readonly ca?: string | Buffer | undefined
}

export interface TcpOptions {
  readonly heartbeat: Heartbeat
  /** Absent: plain TCP. */
  readonly tls?: TlsMaterial | undefined
  readonly handshakeTimeoutMs: number
  readonly keepAliveMs: number
  /** Called with each new stream. */
  readonly accept: (transport: Transport) => void
  /** Called for each handshake that failed. */
  readonly refused?: (peer: string, error: Error) => void
}

/** The TLS options of all ports of a gateway. */
export function tlsOptions(tls: TlsMaterial, handshakeTimeoutMs: number) {
  const client = tls.ca === undefined ? {} : { ca: tls.ca, requestCert: true, rejectUnauthorized: true }
  return { cert: tls.cert, key: tls.key, handshakeTimeout: handshakeTimeoutMs, ...client }
}

export function createTcpServer({ heartbeat, tls, accept, refused, ...times }: TcpOptions): Server {
  const serve = (socket: Socket) => {
    accept(new DuplexTransport(peerOf(socket), socket, heartbeat))
  }
  // A peer may end its side and still read the replies: `nc` does.
  const sockets = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: times.keepAliveMs }
  if (tls === undefined) return createServer(sockets, serve)
  const options = { ...sockets, ...tlsOptions(tls, times.handshakeTimeoutMs), ALPNProtocols: ['kv'] }
  const server = createTlsServer(options, serve)
  server.on('tlsClientError', (error, socket) => {
    refused?.(peerOf(socket), error)
    // Node does not close a socket whose handshake failed.
    socket.destroy()
  })
  return server
}

/** The address of the peer, as the log shows it. */
export function peerOf(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  const host = socket.remoteAddress ?? 'unknown'
  return `${host.includes(':') ? `[${host}]` : host}:${socket.remotePort ?? 0}`
}
