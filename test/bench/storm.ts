// Bench "storm": 10,000 clients that were cut off come back at once and resume a watch each, beside bare `ws` that accepts
// as many and echoes one message of the same size. STORM_CLIENTS sets how many.
import { greeting } from './client.ts'
import { openFilesFor } from './files.ts'
import { load, runScript, type Server, startControl, startGateway } from './processes.ts'
import { atMost, median, percent, printSettings, printTable, short, spread } from './report.ts'
import type { StormOptions, StormResult } from './storm-load.ts'
import { table } from './workload.ts'

const wanted = Number(process.env.STORM_CLIENTS ?? 10_000)
const window = 400
/** A large table would make the first snapshots of all clients the longest part of a run; a resume does not get it. */
const keys = 10
/** About as many bytes as a gateway replies to a hello and a watch. */
const replyBytes = 200
const goal = 2.5

/** Runs both in turn, `rounds` times, and prints them. */
export async function benchStorm(rounds: number): Promise<object> {
  const clients = openFilesFor(wanted)
  const gateway = await startGateway('--store', 'memory', '--max-connections', String(2 * clients))
  const control = await startControl(greeting([{ table }]).length, replyBytes)
  const runs = { kvass: [] as StormResult[], ws: [] as StormResult[] }
  const storm = ({ port, pid }: Server, more: Partial<StormOptions>) =>
    runScript<StormResult>('storm-load.ts', { port, pid, clients, window, ...more } satisfies StormOptions)
  try {
    const seeding = { clients: 1, depth: 1, operation: 'hset', valueBytes: 64, warmupSeconds: 0, seconds: 0 } as const
    await load({ port: gateway.port, keys, ...seeding, seedOnly: true })
    for (let round = 0; round < rounds; round++) {
      runs.kvass.push(await storm(gateway, {}))
      runs.ws.push(await storm(control, { replyBytes }))
    }
  } finally {
    await gateway.stop()
    await control.stop()
  }
  const of = (results: readonly StormResult[], name: keyof StormResult) => median(results.map((one) => one[name]))
  const ratio = of(runs.kvass, 'ms') / of(runs.ws, 'ms')
  const row = (name: string, results: readonly StormResult[], verdict: string[]) => [
    name,
    of(results, 'ms').toFixed(0),
    percent(spread(results.map(({ ms }) => ms))),
    short(of(results, 'ms') * (1000 / clients)),
    short(of(results, 'serverMs') * (1000 / clients)),
    percent(of(results, 'loadMs') / of(results, 'ms')),
    ...verdict,
  ]
  printSettings(
    'kvass',
    `kvass serve --store memory --max-connections ${2 * clients}; one change to get, of ${keys} keys`,
  )
  printSettings('bare ws', `ws that replies to the bytes of a hello and a watch with ${replyBytes}`)
  printTable([
    [
      `${clients} clients back, ${window} under way`,
      'ms',
      'spread',
      'us each',
      'server us each',
      'load',
      'of ws',
      'goal',
    ],
    row('kvass: hello, watch resumed', runs.kvass, [ratio.toFixed(2), atMost(goal, ratio)]),
    row('bare ws: one echo', runs.ws, ['', '']),
  ])
  return { clients, wanted, window, keys, replyBytes, goal, ratio, runs }
}
