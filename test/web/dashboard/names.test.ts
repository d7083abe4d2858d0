// Names of tables and keys as text of one line that shows all of them.
import { expect, test } from 'vitest'
import { escaped, isPlain } from '../../../web/dashboard/shell/names.tsx'

test.each([
  ['plain / Ünïcode ключ 🍺 "quoted" \\n', 'plain / Ünïcode ключ 🍺 "quoted" \\n'],
  ['two\nlines\r\n\tand a tab', 'two\\nlines\\r\\n\\tand a tab'],
  ['\0\x1b[31m', '\\u{0}\\u{1b}[31m'],
  ['turned\u202eback', 'turned\\u{202e}back'],
  ['no\u200bwidth\ufeff', 'no\\u{200b}width\\u{feff}'],
  ['no-break\u00a0space', 'no-break\\u{a0}space'],
  ['line\u2028separator', 'line\\u{2028}separator'],
  ['tag\u{e0041}', 'tag\\u{e0041}'],
])('%j reads %j', (name, text) => {
  expect(escaped(name)).toBe(text)
  expect(isPlain(name)).toBe(name === text)
})
