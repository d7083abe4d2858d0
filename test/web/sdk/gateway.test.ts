// The SDK and the real gateway: the same conversation from Node on both engines and from a page in Chromium, and
// what a restart of the gateway looks like from a client.
import { expect, test } from 'vitest'
import * as sdk from '../../../web/sdk/node.ts'
import { openPage } from '../../helpers/browser.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { conversation, said } from './conversation.ts'

for (const store of ['memory', 'disk'] as const) {
  test(`in Node, with the ${store} engine`, async () => {
    const { ws } = await startGateway({ store })
    expect(await conversation(sdk, ws)).toEqual(said)
  })
}

test('in Chromium, in a page whose policy allows no eval and no inline script', async () => {
  const { http, ws } = await startGateway({ store: 'memory' })
  const { page, errors } = await openPage()
  const response = await page.goto(http)
  const policy = response!.headers()['content-security-policy']!
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toContain('unsafe')
  const answer = await page.evaluate(
    `import('/sdk.js').then((sdk) => (${conversation.toString()})(sdk, ${JSON.stringify(ws)}))`,
  )
  expect(answer).toEqual(said)
  const sameOrigin = await page.evaluate(`import('/sdk.js').then(async ({ connect }) => {
    const kv = connect(undefined, { compress: true })
    await kv.table('t').set('a', 'compressed '.repeat(1000))
    const { value } = await kv.table('t').get('a')
    await kv.close()
    return value.length
  })`)
  expect(sameOrigin).toBe(11_000)
  expect(errors).toEqual([])
})

test('compressed requests arrive as they were sent', async () => {
  const { ws } = await startGateway({ store: 'memory' })
  const kv = sdk.connect(ws, { compress: true })
  whenOver(() => kv.close())
  const table = kv.table<string>('t')
  const values = Array.from({ length: 50 }, (_, at) => `${at} `.repeat(at * 100 + 1))
  await Promise.all(values.map((value, at) => table.set(`k${at}`, value)))
  const read = await table.getMany(values.map((_, at) => `k${at}`))
  expect(read.map((entry) => entry!.value)).toEqual(values)
})

test('a gateway that restarts: reads wait and succeed, subscriptions go on, the data is there', async () => {
  const data = temporaryFolder()
  const first = await startGateway({ store: 'disk', data })
  const port = Number(new URL(first.http).port)
  const kv = sdk.connect(first.ws, { reconnect: { baseMs: 5, maxMs: 50 } })
  whenOver(() => kv.close())
  const table = kv.table('t')
  const revision = await table.set('a', 'kept')
  const subscription = kv.topic('chat').subscribe()
  await subscription.ready
  const lost = new Promise<{ code: number }>((resolve) => kv.on('disconnect', resolve))
  await first.gateway.close()
  expect((await lost).code).toBe(1001)
  const read = table.get('a')
  const write = table.set('b', 'waited')
  const { epoch } = kv.welcome!
  await startGateway({ store: 'disk', data, port })
  expect(await read).toEqual({ table: 't', key: 'a', value: 'kept', revision })
  expect(await write).toBeGreaterThan(revision)
  expect(kv.welcome!.epoch).toBe(epoch)
  expect(await kv.topic('chat').publish('again')).toBe(1)
  expect((await subscription.next()).value).toEqual({ values: ['again'], missed: 0 })
})

test('1,024 calls at once, many times over, each get their own answer', async () => {
  const { ws } = await startGateway({ store: 'memory' })
  const kv = sdk.connect(ws)
  whenOver(() => kv.close())
  const table = kv.table<number>('t')
  let wrong = 0
  const worker = async (number: number) => {
    for (let round = 0; round < 20; round++) {
      const revision = await table.set(`k${number}`, round)
      const entry = await table.get(`k${number}`)
      if (entry?.value !== round || entry.revision !== revision) wrong++
    }
  }
  await Promise.all(Array.from({ length: 1_024 }, (_, number) => worker(number)))
  expect(wrong).toBe(0)
  expect(await table.count()).toBe(1_024)
})
