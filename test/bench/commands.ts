// Bench "commands": what a command costs through the whole gateway, beside bare `ws` moving the same bytes and
// beside Redis at the same pipeline depth. One server process, 50 connections, 64-byte values, 100,000 keys.
import { encode } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'
import { load, redisBenchmark, type Server, startControl, startGateway, startRedis } from './processes.ts'
import { median, printTable, short, spread } from './report.ts'
import { keyOf, type LoadOptions, type Operation, table, valueOf } from './workload.ts'

const keys = 100_000
const valueBytes = 64
const clients = 50
const seconds = 3
/** About the revision of a store that has been written for a while. */
const typicalRevision = 1_000_000

interface Row {
  readonly name: string
  readonly depth: number
  readonly perSecond: number[]
  readonly p99: number[]
  readonly generator: number[]
}

/** Bytes of one request and one reply, as they are on the wire. */
function sizes(operation: Operation): { request: number; reply: number } {
  const value = { binary: valueOf(0, valueBytes) }
  const pair = { key: keyOf(0), value }
  const request = operation === 'hget' ? { hget: { table, key: keyOf(0) } } : { hset: { table, pair } }
  const durability = operation === 'hset' ? 2 : undefined
  const reply = { status: 200, values: [value], durability, revision: typicalRevision }
  return {
    request: frame(encode('CommandRequest', request)).length,
    reply: frame(encode('CommandResponse', reply)).length,
  }
}

function common(port: number, operation: Operation, depth: number): LoadOptions {
  return { port, clients, depth, operation, keys, valueBytes, warmupSeconds: 1, seconds }
}

async function measure(row: Row, options: LoadOptions): Promise<void> {
  const result = await load(options)
  if (result.wrong > 0) throw new Error(`${row.name}: ${result.wrong} wrong replies`)
  row.perSecond.push(result.perSecond)
  row.p99.push(result.p99)
  row.generator.push(result.cpu)
}

async function measureRedis(row: Row, port: number, operation: Operation): Promise<void> {
  const command =
    operation === 'hget' ? ['hget', 'bench', 'key:__rand_int__'] : ['hset', 'bench', 'key:__rand_int__', value()]
  const requests = String(row.depth === 1 ? 100_000 : 3_000_000)
  const shape = ['-c', String(clients), '-P', String(row.depth), '-r', String(keys), '-n', requests]
  row.perSecond.push(await redisBenchmark(port, [...shape, ...command]))
}

function value(): string {
  return 'x'.repeat(valueBytes)
}

async function seedRedis({ port }: Server): Promise<void> {
  const script = `for i=0,${keys - 1} do redis.call('HSET','bench',string.format('key:%012d',i),ARGV[1]) end`
  await redisBenchmark(port, ['-n', '1', '-c', '1', 'eval', script, '0', value()])
}

/** Runs all rows in turn, `rounds` times, and prints them. */
export async function benchCommands(rounds: number): Promise<object> {
  const gateway = await startGateway('--store', 'memory')
  const redis = await startRedis()
  await load({ ...common(gateway.port, 'hset', 1), seedOnly: true })
  if (redis === undefined) console.log('redis-server is not installed: its rows are left out')
  else await seedRedis(redis)
  const results: object[] = []
  const table: string[][] = [
    ['command, memory', 'depth', 'a second', 'spread', 'p99 us', 'generator', 'of ws', 'overhead us', 'of Redis'],
  ]
  try {
    for (const operation of ['hget', 'hset'] as const) {
      const { request, reply } = sizes(operation)
      const control = await startControl(request, reply)
      for (const depth of [1, 64]) {
        const row = (name: string): Row => ({ name, depth, perSecond: [], p99: [], generator: [] })
        const [ours, bare, theirs] = [row(operation), row('bare ws'), row('redis')]
        for (let round = 0; round < rounds; round++) {
          await measure(ours, common(gateway.port, operation, depth))
          await measure(bare, { ...common(control.port, operation, depth), replyBytes: reply })
          if (redis !== undefined) await measureRedis(theirs, redis.port, operation)
        }
        const [mine, ws] = [median(ours.perSecond), median(bare.perSecond)]
        const ratio = theirs.perSecond.length > 0 ? mine / median(theirs.perSecond) : Number.NaN
        const overhead = 1e6 / mine - 1e6 / ws
        for (const one of [ours, bare, theirs]) {
          if (one.perSecond.length === 0) continue
          const isOurs = one === ours
          table.push([
            `${operation} ${isOurs ? 'kvass' : one.name}`,
            String(depth),
            short(median(one.perSecond)),
            `${(100 * spread(one.perSecond)).toFixed(0)} %`,
            one.p99.length > 0 ? short(median(one.p99)) : '',
            one.generator.length > 0 ? `${(100 * median(one.generator)).toFixed(0)} %` : '',
            isOurs ? (mine / ws).toFixed(2) : '',
            isOurs ? overhead.toFixed(2) : '',
            isOurs && theirs.perSecond.length > 0 ? ratio.toFixed(2) : '',
          ])
          results.push({ operation, ...one })
        }
      }
      await control.stop()
    }
  } finally {
    await gateway.stop()
    await redis?.stop()
  }
  printTable(table)
  return results
}
