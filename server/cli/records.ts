// What a record of a file is in a table: its key and its value, as --key and --value name them. It knows JSON texts
// and CSV rows; files, formats and gateways are others' business.
import type { ValueMessage } from '../../proto/value.ts'
import { atLine, LineError, parseRecord, propertyTexts, type RecordText } from './json.ts'
import { fromArgument, fromJson, guess, isJson, TextError, typeOf, type ValueType, wellFormed } from './values.ts'

/** One entry to write, and the line that it came from. */
export interface Assignment {
  /** Absent: the one that the command names. */
  readonly table?: string | undefined
  readonly key: string
  readonly value: ValueMessage
  readonly line: number
  /** Milliseconds that it had left. Absent: it stays. */
  readonly ttlMs?: number | undefined
  /** It belongs to the session of a client, which is another one now. */
  readonly leased?: boolean
  /** About how many bytes its key and value take on the wire. */
  readonly size: number
}

export interface RecordOptions {
  /** Each record names its table. */
  readonly all: boolean
  /** The property or column that is the key, or a pattern of several as "{country}/{id}". Absent: the record is an entry. */
  readonly key: string | undefined
  /** The property or column that is the value. Absent: the whole record. */
  readonly value: string | undefined
  /** CSV: a cell that is a JSON number, true, false or null is that, not a string. */
  readonly infer: boolean
}

type Properties = Readonly<Record<string, unknown>>

/** Makes an entry of the text of a JSON record. The function throws LineError. */
export function recordReader(options: RecordOptions): (record: RecordText) => Assignment {
  const keyOf = options.key === undefined ? undefined : keyMaker(options.key)
  return (record) => {
    const parsed = parseRecord(record)
    const { line } = record
    return atLine(line, () => {
      if (record.isProperty) return fromProperty(record, parsed as Properties, options)
      const properties = objectOf(parsed)
      if (keyOf === undefined) return fromEntry(record, properties, options)
      const key = keyOf(properties, () => propertyTexts(record.text))
      const text = options.value === undefined ? oneLine(record.text) : propertyTexts(record.text).get(options.value)
      if (text === undefined) throw new TextError(`no property ${JSON.stringify(options.value)} to take as value`)
      return {
        key,
        line,
        value: options.value === undefined ? { json: text } : fromJson(oneLine(text)),
        size: 3 * key.length + text.length,
      }
    })
  }
}

function objectOf(parsed: unknown): Properties {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new TextError(`a record is an object, not ${Array.isArray(parsed) ? 'an array' : JSON.stringify(parsed)}`)
  }
  return parsed as Properties
}

/** A document that is laid out over lines loses that layout: it would take space in every entry. */
function oneLine(text: string): string {
  if (!text.includes('\n') && !text.includes('\r')) return text
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
}

function fromProperty(record: RecordText, parsed: Properties, options: RecordOptions): Assignment {
  if (options.all) throw new TextError('the file is one object of key to value: with --all each record names its table')
  if (options.key !== undefined || options.value !== undefined) {
    throw new TextError('the file is one object, whose property names are the keys: leave --key and --value out')
  }
  const key = wellFormed(Object.keys(parsed)[0]!)
  const text = oneLine(propertyTexts(record.text).get(key)!)
  return { key, value: fromJson(text), line: record.line, size: 3 * key.length + text.length }
}

/** What a record of an entry may have, in JSON as properties and in CSV as columns; export and scan --json write it. */
const entryFields: readonly string[] = ['table', 'key', 'value', 'type', 'ttl', 'leased', 'revision']
const neededFields = ({ all }: RecordOptions) => (all ? ['table', 'key', 'value'] : ['key', 'value'])

function fromEntry(record: RecordText, properties: Properties, options: RecordOptions): Assignment {
  const names = Object.keys(properties)
  const isEntry = neededFields(options).every((name) => names.includes(name))
  if (!isEntry || !names.every((name) => entryFields.includes(name))) {
    const hint = options.all ? '' : '; of other records name a property with --key'
    const form = options.all ? '{"table": …, "key": …, "value": …}' : '{"key": …, "value": …}'
    throw new TextError(`a record without --key has the form ${form}${hint}`)
  }
  const { table, key, value, type, ttl, leased } = properties
  if (typeof key !== 'string') throw new TextError(`"key" is a string, not ${JSON.stringify(key)}`)
  const size = 3 * key.length + record.text.length
  const read =
    typeof value === 'string'
      ? { string: wellFormed(value) }
      : fromJson(oneLine(propertyTexts(record.text).get('value')!))
  return {
    table: tableOf(table, options),
    key: wellFormed(key),
    value: type === undefined ? read : ofType(read, type),
    line: record.line,
    ttlMs: ttlOf(ttl),
    leased: leased === true,
    size,
  }
}

/** The table that a record names, which it must with --all, and may not without: the command names another one. */
function tableOf(table: unknown, { all }: RecordOptions): string | undefined {
  if (!all && table !== undefined) throw new TextError('the record names its table: import it with --all')
  if (all && (typeof table !== 'string' || table === '')) {
    throw new TextError(`"table" is the name of a table, not ${JSON.stringify(table)}`)
  }
  return table as string | undefined
}

/** An entry that had less than one millisecond left has one: 0 would be for good. */
function ttlOf(ttl: unknown): number | undefined {
  if (ttl === undefined) return undefined
  if (Number.isSafeInteger(ttl) && Number(ttl) >= 0) return Math.max(1, Number(ttl))
  throw new TextError(`"ttl" is a whole number of milliseconds, not ${JSON.stringify(ttl)}`)
}

/** The value, which must be of the type that its record names. Programs print 2.0 as 2: that is a float still. */
function ofType(value: ValueMessage, type: unknown): ValueMessage {
  const found = typeOf(value)
  if (found === type) return value
  if (type === 'float' && value.integer !== undefined) return { float: Number(value.integer) }
  throw new TextError(`the value is of type ${found}, and "type" says ${JSON.stringify(type)}`)
}

type KeyMaker = (properties: Properties, texts: () => Map<string, string>) => string

/** "id" takes one property, "{country}/{id}" several and the text between them. */
function keyMaker(pattern: string): KeyMaker {
  if (!pattern.includes('{')) return (properties, texts) => keyPart(properties, pattern, texts)
  const parts = pattern.split(/\{([^{}]*)\}/)
  return (properties, texts) =>
    parts.map((part, index) => (index % 2 === 0 ? part : keyPart(properties, part, texts))).join('')
}

function keyPart(properties: Properties, name: string, texts: () => Map<string, string>): string {
  const part = Object.hasOwn(properties, name) ? properties[name] : undefined
  if (typeof part === 'string' && part !== '') return wellFormed(part)
  // The text has digits that a number would lose.
  if (typeof part === 'number') return Number.isSafeInteger(part) ? String(part) : texts().get(name)!
  if (part === undefined) throw new TextError(`no property ${JSON.stringify(name)} to take as key`)
  throw new TextError(
    `the key property ${JSON.stringify(name)} is ${JSON.stringify(part)}: a number or a string with text is needed`,
  )
}

/** Makes an entry of a row of CSV under this header. The function throws LineError. */
export function rowReader(
  header: readonly string[],
  options: RecordOptions,
): (row: readonly string[], line: number) => Assignment {
  const twice = header.find((name, index) => header.indexOf(name) !== index)
  if (twice !== undefined) throw new LineError(1, `the header names the column ${JSON.stringify(twice)} twice`)
  const needed =
    options.key === undefined
      ? neededFields(options)
      : [...columnsOf(options.key), options.value].filter((name) => name !== undefined)
  const unknown = options.key === undefined ? header.find((name) => !entryFields.includes(name)) : undefined
  const missing = needed.find((name) => !header.includes(name))
  if (missing !== undefined) {
    const hint = options.key === undefined ? '; of other files name a column with --key' : ''
    throw new LineError(
      1,
      `the header has no column ${JSON.stringify(missing)}, only ${header.map((name) => JSON.stringify(name)).join(', ')}${hint}`,
    )
  }
  if (unknown !== undefined) {
    const known = entryFields.map((name) => JSON.stringify(name)).join(', ')
    throw new LineError(
      1,
      `the column ${JSON.stringify(unknown)} is none of ${known}; to store each row whole name a column with --key`,
    )
  }
  return options.key === undefined ? entryRow(header, options) : documentRow(header, options)
}

function columnsOf(pattern: string): string[] {
  return pattern.includes('{') ? [...pattern.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]!) : [pattern]
}

const cellValue = (cell: string, infer: boolean): ValueMessage => (infer ? guess(cell) : { string: cell })

/** A cell in a document: a JSON string or, where types are inferred, the JSON text that it is. */
function cellText(cell: string, infer: boolean): string {
  return infer && isJson(cell) ? oneLine(cell.trim()) : JSON.stringify(cell)
}

/** A row that is an entry: cells that are empty beside its key and value say nothing. */
function entryRow(header: readonly string[], options: RecordOptions): ReturnType<typeof rowReader> {
  const places = entryFields.map((name) => header.indexOf(name))
  return (row, line) => {
    const [table, key = '', cell = '', type, ttl, leased] = places.map((at) => (at < 0 ? undefined : row[at]!))
    return atLine(line, () => ({
      table: tableOf(table, options),
      key,
      value: type === undefined ? cellValue(cell, options.infer) : fromTypedCell(cell, type),
      line,
      ttlMs: ttlOf(ttl === undefined || ttl === '' ? undefined : /^\d+$/.test(ttl) ? Number(ttl) : ttl),
      leased: leased === 'true',
      size: 3 * (key.length + cell.length),
    }))
  }
}

const cellTypes = new Set<string>([
  'string',
  'binary',
  'integer',
  'float',
  'bool',
  'json',
  'null',
] satisfies ValueType[])

function fromTypedCell(cell: string, type: string): ValueMessage {
  if (!cellTypes.has(type)) throw new TextError(`${JSON.stringify(type)} is no type: ${[...cellTypes].join(', ')} are`)
  return fromArgument(cell, type as ValueType)
}

/** A row that is a document: an object with the columns as properties. */
function documentRow(header: readonly string[], options: RecordOptions): ReturnType<typeof rowReader> {
  const names = header.map((name) => `${JSON.stringify(name)}:`)
  const keyOf = keyMaker(options.key!)
  const valueColumn = options.value === undefined ? -1 : header.indexOf(options.value)
  const keyColumns = columnsOf(options.key!)
  return (row, line) => {
    const keyCells = Object.fromEntries(keyColumns.map((name) => [name, row[header.indexOf(name)]!]))
    const key = atLine(line, () => keyOf(keyCells, () => new Map()))
    if (valueColumn >= 0)
      return {
        key,
        value: cellValue(row[valueColumn]!, options.infer),
        line,
        size: 3 * (key.length + row[valueColumn]!.length),
      }
    const json = `{${row.map((cell, index) => names[index]! + cellText(cell, options.infer)).join(',')}}`
    return { key, value: { json }, line, size: 3 * key.length + json.length }
  }
}
