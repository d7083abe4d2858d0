// Verifies the tables in LMDB, in a process of its own because a damaged file can end the process that reads it.
// Its other end is inspect.ts: the folder comes as JSON on standard input, lines of JSON leave on standard output.
import { readFileSync, writeSync } from 'node:fs'
import { Base, type BaseState, type TableRecord } from './base.ts'

export type CheckLine =
  | { readonly problem: string }
  | { readonly state: BaseState | undefined; readonly tables: number; readonly entries: number }

/** Problems of one table that are named; the rest is counted. */
const namedProblems = 10

const { path } = JSON.parse(readFileSync(0, 'utf8')) as { path: string }
const base = new Base(path, { readOnly: true })
const tables = base.tables()
const garbage = base.garbage()
for (const record of tables) checkTable(record)
checkStrays([...tables, ...garbage])
say({ state: base.state(), tables: tables.length, entries: tables.reduce((sum, { count }) => sum + count, 0) })
await base.close()

function say(line: CheckLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

/** Compares a table's rows, its index and its counts, each with the others. */
function checkTable(record: TableRecord): void {
  const name = JSON.stringify(Buffer.from(record.name, 'latin1').toString())
  let problems = 0
  const problem = (text: string): void => {
    if (problems++ < namedProblems) say({ problem: `table ${name}: ${text}` })
  }
  const rows = checkRows(record, problem)
  checkIndex(record, problem)
  if (rows.entries !== record.count) problem(`it says that it has ${record.count} entries, and has ${rows.entries}`)
  if (rows.tombstones !== record.tombstones) {
    problem(`it says that it has ${record.tombstones} tombstones, and has ${rows.tombstones}`)
  }
  if (rows.revision > record.revision) problem(`revision ${rows.revision} is above its own, ${record.revision}`)
  if (problems > namedProblems) say({ problem: `table ${name}: ${problems - namedProblems} more of this kind` })
}

function checkRows(record: TableRecord, problem: (text: string) => void) {
  const { found } = base
  const counts = { entries: 0, tombstones: 0, revision: 0 }
  for (const key of base.rows(record.id, '', undefined, false)) {
    const { revision, deleted } = found
    if (deleted) counts.tombstones++
    else counts.entries++
    counts.revision = Math.max(counts.revision, revision)
    if (!base.isIndexed({ table: record.id, revision, key }, deleted)) {
      problem(`the entry of key ${quote(key)} at revision ${revision} is not in the index of revisions`)
    }
  }
  return counts
}

function checkIndex(record: TableRecord, problem: (text: string) => void): void {
  const { found } = base
  for (const { key, revision } of base.indexRows(record.id)) {
    if (!base.find(record.id, key) || found.revision !== revision) {
      problem(`the index of revisions has key ${quote(key)} at revision ${revision}, and the entry is not so`)
    }
  }
  const { data, index, tombstones } = base.rowCounts(record.id)
  if (data !== index) problem(`it has ${data} rows, and its index of revisions has ${index}`)
  if (tombstones !== record.tombstones)
    problem(`it has ${record.tombstones} tombstones, and their index has ${tombstones}`)
}

/** Rows that belong to no table. */
function checkStrays(known: readonly TableRecord[]): void {
  const all = base.rowCounts()
  for (const { id } of known) {
    const counts = base.rowCounts(id)
    all.data -= counts.data
    all.index -= counts.index
    all.tombstones -= counts.tombstones
  }
  for (const [kind, count] of Object.entries(all)) {
    if (count !== 0) say({ problem: `${count} rows of ${kind} belong to no table` })
  }
}

function quote(key: string): string {
  return JSON.stringify(Buffer.from(key, 'latin1').toString())
}
