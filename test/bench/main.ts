// `npm run bench [-- NAME] [--rounds N]`: runs the benches, prints their tables and writes dist/bench.json.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchCommands } from './commands.ts'
import { benchFanout } from './fanout.ts'
import { benchIdle } from './idle.ts'
import { benchLatency } from './latency.ts'
import { pinned } from './processes.ts'
import { benchStart } from './start.ts'
import { benchStorm } from './storm.ts'
import { benchWatch } from './watch.ts'

const benches: Record<string, (rounds: number) => Promise<object>> = {
  commands: benchCommands,
  fanout: benchFanout,
  watch: benchWatch,
  latency: benchLatency,
  start: benchStart,
  idle: benchIdle,
  storm: benchStorm,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
})
const names = positionals.length > 0 ? positionals : Object.keys(benches)
for (const name of names) {
  if (!(name in benches)) throw new Error(`there is no bench "${name}": one of ${Object.keys(benches).join(', ')}`)
}
execFileSync(process.execPath, ['.ci/build.js'], { stdio: 'inherit' })
const machine = `${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}`
const date = new Date().toISOString().slice(0, 10)
console.log(
  `${date}, ${machine}; server and load ${pinned ? 'on a core each' : 'not pinned'}; medians of ${values.rounds} rounds`,
)
const results: Record<string, object> = {}
for (const name of names) results[name] = await benches[name]!(Number(values.rounds))
const folder = join(import.meta.dirname, '../../dist')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'bench.json'), `${JSON.stringify({ date, machine, pinned, results }, null, 2)}\n`)
