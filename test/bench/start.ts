// Bench "start": from the start of the process to its ready line, with an empty store on disk; beside a Node that does
// nothing.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onCore, startGateway } from './processes.ts'
import { atMost, median, printSettings, printTable } from './report.ts'

const goalMs = 400

async function timed(run: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await run()
  return performance.now() - begun
}

async function nothing(): Promise<void> {
  await once(spawn(...onCore(0, process.execPath, ['-e', '0'])), 'exit')
}

/** Starts both in turn, at least ten times, and prints them. */
export async function benchStart(rounds: number): Promise<object> {
  const runs = Math.max(10, 2 * rounds)
  const kvass: number[] = []
  const node: number[] = []
  for (let run = 0; run < runs; run++) {
    node.push(await timed(nothing))
    let stop = async () => {}
    kvass.push(
      await timed(async () => {
        const server = await startGateway()
        stop = server.stop
      }),
    )
    await stop()
  }
  const row = (name: string, ms: readonly number[], goal: string) => [
    name,
    String(runs),
    ...[median(ms), Math.min(...ms), Math.max(...ms)].map((value) => value.toFixed(0)),
    goal,
  ]
  printSettings('kvass', 'kvass serve --port 0 --data DIR --log-level warn, DIR empty')
  printTable([
    ['cold start, empty store', 'runs', 'median ms', 'least', 'most', 'goal'],
    row('kvass serve to its ready line, disk', kvass, atMost(goalMs, median(kvass))),
    row('node -e 0 to its end', node, ''),
  ])
  return { goalMs, runs, medianMs: { kvass: median(kvass), node: median(node) }, kvass, node }
}
