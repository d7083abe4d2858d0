// Durations as people write them.
import { expect, test } from 'vitest'
import { parseDuration } from '../../../server/cli/durations.ts'

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1_500],
  ['0.1s0.2s', 300],
  ['0.001s', 1],
])('%s is %d milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', '5', 's', '5 s', '-5s', '5w', '1e3s', '5S', '.5s', '0s', '0.0001s', '999999999999999d', '30s '])(
  '%j is no duration',
  (text) => {
    expect(() => parseDuration(text)).toThrow(/^a duration is a number and a unit of ms, s, m, h or d/)
  },
)
