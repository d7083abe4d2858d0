// Finds a Chromium for the tests, or installs one where possible.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const playwright = fileURLToPath(new URL('../node_modules/playwright-core/cli.js', import.meta.url))
const names = ['chromium', 'chromium-browser', 'google-chrome']
const noBrowser =
  'no browser for the tests: install Chromium and have it on PATH, or name its executable in CHROMIUM_PATH'

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Path of an executable on PATH. @param {string} name */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find(executable)
}

/** Path of an installed Chromium: $CHROMIUM_PATH, Playwright's own, then PATH. Throws if there is none. */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (executable(named)) return named
    throw new Error(`CHROMIUM_PATH names ${named}, which is not an executable file`)
  }
  const path = [chromium.executablePath(), ...names.map(onPath)].find((path) => path && executable(path))
  if (path) return path
  throw new Error(noBrowser)
}

/** Runs a command with its output on stderr. @param {string} command @param {string[]} args */
function run(command, ...args) {
  return spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0
}

/** As `findBrowser`, but tries to install one if there is none. */
export function findOrInstallBrowser() {
  try {
    return findBrowser()
  } catch (error) {
    if (process.env.CHROMIUM_PATH) throw error
  }
  console.error('installing Chromium …')
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    run('apt-get', 'update') && run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium')
  } else {
    run(process.execPath, playwright, 'install', 'chromium')
  }
  return findBrowser()
}
