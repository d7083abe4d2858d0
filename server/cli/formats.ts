// The formats of import and export: their names, how a file's name tells them, and what their help says.
import { extname } from 'node:path'
import { ConfigError } from '../config.ts'

export const formats = ['ndjson', 'json', 'csv'] as const
export type Format = (typeof formats)[number]

const extensions: Readonly<Record<string, Format>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
  '.csv': 'csv',
  '.tsv': 'csv',
}

export function formatOf(file: string): Format {
  return extensions[extname(file).toLowerCase()] ?? 'ndjson'
}

/** Throws ConfigError where the delimiter is not one character. */
export function delimiterOf(file: string, delimiter: string | undefined): string {
  if (delimiter !== undefined && [...delimiter].length !== 1) {
    throw new ConfigError(`--delimiter is one character, not ${JSON.stringify(delimiter)}`)
  }
  return delimiter ?? (extname(file).toLowerCase() === '.tsv' ? '\t' : ',')
}

/** The table, undefined for all of them, and the file of an export or import. Throws ConfigError. */
export function placesOf(
  all: boolean | undefined,
  table: string | undefined,
  file: string | undefined,
): { readonly table: string | undefined; readonly file: string } {
  if (!all && table === undefined) throw new ConfigError('a table is needed, or --all for every table')
  if (all && file !== undefined) throw new ConfigError(`--all is every table: leave ${JSON.stringify(table)} out`)
  return all ? { table: undefined, file: table ?? '-' } : { table, file: file ?? '-' }
}

/** What is said of leased entries, which neither command keeps. */
export const leftOut = (count: number) =>
  `left out ${count} leased ${count === 1 ? 'entry' : 'entries'}: a lease ends with the client that holds it\n`

export const formatHelp = `Formats, all UTF-8:
  ndjson  one record a line: {"key": …, "value": …}, with "ttl", the milliseconds left, of an entry that expires,
          with --revisions "revision", and with --all "table"
  json    one document: an array of such records; an import also takes an object of key to value
  csv     a header and rows with the same columns, and type
Values in JSON keep their types: 42 is an integer (exact to 64 bits) and 42.0 a float, objects and arrays are JSON.
What JSON lacks is an object of one property: {"$binary": base64}, {"$float": "NaN"}, and {"$json": text} for a
JSON document that is a scalar or whose layout matters. So an export that is imported gives the same table. What get
--json and scan --json print can be imported as well.`
