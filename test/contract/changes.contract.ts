// The contract of tables and of what changed in them.
import { expect } from 'vitest'
import type { Change } from '../../server/store/engine.ts'
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
    expect(reached.tables().map(({ name, count }) => [name, count])).toEqual([
      ['a', 2],
      ['b', 0],
      ['\xc3\xa9', 1],
    ])
    expect(reached.tables().map(({ revision }) => revision)).toEqual([3, 5, 4])
    expect(reached.count('a')).toBe(2)
    expect(reached.count('nowhere')).toBe(0)
    expect(reached.stats().entries).toBe(3)
    expect(reached.stats().tables).toBe(3)
  })

  promise('a dropped table is gone at once and for good, and its name can be used again', async (engine, stage) => {
    for (let index = 0; index < 100; index++) put(engine, 't', `k${index}`, 'old')
    put(engine, 'u', 'k', 'kept')
    let reached = await stage()
    const before = reached.revisionOf('t')
    expect(reached.drop('t')).toBe(100)
    expect(reached.revisionOf('t')).toBe(before + 1)
    expect(reached.drop('t')).toBe(0)
    expect(reached.revisionOf('t')).toBe(before + 1)
    expect(get(reached, 't', 'k1')).toBeUndefined()
    expect(keys(reached, 't')).toEqual([])
    expect(reached.tables().map(({ name }) => name)).toEqual(['u'])
    reached = await stage()
    expect(get(reached, 't', 'k1')).toBeUndefined()
    expect(put(reached, 't', 'k1', 'new')).toBeUndefined()
    reached = await stage()
    expect(keys(reached, 't')).toEqual(['k1'])
    expect(reached.count('t')).toBe(1)
    expect(get(reached, 'u', 'k')).toBe('kept')
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
    expect(page.changes.map(show)).toEqual([`a=a2 @${since + 3}`, `c=c2 @${since + 4}`, `b deleted @${since + 5}`])
    expect(page).toMatchObject({ upTo: reached.revisionOf('t'), complete: true })
    expect(reached.changes('t', reached.revisionOf('t'), 100)).toEqual({
      changes: [],
      upTo: reached.revisionOf('t'),
      complete: true,
    })
    expect(reached.changes('t', 0, 100)!.changes.map(({ key }) => key)).toEqual(['a', 'c', 'b'])
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
      expect(shown(changesOf(reached, 't', 0, limit))).toEqual(shown(whole))
    const middle = Math.floor(reached.revisionOf('t') / 2)
    const later = whole.filter(({ revision }) => revision > middle)
    expect(shown(changesOf(reached, 't', middle, 4))).toEqual(shown(later))
  })

  promise('a group larger than a page is one page of changes', async (engine, stage) => {
    put(engine, 't', 'before', 'v')
    const group = Array.from({ length: 500 }, (_, index) => ({ table: 't', key: `k${index}`, value: value('v') }))
    engine.apply(group)
    put(engine, 't', 'after', 'v')
    const reached = await stage()
    const page = reached.changes('t', 1, 10)!
    expect(page.changes.length).toBe(500)
    expect(page).toMatchObject({ upTo: 2, complete: false })
  })

  promise('of a dropped table nothing older is known', async (engine, stage) => {
    put(engine, 't', 'a', 'v')
    const since = engine.revisionOf('t')
    engine.drop('t')
    const dropped = engine.revisionOf('t')
    expect(engine.changes('t', since, 10)).toBeUndefined()
    expect(engine.changes('t', dropped, 10)).toEqual({ changes: [], upTo: dropped, complete: true })
    put(engine, 't', 'b', 'v')
    const reached = await stage()
    expect(reached.changes('t', since, 10)).toBeUndefined()
    expect(reached.changes('t', dropped, 10)!.changes.map(show)).toEqual([`b=v @${dropped + 1}`])
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
