// Bench "ycsb": the core workloads A to F of the Yahoo! Cloud Serving Benchmark, on both stores, beside Redis where a
// workload maps to hashes (E needs an order). A record is one value of 1,000 bytes (YCSB's are 10 fields of 100); keys are
// inserted in their order and asked for with YCSB's zipfian distribution. In a run of all benches there are fewer records,
// rounds and seconds. YCSB_RECORDS sets how many records.
import { startRedis } from './peers.ts'
import { runScript, type Server, startGateway } from './processes.ts'
import { median, percent, printSettings, printTable, short, spread } from './report.ts'
import { mixes, type Workload, type YcsbOptions, type YcsbResult } from './ycsb-workloads.ts'

const common = { connections: 50, depth: 16, valueBytes: 1_000 }
const whole = { records: 100_000, seconds: 2 }
const named = { records: 1_000_000, seconds: 5 }
/** In the order in which YCSB asks to run them: those that insert come last. */
const order: readonly Workload[] = ['load', 'A', 'B', 'C', 'F', 'D', 'E']

interface Side {
  readonly name: string
  readonly protocol: YcsbOptions['protocol']
  readonly server: Server
  present: number
  readonly results: Partial<Record<Workload, YcsbResult[]>>
}

async function run(side: Side, workload: Workload, records: number, seconds: number, seed: number): Promise<void> {
  const { protocol, server, present } = side
  const warmupSeconds = workload === 'load' ? 0 : 0.5
  const options: YcsbOptions = {
    port: server.port,
    protocol,
    workload,
    records,
    present,
    ...common,
    warmupSeconds,
    seconds,
    seed,
  }
  const result = await runScript<YcsbResult>('ycsb-load.ts', options)
  if (result.wrong > 0) throw new Error(`${side.name}, ${workload}: ${result.wrong} wrong replies, ${result.problem}`)
  side.present = result.present
  const results = side.results[workload] ?? []
  results.push(result)
  side.results[workload] = results
}

/** A gateway and, where it can be had, a Redis whose writes are as safe, for either store. */
async function startSides(): Promise<Side[]> {
  const sides: Side[] = []
  const add = (name: string, protocol: Side['protocol'], server: Server, settings: string) => {
    sides.push({ name, protocol, server, present: 0, results: {} })
    printSettings(name, settings)
  }
  const always = ['--appendonly', 'yes', '--appendfsync', 'always']
  for (const [store, peer, options] of [
    ['memory', 'redis', []],
    ['disk', 'redis, appendfsync always', always],
  ] as const) {
    add(`kvass ${store}`, 'kvass', await startGateway('--store', store), `kvass serve --store ${store}`)
    const redis = await startRedis(...options)
    if (redis !== undefined) add(peer, 'redis', redis, `redis ${redis.version} --save "" ${options.join(' ')}`.trim())
  }
  return sides
}

const maps = ({ protocol }: Side, workload: Workload) => protocol === 'kvass' || mixes[workload].scan === 0

/** Loads all sides, runs the workloads on them in turn, and prints them. */
export async function benchYcsb(rounds: number, isWholeSuite: boolean): Promise<object> {
  const size = isWholeSuite ? whole : named
  const records = Number(process.env.YCSB_RECORDS ?? size.records)
  const sides = await startSides()
  try {
    for (const side of sides) await run(side, 'load', records, 0, 1)
    for (let round = 0; round < rounds; round++) {
      for (const workload of order.slice(1)) {
        for (const side of sides) if (maps(side, workload)) await run(side, workload, records, size.seconds, round + 1)
      }
    }
  } finally {
    for (const { server } of sides) await server.stop()
  }
  const { connections, depth, valueBytes } = common
  printSettings('load', `${connections} connections, depth ${depth}, ${rounds} x ${size.seconds} s a workload`)
  const title = `YCSB, ${records.toLocaleString('en')} records of ${valueBytes} bytes`
  const rows = order.flatMap((workload) => {
    return sides.filter((side) => maps(side, workload)).map((side) => row(side, workload, sides))
  })
  printTable([[title, 'a second', 'spread', 'p50 us', 'p99 us', 'load', 'of Redis'], ...rows])
  const settings = { ...common, ...size, records }
  return { settings, results: sides.map(({ name, results }) => ({ name, results })) }
}

function row(side: Side, workload: Workload, sides: readonly Side[]): string[] {
  const of = ({ results }: Side, field: 'perSecond' | 'p50' | 'p99' | 'cpu') => {
    return results[workload]!.map((result) => result[field])
  }
  const perSecond = of(side, 'perSecond')
  // A gateway's Redis comes behind it.
  const peer = side.protocol === 'kvass' ? sides[sides.indexOf(side) + 1] : undefined
  const isPeer = peer?.protocol === 'redis' && maps(peer, workload)
  return [
    `${mixes[workload].meaning}; ${side.name}`,
    short(median(perSecond)),
    percent(spread(perSecond)),
    short(median(of(side, 'p50'))),
    short(median(of(side, 'p99'))),
    percent(median(of(side, 'cpu'))),
    isPeer ? (median(perSecond) / median(of(peer, 'perSecond'))).toFixed(2) : '',
  ]
}
