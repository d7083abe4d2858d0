// One run of clients against a gateway on disk that is killed meanwhile: each does one operation after the other on a
// few keys that all share, and everything that it sent and saw is recorded.
import type { Message } from '../../proto/compact.ts'
import { Host } from '../helpers/host.ts'
import { CutError, type Line } from '../helpers/line.ts'
import type { Random } from '../helpers/random.ts'
import { until } from '../helpers/until.ts'
import type { Operation, Step, Value } from './history-checker.ts'

export interface HistoryOptions {
  readonly operations: number
  readonly clients: number
  readonly kills: number
  readonly durability: 'flush' | 'commit'
  readonly random: Random
}

const table = 'shared'
const registers = Array.from({ length: 16 }, (_none, index) => `r${index}`)
const counters = Array.from({ length: 4 }, (_none, index) => `n${index}`)

/** What an operation would mean, and what its reply makes of it. */
interface Plan {
  readonly message: Message
  /** Steps where no reply came. */
  readonly unknown: readonly Step[]
  read(reply: Message): Pick<Operation, 'steps' | 'revision'>
}

interface Seen {
  readonly revision: number
  readonly value: Value
}

class Recorder {
  readonly operations: Operation[] = []
  nextValue = 1
  #now = 0

  tick(): number {
    return ++this.#now
  }
}

const integerOf = (value: Message): Value => (value?.integer === undefined ? undefined : Number(value.integer))

class Client {
  readonly #number: number
  readonly #host: Host
  readonly #random: Random
  readonly #recorder: Recorder
  /** What it last saw of each key. */
  readonly #seen = new Map<string, Seen>()

  constructor(number: number, host: Host, random: Random, recorder: Recorder) {
    this.#number = number
    this.#host = host
    this.#random = random
    this.#recorder = recorder
  }

  async run(count: number): Promise<void> {
    const { operations } = this.#recorder
    let line: Line | undefined
    while (operations.length < count) {
      line ??= await this.#host.connect()
      const plan = this.#plan()
      const invoked = this.#recorder.tick()
      try {
        const reply = await line.ask(plan.message)
        const returned = this.#recorder.tick()
        operations.push({ client: this.#number, invoked, returned, ...plan.read(reply) })
      } catch (error) {
        if (!(error instanceof CutError)) throw error
        line = undefined
        const returned = Number.POSITIVE_INFINITY
        if (plan.unknown.length > 0) operations.push({ client: this.#number, invoked, returned, steps: plan.unknown })
      }
    }
    line?.socket.destroy()
  }

  #plan(): Plan {
    const random = this.#random
    const key = random.pick(registers)
    const dice = random.below(100)
    if (dice < 35) return this.#get(random.chance(4) ? random.pick(counters) : key)
    if (dice < 55) return this.#set(key)
    if (dice < 70) return this.#conditionalSet(key)
    if (dice < 78) return this.#delete(key)
    if (dice < 87) return this.#increment(random.pick(counters))
    return this.#transaction(key, random.pick(registers.filter((other) => other !== key)))
  }

  #saw(key: string, revision: number, value: Value): Step {
    if (value === undefined) this.#seen.delete(key)
    else this.#seen.set(key, { revision, value })
    return value === undefined ? { type: 'read', key, value } : { type: 'read', key, value, revision }
  }

  #get(key: string): Plan {
    return {
      message: { hget: { table, key } },
      unknown: [],
      read: (reply) => {
        expectStatus(reply, 200, 404)
        return {
          steps: [this.#saw(key, reply.revision, reply.status === 404 ? undefined : integerOf(reply.values[0]))],
        }
      },
    }
  }

  #set(key: string): Plan {
    const to = this.#recorder.nextValue++
    return {
      message: { hset: { table, pair: { key, value: { integer: to } } } },
      unknown: [{ type: 'write', key, to }],
      read: (reply) => {
        expectStatus(reply, 200)
        const saw = { value: integerOf(reply.values[0]) }
        this.#seen.set(key, { revision: reply.revision, value: to })
        return { revision: reply.revision, steps: [{ type: 'write', key, to, saw }] }
      },
    }
  }

  #conditionalSet(key: string): Plan {
    const to = this.#recorder.nextValue++
    const seen = this.#seen.get(key)
    const condition = seen === undefined ? { ifAbsent: true } : { ifRevision: seen.revision }
    return {
      message: { hset: { table, pair: { key, value: { integer: to } }, ...condition } },
      unknown: [{ type: 'expect', key, value: seen?.value, to: { value: to } }],
      read: (reply) => {
        expectStatus(reply, 200, 409)
        if (reply.status === 409) return { steps: [this.#saw(key, reply.revision, integerOf(reply.values[0]))] }
        this.#seen.set(key, { revision: reply.revision, value: to })
        const step: Step = { type: 'expect', key, value: seen?.value, to: { value: to }, held: true }
        return { revision: reply.revision, steps: [step] }
      },
    }
  }

  #delete(key: string): Plan {
    return {
      message: { hdel: { table, key } },
      unknown: [{ type: 'write', key, to: undefined }],
      read: (reply) => {
        expectStatus(reply, 200)
        const value = integerOf(reply.values[0])
        this.#seen.delete(key)
        const step: Step = { type: 'write', key, to: undefined, saw: { value } }
        // Where there was nothing to delete, nothing was written.
        return value === undefined ? { steps: [step] } : { revision: reply.revision, steps: [step] }
      },
    }
  }

  #increment(key: string): Plan {
    const by = 1 + this.#random.below(5)
    return {
      message: { increment: { table, key, by: { integer: by } } },
      unknown: [{ type: 'add', key, by }],
      read: (reply) => {
        expectStatus(reply, 200)
        return { revision: reply.revision, steps: [{ type: 'add', key, by, result: integerOf(reply.values[0])! }] }
      },
    }
  }

  /** Writes two keys if the first is still as it was seen. */
  #transaction(key: string, other: string): Plan {
    const [to, also] = [this.#recorder.nextValue++, this.#recorder.nextValue++]
    const seen = this.#seen.get(key)
    const writes = [
      { table, key, value: { integer: to } },
      { table, key: other, value: { integer: also } },
    ]
    const checks = [{ table, key, revision: seen?.revision }]
    const checked = { type: 'expect' as const, key, value: seen?.value }
    return {
      message: { transaction: { checks, writes } },
      unknown: [
        { ...checked, to: { value: to } },
        { type: 'write', key: other, to: also },
      ],
      read: (reply) => {
        expectStatus(reply, 200, 409)
        if (reply.status === 409) {
          this.#seen.delete(key)
          return { steps: [{ ...checked, held: false }] }
        }
        this.#seen.set(key, { revision: reply.revision, value: to })
        const saw = { value: integerOf(reply.values[1]) }
        return {
          revision: reply.revision,
          steps: [
            { ...checked, to: { value: to }, held: true },
            { type: 'write', key: other, to: also, saw },
          ],
        }
      },
    }
  }
}

function expectStatus({ status, message }: Message, ...allowed: number[]): void {
  if (!allowed.includes(status)) throw new Error(`answered ${status}: ${message}`)
}

/** Records about so many operations. */
export async function record({
  operations: count,
  clients,
  kills,
  durability,
  random,
}: HistoryOptions): Promise<Operation[]> {
  const host = new Host(['--durability', durability, '--checkpoint-bytes', String(1 << 18), '--log-level', 'warn'])
  const recorder = new Recorder()
  const all = Array.from({ length: clients }, (_none, index) => new Client(index, host, random, recorder))
  const running = Promise.all(all.map((client) => client.run(count)))
  for (let kill = 1; kill <= kills; kill++) {
    await until('the time of a kill', () => recorder.operations.length > (kill * count) / (kills + 1), 600_000)
    await host.kill()
  }
  await running
  await host.stop()
  return recorder.operations
}
