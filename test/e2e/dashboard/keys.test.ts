// The tables and keys of the data room, in a real browser in front of a real gateway.
import { expect, test } from 'vitest'
import { until } from '../../helpers/until.ts'
import { cityKeys, fillCities } from './cities.ts'
import {
  base,
  button,
  expectText,
  keyRow,
  kv,
  open,
  retype,
  setTheStage,
  shownKeys,
  valueOf,
  withEntry,
} from './stage.ts'

setTheStage({ fill: fillCities })

test('tables are listed with their counts, keys in the order of their bytes, an entry with its type and revision', async () => {
  await withEntry('settings', 'greeting', 'Na zdrowie')
  const page = await open('/data')
  const tables = page.getByRole('region', { name: 'Tables' })
  await tables.getByRole('link', { name: /settings/ }).waitFor()
  expect(await tables.getByRole('link', { name: /cities/ }).textContent()).toMatch(/135 k/)
  await tables.getByRole('link', { name: /cities/ }).click()
  const first = cityKeys.slice(0, 20)
  await keyRow(page, first[0]!).waitFor()
  expect((await shownKeys(page)).slice(0, 20)).toEqual(first)
  await page.getByText('135,233 keys').waitFor()

  await tables.getByRole('link', { name: /settings/ }).click()
  await keyRow(page, 'greeting').click()
  await expectText(page, 'Na zdrowie')
  const { revision } = (await kv.table('settings').get('greeting'))!
  expect(await page.getByRole('region', { name: 'greeting' }).locator('dl').textContent()).toMatch(
    new RegExp(`String.*10 B.*${revision.toLocaleString('en-US')}`),
  )
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/data/settings?key=greeting')
})

test('a search by prefix is answered by the gateway, counted, and kept in the address', async () => {
  const page = await open('/data/cities')
  await page.getByRole('searchbox', { name: 'Keys that begin with' }).fill('DE/Berl')
  const wanted = cityKeys.filter((key) => key.startsWith('DE/Berl'))
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
  const page = await open('/data/cities')
  await keyRow(page, cityKeys[0]!).waitFor()
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
        const isNear = found.some(({ place }) => Math.abs(place / cityKeys.length - share) < 0.001)
        return isNear && found.every(({ key }) => key !== '') && found
      },
      15_000,
    )) as Awaited<ReturnType<typeof rows>>
    expect(there.length).toBeLessThan(80)
    expect(there).toEqual(there.map(({ place }) => ({ place, key: cityKeys[place] })))
  }
  await list.focus()
  await page.keyboard.press('End')
  await keyRow(page, cityKeys.at(-1)!).waitFor()
  await page.keyboard.press('Home')
  await keyRow(page, cityKeys[0]!).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('ArrowUp')
  const active = await list.getAttribute('aria-activedescendant')
  const key = (await page.locator(`#${active}`).textContent())!
  await page.getByRole('heading', { name: key, exact: true }).waitFor()
  expect(await keyRow(page, key).getAttribute('aria-selected')).toBe('true')
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

test('keys and values with markup are text', async () => {
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
  await withEntry(`table ${markup}`, markup, markup)
  const page = await open('/data')
  await page.getByRole('link', { name: /table <img/ }).click()
  await keyRow(page, markup).click()
  await expectText(page, markup)
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
    await expectText(page, name)
    await page.reload()
    await expectText(page, name)
    await page.getByRole('link', { name: 'Close the entry' }).click()
  }
})

test('a name that would break its line, hide or turn is shown by its escapes, in one row', async () => {
  const key = 'two\nlines\u202e \u200b'
  await withEntry('a\ttable', key, 'value')
  await kv.table('a\ttable').set('two\\nlines', 'another')
  const page = await open('/data')
  await page.getByRole('link', { name: /a\\ttable/ }).click()
  const row = keyRow(page, 'two\\nlines\\u{202e} \\u{200b}')
  await row.click()
  const name = page.getByRole('heading', { name: 'two\\nlines\\u{202e} \\u{200b}', exact: true })
  await name.waitFor()
  await expectText(page, 'value')
  const height = (locator: typeof row) => locator.locator('.key-name').evaluate((element) => element.scrollHeight)
  expect(await height(row)).toBe(await height(keyRow(page, 'two\\nlines')))
  expect(await row.locator('.escape').allTextContents()).toEqual(['\\n', '\\u{202e}', '\\u{200b}'])
  expect(await keyRow(page, 'two\\nlines').locator('.escape').count()).toBe(0)

  // One that is not there is created under just that key.
  await page.goto(new URL(`/data/a%09table?key=${encodeURIComponent('new\none')}`, base).href)
  await button(page, 'Create it').click()
  const dialog = page.getByRole('dialog')
  await retype(page, 'made', dialog)
  await button(dialog, 'Create').click()
  await page.getByRole('heading', { name: 'new\\none' }).waitFor()
  expect(await valueOf('a\ttable', 'new\none')).toBe('made')

  await button(page, 'Drop the table').click()
  await page.getByRole('dialog').getByRole('textbox').fill('a\\ttable')
  await page.getByRole('dialog').getByRole('button', { name: 'Drop the table' }).click()
  await page.getByText('Dropped a\\ttable with 3 entries.').waitFor()
})

test('what others write, and delete, is seen in the list', async () => {
  await withEntry('kinds', 'it', 'first')
  const page = await open('/data/kinds')
  await keyRow(page, 'it').waitFor()
  await kv.table('kinds').set('new', 1)
  await keyRow(page, 'new').waitFor()
  await kv.table('kinds').delete('it')
  await keyRow(page, 'it').waitFor({ state: 'detached' })
})
