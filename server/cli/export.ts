// `kvass export`: a table into a file or a pipe, page by page, so that memory stays flat whatever its size.
import { createWriteStream, type WriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { type Command, Option } from 'commander'
import { ConfigError } from '../config.ts'
import { wholeNumber } from './arguments.ts'
import { delimiterOf, type Format, formatHelp, formatOf, formats } from './formats.ts'
import type { Io } from './io.ts'
import { Output } from './output.ts'
import { formatCount, startProgress } from './progress.ts'
import { clientCommand, type GatewayFlags, type Range, type Session, withInterruptibleSession } from './session.ts'
import { documentColumns, type Formatter, formatterOf } from './writers.ts'

interface ExportFlags extends GatewayFlags {
  readonly format?: Format
  readonly prefix?: string
  readonly start?: string
  readonly end?: string
  readonly limit?: number
  readonly values?: boolean
  readonly columns?: string
  readonly delimiter?: string
}

const help = `
Entries come in the order of their keys. A table that is written meanwhile is exported as it is at the moment of each
page. A file appears when it is complete: a failed export leaves none.

With --values only the values are written, which gives back the records of an import with --key. CSV of values needs
JSON objects; its columns are those of --columns, else the properties of the first one.

${formatHelp}

Examples:
  $ kvass export todos backup.ndjson
  $ kvass export cities norway.csv --prefix NO/ --values --columns id,name,population
  $ kvass export todos | gzip > backup.ndjson.gz`

export function registerExport(program: Command, io: Io): void {
  clientCommand(program, 'export', 'Write the entries of a table into a file.', help)
    .argument('<table>')
    .argument('[file]', 'the file, or - for standard output', '-')
    .addOption(new Option('--format <format>', 'default: by the name of the file, else ndjson').choices(formats))
    .option('--prefix <text>', 'only keys that begin with it')
    .option('--start <key>', 'only keys not before it')
    .option('--end <key>', 'only keys before it')
    .option('--limit <number>', 'entries at the most', wholeNumber)
    .option('--values', 'write the values without their keys')
    .option('--columns <names>', 'CSV with --values: the properties to write, separated by commas')
    .option('--delimiter <text>', 'CSV: what separates cells (default a comma, for .tsv a tab)')
    .action((table: string, file: string, flags: ExportFlags) => runExport(table, file, flags, io))
}

async function runExport(table: string, file: string, flags: ExportFlags, io: Io): Promise<void> {
  const format = flags.format ?? formatOf(file)
  if (flags.columns !== undefined && !(format === 'csv' && flags.values))
    throw new ConfigError('--columns is for CSV with --values')
  const options = {
    values: flags.values ?? false,
    columns: flags.columns === undefined ? undefined : documentColumns(flags.columns),
    delimiter: delimiterOf(file, flags.delimiter),
  }
  await withInterruptibleSession(io, flags, async (session) => {
    const formatter = await formatterOf(format, options)
    const write = (stream: Writable) => exportTo(stream, session, table, flags, formatter, io)
    await (file === '-' ? write(io.stdout) : toFile(resolve(io.cwd, file), write))
  })
}

async function exportTo(
  stream: Writable,
  session: Session,
  table: string,
  { prefix, start, end, limit }: Range,
  formatter: Formatter,
  io: Io,
): Promise<void> {
  const range = { prefix, start, end, limit }
  const total = Math.min(await session.count(table, range), limit ?? Number.POSITIVE_INFINITY)
  const started = performance.now()
  const progress = startProgress(io.stderr, total)
  const out = new Output(stream)
  let count = 0
  try {
    await out.bytes(formatter.begin())
    for await (const page of session.pages(table, range)) {
      await out.bytes(formatter.page(page))
      count += page.length
      progress.update(count, count)
      if (session.interrupted) throw new Error(`interrupted after ${formatCount(count)} records`)
    }
    await out.bytes(formatter.end())
  } finally {
    progress.stop()
  }
  const seconds = (performance.now() - started) / 1000
  io.stderr.write(
    `exported ${formatCount(count)} records of ${table} in ${seconds.toFixed(1)} s (${formatCount(count / seconds)}/s)\n`,
  )
}

/** Writes beside the file and puts the result in its place when it is complete. */
async function toFile(path: string, write: (stream: WriteStream) => Promise<void>): Promise<void> {
  const partial = `${path}.part`
  const stream = createWriteStream(partial)
  let failure: Error | undefined
  stream.on('error', (error) => {
    failure = error
  })
  try {
    await write(stream)
    await new Promise<void>((done) => stream.end(done))
    if (failure !== undefined) throw failure
    await rename(partial, path)
  } catch (error) {
    stream.destroy()
    await rm(partial, { force: true })
    throw failure === undefined ? error : new Error(`cannot write ${path}: ${failure.message}`)
  }
}
