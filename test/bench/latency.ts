// Bench "latency": how late replies are at half of the load that a gateway can take, beside bare `ws` at half of what it
// can take. The peak is that of a closed loop at depth 1; the measurement is an open loop.
import { encode } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'
import { requestFrame } from './client.ts'
import type { OpenLoopOptions, OpenLoopResult } from './open-loop.ts'
import { load, runScript, type Server, startControl, startGateway } from './processes.ts'
import { atMost, median, percent, printSettings, printTable, short } from './report.ts'
import { keyOf, type LoadOptions, table, valueOf } from './workload.ts'

const settings = { keys: 100_000, valueBytes: 64, connections: 50, peakSeconds: 2, seconds: 3 }
const goalUs = 2_000

interface Side {
  readonly name: string
  readonly server: Server
  readonly replyBytes?: number
  readonly peaks: number[]
  readonly runs: OpenLoopResult[]
}

function hgetSizes(): { request: number; reply: number } {
  const reply = { status: 200, values: [{ binary: valueOf(0, settings.valueBytes) }], revision: settings.keys }
  return {
    request: requestFrame({ hget: { table, key: keyOf(0) } }).length,
    reply: frame(encode('CommandResponse', reply)).length,
  }
}

function closedLoop({ server, replyBytes }: Side): LoadOptions {
  const { keys, valueBytes, connections: clients, peakSeconds: seconds } = settings
  return {
    port: server.port,
    clients,
    depth: 1,
    operation: 'hget',
    keys,
    valueBytes,
    warmupSeconds: 1,
    seconds,
    replyBytes,
  }
}

/** One open-loop run of `hget`; fails where a reply was wrong. */
export async function openLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  const result = await runScript<OpenLoopResult>('open-loop.ts', options)
  if (result.wrong > 0) throw new Error(`${result.wrong} of ${result.count} replies were wrong`)
  return result
}

/** The medians of several open-loop runs. */
export function medians(runs: readonly OpenLoopResult[]): Omit<OpenLoopResult, 'count' | 'wrong'> {
  const of = (name: keyof OpenLoopResult) => median(runs.map((run) => run[name]))
  return {
    p50: of('p50'),
    p95: of('p95'),
    p99: of('p99'),
    p999: of('p999'),
    max: of('max'),
    latenessP99: of('latenessP99'),
    busy: of('busy'),
  }
}

/** The columns of a table that show how late replies were. */
export const latencyTitles = ['p50 us', 'p95 us', 'p99 us', 'p99.9 us', 'max us']

/** Their cells. */
export function latencyCells({ p50, p95, p99, p999, max }: ReturnType<typeof medians>): string[] {
  return [p50, p95, p99, p999, max].map((value) => value.toFixed(0))
}

/** Finds both peaks, then measures both in turn, `rounds` times, and prints them. */
export async function benchLatency(rounds: number): Promise<object> {
  const gateway = await startGateway('--store', 'memory')
  const { request, reply } = hgetSizes()
  const control = await startControl(request, reply)
  const sides: Side[] = [
    { name: 'hget kvass, memory', server: gateway, peaks: [], runs: [] },
    { name: 'bare ws', server: control, replyBytes: reply, peaks: [], runs: [] },
  ]
  try {
    await load({ ...closedLoop(sides[0]!), operation: 'hset', seedOnly: true })
    for (let round = 0; round < Math.min(rounds, 2); round++) {
      for (const side of sides) side.peaks.push((await load(closedLoop(side))).perSecond)
    }
    for (let round = 0; round < rounds; round++) {
      for (const { server, replyBytes, peaks, runs } of sides) {
        const rate = Math.round(median(peaks) / 2)
        const { peakSeconds: _, ...common } = settings
        runs.push(await openLoop({ port: server.port, rate, warmupSeconds: 1, ...common, replyBytes }))
      }
    }
  } finally {
    await gateway.stop()
    await control.stop()
  }
  const { keys, valueBytes, connections, seconds, peakSeconds } = settings
  printSettings('kvass', 'kvass serve --store memory')
  printSettings('bare ws', `ws that replies to ${request} bytes with ${reply}`)
  printSettings('load', `${connections} connections, depth 1, ${keys} keys at random, ${valueBytes}-byte values`)
  printSettings('runs', `closed loop of ${peakSeconds} s for the peak, then an open loop of ${seconds} s at half of it`)
  const rows = sides.map(({ name, peaks, runs }) => ({ name, peak: median(peaks), ...medians(runs), peaks, runs }))
  printTable([
    ['half of the peak, depth 1', 'peak', 'a second', ...latencyTitles, 'sent late p99 us', 'generator', 'goal p99'],
    ...rows.map(({ name, peak, ...latency }, index) => [
      name,
      short(peak),
      short(peak / 2),
      ...latencyCells(latency),
      latency.latenessP99.toFixed(0),
      percent(latency.busy),
      index === 0 ? atMost(goalUs, latency.p99) : '',
    ]),
  ])
  return { settings, goalUs, rows }
}
