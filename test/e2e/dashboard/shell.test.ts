// The overview and the page around the rooms, in a real browser in front of a real gateway.
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { kvassPlugin } from '../../../server/index.ts'
import { connect } from '../../../web/sdk/node.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { until } from '../../helpers/until.ts'
import { base, button, expectText, kv, open, retype, save, setTheStage } from './stage.ts'

setTheStage({
  fill: async () => void (await kv.table('numbers').setMany(Array.from({ length: 2_469 }, (_, at) => [`${at}`, at]))),
})

test('the overview tells of the health, the commands and the store, and draws them', async () => {
  const page = await open('/')
  await page.getByText('Healthy').waitFor()
  await page.getByText('Connected').waitFor()
  const store = page.getByRole('region', { name: 'Store' })
  await store.getByText('2,469').waitFor()
  const table = page.getByRole('region', { name: 'Commands by kind' }).getByRole('table')
  await table.getByRole('rowheader', { name: 'hmset' }).waitFor()
  const commands = page.getByRole('article').filter({ hasText: 'Commands' })
  const work = Array.from({ length: 200 }, (_, index) => kv.table('numbers').get(`${index}`))
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
  const page = await open('about:blank', { scheme: 'light' })
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

test('any address that is no room says so in the page, with a way on', async () => {
  const page = await open('/data/numbers/more')
  for (const path of ['/data/numbers/more', '/nowhere', '/data/x/y?key=z', '/healthzz', '/a.b/c']) {
    await page.goto(new URL(path, base).href)
    await page.getByText('There is nothing here').waitFor()
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor()
  }
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

test('the gateway goes and comes back: the page says so, and goes on by itself', async () => {
  const data = temporaryFolder()
  const first = await startGateway({ data })
  const client = connect(first.ws)
  onTestFinished(() => client.close())
  await client.table('kinds').set('it', 'kept')
  const page = await open(`${first.http}/data/kinds?key=it`, { provokes: /WebSocket|ERR_CONNECTION_REFUSED/ })
  await expectText(page, 'kept')
  await first.gateway.close()
  await page.getByText('The gateway is not connected').waitFor()
  await page.getByText(/Next try in \d+ s|Trying now/).waitFor()
  await retype(page, 'edited while it was gone')
  await startGateway({ data, port: Number(new URL(first.http).port) })
  await page.getByText('The gateway is not connected').waitFor({ state: 'detached', timeout: 15_000 })
  await page.getByText('Connected', { exact: true }).waitFor()
  await save(page)
  expect((await client.table('kinds').get('it'))?.value).toBe('edited while it was gone')
})

test('below the prefix of another app it finds its files, its gateway, its editor and its rooms', async () => {
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
  await button(page, 'New table').first().click()
  const dialog = page.getByRole('dialog')
  await retype(page, 'typed', dialog)
  await expectText(dialog, 'typed')
  await page.goto(`${url}/of/kvass/nowhere`)
  await page.getByText('There is nothing here').waitFor()
})
