// dist/bench.json, which keeps the last results of each bench, and what shows them: RESULTS.md has all tables, and the
// README a few rows of them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Printed, Table } from './report.ts'
import { summary } from './summary.ts'

const root = join(import.meta.dirname, '../..')
const file = join(root, 'dist/bench.json')
/** The documents that show results, in the order in which they are written. */
export const documents = { results: 'test/bench/RESULTS.md', readme: 'README.md' }
const [begin, end] = ['<!-- benches: begin -->', '<!-- benches: end -->']

/** One run of one bench. */
export interface Run extends Printed {
  /** Day, as 2030-12-31. */
  readonly date: string
  /** Processors, and the version of Node. */
  readonly machine: string
  /** Whether server and load had a core each. */
  readonly pinned: boolean
  readonly rounds: number
  /** How long it took. */
  readonly seconds: number
  /** All that was measured, round by round. */
  readonly results: object
}

type Runs = Record<string, Run>

function runs(): Runs {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).benches ?? {}
  } catch {
    return {} // There is no such file yet.
  }
}

/** Keeps a run in place of the last one of that bench. */
export function keep(name: string, run: Run): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ benches: { ...runs(), [name]: run } }, null, 2)}\n`)
}

/** A table in Markdown, its first column to the left and the others to the right. */
function markdownTable([head, ...rows]: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = head!.map((_, column) => (column === 0 ? '---' : '--:'))
  return [line(head!), line(rule), ...rows.map(line)].join('\n')
}

function markdownList(entries: Record<string, string>, between: string): string[] {
  const lines = Object.entries(entries).map(([name, text]) => `- ${name}${between}${text}`)
  return lines.length > 0 ? [lines.join('\n')] : []
}

/** The runs as Markdown, in the order of `names`. */
function markdown(names: readonly string[]): string {
  const all = runs()
  const parts = names.flatMap((name) => {
    const run = all[name]
    if (run === undefined) return []
    const { date, machine, pinned, rounds, tables, settings, skipped } = run
    const cores = pinned ? 'server and load on a core each' : 'not pinned to cores'
    return [
      `### ${name}`,
      `${date}, ${machine}, ${cores}; ${rounds === 1 ? 'one round' : `medians of ${rounds} alternating rounds`}.`,
      ...tables.map(markdownTable),
      ...markdownList(settings, ': '),
      ...markdownList(skipped, ' is left out: '),
    ]
  })
  if (parts.length === 0) throw new Error('there are no results yet: run `npm run bench` first')
  return parts.join('\n\n')
}

/** Replaces what stands between a document's two markers. */
function writeSection(document: string, section: string): void {
  const path = join(root, document)
  const text = readFileSync(path, 'utf8')
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`${document} has no ${begin} followed by ${end}`)
  writeFileSync(path, `${text.slice(0, before)}${begin}\n\n${section}\n\n${text.slice(after)}`)
}

/** Writes the kept runs into RESULTS.md, in the order of `names`, and the README's rows from it. */
export function writeResults(names: readonly string[]): void {
  const results = markdown(names)
  writeSection(documents.results, results)
  writeSection(documents.readme, markdownTable(summary(results)))
}
