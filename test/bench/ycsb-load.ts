// The load of YCSB's workloads A to F, a process of its own, that speaks to Kvass and to Redis: connections that each
// keep so many operations under way. It draws keys by the workload's distribution, checks every reply and its whole
// value, and counts a read-modify-write as one operation that takes two requests.
// Run with one JSON argument (YcsbOptions); prints one JSON line (YcsbResult).
import { Histogram } from '../../server/cli/histogram.ts'
import { Random } from '../helpers/random.ts'
import { type Connection, kvass, redis } from './ycsb-protocols.ts'
import { type Mix, mixes, type YcsbOptions, type YcsbResult } from './ycsb-workloads.ts'
import { scramble, Zipfian } from './zipfian.ts'

const theta = 0.99
const longestScan = 100
const [read, update, insert, scan, readToModify, modify] = [0, 1, 2, 3, 4, 5]
const options = JSON.parse(process.argv[2]!) as YcsbOptions
const { workload, records, depth } = options
const mix: Mix = mixes[workload]
const protocol = { kvass, redis }[options.protocol]

const random = new Random(options.seed)
const uniform = () => random.next() / 2 ** 32
const zipfian = new Zipfian(records, theta, uniform)
/** Records that are there: all up to `present`, and of later ones those in `early`, whose insert was confirmed early. */
const inserts = { next: options.present, present: options.present, early: new Set<number>() }
const totals = { operations: 0, wrong: 0, problem: '', latencies: new Histogram() }
let isOver = false

function confirm(index: number): void {
  inserts.early.add(index)
  while (inserts.early.delete(inserts.present)) inserts.present++
  if (mix.latest) zipfian.grow(inserts.present)
}

/** The key of an operation on a record that is there. */
function pick(): number {
  const rank = zipfian.next()
  return mix.latest ? inserts.present - 1 - rank : scramble(rank, records)
}

/** Where the shares of the kinds end, one behind the other; what is left is read-modify-write. */
const bounds = {
  read: mix.read,
  update: mix.read + mix.update,
  insert: mix.read + mix.update + mix.insert,
  scan: mix.read + mix.update + mix.insert + mix.scan,
}

function kindOf(): number {
  const share = uniform()
  if (share < bounds.read) return read
  if (share < bounds.update) return update
  if (share < bounds.insert) return insert
  return share < bounds.scan ? scan : readToModify
}

/** One connection and its operations under way, each in a slot. Replies come in order, but for those of scans. */
class Client {
  readonly #connection: Connection
  readonly #kinds = new Uint8Array(depth)
  readonly #indexes = new Int32Array(depth)
  /** Of a scan: how many entries it asked for, how many came, and how many records were there as it began. */
  readonly #wanted = new Int32Array(depth)
  readonly #found = new Int32Array(depth)
  readonly #present = new Int32Array(depth)
  readonly #begun = new Float64Array(depth)
  readonly #free = Array.from({ length: depth }, (_, slot) => slot)
  /** The slots whose replies come in order: a ring. */
  readonly #waiting = new Int32Array(depth)
  #first = 0
  #count = 0

  constructor(connection: Connection) {
    this.#connection = connection
    connection.onReply = () => this.#reply()
  }

  start(): void {
    while (this.#free.length > 0 && this.#begin(performance.now()));
    this.#connection.flush()
  }

  /** Begins the next operation, unless there is to be none. */
  #begin(now: number): boolean {
    if (isOver || (workload === 'load' && inserts.next === records)) return false
    const kind = kindOf()
    const slot = this.#free.pop()!
    this.#indexes[slot] = kind === insert ? inserts.next++ : pick()
    this.#begun[slot] = now
    this.#send(slot, kind)
    return true
  }

  #send(slot: number, kind: number): void {
    const index = this.#indexes[slot]!
    this.#kinds[slot] = kind
    if (kind === scan) {
      this.#wanted[slot] = 1 + random.below(longestScan)
      this.#found[slot] = 0
      this.#present[slot] = inserts.present
      return this.#connection.scan(index, this.#wanted[slot]!, slot + 1)
    }
    this.#waiting[(this.#first + this.#count++) % depth] = slot
    if (kind === read || kind === readToModify) this.#connection.get(index)
    else this.#connection.set(index)
  }

  #reply(): void {
    const { id } = this.#connection
    const slot = id > 0 ? id - 1 : this.#shift()
    const kind = this.#kinds[slot]!
    const index = this.#indexes[slot]!
    if (!this.#isRight(kind, index, slot)) this.#wrong(kind, index)
    if (kind === scan && this.#connection.more) return
    if (kind === readToModify) return this.#send(slot, modify)
    if (kind === insert) confirm(index)
    const now = performance.now()
    totals.operations++
    totals.latencies.record((now - this.#begun[slot]!) * 1000, 1)
    this.#free.push(slot)
    this.#begin(now)
  }

  #shift(): number {
    const slot = this.#waiting[this.#first]!
    this.#first = (this.#first + 1) % depth
    this.#count--
    return slot
  }

  #isRight(kind: number, index: number, slot: number): boolean {
    const connection = this.#connection
    if (kind === read || kind === readToModify) return connection.isValue(index)
    if (kind !== scan) return connection.isWritten(index, kind !== insert)
    const found = connection.scanned(index + this.#found[slot]!, this.#present[slot]!)
    if (found < 0) return false
    this.#found[slot]! += found
    if (connection.more) return true
    const [all, wanted] = [this.#found[slot]!, this.#wanted[slot]!]
    // Only behind the last record there were none.
    return all <= wanted && all >= Math.min(wanted, this.#present[slot]! - index)
  }

  #wrong(kind: number, index: number): void {
    totals.wrong++
    if (totals.problem === '') totals.problem = `operation ${kind} on record ${index}: ${this.#connection.excerpt()}`
  }
}

/** Until everything is inserted, for the load; else for the time that was asked for, after the warm-up. */
async function measure(): Promise<{ seconds: number; cpu: number }> {
  const after = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
  await after(options.warmupSeconds)
  totals.operations = 0
  totals.latencies = new Histogram()
  const begun = performance.now()
  const cpu = process.cpuUsage()
  if (workload === 'load') while (inserts.present < records) await after(0.05)
  else await after(options.seconds)
  const seconds = (performance.now() - begun) / 1000
  const used = process.cpuUsage(cpu)
  return { seconds, cpu: (used.user + used.system) / 1e6 / seconds }
}

const connections = await Promise.all(Array.from({ length: options.connections }, () => protocol.open(options)))
for (const connection of connections) new Client(connection).start()
const { seconds, cpu } = await measure()
const { operations, latencies } = totals
// Requests under way are finished and checked as well: a record that was half confirmed would be missing later.
isOver = true
while (inserts.present < inserts.next) await new Promise((resolve) => setTimeout(resolve, 10))
const result: YcsbResult = {
  perSecond: operations / seconds,
  p50: latencies.percentile(0.5),
  p99: latencies.percentile(0.99),
  cpu,
  wrong: totals.wrong,
  problem: totals.problem,
  present: inserts.present,
}
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
