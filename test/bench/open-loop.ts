// The open-loop load, a process of its own: requests are due on a schedule that no reply can delay, and a latency counts
// from the moment that its request was due (no coordinated omission). Each connection has one request under way; one
// that falls due meanwhile waits, and its time runs. Every reply is checked, and none may be missing at the end.
// Run with one JSON argument (OpenLoopOptions); prints one JSON line (OpenLoopResult).
import { Histogram } from '../../server/cli/histogram.ts'
import { Requester } from './requester.ts'

export interface OpenLoopOptions {
  readonly port: number
  readonly connections: number
  /** Requests a second, all connections together. */
  readonly rate: number
  readonly keys: number
  readonly valueBytes: number
  readonly warmupSeconds: number
  readonly seconds: number
  /** For a control that sends bytes of its own: replies are counted by this size and not decoded. */
  readonly replyBytes?: number
}

export interface OpenLoopResult {
  readonly count: number
  readonly wrong: number
  /** In microseconds, from the moment that a request was due. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  /** How late the 99th of 100 requests left although its connection was free: the fault of this process. */
  readonly latenessP99: number
  /** Share of the time in which this process had something to do; it looks for work without a pause. */
  readonly busy: number
}

const options = JSON.parse(process.argv[2]!) as OpenLoopOptions
/** Milliseconds between two requests of one connection. */
const period = (1000 * options.connections) / options.rate
const replyDeadlineMs = 10_000

let latencies = new Histogram()
let lateness = new Histogram()
/** Whether there was something to do since the last look. */
let worked = false
/** Requests are due from the one moment up to the other. */
const schedule = { from: 0, to: 0 }

/** One connection and its schedule. */
class Lane {
  readonly #requester: Requester
  readonly #number: number
  #due = 0
  #isBusy = false

  static async open(number: number): Promise<Lane> {
    const lane = new Lane(
      await Requester.open({ ...options, depth: 1, operation: 'hget' }, () => lane.#replied()),
      number,
    )
    return lane
  }

  private constructor(requester: Requester, number: number) {
    this.#requester = requester
    this.#number = number
  }

  get wrong(): number {
    return this.#requester.wrong
  }

  /** Whether everything that was due before the end has its reply. */
  get isOver(): boolean {
    return !this.#isBusy && this.#due >= schedule.to
  }

  /** The schedule begins. */
  begin(): void {
    this.#due = schedule.from + (this.#number * period) / options.connections
  }

  tick(now: number): void {
    if (this.#isBusy || now < this.#due || this.#due >= schedule.to) return
    lateness.record((now - this.#due) * 1000, 1)
    this.#send()
  }

  #send(): void {
    worked = true
    this.#isBusy = true
    this.#requester.send()
  }

  #replied(): void {
    worked = true
    const now = performance.now()
    latencies.record((now - this.#due) * 1000, 1)
    this.#isBusy = false
    this.#due += period
    // It was due while this one was under way: it leaves at once, late through no fault of this process.
    if (now >= this.#due && this.#due < schedule.to) this.#send()
  }
}

const lanes = await Promise.all(Array.from({ length: options.connections }, (_, number) => Lane.open(number)))
/** The run under way. */
const loop = { last: 0, busyMs: 0, end: (_error?: Error) => {} }

/** Sends what is due, over and over. One function for all runs: the compiler starts anew with each that it does not know. */
function turn(): void {
  for (const lane of lanes) lane.tick(performance.now())
  const now = performance.now()
  if (worked) loop.busyMs += now - loop.last
  worked = false
  loop.last = now
  if (now >= schedule.to && lanes.every((lane) => lane.isOver)) loop.end()
  else if (now > schedule.to + replyDeadlineMs) loop.end(new Error('replies are missing'))
  else setImmediate(turn)
}

/** Runs the lanes for so many seconds and until every reply is there; returns the share of the time spent working. */
async function run(seconds: number): Promise<number> {
  latencies = new Histogram()
  lateness = new Histogram()
  schedule.from = performance.now() + 10
  schedule.to = schedule.from + 1000 * seconds
  for (const lane of lanes) lane.begin()
  loop.busyMs = 0
  loop.last = performance.now()
  await new Promise<void>((resolve, reject) => {
    loop.end = (error) => (error === undefined ? resolve() : reject(error))
    turn()
  })
  return loop.busyMs / 1000 / seconds
}

// Whole runs, each with a beginning and an end: code that ran for the first time while it measures would be compiled
// anew, on the one core that this process has.
for (const share of [0.2, 0.2, 0.6]) await run(share * options.warmupSeconds)
const busy = await run(options.seconds)
const result: OpenLoopResult = {
  count: latencies.count,
  wrong: lanes.reduce((sum, { wrong }) => sum + wrong, 0),
  p50: latencies.percentile(0.5),
  p95: latencies.percentile(0.95),
  p99: latencies.percentile(0.99),
  p999: latencies.percentile(0.999),
  max: latencies.max,
  latenessP99: lateness.percentile(0.99),
  busy,
}
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
