// A gateway without its ports: the store, the service, the connections. createGateway and the Fastify plugin both build
// on it, so they serve alike and shut down alike.

import { encodeResponse } from '../proto/codec.ts'
import { frame } from '../proto/frame.ts'
import { type CloseCode, closeCodes } from '../proto/status.ts'
import { ConfigError, checkOptions, limitsOf } from './config.ts'
import { Connections } from './connection/connections.ts'
import type { Heartbeat } from './connection/heartbeat.ts'
import type { Transport } from './connection/transport.ts'
import type { Config } from './options.ts'
import type { Hooks } from './service/hooks.ts'
import { Meter } from './service/meter.ts'
import { type Log, Service } from './service/service.ts'
import type { Engine } from './store/engine.ts'
import { MemoryEngine } from './store/memory/engine.ts'
import { version } from './version.ts'

export interface CoreOptions {
  readonly config: Config
  readonly hooks?: readonly Hooks[] | undefined
  readonly log: Log
  /** An engine that is open; by default the one that the config names is opened. */
  readonly store?: Engine | undefined
}

export class Core {
  readonly config: Config
  readonly log: Log
  readonly store: Engine
  readonly meter = new Meter()
  readonly service: Service
  readonly connections: Connections
  #drained: Promise<void> | undefined
  #closed: Promise<void> | undefined

  /** Opens the store, and fails with its error where it cannot be opened. */
  static async open(options: CoreOptions): Promise<Core> {
    return new Core(options, options.store ?? (await openStore(options.config, options.log)))
  }

  constructor({ config, hooks = [], log }: Omit<CoreOptions, 'store'>, store: Engine) {
    this.config = config
    this.log = log
    this.store = store
    const limits = limitsOf(config)
    const maxDowntimeMs = config.maxDowntimeSeconds * 1000
    this.service = new Service({ store, limits, meter: this.meter, hooks, log, version, maxDowntimeMs })
    this.connections = new Connections({ service: this.service, store, limits, meter: this.meter, log })
  }

  /** The one that connections and transports share. */
  get heartbeat(): Heartbeat {
    return this.connections.heartbeat
  }

  /** Whether the gateway is shutting down, and refuses new connections. */
  get draining(): boolean {
    return this.#drained !== undefined
  }

  /** Serves a stream, or closes it with the code that says why not. (HTTP refuses an upgrade before it is a stream.) */
  accept(transport: Transport): void {
    if (this.draining) this.#refuse(transport, 1001)
    else if (this.connections.count >= this.config.maxConnections) this.#refuse(transport, 1013)
    else this.connections.accept(transport)
  }

  #refuse(transport: Transport, code: CloseCode): void {
    this.meter.close(code)
    if (!transport.hasCloseCodes) {
      const bytes = frame(encodeResponse({ status: code, message: closeCodes[code].reason }))
      transport.write(bytes, 0, bytes.length, false)
    }
    transport.close(code)
  }

  /** Finishes the replies under way and ends every connection with 1001. Idempotent. */
  drain(): Promise<void> {
    this.#drained ??= this.connections.drain()
    return this.#drained
  }

  /** Drains, then makes every write safe and closes the store. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    try {
      await this.drain()
    } finally {
      this.service.close()
      await this.store.close()
    }
  }
}

const engineMethods = [
  ...(['revisionOf', 'safeRevisionOf', 'whenSafe', 'pressure', 'get', 'set', 'delete', 'apply', 'range'] as const),
  ...(['count', 'tables', 'drop', 'changes', 'stats', 'close'] as const),
] satisfies (keyof Engine)[]

/** The configuration that a program's options make, and the engine where `store` is one. Throws ConfigError. */
export function splitOptions(options: Readonly<Record<string, unknown>>): { config: Config; store?: Engine } {
  const { store, ...rest } = options
  if (typeof store !== 'object' || store === null) return { config: checkOptions(options) }
  const missing = engineMethods.filter((name) => typeof (store as Partial<Engine>)[name] !== 'function')
  if (missing.length > 0) {
    throw new ConfigError(`store must be "disk", "memory" or an engine, and this object has no ${missing.join(', ')}`)
  }
  return { config: checkOptions(rest), store: store as Engine }
}

async function openStore(config: Config, log: Log): Promise<Engine> {
  const { tombstoneSeconds, maxTombstones } = config
  if (config.store === 'memory') return new MemoryEngine({ tombstoneSeconds, maxTombstones })
  // A store in memory needs no LMDB, so that is loaded only here.
  const { openDisk } = await import('./store/disk/engine.ts')
  return openDisk({
    directory: config.data,
    durability: config.durability,
    checkpointBytes: config.checkpointBytes,
    maxOverlayBytes: config.maxOverlayBytes,
    cacheBytes: config.cacheBytes,
    tombstoneSeconds,
    maxTombstones,
    log,
  })
}
