// The gateway inside of a Fastify app: its routes and its WebSocket endpoint on the app's own server.
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { checkOptions } from './config.ts'
import { Core } from './core.ts'
import type { GatewayOptions } from './gateway.ts'
import { OriginPolicy } from './http/origin.ts'
import { serveHttp } from './http/routes.ts'
import { createUpgrade } from './http/upgrade.ts'
import { silentLog } from './log.ts'

/** Options of a gateway; those that say where to listen are the app's business. `prefix` is Fastify's. */
export type PluginOptions = Omit<
  GatewayOptions,
  'host' | 'port' | 'tcpHost' | 'tcpPort' | 'tlsCert' | 'tlsKey' | 'tlsClientCa' | 'insecure'
> & {
  readonly prefix?: string
}

/**
 * A Fastify plugin: `await app.register(kvassPlugin, { prefix: '/kvass', store: 'memory' })` serves `/kvass/ws` and
 * the rest below the prefix. Closing the app drains the gateway and closes its store. Registering fails with
 * ConfigError for a wrong option, and with the store's error where that cannot be opened.
 */
export const kvassPlugin: FastifyPluginAsync<PluginOptions> = async (app, { prefix: _, hooks, log, ...options }) => {
  const core = await Core.open({ config: checkOptions(options), hooks, log: log ?? silentLog })
  await attach(app, { core, shared: true })
}

interface Attachment {
  readonly core: Core
  /** Whether the app serves more than the gateway. */
  readonly shared: boolean
}

/** Serves a core on an app; closing the app then closes the core. */
export async function attach(app: FastifyInstance, { core, shared }: Attachment): Promise<void> {
  const origins = new OriginPolicy(core.config.host, core.config.allowOrigin)
  const upgrade = createUpgrade(core, { path: `${app.prefix}/ws`, origins, shared })
  app.server.on('upgrade', upgrade)
  // A server does not close while an upgraded socket is open, so they end first.
  app.addHook('preClose', () => core.drain())
  app.addHook('onClose', () => core.close())
  await serveHttp(app, core)
}
