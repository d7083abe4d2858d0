// The contract of tables and of what changed in them.
import assert from 'node:assert/strict'
import type { Change } from '../store/engine.ts'
import { changesOf, get, keys, put, text, value } from './place.ts'
import type { Contract } from './stages.ts'

export function changesContract({ promise }: Contract): void {
  promise('tables exist from their first write until they are dropped, with their counts', async (engine, stage) => {
    put(engine, 'b', 'k', 'v')
    put(engine, 'a', 'k', 'v')
    put(engine, 'a', 'l', 'v')
    put(engine, '\xc3\xa9', 'k', 'v')
    engine.delete('b', 'k')
    engine.delete('nowhere', 'k')
    const reached = await stage()
    assert.deepEqual(
      reached.tables().map(({ name, count }) => [name, count]),
      [
        ['a', 2],
        ['b', 0],
        ['\xc3\xa9', 1],
      ],
    )
    assert.deepEqual(
      reached.tables().map(({ revision }) => revision),
      [3, 5, 4],
    )
    assert.equal(reached.count('a'), 2)
    assert.equal(reached.count('nowhere'), 0)
    assert.equal(reached.stats().entries, 3)
    assert.equal(reached.stats().tables, 3)
  })

  promise('a dropped table is gone at once and for good, and its name can be used again', async (engine, stage) => {
    for (let index = 0; index < 100; index++) put(engine, 't', `k${index}`, 'old')
    put(engine, 'u', 'k', 'kept')
    let reached = await stage()
    const before = reached.revisionOf('t')
    assert.equal(reached.drop('t'), 100)
    assert.equal(reached.revisionOf('t'), before + 1)
    assert.equal(reached.drop('t'), 0)
    assert.equal(reached.revisionOf('t'), before + 1)
    assert.equal(get(reached, 't', 'k1'), undefined)
    assert.deepEqual(keys(reached, 't'), [])
    assert.deepEqual(
      reached.tables().map(({ name }) => name),
      ['u'],
    )
    reached = await stage()
    assert.equal(get(reached, 't', 'k1'), undefined)
    assert.equal(put(reached, 't', 'k1', 'new'), undefined)
    reached = await stage()
    assert.deepEqual(keys(reached, 't'), ['k1'])
    assert.equal(reached.count('t'), 1)
    assert.equal(get(reached, 'u', 'k'), 'kept')
  })

  promise('changes are the latest states after a revision, in its order, deletions too', async (engine, stage) => {
    put(engine, 't', 'a', 'a1')
    put(engine, 't', 'b', 'b1')
    const since = engine.revisionOf('t')
    put(engine, 't', 'c', 'c1')
    put(engine, 'other', 'x', 'x1')
    put(engine, 't', 'a', 'a2')
    put(engine, 't', 'c', 'c2')
    engine.delete('t', 'b')
    const reached = await stage()
    const page = reached.changes('t', since, 100)!
    assert.deepEqual(page.changes.map(show), [`a=a2 @${since + 3}`, `c=c2 @${since + 4}`, `b deleted @${since + 5}`])
    assert.equal(page.upTo, reached.revisionOf('t'))
    assert.equal(page.complete, true)
    assert.deepEqual(reached.changes('t', reached.revisionOf('t'), 100), {
      changes: [],
      upTo: reached.revisionOf('t'),
      complete: true,
    })
    assert.deepEqual(
      reached.changes('t', 0, 100)!.changes.map(({ key }) => key),
      ['a', 'c', 'b'],
    )
  })

  promise('pages of changes join, and a group is never split', async (engine, stage) => {
    for (let round = 0; round < 80; round++) {
      const group = Array.from({ length: 1 + (round % 9) }, (_, index) => `k${(round * 11 + index) % 300}`)
      engine.apply(group.map((key) => ({ table: 't', key, value: value(`${round}`) })))
      if (round % 5 === 4) engine.delete('t', `k${(round * 11) % 300}`)
    }
    const whole = changesOf(engine, 't', 0, 10_000)
    const reached = await stage()
    for (const limit of [1, 2, 3, 7, 16, 21, 40, 100])
      assert.deepEqual(shown(changesOf(reached, 't', 0, limit)), shown(whole))
    const middle = Math.floor(reached.revisionOf('t') / 2)
    const later = whole.filter(({ revision }) => revision > middle)
    assert.deepEqual(shown(changesOf(reached, 't', middle, 4)), shown(later))
  })

  promise('a group larger than a page is one page of changes', async (engine, stage) => {
    put(engine, 't', 'before', 'v')
    const group = Array.from({ length: 500 }, (_, index) => ({ table: 't', key: `k${index}`, value: value('v') }))
    engine.apply(group)
    put(engine, 't', 'after', 'v')
    const reached = await stage()
    const page = reached.changes('t', 1, 10)!
    assert.equal(page.changes.length, 500)
    assert.equal(page.upTo, 2)
    assert.equal(page.complete, false)
  })

  promise('of a dropped table nothing older is known', async (engine, stage) => {
    put(engine, 't', 'a', 'v')
    const since = engine.revisionOf('t')
    engine.drop('t')
    const dropped = engine.revisionOf('t')
    assert.equal(engine.changes('t', since, 10), undefined)
    assert.deepEqual(engine.changes('t', dropped, 10), { changes: [], upTo: dropped, complete: true })
    put(engine, 't', 'b', 'v')
    const reached = await stage()
    assert.equal(reached.changes('t', since, 10), undefined)
    assert.deepEqual(reached.changes('t', dropped, 10)!.changes.map(show), [`b=v @${dropped + 1}`])
  })
}

/** Changes as text, those of one revision in the order of their keys: their own order means nothing. */
function shown(changes: readonly Change[]): string[] {
  const order = (a: Change, b: Change) => a.revision - b.revision || (a.key < b.key ? -1 : 1)
  return [...changes].sort(order).map(show)
}

function show({ key, revision, value: bytes }: Change): string {
  return bytes === undefined ? `${key} deleted @${revision}` : `${key}=${text(bytes)} @${revision}`
}
