// Runs the tests, all or those whose paths are named: installs, builds and finds a browser first, so that a fresh
// clone can run them. `--quick` leaves out the slow ones, and with them the browser. Its last line is
// `N passed, N failed`, and its exit code is 0 when none failed. A run that hangs or is interrupted leaves no process
// behind.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installIfNeeded } from './install.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const isQuick = process.argv.includes('--quick')
const args = process.argv.slice(2).filter((argument) => argument !== '--quick')
/** A run takes at most 10 minutes, and TORTURE times as long where that is set; one that takes three times that hangs. */
const minutes = 30 * Number(process.env.TORTURE ?? 1)

async function findBrowserOrExit() {
  // Not before the dependencies are installed.
  const { findOrInstallBrowser } = await import('./browser.js')
  try {
    return findOrInstallBrowser()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

/**
 * Runs vitest in a process group of its own, so that all that it started ends with it.
 * @param {NodeJS.ProcessEnv} env @param {string[]} flags
 */
function runVitest(env, ...flags) {
  const command = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...flags, ...args]
  const vitest = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  const end = () => process.kill(-Number(vitest.pid), 'SIGKILL')
  const timer = setTimeout(() => {
    console.error(`the tests have not ended within ${minutes} minutes: ended them`)
    end()
  }, minutes * 60_000)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end)
  vitest.once('exit', (code) => {
    clearTimeout(timer)
    process.exitCode = code ?? 1
  })
}

installIfNeeded()
const build = spawnSync(process.execPath, ['.ci/build.js'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
if (build.status !== 0) process.exit(1)
if (isQuick) runVitest({ NODE_ENV: 'test' }, '--mode', 'quick')
else runVitest({ CHROMIUM_PATH: await findBrowserOrExit() })
