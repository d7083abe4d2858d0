// Bundles the SDK into one module as small as three minifiers make it: esbuild shortens the names of properties that no
// user sees, terser folds what the others leave, and the one of vite names variables so that the text compresses best.
// Together they save a tenth of the compressed bytes that esbuild alone leaves.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Properties that only the SDK's own files use: neither of the API, nor of the wire, nor of the platform. */
const ownNames =
  'advance answer answered awaits byName byNumber checkKey command copy deadline doubt effect elements emit exact expire ' +
  'failWritesThatLeft firstMutation isReady items lastInputAt leftAt makeRoom member nextDeadline onClose ' +
  'onOpen onResponse packedTag pages position postpone release remove repeated reserve responses revisionOrThrow schemed setState ' +
  'settle tag unansweredBytes unfinished unsent within'

/** Throws where one of those names is a property of the API, or a field of the wire. @param {string} root */
function checkNames(root) {
  /** @param {string} file */
  const read = (file) => readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  const [api, wire] = [read('web/sdk/types.ts') + read('proto/status.ts'), read('proto/gen/tables.ts')]
  const isShared = (/** @type {string} */ name) =>
    new RegExp(`\\b${name}\\??[:(<]|get ${name}\\b`).test(api) || new RegExp(` ${name}\\b`).test(wire)
  const shared = ownNames.split(' ').filter(isShared)
  if (shared.length > 0) throw new Error(`not only the SDK's own: ${shared.join(', ')}`)
}

/** The module's text. @param {string} root */
export async function bundleSdk(root) {
  checkNames(root)
  const [esbuild, terser, vite] = await Promise.all([import('esbuild'), import('terser'), import('vite')])
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['web/sdk/index.ts'],
    bundle: true,
    minify: true,
    mangleProps: new RegExp(`^(${ownNames.replaceAll(' ', '|')})$`),
    define: { 'Number.POSITIVE_INFINITY': 'Infinity' },
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    write: false,
    logLevel: 'warning',
  })
  const compress = {
    ecma: /** @type {const} */ (2020),
    passes: 3,
    pure_getters: true,
    unsafe_arrows: true,
    lhs_constants: false,
  }
  const folded = await terser.minify(outputFiles[0]?.text ?? '', { module: true, compress })
  const { code } = await vite.minify('sdk.js', folded.code ?? '', { module: true, compress: { target: 'es2022' } })
  return code
}
