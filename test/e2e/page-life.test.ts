// A page in Chromium that is left and comes back, is frozen and thawed, and loses its network: who is not there is not
// shown as present, and what comes back is there again at once.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { connect } from '../../web/sdk/node.ts'
import type { Kvass, Live } from '../../web/sdk/types.ts'
import { openPage } from '../helpers/browser.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startProxy } from '../helpers/proxy.ts'
import { until } from '../helpers/until.ts'

interface PageOfTheTest {
  kv: Kvass
  /** Events of the page's life, as they reach the window. */
  seen: string[]
}

/** A page that has joined the lobby, and who is there as another client sees it. */
async function stage(port?: (gateway: string) => Promise<number>): Promise<{ page: Page; lobby: Live }> {
  const { http, ws } = await startGateway({ store: 'memory', leaseGraceMs: 100 })
  const other = connect(ws)
  whenOver(() => other.close())
  const lobby = other.presence('lobby').live()
  await lobby.ready
  const { page } = await openPage({ keepsPages: true })
  await page.goto(port ? `http://127.0.0.1:${await port(http)}` : http)
  await page.evaluate(`import('/sdk.js').then(async ({ connect }) => {
    const kv = connect()
    Object.assign(globalThis, { kv, seen: [] })
    for (const name of ['pagehide', 'freeze', 'resume', 'pageshow']) {
      addEventListener(name, ({ persisted = '' }) => seen.push(name + ' ' + persisted), true)
    }
    await kv.presence('lobby').join({ name: 'Ada' })
  })`)
  await until('she is there', () => lobby.size === 1)
  return { page, lobby }
}

const look = (page: Page) =>
  page.evaluate(() => {
    const { kv, seen } = globalThis as unknown as PageOfTheTest
    return { state: kv.state, seen }
  })

test('a page in the back-forward cache is not present, and is again when it is shown', async () => {
  const { page, lobby } = await stage()
  await page.goto('about:blank')
  await until('she has gone', () => lobby.size === 0)
  await page.goBack({ waitUntil: 'commit' })
  await until('the page is the old one', async () => (await look(page)).seen.includes('pageshow true'))
  await until('she is back', () => lobby.size === 1)
  expect(await look(page)).toEqual({ state: 'open', seen: ['pagehide true', 'freeze ', 'resume ', 'pageshow true'] })
}, 60_000)

test('a frozen page is not present, and is again when it is thawed', async () => {
  const { page, lobby } = await stage()
  const devtools = await page.context().newCDPSession(page)
  // Chromium tells only pages that nobody sees, and Playwright has every page seen.
  await page.evaluate(() => document.dispatchEvent(new Event('freeze')))
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
  await until('she has gone', () => lobby.size === 0)
  await devtools.send('Page.setWebLifecycleState', { state: 'active' })
  expect((await look(page)).state).toBe('waiting')
  await page.evaluate(() => document.dispatchEvent(new Event('resume')))
  await until('she is back', () => lobby.size === 1)
}, 60_000)

test('offline the state says so, and online a connection that died meanwhile is left within 2 s', async () => {
  const network: { mute(): void }[] = []
  const { page, lobby } = await stage(async (http) => {
    const proxy = await startProxy(Number(new URL(http).port))
    network.push(proxy)
    return proxy.port
  })
  await page.context().setOffline(true)
  await until('it knows', async () => (await look(page)).state === 'waiting')
  await until('she has gone', () => lobby.size === 0)
  await page.context().setOffline(false)
  await until('she is back', () => lobby.size === 1)
  // Now it dies without a word.
  network[0]!.mute()
  await page.evaluate(() => dispatchEvent(new Event('online')))
  const left = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const from = performance.now()
        ;(globalThis as unknown as PageOfTheTest).kv.on('disconnect', () => resolve(performance.now() - from))
      }),
  )
  expect(await left).toBeLessThan(3_000)
  await until('it is open again', async () => (await look(page)).state === 'open')
}, 60_000)
