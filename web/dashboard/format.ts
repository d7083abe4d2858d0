// Figures as people read them: counts, sizes, times. It knows nothing of what they measure.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
export const dash = '–'

/** Every digit, grouped: 1,234,567. */
export const exact = (value: number | bigint): string => whole.format(value)

function scaled(value: number, base: number, units: readonly string[], glue: string): string {
  let step = 0
  let rest = Math.abs(value)
  // 999.95 would be shown as 1000.0: it belongs to the next unit.
  while (rest >= base * 0.9995 && step < units.length - 1) {
    rest /= base
    step++
  }
  const digits = step === 0 && Number.isInteger(rest) ? 0 : rest < 9.995 ? 2 : rest < 99.95 ? 1 : 0
  const text = rest
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
  return `${value < 0 ? '-' : ''}${text}${units[step] === '' ? '' : glue + units[step]}`
}

/** Three digits and a unit: 1.23 M. */
export const count = (value: number | undefined): string =>
  value === undefined
    ? dash
    : value < 10_000 && Number.isInteger(value)
      ? exact(value)
      : scaled(value, 1000, ['', 'k', 'M', 'G', 'T'], ' ')

export const bytes = (value: number | undefined): string =>
  value === undefined ? dash : scaled(value, 1024, ['B', 'KB', 'MB', 'GB', 'TB'], ' ')

/** A time span given in seconds: 350 µs, 1.2 ms, 3.4 s. */
export function seconds(value: number | undefined): string {
  if (value === undefined) return dash
  if (value === 0) return '0 ms'
  if (value < 0.0009995) return `${scaled(value * 1e6, 1e9, ['µs'], ' ')}`
  if (value < 0.9995) return `${scaled(value * 1e3, 1e9, ['ms'], ' ')}`
  return scaled(value, 1e9, ['s'], ' ')
}

/** How long something has lasted, in its two largest units: 3 d 4 h, 12 min 5 s. */
export function lasting(totalSeconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const
  const rest = Math.max(0, Math.floor(totalSeconds))
  const first = units.findIndex(([, size]) => rest >= size)
  if (first < 0) return '0 s'
  return units
    .slice(first, first + 2)
    .map(([unit, size], index) => [unit, Math.floor((index === 0 ? rest : rest % units[first]![1]) / size)] as const)
    .filter(([, amount], index) => index === 0 || amount > 0)
    .map(([unit, amount]) => `${amount} ${unit}`)
    .join(' ')
}

/** "1 entry", "2 entries". */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${exact(value)} ${value === 1 ? one : many}`
