// Runs the gateway from a clone that needs only Node and npm: installs and builds what is missing or stale, then runs
// `kvass serve` with this command's options, in this process. Only the gateway writes to stdout.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installIfNeeded } from './install.js'

installIfNeeded()
const build = spawnSync(process.execPath, [fileURLToPath(new URL('build.js', import.meta.url))], {
  stdio: ['ignore', 2, 2],
})
if (build.status !== 0) process.exit(1)

const main = new URL('../dist/server/main.js', import.meta.url)
process.argv.splice(1, 1, fileURLToPath(main), 'serve')
await import(main.href)
