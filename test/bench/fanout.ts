// Bench "fanout": one table watched over many connections, beside bare `ws` that sends the same bytes to as many
// sockets in the same run. 10,000 watchers and one write at a time: how long until the last one has it. 1,000 watchers
// and 1,000 writes a second: what arrives, and how late.
import type { FanoutOptions, FanoutResult } from './fanout-load.ts'
import { runScript, startGateway, startScript } from './processes.ts'
import { median, printTable, short, spread } from './report.ts'

const writesOnce = 20

async function once(port: number, bare: boolean, watchers: number): Promise<FanoutResult> {
  const options: FanoutOptions = { port, bare, watchers, mode: 'once', writes: writesOnce, seconds: 0 }
  return await runScript('fanout-load.ts', options)
}

async function stream(port: number, bare: boolean): Promise<FanoutResult> {
  const options: FanoutOptions = { port, bare, watchers: 1_000, mode: 'stream', writes: 1_000, seconds: 5 }
  return await runScript('fanout-load.ts', options)
}

/** Runs both in turn, `rounds` times, and prints them. */
export async function benchFanout(rounds: number): Promise<object> {
  const watchers = Number(process.env.FANOUT_WATCHERS ?? 10_000)
  // Bookmarks would be counted as deliveries.
  const limits = ['--max-connections', String(watchers + 100), '--bookmark-ms', '3600000']
  const gateway = await startGateway('--store', 'memory', ...limits)
  const first = await once(gateway.port, false, 10)
  const control = await startScript('fanout-control.ts', String(first.bytes))
  const last = { kvass: [] as number[], ws: [] as number[] }
  const streams = { kvass: [] as FanoutResult[], ws: [] as FanoutResult[] }
  try {
    for (let round = 0; round < rounds; round++) {
      last.kvass.push(median((await once(gateway.port, false, watchers)).lastMs))
      last.ws.push(median((await once(control.port, true, watchers)).lastMs))
      streams.kvass.push(await stream(gateway.port, false))
      streams.ws.push(await stream(control.port, true))
    }
  } finally {
    await gateway.stop()
    await control.stop()
  }
  const ratio = median(last.kvass) / median(last.ws)
  printTable([
    [`one write, ${watchers} watchers, ${first.bytes} bytes`, 'ms to the last', 'spread', 'of ws'],
    ['kvass', median(last.kvass).toFixed(1), `${(100 * spread(last.kvass)).toFixed(0)} %`, ratio.toFixed(2)],
    ['bare ws', median(last.ws).toFixed(1), `${(100 * spread(last.ws)).toFixed(0)} %`, ''],
  ])
  const row = (name: string, results: readonly FanoutResult[]) => [
    name,
    short(median(results.map(({ perSecond }) => perSecond))),
    median(results.map(({ p50Ms }) => p50Ms)).toFixed(1),
    median(results.map(({ p99Ms }) => p99Ms)).toFixed(1),
    String(Math.max(...results.map(({ missing }) => missing))),
  ]
  printTable([
    ['1,000 writes a second, 1,000 watchers', 'changes a second', 'p50 ms', 'p99 ms', 'missing'],
    row('kvass', streams.kvass),
    row('bare ws', streams.ws),
  ])
  return { watchers, last, streams }
}
