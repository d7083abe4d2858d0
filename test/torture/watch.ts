// One run of watchers against a gateway in a child process, which is killed and trims tombstones meanwhile: writers
// whose every write is sent again under its mutation id until it is answered, so that the history is complete, and
// watchers that are fast, slow, frozen for seconds, or cut again and again.
import { randomBytes } from 'node:crypto'
import type { Message } from '../../proto/compact.ts'
import { Host } from '../helpers/host.ts'
import { CutError, type Line } from '../helpers/line.ts'
import type { Random } from '../helpers/random.ts'
import { until } from '../helpers/until.ts'
import { History, type LogEvent, type LoggedChange, type Write } from './watch-validator.ts'

const table = 'watched'
const prefixes = 10
const keyCount = 2_000
const keys = Array.from({ length: keyCount }, (_none, index) => `${index % prefixes}/${String(index).padStart(5, '0')}`)
/** Keys with this prefix have long values, so that who does not read them is soon behind. */
const longPrefix = '9/'
const longBytes = 4_096
const filling = randomBytes(65_536).toString('base64')
const indexOf = new Map(keys.map((key, index) => [key, index]))

export interface RunOptions {
  readonly changes: number
  readonly watchers: number
  readonly kills: number
  readonly random: Random
}

const kinds = ['fast', 'slow', 'frozen', 'cut'] as const
type Kind = (typeof kinds)[number]

/** A response as logged: its changes as three numbers each, because a run has millions. */
class Packed {
  readonly kind = 'response'
  readonly phase: number
  readonly revision: number
  readonly #packed: number[] = []

  constructor({ phase = 0, revision = 0, changes = [] }: Message) {
    this.phase = phase
    this.revision = revision
    for (const { key, revision: at, value, deleted } of changes) {
      this.#packed.push(indexOf.get(key)!, at, deleted ? -1 : numberOf(value))
    }
  }

  get changes(): LoggedChange[] {
    const changes: LoggedChange[] = []
    for (let at = 0; at < this.#packed.length; at += 3) {
      const value = this.#packed[at + 2]!
      changes.push({
        key: keys[this.#packed[at]!]!,
        revision: this.#packed[at + 1]!,
        value: value < 0 ? undefined : value,
      })
    }
    return changes
  }
}

/** Makes writes until there were enough changes. */
class Writer {
  readonly #host: Host
  readonly #random: Random
  readonly #history: History
  readonly #progress: Progress
  readonly #clientId = randomBytes(16).toString('hex')
  #mutation = 0
  #line: Promise<Line> | undefined

  constructor(host: Host, random: Random, history: History, progress: Progress) {
    this.#host = host
    this.#random = random
    this.#history = history
    this.#progress = progress
  }

  async run(): Promise<void> {
    const lanes = Array.from({ length: 16 }, () => this.#lane())
    await Promise.all(lanes)
    ;(await this.#line)?.socket.destroy()
  }

  async #lane(): Promise<void> {
    while (!this.#progress.done) {
      await this.#progress.turn()
      const write = this.#pick()
      const mutation = ++this.#mutation
      const { revision, revisions } = await this.#sendUntilAnswered({ ...requestOf(write), mutation })
      // Of a key that was not there a deletion is no change.
      const made = [...write].filter(([, value], index) => value !== undefined || revisions[index] > 0)
      if (made.length > 0) this.#history.add(revision, new Map(made))
      this.#progress.changes += made.length
    }
  }

  #pick(): Write {
    const random = this.#random
    const write = new Map<string, number | undefined>()
    const size = random.chance(3) ? 1 : 1 + random.below(random.chance(20) ? 60 : 5)
    // A few keys are written again and again.
    while (write.size < size) {
      const key = keys[random.chance(2) ? random.below(100) : random.below(keyCount)]!
      write.set(key, random.chance(5) ? undefined : this.#progress.nextValue++)
    }
    return write
  }

  async #sendUntilAnswered(message: Message): Promise<Message> {
    const sentAt = performance.now()
    for (let tries = 0; ; tries++) {
      const line = await this.#connected()
      try {
        const age = tries === 0 ? {} : { ageMs: Math.ceil(performance.now() - sentAt) }
        const reply = await line.ask({ ...message, ...age })
        if (reply.status !== 200) throw new Error(`a write was answered ${reply.status}: ${reply.message}`)
        return reply
      } catch (error) {
        if (!(error instanceof CutError)) throw error
        this.#line = undefined
      }
    }
  }

  #connected(): Promise<Line> {
    this.#line ??= this.#host.connect().then(async (line) => {
      line.listen({ hello: { clientId: this.#clientId } }, () => {})
      return line
    })
    return this.#line
  }
}

function requestOf(write: Write): Message {
  const writes = [...write].map(([key, value]) => {
    return value === undefined ? { table, key, delete: true } : { table, key, value: valueOf(key, value) }
  })
  return { transaction: { writes } }
}

/** The number of a write as the value of a key. */
function valueOf(key: string, number: number): Message {
  if (!key.startsWith(longPrefix)) return { integer: number }
  const from = (number * 61) % (filling.length - longBytes)
  return { string: `${number} ${filling.slice(from, from + longBytes)}` }
}

function numberOf({ integer, string }: Message): number {
  return integer === undefined ? Number.parseInt(string, 10) : Number(integer)
}

class Watcher {
  readonly name: string
  readonly prefix: string
  readonly events: LogEvent[] = []
  revision = 0
  readonly #kind: Kind
  readonly #host: Host
  readonly #random: Random
  #line: Line | undefined
  #stopped = false

  constructor(index: number, kind: Kind, host: Host, random: Random) {
    const ofAny = index % 5 < 3 ? `${index % prefixes}/` : index % 5 === 3 ? keys[index % 100]! : ''
    this.prefix = kind === 'frozen' ? longPrefix : ofAny
    this.name = `watcher ${index}, ${kind}, of "${this.prefix}"`
    this.#kind = kind
    this.#host = host
    this.#random = random
  }

  /** Watches, and resumes after every cut, until it is stopped. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const line = await this.#host.connect()
      this.#line = line
      this.events.push({ kind: 'open', since: this.revision })
      line.listen({ watch: { table, prefix: this.prefix, since: this.revision } }, (response) => this.#take(response))
      if (this.#kind === 'slow' || this.#kind === 'frozen') this.#hold(line)
      if (this.#kind === 'cut') setTimeout(() => line.socket.destroy(), 50 + this.#random.below(1_500))
      await line.closed
    }
  }

  stop(): void {
    this.#stopped = true
    this.#line?.socket.destroy()
  }

  #take(response: Message | undefined): void {
    if (response === undefined || this.#stopped) return
    if (response.status !== 200) throw new Error(`${this.name} was answered ${response.status}: ${response.message}`)
    this.events.push(new Packed(response))
    if (response.phase === 1) this.revision = 0
    if (response.revision) this.revision = response.revision
  }

  /** Reads slowly: stops for a while, again and again. */
  #hold(line: Line): void {
    const [awayMs, hereMs] = this.#kind === 'slow' ? [60, 5] : [1_000 + this.#random.below(9_000), 500]
    line.socket.pause()
    setTimeout(() => {
      line.socket.resume()
      if (!line.socket.destroyed) setTimeout(() => this.#hold(line), hereMs)
    }, awayMs)
  }
}

/** How far the run is, and the pace that lets everybody have a turn. */
class Progress {
  changes = 0
  nextValue = 1
  readonly #wanted: number

  constructor(wanted: number) {
    this.#wanted = wanted
  }

  get done(): boolean {
    return this.changes >= this.#wanted
  }

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve))
  }
}

export interface RunResult {
  readonly history: History
  readonly watchers: readonly { name: string; prefix: string; events: LogEvent[] }[]
  /** What the store holds in the end. */
  readonly store: ReadonlyMap<string, { revision: number; value: number }>
  readonly seconds: number
}

export async function run({ changes, watchers: count, kills, random }: RunOptions): Promise<RunResult> {
  const startedAt = performance.now()
  const limits = ['--max-tombstones', '100', '--checkpoint-bytes', String(1 << 20), '--bookmark-ms', '300']
  const host = new Host([...limits, '--log-level', 'warn'])
  const history = new History()
  const progress = new Progress(changes)
  const watchers = Array.from({ length: count }, (_none, index) => new Watcher(index, kinds[index % 4]!, host, random))
  const watching = watchers.map((watcher) => watcher.run())
  const writers = Array.from({ length: 4 }, () => new Writer(host, random, history, progress))
  const writing = Promise.all(writers.map((writer) => writer.run()))
  for (let kill = 1; kill <= kills; kill++) {
    await until('the time of a kill', () => progress.changes > (kill * changes) / (kills + 1), 600_000)
    await host.kill()
  }
  await writing
  const line = await host.connect()
  const store = await entriesOf(line)
  const last = Math.max(
    ...[...store.values()].map(({ revision }) => revision),
    ...history.between(0, Number.MAX_SAFE_INTEGER).slice(-1),
  )
  await until('all watchers at the end', () => watchers.every(({ revision }) => revision >= last), 60_000)
  for (const watcher of watchers) watcher.stop()
  await Promise.all(watching)
  line.socket.destroy()
  await host.stop()
  return { history, watchers, store, seconds: (performance.now() - startedAt) / 1000 }
}

async function entriesOf(line: Line): Promise<Map<string, { revision: number; value: number }>> {
  const entries = new Map<string, { revision: number; value: number }>()
  await new Promise<void>((resolve, reject) => {
    line.listen({ hgetall: { table } }, (page) => {
      if (page === undefined) return reject(new CutError('while reading the table'))
      for (const { key, value, revision } of page.pairs ?? []) entries.set(key, { revision, value: numberOf(value) })
      if (!page.more) resolve()
    })
  })
  return entries
}
