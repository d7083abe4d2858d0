// What the tests of the dashboard share: one gateway and one browser a file, pages in it, and words for what their user
// sees and does.
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import type { GatewayOptions } from '../../../server/index.ts'
import { connect } from '../../../web/sdk/node.ts'
import { type Stored, storedTable } from '../../../web/sdk/stored.ts'
import type { Kvass, Value } from '../../../web/sdk/types.ts'
import { launchBrowser } from '../../helpers/browser.ts'
import { startGateway } from '../../helpers/gateway.ts'

interface PageOptions {
  width?: number
  height?: number
  scheme?: 'light' | 'dark'
  /** What the console may show as an error, because the test provokes it. */
  provokes?: RegExp
}

let browser: Browser
/** Most pages are of one profile, whose cache has the dashboard's files after the first. */
let common: BrowserContext
/** A client beside the pages. */
export let kv: Kvass
/** The gateway's address. */
export let base: string

/** Starts a gateway and a browser for the tests of a file; `fill` puts data into the store first. */
export function setTheStage({ fill, ...options }: GatewayOptions & { fill?: () => Promise<void> } = {}): void {
  beforeAll(async () => {
    const gateway = await startGateway({ store: 'memory', ...options })
    base = gateway.http
    kv = connect(gateway.ws)
    const starting = launchBrowser()
    await fill?.()
    browser = await starting
    common = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await kv?.close()
  })
}

/** Pages of the common profile that no test has now: another one takes a page up again faster than a new one. */
const idle: Page[] = []

/** A page; whatever goes wrong in it, a violated policy too, fails the test. A size or a scheme: of its own profile. */
export async function open(path: string, options: PageOptions = {}): Promise<Page> {
  const { width = 1280, height = 800, scheme = 'light', provokes } = options
  const isOwn = options.width !== undefined || options.scheme !== undefined
  const page = isOwn
    ? await browser.newPage({ viewport: { width, height }, colorScheme: scheme })
    : (idle.pop() ?? (await common.newPage()))
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    const isExpected = provokes?.test(message.text()) ?? false
    if (['error', 'warning'].includes(message.type()) && !isExpected) errors.push(message.text())
  })
  onTestFinished(async () => {
    page.removeAllListeners()
    if (isOwn) await page.close()
    else {
      await page.emulateMedia({ colorScheme: null })
      await page.goto('about:blank')
      idle.push(page)
    }
    expect(errors).toEqual([])
  })
  page.setDefaultTimeout(10_000)
  await page.goto(new URL(path, base).href)
  return page
}

export const button = (within: Page | Locator, name: string | RegExp): Locator =>
  within.getByRole('button', { name, exact: typeof name === 'string' })
export const keyRow = (page: Page, key: string): Locator => page.getByRole('option', { name: key, exact: true })
export const shownKeys = (page: Page): Promise<string[]> => page.getByRole('option').allTextContents()

/** The editor of a text, a document or bytes. */
export const editor = (within: Page | Locator): Locator => within.locator('.cm-content')

/** The lines that an editor shows, as one text. */
const shownText = (within: Page | Locator): Promise<string> =>
  editor(within)
    .locator('.cm-line')
    .evaluateAll((lines) =>
      lines
        .map((line) => {
          const copy = line.cloneNode(true) as HTMLElement
          for (const beside of copy.querySelectorAll('.cm-ascii')) beside.remove()
          return copy.textContent
        })
        .join('\n'),
    )

/** Waits until an editor shows a text. */
export const expectText = (within: Page | Locator, text: string, timeout = 10_000): Promise<void> =>
  expect
    .poll(
      () =>
        editor(within)
          .isVisible()
          .then((is) => (is ? shownText(within) : undefined)),
      { timeout },
    )
    .toBe(text)

/** Puts a text in the place of all that an editor has, as somebody who pastes it does. */
export async function retype(page: Page, text: string, within: Page | Locator = page): Promise<void> {
  await editor(within).focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

/** Clicks Save and waits until the page says that it is done. */
export async function save(page: Page): Promise<void> {
  await button(page, 'Save').click()
  await page.getByText(/^Saved as revision [\d,]+\.$/).waitFor()
}

/** Writes one entry to a table of its own, which goes with the test. */
export async function withEntry(table: string, key: string, value: Value): Promise<void> {
  await kv.table(table).set(key, value)
  onTestFinished(async () => void (await kv.table(table).drop()))
}

/** Does the same with a value whose type or text is given. */
export async function withStored(table: string, key: string, value: Stored): Promise<void> {
  await storedTable(kv, table).save(key, value, { ifRevision: 0 })
  onTestFinished(async () => void (await kv.table(table).drop()))
}

export const valueOf = async (table: string, key: string): Promise<Value | undefined> =>
  (await kv.table(table).get(key))?.value
export const storedOf = async (table: string, key: string): Promise<Stored | undefined> =>
  (await storedTable(kv, table).get(key))?.value

/** What axe finds wrong, each with the elements concerned. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  const { violations: found } = await (rules ? axe.withRules([...rules]) : axe).analyze()
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}
