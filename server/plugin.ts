// The gateway as a Fastify plugin: its routes and its WebSocket endpoint on the app's own server.
import type { FastifyPluginAsync } from 'fastify'
import { Core, splitOptions } from './core.ts'
import type { GatewayOptions } from './gateway.ts'
import { attach } from './http/attach.ts'
import { silentLog } from './log.ts'

/** The options of a gateway without those for listening, which are the app's. `prefix` is Fastify's. */
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
export const kvassPlugin: FastifyPluginAsync<PluginOptions> = async (
  app,
  { prefix: _, hooks, log = silentLog, ...options },
) => {
  const { config, store } = splitOptions(options)
  const core = await Core.open({ config, hooks, log, store })
  await attach(app, { core, shared: true })
}
