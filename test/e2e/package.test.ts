// The package as npm would publish it: what its documents point at is in it, and what it installs runs on every Node that
// it says it supports.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { minVersion, satisfies } from 'semver'
import { expect, test } from 'vitest'

interface Manifest {
  readonly version: string
  readonly dev?: boolean
  readonly engines?: { readonly node?: string }
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

function packedFiles(): string[] {
  const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
    encoding: 'utf8',
  })
  const [{ files }] = JSON.parse(printed)
  return files.map(({ path }: { path: string }) => path)
}

/** The files of the package that a document shows or links to, from the package's root. */
function linked(document: string): string[] {
  const links = readFileSync(document, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)
  const paths = [...links].map(([, link]) => link!).filter((link) => !/^\w+:/.test(link))
  return paths.map((path) => normalize(join(dirname(document), path)))
}

test('every picture and file that a document of the package points at is in the package', () => {
  const files = packedFiles()
  const documents = files.filter((file) => file.endsWith('.md'))
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'proto/PROTOCOL.md']))
  const wanted = documents.flatMap(linked)
  expect(wanted.filter((file) => file.endsWith('.png')).length).toBeGreaterThan(1)
  expect(wanted.filter((file) => !files.includes(file))).toEqual([])
})

test('no package that is installed with it wants a later Node than it does', () => {
  const { engines, dependencies } = json('package.json')
  const oldest = minVersion(engines.node)!
  expect(oldest.version).toBe('20.19.0')
  const locked = Object.entries(json('package-lock.json').packages as Record<string, Manifest>)
  const installed = locked.filter(([path, { dev }]) => path !== '' && !dev)
  expect(installed.length).toBeGreaterThan(Object.keys(dependencies).length)
  const tooNew = installed.filter(([, { engines }]) => !satisfies(oldest, engines?.node ?? '*'))
  expect(tooNew.map(([path, { engines }]) => `${path} wants Node ${engines!.node}`)).toEqual([])
})

test('the version of light-my-request that fits is the one that fastify gets where nothing is locked', () => {
  const { packages } = json('package-lock.json')
  expect(Object.keys(packages).filter((path) => path.endsWith('/light-my-request'))).toEqual([
    'node_modules/light-my-request',
  ])
  const { dependencies } = json('package.json')
  expect(dependencies['light-my-request']).toMatch(/^\d/)
  expect(
    satisfies(dependencies['light-my-request'], packages['node_modules/fastify'].dependencies['light-my-request']),
  ).toBe(true)
})
