// Rows of hex: sixteen bytes each, and their ASCII.
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../web/dashboard/data/bytes-text.ts'
import { ascii } from '../../../web/dashboard/editor/hex-rows.ts'

test('a row has sixteen bytes, and white space means nothing', () => {
  const bytes = Uint8Array.from({ length: 33 }, (_, at) => at)
  const rows = toHex(bytes).split('\n')
  expect(rows.map((row) => row.split(' ').length)).toEqual([16, 16, 1])
  expect(rows[2]).toBe('20')
  expect(fromHex(`\n 0 0F\tff`)).toEqual({ error: expect.stringMatching(/one is missing/) })
  expect(fromHex('00 0F\n\tff')).toEqual({ bytes: Uint8Array.of(0, 15, 255) })
})

test('ASCII has a dot for what has no sign, and leaves half a byte out', () => {
  expect(ascii('4b 76 61 73 73 00 7f e9 20')).toBe('Kvass... ')
  expect(ascii('4b7 6 6')).toBe('Kv')
})
