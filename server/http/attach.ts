// Serves a core through a Fastify app: its routes and its WebSocket endpoint, and their shutdown in order.
import type { FastifyInstance } from 'fastify'
import type { Core } from '../core.ts'
import { OriginPolicy } from './origin.ts'
import { serveHttp } from './routes.ts'
import { createUpgrade } from './upgrade.ts'

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
  // A server does not close while an upgraded socket is open, so those end first.
  app.addHook('preClose', () => core.drain())
  app.addHook('onClose', () => core.close())
  await serveHttp(app, core)
}
