// Builds what is stale into dist/: modules and their types (tsc), the binary and the SDK in few files (esbuild), the
// dashboard (vite).
// A part is stale when its inputs differ from those it was built from. A process that runs from dist/ meanwhile sees
// the old part or the new one, never half of it. It prints to stderr only.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bundleSdk } from './bundle-sdk.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const scripts = ['.ci/build.js', '.ci/bundle-sdk.js', '.ci/tsconfig.build.json', 'tsconfig.json', 'package-lock.json']

/** What dist/ is made of: `build` writes each of `outputs` below the folder that it is given. */
const parts = [
  {
    name: 'modules',
    inputs: ['proto', 'server', 'web/sdk', ...scripts],
    outputs: ['proto', 'server', 'web/sdk'],
    build: buildModules,
  },
  { name: 'sdk.js', inputs: ['proto', 'web/sdk', ...scripts], outputs: ['web/sdk.js'], build: buildSdk },
  {
    name: 'dashboard',
    inputs: ['proto', 'web', ...scripts],
    outputs: ['web/dashboard'],
    build: buildDashboard,
  },
]

/** @param {string} into */
async function buildModules(into) {
  await run('@typescript/native/bin/tsc', '-p', '.ci/tsconfig.build.json', '--outDir', into)
  for (const name of ['kv.js', 'kv.d.ts']) await copyFile(join(root, 'proto/gen', name), join(into, 'proto/gen', name))
  await bundleBinary(join(into, 'server'))
  await chmod(join(into, 'server/main.js'), 0o755)
}

/**
 * Bundles the binary's modules and their packages into a few files: a gateway is ready in half the time, because Node
 * takes longer to find and read hundreds of files than to run them. main.js is the entry; main/ has what it loads on
 * demand. Packages with native code stay outside. Nothing is minified, so that stack traces can be read.
 * @param {string} server
 */
async function bundleBinary(server) {
  const { build } = await import('esbuild')
  const { warnings } = await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'server/main.ts',
      // Started by their file names, beside the file that starts them.
      'main/thread': 'server/store/lmdb/thread.ts',
      'main/inspect-process': 'server/store/lmdb/inspect-process.ts',
    },
    outdir: server,
    chunkNames: 'main/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['lmdb', 'fs-native-extensions'],
    // Packages in CommonJS call require for Node's own modules.
    banner: {
      js: "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url)",
    },
    logLevel: 'warning',
  })
  if (warnings.length > 0) throw new Error('esbuild warned: see above')
  await rm(join(server, 'cli'), { recursive: true }) // Only the binary needs it, and has it bundled.
}

/** @param {string} into */
async function buildSdk(into) {
  await mkdir(join(into, 'web'), { recursive: true })
  await writeFile(join(into, 'web/sdk.js'), await bundleSdk(root))
}

/** @param {string} into */
async function buildDashboard(into) {
  const folders = ['web/dashboard', '--outDir', join(into, 'web/dashboard'), '--emptyOutDir']
  await run('vite/bin/vite.js', 'build', ...folders, '--logLevel', 'warn')
}

/** Runs a tool of node_modules to its end; fails with what it printed. @param {string} tool @param {string[]} args */
async function run(tool, ...args) {
  await promisify(execFile)(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd: root }).catch(
    ({ stdout, stderr }) => {
      throw new Error(`\n${stdout}${stderr}`)
    },
  )
}

/** Digest of files and folders, by path and content. @param {string[]} inputs */
async function digest(inputs) {
  const hash = createHash('sha256')
  for (const input of inputs) {
    const isFolder = (await stat(join(root, input))).isDirectory()
    const entries = isFolder ? await readdir(join(root, input), { recursive: true, withFileTypes: true }) : []
    const below = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const path of isFolder ? below.sort() : [join(root, input)]) {
      hash.update(`${path.slice(root.length)}\0`).update(await readFile(path))
    }
  }
  return hash.digest('hex')
}

/** Puts `from` in the place of `to`. @param {string} from @param {string} to @param {string} trash */
async function replace(from, to, trash) {
  await mkdir(dirname(to), { recursive: true })
  await rename(to, trash).catch(() => {}) // Nothing to move away before the first build.
  await rename(from, to)
}

/** @param {typeof parts[number]} part */
async function buildPart(part) {
  const stamp = join(dist, '.built', part.name)
  const now = await digest(part.inputs)
  const built = await readFile(stamp, 'utf8').catch(() => '')
  if (built === now && part.outputs.every((output) => existsSync(join(dist, output)))) return
  const begun = performance.now()
  await mkdir(dirname(stamp), { recursive: true })
  const into = await mkdtemp(join(dist, '.building-'))
  try {
    await part.build(into)
    for (const [index, output] of part.outputs.entries()) {
      await replace(join(into, output), join(dist, output), join(into, `old-${index}`))
    }
    await writeFile(stamp, now)
  } finally {
    await rm(into, { recursive: true })
  }
  console.error(`built ${part.name} in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}

for (const part of parts) {
  await buildPart(part).catch((error) => {
    console.error(`the build of ${part.name} failed: ${error.message}`)
    process.exitCode = 1
  })
}
