// What the README shows works as it stands: its page by copy and paste.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPage } from '../helpers/browser.ts'
import { spawnGateway, startGateway } from '../helpers/gateway.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const readme = readFileSync('README.md', 'utf8')

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)
  if (!found) throw new Error(`the README has no ${language} block`)
  return found[1]!
}

test("the README's page works by copy and paste, and what it wrote survives a restart", async () => {
  const pages = join(temporaryFolder(), 'pages')
  mkdirSync(pages)
  writeFileSync(join(pages, 'visits.html'), block('html'))
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

test('a folder of pages that does not exist is refused by name', async () => {
  const missing = join(temporaryFolder(), 'missing')
  await expect(startGateway({ store: 'memory', pages: missing })).rejects.toThrow(/pages must be a folder that exists/)
})
