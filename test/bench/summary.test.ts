// The README's figures against those of RESULTS.md, from which they are taken.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { summary, tablesOf } from './summary.ts'

const results = readFileSync(new URL('RESULTS.md', import.meta.url), 'utf8')
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

test("the README's figures are those of RESULTS.md", () => {
  const section = readme.slice(readme.indexOf('<!-- benches: begin -->'), readme.indexOf('<!-- benches: end -->'))
  const [table] = tablesOf(section)
  expect(table).toHaveLength(7)
  expect(table).toEqual(summary(results))
})

test('a figure that RESULTS.md does not have is named', () => {
  const without = results.replaceAll('hget redis, memory', 'hget redict, memory')
  expect(() => summary(without)).toThrow('no "a second" of "hget redis, memory, 64" in a table of "command"')
})
