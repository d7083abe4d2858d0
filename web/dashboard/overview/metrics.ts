// Reads the Prometheus text format: a scrape becomes samples by metric name. It knows no metric of Kvass.

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Samples by metric name, in the order of the text. */
export type Scrape = ReadonlyMap<string, readonly Sample[]>

const line = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/
const label = /\s*([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/y
const escapes: Record<string, string> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' }

/** Parses a whole scrape. Throws an Error that names the line which is not in the format. */
export function parseMetrics(text: string): Scrape {
  const scrape = new Map<string, Sample[]>()
  text.split('\n').forEach((raw, index) => {
    const trimmed = raw.trim()
    if (trimmed === '' || trimmed.startsWith('#')) return
    const found = line.exec(trimmed)
    const value = found ? parseNumber(found[3]!) : undefined
    const labels = found ? parseLabels(found[2] ?? '') : undefined
    if (!found || value === undefined || labels === undefined) {
      throw new Error(`line ${index + 1} of the metrics is not a sample: ${trimmed.slice(0, 80)}`)
    }
    const samples = scrape.get(found[1]!)
    if (samples) samples.push({ labels, value })
    else scrape.set(found[1]!, [{ labels, value }])
  })
  return scrape
}

function parseNumber(text: string): number | undefined {
  if (/^[+-]?Inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^NaN$/i.test(text)) return Number.NaN
  const value = Number(text)
  return Number.isNaN(value) ? undefined : value
}

function parseLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = Object.create(null)
  label.lastIndex = 0
  while (label.lastIndex < text.length) {
    const found = label.exec(text)
    if (!found) return undefined
    labels[found[1]!] = found[2]!.replace(/\\[n"\\]/g, (pair) => escapes[pair]!)
  }
  return labels
}
