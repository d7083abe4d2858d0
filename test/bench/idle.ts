// Bench "idle": resident memory of a connection that said hello, watches two tables and does nothing, beside one of bare
// `ws`. Each run has a server of its own, on which nothing else was done before. IDLE_CONNECTIONS sets how many.
import { openFilesFor } from './files.ts'
import type { IdleOptions, IdleResult } from './idle-load.ts'
import { load, runScript, type Server, startControl, startGateway } from './processes.ts'
import { atMost, median, percent, printSettings, printTable, spread } from './report.ts'
import { table } from './workload.ts'

const wanted = Number(process.env.IDLE_CONNECTIONS ?? 18_000)
const goalBytes = 12 * 1024
/** Entries of the first table; the second one has none. */
const keys = 10
const tables = [table, 'empty']

async function measure(server: Server, options: Pick<IdleOptions, 'connections' | 'bare'>): Promise<IdleResult> {
  const { port, pid } = server
  if (!options.bare) {
    const seeding = { clients: 1, depth: 1, operation: 'hset', valueBytes: 64, warmupSeconds: 0, seconds: 0 } as const
    await load({ port, keys, ...seeding, seedOnly: true })
  }
  try {
    return await runScript<IdleResult>('idle-load.ts', { port, pid, watches: tables, ...options } satisfies IdleOptions)
  } finally {
    await server.stop()
  }
}

/** Measures both in turn and prints them. */
export async function benchIdle(rounds: number): Promise<object> {
  const connections = openFilesFor(wanted)
  const gateway = () => startGateway('--store', 'memory', '--max-connections', String(connections + 100))
  const runs = { kvass: [] as IdleResult[], ws: [] as IdleResult[] }
  for (let round = 0; round < rounds; round++) {
    runs.kvass.push(await measure(await gateway(), { connections, bare: false }))
    runs.ws.push(await measure(await startControl(1, 1), { connections, bare: true }))
  }
  const bytes = (results: readonly IdleResult[]) => results.map(({ before, after }) => (after - before) / connections)
  const row = (name: string, results: readonly IdleResult[], goal: string) => [
    name,
    String(connections),
    ...[
      median(results.map(({ before }) => before)) / 2 ** 20,
      median(results.map(({ after }) => after)) / 2 ** 20,
      median(bytes(results)) / 1024,
    ].map((value) => value.toFixed(1)),
    percent(spread(bytes(results))),
    median(results.map(({ openSeconds }) => openSeconds)).toFixed(1),
    results.every(({ atRest }) => atRest) ? 'yes' : 'no',
    goal,
  ]
  const perConnection = { kvass: median(bytes(runs.kvass)), ws: median(bytes(runs.ws)) }
  printSettings('kvass', `kvass serve --store memory --max-connections ${connections + 100}`)
  printSettings('runs', 'each with a new process of either server')
  printTable([
    ['idle', 'connections', 'MiB before', 'with them', 'KiB each', 'spread', 'opened in s', 'at rest', 'goal'],
    row('kvass, hello and 2 watches', runs.kvass, atMost(goalBytes / 1024, perConnection.kvass / 1024)),
    row('bare ws', runs.ws, ''),
  ])
  return { connections, wanted, goalBytes, perConnection, runs }
}
