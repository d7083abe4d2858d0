// `kvass export`: a table, or all of them, into a file or a pipe, page by page, so that memory stays flat whatever the size.
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { type Command, Option } from 'commander'
import { ConfigError } from '../config.ts'
import { wholeNumber } from './arguments.ts'
import { writeTo } from './destination.ts'
import { delimiterOf, type Format, formatHelp, formatOf, formats, leftOut, placesOf } from './formats.ts'
import type { Io } from './io.ts'
import { Output, ReaderGoneError } from './output.ts'
import { formatCount, startProgress } from './progress.ts'
import { clientCommand, type GatewayFlags, type Range, type Session, withInterruptibleSession } from './session.ts'
import { documentColumns, type Formatter, formatterOf } from './writers.ts'

interface ExportFlags extends GatewayFlags {
  readonly all?: boolean
  readonly format?: Format
  readonly prefix?: string
  readonly start?: string
  readonly end?: string
  readonly limit?: number
  readonly revisions?: boolean
  readonly values?: boolean
  readonly columns?: string
  readonly delimiter?: string
}

const help = `
Entries come in the order of their keys. A table that is written meanwhile is exported as it is at the moment of each
page. An entry that expires comes with the milliseconds that it has left, and has them again when it is imported. One
that is bound to a client's session (a lease) is left out, and it is said how many. A table that does not exist is an
error; one without entries is not.

A file appears, or is replaced, when the export is complete: a failed one leaves it as it was. Its mode, owner and links
stay. What is no plain file, as a pipe or a device, is written to.

With --values only the values are written, which gives back the records of an import with --key. CSV of values needs
JSON objects; its columns are those of --columns, else the properties of the first one.

${formatHelp}

Examples:
  $ kvass export todos backup.ndjson
  $ kvass export cities norway.csv --prefix NO/ --values --columns id,name,population
  $ kvass export --all | gzip > backup.ndjson.gz`

export function registerExport(program: Command, io: Io): void {
  const wholeTables = ['prefix', 'start', 'end', 'limit', 'values', 'columns']
  clientCommand(program, 'export', 'Write the entries of a table, or of all, into a file.', help)
    .usage('[options] (<table> | --all) [file]')
    .argument('[table]')
    .argument('[file]', 'the file, or - for standard output (default)')
    .addOption(new Option('--all', 'every table, whole').conflicts(wholeTables))
    .addOption(new Option('--format <format>', 'default: by the name of the file, else ndjson').choices(formats))
    .option('--prefix <text>', 'only keys that begin with it')
    .option('--start <key>', 'only keys not before it')
    .option('--end <key>', 'only keys before it')
    .option('--limit <entries>', 'so many at the most', wholeNumber)
    .option('--revisions', 'with the revision of each entry, which an import passes over')
    .option('--values', 'write the values without their keys')
    .option('--columns <names>', 'CSV with --values: the properties to write, separated by commas')
    .option('--delimiter <text>', 'CSV: what separates cells (default a comma, for .tsv a tab)')
    .action((table: string | undefined, file: string | undefined, flags: ExportFlags) =>
      runExport(placesOf(flags.all, table, file), flags, io),
    )
}

async function runExport({ table, file }: ReturnType<typeof placesOf>, flags: ExportFlags, io: Io): Promise<void> {
  const format = flags.format ?? formatOf(file)
  const { all = false, values = false, revisions = false } = flags
  if (flags.columns !== undefined && !(format === 'csv' && values))
    throw new ConfigError('--columns is for CSV with --values')
  if (values && revisions) throw new ConfigError('--values writes values alone: leave --revisions out')
  const columns = flags.columns === undefined ? undefined : documentColumns(flags.columns)
  const options = { all, values, revisions, columns, delimiter: delimiterOf(file, flags.delimiter) }
  await withInterruptibleSession(io, flags, async (session) => {
    const formatter = await formatterOf(format, options)
    const { prefix, start, end, limit } = flags
    const source = new Source(session, await tablesOf(session, table), { prefix, start, end, limit })
    const write = (stream: Writable) => source.writeTo(new Output(stream, { name: file }), formatter, io)
    await (file === '-' ? write(io.stdout) : writeTo(resolve(io.cwd, file), write)).catch((error) => {
      if (!(error instanceof ReaderGoneError)) throw error
      throw new Error('the reader went away before the end: the export is not complete')
    })
  })
}

/** One table, which must exist, or all. */
async function tablesOf(session: Session, name: string | undefined): Promise<string[]> {
  const tables = await session.tables(name)
  if (name === undefined) return tables.map((table) => table.name)
  if (!tables.some((table) => table.name === name)) throw new Error(`no table ${JSON.stringify(name)}`)
  return [name]
}

/** What is exported. */
class Source {
  readonly #session: Session
  readonly #tables: readonly string[]
  readonly #range: Range
  #count = 0
  #leased = 0

  constructor(session: Session, tables: readonly string[], range: Range) {
    this.#session = session
    this.#tables = tables
    this.#range = range
  }

  async writeTo(out: Output, formatter: Formatter, io: Io): Promise<void> {
    const started = performance.now()
    const progress = startProgress(io.stderr, await this.#total())
    try {
      await out.bytes(formatter.begin())
      for (const table of this.#tables) {
        await this.#writeTable(table, out, formatter, (done) => progress.update(done, this.#count))
      }
      await out.bytes(formatter.end())
    } finally {
      progress.stop()
    }
    const seconds = (performance.now() - started) / 1000
    const rate = `${seconds.toFixed(1)} s (${formatCount(this.#count / seconds)}/s)`
    io.stderr.write(`exported ${formatCount(this.#count)} records of ${this.#name} in ${rate}\n`)
    if (this.#leased > 0) io.stderr.write(leftOut(this.#leased))
  }

  get #name(): string {
    return this.#tables.length === 1 ? this.#tables[0]! : `${formatCount(this.#tables.length)} tables`
  }

  async #total(): Promise<number> {
    let total = 0
    for (const table of this.#tables) total += await this.#session.count(table, this.#range)
    return Math.min(total, this.#range.limit ?? total)
  }

  async #writeTable(table: string, out: Output, formatter: Formatter, onPage: (done: number) => void): Promise<void> {
    for await (const page of this.#session.pages(table, this.#range)) {
      const kept = page.filter(({ value }) => !value.leased)
      await out.bytes(formatter.page(kept, table))
      this.#count += kept.length
      this.#leased += page.length - kept.length
      onPage(this.#count + this.#leased)
      if (this.#session.interrupted) throw new Error(`interrupted after ${formatCount(this.#count)} records`)
    }
  }
}
