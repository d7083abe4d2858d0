// `npm run bench [-- NAME ...] [--rounds N]`: runs the benches, prints their tables and writes dist/bench.json.
// `npm run bench -- --write` runs none: it writes what is in that file into RESULTS.md, and six rows of it into the README.
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { benchCommands } from './commands.ts'
import { benchFanout } from './fanout.ts'
import { benchGrowth } from './growth.ts'
import { benchIdle } from './idle.ts'
import { benchLatency } from './latency.ts'
import { pinned } from './processes.ts'
import { takePrinted } from './report.ts'
import { documents, keep, writeResults } from './results.ts'
import { benchSdk } from './sdk.ts'
import { benchStart } from './start.ts'
import { benchStorm } from './storm.ts'
import { benchWatch } from './watch.ts'
import { benchYcsb } from './ycsb.ts'

const benches: Record<string, (rounds: number) => Promise<object>> = {
  commands: benchCommands,
  sdk: benchSdk,
  fanout: benchFanout,
  watch: (rounds) => benchWatch(rounds, isWholeSuite),
  latency: benchLatency,
  start: benchStart,
  idle: benchIdle,
  storm: benchStorm,
  growth: (rounds) => benchGrowth(rounds, isWholeSuite),
  ycsb: (rounds) => benchYcsb(rounds, isWholeSuite),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, write: { type: 'boolean', default: false } },
})
const isWholeSuite = positionals.length === 0
const names = positionals.length > 0 ? positionals : Object.keys(benches)
for (const name of names) {
  if (!(name in benches)) throw new Error(`there is no bench "${name}": one of ${Object.keys(benches).join(', ')}`)
}
const rounds = Number(values.rounds)
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`--rounds is "${values.rounds}", and must be 1 or more`)
/** In the run of all, which is to take a quarter of an hour, the longest have fewer rounds. */
const mostInAll: Record<string, number> = { fanout: 3, latency: 3, storm: 3, growth: 3, idle: 1, ycsb: 1 }
const machine = `${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}`

async function run(name: string): Promise<void> {
  const date = new Date().toISOString().slice(0, 10)
  const mine = Math.min(rounds, isWholeSuite ? (mostInAll[name] ?? rounds) : rounds)
  console.log(`\n${name}, ${mine} rounds`)
  const begun = performance.now()
  const results = await benches[name]!(mine)
  const seconds = Math.round((performance.now() - begun) / 1000)
  console.log(`  ${seconds} s`)
  keep(name, { date, machine, pinned, rounds: mine, seconds, ...takePrinted(), results })
}

if (values.write) {
  writeResults(Object.keys(benches))
  execFileSync('node_modules/.bin/biome', ['format', '--write', ...Object.values(documents)], { stdio: 'inherit' })
} else {
  execFileSync(process.execPath, ['.ci/build.js'], { stdio: 'inherit' })
  const cores = pinned ? 'server and load on a core each' : 'not pinned to cores'
  console.log(`${machine}; ${cores}; medians of alternating rounds`)
  for (const name of names) await run(name)
}
