// What a bench says: tables of medians over alternating rounds, with their spread and ratios within the same run; the
// settings and versions of all sides; what could not be had. All of it is printed, and kept for dist/bench.json and RESULTS.md.

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Half of the distance between the lowest and the highest, as a share of the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2 / median(values)
}

/** As "1.23 M", "456 k" or "789". */
export function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`
  if (value >= 1e4) return `${(value / 1e3).toFixed(0)} k`
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}

/** A share as "12 %". */
export function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}

/** As ">= 1.5: met" or ">= 1.5: missed". */
export function atLeast(goal: number, value: number): string {
  return `>= ${goal}: ${value >= goal ? 'met' : 'missed'}`
}

/** As "<= 2.5: met" or "<= 2.5: missed". */
export function atMost(goal: number, value: number): string {
  return `<= ${goal}: ${value <= goal ? 'met' : 'missed'}`
}

export type Table = readonly (readonly string[])[]

/** What was printed, as it goes into the JSON. */
export interface Printed {
  readonly tables: Table[]
  /** Versions and options, by side. */
  readonly settings: Record<string, string>
  /** Why a peer was left out, by name. */
  readonly skipped: Record<string, string>
}

const nothing = (): Printed => ({ tables: [], settings: {}, skipped: {} })
let printed = nothing()

/** Returns what has been printed since the last call. */
export function takePrinted(): Printed {
  const taken = printed
  printed = nothing()
  return taken
}

/** Rows of text with columns of equal width; the first row is the head. */
export function printTable(rows: Table): void {
  printed.tables.push(rows)
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const [index, row] of rows.entries()) {
    console.log(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
    if (index === 0) console.log(widths.map((width) => '-'.repeat(width)).join('  '))
  }
}

/** A side's version and options. */
export function printSettings(side: string, settings: string): void {
  printed.settings[side] = settings
  console.log(`  ${side}: ${settings}`)
}

/** A peer that the rows are without. */
export function printSkipped(peer: string, reason: string): void {
  printed.skipped[peer] = reason
  console.log(`  ${peer} is left out: ${reason}`)
}
