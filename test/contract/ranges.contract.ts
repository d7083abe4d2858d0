// The contract of ranges: the order of bytes, bounds, pages.
import { expect } from 'vitest'
import { afterPrefix, type RangeEntry } from '../../server/store/engine.ts'
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
    expect(keys(reached, 't')).toEqual(all)
    expect(keys(reached, 't', { reverse: true })).toEqual([...all].reverse())
    for (const start of [undefined, ...all, 'zz']) {
      for (const end of [undefined, ...all, 'zz']) {
        const inside = all.filter((key) => (start === undefined || key >= start) && (end === undefined || key < end))
        expect(keys(reached, 't', { start, end })).toEqual(inside)
        expect(keys(reached, 't', { start, end, reverse: true })).toEqual([...inside].reverse())
      }
    }
    expect(keys(reached, 't', { start: 'a', end: afterPrefix('a') })).toEqual(['a', 'a\x00', 'aa', 'ab'])
    expect(keys(reached, 't', { start: '\xff', end: afterPrefix('\xff') })).toEqual(['\xff', '\xff\xff'])
  })

  promise('a range goes on after a key, in its direction', async (engine, stage) => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) put(engine, 't', key, key)
    const reached = await stage()
    expect(keys(reached, 't', { after: 'b' })).toEqual(['c', 'd', 'e'])
    expect(keys(reached, 't', { after: 'bb' })).toEqual(['c', 'd', 'e'])
    expect(keys(reached, 't', { after: 'b', end: 'd' })).toEqual(['c'])
    expect(keys(reached, 't', { after: 'a', start: 'c' })).toEqual(['c', 'd', 'e'])
    expect(keys(reached, 't', { after: 'd', reverse: true })).toEqual(['c', 'b', 'a'])
    expect(keys(reached, 't', { after: 'd', start: 'b', reverse: true })).toEqual(['c', 'b'])
    expect(keys(reached, 't', { after: 'e' })).toEqual([])
    expect(keys(reached, 't', { after: 'a', reverse: true })).toEqual([])
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
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(bound.limit ?? 1000)
        const joined = pages.flat().map(({ key }) => key)
        expect(joined).toEqual(reverse ? [...left].reverse() : left)
      }
    }
    const bytes = pagesOf(reached, 't', { ...everything, maxBytes: 200 })
    for (const page of bytes) expect(sizeOf(page.slice(0, -1))).toBeLessThan(200)
  })

  promise('a range of keys has no values, and the revisions of the entries', async (engine, stage) => {
    put(engine, 't', 'a', 'value')
    const revision = engine.revisionOf('t')
    put(engine, 't', 'b', 'x'.repeat(100_000))
    const reached = await stage()
    const { entries } = reached.range('t', { ...everything, keysOnly: true })
    expect(entries.map(({ key }) => key)).toEqual(['a', 'b'])
    expect(entries.map(({ value: bytes }) => bytes.length)).toEqual([0, 0])
    expect(entries.map((entry) => entry.revision)).toEqual([revision, revision + 1])
  })

  promise('the values of a page stay valid', async (engine, stage) => {
    for (let index = 0; index < 50; index++) put(engine, 't', `k${index}`, `value ${index}`)
    const reached = await stage()
    const page = reached.range('t', everything).entries
    for (let index = 0; index < 50; index++) put(reached, 't', `k${index}`, `other ${index}`)
    for (const { key } of page) reached.get('t', key)
    for (const entry of page) expect(text(entry.value)).toBe(`value ${entry.key.slice(1)}`)
  })
}

function sizeOf(entries: readonly RangeEntry[]): number {
  return entries.reduce((sum, { key, value: bytes }) => sum + key.length + bytes.length, 0)
}
