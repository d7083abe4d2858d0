// Holds the tree to its design: what stands at the top, which folder imports which, who alone touches what, how large a
// file and a class may be, and that each file says first what it is for. The rules are tried on a small tree that breaks each of them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { tables } from '../proto/gen/tables.ts'
import { tagOf } from '../proto/tags.ts'
import { readSources, type Source } from './helpers/sources.ts'
import { temporaryFolder } from './helpers/temporary.ts'

const root = join(import.meta.dirname, '..')

/** What may stand at the top, besides names that begin with a dot and what .gitignore names. */
const topLevel =
  'package.json package-lock.json tsconfig.json biome.json README.md CHANGELOG.md LICENSE proto server web test'
const ignored = 'node_modules dist kvass-data coverage'

/** Parts of the tree, the most specific path first, and the parts that each may import besides itself. */
const parts: [path: string, name: string, mayImport: string][] = [
  ['proto/', 'proto', ''],
  ['server/store/bytes/', 'bytes', 'proto contract'],
  ['server/store/memory/', 'memory', 'proto contract bytes'],
  ['server/store/log/', 'log', 'proto contract bytes'],
  ['server/store/lmdb/', 'lmdb', 'proto contract bytes'],
  ['server/store/disk/', 'disk', 'proto contract bytes memory log lmdb'],
  ['server/store/', 'contract', 'proto'],
  ['server/data/', 'data', 'proto contract bytes'],
  ['server/commands/', 'commands', 'proto contract bytes data'],
  ['server/service/', 'service', 'proto contract bytes data commands'],
  ['server/connection/', 'connection', 'proto contract bytes data commands service'],
  ['server/transport/', 'transport', 'proto connection'],
  ['server/config.ts', 'config', 'proto contract'],
  ['server/options.ts', 'config', 'proto contract'],
  ['server/version.ts', 'version', ''],
  ['server/core.ts', 'core', 'proto contract memory disk data commands service connection config version'],
  ['server/http/', 'http', 'proto contract bytes data commands service connection transport config version core'],
  ['server/testing/', 'testing', 'proto sdk contract bytes gateway'],
  ['server/cli/', 'cli', 'proto sdk contract disk config version gateway'],
  ['server/main.ts', 'main', 'proto sdk contract config version gateway cli'],
  ['server/', 'gateway', 'proto contract bytes data service connection transport config version core http'],
  ['web/sdk/', 'sdk', 'proto'],
  ['web/dashboard/', 'dashboard', 'sdk'],
]

/** Packages that one file alone imports, for each: the fewer know it, the easier it is to replace. */
const loners = ['lmdb', 'fs-native-extensions', '@redis/client']

/** The SDK's entry in Node, which brings a WebSocket class to versions that have none. */
const nodeSdk = 'web/sdk/node.ts'

/** Lines that a file and a class of production may have: a reader should hold one in mind. */
const mostLines = { file: 400, class: 300 }

/** Globals that proto/ may use because browsers and Node have them alike. */
const universal = 'TextEncoder TextDecoder ReadableStream WritableStream AbortSignal'

/** The tags of kv.proto that are one byte: those of the fields below 16. */
const wireTags = Object.entries(tables).flatMap(([message, fields]) =>
  fields.filter(([number]) => number < 16).map(([, name]) => tagOf(message, name)),
)
/** Who may write such bytes: the contract, the store in its own records, and the two that read JSON by its bytes. */
const knowsBytes = ['proto/', 'server/store/', 'server/cli/json.ts', 'server/commands/json.ts']

const has = (list: string, name: string) => list.split(' ').includes(name)
const partOf = (path: string) => parts.find(([prefix]) => path.startsWith(prefix))
const isPackage = (name: string) => partOf(name) === undefined && !name.startsWith('test/')
const runsInPages = (path: string) => path.startsWith('web/') && !path.endsWith('vite.config.ts')
/** The package of a specifier: `protobufjs/minimal.js` is of `protobufjs`. */
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

function brokenTop(entries: readonly string[]): string[] {
  const strange = entries.filter((name) => !name.startsWith('.') && !has(`${topLevel} ${ignored}`, name))
  return strange.map((name) => `${name} has no place at the top`)
}

function brokenArrows(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) => {
    const [, name = '', mayImport = ''] = partOf(path) ?? []
    if (name === '') return []
    const forbidden = imports.filter((to) => {
      const target = partOf(to)?.[1]
      return to.startsWith('test/') || (target !== undefined && target !== name && !has(mayImport, target))
    })
    return forbidden.map((to) => `${path} imports ${to}`)
  })
}

/** Modules that import one another in a circle, each circle once. */
function circles(sources: readonly Source[]): string[] {
  const imports = new Map(sources.map((source) => [source.path, source.imports]))
  const found: string[] = []
  const done = new Set<string>()
  function visit(path: string, trail: readonly string[]): void {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' > '))
    if (trail.includes(path) || done.has(path)) return
    for (const to of imports.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of imports.keys()) visit(path, [])
  return found
}

function brokenPackages(sources: readonly Source[]): string[] {
  const strange = sources.flatMap(({ path, imports }) => {
    const packages = imports.filter(isPackage)
    if (path.startsWith('proto/'))
      return packages.filter((name) => packageOf(name) !== 'protobufjs').map((name) => `${path} imports ${name}`)
    if (path.startsWith('web/sdk/'))
      return packages.filter((name) => !(name === 'ws' && path === nodeSdk)).map((name) => `${path} imports ${name}`)
    if (runsInPages(path))
      return packages.filter((name) => name.startsWith('node:')).map((name) => `${path} imports ${name}`)
    return []
  })
  const shared = loners.flatMap((name) => {
    const users = sources.filter(
      ({ path, imports }) => path.startsWith('server/') && imports.some((to) => packageOf(to) === name),
    )
    return users.length > 1 ? [`${users.map(({ path }) => path).join(' and ')} import ${name}`] : []
  })
  return [...strange, ...shared]
}

function brokenGlobals(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports, globals }) => {
    const used = globals.filter(({ name, from }) => {
      if (path.startsWith('proto/')) return !from.includes('language') && !has(universal, name)
      if (runsInPages(path)) return from.join() === 'node'
      return path.startsWith('server/') && path !== 'server/main.ts' && name === 'process'
    })
    const names = used.map(({ name }) => name)
    const imported = path.startsWith('server/') && path !== 'server/main.ts' && imports.includes('node:process')
    return [...names, ...(imported ? ['node:process'] : [])].map((name) => `${path} uses ${name}`)
  })
}

/** Tags of the wire outside of proto/: bytes in hexadecimal that are one, and numbers that are called so. */
function brokenTags(sources: readonly Source[]): string[] {
  const others = sources.filter(
    ({ path }) => /^(server|web|test\/bench)\//.test(path) && !knowsBytes.some((known) => path.startsWith(known)),
  )
  return others.flatMap(({ path, numbers }) => {
    const tags = numbers.filter(({ text, names }) => {
      return (/^0x..$/.test(text) && wireTags.includes(Number(text))) || names.some((name) => /tags?$/i.test(name))
    })
    return tags.map(({ text }) => `${path} has the tag ${text}, which is for proto/ to know`)
  })
}

function brokenOpenings(sources: readonly Source[]): string[] {
  const mute = sources.filter(
    ({ path, opening }) => !path.startsWith('proto/gen/kv.') && !/^[A-Za-z`*].{15,}[.:]/.test(opening),
  )
  return mute.map(({ path }) => `${path} does not begin with a comment that says what it is for`)
}

/** What production consists of. Generated code is as long as it is. */
const isProduction = (path: string) => /^(proto|server|web)\//.test(path) && !path.startsWith('proto/gen/')

/** Style sheets, which no compiler reads: their paths and lengths. */
function readStyles(root: string): Sized[] {
  const names = readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' })
  const paths = names.filter((name) => name.endsWith('.css')).map((name) => `web/${name.replaceAll('\\', '/')}`)
  return paths.sort().map((path) => {
    const lines = readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length
    return { path, lines, classes: [] }
  })
}

type Sized = Pick<Source, 'path' | 'lines' | 'classes'>

function tooLarge(files: readonly Sized[]): string[] {
  return files
    .filter(({ path }) => isProduction(path))
    .flatMap(({ path, lines, classes }) => {
      const large = classes.filter((one) => one.lines > mostLines.class)
      return [
        ...(lines > mostLines.file ? [`${path} has ${lines} lines`] : []),
        ...large.map((one) => `class ${one.name} in ${path} has ${one.lines} lines`),
      ]
    })
}

const sources = readSources(root, ['proto', 'server', 'web', 'test', '.ci'])

test('nothing stands at the top but what the design names', () => {
  expect(brokenTop(readdirSync(root))).toEqual([])
})

test('imports go one way, from the command down to the contract', () => {
  expect(brokenArrows(sources)).toEqual([])
})

test('no modules import one another in a circle', () => {
  expect(circles(sources)).toEqual([])
})

test('what lies in server/store/ itself is the contract: the engines have rooms of their own', () => {
  const direct = sources.filter(({ path }) => /^server\/store\/[^/]+$/.test(path))
  expect(direct.length).toBeLessThanOrEqual(3)
})

test('proto/ and the SDK need no package but what each is known for, and the engines have one user each', () => {
  expect(brokenPackages(sources)).toEqual([])
})

test('one file touches process, proto/ runs anywhere, web/ needs no Node', () => {
  expect(brokenGlobals(sources)).toEqual([])
})

test('tags of the wire outside of proto/: none', () => {
  expect(brokenTags(sources)).toEqual([])
})

test('each file says first what it is for', () => {
  expect(brokenOpenings(sources)).toEqual([])
})

test('no file of production has more than 400 lines, and no class more than 300', () => {
  expect(tooLarge([...sources, ...readStyles(root)])).toEqual([])
})

test('a tree that breaks each rule is found out', () => {
  const folder = temporaryFolder()
  /** A file of so many lines, with a class of so many. */
  const sized = (file: number, type: number) =>
    `// As many lines as this.${'\n'.repeat(file - type)}export class Sized {${'\n'.repeat(type - 1)}}\n`
  const files = {
    'proto/frame.ts': `// Frames, which know nothing of stores.\nimport '../server/store/disk/engine.ts'\nimport 'ws'\nexport const a = Buffer.from('')`,
    'proto/fine.ts': `// Uses the language and what is everywhere.\nimport 'protobufjs/minimal.js'\nexport const b = [new Map(), new TextEncoder()]`,
    'server/store/disk/engine.ts': `// The engine on disk, the log and the map.\nimport { open } from 'lmdb'\nexport const c = open`,
    'server/store/memory/engine.ts': `// The engine in memory, which keeps nothing.\nimport type { Key } from 'lmdb'\nexport * from './table.ts'\nexport type D = Key`,
    'server/store/memory/table.ts': `// A table in memory, with its entries.\nexport * from './engine.ts'\nexport * from '../log/log.ts'`,
    'server/store/log/log.ts': `// The log, which nothing in memory knows.\nexport const recordTag = 0x0a`,
    'server/commands/hget.ts': `// Reads one entry from the store.\nexport const e = () => import('../connection/loop.ts')`,
    'server/commands/json.ts': `// Looks for line feeds in JSON.\nexport const newline = 0x0a`,
    'server/data/plain.ts': `// Writes an id, a ttl and a count.\nexport const i = [0x78, 0x7f, 0x80, 12, 0x0a0a]`,
    'test/bench/load.ts': `// Sends a get and reads its reply.\nexport const tags = { hget: 10 }\nexport const keyTag = (2 << 3) | 2`,
    'server/connection/loop.ts': `export const f = process.env`,
    'server/main.ts': `#!/usr/bin/env node\n// The entry, which alone may touch it.\nprocess.exitCode = 1`,
    'web/sdk/index.ts': `// The browser's client, the SDK.\nexport * from '../../server/main.ts'\nexport const h = document.title + process.title`,
    'server/data/fits.ts': sized(400, 300),
    'server/data/large.ts': sized(401, 301),
    'proto/gen/kv.js': sized(401, 301),
    'web/dashboard/style.css': '\n'.repeat(400).concat('p {}\n'),
    'web/dashboard/main.tsx': `// The dashboard, built on the SDK.\nimport type { X } from '../../proto/frame.ts'\nexport type Y = X`,
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const planted = readSources(folder, ['proto', 'server', 'web', 'test'])
  expect(brokenTop(['src', 'proto', '.ci', 'dist'])).toEqual(['src has no place at the top'])
  expect(brokenArrows(planted)).toEqual([
    'proto/frame.ts imports server/store/disk/engine.ts',
    'server/commands/hget.ts imports server/connection/loop.ts',
    'server/store/memory/table.ts imports server/store/log/log.ts',
    'web/dashboard/main.tsx imports proto/frame.ts',
    'web/sdk/index.ts imports server/main.ts',
  ])
  expect(circles(planted)).toEqual([
    'server/store/memory/engine.ts > server/store/memory/table.ts > server/store/memory/engine.ts',
  ])
  expect(brokenPackages(planted)).toEqual([
    'proto/frame.ts imports ws',
    'server/store/disk/engine.ts and server/store/memory/engine.ts import lmdb',
  ])
  expect(brokenGlobals(planted)).toEqual([
    'proto/frame.ts uses Buffer',
    'server/connection/loop.ts uses process',
    'web/sdk/index.ts uses process',
  ])
  expect(brokenTags(planted)).toEqual(
    [
      'server/data/plain.ts has the tag 0x78',
      ...['10', '2', '3', '2'].map((text) => `test/bench/load.ts has the tag ${text}`),
    ].map((found) => `${found}, which is for proto/ to know`),
  )
  expect(tooLarge([...planted, ...readStyles(folder)])).toEqual([
    'server/data/large.ts has 401 lines',
    'class Sized in server/data/large.ts has 301 lines',
    'web/dashboard/style.css has 401 lines',
  ])
  expect(brokenOpenings(planted)).toEqual([
    'server/connection/loop.ts does not begin with a comment that says what it is for',
  ])
})
