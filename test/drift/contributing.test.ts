// CONTRIBUTING.md against the tree: each file that it names is there, and so is each command of npm; each recipe names
// the tests that hold it; and the quick lane starts no browser and no other process.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isQuick } from '../helpers/lanes.ts'

const text = readFileSync('.github/CONTRIBUTING.md', 'utf8')
const marked = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)
/** What the benches and the build write, which need not be there. */
const written = ['dist/bench.json']

test('the paths that it names are in the tree', () => {
  const paths = marked.filter((code) => /^[\w.-]+\/([\w.-]+\/?)*$|^[\w-]+\.(md|json|ts)$/.test(code))
  // Where a newcomer's name would stand, its folder must be there.
  const known = paths.map((path) => path.replace(/NAME.*/, '')).filter((path) => !written.includes(path))
  expect(known.length).toBeGreaterThan(60)
  expect(known.filter((path) => !existsSync(path))).toEqual([])
})

test('the scripts that it names are in package.json, or in the tree', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const named = [...text.matchAll(/npm (?:run )?(test|start|[a-z]+(?::[a-z]+)?)\b/g)].map(([, name]) => name!)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
  const run = [...text.matchAll(/node --import tsx (\S+)/g)].map(([, path]) => path!)
  expect(run.filter((path) => !existsSync(path))).toEqual([])
})

test('links within it lead somewhere', () => {
  const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(' ', '-'))
  const links = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor!)
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter((link) => !anchors.includes(link))).toEqual([])
})

test('each recipe names the test that fails until it is done', () => {
  const recipes = text.slice(text.indexOf('## How to add'), text.indexOf('## Tests')).split(/^### /m).slice(1)
  const titles = recipes.map((recipe) => recipe.slice(0, recipe.indexOf('\n')))
  expect(titles).toEqual([
    'A command',
    'An option',
    'A limit',
    'A metric',
    'An engine',
    'A transport',
    'A room of the dashboard',
  ])
  for (const recipe of recipes)
    expect(recipe).toMatch(/^`test\/drift\/\w+\.test\.ts` (fails|compares)|`test\/drift\/\w+\.test\.ts` while/m)
})

test('the quick lane starts no browser and no other process', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).map((path) => join('test', path))
  const quick = files.filter((path) => path.endsWith('.test.ts') && isQuick(path))
  expect(quick.length).toBeGreaterThan(50)
  const heavy = /from '(\S*\/browser\.ts|playwright-core|\S*\/host\.ts|node:child_process)'|spawn(Gateway|Kvass)\(/
  const own = 'test/drift/contributing.test.ts'
  expect(quick.filter((path) => path !== own && heavy.test(readFileSync(path, 'utf8')))).toEqual([])
})
