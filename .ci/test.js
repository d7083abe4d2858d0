// Runs the tests, all or those whose paths are named: installs, builds and finds a browser first, so that a fresh
// clone can. Its last line is `N passed, N failed`, and its exit code is 0 when none failed. A run that hangs, or that
// is interrupted, leaves no process behind.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installIfNeeded } from './install.js'

const root = fileURLToPath(new URL('..', import.meta.url))
/** A run takes a few minutes; one that has not ended by then hangs. */
const minutes = 30

function findBrowserOrExit() {
  try {
    return findOrInstallBrowser()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

/** Runs vitest in a process group of its own, so that it ends with all that it started. @param {string} browser */
function runVitest(browser) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...process.argv.slice(2)]
  const env = { ...process.env, CHROMIUM_PATH: browser }
  const vitest = spawn(process.execPath, args, {
    cwd: root,
    env,
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
const { findOrInstallBrowser } = await import('./browser.js')
runVitest(findBrowserOrExit())
