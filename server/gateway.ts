// The composition root: serves a core on its ports - HTTP with WebSocket, TCP, and in-memory pairs - and shuts all of it
// down in order.
import { readFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import type { Duplex } from 'node:stream'
import Fastify, { type FastifyInstance } from 'fastify'
import { kebab } from '../proto/limits.ts'
import { ConfigError, isLoopback } from './config.ts'
import { Core, splitOptions } from './core.ts'
import { attach } from './http/attach.ts'
import { OriginPolicy } from './http/origin.ts'
import { refuse, serveErrors } from './http/routes.ts'
import { silentLog } from './log.ts'
import type { Config } from './options.ts'
import type { Hooks } from './service/hooks.ts'
import type { Log } from './service/service.ts'
import type { Engine } from './store/engine.ts'
import { memoryPair } from './transport/memory.ts'
import { createTcpServer, type TlsMaterial, tlsOptions } from './transport/tcp.ts'

/** The options of `kvass serve` in camel case, with the same defaults, and those that only a program can give. */
export type GatewayOptions = Partial<Omit<Config, 'store'>> & {
  /** Which store to open, or an engine that is open, which the gateway closes with itself. Default: "disk". */
  readonly store?: Config['store'] | Engine

  /** Called around each command, in order; absent ones cost nothing. */
  readonly hooks?: readonly Hooks[]
  /** Such as a pino logger. Default: nothing is logged. */
  readonly log?: Log
}

/** Where a gateway listens, as URLs. */
export interface Addresses {
  /** Such as "http://127.0.0.1:5827". */
  readonly http: string
  /** Such as "ws://127.0.0.1:5827/ws". */
  readonly ws: string
  /** Such as "tcp://127.0.0.1:5828"; "tls:" with TLS; absent without a TCP port. */
  readonly tcp?: string
}

export interface Gateway {
  readonly store: Engine
  /** The Fastify app, for routes of your own before `listen`. */
  readonly app: FastifyInstance
  /** Open connections of all kinds. */
  readonly connections: number
  /** Listens on all ports, or on none: fails with a sentence that says which port could not be opened, and why. */
  listen(): Promise<Addresses>
  /** Opens an in-memory connection. Returns the client's end: write requests to it and read replies, as on TCP. */
  connect(): Duplex
  /**
   * Shuts down: accepts no new connections, finishes replies within `drainTimeoutMs`, closes every stream with 1001, and
   * makes every write safe. Idempotent.
   */
  close(): Promise<void>
}

/** Sockets beyond maxConnections, for health checks and refusals when all connections are taken. */
const spareSockets = 256

/** Opens the store and makes a gateway that does not listen yet. Throws ConfigError for a wrong option. */
export async function createGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { hooks, log = silentLog, ...rest } = options
  const { config, store } = splitOptions(rest)
  const tls = readTls(config)
  const core = await Core.open({ config, hooks, log, store })
  try {
    const app = await createApp(core, tls)
    return new PortedGateway(core, app, tls)
  } catch (error) {
    await core.close()
    throw error
  }
}

function readTls({ tlsCert, tlsKey, tlsClientCa }: Config): TlsMaterial | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined
  const read = (name: keyof Config, path: string) => {
    try {
      return readFileSync(path)
    } catch (error) {
      throw new ConfigError(`${kebab(name)} must be a file that can be read: ${(error as Error).message}`)
    }
  }
  const ca = tlsClientCa === undefined ? undefined : read('tlsClientCa', tlsClientCa)
  return { cert: read('tlsCert', tlsCert), key: read('tlsKey', tlsKey), ca }
}

async function createApp(core: Core, tls: TlsMaterial | undefined): Promise<FastifyInstance> {
  const { config } = core
  const server = {
    headersTimeout: config.headersTimeoutMs,
    requestTimeout: config.headersTimeoutMs,
    connectionsCheckingInterval: Math.max(50, Math.min(1_000, config.headersTimeoutMs / 4)),
  }
  const https = tls === undefined ? {} : { https: { ...server, ...tlsOptions(tls, config.headersTimeoutMs) } }
  const app = Fastify({ ...(tls === undefined ? { http: server } : https), forceCloseConnections: true } as object)
  app.server.maxConnections = config.maxConnections + spareSockets
  const origins = new OriginPolicy(config.host, config.allowOrigin)
  app.addHook('onRequest', async (request, reply) => {
    if (!isLoopback(config.host) || origins.isKnownHost(request.headers.host)) return
    const advice = 'an address of this gateway, or of an origin that --allow-origin names'
    return refuse(reply, 403, `The Host header must be ${advice}.`)
  })
  serveErrors(app, core)
  await attach(app, { core, shared: false })
  await app.ready()
  return app
}

class PortedGateway implements Gateway {
  readonly app: FastifyInstance
  readonly #core: Core
  readonly #tls: TlsMaterial | undefined
  #tcp: Server | undefined
  #closed: Promise<void> | undefined

  constructor(core: Core, app: FastifyInstance, tls: TlsMaterial | undefined) {
    this.#core = core
    this.app = app
    this.#tls = tls
  }

  get store(): Engine {
    return this.#core.store
  }

  get connections(): number {
    return this.#core.connections.count
  }

  async listen(): Promise<Addresses> {
    const { host, port, tcpHost = host, tcpPort } = this.#core.config
    const secure = this.#tls === undefined ? '' : 's'
    try {
      await this.app.listen({ host, port }).catch((error) => Promise.reject(listenError(error, host, port)))
      const address = at(host, this.app.server.address())
      const urls = { http: `http${secure}://${address}`, ws: `ws${secure}://${address}/ws` }
      if (tcpPort === undefined) return urls
      this.#tcp = await this.#listenTcp(tcpHost, tcpPort)
      return { ...urls, tcp: `${secure ? 'tls' : 'tcp'}://${at(tcpHost, this.#tcp.address())}` }
    } catch (error) {
      await this.close()
      throw error
    }
  }

  connect(): Duplex {
    const { transport, client } = memoryPair(this.#core.heartbeat)
    this.#core.accept(transport)
    return client
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** HTTP serves the 503 of /readyz until the connections are drained. Then it closes, and the store last. */
  async #close(): Promise<void> {
    this.#tcp?.close()
    await this.#core.drain()
    await this.app.close()
  }

  #listenTcp(host: string, port: number): Promise<Server> {
    const { heartbeat, log, config } = this.#core
    const server = createTcpServer({
      heartbeat,
      tls: this.#tls,
      handshakeTimeoutMs: config.headersTimeoutMs,
      keepAliveMs: config.pingIntervalMs,
      accept: (transport) => this.#core.accept(transport),
      refused: (peer, error) => log.debug({ peer, error: error.message }, 'TLS handshake failed'),
    })
    server.maxConnections = config.maxConnections + spareSockets
    return new Promise((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, host, port)))
      server.listen(port, host, () => resolve(server))
    })
  }
}

/** As "127.0.0.1:5827": the host as configured, the port as the system gave it. */
function at(host: string, address: AddressInfo | string | null): string {
  return `${host.includes(':') ? `[${host}]` : host}:${(address as AddressInfo).port}`
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'the port is in use; choose another with --port, or end what listens there',
    EACCES: 'the system does not allow it; ports below 1024 are often reserved',
    EADDRNOTAVAIL: 'this machine does not have that address',
    ENOTFOUND: 'there is no host of that name',
  }
  const reason = reasons[error.code ?? ''] ?? error.message
  return new Error(`cannot listen on ${host}:${port}: ${reason}`, { cause: error })
}
