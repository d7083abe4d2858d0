// Runs the tests on the other supported versions of Node. Their binaries come from npm packages and are kept in
// node_modules/.cache. The build and the browser are those of this Node.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const versions = ['22.23.3', '24.21.0']
const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

/** Path of that version's executable. @param {string} version */
function node(version) {
  const folder = join(root, 'node_modules/.cache/kvass', `node-${version}`)
  const executable = join(folder, `node_modules/node-${platform}/bin/node`)
  if (existsSync(executable)) return executable
  mkdirSync(folder, { recursive: true })
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node-${platform}@${version}`]
  spawnSync('npm', args, { stdio: ['ignore', 2, 2] })
  if (existsSync(executable)) return executable
  throw new Error(`npm has no package of Node ${version} for ${platform}`)
}

for (const version of versions) {
  console.log(`Node ${version}`)
  const { status } = spawnSync(node(version), ['.ci/test.js', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
