// `kvass bench`: its options, the keys that must be there first, and the report. The load itself is load.ts's.
import { randomBytes } from 'node:crypto'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { ConfigError } from '../config.ts'
import { positiveNumber, wholeNumber } from './arguments.ts'
import { exitCodes, type Io } from './io.ts'
import { keyOf, type LoadOptions, type LoadResult, type Operation, operations, runLoad } from './load.ts'
import { printing } from './output.ts'
import { formatCount } from './progress.ts'
import { clientCommand, type GatewayFlags, gatewayToken, gatewayUrl, withSession } from './session.ts'

interface BenchFlags extends GatewayFlags {
  readonly clients: number
  readonly depth: number
  readonly op: Operation
  readonly size: number
  readonly keys: number
  readonly seconds?: number
  readonly requests?: number
  readonly warmup: number
  readonly table: string
  readonly tcp?: string
  readonly json?: boolean
}

const help = `
Each connection sends --depth requests together and the next ones when all are answered. Keys are chosen at random;
values are random bytes. mixed is nine gets to one set. The latency of a reply is from the send of its requests to
its arrival. Keys that are missing are written first; the table stays, for the next run: see kvass drop.

Runs for 10 seconds unless --seconds or --requests say otherwise, after one second of warm-up that does not count.
Replies with another status than 200 are counted and make the exit code 1.

Examples:
  $ kvass bench --op get --clients 50 --depth 64
  $ kvass bench --op mixed --requests 1000000 --tcp 127.0.0.1:5828 --json`

export function registerBench(program: Command, io: Io): void {
  clientCommand(program, 'bench', 'Measure the throughput and latency of a gateway.', help)
    .addOption(new Option('--op <operation>', 'what to measure').choices(operations).default('get'))
    .option('--clients <connections>', 'connections', positiveNumber, 50)
    .option('--depth <requests>', 'requests under way on each connection', positiveNumber, 1)
    .option('--size <bytes>', 'size of a value', wholeNumber, 64)
    .option('--keys <keys>', 'how many different keys', positiveNumber, 100_000)
    .option('--table <name>', 'table to use', 'bench')
    .option('--seconds <seconds>', 'how long', seconds)
    .option('--requests <requests>', 'how many requests in all', positiveNumber)
    .option('--warmup <seconds>', 'load before the measurement', seconds, 1)
    .option('--tcp <host:port>', 'load over plain TCP instead of WebSocket')
    .option('--json', 'print the result as one JSON object')
    .action((flags: BenchFlags) => bench(flags, io))
}

function seconds(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number >= 0 && number <= 1e6))
    throw new InvalidArgumentError('A number of seconds is needed.')
  return number
}

const defaultSeconds = 10

async function bench(flags: BenchFlags, io: Io): Promise<void> {
  const target = flags.tcp === undefined ? gatewayUrl(flags, io) : tcpUrl(flags.tcp)
  if (flags.op !== 'ping') await seed(flags, io)
  const controller = new AbortController()
  const release = io.onSignal(() => controller.abort())
  const options: LoadOptions = {
    url: target,
    token: gatewayToken(flags, io),
    operation: flags.op,
    clients: flags.clients,
    depth: flags.depth,
    valueBytes: flags.size,
    keys: flags.keys,
    table: flags.table,
    seconds: flags.seconds ?? (flags.requests === undefined ? defaultSeconds : Number.POSITIVE_INFINITY),
    requests: flags.requests ?? Number.POSITIVE_INFINITY,
    signal: controller.signal,
  }
  const result = await measure(options, flags.warmup, io).finally(release)
  if (result.failures.size > 0) io.setExitCode(exitCodes.failed)
  const text = flags.json ? `${JSON.stringify(facts(options, result))}\n` : report(options, result)
  await printing(io.stdout, (out) => out.bytes(text))
}

/** Warms up, then measures; on a terminal with a count of the replies so far. */
async function measure(options: LoadOptions, warmup: number, io: Io): Promise<LoadResult> {
  const show = (text: string) => io.stderr.isTTY && io.stderr.write(`\r\u001b[K${text}`)
  if (warmup > 0)
    await runLoad({ ...options, seconds: warmup, requests: Number.POSITIVE_INFINITY }, () => show('warming up'))
  const result = await runLoad(options, (done) => show(`${formatCount(done)} replies`))
  show('')
  return result
}

function tcpUrl(address: string): string {
  const url = `tcp://${address}`
  const port = URL.canParse(url) ? new URL(url).port : ''
  if (port === '') throw new ConfigError(`--tcp is HOST:PORT, not ${JSON.stringify(address)}`)
  return url
}

/** Keys in one write of the seed, at most; fewer where values are large. */
const seedKeys = 1_000

/** Writes the keys that are missing, all of them where some are. */
async function seed({ table, keys, size, ...flags }: BenchFlags, io: Io): Promise<void> {
  await withSession(io, flags, async (session) => {
    const last = keyOf(keys - 1)
    const present = await session.count(table, { start: keyOf(0), end: `${last}\u0000` })
    if (present === keys) return
    io.stderr.write(`writing ${formatCount(keys)} keys into ${table} first\n`)
    const { maxElements, maxFrameBytes } = session.welcome.limits
    const atOnce = Math.max(1, Math.min(seedKeys, maxElements, Math.floor(maxFrameBytes / 2 / (size + 64))))
    for (let at = 0; at < keys; at += atOnce) {
      const count = Math.min(atOnce, keys - at)
      const pairs = Array.from({ length: count }, (_, index) => ({
        key: keyOf(at + index),
        value: { binary: randomBytes(size) },
      }))
      await session.setMany(table, pairs)
    }
  })
}

const percentiles = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p99.9', 0.999],
] as const

/** The result with its units in the names. */
function facts(options: LoadOptions, { latencies, seconds, bytesIn, bytesOut, failures }: LoadResult) {
  const { operation, clients, depth, valueBytes, keys, url } = options
  const ms = (microseconds: number) => Number((microseconds / 1000).toFixed(3))
  return {
    url,
    operation,
    clients,
    depth,
    valueBytes,
    keys,
    requests: latencies.count,
    seconds: Number(seconds.toFixed(3)),
    requestsPerSecond: Math.round(latencies.count / seconds),
    bytesOutPerSecond: Math.round(bytesOut / seconds),
    bytesInPerSecond: Math.round(bytesIn / seconds),
    latencyMs: {
      min: latencies.count === 0 ? 0 : ms(latencies.min),
      mean: ms(latencies.mean),
      ...Object.fromEntries(percentiles.map(([name, share]) => [name, ms(latencies.percentile(share))])),
      max: ms(latencies.max),
    },
    failures: [...failures].map(([status, { count, message }]) => ({ status, count, message })),
  }
}

function report(options: LoadOptions, result: LoadResult): string {
  const all = facts(options, result)
  const plural = (count: number, noun: string) => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
  const what = all.operation === 'ping' ? '' : `, ${all.valueBytes}-byte values, ${plural(all.keys, 'key')}`
  const names = Object.keys(all.latencyMs)
  const row = (cells: readonly string[]) => cells.map((text) => text.padStart(9)).join('')
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB/s`
  const failed = all.failures.map(
    ({ status, count, message }) => `failed       ${formatCount(count)} with ${status}: ${message}\n`,
  )
  return `${all.operation} at ${all.url}: ${plural(all.clients, 'connection')}, depth ${all.depth}${what}

requests     ${formatCount(all.requestsPerSecond)} a second (${formatCount(all.requests)} in ${all.seconds.toFixed(2)} s)
bytes        ${megabytes(all.bytesOutPerSecond)} sent, ${megabytes(all.bytesInPerSecond)} received
latency ms ${row(names)}
           ${row(Object.values(all.latencyMs).map((ms) => ms.toFixed(3)))}
${failed.join('')}`
}
