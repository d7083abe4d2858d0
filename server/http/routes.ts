// All routes over HTTP, and the security headers of the gateway's own pages.
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../core.ts'
import { serveFiles, servePages } from './files.ts'
import { serveHealth } from './health.ts'
import { serveMetrics } from './metrics.ts'

/** Content from the page's own origin only, no inline code, and no text that becomes code. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  },
}

export async function serveHttp(app: FastifyInstance, core: Core): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy,
    // It is of use over TLS only, and a browser would apply it to other ports of the same host as well.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  serveHealth(app, core)
  serveMetrics(app, core)
  await serveFiles(app, core.config)
  const { pages } = core.config
  if (pages !== undefined) await servePages(app, pages)
  app.get('/ws', (_request, reply) => {
    reply.header('Upgrade', 'websocket').header('Connection', 'Upgrade')
    return refuse(reply, 426, 'This is a WebSocket endpoint: connect to it with a WebSocket.')
  })
}

/** The error responses of a server that is the gateway's own: for an unknown path, and for whatever was thrown. */
export function serveErrors(app: FastifyInstance, core: Core): void {
  app.setNotFoundHandler((request, reply) => refuse(reply, 404, `There is nothing at ${request.url.split('?')[0]}.`))
  app.setErrorHandler((error: Error & { statusCode?: number }, request: FastifyRequest, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return refuse(reply, status, error.message)
    core.log.error({ path: request.url.split('?')[0], error: error.stack }, 'HTTP request failed')
    return refuse(reply, status, 'Internal error.')
  })
}

export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ status, message })
}
