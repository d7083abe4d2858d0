// What axe finds wrong with the dashboard's pages, in a real browser: nothing.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { button, editor, kv, open, retype, setTheStage, violations } from './stage.ts'

const now = () => kv.table('kinds')
setTheStage({
  fill: async () => {
    await now().set('json', { a: 1, b: ['text', true, null] })
    await now().set('binary', Uint8Array.of(1, 2, 3))
    await now().set('large', 'x'.repeat(100_000))
    await now().set('two\nlines', 'text', { ttl: 1_000_000, lease: true })
    await now().set('edited', 'text')
  },
})

const states: [state: string, path: string, reach: (page: Page) => Promise<void>][] = [
  [
    'the overview',
    '/',
    async (page) => {
      await page.getByText('Healthy').waitFor()
      await page.getByRole('rowheader').first().waitFor()
    },
  ],
  ['a document', '/data/kinds?key=json', (page) => editor(page).waitFor()],
  ['bytes', '/data/kinds?key=binary', (page) => editor(page).waitFor()],
  ['a large value', '/data/kinds?key=large', (page) => button(page, 'Show all and edit').waitFor()],
  ['an entry that ends by itself', '/data/kinds?key=two%0Alines', (page) => editor(page).waitFor()],
  [
    'a conflict',
    '/data/kinds?key=edited',
    async (page) => {
      await editor(page).waitFor()
      await retype(page, 'mine')
      await now().set('edited', `theirs ${Math.random()}`)
      await page.getByText('while you edited').waitFor()
    },
  ],
  [
    'nothing found, and a new entry',
    '/data/kinds?prefix=nothing&key=missing',
    async (page) => {
      await page.getByText('No key begins with that.').waitFor()
      await page.getByText('There is no entry with this key.').waitFor()
      await button(page, 'Entry').click()
      await editor(page).waitFor()
    },
  ],
  [
    'a question',
    '/data/kinds',
    async (page) => {
      await button(page, 'Drop the table').click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['an address of nothing', '/nowhere', (page) => page.getByText('There is nothing here').waitFor()],
]

test.each(states)(
  'axe finds no barrier in %s, in light and in dark',
  { timeout: 90_000 },
  async (_state, path, reach) => {
    const page = await open(path)
    await reach(page)
    expect(await violations(page), 'light').toEqual([])
    // The dark theme has the same elements in other colours.
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await violations(page, ['color-contrast']), 'dark').toEqual([])
  },
)
