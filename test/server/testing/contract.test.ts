// The contract suite itself: it needs nothing of a runner but two functions, an engine that breaks a promise fails under
// the name of that promise, and what it opened is closed and removed whatever happens.
import { expect, test } from 'vitest'
import type { ChangePage, Engine, Entry, Key, RangePage, RangeQuery, Write } from '../../../server/index.ts'
import { engineContract, type Place } from '../../../server/testing/index.ts'
import { MapEngine } from '../../helpers/map-engine.ts'

const seed = 12

/** Runs the suite with a runner of a few lines; returns the names of all tests and the errors of those that failed. */
async function run(place: () => Place, only = /./) {
  const tests: [name: string, body: () => Promise<void>][] = []
  engineContract({
    name: 'engine',
    place,
    describe: (_name, body) => body(),
    test: (name, body) => tests.push([name, body]),
    seed,
    steps: 300,
  })
  const failures = new Map<string, Error>()
  for (const [name, body] of tests.filter(([name]) => only.test(name))) {
    await body().catch((error) => failures.set(name, error))
  }
  return { names: tests.map(([name]) => name), failures }
}

const volatile = (make: () => Engine) => (): Place => ({ open: async () => make(), durable: false })

/** Engines that each break one promise, and the test that finds it. */
const broken: [finds: string, make: () => Engine][] = [
  [
    'a deleted entry stays deleted',
    () =>
      new (class extends MapEngine {
        override range(table: Key, query: RangeQuery): RangePage {
          const { entries, next } = super.range(table, query)
          return { entries: [...entries, { key: 'a', value: new Uint8Array(), revision: 1 }], next }
        }
      })(),
  ],
  [
    'a value is copied: what happens to the bytes afterwards does not matter',
    () =>
      new (class extends MapEngine {
        readonly kept: [table: Key, key: Key, bytes: Uint8Array][] = []
        override set(table: Key, key: Key, bytes: Uint8Array, start: number, end: number) {
          this.kept.push([table, key, bytes.subarray(start, end)])
          return super.set(table, key, bytes, start, end)
        }
        override get(table: Key, key: Key): Entry | undefined {
          const entry = super.get(table, key)
          const bytes = this.kept.findLast((one) => one[0] === table && one[1] === key)?.[2]
          return entry && bytes ? { ...entry, bytes } : entry
        }
      })(),
  ],
  [
    'a group has one revision and answers a copy of each entry before',
    () =>
      new (class extends MapEngine {
        override apply(writes: readonly Write[]) {
          return writes.flatMap((write) => super.apply([write]))
        }
      })(),
  ],
  [
    'a group larger than a page is one page of changes',
    () =>
      new (class extends MapEngine {
        override changes(table: Key, since: number, limit: number): ChangePage | undefined {
          const page = super.changes(table, since, limit)
          return page && { ...page, changes: page.changes.slice(0, limit) }
        }
      })(),
  ],
  [
    'the observer is told of each single write, and of none that changed nothing',
    () =>
      new (class extends MapEngine {
        override drop(table: Key): number {
          const { observer } = this
          this.observer = undefined
          const count = super.drop(table)
          this.observer = observer
          return count
        }
      })(),
  ],
  [
    'everything becomes safe, and callbacks run in order and never within the call',
    () =>
      new (class extends MapEngine {
        override whenSafe(_table: Key, _revision: number, callback: () => void): void {
          callback()
        }
      })(),
  ],
  [
    'keys of 1 to 1900 bytes are taken, and others refused by name',
    () =>
      new (class extends MapEngine {
        override apply(writes: readonly Write[]) {
          const short = writes.filter(({ key }) => key.length < 1900)
          return super.apply(short)
        }
      })(),
  ],
  [
    'it does what plain maps do, under random commands',
    () =>
      new (class extends MapEngine {
        #sets = 0
        override set(table: Key, key: Key, bytes: Uint8Array, start: number, end: number) {
          // One of a hundred is cut short.
          return super.set(table, key, bytes, start, ++this.#sets % 100 === 0 ? start : end)
        }
      })(),
  ],
]

test('a runner of a few lines runs it, and an engine of plain maps passes', async () => {
  const { names, failures } = await run(volatile(() => new MapEngine()))
  expect(names.length).toBeGreaterThan(25)
  expect(new Set(names).size).toBe(names.length)
  expect([...failures]).toEqual([])
})

test.each(broken)('an engine that breaks a promise fails: %s', async (finds, make) => {
  const { failures } = await run(volatile(make), new RegExp(`^${finds}`))
  expect([...failures.values()].map(({ name }) => name)).toEqual(['AssertionError'])
})

test('an engine that says wrongly that it is durable fails where it is opened again', async () => {
  const { failures } = await run(() => ({ open: async () => new MapEngine(), durable: true }), /^an entry is what/)
  expect([...failures.keys()]).toEqual([
    'an entry is what was last set, and the previous one is answered (opened again)',
  ])
})

test('every stage is tried where a place has it', async () => {
  let settled = 0
  const settle = async () => void settled++
  const { names } = await run(() => ({ open: async () => new MapEngine(), durable: true, settle }), /^keys of 1024/)
  expect(names.filter((name) => name.startsWith('keys of 1024')).map((name) => name.replace(/.*\(/, '('))).toEqual([
    '(at once)',
    '(once settled)',
    '(opened again)',
    '(settled and opened again)',
  ])
  expect(settled).toBe(2)
})

test('what a test opened is closed, then removed, also when it fails: and the error of the test is the one that is shown', async () => {
  const told: string[] = []
  class Told extends MapEngine {
    override async close(): Promise<void> {
      told.push('closed')
      await super.close()
      throw new Error('cannot close')
    }
    override count(): number {
      return -1
    }
  }
  const place = () => ({ open: async () => new Told(), durable: false, remove: () => void told.push('removed') })
  const { failures } = await run(place, /^a deleted entry stays|^a group without writes/)
  expect(told).toEqual(['closed', 'removed', 'closed', 'removed'])
  expect([...failures.values()].map(({ message }) => message)).toEqual([expect.stringContaining('-1'), 'cannot close'])
})

test('a seed replays a run', async () => {
  const revisions: number[] = []
  class Counted extends MapEngine {
    override async close(): Promise<void> {
      revisions.push(this.revisionOf('t'))
      await super.close()
    }
  }
  for (let round = 0; round < 2; round++)
    await run(
      volatile(() => new Counted()),
      /^it does what plain maps do/,
    )
  expect(revisions[0]).toBeGreaterThan(100)
  expect(revisions[1]).toBe(revisions[0])
})
