// Rows of CSV from a stream of bytes, each with its line. What a row means is not known here.
import { CsvError, parse } from 'csv-parse'
import { LineError } from './json.ts'

export interface Row {
  readonly cells: string[]
  readonly line: number
}

/** The rows that are not blank, some at a time. Throws LineError after the rows before the bad one. */
export async function* splitRows(chunks: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<Row[]> {
  let rows: Row[] = []
  let failure: unknown
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    // Each of them ends a row, also where a file mixes them: by itself the parser takes the first that it meets for all.
    record_delimiter: ['\r\n', '\n', '\r'],
    delimiter,
    // Taken here, a row does not go through the stream as an object of its own.
    on_record: (cells: string[]) => {
      rows.push({ cells, line: parser.info.lines })
      return null
    },
  }).resume()
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
  const checkText = (chunk?: Buffer) => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new LineError(parser.info.lines + 1, 'not UTF-8, here or a little later: convert the file first')
    }
  }
  for await (const chunk of chunks) {
    checkText(chunk)
    await new Promise<void>((resolve) => parser.write(chunk, () => resolve()))
    if (rows.length > 0) yield rows
    rows = []
    fail()
  }
  checkText()
  await new Promise<void>((resolve) => {
    parser.once('end', resolve)
    parser.once('error', () => resolve())
    parser.end()
  })
  if (rows.length > 0) yield rows
  fail()
}
