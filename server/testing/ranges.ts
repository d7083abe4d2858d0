// The contract of ranges: the order of bytes, bounds, pages.
import assert from 'node:assert/strict'
import { afterPrefix, type RangeEntry } from '../store/engine.ts'
import { everything, keys, pagesOf, put, text } from './place.ts'
import type { Contract } from './stages.ts'

export function rangesContract({ promise }: Contract): void {
  promise('a range is in the order of bytes, within its bounds, both ways', async (engine, stage) => {
    const all = [
      '\x00',
      '\x00\x00',
      '\x01',
      'A',
      'a',
      'a\x00',
      'aa',
      'ab',
      'b',
      '\x7f',
      '\x80',
      'é',
      '\xff',
      '\xff\xff',
    ]
    for (const key of [...all].reverse()) put(engine, 't', key, `=${key}`)
    const reached = await stage()
    assert.deepEqual(keys(reached, 't'), all)
    assert.deepEqual(keys(reached, 't', { reverse: true }), [...all].reverse())
    for (const start of [undefined, ...all, 'zz']) {
      for (const end of [undefined, ...all, 'zz']) {
        const inside = all.filter((key) => (start === undefined || key >= start) && (end === undefined || key < end))
        assert.deepEqual(keys(reached, 't', { start, end }), inside)
        assert.deepEqual(keys(reached, 't', { start, end, reverse: true }), [...inside].reverse())
      }
    }
    assert.deepEqual(keys(reached, 't', { start: 'a', end: afterPrefix('a') }), ['a', 'a\x00', 'aa', 'ab'])
    assert.deepEqual(keys(reached, 't', { start: '\xff', end: afterPrefix('\xff') }), ['\xff', '\xff\xff'])
  })

  promise('a range goes on after a key, in its direction', async (engine, stage) => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) put(engine, 't', key, key)
    const reached = await stage()
    assert.deepEqual(keys(reached, 't', { after: 'b' }), ['c', 'd', 'e'])
    assert.deepEqual(keys(reached, 't', { after: 'bb' }), ['c', 'd', 'e'])
    assert.deepEqual(keys(reached, 't', { after: 'b', end: 'd' }), ['c'])
    assert.deepEqual(keys(reached, 't', { after: 'a', start: 'c' }), ['c', 'd', 'e'])
    assert.deepEqual(keys(reached, 't', { after: 'd', reverse: true }), ['c', 'b', 'a'])
    assert.deepEqual(keys(reached, 't', { after: 'd', start: 'b', reverse: true }), ['c', 'b'])
    assert.deepEqual(keys(reached, 't', { after: 'e' }), [])
    assert.deepEqual(keys(reached, 't', { after: 'a', reverse: true }), [])
  })

  promise('pages are bounded by count and by bytes, and join without gap or repeat', async (engine, stage) => {
    const all = Array.from({ length: 300 }, (_, index) => `key ${String(index).padStart(4, '0')}`)
    for (const key of all) put(engine, 't', key, key.repeat(1 + (key.charCodeAt(7) % 5)))
    for (const key of all.filter((_, index) => index % 3 === 0)) engine.delete('t', key)
    const left = all.filter((_, index) => index % 3 !== 0)
    const reached = await stage()
    for (const bound of [{ limit: 7 }, { maxBytes: 100 }, { limit: 1 }, { maxBytes: 1 }, { limit: 1000 }]) {
      for (const reverse of [false, true]) {
        const pages = pagesOf(reached, 't', { ...everything, ...bound, reverse })
        for (const page of pages) assert.ok(page.length <= (bound.limit ?? 1000))
        const joined = pages.flat().map(({ key }) => key)
        assert.deepEqual(joined, reverse ? [...left].reverse() : left)
      }
    }
    const bytes = pagesOf(reached, 't', { ...everything, maxBytes: 200 })
    for (const page of bytes) assert.ok(sizeOf(page.slice(0, -1)) < 200)
  })

  promise('a range of keys has no values, and the revisions of the entries', async (engine, stage) => {
    put(engine, 't', 'a', 'value')
    const revision = engine.revisionOf('t')
    put(engine, 't', 'b', 'x'.repeat(100_000))
    const reached = await stage()
    const { entries } = reached.range('t', { ...everything, keysOnly: true })
    assert.deepEqual(
      entries.map(({ key }) => key),
      ['a', 'b'],
    )
    assert.deepEqual(
      entries.map(({ value: bytes }) => bytes.length),
      [0, 0],
    )
    assert.deepEqual(
      entries.map((entry) => entry.revision),
      [revision, revision + 1],
    )
  })

  promise('the values of a page stay valid', async (engine, stage) => {
    for (let index = 0; index < 50; index++) put(engine, 't', `k${index}`, `value ${index}`)
    const reached = await stage()
    const page = reached.range('t', everything).entries
    for (let index = 0; index < 50; index++) put(reached, 't', `k${index}`, `other ${index}`)
    for (const { key } of page) reached.get('t', key)
    for (const entry of page) assert.equal(text(entry.value), `value ${entry.key.slice(1)}`)
  })
}

function sizeOf(entries: readonly RangeEntry[]): number {
  return entries.reduce((sum, { key, value: bytes }) => sum + key.length + bytes.length, 0)
}
