// The load generator, a process of its own: many raw WebSocket connections, each with `depth` requests under way, and
// the next as soon as all replies are there. It reports throughput, latencies and how much of its core it took. With one
// request under way it waits for what comes; with more it looks a few times each millisecond, because a sleep and a
// waking for each message would be a sixth of its core, and part of the server's for the waking.
// Run with one JSON argument (LoadOptions); prints one JSON line (LoadResult).
import { Histogram } from '../../server/cli/histogram.ts'
import { message, requestFrame } from './client.ts'
import { Requester } from './requester.ts'
import { openWire } from './wire.ts'
import { keyOf, type LoadOptions, type LoadResult, lookEveryMs, table, valueOf } from './workload.ts'

interface Totals {
  done: number
  latencies: Histogram
}

/** One connection that always has requests under way. */
async function openClient(options: LoadOptions, totals: Totals): Promise<Requester> {
  let sentAt = 0
  const client = await Requester.open(options, (count, isLast) => {
    const now = performance.now()
    totals.done += count
    totals.latencies.record((now - sentAt) * 1000, count)
    if (!isLast) return
    sentAt = now
    client.send()
  })
  sentAt = performance.now()
  client.send()
  return client
}

/** Sleeps between two looks at all sockets, instead of until one has something. */
function lookAtIntervals(): void {
  const never = new Int32Array(new SharedArrayBuffer(4))
  const look = () => {
    Atomics.wait(never, 0, 0, lookEveryMs)
    setImmediate(look).unref()
  }
  look()
}

/** Writes every key once, so that all are present. */
async function seed(options: LoadOptions): Promise<void> {
  const wire = await openWire(options.port)
  const perMessage = 1000
  for (let first = 0; first < options.keys; first += perMessage) {
    const pairs = Array.from({ length: Math.min(perMessage, options.keys - first) }, (_, index) => {
      return { key: keyOf(first + index), value: { binary: valueOf(first + index, options.valueBytes) } }
    })
    const replied = new Promise<void>((resolve) => {
      wire.onChunk = () => resolve()
    })
    wire.socket.write(message(requestFrame({ hmset: { table, pairs } })))
    await replied
  }
  wire.socket.destroy()
}

async function main(options: LoadOptions & { readonly seedOnly?: boolean }): Promise<LoadResult | undefined> {
  if (options.seedOnly) {
    await seed(options)
    return undefined
  }
  const totals: Totals = { done: 0, latencies: new Histogram() }
  const clients = await Promise.all(Array.from({ length: options.clients }, () => openClient(options, totals)))
  if (options.depth > 1) lookAtIntervals()
  await after(options.warmupSeconds)
  totals.done = 0
  totals.latencies = new Histogram()
  const cpu = process.cpuUsage()
  const started = performance.now()
  const eachSecond = await counted(options.seconds, totals)
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  const { done, latencies } = totals
  for (const client of clients) client.close()
  return {
    perSecond: done / seconds,
    eachSecond,
    p50: latencies.percentile(0.5),
    p99: latencies.percentile(0.99),
    cpu: (used.user + used.system) / 1e6 / seconds,
    cpuUser: used.user / 1e6 / seconds,
    wrong: clients.reduce((sum, { wrong }) => sum + wrong, 0),
  }
}

/** Waits for so many seconds; returns how many requests were done in each of them. */
async function counted(seconds: number, totals: Totals): Promise<number[]> {
  const counts: number[] = []
  let [at, done] = [performance.now(), totals.done]
  for (let second = 1; second <= seconds; second++) {
    await after(1)
    const now = performance.now()
    counts.push(Math.round((totals.done - done) / ((now - at) / 1000)))
    at = now
    done = totals.done
  }
  await after(seconds % 1)
  return counts
}

function after(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

const result = await main(JSON.parse(process.argv[2]!))
process.stdout.write(`${JSON.stringify(result ?? {})}\n`)
