// Bench "growth": what a gateway keeps of its speed as it grows. Reads of 10,000,000 keys on disk beside 10,000, keys at
// random and warm; and latency in an open loop beside 15,000 idle connections with two watches each, and beside none. In
// a run of all benches there are 1,000,000 keys. GROWTH_KEYS and GROWTH_IDLE set both sizes.
import { openFilesFor } from './files.ts'
import type { IdleOptions } from './idle-load.ts'
import { latencyCells, latencyTitles, medians, openLoop } from './latency.ts'
import type { OpenLoopResult } from './open-loop.ts'
import { holdScript, load, type Server, startGateway } from './processes.ts'
import { atLeast, atMost, median, percent, printSettings, printTable, short, spread } from './report.ts'
import type { LoadOptions, LoadResult } from './workload.ts'

const valueBytes = 64
const connections = 50
/** Room for 10,000,000 entries, in one of the cache's two generations. */
const cacheBytes = 3 * 2 ** 30
const reads = { depth: 64, seconds: 2, warmSeconds: 10, few: 10_000, manyInAll: 1_000_000, many: 10_000_000, goal: 0.8 }
/** What an idle connection watches: nothing is written there, so it gets bookmarks. */
const idleTables = ['quiet', 'still']
const idling = { idle: 15_000, rate: 10_000, keys: 10_000, seconds: 3, goal: 1.2 }

interface Store {
  readonly keys: number
  readonly server: Server
  readonly seedSeconds: number
  readonly runs: LoadResult[]
}

function hget(port: number, keys: number, seconds: number): LoadOptions {
  const { depth } = reads
  return { port, clients: connections, depth, operation: 'hget', keys, valueBytes, warmupSeconds: 0.5, seconds }
}

/** A store on disk with so many keys, each of them read for a while. */
async function warmStore(keys: number): Promise<Store> {
  const server = await startGateway('--store', 'disk', '--cache-bytes', String(cacheBytes))
  const begun = performance.now()
  await load({ ...hget(server.port, keys, 0), operation: 'hset', seedOnly: true })
  const seedSeconds = (performance.now() - begun) / 1000
  await load(hget(server.port, keys, reads.warmSeconds))
  return { keys, server, seedSeconds, runs: [] }
}

async function growKeys(rounds: number, many: number): Promise<object> {
  const stores: Store[] = []
  try {
    for (const keys of [reads.few, many]) stores.push(await warmStore(keys))
    for (let round = 0; round < rounds; round++) {
      for (const { server, keys, runs } of stores) {
        const result = await load(hget(server.port, keys, reads.seconds))
        if (result.wrong > 0) throw new Error(`${result.wrong} wrong replies`)
        runs.push(result)
      }
    }
  } finally {
    for (const { server } of stores) await server.stop()
  }
  const rows = stores.map(({ keys, seedSeconds, runs }) => {
    const rates = runs.map(({ perSecond }) => perSecond)
    const [p99, cpu] = [median(runs.map((run) => run.p99)), median(runs.map((run) => run.cpu))]
    return { keys, seedSeconds, perSecond: median(rates), spread: spread(rates), p99, cpu, runs }
  })
  const ratio = rows[1]!.perSecond / rows[0]!.perSecond
  printSettings(
    'kvass, keys',
    `kvass serve --store disk --cache-bytes ${cacheBytes}, ${valueBytes}-byte values; read for ${reads.warmSeconds} s before`,
  )
  printSettings(
    'load, keys',
    `${connections} connections, depth ${reads.depth}, ${reads.seconds} s, keys at random over all`,
  )
  printTable([
    [
      `hget, disk, warm, depth ${reads.depth}`,
      'seeded in s',
      'a second',
      'spread',
      'p99 us',
      'generator',
      'ratio',
      'goal',
    ],
    ...rows.map(({ keys, seedSeconds, perSecond, spread, p99, cpu }, index) => [
      `${keys.toLocaleString('en')} keys`,
      seedSeconds.toFixed(1),
      short(perSecond),
      percent(spread),
      short(p99),
      percent(cpu),
      ...(index === 0 ? ['', ''] : [ratio.toFixed(2), atLeast(reads.goal, ratio)]),
    ]),
  ])
  return { settings: { ...reads, many, valueBytes, connections, cacheBytes }, ratio, rows }
}

/** Stops processes that would take time on the cores of the two that are measured. */
async function without(stopped: Server[], run: () => Promise<OpenLoopResult>): Promise<OpenLoopResult> {
  for (const { pid } of stopped) process.kill(pid, 'SIGSTOP')
  try {
    return await run()
  } finally {
    for (const { pid } of stopped) process.kill(pid, 'SIGCONT')
  }
}

async function growConnections(rounds: number): Promise<object> {
  const idle = openFilesFor(Number(process.env.GROWTH_IDLE ?? idling.idle))
  // A peer may be stopped for longer than a ping waits by default.
  const serve = ['--store', 'memory', '--max-connections', String(idle + 2 * connections), '--ping-timeout-ms', '60000']
  const gateway = () => startGateway(...serve)
  const [crowded, empty] = [await gateway(), await gateway()]
  const options: IdleOptions = { port: crowded.port, connections: idle, watches: idleTables, bare: false }
  const { rate, keys, seconds } = idling
  const runs = { crowded: [] as OpenLoopResult[], empty: [] as OpenLoopResult[] }
  const measure = ({ port }: Server) =>
    openLoop({ port, connections, rate, keys, valueBytes, warmupSeconds: 1, seconds })
  const holder = await holdScript('idle-load.ts', options)
  try {
    for (const server of [crowded, empty]) {
      await load({ ...hget(server.port, keys, 0), operation: 'hset', seedOnly: true })
      // The first runs find code that is not compiled yet, which a thread on the same core then does.
      for (let run = 0; run < 2; run++) await measure(server)
    }
    for (let round = 0; round < rounds; round++) {
      runs.empty.push(await without([crowded], () => measure(empty)))
      // The process that holds the idle connections would take the core of the load, for up to 12 ms at once. Their sockets take what
      // the gateway sends, and its pings get their pongs after the run.
      runs.crowded.push(await without([empty, holder], () => measure(crowded)))
    }
  } finally {
    await holder.stop()
    await crowded.stop()
    await empty.stop()
  }
  const results = { empty: medians(runs.empty), crowded: medians(runs.crowded) }
  const ratio = results.crowded.p99 / results.empty.p99
  printSettings('kvass, connections', `kvass serve ${serve.join(' ')}`)
  printSettings(
    'load, connections',
    `${connections} connections, open loop of ${seconds} s, ${valueBytes}-byte values; the process with the idle ones is stopped`,
  )
  const row = (name: string, latency: ReturnType<typeof medians>, verdict: string[]) => [
    name,
    ...latencyCells(latency),
    percent(latency.busy),
    ...verdict,
  ]
  printTable([
    [`hget, memory, depth 1, ${rate} a second`, ...latencyTitles, 'generator', 'ratio', 'goal'],
    row('no other connection', results.empty, ['', '']),
    row(`${idle} idle connections, two watches each`, results.crowded, [ratio.toFixed(2), atMost(idling.goal, ratio)]),
  ])
  return { settings: { ...idling, idle, valueBytes, connections }, ratio, results, runs }
}

/** Runs both and prints them. */
export async function benchGrowth(rounds: number, isWholeSuite: boolean): Promise<object> {
  const many = Number(process.env.GROWTH_KEYS ?? (isWholeSuite ? reads.manyInAll : reads.many))
  return { keys: await growKeys(rounds, many), connections: await growConnections(rounds) }
}
