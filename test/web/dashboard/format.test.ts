// Figures as the dashboard writes them.
import { expect, test } from 'vitest'
import { bytes, count, lasting, plural, seconds } from '../../../web/dashboard/format.ts'

test.each([
  [undefined, '–'],
  [0, '0'],
  [7, '7'],
  [9_999, '9,999'],
  [0.5, '0.5'],
  [12.34, '12.3'],
  [135_233, '135 k'],
  [999_960, '1 M'],
  [1_234_567, '1.23 M'],
])('count of %s is %s', (value, text) => expect(count(value)).toBe(text))

test.each([
  [undefined, '–'],
  [0, '0 B'],
  [512, '512 B'],
  [1_023.9, '1 KB'],
  [1_024, '1 KB'],
  [1_536, '1.5 KB'],
  [104_857_600, '100 MB'],
])('size of %s is %s', (value, text) => expect(bytes(value)).toBe(text))

test.each([
  [undefined, '–'],
  [0, '0 ms'],
  [0.00035, '350 µs'],
  [0.0009999, '1 ms'],
  [0.0012, '1.2 ms'],
  [0.25, '250 ms'],
  [3.4, '3.4 s'],
])('time of %s is %s', (value, text) => expect(seconds(value)).toBe(text))

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [725, '12 min 5 s'],
  [3_600 * 24 * 3 + 3_600 * 4 + 59, '3 d 4 h'],
])('%s seconds last %s', (value, text) => expect(lasting(value)).toBe(text))

test('one entry, two entries', () => {
  expect([plural(1, 'key'), plural(1_000, 'entry', 'entries')]).toEqual(['1 key', '1,000 entries'])
})
