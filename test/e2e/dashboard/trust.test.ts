// Nothing is lost or changed in silence, in a real browser in front of a real gateway: writes depend on what was seen,
// and what nobody edited stays as it is stored.
import { expect, test } from 'vitest'
import { connect } from '../../../web/sdk/node.ts'
import type { Stored } from '../../../web/sdk/stored.ts'
import { until } from '../../helpers/until.ts'
import {
  base,
  button,
  editor,
  expectText,
  keyRow,
  kv,
  open,
  retype,
  save,
  setTheStage,
  storedOf,
  valueOf,
  withEntry,
  withStored,
} from './stage.ts'

setTheStage({ leaseGraceMs: 100 })

test('of two tabs that edit one key neither loses a value: a save that comes second shows both', async () => {
  await withEntry('kinds', 'it', 'first')
  const [one, two] = [await open('/data/kinds?key=it'), await open('/data/kinds?key=it')]
  for (const page of [one, two]) await expectText(page, 'first')
  await retype(one, 'of one')
  await retype(two, 'of two')
  await save(one)
  // Where the change of the first has come already, the button takes no click, and the conflict is there.
  await button(two, 'Save').evaluate((save) => (save as HTMLButtonElement).click())
  const conflict = two.getByRole('alert').filter({ hasText: 'while you edited' })
  await conflict.waitFor()
  expect(await conflict.locator('pre').allTextContents()).toEqual(['of two', 'of one'])
  expect(await button(two, 'Save').isDisabled()).toBe(true)
  expect(await valueOf('kinds', 'it')).toBe('of one')
  await expectText(two, 'of two')
  // Somebody writes again before the choice: that is shown as well.
  await kv.table('kinds').set('it', 'of three')
  await button(conflict, 'Save mine over it').click()
  await conflict.getByText('of three').waitFor()
  expect(await valueOf('kinds', 'it')).toBe('of three')
  await button(conflict, 'Save mine over it').click()
  await two.getByText(/^Saved as revision/).waitFor()
  expect(await valueOf('kinds', 'it')).toBe('of two')
  await expectText(one, 'of two')
})

test('what others write is shown, and never in the place of an edit', async () => {
  await withEntry('kinds', 'it', 'first')
  const page = await open('/data/kinds?key=it')
  await expectText(page, 'first')
  await kv.table('kinds').set('it', 'second')
  await expectText(page, 'second')
  await retype(page, 'mine')
  await kv.table('kinds').set('it', 'third')
  await page.getByText(/Somebody wrote revision [\d,]+ while you edited/).waitFor()
  await expectText(page, 'mine')
  await button(page, 'Take theirs').click()
  await expectText(page, 'third')
  await retype(page, 'mine again')
  await kv.table('kinds').delete('it')
  await page.getByText('This entry was deleted while you edited it.').waitFor()
  await button(page, 'Save mine again').click()
  await page.getByText(/^Saved as revision/).waitFor()
  expect(await valueOf('kinds', 'it')).toBe('mine again')
})

test('an entry that somebody else made meanwhile is not replaced by a new one unless the user says so', async () => {
  await withEntry('kinds', 'other', 1)
  const page = await open('/data/kinds')
  await button(page, 'Entry').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Key').fill('it')
  await retype(page, 'mine', dialog)
  await kv.table('kinds').set('it', 'theirs')
  await button(dialog, 'Create').click()
  await dialog.getByText('There is already an entry with this key.').waitFor()
  expect(await dialog.locator('pre').allTextContents()).toEqual(['mine', 'theirs'])
  expect(await valueOf('kinds', 'it')).toBe('theirs')
  await button(dialog, 'Replace it with mine').click()
  await page.getByRole('heading', { name: 'it', exact: true }).waitFor()
  expect(await valueOf('kinds', 'it')).toBe('mine')

  await button(page, 'Entry').click()
  await dialog.getByLabel('Key').fill('it')
  await button(dialog, 'Create').click()
  await button(dialog, 'Open it').click()
  await expectText(page, 'mine')
})

test('an entry that changed since it was looked at is not deleted before its new value was shown', async () => {
  await withEntry('kinds', 'it', 'seen')
  await kv.table('kinds').set('other', 1)
  const page = await open('/data/kinds?key=it')
  await expectText(page, 'seen')
  await button(page, 'Delete').click()
  const dialog = page.getByRole('dialog')
  await kv.table('kinds').set('it', 'new')
  await button(dialog, 'Delete').click()
  await dialog.getByText('It changed since you looked').waitFor()
  expect(await dialog.locator('pre').allTextContents()).toEqual(['seen', 'new'])
  await button(dialog, 'Cancel').click()
  await expectText(page, 'new')
  await button(page, 'Delete').click()
  await kv.table('kinds').set('it', 'newer')
  await button(dialog, 'Delete').click()
  await button(dialog, 'Delete it anyway').click()
  await page.getByText('Deleted it.').waitFor()
  expect(await valueOf('kinds', 'it')).toBeUndefined()
})

test('a save keeps the expiry, which is shown and comes', async () => {
  await withEntry('kinds', 'other', 1)
  await kv.table('kinds').set('it', 'brief', { ttl: 3_600_000 })
  const page = await open('/data/kinds?key=it')
  await page
    .locator('.entry-expiry')
    .getByText(/^in (1 h|59 min \d+ s)$/)
    .waitFor()
  await retype(page, 'edited')
  await save(page)
  const { value, ttl } = (await kv.table('kinds').get('it'))!
  expect(value).toBe('edited')
  expect(ttl).toBeGreaterThan(3_500_000)
  expect(ttl).toBeLessThan(3_600_000)
  await page
    .locator('.entry-expiry')
    .getByText(/^in (1 h|59 min \d+ s)$/)
    .waitFor()
  // One that ends while it is open is gone from the page.
  await kv.table('kinds').set('it', 'ends', { ttl: 500 })
  await page.getByText('There is no entry with this key.').waitFor()
})

test('a save keeps the lease of another client, which is shown', async () => {
  await withEntry('kinds', 'other', 1)
  const owner = connect(`${base.replace('http', 'ws')}/ws`)
  await owner.table('kinds').set('it', 'here', { lease: true })
  const page = await open('/data/kinds?key=it')
  await page.getByText('Goes with its client').waitFor()
  await retype(page, 'edited')
  await save(page)
  expect(await kv.table('kinds').get('it')).toMatchObject({ value: 'edited', leased: true })
  await owner.close()
  await until('its end', async () => (await valueOf('kinds', 'it')) === undefined)
})

const untouched: [what: string, stored: Stored, shown: string, act: string, saved: Stored][] = [
  [
    'an integer above 2^53 in a document',
    { json: '{"id":9007199254740993,"likes":1}' },
    '{\n  "id": 9007199254740993,\n  "likes": 1\n}',
    '{\n  "id": 9007199254740993,\n  "likes": 2\n}',
    { json: '{"id":9007199254740993,"likes":2}' },
  ],
  [
    'a number that no double holds, a name that comes twice, and the layout of a document',
    { json: '{ "a": 1.10, "a": 1e400,\n\t"b": [-0, 0.1000] }' },
    '{ "a": 1.10, "a": 1e400,\n\t"b": [-0, 0.1000] }',
    '{ "a": 1.10, "a": 1e400,\n\t"b": [-0, 0.1000], "c": 0 }',
    { json: '{ "a": 1.10, "a": 1e400,\n\t"b": [-0, 0.1000], "c": 0 }' },
  ],
  [
    'the line ends of a text',
    { string: 'one\r\ntwo\r\n' },
    'one\ntwo\n',
    'one\ntwo\nthree',
    { string: 'one\r\ntwo\r\nthree' },
  ],
]

test.each(untouched)('%s stays as it is stored', async (_what, stored, shown, act, saved) => {
  await withStored('kinds', 'it', stored)
  const page = await open('/data/kinds?key=it')
  await expectText(page, shown)
  await retype(page, act)
  await save(page)
  expect(await storedOf('kinds', 'it')).toEqual(saved)
})

test('line ends that are not all alike stay, each as it was', async () => {
  await withStored('kinds', 'it', { string: 'cr\rlf\ncrlf\r\nend' })
  const page = await open('/data/kinds?key=it')
  await editor(page).focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('!')
  await save(page)
  expect(await storedOf('kinds', 'it')).toEqual({ string: 'cr\rlf\ncrlf\r\nend!' })
})

test('a whole float is shown and saved as a float, an integer as an integer', async () => {
  await withStored('kinds', 'float', { float: 10 })
  await kv.table('kinds').set('integer', 10)
  const page = await open('/data/kinds?key=float')
  const field = page.locator('.value-editor input.number')
  await expect.poll(() => field.inputValue()).toBe('10.0')
  expect(await page.getByRole('radio', { name: 'Float' }).isChecked()).toBe(true)
  await field.fill('12')
  await save(page)
  expect(await storedOf('kinds', 'float')).toEqual({ float: 12 })
  expect(await kv.table('kinds').increment('float', 0.5)).toBe(12.5)
  await keyRow(page, 'integer').click()
  await expect.poll(() => field.inputValue()).toBe('10')
  expect(await page.getByRole('radio', { name: 'Integer' }).isChecked()).toBe(true)
  await field.fill('12')
  await save(page)
  expect(await storedOf('kinds', 'integer')).toEqual({ integer: 12 })
})
