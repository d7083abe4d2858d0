// The open-loop load, a process of its own: requests are due on a schedule that no reply can delay, and a latency counts
// from the moment that its request was due (no coordinated omission). Each connection has one request under way; one
// that falls due meanwhile waits, and its time runs. Every reply is checked, and none may be missing at the end.
// Run with one JSON argument (OpenLoopOptions); prints one JSON line (OpenLoopResult).
import { decode } from '../../proto/compact.ts'
import { Histogram } from '../../server/cli/histogram.ts'
import { Random } from '../helpers/random.ts'
import { message, openSocket, Receiver, receiveFrames, requestFrame, type Wire } from './client.ts'
import { keyOf, table, valueOf } from './workload.ts'

export interface OpenLoopOptions {
  readonly port: number
  readonly connections: number
  /** Requests a second, all connections together. */
  readonly rate: number
  readonly keys: number
  readonly valueBytes: number
  readonly warmupSeconds: number
  readonly seconds: number
  /** For a control that answers bytes of its own: replies are counted by this size and not looked into. */
  readonly replyBytes?: number
}

export interface OpenLoopResult {
  readonly count: number
  readonly wrong: number
  /** In microseconds, from the moment that a request was due. */
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  /** How late the 99th of 100 requests left although its connection was free: the fault of this process. */
  readonly latenessP99: number
  /** Share of the time in which this process had something to do; it looks for work without a pause. */
  readonly busy: number
}

const options = JSON.parse(process.argv[2]!) as OpenLoopOptions
const random = new Random(1)
/** Milliseconds between two requests of one connection. */
const period = (1000 * options.connections) / options.rate
const answerDeadlineMs = 10_000

/** Values by their index; expected replies are compared with them as a whole. */
const values = options.replyBytes === undefined ? allValues() : []
const requests = Array.from({ length: options.keys }, (_, index) =>
  requestFrame({ hget: { table, key: keyOf(index) } }),
)
const latencies = new Histogram()
const lateness = new Histogram()
const totals = { wrong: 0, worked: false }
/** What is due within is measured. */
const measured = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY }

function allValues(): Buffer[] {
  return Array.from({ length: options.keys }, (_, index) => valueOf(index, options.valueBytes))
}

/** One connection and its schedule. */
class Lane {
  readonly #socket: Wire['socket']
  #due: number
  #isBusy = false
  #index = 0
  #bytes = 0

  constructor(wire: Wire, firstDue: number) {
    this.#socket = wire.socket
    this.#due = firstDue
    if (options.replyBytes === undefined) {
      receiveFrames(wire, (bytes, start, end) => this.#reply(bytes.subarray(start, end)))
    } else new Receiver(wire, (content) => this.#echo(content.length))
    wire.socket.once('close', () => {
      throw new Error('the server closed a connection')
    })
  }

  /** Whether what was due before the end has been answered. */
  get isOver(): boolean {
    return !this.#isBusy && this.#due >= measured.to
  }

  tick(now: number): void {
    if (this.#isBusy || now < this.#due || this.#due >= measured.to) return
    if (this.#due >= measured.from) lateness.record((now - this.#due) * 1000, 1)
    this.#send()
  }

  #send(): void {
    totals.worked = true
    this.#isBusy = true
    this.#index = random.below(options.keys)
    this.#socket.write(message(requests[this.#index]!))
  }

  #reply(payload: Uint8Array): void {
    const reply = decode('CommandResponse', payload)
    const value = reply.values?.[0]?.binary
    if (reply.status !== 200 || value === undefined || values[this.#index]!.compare(value) !== 0) totals.wrong++
    this.#answered()
  }

  #echo(length: number): void {
    this.#bytes += length
    if (this.#bytes < options.replyBytes!) return
    if (this.#bytes > options.replyBytes!) totals.wrong++
    this.#bytes = 0
    this.#answered()
  }

  #answered(): void {
    totals.worked = true
    const now = performance.now()
    if (this.#due >= measured.from) latencies.record((now - this.#due) * 1000, 1)
    this.#isBusy = false
    this.#due += period
    // It was due while this one was under way: it leaves at once, late through no fault of this process.
    if (now >= this.#due && this.#due < measured.to) this.#send()
  }
}

/** Runs the lanes until all is answered; answers the share of the time with work, while it measured. */
function run(lanes: readonly Lane[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let last = performance.now()
    let worked = 0
    const turn = () => {
      for (const lane of lanes) lane.tick(performance.now())
      const now = performance.now()
      if (totals.worked && now >= measured.from && now < measured.to) worked += now - last
      totals.worked = false
      last = now
      if (now < measured.to || lanes.some((lane) => !lane.isOver)) {
        if (now > measured.to + answerDeadlineMs) reject(new Error('replies are missing'))
        else setImmediate(turn)
      } else resolve(worked / (measured.to - measured.from))
    }
    turn()
  })
}

const wires = await Promise.all(
  Array.from({ length: options.connections }, (_, number) => openSocket(options.port, number)),
)
const start = performance.now() + 10
measured.from = start + 1000 * options.warmupSeconds
measured.to = measured.from + 1000 * options.seconds
const lanes = wires.map((wire, number) => new Lane(wire, start + (number * period) / options.connections))
const busy = await run(lanes)
const result: OpenLoopResult = {
  count: latencies.count,
  wrong: totals.wrong,
  p50: latencies.percentile(0.5),
  p99: latencies.percentile(0.99),
  p999: latencies.percentile(0.999),
  max: latencies.max,
  latenessP99: lateness.percentile(0.99),
  busy,
}
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
