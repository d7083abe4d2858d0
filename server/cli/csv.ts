// Rows of CSV from a stream of bytes, each with its line. What a row means is not known here.
import { CsvError, parse } from 'csv-parse'
import { LineError } from './json.ts'

export interface Row {
  readonly cells: string[]
  readonly line: number
}

/** The rows that are not blank, some at a time. Throws LineError after the rows before the bad one. */
export async function* splitRows(chunks: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<Row[]> {
  const parser = parse({ bom: true, info: true, skip_empty_lines: true, delimiter })
  let rows: Row[] = []
  let failure: unknown
  parser.on('data', (read: { record: string[]; info: { lines: number } }) => {
    rows.push({ cells: read.record, line: read.info.lines })
  })
  parser.on('error', (error) => {
    failure = error
  })
  const fail = () => {
    if (failure === undefined) return
    if (failure instanceof CsvError) {
      const message = failure.message.replace(/ (on|at) line \d+$/, '')
      throw new LineError(Number(failure.lines ?? parser.info.lines), message)
    }
    throw failure
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for await (const chunk of chunks) {
    try {
      decoder.decode(chunk, { stream: true })
    } catch {
      throw new LineError(parser.info.lines + 1, 'not UTF-8, here or a little later: convert the file first')
    }
    await new Promise<void>((resolve) => parser.write(chunk, () => resolve()))
    if (rows.length > 0) yield rows
    rows = []
    fail()
  }
  await new Promise<void>((resolve) => {
    parser.once('end', resolve)
    parser.once('error', () => resolve())
    parser.end()
  })
  if (rows.length > 0) yield rows
  fail()
}
