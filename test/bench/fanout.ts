// Bench "fanout": one table watched over many connections, beside bare `ws` that sends the same bytes to as many
// sockets in the same run. 10,000 watchers and one write at a time: how long until the last one has it. 1,000 watchers
// and a little more than 1,000 writes a second: what arrives, and how late. FANOUT_WATCHERS (10,000) sets how many.
import type { FanoutOptions, FanoutResult } from './fanout-load.ts'
import { gatewayVersion, runScript, startGateway, startScript } from './processes.ts'
import { atLeast, median, percent, printSettings, printTable, short, spread } from './report.ts'

const onceWrites = 10
/** A little more than the goal, which the tail of the last writes would miss otherwise. Bare `ws` cannot keep up. */
const streamed = { watchers: 1_000, writes: 1_050, seconds: 3, bareSeconds: 0.5 }
const goals = { ofWs: 1.5, perSecond: 1_000_000 }

async function run(options: FanoutOptions): Promise<FanoutResult> {
  const result = await runScript<FanoutResult>('fanout-load.ts', options)
  if (result.wrong > 0) throw new Error(`${result.wrong} changes came twice or out of order`)
  return result
}

const once = (port: number, bare: boolean, watchers: number) => {
  return run({ port, bare, watchers, mode: 'once', writes: onceWrites, seconds: 0 })
}
const stream = (port: number, bare: boolean) => {
  const { watchers, writes, seconds, bareSeconds } = streamed
  return run({ port, bare, watchers, mode: 'stream', writes, seconds: bare ? bareSeconds : seconds })
}

interface Side {
  readonly name: string
  readonly once: FanoutResult[]
  readonly stream: FanoutResult[]
}

function printOnce(sides: readonly [Side, Side], watchers: number, bytes: number) {
  const rows = sides.map(({ name, once }) => {
    const lastMs = once.map((result) => median(result.lastMs))
    const perSecond = lastMs.map((ms) => watchers / (ms / 1000))
    const load = median(once.map(({ cpu }) => cpu))
    return { name, lastMs: median(lastMs), perSecond: median(perSecond), spread: spread(perSecond), load }
  })
  const ratio = rows[0]!.perSecond / rows[1]!.perSecond
  printTable([
    [
      `one write, ${watchers} watchers, ${bytes} bytes`,
      'ms to the last',
      'deliveries/s',
      'spread',
      'load',
      'of ws',
      'goal',
    ],
    ...rows.map(({ name, lastMs, perSecond, spread, load }, index) => [
      name,
      lastMs.toFixed(1),
      short(perSecond),
      percent(spread),
      percent(load),
      index === 0 ? ratio.toFixed(2) : '',
      index === 0 ? atLeast(goals.ofWs, ratio) : '',
    ]),
  ])
  return { rows, ratio }
}

function printStream(sides: readonly [Side, Side]) {
  const rows = sides.map(({ name, stream }) => {
    const perSecond = stream.map((result) => result.perSecond)
    return {
      name,
      perSecond: median(perSecond),
      spread: spread(perSecond),
      p50Ms: median(stream.map(({ p50Ms }) => p50Ms)),
      p99Ms: median(stream.map(({ p99Ms }) => p99Ms)),
      missing: Math.max(...stream.map(({ missing }) => missing)),
      load: median(stream.map(({ cpu }) => cpu)),
    }
  })
  const { writes, watchers } = streamed
  printTable([
    [
      `${writes} writes a second, ${watchers} watchers`,
      'deliveries/s',
      'spread',
      'p50 ms',
      'p99 ms',
      'missing',
      'load',
      'goal',
    ],
    ...rows.map(({ name, perSecond, spread, p50Ms, p99Ms, missing, load }, index) => [
      name,
      short(perSecond),
      percent(spread),
      p50Ms.toFixed(1),
      p99Ms.toFixed(1),
      String(missing),
      percent(load),
      index === 0 ? atLeast(goals.perSecond, perSecond) : '',
    ]),
  ])
  return rows
}

/** Runs both in turn, `rounds` times, and prints them. */
export async function benchFanout(rounds: number): Promise<object> {
  const watchers = Number(process.env.FANOUT_WATCHERS ?? 10_000)
  // Bookmarks would be counted as deliveries.
  const options = ['--store', 'memory', '--max-connections', String(watchers + 100), '--bookmark-ms', '3600000']
  const gateway = await startGateway(...options)
  const { bytes } = await once(gateway.port, false, 10)
  const control = await startScript('fanout-control.ts', String(bytes))
  printSettings('kvass', `${gatewayVersion()}, serve ${options.join(' ')}`)
  printSettings('bare ws', 'one send to each connection, no compression')
  const sides: [Side, Side] = [
    { name: 'kvass', once: [], stream: [] },
    { name: 'bare ws', once: [], stream: [] },
  ]
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [index, { port }] of [gateway, control].entries()) {
        sides[index]!.once.push(await once(port, index === 1, watchers))
      }
      for (const [index, { port }] of [gateway, control].entries()) {
        sides[index]!.stream.push(await stream(port, index === 1))
      }
    }
  } finally {
    await gateway.stop()
    await control.stop()
  }
  return { watchers, streamed, once: printOnce(sides, watchers, bytes), stream: printStream(sides), sides }
}
