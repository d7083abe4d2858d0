// server/README.md: each of its programs runs as it stands, on the package as it is built, and prints what its comments
// say. So do the facts beside them hold.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../helpers/temporary.ts'

const readme = readFileSync('server/README.md', 'utf8')
/** The programs of each section, by its title. */
const programs = readme.split(/^## /m).flatMap((section) => {
  const title = section.slice(0, section.indexOf('\n'))
  return [...section.matchAll(/```js\n(.*?)```/gs)].map(([, text]) => ({ title, text: text! }))
})

/** A folder where `kvass` and the packages of its examples are installed. */
function folderWithPackages(): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(resolve('.'), join(folder, 'node_modules/kvass'), 'junction')
  symlinkSync(resolve('node_modules/fastify'), join(folder, 'node_modules/fastify'), 'junction')
  return folder
}

/** The engine that the document links to, as a program of its own would have it. */
async function writeEngine(folder: string): Promise<void> {
  const source = readFileSync('test/helpers/map-engine.ts', 'utf8').replace("'../../server/index.ts'", "'kvass/server'")
  const { code } = await transform(source, { loader: 'ts' })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'map-engine.js'), code)
}

/** What the program says that it prints: the comment behind each call of console.log, its lines between commas. */
function expected(program: string): string[] {
  const comments = [...program.matchAll(/console\.log\(.*\).* \/\/ (.*)$/gm)]
  return comments.flatMap(([, comment]) => comment!.split(', '))
}

test('there is a program for each part', () => {
  expect(programs.map(({ title }) => title)).toEqual([
    'A gateway on its own ports',
    'A part of a Fastify app',
    'Hooks',
    'A gateway for your tests',
    'An engine of your own',
    'An engine of your own',
    'The protocol over your own transport',
    'The protocol over your own transport',
  ])
})

test.each(programs)('$title', async ({ text }) => {
  const lines = expected(text)
  const folder = folderWithPackages()
  if (text.includes('./map-engine.js')) await writeEngine(folder)
  writeFileSync(join(folder, 'example.mjs'), text)
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['example.mjs'], { cwd: folder })
  if (text.includes("'node:test'")) {
    // Tests print what passed and failed, in the words of the runner.
    expect([/^\S+ pass (\d+)$/m.exec(stdout)?.[1], /^\S+ fail (\d+)$/m.exec(stdout)?.[1], stderr]).toEqual([
      expect.stringMatching(/^[1-9]\d+$/),
      '0',
      '',
    ])
    return
  }
  expect(lines.length).toBeGreaterThan(0)
  expect([stdout.trimEnd().split('\n'), stderr]).toEqual([lines, ''])
})

test('the flag for V8 is the one that the binary sets', () => {
  const [, flag] = /setFlagsFromString\('([^']+)'\)/.exec(readFileSync('server/main.ts', 'utf8'))!
  expect(readme).toContain(`\`node ${flag}\``)
})
