// Static files: from the build the dashboard at / and the SDK as one module at /sdk.js; and the user's own pages.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import serveStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ConfigError } from '../config.ts'

/** The build's web folder: beside this file's own when that is built, else in the dist/ of the sources. */
function webFolder(): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/web/' : '../../web/'
  return fileURLToPath(new URL(folder, import.meta.url))
}

/** Serves the SDK and the dashboard. Without a build, a 404 says how to make one. */
export async function serveFiles(app: FastifyInstance, { dashboard }: { readonly dashboard: boolean }): Promise<void> {
  const web = webFolder()
  await app.register(serveStatic, { root: web, serve: false, etag: true, cacheControl: false })
  serveSdk(app, web)
  if (dashboard) serveDashboard(app, `${web}dashboard/`)
}

/** The headers that restrict the gateway's own pages. */
const ownPolicy = ['content-security-policy', 'cross-origin-opener-policy', 'referrer-policy', 'x-frame-options']

/** Serves a folder below /pages/ without those headers: its pages are not the gateway's. */
export async function servePages(app: FastifyInstance, folder: string): Promise<void> {
  const root = resolve(folder)
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConfigError(`pages must be a folder that exists: ${root} is none.`)
  }
  const setHeaders = (reply: { removeHeader(name: string): unknown }) => {
    for (const header of ownPolicy) reply.removeHeader(header)
  }
  const options = { root, prefix: '/pages/', decorateReply: false, cacheControl: false, setHeaders }
  // Names that begin with a dot are not served: .git, .env.
  await app.register(serveStatic, { ...options, dotfiles: 'ignore' })
}

function serveSdk(app: FastifyInstance, web: string): void {
  app.get('/sdk.js', async (_request, reply) => {
    if (!existsSync(`${web}sdk.js`)) return notBuilt(reply, 'The SDK')
    // A public script without credentials: pages of any origin may import it, and they revalidate it each time.
    reply.header('Access-Control-Allow-Origin', '*').header('Cross-Origin-Resource-Policy', 'cross-origin')
    return reply.header('Cache-Control', 'no-cache').sendFile('sdk.js', web)
  })
}

function serveDashboard(app: FastifyInstance, folder: string): void {
  const page = async (_request: FastifyRequest, reply: FastifyReply) => {
    if (!existsSync(`${folder}index.html`)) return notBuilt(reply, 'The dashboard')
    reply.header('Cache-Control', 'no-cache')
    if (app.prefix === '') return reply.sendFile('index.html', folder)
    // The built page takes the root of the origin for the gateway's.
    const html = readFileSync(`${folder}index.html`, 'utf8').replaceAll('"/assets/', `"${app.prefix}/assets/`)
    return reply.type('text/html; charset=utf-8').send(html)
  }
  app.get('/', page)
  // Which addresses are rooms, the page knows: it gets all that nothing else has, when somebody goes there.
  app.get('/*', async (request, reply) => {
    reply.header('Vary', 'Accept')
    return request.headers.accept?.includes('text/html') ? page(request, reply) : reply.callNotFound()
  })
  app.get('/assets/*', async (request, reply) => {
    // Their names hold a digest of their content: they never change.
    reply.header('Cache-Control', 'public, max-age=31536000, immutable')
    return reply.sendFile((request.params as { '*': string })['*'], `${folder}assets/`)
  })
}

function notBuilt(reply: FastifyReply, what: string): FastifyReply {
  return reply.code(404).send({ status: 404, message: `${what} is not built: run npm run build.` })
}
