// Writes entries in batches, several of them under way, and keeps count of what is written for certain. It refuses
// what the gateway would, naming the line, and knows no file and no format.
import { optionNote } from '../../proto/limits.ts'
import { KvassError } from '../../proto/status.ts'
import { bytesOver, utf8Length, type ValueMessage } from '../../proto/value.ts'
import { leftOut } from './formats.ts'
import { LineError } from './json.ts'
import { Pipeline } from './pipeline.ts'
import { formatCount } from './progress.ts'
import type { Assignment } from './records.ts'
import { patienceMs, type Session } from './session.ts'

interface Batch {
  readonly entries: Assignment[]
  readonly firstLine: number
  lastLine: number
  chars: number
}

/** Batches under way at once: the gateway has the next at hand while it makes one durable. */
const batchesUnderWay = 16

export class Importer {
  /** Records that are written for certain. */
  written = 0
  /** Entries that were bound to a client's session: here they would be bound to this command's, and end with it. */
  leased = 0
  readonly #limits: Session['welcome']['limits']
  readonly #batchRecords: number
  readonly #batchChars: number
  readonly #pipeline: Pipeline<Batch>
  readonly #table: string | undefined
  readonly #tables = new Set<string>()
  readonly #started = performance.now()
  #batch: Batch | undefined

  /** Without a table each record names its own. */
  constructor(session: Session, table: string | undefined, batchRecords: number) {
    this.#table = table
    this.#limits = session.welcome.limits
    this.#batchRecords = Math.min(batchRecords, this.#limits.maxElements)
    // UTF-8 takes up to three bytes for a character, and each pair a few for its frame.
    this.#batchChars = Math.floor(this.#limits.maxFrameBytes / 4)
    this.#pipeline = new Pipeline({
      write: (batch) => writeBatch(session, table, batch),
      onWritten: (batch) => {
        this.written += batch.entries.length
      },
      depth: batchesUnderWay,
      patienceMs,
      isEnding: () => session.interrupted,
      wait: (ms) => session.wait(ms),
      now: () => performance.now(),
    })
  }

  /** Adds a record. The promise, where there is one, settles when more may come. Throws LineError. */
  add(entry: Assignment): Promise<void> | undefined {
    const { table = this.#table, key, value, line, size } = entry
    if (entry.leased) {
      this.leased++
      return undefined
    }
    this.#check(key, value, line)
    this.#tables.add(table!)
    const isFull = this.#batch !== undefined && this.#batch.chars + size > this.#batchChars
    const sent = isFull ? this.#send() : undefined
    this.#batch ??= { entries: [], firstLine: line, lastLine: line, chars: 0 }
    this.#batch.entries.push(entry)
    this.#batch.lastLine = line
    this.#batch.chars += size
    return sent ?? (this.#batch.entries.length >= this.#batchRecords ? this.#send() : undefined)
  }

  /** Writes what is left, and settles when all is written. */
  async end(): Promise<void> {
    if (this.#batch !== undefined) await this.#send()
    await this.#pipeline.end()
  }

  summary(): string {
    const seconds = (performance.now() - this.#started) / 1000
    const rate = formatCount(this.written / seconds)
    const place = this.#table ?? `${formatCount(this.#tables.size)} tables`
    return `imported ${formatCount(this.written)} records into ${place} in ${seconds.toFixed(1)} s (${rate}/s)\n${this.leased > 0 ? leftOut(this.leased) : ''}`
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
      const most = `${maxKeyBytes}${optionNote('maxKeyBytes')}`
      throw new LineError(line, `the key has ${utf8Length(key)} bytes: the gateway takes ${most}`)
    }
    const bytes = bytesOver(value, maxValueBytes)
    if (bytes > 0) {
      const most = `${maxValueBytes}${optionNote('maxValueBytes')}`
      throw new LineError(line, `the value of ${JSON.stringify(key)} has ${bytes} bytes: the gateway takes ${most}`)
    }
  }
}

/** Writes a batch in order, entries of one table and one lifetime together; settles when no part is under way. */
async function writeBatch(session: Session, ownTable: string | undefined, batch: Batch): Promise<void> {
  const { entries } = batch
  const parts: Promise<unknown>[] = []
  for (let start = 0, end = 0; start < entries.length; start = end) {
    const { table, ttlMs } = entries[start]!
    while (end < entries.length && entries[end]!.table === table && entries[end]!.ttlMs === ttlMs) end++
    const pairs = entries.slice(start, end).map(({ key, value }) => ({ key, value }))
    parts.push(session.setMany(table ?? ownTable!, pairs, ttlMs))
  }
  try {
    // Those that succeed are written again with those that do not: as often as it takes, a set is a set.
    const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  } catch (error) {
    if (error instanceof KvassError && (error.retryable || error.outcome === 'unknown')) throw error
    throw new Error(`records of lines ${batch.firstLine} to ${batch.lastLine}: ${(error as Error).message}`)
  }
}
