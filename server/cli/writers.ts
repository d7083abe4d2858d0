// Entries as text in each format of export. A formatter makes the text of one page at a time; it knows no file.
import { propertyTexts } from './json.ts'
import type { Entry } from './session.ts'
import { toJson, toText, typeOf } from './values.ts'

export interface Formatter {
  begin(): string
  page(entries: readonly Entry[], table: string): string
  end(): string
}

export interface FormatterOptions {
  /** Each record names its table. */
  readonly all: boolean
  readonly revisions: boolean
  /** The values alone, without keys. */
  readonly values: boolean
  /** CSV of values: the properties of the documents. Absent: those of the first. */
  readonly columns: readonly string[] | undefined
  readonly delimiter: string
}

export function documentColumns(names: string): string[] {
  return names.split(',').map((name) => name.trim())
}

export async function formatterOf(format: 'ndjson' | 'json' | 'csv', options: FormatterOptions): Promise<Formatter> {
  if (format === 'ndjson') return lines(options)
  if (format === 'json') return document(options)
  const { stringify } = await import('csv-stringify/sync')
  // A row of one empty cell would be a blank line, which readers pass over.
  const print: Print = (rows) =>
    stringify(rows as string[][], {
      delimiter: options.delimiter,
      quoted_empty: rows[0]?.length === 1,
    })
  return options.values ? new DocumentRows(print, options.columns) : entryRows(print, options)
}

type RecordPrinter = (entry: Entry, table: string) => string

/** An entry as JSON: its value alone, or all that an import needs to make it again. */
function recordOf({ all, values, revisions }: FormatterOptions): RecordPrinter {
  if (values) return ({ value }) => toJson(value)
  return ({ key, value, revision }, table) => {
    const place = all ? `"table":${JSON.stringify(table)},` : ''
    const ttl = value.ttlMs === undefined ? '' : `,"ttl":${value.ttlMs}`
    const at = revisions ? `,"revision":${revision}` : ''
    return `{${place}"key":${JSON.stringify(key)},"value":${toJson(value)}${ttl}${at}}`
  }
}

function lines(options: FormatterOptions): Formatter {
  const record = recordOf(options)
  const page: Formatter['page'] = (entries, table) => entries.map((entry) => `${record(entry, table)}\n`).join('')
  return { begin: () => '', page, end: () => '' }
}

/** One array with a line for each entry. */
function document(options: FormatterOptions): Formatter {
  const record = recordOf(options)
  let isFirst = true
  return {
    begin: () => '[',
    page: (entries, table) => {
      if (entries.length === 0) return ''
      const separator = isFirst ? '\n' : ',\n'
      isFirst = false
      return separator + entries.map((entry) => record(entry, table)).join(',\n')
    },
    end: () => '\n]\n',
  }
}

type Print = (rows: readonly (readonly string[])[]) => string

function entryRows(print: Print, { all, revisions }: FormatterOptions): Formatter {
  const chosen = (table: string, cells: readonly string[], revision: string) => [
    ...(all ? [table] : []),
    ...cells,
    ...(revisions ? [revision] : []),
  ]
  const row = ({ key, value, revision }: Entry, table: string) =>
    chosen(table, [key, typeOf(value), toText(value), String(value.ttlMs ?? '')], String(revision))
  return {
    begin: () => print([chosen('table', ['key', 'type', 'value', 'ttl'], 'revision')]),
    page: (entries, table) => print(entries.map((entry) => row(entry, table))),
    end: () => '',
  }
}

/** A row for each document, a column for each property. A property that has no column is an error, never left out. */
class DocumentRows implements Formatter {
  readonly #print: Print
  #columns: readonly string[] | undefined
  /** Whether the user chose the columns: then other properties are left out on purpose. */
  readonly #isChosen: boolean

  constructor(print: Print, columns: readonly string[] | undefined) {
    this.#print = print
    this.#columns = columns
    this.#isChosen = columns !== undefined
  }

  begin(): string {
    return this.#columns === undefined ? '' : this.#print([this.#columns])
  }

  page(entries: readonly Entry[]): string {
    if (entries.length === 0) return ''
    const header = this.#columns === undefined ? [[...this.#columnsOf(entries[0]!)]] : []
    this.#columns ??= header[0]
    return this.#print([...header, ...entries.map((entry) => this.#row(entry))])
  }

  end(): string {
    return ''
  }

  #columnsOf(entry: Entry): Iterable<string> {
    return this.#properties(entry).keys()
  }

  #properties({ key, value }: Entry): Map<string, string> {
    if (value.json?.trimStart()[0] !== '{') {
      throw new Error(`the value of ${JSON.stringify(key)} is no JSON object: export without --values, or not as CSV`)
    }
    return propertyTexts(value.json.trim())
  }

  #row(entry: Entry): string[] {
    const properties = this.#properties(entry)
    const columns = this.#columns!
    const extra = this.#isChosen ? undefined : [...properties.keys()].find((name) => !columns.includes(name))
    if (extra !== undefined) {
      const [name, key] = [extra, entry.key].map((text) => JSON.stringify(text))
      throw new Error(`the document ${key} has a property ${name} that the first one lacks: name all with --columns`)
    }
    return columns.map((name) => cell(properties.get(name)))
  }
}

/** A string as it is, anything else as its JSON text; nothing for a property that is absent. */
function cell(text: string | undefined): string {
  if (text === undefined) return ''
  return text[0] === '"' ? (JSON.parse(text) as string) : text
}
