// A page in Chromium with ten watches and a stream of writes, while the network goes and comes, the gateway is killed and
// started again, and the tab is frozen and thawed: in the end the page has what the store has, and no promise is open.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { connect } from '../../web/sdk/node.ts'
import { openPage } from '../helpers/browser.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { spawnGateway } from '../helpers/gateway.ts'
import { startProxy } from '../helpers/proxy.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { until } from '../helpers/until.ts'
import { type LivePage, livePage } from './live-page.ts'

const prefixes = ['', 'a', 'b', 'c', 'cd']
const frozenWrites = 3_000

test('the page equals the store after network cuts, kills of the gateway and a frozen tab', async () => {
  const data = temporaryFolder()
  const first = await spawnGateway([], data)
  const kv = connect(first.ws, { reconnect: { baseMs: 5, maxMs: 100 }, timeoutMs: 30_000 })
  whenOver(() => kv.close())
  const table = kv.table<number>('live')
  await table.setMany(Array.from({ length: 500 }, (_, at) => [`a${at}`, at] as const))

  // Chromium's own "offline" leaves open WebSockets alone: the proxy is the network that fails, and Chromium tells the page.
  const network = await startProxy(Number(new URL(first.http).port))
  const { page, errors } = await openPage()
  const devtools = await page.context().newCDPSession(page)
  await page.goto(`http://127.0.0.1:${network.port}`)
  const options = JSON.stringify({ reconnect: { baseMs: 20, maxMs: 200 }, timeoutMs: 60_000 })
  await page.evaluate(
    `import('/sdk.js').then((sdk) => (${livePage.toString()})({ connect: () => sdk.connect(undefined, ${options}) }, ${JSON.stringify(prefixes)}))`,
  )
  const look = () =>
    page.evaluate(() => {
      const { begun, outcomes, disconnects, resets, faults } = (globalThis as unknown as { livePage: LivePage })
        .livePage
      return { begun, outcomes, disconnects, resets, faults }
    })
  const moreWrites = async (count = 40) => {
    const { begun } = await look()
    await until('the page writes', async () => (await look()).begun > begun + count, 45_000)
  }
  await moreWrites()
  const { resets } = await look()

  const offline = { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
  for (let round = 0; round < 2; round++) {
    const { disconnects } = await look()
    network.isOpen = false
    // First the connection breaks, then it goes dead without a word, which only asking finds out.
    if (round === 0) network.cut()
    else network.mute()
    await devtools.send('Network.emulateNetworkConditions', offline)
    await Promise.all(Array.from({ length: 50 }, (_, at) => table.set(`b${at % 7}`, at)))
    if (round === 0) await until('the page has no connection', async () => (await look()).disconnects > disconnects)
    await until('the page knows', () => page.evaluate(() => !navigator.onLine))
    network.isOpen = true
    await devtools.send('Network.emulateNetworkConditions', { ...offline, offline: false })
    await moreWrites()
    expect((await look()).disconnects).toBeGreaterThan(disconnects)
  }

  let current = first
  for (let round = 0; round < 2; round++) {
    current.process.kill('SIGKILL')
    await current.exit
    current = await spawnGateway(['--port', new URL(first.http).port], data)
    await moreWrites()
  }

  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
  await Promise.all(Array.from({ length: frozenWrites }, (_, at) => table.set(`c${at % 10}`, at)))
  await devtools.send('Page.setWebLifecycleState', { state: 'active' })
  await moreWrites()

  await page.evaluate(() => (globalThis as unknown as { livePage: LivePage }).livePage.stop())
  const end = await look()
  expect(end.faults).toEqual([])
  // Each promise has its outcome, and none of them is "unknown".
  const { counted, written, ...others } = end.outcomes
  expect(others).toEqual({})
  expect(counted! + written!).toBe(end.begun)
  expect((await table.get('count'))!.value).toBe(counted)
  // The store remembers, so nothing began with a snapshot again.
  expect(end.resets).toBe(resets)

  const entries: [string, number][] = []
  for await (const { key, value } of table.entries()) entries.push([key, value])
  const truth = prefixes.map((prefix) => JSON.stringify(entries.filter(([key]) => key.startsWith(prefix))))
  const seen = () => page.evaluate(() => (globalThis as unknown as { livePage: LivePage }).livePage.seen())
  await until('the page is current', async () => (await seen())[0] === truth[0])
  expect(await seen()).toEqual([...truth, ...truth])
  // What Chromium itself says of refused connections is no error of the page.
  expect(errors.filter((error) => !/WebSocket connection|ERR_|net::/.test(error))).toEqual([])
}, 120_000)

test('the SDK as one module stays under 13 KB gzip', () => {
  const bytes = gzipSync(readFileSync(new URL('../../dist/web/sdk.js', import.meta.url)), { level: 9 }).length
  console.log(`dist/web/sdk.js: ${bytes} bytes gzip`)
  expect(bytes).toBeLessThan(13_000)
})
