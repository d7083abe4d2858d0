// Health checks: /healthz says that the process runs, /readyz that the store works and new connections are accepted.
import type { FastifyInstance } from 'fastify'
import type { Core } from '../core.ts'
import { anyTable } from '../store/engine.ts'

/** Milliseconds that the store has to make its last write safe; a group commit takes a few. */
const storeTimeoutMs = 2_000

export function serveHealth(app: FastifyInstance, core: Core): void {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    if (core.draining) return reply.code(503).send({ status: 'draining' })
    try {
      await checkStore(core)
    } catch (error) {
      return reply.code(503).send({ status: 'store failed', message: (error as Error).message })
    }
    return {
      status: 'ready',
      store: core.store.kind,
      epoch: core.store.epoch,
      revision: core.store.revisionOf(anyTable),
    }
  })
}

/** Fails where the store cannot be read, or can make no write safe any more. */
function checkStore({ store }: Core): Promise<void> {
  return new Promise((resolve, reject) => {
    store.stats()
    const timer = setTimeout(
      () => reject(new Error('the store has not made its last write safe in time')),
      storeTimeoutMs,
    )
    store.whenSafe(anyTable, store.revisionOf(anyTable), (error) => {
      clearTimeout(timer)
      if (error === undefined) resolve()
      else reject(error)
    })
  })
}
