// `kvass import`: a file or a pipe into a table, or into those that its records name. It joins the parts: bytes ->
// records -> entries -> batches under way; each waits for the next, so memory stays flat whatever the size of the file.
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { type Command, Option } from 'commander'
import { ConfigError } from '../config.ts'
import { positiveNumber } from './arguments.ts'
import type { Row } from './csv.ts'
import { delimiterOf, type Format, formatHelp, formatOf, formats, placesOf } from './formats.ts'
import { Importer } from './importer.ts'
import type { Io } from './io.ts'
import { LineError, type RecordText, splitDocument, splitLines } from './json.ts'
import { formatCount, startProgress } from './progress.ts'
import { type Assignment, type RecordOptions, recordReader, rowReader } from './records.ts'
import { clientCommand, type GatewayFlags, withInterruptibleSession } from './session.ts'

interface ImportFlags extends GatewayFlags {
  readonly all?: boolean
  readonly format?: Format
  readonly key?: string
  readonly value?: string
  readonly infer?: boolean
  readonly delimiter?: string
  readonly batch: number
}

/** Bytes read from the file at once. */
const chunkBytes = 262_144

const help = `
Without --key the file has entries as export writes them. With --key each record is stored whole, under the key that
one of its properties has, or several: --key '{country}/{id}'; --value stores one of its properties instead.
Entries that exist are replaced. A second run after a failure does no harm; of a key that comes twice the later
record stays. At a bad record the import ends and says which line it is; what stands before it is imported.
An entry with "ttl" expires so many milliseconds after it is imported. One with "leased" belonged to a client's session:
it is left out, and it is said how many. A "revision" is passed over: each entry gets a new one.

${formatHelp}

Examples:
  $ kvass import cities cities.ndjson --key id
  $ kvass import cities cities.csv --key '{country}/{id}' --infer
  $ zcat backup.ndjson.gz | kvass import --all`

export function registerImport(program: Command, io: Io): void {
  clientCommand(program, 'import', 'Write the records of a file into a table, or into several.', help)
    .usage('[options] (<table> | --all) [file]')
    .argument('[table]')
    .argument('[file]', 'the file, or - for standard input (default)')
    .addOption(new Option('--all', 'each record names its table, as those of export --all').conflicts(['key', 'value']))
    .addOption(new Option('--format <format>', 'default: by the name of the file, else ndjson').choices(formats))
    .option('--key <name>', "property or column that is the key, or a pattern of several as '{country}/{id}'")
    .option('--value <name>', 'property or column that is the value; default: the whole record')
    .option('--infer', 'CSV: a cell that is a JSON text is what it says, not a string')
    .option('--delimiter <text>', 'CSV: what separates cells (default a comma, for .tsv a tab)')
    .option('--batch <records>', 'how many are written together', positiveNumber, 1_000)
    .action((table: string | undefined, file: string | undefined, flags: ImportFlags) =>
      runImport(placesOf(flags.all, table, file), flags, io),
    )
}

/** Where the bytes come from, how many there are if that is known, and how many were read. */
interface Source {
  readonly name: string
  readonly chunks: Readable
  readonly bytes: number | undefined
  readonly bytesRead: () => number
}

async function runImport({ table, file }: ReturnType<typeof placesOf>, flags: ImportFlags, io: Io): Promise<void> {
  const format = flags.format ?? formatOf(file)
  if (flags.value !== undefined && flags.key === undefined) throw new ConfigError('--value needs --key')
  if (flags.infer && format !== 'csv') throw new ConfigError('--infer is for CSV: JSON has types of its own')
  const source = await openSource(file, io)
  const records = assignments(source.chunks, format, flags, delimiterOf(file, flags.delimiter))
  await withInterruptibleSession(io, flags, async (session, interrupted) => {
    const importer = new Importer(session, table, flags.batch)
    const progress = startProgress(io.stderr, source.bytes)
    interrupted.addEventListener('abort', () => source.chunks.destroy())
    try {
      await writeAll(records, importer, interrupted, () => progress.update(source.bytesRead(), importer.written))
    } catch (error) {
      const where = error instanceof LineError ? `${source.name}: ` : ''
      throw new Error(
        `${where}${(error as Error).message}; imported before that: ${formatCount(importer.written)} records`,
      )
    } finally {
      progress.stop()
    }
    io.stderr.write(importer.summary())
    if (interrupted.aborted) throw new Error('interrupted before the end of the file')
  })
}

async function writeAll(
  records: AsyncIterable<Iterable<Assignment>>,
  importer: Importer,
  interrupted: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  try {
    for await (const some of records) {
      for (const record of some) {
        const wait = importer.add(record)
        if (wait !== undefined) await wait
      }
      onProgress()
    }
  } catch (error) {
    // What stands before a bad record is written all the same. An interrupted source ends with an error of its own.
    if (error instanceof LineError) await importer.end()
    if (!interrupted.aborted) throw error
  }
  await importer.end()
}

async function openSource(file: string, io: Io): Promise<Source> {
  if (file === '-') return { name: 'standard input', chunks: io.stdin, bytes: undefined, bytesRead: () => 0 }
  const handle = await open(resolve(io.cwd, file)).catch((error: Error) => {
    throw new Error(`cannot read ${file}: ${error.message}`)
  })
  const stats = await handle.stat()
  if (stats.isDirectory()) {
    await handle.close()
    throw new Error(`cannot read ${file}: it is a folder`)
  }
  const chunks = handle.createReadStream({ highWaterMark: chunkBytes })
  return { name: file, chunks, bytes: stats.isFile() ? stats.size : undefined, bytesRead: () => chunks.bytesRead }
}

/** The entries that the records of a file are, some at a time. Throws LineError after those before the bad one. */
async function* assignments(
  chunks: AsyncIterable<Buffer>,
  format: Format,
  { all = false, key, value, infer = false }: ImportFlags,
  delimiter: string,
): AsyncGenerator<Iterable<Assignment>> {
  const options: RecordOptions = { all, key, value, infer }
  if (format === 'csv') {
    yield* rowAssignments(chunks, options, delimiter)
    return
  }
  const read = recordReader(options)
  for await (const records of format === 'json' ? splitDocument(chunks) : splitLines(chunks)) {
    yield readRecords(records, read)
  }
}

function* readRecords(records: readonly RecordText[], read: ReturnType<typeof recordReader>): Generator<Assignment> {
  for (const record of records) yield read(record)
}

function* readRows(rows: readonly Row[], read: ReturnType<typeof rowReader>): Generator<Assignment> {
  for (const { cells, line } of rows) yield read(cells, line)
}

async function* rowAssignments(
  chunks: AsyncIterable<Buffer>,
  options: RecordOptions,
  delimiter: string,
): AsyncGenerator<Iterable<Assignment>> {
  const { splitRows } = await import('./csv.ts')
  let read: ReturnType<typeof rowReader> | undefined
  for await (const rows of splitRows(chunks, delimiter)) {
    // The first row of the file is the header.
    read ??= rowReader(rows.shift()!.cells, options)
    yield readRows(rows, read)
  }
  if (read === undefined) throw new LineError(1, 'empty: a CSV file begins with a header')
}
