// The watchers of the fan-out, a process of its own: raw WebSocket connections that each watch one table, and a writer.
// `once`: one write at a time, and how long until every watcher has it. `stream`: so many writes a second, what arrived
// at all of them, and how late. Each change that is delivered is checked: its key, and that it follows on the one before.
// Run with one JSON argument; prints one JSON line.
import { Histogram } from '../../server/cli/histogram.ts'
import { message, requestFrame } from './client.ts'
import { BareReader, FrameReader, type Reader, valueBytes } from './fanout-reader.ts'
import { openWire, type Wire } from './wire.ts'

export interface FanoutOptions {
  readonly port: number
  readonly watchers: number
  /** Bare `ws` that knows no frames. */
  readonly bare: boolean
  readonly mode: 'once' | 'stream'
  /** Writes, one after the other or a second. */
  readonly writes: number
  readonly seconds: number
}

export interface FanoutResult {
  /** `once`: milliseconds until the last watcher had it, of each write. */
  readonly lastMs: readonly number[]
  /** Bytes of one delivery. */
  readonly bytes: number
  /** `stream`: deliveries a second, all watchers together, and those that never came. */
  readonly perSecond: number
  readonly missing: number
  /** `stream`: of all deliveries. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** Deliveries out of order, twice, or of another key. */
  readonly wrong: number
  /** Share of one core that this process took. */
  readonly cpu: number
}

/** Of its own, because the numbers of its writes begin at 1. */
const table = `fan-${process.pid}`
const key = 'key'
const warmups = 10
const options = JSON.parse(process.argv[2]!) as FanoutOptions
/** What has come in, over all watchers. */
const arrived = { count: 0, wrong: 0, last: 0 }
let latencies = new Histogram()
let writes = 0
/** Called when all watchers have got one change, or more. */
let onAll = () => {}

/** The next write: its number and the moment, between bytes that the bare server does not look into. */
function write(): Buffer {
  const value = Buffer.alloc(valueBytes)
  value.writeUInt32BE(++writes, 4)
  value.writeDoubleBE(performance.now(), 8)
  return message(requestFrame({ hset: { table, pair: { key, value: { binary: value } } } }))
}

function onChanges(moments: readonly number[], wrong: number): void {
  const now = performance.now()
  arrived.count += moments.length
  arrived.wrong += wrong
  arrived.last = now
  for (const moment of moments) latencies.record((now - moment) * 1000, 1)
  if (arrived.count >= options.watchers) onAll()
}

const readers: Reader[] = []

async function watch(): Promise<void> {
  const wire = await openWire(options.port)
  const reader = options.bare ? new BareReader(onChanges) : new FrameReader(key, onChanges)
  readers.push(reader)
  wire.onChunk = (chunk) => reader.push(chunk)
  wire.socket.write(message(options.bare ? Buffer.of(1) : requestFrame({ watch: { table }, id: 1 })))
}

/** Until nothing has come for half a second. */
async function quiet(): Promise<void> {
  for (let before = -1; before !== arrived.count; ) {
    before = arrived.count
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** Makes one write; returns the milliseconds until every watcher has it. */
async function round(writer: Wire): Promise<number> {
  arrived.count = 0
  const all = new Promise<void>((resolve, reject) => {
    const late = () => reject(new Error(`only ${arrived.count} of ${options.watchers} got it`))
    const timer = setTimeout(late, 30_000)
    onAll = () => {
      clearTimeout(timer)
      resolve()
    }
  })
  const startedAt = performance.now()
  writer.socket.write(write())
  await all
  return arrived.last - startedAt
}

async function stream(writer: Wire): Promise<Pick<FanoutResult, 'perSecond' | 'missing' | 'p50Ms' | 'p99Ms'>> {
  latencies = new Histogram()
  arrived.count = 0
  onAll = () => {}
  const startedAt = performance.now()
  const all = options.writes * options.seconds
  for (let sent = 0; sent < all; ) {
    const due = Math.min(all, Math.floor(((performance.now() - startedAt) / 1000) * options.writes))
    for (; sent < due; sent++) writer.socket.write(write())
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await quiet()
  return {
    perSecond: arrived.count / ((arrived.last - startedAt) / 1000),
    missing: all * options.watchers - arrived.count,
    p50Ms: latencies.percentile(0.5) / 1000,
    p99Ms: latencies.percentile(0.99) / 1000,
  }
}

for (let from = 0; from < options.watchers; from += 100) {
  await Promise.all(Array.from({ length: Math.min(100, options.watchers - from) }, watch))
}
const writer = await openWire(options.port)
writer.onChunk = () => {}
await quiet()
// The first ones find code that is not compiled yet, on both sides.
for (let count = 0; count < warmups; count++) await round(writer)
const [cpu, begun] = [process.cpuUsage(), performance.now()]
const lastMs: number[] = []
for (let count = 0; count < (options.mode === 'once' ? options.writes : 1); count++) lastMs.push(await round(writer))
const bytes = readers[0]!.bytes
const none = { perSecond: 0, missing: 0, p50Ms: 0, p99Ms: 0 }
const streamed = options.mode === 'stream' ? await stream(writer) : none
const { user, system } = process.cpuUsage(cpu)
const busy = (user + system) / 1000 / (performance.now() - begun)
console.log(JSON.stringify({ lastMs, bytes, ...streamed, wrong: arrived.wrong, cpu: busy } satisfies FanoutResult))
process.exit()
