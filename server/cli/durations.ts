// Durations as people write them: 500ms, 30s, 5m, 2h, 1h30m, 7d.
import { TextError } from './values.ts'

const unitMs: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const form = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g

/** Whole milliseconds, 1 at the least. Throws TextError. */
export function parseDuration(text: string): number {
  const what = 'a duration is a number and a unit of ms, s, m, h or d, as 500ms, 30s or 1h30m'
  if (!form.test(text)) throw new TextError(`${what}, not ${JSON.stringify(text)}`)
  let sum = 0
  for (const [, number, unit] of text.matchAll(part)) sum += Number(number) * unitMs[unit!]!
  // A sum like that of 0.1s and 0.2s must not fail for a rounding error of binary fractions.
  const ms = Math.round(sum)
  if (ms < 1 || !Number.isSafeInteger(ms)) throw new TextError(`${what}, of 1ms at the least, not ${text}`)
  return ms
}
