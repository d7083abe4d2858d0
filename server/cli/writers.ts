// Entries as text in each format of export. A formatter makes the text of one page at a time; it knows no file.
import { propertyTexts } from './json.ts'
import type { Entry } from './session.ts'
import { toJson, toText, typeOf } from './values.ts'

export interface Formatter {
  begin(): string
  page(entries: readonly Entry[]): string
  end(): string
}

export interface FormatterOptions {
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
    stringify(rows as string[][], { delimiter: options.delimiter, quoted_empty: rows[0]?.length === 1 })
  return options.values ? new DocumentRows(print, options.columns) : entryRows(print)
}

function lines({ values }: FormatterOptions): Formatter {
  const line = ({ key, value }: Entry) =>
    values ? `${toJson(value)}\n` : `{"key":${JSON.stringify(key)},"value":${toJson(value)}}\n`
  return { begin: () => '', page: (entries) => entries.map(line).join(''), end: () => '' }
}

/** One document with a line for each entry. */
function document({ values }: FormatterOptions): Formatter {
  const record = ({ key, value }: Entry) => (values ? toJson(value) : `${JSON.stringify(key)}:${toJson(value)}`)
  let isFirst = true
  return {
    begin: () => (values ? '[' : '{'),
    page: (entries) => {
      if (entries.length === 0) return ''
      const separator = isFirst ? '\n' : ',\n'
      isFirst = false
      return separator + entries.map(record).join(',\n')
    },
    end: () => (values ? '\n]\n' : '\n}\n'),
  }
}

type Print = (rows: readonly (readonly string[])[]) => string

function entryRows(print: Print): Formatter {
  return {
    begin: () => print([['key', 'type', 'value']]),
    page: (entries) => print(entries.map(({ key, value }) => [key, typeOf(value), toText(value)])),
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
