// The contract of server/store/engine.ts as a suite: an engine passes it, or it is not one. Each body writes, moves
// the store to a stage (as it is, settled on disk, or closed and opened again) and reads there.

import { describe, expect, test } from 'vitest'
import { hashOf } from '../../server/store/bytes/hash.ts'
import type { Change, Engine, Entry, RangeEntry } from '../../server/store/engine.ts'
import { afterPrefix, longestKeyBytes } from '../../server/store/engine.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { modelTest } from './model.ts'
import { changesOf, copy, everything, get, keys, type Place, pagesOf, put, settled, text, value } from './place.ts'

type Stage = 'at once' | 'once settled' | 'opened again' | 'settled and opened again'

/** A copy of an entry's value. */
const slice = (entry: Entry | undefined): Uint8Array | undefined => entry?.bytes.slice(entry.start, entry.end)

export function engineContract(name: string, place: () => Place): void {
  const { durable, settles } = place()
  const stages: Stage[] = ['at once']
  if (settles) stages.push('once settled')
  if (durable) stages.push('opened again')
  if (durable && settles) stages.push('settled and opened again')

  /** Runs `body` at each stage: what it gets is the engine and the way to the stage. */
  function promise(what: string, body: (engine: Engine, stage: () => Promise<Engine>) => Promise<void> | void): void {
    test.each(stages)(`${what} (%s)`, async (stage) => {
      const here = place()
      let engine = await here.open()
      whenOver(() => engine.close())
      await body(engine, async () => {
        if (stage.includes('settled')) await settled(engine)
        if (stage.includes('opened')) {
          await engine.close()
          engine = await here.open()
        }
        return engine
      })
    })
  }

  describe(name, () => {
    promise('an entry is what was last set, and the previous one is answered', async (engine, stage) => {
      expect(put(engine, 't', 'a', 'one')).toBeUndefined()
      const first = engine.revision
      expect(put(engine, 't', 'a', 'two')).toBe('one')
      expect(engine.revision).toBeGreaterThan(first)
      const reached = await stage()
      expect(get(reached, 't', 'a')).toBe('two')
      expect(reached.get('t', 'a')!.revision).toBe(engine.revision)
      expect(put(reached, 't', 'a', 'three')).toBe('two')
      expect(get(reached, 't', 'b')).toBeUndefined()
      expect(get(reached, 'u', 'a')).toBeUndefined()
    })

    promise('a key given as bytes is the key given as text', async (engine, stage) => {
      const bytes = Buffer.from('..a keykey\xffvalue..', 'latin1')
      const hash = hashOf(bytes, 2, 7)
      expect(engine.put('t', bytes, 2, 7, hash, bytes, 11, 16)).toBeUndefined()
      expect(engine.put('t', bytes, 7, 11, hashOf(bytes, 7, 11), bytes, 11, 16)).toBeUndefined()
      expect(text(slice(engine.put('t', bytes, 2, 7, hash, bytes, 11, 14)))).toBe('value')
      bytes.fill(0, 11, 16)
      const reached = await stage()
      expect(get(reached, 't', 'a key')).toBe('val')
      expect(get(reached, 't', 'key\xff')).toBe('value')
      reached.warm('t', Int32Array.of(hash, 1, 2, 3, 4), 5)
      reached.warm('u', Int32Array.of(hash), 1)
      expect(text(slice(reached.lookup('t', bytes, 2, 7, hash)))).toBe('val')
      expect(reached.lookup('t', bytes, 2, 6, hashOf(bytes, 2, 6))).toBeUndefined()
      expect(reached.lookup('u', bytes, 2, 7, hash)).toBeUndefined()
      const long = Buffer.alloc(longestKeyBytes + 1)
      expect(() => reached.put('t', long, 0, long.length, 0, bytes, 0, 1)).toThrow('can be stored')
      expect(() => put(reached, 't', 'k'.repeat(longestKeyBytes + 1), 'v')).toThrow('1 to 1900 can be stored')
      expect(get(reached, 't', 'k'.repeat(longestKeyBytes + 1))).toBeUndefined()
      expect(reached.delete('t', 'k'.repeat(longestKeyBytes + 1))).toBeUndefined()
      expect(() => put(reached, 't', '', 'v')).toThrow('a key of 0 bytes')
      expect(put(reached, 't', 'k'.repeat(longestKeyBytes), 'v')).toBeUndefined()
    })

    promise('of many keys that come and go, those that stay are found and no others', async (engine, stage) => {
      const count = 20_000
      for (let index = 0; index < count; index++) put(engine, 'many', `key ${index}`, `value ${index}`)
      for (let index = 0; index < count; index += 2) engine.delete('many', `key ${index}`)
      for (let index = 0; index < count; index += 8) put(engine, 'many', `key ${index}`, 'again')
      const reached = await stage()
      for (let index = 0; index < count; index++) {
        const expected = index % 8 === 0 ? 'again' : index % 2 === 0 ? undefined : `value ${index}`
        if (get(reached, 'many', `key ${index}`) !== expected)
          expect(get(reached, 'many', `key ${index}`)).toBe(expected)
      }
      expect(reached.count('many')).toBe(count / 2 + count / 8)
    })

    promise('a value is copied: what happens to the bytes afterwards does not matter', async (engine, stage) => {
      const bytes = value('..before..')
      engine.set('t', 'k', bytes, 2, 8)
      engine.apply([{ table: 't', key: 'l', value: bytes }])
      bytes.fill(0x21)
      const reached = await stage()
      expect(get(reached, 't', 'k')).toBe('before')
      expect(get(reached, 't', 'l')).toBe('..before..')
    })

    promise('values of any size up to 512 KiB come back byte for byte', async (engine, stage) => {
      const sizes = [0, 1, 15, 16, 17, 255, 4095, 4096, 4097, 65_536, 524_288]
      const made = new Map(sizes.map((size) => [size, Buffer.alloc(size, size % 251)]))
      for (const [size, bytes] of made) engine.set('sizes', `size ${size}`, bytes, 0, size)
      const reached = await stage()
      for (const [size, bytes] of made) {
        const entry = reached.get('sizes', `size ${size}`)!
        expect(Buffer.compare(Buffer.from(entry.bytes.slice(entry.start, entry.end)), bytes)).toBe(0)
      }
      // A smaller value in the place of a large one, and the other way round.
      engine = reached
      engine.set('sizes', 'size 524288', value('small'), 0, 5)
      engine.set('sizes', 'size 1', made.get(65_536)!, 0, 65_536)
      expect(get(engine, 'sizes', 'size 524288')).toBe('small')
      expect(engine.get('sizes', 'size 1')!.end - engine.get('sizes', 'size 1')!.start).toBe(65_536)
    })

    promise('a delete answers the entry, and of a missing key it is no write', async (engine, stage) => {
      put(engine, 't', 'a', 'one')
      put(engine, 't', 'b', 'two')
      const reached = await stage()
      expect(text(copy(reached.delete('t', 'a')))).toBe('one')
      const { revision } = reached
      expect(reached.delete('t', 'a')).toBeUndefined()
      expect(reached.delete('t', 'never')).toBeUndefined()
      expect(reached.delete('nowhere', 'a')).toBeUndefined()
      expect(reached.revision).toBe(revision)
      expect(get(reached, 't', 'a')).toBeUndefined()
      expect(keys(reached, 't')).toEqual(['b'])
      expect(put(reached, 't', 'a', 'again')).toBeUndefined()
      expect(reached.count('t')).toBe(2)
    })

    promise('a deleted entry stays deleted', async (engine, stage) => {
      put(engine, 't', 'a', 'one')
      engine.delete('t', 'a')
      put(engine, 't', 'b', 'two')
      const reached = await stage()
      expect(get(reached, 't', 'a')).toBeUndefined()
      expect(reached.count('t')).toBe(1)
      expect(keys(reached, 't')).toEqual(['b'])
    })

    promise('a group has one revision and answers a copy of each entry before', async (engine, stage) => {
      put(engine, 't', 'a', 'a0')
      put(engine, 'u', 'b', 'b0')
      const before = engine.revision
      const answers = engine.apply([
        { table: 't', key: 'a', value: value('a1') },
        { table: 'u', key: 'b', value: undefined },
        { table: 'u', key: 'missing', value: undefined },
        { table: 'new', key: 'c', value: value('c1') },
        { table: 't', key: 'a', value: value('a2') },
        { table: 'new', key: 'c', value: undefined },
      ])
      expect(answers.map((entry) => text(copy(entry)))).toEqual(['a0', 'b0', undefined, undefined, 'a1', 'c1'])
      expect(engine.revision).toBe(before + 1)
      const reached = await stage()
      expect(reached.revision).toBe(before + 1)
      expect(get(reached, 't', 'a')).toBe('a2')
      expect(reached.get('t', 'a')!.revision).toBe(before + 1)
      expect(get(reached, 'u', 'b')).toBeUndefined()
      expect(get(reached, 'new', 'c')).toBeUndefined()
    })

    promise('a group without writes has no revision', async (_engine, stage) => {
      const reached = await stage()
      const { revision } = reached
      expect(reached.apply([])).toEqual([])
      expect(reached.apply([{ table: 't', key: 'missing', value: undefined }])).toEqual([undefined])
      expect(reached.revision).toBe(revision)
      expect(reached.tables()).toEqual([])
    })

    promise('revisions grow and never repeat, whatever the table', async (engine, stage) => {
      const seen: number[] = []
      for (let round = 0; round < 20; round++) {
        put(engine, `t${round % 3}`, `k${round % 5}`, `v${round}`)
        seen.push(engine.revision)
      }
      const reached = await stage()
      put(reached, 't0', 'k', 'last')
      seen.push(reached.revision)
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
    })

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
      const { revision } = engine
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
      const before = reached.revision
      expect(reached.drop('t')).toBe(100)
      expect(reached.revision).toBe(before + 1)
      expect(reached.drop('t')).toBe(0)
      expect(reached.revision).toBe(before + 1)
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
      const since = engine.revision
      put(engine, 't', 'c', 'c1')
      put(engine, 'other', 'x', 'x1')
      put(engine, 't', 'a', 'a2')
      put(engine, 't', 'c', 'c2')
      engine.delete('t', 'b')
      const reached = await stage()
      const page = reached.changes('t', since, 100)!
      expect(page.changes.map(show)).toEqual([`a=a2 @${since + 3}`, `c=c2 @${since + 4}`, `b deleted @${since + 5}`])
      expect(page).toMatchObject({ upTo: reached.revision, complete: true })
      expect(reached.changes('t', reached.revision, 100)).toEqual({
        changes: [],
        upTo: reached.revision,
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
      const middle = Math.floor(reached.revision / 2)
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
      const since = engine.revision
      engine.drop('t')
      const dropped = engine.revision
      expect(engine.changes('t', since, 10)).toBeUndefined()
      expect(engine.changes('t', dropped, 10)).toEqual({ changes: [], upTo: dropped, complete: true })
      put(engine, 't', 'b', 'v')
      const reached = await stage()
      expect(reached.changes('t', since, 10)).toBeUndefined()
      expect(reached.changes('t', dropped, 10)!.changes.map(show)).toEqual([`b=v @${dropped + 1}`])
    })

    promise('everything becomes safe, and callbacks run in order and never within the call', async (engine) => {
      const calls: string[] = []
      const called = new Promise<void>((resolve) => {
        for (const name of ['first', 'second', 'third']) {
          put(engine, 't', name, name)
          const { revision } = engine
          engine.whenSafe(revision, (error) => {
            calls.push(error === undefined && engine.safeRevision >= revision ? name : `${name} too early`)
            if (name === 'third') resolve()
          })
        }
        expect(calls).toEqual([])
      })
      await called
      expect(calls).toEqual(['first', 'second', 'third'])
      expect(engine.safeRevision).toBe(engine.revision)
      let within = true
      const again = new Promise<void>((resolve) => {
        engine.whenSafe(1, () => {
          expect(within).toBe(false)
          resolve()
        })
      })
      within = false
      await again
    })

    promise('the epoch is 32 hex digits and lives as long as the store', async (engine, stage) => {
      expect(engine.epoch).toMatch(/^[0-9a-f]{32}$/)
      expect((await stage()).epoch).toBe(engine.epoch)
      const other = await place().open()
      whenOver(() => other.close())
      expect(other.epoch).not.toBe(engine.epoch)
    })

    promise('keys of 1024 bytes and names of any bytes', async (engine, stage) => {
      const long = 'k'.repeat(1023)
      const name = Array.from({ length: 255 }, (_, code) => String.fromCharCode(code + 1)).join('')
      put(engine, name, `${long}a`, 'a')
      put(engine, name, `${long}b`, 'b')
      const reached = await stage()
      expect(keys(reached, name)).toEqual([`${long}a`, `${long}b`])
      expect(get(reached, name, `${long}b`)).toBe('b')
    })

    test('a write to a store that was closed is refused', async () => {
      const engine = await place().open()
      put(engine, 't', 'k', 'v')
      await engine.close()
      expect(() => put(engine, 't', 'k', 'later')).toThrow('closed')
    })

    modelTest(place, settled)
  })
}

function sizeOf(entries: readonly RangeEntry[]): number {
  return entries.reduce((sum, { key, value: bytes }) => sum + key.length + bytes.length, 0)
}

/** Changes as text, those of one revision in the order of their keys: their own order means nothing. */
function shown(changes: readonly Change[]): string[] {
  const order = (a: Change, b: Change) => a.revision - b.revision || (a.key < b.key ? -1 : 1)
  return [...changes].sort(order).map(show)
}

function show({ key, revision, value: bytes }: Change): string {
  return bytes === undefined ? `${key} deleted @${revision}` : `${key}=${text(bytes)} @${revision}`
}
