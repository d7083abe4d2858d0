// Waits until an engine on disk has everything where it ends up.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine } from '../../server/store/engine.ts'
import { until } from './until.ts'

/** Waits until all is safe, the log is empty, and the space of dropped tables has come back. */
export async function settled(engine: Engine): Promise<void> {
  await until('everything is on disk', async () => {
    await nextTurn()
    const { logBytes, reclaiming } = engine.stats().disk!
    return logBytes === 0 && reclaiming === 0 && engine.safeRevisionOf('t') === engine.revisionOf('t')
  })
}
