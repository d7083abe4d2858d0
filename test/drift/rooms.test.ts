// An engine, a transport or a room of the dashboard is where each of its kind is: in the code that opens it and in the
// tests that try them all. What is left out is named. CONTRIBUTING.md has the steps in order.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { optionSchemas } from '../../server/options.ts'

const text = (path: string) => readFileSync(path, 'utf8')

/** Folders below one that have a file of this name. */
function foldersWith(parent: string, file: string): string[] {
  const folders = readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => name).filter((name) => existsSync(`${parent}/${name}/${file}`))
}

interface Place {
  readonly file: string
  /** What the file has for a member of that kind. */
  readonly has: (name: string) => string
}

/** The places that lack a member, as sentences. */
function lacks(name: string, places: readonly Place[]): string[] {
  const without = places.filter(({ file, has }) => !text(file).includes(has(name)))
  return without.map(({ file, has }) => `${name}: ${file} has no ${has(name)}`)
}

const enginePlaces: Place[] = [
  { file: 'server/core.ts', has: (name) => `store/${name}/engine.ts'` },
  { file: 'test/contract/engines.test.ts', has: (name) => `server/store/${name}/engine.ts'` },
  { file: 'test/architecture.test.ts', has: (name) => `'server/store/${name}/'` },
]

test('each engine is opened by an option, under the contract suite, and in the order of imports', () => {
  const engines = foldersWith('server/store', 'engine.ts')
  expect(engines.length).toBeGreaterThan(1)
  expect(engines.flatMap((name) => lacks(name, enginePlaces))).toEqual([])
  expect([...optionSchemas.store.enum!].sort(), 'the values of the option store').toEqual(engines.sort())
})

const transportPlaces: Place[] = [{ file: 'test/e2e/vectors.test.ts', has: (name) => `${name}: ` }]

/** Which transport each file that makes one is for, by the name that the recorded conversation has for it. */
const transports: Record<string, string> = {
  'server/http/upgrade.ts': 'ws',
  'server/transport/tcp.ts': 'tcp',
  'server/transport/memory.ts': 'memory',
}

test('the recorded conversation is played over each transport', () => {
  const paths = readdirSync('server', { recursive: true, encoding: 'utf8' }).map((path) => join('server', path))
  const makers = paths.filter((path) => path.endsWith('.ts') && /new \w*Transport\(/.test(text(path)))
  expect(makers.sort(), 'name each file that makes a transport here').toEqual(Object.keys(transports).sort())
  expect(Object.values(transports).flatMap((name) => lacks(name, transportPlaces))).toEqual([])
})

const roomPlaces: Place[] = [
  { file: 'web/dashboard/app.tsx', has: (name) => `'./${name}/room.tsx'` },
  { file: 'web/dashboard/app.tsx', has: (name) => `path={routes.${name}}` },
  { file: 'web/dashboard/shell/addresses.ts', has: (name) => `${name}Address` },
  { file: 'web/dashboard/style/index.css', has: (name) => `'./${name}.css'` },
]

test('each room of the dashboard has an address and a style, and is tried in the browser', () => {
  const rooms = foldersWith('web/dashboard', 'room.tsx')
  expect(rooms.length).toBeGreaterThan(1)
  expect(rooms.flatMap((name) => lacks(name, roomPlaces))).toEqual([])
  const tests = readdirSync('test/e2e/dashboard')
  const tried = tests.map((name) => text(`test/e2e/dashboard/${name}`)).join('\n')
  for (const name of rooms) {
    const path = name === 'overview' ? '/' : `/${name}`
    expect(tried, `${path}: no test of test/e2e/dashboard opens it`).toMatch(new RegExp(`open\\(['\`]${path}`))
  }
})

test('what is nowhere is named', () => {
  expect(lacks('attic', [...enginePlaces, ...transportPlaces, ...roomPlaces])).toEqual([
    "attic: server/core.ts has no store/attic/engine.ts'",
    "attic: test/contract/engines.test.ts has no server/store/attic/engine.ts'",
    "attic: test/architecture.test.ts has no 'server/store/attic/'",
    'attic: test/e2e/vectors.test.ts has no attic: ',
    "attic: web/dashboard/app.tsx has no './attic/room.tsx'",
    'attic: web/dashboard/app.tsx has no path={routes.attic}',
    'attic: web/dashboard/shell/addresses.ts has no atticAddress',
    "attic: web/dashboard/style/index.css has no './attic.css'",
  ])
})
