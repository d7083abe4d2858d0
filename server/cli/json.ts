// Cuts JSON and NDJSON, as streams of bytes, into the texts of their records without building anything of them:
// a record's own text is kept, so that numbers and documents stay exact. What a record means is not known here.
import { isUtf8 } from 'node:buffer'
import { TextError } from './values.ts'

/** The text of one record, without space around it, and the line of the file where it begins (from 1). */
export interface RecordText {
  readonly text: string
  readonly line: number
  /** The record is one property of the document, as an object with that property alone. */
  readonly isProperty?: boolean
}

/** What is wrong with a file, and where. */
export class LineError extends Error {
  override readonly name = 'LineError'
  readonly line: number

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}

const newline = 0x0a
const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const empty = Buffer.alloc(0)

/** A record longer than this cannot be a value of any gateway: memory stays bounded by it. */
export const maxRecordBytes = 64 * 1024 * 1024

function textOf(bytes: Buffer, line: number): string {
  if (!isUtf8(bytes)) throw new LineError(line, 'not UTF-8: convert the file first')
  return bytes.toString().trim()
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const chunk of chunks) {
    const hasMark = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf
    isFirst = false
    yield hasMark ? chunk.subarray(3) : chunk
  }
}

/** The lines of NDJSON that are not blank, some at a time. Throws LineError after the records before the bad one. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<RecordText[]> {
  let held: Buffer = empty
  let line = 1
  let records: RecordText[] = []
  try {
    for await (const chunk of withoutMark(chunks)) {
      const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
      let start = 0
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        pushLine(records, bytes.subarray(start, end), line++)
        start = end + 1
      }
      held = bytes.subarray(start)
      if (held.length > maxRecordBytes) throw new LineError(line, `longer than ${maxRecordBytes} bytes`)
      if (records.length > 0) yield records
      records = []
    }
    pushLine(records, held, line)
  } catch (error) {
    if (error instanceof LineError && records.length > 0) yield records
    throw error
  }
  if (records.length > 0) yield records
}

function pushLine(records: RecordText[], bytes: Buffer, line: number): void {
  const text = textOf(bytes, line)
  if (text !== '') records.push({ text, line })
}

/**
 * The elements of a JSON array, or the properties of a JSON object as objects with one property each, some at a
 * time. Only where a record ends is found here: whether its text is JSON is for who parses it. Throws LineError after the
 * records before the bad one.
 */
export async function* splitDocument(chunks: AsyncIterable<Buffer>): AsyncGenerator<RecordText[]> {
  const splitter = new DocumentSplitter()
  for await (const chunk of withoutMark(chunks)) {
    let failure: unknown
    try {
      splitter.push(chunk)
    } catch (error) {
      failure = error
    }
    const records = splitter.take()
    if (records.length > 0) yield records
    if (failure !== undefined) throw failure
  }
  splitter.end()
}

/** Where in a document a chunk has ended, so that the next one continues there. */
class DocumentSplitter {
  /** The bracket that ends the document; 0 before it begins, -1 after its end. */
  #closing = 0
  #depth = 0
  #inString = false
  #isEscaped = false
  #line = 1
  /** Where the record under way began; 0: it has no byte but space yet. */
  #recordLine = 0
  #held: Buffer[] = []
  #heldBytes = 0
  #records: RecordText[] = []
  #count = 0

  /** The records that have ended since the last call. */
  take(): RecordText[] {
    const records = this.#records
    this.#records = []
    return records
  }

  push(chunk: Buffer): void {
    let start = 0
    // Hot: one pass over every byte of the file.
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === newline) this.#line++
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (byte === backslash) this.#isEscaped = true
        else if (byte === quote) this.#inString = false
        continue
      }
      if (byte <= 0x20) continue
      if (this.#closing <= 0) {
        this.#begin(byte)
        start = at + 1
        continue
      }
      if (this.#depth === 0 && (byte === comma || byte === closeBracket || byte === closeBrace)) {
        this.#finish(chunk.subarray(start, at), byte)
        start = at + 1
        continue
      }
      if (this.#recordLine === 0) this.#recordLine = this.#line
      if (byte === quote) this.#inString = true
      else if (byte === openBrace || byte === openBracket) this.#depth++
      else if (byte === closeBrace || byte === closeBracket) this.#depth--
    }
    if (this.#closing > 0) this.#hold(chunk.subarray(start))
  }

  end(): void {
    if (this.#closing === 0) throw new LineError(this.#line, 'empty: a JSON array or object is needed')
    if (this.#closing > 0)
      throw new LineError(this.#line, `the file ends before the closing ${String.fromCharCode(this.#closing)}`)
  }

  #begin(byte: number): void {
    if (this.#closing < 0) {
      throw new LineError(this.#line, 'text after the end of the document; for one record a line use --format ndjson')
    }
    if (byte === openBracket) this.#closing = closeBracket
    else if (byte === openBrace) this.#closing = closeBrace
    else throw new LineError(this.#line, 'a JSON file to import is an array of records or an object of entries')
  }

  #finish(last: Buffer, byte: number): void {
    if (byte !== comma && byte !== this.#closing) {
      throw new LineError(
        this.#line,
        `${String.fromCharCode(byte)} where ${String.fromCharCode(this.#closing)} or , is needed`,
      )
    }
    const isEmpty = this.#recordLine === 0
    if (isEmpty && (byte === comma || this.#count > 0))
      throw new LineError(this.#line, 'a comma without a record beside it')
    if (!isEmpty) {
      const text = textOf(this.#held.length > 0 ? Buffer.concat([...this.#held, last]) : last, this.#recordLine)
      const isProperty = this.#closing === closeBrace
      this.#records.push({ text: isProperty ? `{${text}}` : text, line: this.#recordLine, isProperty })
      this.#count++
    }
    this.#held = []
    this.#heldBytes = 0
    this.#recordLine = 0
    if (byte === this.#closing) this.#closing = -1
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
    if (this.#heldBytes > maxRecordBytes) throw new LineError(this.#recordLine, `longer than ${maxRecordBytes} bytes`)
  }
}

/**
 * The top-level properties of a valid JSON object: the text of each value, without space around it. A property
 * that comes twice keeps its last value, as JSON.parse does.
 */
export function propertyTexts(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  let at = skipSpace(text, 1)
  while (text[at] === '"') {
    const nameEnd = stringEnd(text, at)
    const name = JSON.parse(text.slice(at, nameEnd)) as string
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1)
    const end = valueEnd(text, start)
    properties.set(name, text.slice(start, end))
    at = skipSpace(text, skipSpace(text, end) + 1)
  }
  return properties
}

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= 0x20) at++
  return at
}

/** One past the closing quote of the string that begins at `at`. */
function stringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return end + 1
  }
}

function valueEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = stringEnd(text, at) - 1
      if (depth === 0) return at + 1
    } else if (code === openBrace || code === openBracket) depth++
    else if (code === closeBrace || code === closeBracket) {
      if (depth === 0) return trimEnd(text, at)
      if (--depth === 0) return at + 1
    } else if (code === comma && depth === 0) return trimEnd(text, at)
  }
}

function trimEnd(text: string, end: number): number {
  while (text.charCodeAt(end - 1) <= 0x20) end--
  return end
}

/** Parses a record's text and names its line if that fails. */
export function parseRecord(record: RecordText): unknown {
  try {
    return JSON.parse(record.text)
  } catch (error) {
    throw new LineError(record.line, `not JSON: ${(error as Error).message}`)
  }
}

/** Names the line of what is wrong with a record's content. */
export function atLine<T>(line: number, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof TextError) throw new LineError(line, error.message)
    throw error
  }
}
