// What a user does with one entry, in a real browser in front of a real gateway: edits of every type, and the way of an
// entry from its creation to its end.
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { Stored } from '../../../web/sdk/stored.ts'
import {
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

setTheStage()

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true }).and(page.locator('[type=text]'))

const edits: [type: string, before: Stored, act: (page: Page) => Promise<void>, after: Stored][] = [
  [
    'String',
    { string: 'a\nb' },
    (page) => retype(page, 'ä\n"quoted" <b>not bold</b>'),
    { string: 'ä\n"quoted" <b>not bold</b>' },
  ],
  [
    'Integer',
    { integer: 9007199254740993n },
    (page) => field(page, 'Integer').fill('-9223372036854775808'),
    { integer: -9223372036854775808n },
  ],
  ['Float', { float: 0.5 }, (page) => field(page, 'Float').fill('6.02e23'), { float: 6.02e23 }],
  ['Bool', { bool: false }, (page) => page.getByRole('switch').click(), { bool: true }],
  ['JSON', { json: '{"a":1}' }, (page) => retype(page, '{"a":[1,2,{"b":null}]}'), { json: '{"a":[1,2,{"b":null}]}' }],
  [
    'Binary',
    { binary: Uint8Array.of(1, 2) },
    (page) => retype(page, '00 ff 10'),
    { binary: Uint8Array.of(0, 255, 16) },
  ],
  ['Null', {}, (page) => page.getByRole('radio', { name: 'String' }).check(), { string: '' }],
]

test.each(edits)('%s is edited and saved', async (type, before, act, after) => {
  await withStored('kinds', 'it', before)
  const page = await open('/data/kinds?key=it')
  const entry = page.getByRole('region', { name: 'it', exact: true })
  await entry.locator('dd').getByText(type, { exact: true }).waitFor()
  expect(await button(page, 'Save').isDisabled()).toBe(true)
  await act(page)
  await save(page)
  expect(await storedOf('kinds', 'it')).toEqual(after)
  const { revision } = (await kv.table('kinds').get('it'))!
  expect(await entry.locator('.entry-revision').textContent()).toBe(revision.toLocaleString('en-US'))
  expect(await button(page, 'Save').isDisabled()).toBe(true)
})

test('what was typed last is saved by a key, undone and found by others', async () => {
  await withEntry('kinds', 'it', 'one two')
  const page = await open('/data/kinds?key=it')
  await expectText(page, 'one two')
  await editor(page).focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type(' three')
  await page.keyboard.press('ControlOrMeta+s')
  await page.getByText(/^Saved as revision/).waitFor()
  expect(await valueOf('kinds', 'it')).toBe('one two three')
  await page.keyboard.press('ControlOrMeta+z')
  await expectText(page, 'one two')
  await page.keyboard.press('ControlOrMeta+f')
  await page.getByRole('textbox', { name: 'Find' }).pressSequentially('two')
  await page.locator('.cm-searchMatch').filter({ hasText: 'two' }).waitFor()
})

test('a value that is none of its type cannot be saved, and the page says why', async () => {
  await withEntry('kinds', 'it', { a: 1 })
  const page = await open('/data/kinds?key=it')
  await retype(page, '{\n"a": }')
  await page.getByText('Not valid JSON in line 2, column 6: expected a value, found “}”.').waitFor()
  expect(await button(page, 'Save').isDisabled()).toBe(true)
  expect(await editor(page).getAttribute('aria-invalid')).toBe('true')
  await button(page, 'Revert').click()
  await expectText(page, '{\n  "a": 1\n}')
})

test('a value that the gateway refuses stays in the editor, with the reason', async () => {
  await withEntry('kinds', 'it', 'short')
  const page = await open('/data/kinds?key=it')
  await retype(page, 'x'.repeat(600_000))
  await button(page, 'Save').click()
  await page.getByRole('alert').getByText(/413/).waitFor()
  await page.getByText('600,000 characters').waitFor()
  expect(await valueOf('kinds', 'it')).toBe('short')
})

test('bytes are shown with offsets and as ASCII, go up from a file and down to one', async () => {
  await withEntry('kinds', 'it', Buffer.from('Kvass is a drink\nof rye bread'))
  const page = await open('/data/kinds?key=it')
  await expectText(page, '4b 76 61 73 73 20 69 73 20 61 20 64 72 69 6e 6b\n0a 6f 66 20 72 79 65 20 62 72 65 61 64')
  const gutter = page.locator('.cm-lineNumbers .cm-gutterElement')
  expect((await gutter.allTextContents()).slice(-2)).toEqual(['00000000', '00000010'])
  expect((await page.locator('.cm-ascii').allTextContents()).map((text) => text.trim())).toEqual([
    'Kvass is a drink',
    '.of rye bread',
  ])
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
  await expectText(page, bytes.toString('base64'))
  await save(page)
  expect(Buffer.from((await valueOf('kinds', 'it')) as Uint8Array)).toEqual(bytes)
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
  await retype(page, '{"total": 12}', dialog)
  await dialog.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('heading', { name: '1001' }).waitFor()
  expect(await valueOf('orders/ä', '1001')).toEqual({ total: 12 })

  await button(page, 'Entry').click()
  const second = page.getByRole('dialog', { name: 'New entry' })
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
  await expectText(page, 'before')
  await retype(page, 'changed')
  const question = page.getByRole('dialog', { name: 'Discard your edit?' })
  const leave = [
    () => page.getByRole('link', { name: 'Overview', exact: true }).click(),
    () => page.evaluate(() => history.back()),
    () => keyRow(page, 'other').click(),
  ]
  for (const go of leave) {
    await go()
    await question.getByRole('button', { name: 'Keep editing' }).click()
    await expectText(page, 'changed')
    expect(page.url()).toContain('key=it')
  }
  await keyRow(page, 'other').click()
  await question.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('heading', { name: 'other' }).waitFor()
  expect(await valueOf('kinds', 'it')).toBe('before')
})
