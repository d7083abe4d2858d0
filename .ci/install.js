// Installs the locked dependencies if node_modules lacks any of them. It needs only Node and npm, and prints to stderr
// only.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)

/** @param {string} path @returns {Record<string, { version: string, optional?: boolean }>} */
const packages = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8')).packages

/** Whether node_modules holds every package of the lockfile, at its version; optional ones may be missing. */
function installed() {
  try {
    const present = packages('node_modules/.package-lock.json')
    return Object.entries(packages('package-lock.json')).every(([path, { version, optional }]) => {
      if (path === '') return true
      return path in present ? present[path]?.version === version : optional
    })
  } catch {
    return false // There is no node_modules, or npm did not finish it.
  }
}

export function installIfNeeded() {
  if (installed()) return
  console.error('installing the dependencies …')
  // npm tells the scripts that it runs where it is; otherwise the one on PATH is taken.
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
  const [command = 'npm', ...args] = [...npm, 'ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  const { status } = spawnSync(command, args, { cwd: fileURLToPath(root), stdio: ['ignore', 2, 2] })
  if (status === 0) return
  console.error('npm could not install the dependencies: see its message above')
  process.exit(1)
}
