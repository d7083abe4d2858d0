// Runs the tests, all or those whose paths are named: installs, builds and finds a browser first, so that a fresh
// clone can. Its last line is `N passed, N failed`, and its exit code is 0 when none failed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installIfNeeded } from './install.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a script of this project by this Node. @param {string[]} args @param {NodeJS.ProcessEnv} env */
function run(args, env = process.env) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  return status ?? 1
}

installIfNeeded()
if (run(['.ci/build.js']) !== 0) process.exit(1)

const { findOrInstallBrowser } = await import('./browser.js')
let browser = ''
try {
  browser = findOrInstallBrowser()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
const env = { ...process.env, CHROMIUM_PATH: browser }
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts']
process.exitCode = run([...vitest, ...process.argv.slice(2)], env)
