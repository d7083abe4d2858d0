// Writes entries in batches, several of them under way, and keeps count of what is written for certain. It refuses
// what the gateway would, naming the line, and knows no file and no format.
import { KvassError } from '../../proto/status.ts'
import { bytesOver, utf8Length, type ValueMessage } from '../../proto/value.ts'
import { LineError } from './json.ts'
import { Pipeline } from './pipeline.ts'
import { formatCount } from './progress.ts'
import type { Assignment } from './records.ts'
import { patienceMs, type Session } from './session.ts'

interface Batch {
  readonly pairs: { key: string; value: ValueMessage }[]
  readonly firstLine: number
  lastLine: number
  chars: number
}

/** Batches under way at once: the gateway has the next at hand while it makes one durable. */
const batchesUnderWay = 16

export class Importer {
  /** Records that are written for certain. */
  written = 0
  readonly #limits: Session['welcome']['limits']
  readonly #batchRecords: number
  readonly #batchChars: number
  readonly #pipeline: Pipeline<Batch>
  readonly #table: string
  readonly #started = performance.now()
  #batch: Batch | undefined

  constructor(session: Session, table: string, batchRecords: number) {
    this.#table = table
    this.#limits = session.welcome.limits
    this.#batchRecords = Math.min(batchRecords, this.#limits.maxElements)
    // UTF-8 takes up to three bytes for a character, and each pair a few for its frame.
    this.#batchChars = Math.floor(this.#limits.maxFrameBytes / 4)
    this.#pipeline = new Pipeline({
      write: (batch) => writeBatch(session, table, batch),
      onWritten: (batch) => {
        this.written += batch.pairs.length
      },
      depth: batchesUnderWay,
      patienceMs,
      isEnding: () => session.interrupted,
      wait: (ms) => session.wait(ms),
      now: () => performance.now(),
    })
  }

  /** Adds a record. The promise, where there is one, settles when more may come. Throws LineError. */
  add({ key, value, line, size }: Assignment): Promise<void> | undefined {
    this.#check(key, value, line)
    const isFull = this.#batch !== undefined && this.#batch.chars + size > this.#batchChars
    const sent = isFull ? this.#send() : undefined
    this.#batch ??= { pairs: [], firstLine: line, lastLine: line, chars: 0 }
    this.#batch.pairs.push({ key, value })
    this.#batch.lastLine = line
    this.#batch.chars += size
    return sent ?? (this.#batch.pairs.length >= this.#batchRecords ? this.#send() : undefined)
  }

  /** Writes what is left, and settles when all is written. */
  async end(): Promise<void> {
    if (this.#batch !== undefined) await this.#send()
    await this.#pipeline.end()
  }

  summary(): string {
    const seconds = (performance.now() - this.#started) / 1000
    const rate = formatCount(this.written / seconds)
    return `imported ${formatCount(this.written)} records into ${this.#table} in ${seconds.toFixed(1)} s (${rate}/s)`
  }

  #send(): Promise<void> {
    const batch = this.#batch!
    this.#batch = undefined
    return this.#pipeline.push(batch)
  }

  #check(key: string, value: ValueMessage, line: number): void {
    const { maxKeyBytes, maxValueBytes } = this.#limits
    if (key === '') throw new LineError(line, 'the key is empty')
    if (key.length * 3 > maxKeyBytes && utf8Length(key) > maxKeyBytes) {
      throw new LineError(line, `the key has ${utf8Length(key)} bytes: the gateway takes ${maxKeyBytes}`)
    }
    const bytes = bytesOver(value, maxValueBytes)
    if (bytes > 0) {
      throw new LineError(
        line,
        `the value of ${JSON.stringify(key)} has ${bytes} bytes: the gateway takes ${maxValueBytes}`,
      )
    }
  }
}

async function writeBatch(session: Session, table: string, batch: Batch): Promise<void> {
  try {
    await session.setMany(table, batch.pairs)
  } catch (error) {
    if (error instanceof KvassError && (error.retryable || error.status === 410)) throw error
    throw new Error(`records of lines ${batch.firstLine} to ${batch.lastLine}: ${(error as Error).message}`)
  }
}
