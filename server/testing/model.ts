// An engine against a model of plain maps, under random commands, closings and openings in between. One seed replays a
// run.
import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine, Key, RangeQuery, Write } from '../store/engine.ts'
import { changesOf, copy, type Place, pagesOf, visit } from './place.ts'
import { Random, randomSeed } from './random.ts'
import type { Contract } from './stages.ts'

const names = ['t', 'u', '\xc3\xa9']

interface ModelEntry {
  value: Buffer | undefined
  revision: number
}

class Model {
  revision = 0
  lastDrop = 0
  readonly tables = new Map<Key, { floor: number; entries: Map<Key, ModelEntry> }>()

  set(table: Key, key: Key, value: Buffer, revision: number): Buffer | undefined {
    this.revision = revision
    const { entries } = this.open(table)
    const before = entries.get(key)?.value
    entries.set(key, { value, revision })
    return before
  }

  delete(table: Key, key: Key, revision: number): Buffer | undefined {
    const entries = this.tables.get(table)?.entries
    const before = entries?.get(key)?.value
    if (entries === undefined || before === undefined) return undefined
    this.revision = revision
    entries.set(key, { value: undefined, revision })
    return before
  }

  open(table: Key) {
    let found = this.tables.get(table)
    if (found === undefined) {
      found = { floor: this.lastDrop, entries: new Map() }
      this.tables.set(table, found)
    }
    return found
  }

  /** Live entries in order. */
  live(table: Key): [Key, ModelEntry][] {
    const entries = [...(this.tables.get(table)?.entries ?? [])].filter(([, entry]) => entry.value !== undefined)
    return entries.sort(([a], [b]) => (a < b ? -1 : 1))
  }

  drop(table: Key): number {
    if (!this.tables.has(table)) return 0
    const count = this.live(table).length
    this.tables.delete(table)
    this.lastDrop = ++this.revision
    return count
  }
}

export interface ModelOptions {
  readonly seed?: number | undefined
  readonly steps?: number | undefined
}

export function modelTest({ place, test }: Contract, { seed = randomSeed(), steps = 1_500 }: ModelOptions): void {
  test('it does what plain maps do, under random commands', async () => {
    console.log(`model: seed ${seed}, ${steps} steps`)
    const here = place()
    await visit(here, (open) => run(here, open, new Random(seed), steps))
  })
}

async function run(place: Place, open: () => Promise<Engine>, random: Random, steps: number): Promise<void> {
  let engine = await open()
  const model = new Model()
  for (let step = 0; step < steps; step++) {
    act(engine, model, random)
    if (random.chance(0.05)) await nextTurn()
    if (random.chance(0.02)) compare(engine, model, random)
    if (place.settle && random.chance(0.003)) await place.settle(engine)
    if (place.durable && random.chance(0.006)) {
      await engine.close()
      engine = await open()
      compare(engine, model, random)
    }
  }
  for (let round = 0; round < 5; round++) compare(engine, model, random)
}

/** One random command on both, and its answers compared. */
function act(engine: Engine, model: Model, random: Random): void {
  const table = random.pick(names)
  const choice = random.next()
  if (choice < 0.5) {
    const key = randomKey(random)
    const value = randomValue(random)
    const before = copy(engine.set(table, key, value, 0, value.length))
    same(before, model.set(table, key, value, model.revision + 1))
  } else if (choice < 0.75) {
    const key = randomKey(random)
    same(copy(engine.delete(table, key)), model.delete(table, key, model.revision + 1))
  } else if (choice < 0.9) group(engine, model, random)
  else if (choice < 0.98) {
    const key = randomKey(random)
    const entry = engine.get(table, key)
    same(copy(entry), model.tables.get(table)?.entries.get(key)?.value)
  } else assert.equal(engine.drop(table), model.drop(table))
  assert.equal(engine.revisionOf('t'), model.revision)
}

function group(engine: Engine, model: Model, random: Random): void {
  const writes: Write[] = Array.from({ length: random.below(8) }, () => ({
    table: random.pick(names),
    key: randomKey(random),
    value: random.chance(0.6) ? randomValue(random) : undefined,
  }))
  const revision = model.revision + 1
  const before = writes.map(({ table, key, value }) =>
    value === undefined ? model.delete(table, key, revision) : model.set(table, key, value as Buffer, revision),
  )
  const answers = engine.apply(writes)
  for (const [index, answer] of answers.entries()) same(copy(answer), before[index])
}

/** Everything that can be read, compared. */
function compare(engine: Engine, model: Model, random: Random): void {
  assert.equal(engine.revisionOf('t'), model.revision)
  const tables = [...model.tables.keys()].sort().map((name) => [name, model.live(name).length])
  assert.deepEqual(
    engine.tables().map(({ name, count }) => [name, count]),
    tables,
  )
  for (const name of names) {
    compareRange(engine, model, name, random)
    compareChanges(engine, model, name, random)
  }
}

function compareRange(engine: Engine, model: Model, name: Key, random: Random): void {
  const query: RangeQuery = {
    start: random.chance(0.5) ? randomKey(random) : undefined,
    end: random.chance(0.5) ? randomKey(random) : undefined,
    after: random.chance(0.2) ? randomKey(random) : undefined,
    reverse: random.chance(0.5),
    limit: random.pick([1, 3, 10, 1000]),
    maxBytes: random.pick([50, 1000, 1 << 20]),
  }
  const { start = '', end, after, reverse } = query
  const expected = model.live(name).filter(([key]) => {
    if (key < start || (end !== undefined && key >= end)) return false
    return after === undefined || (reverse ? key < after : key > after)
  })
  if (reverse) expected.reverse()
  const found = pagesOf(engine, name, query).flat()
  assert.deepEqual(
    found.map(({ key, revision }) => [key, revision]),
    expected.map(([key, { revision }]) => [key, revision]),
  )
  for (const [index, { value }] of found.entries()) same(value, expected[index]![1].value)
}

function compareChanges(engine: Engine, model: Model, name: Key, random: Random): void {
  const since = random.below(model.revision + 1)
  const table = model.tables.get(name)
  if (since < (table?.floor ?? model.lastDrop)) {
    assert.equal(engine.changes(name, since, 10), undefined)
    return
  }
  const expected = [...(table?.entries ?? [])]
    .filter(([, { revision }]) => revision > since)
    .map(([key, { revision, value }]) => `${revision} ${key} ${value?.toString('latin1')}`)
  const found = changesOf(engine, name, since, random.pick([1, 5, 1000]))
  const revisions = found.map(({ revision }) => revision)
  assert.deepEqual(
    revisions,
    revisions.toSorted((a, b) => a - b),
  )
  const shown = found.map(
    ({ key, revision, value }) => `${revision} ${key} ${value && Buffer.from(value).toString('latin1')}`,
  )
  assert.deepEqual(shown.sort(), expected.sort())
}

function same(found: Uint8Array | undefined, expected: Buffer | undefined): void {
  if (found !== undefined && expected?.equals(found)) return
  assert.deepEqual(found && Buffer.from(found), expected)
}

/** A key of a small world, so that keys meet again; sometimes an odd one. */
function randomKey(random: Random): Key {
  if (random.chance(0.05)) return random.bytes(1 + random.below(6)).toString('latin1')
  if (random.chance(0.01)) return `long${'x'.repeat(1000)}${random.below(10)}`
  return `k${random.below(120)}`
}

function randomValue(random: Random): Buffer {
  return random.bytes(random.pick([0, 1, 10, 30, 66, 100, random.below(600), random.chance(0.02) ? 9000 : 5]))
}
