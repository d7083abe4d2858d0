// Watchers of every temper, a gateway that is killed, tombstones that are trimmed: the promise of a watch holds for
// each, by a validator that catches every fault planted in what they saw.
import { describe, expect, test } from 'vitest'
import { Random, runScale, runSeed } from '../helpers/random.ts'
import { run } from './watch.ts'
import { History, type LogEvent, type LoggedChange, validate } from './watch-validator.ts'

test('200,000 changes, 50 watchers, kills and trimmed tombstones', { timeout: 300_000 * runScale }, async () => {
  const random = new Random(runSeed())
  console.log(`FUZZ_SEED=${random.seed}`)
  const { history, watchers, store, seconds } = await run({
    changes: 200_000 * runScale,
    watchers: 50,
    kills: 3 * runScale,
    random,
  })
  const total = { responses: 0, changes: 0, snapshots: 0, differences: 0, lags: 0, bookmarks: 0 }
  for (const watcher of watchers) {
    const verdict = validate(watcher, history)
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += verdict[name]
    const held = [...verdict.state].filter(([, { value }]) => value !== undefined)
    const expected = [...store].filter(([key]) => key.startsWith(watcher.prefix))
    expect(new Map(held), watcher.name).toEqual(new Map(expected))
  }
  console.log(`${seconds.toFixed(1)} s, ${history.size} writes;`, JSON.stringify(total))
  expect(total.lags).toBeGreaterThan(0)
  expect(total.snapshots).toBeGreaterThan(watchers.length)
  expect(total.differences).toBeGreaterThan(watchers.length)
  expect(total.bookmarks).toBeGreaterThan(0)
})

const change = (key: string, revision: number, value?: number): LoggedChange => ({ key, revision, value })
const response = (phase: number, revision: number, ...changes: LoggedChange[]): LogEvent => {
  return { kind: 'response', phase, revision, changes }
}

/** Ten writes: two keys each, one of which each write has in common with the next; the ninth deletes. */
function smallHistory(): History {
  const history = new History()
  for (let revision = 1; revision <= 10; revision++) {
    const value = revision === 9 ? undefined : revision
    history.add(
      revision,
      new Map([
        [`k${revision % 5}`, value],
        [`k${(revision + 1) % 5}`, value],
      ]),
    )
  }
  return history
}

const pair = (revision: number): LoggedChange[] => {
  const value = revision === 9 ? undefined : revision
  return [change(`k${revision % 5}`, revision, value), change(`k${(revision + 1) % 5}`, revision, value)]
}

/** A watcher as it should be: a snapshot, live, a lag, a bookmark, a cut and a resume. */
const sound = (): LogEvent[] => [
  { kind: 'open', since: 0 },
  response(1, 0, change('k1', 1, 1), change('k2', 2, 2), change('k3', 2, 2)),
  response(3, 2),
  response(0, 3, ...pair(3)),
  response(0, 4, ...pair(4)),
  response(4, 6, ...pair(5), ...pair(6)),
  response(3, 6),
  response(5, 6),
  { kind: 'open', since: 6 },
  response(2, 8, change('k2', 7, 7), ...pair(8)),
  response(3, 8),
  response(0, 10, ...pair(9), ...pair(10)),
]

const logOf = (events: LogEvent[]) => ({ name: 'a watcher', prefix: '', events })

describe('the validator', () => {
  test('takes what is right', () => {
    // At revision 7 k2 and k3 were written, and k3 again at 8: its state at 7 may be skipped.
    const verdict = validate(logOf(sound()), smallHistory())
    expect(verdict).toMatchObject({ responses: 10, snapshots: 1, differences: 1, lags: 1, bookmarks: 1, revision: 10 })
  })

  type Fault = [name: string, property: string, plant: (events: LogEvent[]) => LogEvent[]]
  const at = (events: LogEvent[], index: number, ...instead: LogEvent[]) => events.toSpliced(index, 1, ...instead)
  const faults: Fault[] = [
    ['a change dropped while live', 'reliable', (events) => events.toSpliced(3, 1)],
    ['one of a transaction dropped while live', 'atomic', (events) => at(events, 3, response(0, 3, pair(3)[0]!))],
    ['a response twice', 'unique|atomic|ordered', (events) => events.toSpliced(4, 0, events[3]!)],
    ['a change twice in one response', 'unique', (events) => at(events, 3, response(0, 3, ...pair(3), pair(3)[1]!))],
    ['two responses swapped', 'reliable', (events) => events.toSpliced(3, 2, events[4]!, events[3]!)],
    ['two changes swapped', 'ordered', (events) => at(events, 11, response(0, 9, ...pair(10), ...pair(9)))],
    [
      'a transaction split over two responses',
      'atomic',
      (events) => {
        return at(events, 3, response(0, 3, pair(3)[0]!), response(0, 3, pair(3)[1]!))
      },
    ],
    [
      'a transaction split over two pages of a difference',
      'atomic',
      (events) => {
        return at(events, 9, response(2, 8, change('k2', 7, 7), pair(8)[0]!), response(0, 8, pair(8)[1]!))
      },
    ],
    ['a gap after a resume', 'resumable', (events) => at(events, 9, response(2, 8, ...pair(8)))],
    ['a gap after a lag', 'resumable', (events) => at(events, 5, response(4, 6, ...pair(6)))],
    ['a resume from too far', 'resumable', (events) => at(events, 8, { kind: 'open', since: 7 })],
    [
      'a stale state after a lag',
      'resumable',
      (events) => at(events, 9, response(2, 8, change('k2', 7, 7), change('k3', 7, 7))),
    ],
    ['a bookmark too far', 'reliable', (events) => at(events, 7, response(5, 7))],
    ['a bookmark that goes back', 'bookmarkable', (events) => at(events, 7, response(5, 5))],
    ['synced too early', 'resumable', (events) => at(events, 2, response(3, 3))],
    ['a revision that says too much', 'bookmarkable', (events) => at(events, 3, response(0, 4, ...pair(3)))],
    ['a wrong value', 'reliable', (events) => at(events, 3, response(0, 3, pair(3)[0]!, change('k4', 3, 99)))],
    [
      'a change that nobody wrote',
      'reliable',
      (events) => at(events, 3, response(0, 3, ...pair(3), change('k0', 3, 3))),
    ],
    [
      'a deletion that is not told',
      'reliable',
      (events) => at(events, 11, response(0, 10, change('k4', 9, 9), ...pair(10))),
    ],
    [
      'a snapshot that lacks a key',
      'resumable',
      (events) => at(events, 1, response(1, 0, change('k1', 1, 1), change('k2', 2, 2))),
    ],
    [
      'a snapshot with a key twice',
      'unique',
      (events) => {
        return at(
          events,
          1,
          response(1, 0, change('k1', 1, 1), change('k1', 1, 1), change('k2', 2, 2), change('k3', 2, 2)),
        )
      },
    ],
    ['a snapshot out of nothing', 'resumable', (events) => events.toSpliced(5, 0, response(1, 0))],
    ['changes before any phase', 'resumable', (events) => events.toSpliced(1, 2)],
  ]

  test.each(faults)('catches %s', (_name, property, plant) => {
    expect(() => validate(logOf(plant(sound())), smallHistory())).toThrow(new RegExp(`not (${property}):`))
  })

  test('catches a watcher of a prefix that got another key', () => {
    const events = sound().slice(0, 4)
    expect(() => validate({ name: 'a watcher', prefix: 'k1', events }, smallHistory())).toThrow('was not watched')
  })
})
