// Counts what the gateway does, cheaply enough for every command: plain numbers in arrays, no labels, no maps.
// http/metrics.ts makes Prometheus metrics of them; nothing else reads them.
import { commandSlots } from '../../proto/codec.ts'

/** Upper bounds of the latency buckets, in seconds; the last bucket has none. */
export const latencyBuckets = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
] as const

/** The statuses that have counts of their own; any other is counted as 500. */
export const countedStatuses = [200, 400, 401, 403, 404, 409, 410, 413, 429, 500, 501, 503, 504, 507] as const
const statusIndex = new Map<number, number>(countedStatuses.map((status, index) => [status, index]))

/** The latencies of one command: from the chunk that brought it until its reply is given to the socket. */
export interface LatencyHistogram {
  /** One count for each bucket, not cumulative, and one for what is above the last bound. */
  readonly counts: Float64Array
  sumSeconds: number
}

export class Meter {
  /** Responses by command (field number in CommandRequest) and status (index in `countedStatuses`). */
  readonly replies: Float64Array[] = Array.from(
    { length: commandSlots },
    () => new Float64Array(countedStatuses.length),
  )
  readonly latencies: LatencyHistogram[] = Array.from({ length: commandSlots }, () => ({
    counts: new Float64Array(latencyBuckets.length + 1),
    sumSeconds: 0,
  }))
  bytesIn = 0
  bytesOut = 0
  connectionsOpened = 0
  /** Streams closed by the gateway, by close code. */
  readonly closes = new Map<number, number>()

  /** Counts a response. */
  reply(command: number, status: number): void {
    const counts = this.replies[command] ?? this.replies[0]!
    const index = status === 200 ? 0 : (statusIndex.get(status) ?? statusIndex.get(500)!)
    counts[index]! += 1
  }

  /** Records that `count` replies to `command` took `seconds` each. */
  observe(command: number, seconds: number, count: number): void {
    const histogram = this.latencies[command] ?? this.latencies[0]!
    let bucket = 0
    while (bucket < latencyBuckets.length && seconds > latencyBuckets[bucket]!) bucket++
    histogram.counts[bucket]! += count
    histogram.sumSeconds += seconds * count
  }

  /** Counts a stream that the gateway closed. */
  close(code: number): void {
    this.closes.set(code, (this.closes.get(code) ?? 0) + 1)
  }
}
