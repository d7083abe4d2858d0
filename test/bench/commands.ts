// Bench "commands": what a command costs through the whole gateway, beside Redis at the same pipeline depth and, for
// the memory store, beside bare `ws` moving the same bytes. One server process, 50 connections, 64-byte values, 100,000
// keys. SUSTAIN_SECONDS (12) sets how long each round of the sustained writes takes.
import { encode } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'
import { requestFrame } from './client.ts'
import { type Peer, startRedis } from './peers.ts'
import { gatewayVersion, load, redisBenchmark, type Server, startControl, startGateway } from './processes.ts'
import { atLeast, median, percent, printSettings, printTable, short, spread } from './report.ts'
import { keyOf, type LoadOptions, lookEveryMs, type Operation, table, valueOf } from './workload.ts'

const keys = 100_000
const valueBytes = 64
const clients = 50
const seconds = 1.5
const warmupSeconds = 0.5
const sustainSeconds = Number(process.env.SUSTAIN_SECONDS ?? 12)
/** About the revision of a store that has been written for a while. */
const typicalRevision = 1_000_000
/** So little log that nearly all of what was written is in LMDB, and read from there. */
const smallLogBytes = 1 << 20

interface Case {
  readonly operation: Operation
  readonly depth: number
  readonly seconds: number
  /** Lowest share of what Redis and bare `ws` do. */
  readonly ofRedis?: number
  readonly ofWs?: number
}

/** Cases that share a gateway and a Redis. */
interface Setup {
  readonly name: string
  readonly gateway: readonly string[]
  readonly redis: readonly string[]
  readonly withWs: boolean
  /** Wait after the keys were written until the log is this short. */
  readonly logBytes?: number
  readonly cases: readonly Case[]
}

const setups: readonly Setup[] = [
  {
    name: 'memory',
    gateway: ['--store', 'memory'],
    redis: [],
    withWs: true,
    cases: [
      { operation: 'hget', depth: 1, seconds, ofRedis: 1, ofWs: 0.9 },
      { operation: 'hget', depth: 64, seconds, ofRedis: 1.5 },
      { operation: 'hset', depth: 1, seconds },
      { operation: 'hset', depth: 64, seconds, ofRedis: 1.2 },
    ],
  },
  {
    name: 'disk',
    gateway: ['--store', 'disk', '--checkpoint-bytes', String(smallLogBytes)],
    redis: [],
    withWs: false,
    logBytes: smallLogBytes,
    cases: [{ operation: 'hget', depth: 64, seconds, ofRedis: 1 }],
  },
  {
    name: 'disk, flush',
    gateway: ['--store', 'disk', '--durability', 'flush'],
    redis: ['--appendonly', 'yes', '--appendfsync', 'always'],
    withWs: false,
    cases: [
      { operation: 'hset', depth: 1, seconds, ofRedis: 0.9 },
      { operation: 'hset', depth: 64, seconds: sustainSeconds, ofRedis: 1.5 },
    ],
  },
]

/** What one side did in all rounds. */
class Row {
  readonly side: string
  readonly perSecond: number[] = []
  readonly eachSecond: number[] = []
  readonly p99: number[] = []
  readonly generator: number[] = []
  /** Of the generator's share, what is not the system's sending and receiving. */
  readonly generatorUser: number[] = []

  constructor(side: string) {
    this.side = side
  }

  async measure(options: LoadOptions): Promise<void> {
    const result = await load(options)
    if (result.wrong > 0) throw new Error(`${this.side}: ${result.wrong} wrong replies`)
    this.perSecond.push(result.perSecond)
    this.eachSecond.push(...result.eachSecond)
    this.p99.push(result.p99)
    this.generator.push(result.cpu)
    this.generatorUser.push(result.cpuUser)
  }

  async measureRedis({ port }: Server, { operation, depth, seconds }: Case): Promise<void> {
    const command = [operation, table, 'key:__rand_int__', ...(operation === 'hset' ? ['x'.repeat(valueBytes)] : [])]
    const run = (requests: number) => {
      const shape = ['-c', clients, '-P', depth, '-r', keys, '-n', Math.round(requests)].map(String)
      return redisBenchmark(port, [...shape, ...command])
    }
    // It knows no time, only a number of requests: as many as take about that long.
    const rate = this.perSecond.at(-1) ?? (await run(depth === 1 ? 20_000 : 300_000)).perSecond
    const { perSecond, p99 } = await run(rate * seconds)
    this.perSecond.push(perSecond)
    this.p99.push(p99)
  }

  get median(): number {
    return median(this.perSecond)
  }

  /** Columns that every side has. */
  cells(): string[] {
    const shares = [this.generator, this.generatorUser].map((all) => (all.length > 0 ? percent(median(all)) : ''))
    return [short(this.median), percent(spread(this.perSecond)), short(median(this.p99)), ...shares]
  }
}

/** Bytes of one request and one reply, as they are on the wire. */
function sizes(operation: Operation): { request: number; reply: number } {
  const value = { binary: valueOf(0, valueBytes) }
  const pair = { key: keyOf(0), value }
  const request = operation === 'hget' ? { hget: { table, key: keyOf(0) } } : { hset: { table, pair } }
  const durability = operation === 'hset' ? 2 : undefined
  const reply = { status: 200, values: [value], durability, revision: typicalRevision }
  return {
    request: requestFrame(request).length,
    reply: frame(encode('CommandResponse', reply)).length,
  }
}

function common(port: number, { operation, depth, seconds }: Case): LoadOptions {
  return { port, clients, depth, operation, keys, valueBytes, warmupSeconds, seconds }
}

async function seedRedis({ port }: Server): Promise<void> {
  const script = `for i=0,${keys - 1} do redis.call('HSET','${table}',string.format('key:%012d',i),ARGV[1]) end`
  await redisBenchmark(port, ['-n', '1', '-c', '1', 'eval', script, '0', 'x'.repeat(valueBytes)])
}

/** One number of a gateway's metrics. */
async function metric({ port }: Server, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const line = text.split('\n').find((line) => line.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}

const checkpoints = (gateway: Server) => metric(gateway, 'kvass_checkpoint_seconds_count')

async function seed(gateway: Server, logBytes: number | undefined): Promise<void> {
  await load({ ...common(gateway.port, setups[0]!.cases[0]!), seedOnly: true })
  if (logBytes === undefined) return
  const deadline = performance.now() + 30_000
  while ((await metric(gateway, 'kvass_store_bytes{kind="log"}')) > logBytes) {
    if (performance.now() > deadline) throw new Error(`the log is still longer than ${logBytes} bytes`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Sides {
  readonly gateway: Server
  readonly redis: Peer | undefined
}

/** Measures all sides of a case in turn, `rounds` times. */
async function runCase({ gateway, redis }: Sides, setup: Setup, one: Case, rounds: number) {
  const { request, reply } = sizes(one.operation)
  const control = setup.withWs ? await startControl(request, reply) : undefined
  const rows = { kvass: new Row('kvass'), ws: new Row('bare ws'), redis: new Row('redis') }
  const before = await checkpoints(gateway)
  try {
    for (let round = 0; round < rounds; round++) {
      await rows.kvass.measure(common(gateway.port, one))
      if (control !== undefined) await rows.ws.measure({ ...common(control.port, one), replyBytes: reply })
      if (redis !== undefined) await rows.redis.measureRedis(redis, one)
    }
  } finally {
    await control?.stop()
  }
  const sides = Object.values(rows).filter(({ perSecond }) => perSecond.length > 0)
  return { setup: setup.name, ...one, checkpoints: (await checkpoints(gateway)) - before, rows, sides }
}

type Result = Awaited<ReturnType<typeof runCase>>

function goals({ ofRedis, ofWs, rows: { kvass, redis, ws } }: Result): string {
  const { median } = kvass
  const all = []
  if (ofRedis !== undefined && redis.perSecond.length > 0) all.push(`redis ${atLeast(ofRedis, median / redis.median)}`)
  if (ofWs !== undefined && ws.perSecond.length > 0) all.push(`ws ${atLeast(ofWs, median / ws.median)}`)
  return all.join(', ')
}

function rowsOf(result: Result): string[][] {
  const { setup, operation, depth, sides, rows } = result
  const ratio = (side: Row) => (side.perSecond.length > 0 ? (rows.kvass.median / side.median).toFixed(2) : '')
  return sides.map((side) => {
    const name = `${operation} ${side.side}${side === rows.ws ? '' : `, ${setup}`}`
    const overheadUs = rows.ws.perSecond.length > 0 ? (1e6 / rows.kvass.median - 1e6 / rows.ws.median).toFixed(2) : ''
    const compared = [ratio(rows.ws), overheadUs, ratio(rows.redis), goals(result)]
    return [name, String(depth), ...side.cells(), ...(side === rows.kvass ? compared : compared.map(() => ''))]
  })
}

function printSustained({ operation, rows: { kvass }, checkpoints }: Result): void {
  if (kvass.eachSecond.length === 0) return
  printTable([
    [`${operation} kvass, disk, flush, sustained`, 's in all', 'checkpoints', 'slowest s', 'fastest s'],
    [
      'a second of writes',
      String(kvass.eachSecond.length),
      String(checkpoints),
      short(Math.min(...kvass.eachSecond)),
      short(Math.max(...kvass.eachSecond)),
    ],
  ])
}

/** Runs all cases in turn, each side `rounds` times, and prints them. */
export async function benchCommands(rounds: number): Promise<object> {
  printSettings('load', `${clients} connections, ${keys} random keys all present, ${valueBytes}-byte values`)
  printSettings('load at depth 64', `looks at its sockets every ${lookEveryMs} ms`)
  const results: Result[] = []
  for (const setup of setups) {
    const gateway = await startGateway(...setup.gateway)
    const redis = await startRedis(...setup.redis)
    try {
      printSettings(`kvass, ${setup.name}`, `${gatewayVersion()}, serve ${setup.gateway.join(' ')}`)
      if (redis !== undefined) {
        printSettings(`redis, ${setup.name}`, `${redis.version}, --save "" ${setup.redis.join(' ')}`.trim())
        await seedRedis(redis)
      }
      await seed(gateway, setup.logBytes)
      for (const one of setup.cases) results.push(await runCase({ gateway, redis }, setup, one, rounds))
    } finally {
      await gateway.stop()
      await redis?.stop()
    }
  }
  const load = ['generator', 'of it user']
  const head = ['command', 'depth', 'a second', 'spread', 'p99 us', ...load, 'of ws', 'overhead us', 'of redis', 'goal']
  printTable([head, ...results.flatMap(rowsOf)])
  for (const result of results) if (result.checkpoints > 0) printSustained(result)
  return results.map(({ sides, rows, ...rest }) => {
    return { ...rest, sides: sides.map((side) => ({ ...side, median: side.median, spread: spread(side.perSecond) })) }
  })
}
