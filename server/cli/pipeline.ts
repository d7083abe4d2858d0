// Keeps several batches of writes under way and applies them in order whatever happens: when one fails for a reason
// that passes, it and all after it are sent again, in order. The writes are sets, so a second time does no harm, and
// a key that comes twice ends with its later value. It knows no gateway: `write` is given.
import { KvassError } from '../../proto/status.ts'

export interface PipelineOptions<Batch> {
  readonly write: (batch: Batch) => Promise<unknown>
  /** Called when a batch and all before it are written. */
  readonly onWritten: (batch: Batch) => void
  /** Batches under way at once. */
  readonly depth: number
  /** For how long writing may fail, in milliseconds, before the pipeline gives up. */
  readonly patienceMs: number
  /** Whether the user wants it to end: then a failure is not tried again. */
  readonly isEnding: () => boolean
  readonly wait: (ms: number) => Promise<void>
  readonly now: () => number
}

interface Flight<Batch> {
  readonly batch: Batch
  outcome: Promise<unknown>
}

const firstWaitMs = 50
const longestWaitMs = 2_000

export class Pipeline<Batch> {
  readonly #options: PipelineOptions<Batch>
  #flights: Flight<Batch>[] = []

  constructor(options: PipelineOptions<Batch>) {
    this.#options = options
  }

  /** Settles when there is room for more; rejects when a batch has failed for good: nothing after it may be sent. */
  async push(batch: Batch): Promise<void> {
    this.#flights.push(this.#start(batch))
    while (this.#flights.length >= this.#options.depth) await this.#settleFirst()
  }

  /** Settles when everything is written. */
  async end(): Promise<void> {
    while (this.#flights.length > 0) await this.#settleFirst()
  }

  #start(batch: Batch): Flight<Batch> {
    return {
      batch,
      outcome: this.#options.write(batch).then(
        () => undefined,
        (error: unknown) => error,
      ),
    }
  }

  async #settleFirst(): Promise<void> {
    const { now, wait, patienceMs, onWritten, isEnding } = this.#options
    const started = now()
    for (let attempt = 0; ; attempt++) {
      const first = this.#flights[0]!
      const error = await first.outcome
      if (error === undefined) {
        this.#flights.shift()
        onWritten(first.batch)
        return
      }
      // What is imported may be written twice, so an unknown outcome is tried again as well. Later batches must
      // not overtake the one that failed: let all settle, then send all again.
      await Promise.all(this.#flights.map((flight) => flight.outcome))
      const isPassing = error instanceof KvassError && (error.retryable || error.outcome === 'unknown')
      if (!isPassing || isEnding() || now() - started > patienceMs) throw error
      const jittered = Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** attempt)
      await wait(Math.max(error.retryAfterMs ?? 0, jittered))
      this.#flights = this.#flights.map((flight) => this.#start(flight.batch))
    }
  }
}
