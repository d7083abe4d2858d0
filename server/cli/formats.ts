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

export const formatHelp = `Formats, all UTF-8:
  ndjson  one record a line; of export {"key": …, "value": …}
  json    one document: an object of key to value, as of export, or an array of records
  csv     a header and rows; of export the columns key, type and value
Values in JSON keep their types: 42 is an integer (exact to 64 bits) and 42.0 a float, objects and arrays are JSON.
What JSON lacks is an object of one property: {"$binary": base64}, {"$float": "NaN"}, and {"$json": text} for a
JSON document that is a scalar or whose layout matters. So an export that is imported gives the same table.`
