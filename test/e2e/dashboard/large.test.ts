// Large and deep values, in a real browser in front of a real gateway that takes values of many megabytes.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { button, editor, kv, open, save, setTheStage, storedOf, withStored } from './stage.ts'

setTheStage({ maxValueBytes: 12_000_000, maxReplyBytes: 14_000_000, maxFrameBytes: 16_000_000 })

const beginning = { name: 'Beginning of the value' }

test('a large value is shown in part until all of it is asked for, and saved whole', async () => {
  const text = 'Rye bread, water, sugar. '.repeat(20_000)
  await withStored('kinds', 'large', { string: text })
  const page = await open('/data/kinds?key=large')
  await page.getByText('This value has 488 KB. Its beginning is shown.').waitFor()
  expect((await page.getByRole('region', beginning).textContent())!.length).toBeLessThan(10_000)
  await button(page, 'Show all and edit').click()
  await page.getByText('500,000 characters').waitFor()
  await editor(page).focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('And time.')
  await save(page)
  expect(await storedOf('kinds', 'large')).toEqual({ string: `${text}And time.` })
})

test('a document of 60,000 nested arrays is previewed, opened, edited and saved', async () => {
  const depth = 60_000
  const document = '['.repeat(depth) + ']'.repeat(depth)
  await withStored('kinds', 'deep', { json: document })
  const page = await open('/data/kinds?key=deep')
  await page.getByText('This value has 117 KB. Its beginning is shown.').waitFor()
  expect(await page.getByRole('region', beginning).textContent()).toMatch(/^\[\n {2}\[\n {4}\[/)
  await button(page, 'Show all and edit').click()
  await editor(page).focus()
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.type('{')
  await page.getByText(/^Not valid JSON in line 1, column 2: expected a name in double quotes/).waitFor()
  await page.keyboard.type('"deep":')
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('}')
  await save(page)
  expect(await storedOf('kinds', 'deep')).toEqual({ json: `{"deep":${document}}` })
})

test('a document of 5 MB opens, folds, is edited and saved, and only its edit has changed', async () => {
  const rows = Array.from(
    { length: 60_000 },
    (_, id) => `{"id":9007199254740993,"name":"name ${id}","tags":["${'a'.repeat(30)}","b"]}`,
  )
  const document = `[${rows.join(',')}]`
  expect(document.length).toBeGreaterThan(5_000_000)
  await withStored('kinds', 'large', { json: document })
  const page = await open('/data/kinds?key=large')
  await button(page, 'Show all and edit').click()
  await editor(page).getByText('"name 0"').waitFor()
  // Few of its half million lines are in the page.
  expect(await editor(page).locator('.cm-line').count()).toBeLessThan(200)
  await page.locator('.cm-foldGutter').getByTitle('Fold line').nth(1).click()
  await editor(page).getByText('"name 0"').waitFor({ state: 'detached' })
  await editor(page).focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.type(',{"id":1}')
  await save(page)
  const { json } = (await storedOf('kinds', 'large'))!
  expect(json === `[${rows.join(',')},{"id":1}]`).toBe(true)
})

test('what is too large to edit goes down to a file and up again, and shows what somebody else wrote meanwhile', async () => {
  const text = 'x'.repeat(9_000_000)
  await withStored('kinds', 'huge', { string: text })
  const page = await open('/data/kinds?key=huge')
  await page.getByText(/It is more than the 8 MB that can be edited here/).waitFor()
  expect(await button(page, 'Show all and edit').count()).toBe(0)
  const download = page.waitForEvent('download')
  await button(page, 'Download').click()
  const parts: Buffer[] = []
  for await (const part of await (await download).createReadStream()) parts.push(part)
  expect(Buffer.concat(parts).toString() === text).toBe(true)

  const file = join(temporaryFolder(), 'changed')
  const upload = async (content: string | Buffer) => {
    writeFileSync(file, content)
    await page.locator('input[type=file]').setInputFiles(file)
  }
  await upload(Buffer.of(0xff))
  await page.getByText('The file is not UTF-8: its bytes can be kept as Binary.').waitFor()
  await upload(`${text}y`)
  const dialog = page.getByRole('dialog')
  await kv.table('kinds').set('huge', 'theirs')
  await button(dialog, 'Replace').click()
  await dialog.getByText('theirs').waitFor()
  expect(await storedOf('kinds', 'huge')).toEqual({ string: 'theirs' })
  await button(dialog, 'Replace it anyway').click()
  await page.getByText('Replaced the value of huge.').waitFor()
  expect((await storedOf('kinds', 'huge'))!.string === `${text}y`).toBe(true)
})
