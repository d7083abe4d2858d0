// Checks everything that is not a test: types, lint and format, unused code, generated files, the package as it would
// be published, the SDK's size, and the direction of imports. It runs every check, prints what failed, and leaves the
// tree as it was.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name)
const env = { ...process.env, NO_COLOR: '1' }
const packed = mkdtempSync(join(tmpdir(), 'kvass-pack-'))

/** Runs a command; returns whether it succeeded and what it printed. @param {string} command @param {string[]} args */
function run(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' })
  return { ok: status === 0, output: error ? error.message : stdout + stderr }
}

/** Runs a command on the package as npm would publish it. @param {string} command @param {string[]} args */
function onPackage(command, ...args) {
  const [file] = readdirSync(packed)
  return file ? run(command, ...args, join(packed, file)) : { ok: false, output: 'there is no package to check' }
}

const status = () => run('git', 'status', '--porcelain')
const before = status()

/** @type {[name: string, check: () => { ok: boolean, output: string }][]} */
const checks = [
  ['lockfile', () => run('npm', 'ci', '--dry-run', '--ignore-scripts', '--no-audit', '--loglevel=error')],
  ['types', () => run(bin('tsc'), '-p', '.')],
  ['lint and format', () => run(bin('biome'), 'check', '--error-on-warnings', '--max-diagnostics=100', '.')],
  ['generated files', () => run(process.execPath, '.ci/generate.js', '--check')],
  ['unused code', () => run(bin('knip'))],
  ['build', () => run(process.execPath, '.ci/build.js')],
  ['package', () => run('npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', packed)],
  ['package exports', () => onPackage(bin('publint'), 'run', '--strict')],
  ['package types', () => onPackage(bin('attw'), '--profile', 'esm-only')],
  ['SDK size', () => run(bin('size-limit'))],
  ['architecture', () => run(bin('vitest'), 'run', '--config', 'test/vitest.config.ts', 'test/architecture.test.ts')],
  ['clean tree', () => ({ ok: status().output === before.output, output: status().output })],
]

const failed = []
for (const [name, check] of checks) {
  const begun = performance.now()
  const { ok, output } = check()
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(5)
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}`)
  if (ok) continue
  failed.push(name)
  console.log(output.trimEnd().replace(/^/gm, '       '))
}
rmSync(packed, { recursive: true })
console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
