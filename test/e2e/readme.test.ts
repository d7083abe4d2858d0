// What the README shows works as it stands: its page by copy and paste, its programs in strict TypeScript, its options.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { originReasons } from '../../proto/status.ts'
import { defaultText, flag, type OptionName, optionGroups, optionSchemas } from '../../server/options.ts'
import { openPage } from '../helpers/browser.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { spawnGateway, startGateway } from '../helpers/gateway.ts'
import { tableOf } from '../helpers/protocol.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const readme = readFileSync('README.md', 'utf8')

function blocks(language: string): string[] {
  const found = [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text!)
  if (found.length === 0) throw new Error(`the README has no ${language} block`)
  return found
}

/** Compiles programs in strict TypeScript as a project that has the package would; answers the folder of the results. */
async function compiled(programs: Readonly<Record<string, string>>): Promise<string> {
  // Inside of the package, where its own name means itself.
  const folder = mkdtempSync('dist/.readme-')
  whenOver(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, `${name}.ts`), text)
  const flags =
    '--ignoreConfig --strict --module nodenext --target es2022 --types node --noUncheckedIndexedAccess'.split(' ')
  const files = Object.keys(programs).map((name) => join(folder, `${name}.ts`))
  const tsc = 'node_modules/@typescript/native/bin/tsc'
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, ...flags, ...files]).catch((error) => error)
  expect(stdout).toBe('')
  return folder
}

test("the README's page works by copy and paste, and what it wrote survives a restart", async () => {
  const pages = join(temporaryFolder(), 'pages')
  mkdirSync(pages)
  writeFileSync(join(pages, 'visits.html'), blocks('html')[0]!)
  const { page, errors } = await openPage()
  const visit = async (http: string) => {
    await page.goto(`${http}/pages/visits.html`)
  }
  const shows = (text: string) =>
    page.waitForFunction((wanted) => document.querySelector('h1')!.textContent === wanted, text)
  const gateway = await spawnGateway(['--pages', pages])
  await visit(gateway.http)
  await shows('1 visits')
  await visit(gateway.http)
  await shows('2 visits')
  gateway.process.kill('SIGTERM')
  await gateway.exit
  const again = await spawnGateway(['--pages', pages], gateway.data)
  await visit(again.http)
  await shows('3 visits')
  // The page has no icon, and for a moment no gateway: it is refused, or cut off while it connects to the one that ends.
  expect(errors.filter((error) => !/404|ERR_CONNECTION_(REFUSED|RESET)/.test(error))).toEqual([])
  // A browser and two gateways are started, which on a machine that does much else takes longer than a test has.
}, 60_000)

test('what the README does with the SDK and the server compiles as it stands, runs, and ends', async () => {
  const [first, live, server] = blocks('ts') as [string, string, string]
  const { ws } = await startGateway({ store: 'memory' })
  const here = (text: string) => text.replaceAll('ws://127.0.0.1:5827/ws', ws)
  const open = "import { connect } from 'kvass'\nconst kv = connect('ws://127.0.0.1:5827/ws')\n"
  const todos = "const todos = kv.table<{ title: string }>('todos')\nconst render = (_: unknown) => {}\n"
  const app = "import type { FastifyInstance } from 'fastify'\ndeclare const app: FastifyInstance\n"
  const folder = await compiled({
    first: here(first),
    live: here(`${open}${todos}${live}\nawait live.ready\nconsole.log([...live.keys()].join())\nawait kv.close()`),
    server: app + server,
  })
  const run = async (name: string) => (await promisify(execFile)(process.execPath, [join(folder, `${name}.js`)])).stdout
  expect(await run('first')).toBe('1 milk\nhello\n')
  expect(await run('live')).toBe('2,3,4,5\n')
}, 60_000)

test('the options are those of the program, in its words', () => {
  const { Limits: _, ...groups } = optionGroups
  const options = Object.values(groups).flatMap((schemas) => Object.keys(schemas) as OptionName[])
  const inCode = options.map((name) => [flag(name), defaultText(name) ?? '', optionSchemas[name].description])
  expect(tableOf('option', readme)).toEqual(inCode)
})

test('a page of another origin is told why it may not connect, and what would let it', async () => {
  const pages = temporaryFolder()
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>foreign</title>')
  const [own, other] = [await startGateway({ store: 'memory', pages }), await startGateway({ store: 'memory' })]
  const { page, errors } = await openPage()
  // As text: what the test runner makes of an import has no meaning in a page.
  const read = ({ http, ws }: { http: string; ws: string }) =>
    page.evaluate<string>(`import('${http}/sdk.js').then(({ connect }) =>
      connect('${ws}').table('t').get('a').then(String, (error) => error.message))`)
  await page.goto(`${own.http}/pages/index.html`)
  expect(await read(other)).toBe(`The connection to ${other.ws} is closed (4403: ${originReasons.foreign}).`)
  expect(errors.filter((error) => error.includes('origin'))).toEqual([originReasons.foreign])
  // With just that option the page is let in.
  const allowing = await startGateway({ store: 'memory', allowOrigin: [await page.evaluate<string>('origin')] })
  expect(await read(allowing)).toBe('undefined')
  const sandboxed = page.evaluate<string>(`new Promise((resolve) => {
    addEventListener('message', ({ data }) => resolve(data))
    const frame = Object.assign(document.createElement('iframe'), { sandbox: 'allow-scripts' })
    const report = '({ code, reason }) => parent.postMessage(code + " " + reason, "*")'
    frame.srcdoc = '<script>new WebSocket("${other.ws}").onclose = ' + report + '</' + 'script>'
    document.body.append(frame)
  })`)
  expect(await sandboxed).toBe(`4403 ${originReasons.none}`)
}, 60_000)

test('a folder of pages that does not exist is refused by name', async () => {
  const missing = join(temporaryFolder(), 'missing')
  await expect(startGateway({ store: 'memory', pages: missing })).rejects.toThrow(/pages must be a folder that exists/)
})
