// What the torture knows: every op that was sent, which of them were acknowledged, and what a store may therefore
// hold after a kill. It never looks into the store itself.
import type { Random } from '../../server/testing/random.ts'
import type { Dump, Op } from './victims.ts'

const singles = 150
const groups = 20
const groupKeys = 4
const scratchKeys = 20

/** Keys that are always written together, or one alone, and the ops on them in their order. */
interface Unit {
  readonly table: string
  readonly keys: readonly string[]
  readonly ops: { counter: number; kind: Op['kind']; acked: boolean; revision: number }[]
  counter: number
}

export class Ledger {
  readonly units: Unit[] = []
  acked = 0
  #nextId = 1
  readonly #random: Random
  readonly #pending = new Map<number, Unit['ops'][number]>()
  #highestRevision = 0

  constructor(random: Random) {
    this.#random = random
    for (let index = 0; index < singles; index++) this.#unit('t', [`single ${index}`])
    for (let index = 0; index < groups; index++) {
      this.#unit(
        't',
        Array.from({ length: groupKeys }, (_, key) => `group ${index} ${key}`),
      )
    }
    this.#unit(
      'scratch',
      Array.from({ length: scratchKeys }, (_, key) => `scratch ${key}`),
    )
  }

  /** Ops sent and not acknowledged yet. */
  get waiting(): number {
    return this.#pending.size
  }

  /** Some ops to send, one after another. */
  next(): Op[] {
    const unit = this.#random.chance(0.03) ? this.units[this.units.length - 1]! : this.#random.pick(this.units)
    if (unit.table === 'scratch') return [this.#op(unit, 'drop'), this.#op(unit, 'group')]
    if (unit.keys.length > 1) return [this.#op(unit, 'group')]
    return [this.#op(unit, this.#random.chance(0.25) ? 'delete' : 'set')]
  }

  ack(id: number, revision: number): void {
    const op = this.#pending.get(id)
    if (op === undefined) return
    this.#pending.delete(id)
    this.acked++
    op.acked = true
    op.revision = revision
    this.#highestRevision = Math.max(this.#highestRevision, revision)
  }

  /** Compares what a store holds after a kill with what it may hold; answers what is wrong. Then that is the truth. */
  judge(dumps: Map<string, Dump>): string[] {
    this.#pending.clear()
    const wrong: string[] = []
    const known = new Set<string>()
    for (const unit of this.units) {
      const dump = dumps.get(unit.table)!
      for (const key of unit.keys) known.add(`${unit.table}/${key}`)
      wrong.push(...this.#judgeUnit(unit, dump))
    }
    for (const [table, dump] of dumps) {
      for (const key of dump.keys()) if (!known.has(`${table}/${key}`)) wrong.push(`${table}/${key} was never written`)
    }
    return wrong
  }

  #judgeUnit(unit: Unit, dump: Dump): string[] {
    const name = `${unit.table}/${unit.keys[0]}`
    const found = unit.keys.map((key) => dump.get(key))
    const values = new Set(found.map((entry) => entry?.value))
    if (values.size > 1) return [`${name}: torn, ${values.size} states of one group`]
    const [entry] = found
    const lastAcked = unit.ops.findLastIndex(({ acked }) => acked)
    const index = unit.ops.findIndex((op, at) => {
      if (at < lastAcked) return false
      const present = op.kind === 'set' || op.kind === 'group'
      return entry === undefined ? !present : present && entry.value === content(unit, op.counter)
    })
    if (index < 0 && !(entry === undefined && lastAcked < 0)) {
      const last = unit.ops[lastAcked]
      const expected = last === undefined ? 'nothing' : `${last.kind} ${last.counter} or later`
      return [`${name}: ${expected} was acknowledged, found ${entry?.value.slice(0, 40) ?? 'nothing'}`]
    }
    const op = unit.ops[index]
    if (op?.acked && entry !== undefined && op.revision > 0 && entry.revision !== op.revision) {
      return [`${name}: acknowledged at revision ${op.revision}, found at ${entry.revision}`]
    }
    // What was found is what counts from here on: it was read, so it must never go back.
    unit.ops.splice(
      0,
      unit.ops.length,
      ...(op === undefined ? [] : [{ ...op, acked: true, revision: entry?.revision ?? 0 }]),
    )
    return []
  }

  #unit(table: string, keys: string[]): void {
    this.units.push({ table, keys, ops: [], counter: 0 })
  }

  #op(unit: Unit, kind: Op['kind']): Op {
    const counter = ++unit.counter
    const op = { counter, kind, acked: false, revision: 0 }
    unit.ops.push(op)
    const id = this.#nextId++
    this.#pending.set(id, op)
    return { id, kind, table: unit.table, keys: unit.keys, value: content(unit, counter) }
  }
}

/** The value of an op: says which op it is of, and its length depends on it. */
function content(unit: Unit, counter: number): string {
  return `${unit.keys[0]} op ${counter} `.repeat(1 + (counter % 7))
}
