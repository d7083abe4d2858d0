// The contract of single entries and of groups of writes: what is set is there, what is deleted is not.
import { expect } from 'vitest'
import { hashOf } from '../../server/store/bytes/hash.ts'
import { longestKeyBytes } from '../../server/store/engine.ts'
import { copy, get, keys, put, text, value } from './place.ts'
import type { Contract } from './stages.ts'

export function entriesContract({ promise }: Contract): void {
  promise('an entry is what was last set, and the previous one is answered', async (engine, stage) => {
    expect(put(engine, 't', 'a', 'one')).toBeUndefined()
    const first = engine.revisionOf('t')
    expect(put(engine, 't', 'a', 'two')).toBe('one')
    expect(engine.revisionOf('t')).toBeGreaterThan(first)
    const reached = await stage()
    expect(get(reached, 't', 'a')).toBe('two')
    expect(reached.get('t', 'a')!.revision).toBe(engine.revisionOf('t'))
    expect(put(reached, 't', 'a', 'three')).toBe('two')
    expect(get(reached, 't', 'b')).toBeUndefined()
    expect(get(reached, 'u', 'a')).toBeUndefined()
  })

  promise('a key given as bytes is the key given as text', async (engine, stage) => {
    if (engine.direct === undefined) return
    const bytes = Buffer.from('..a keykey\xffvalue..', 'latin1')
    const hash = hashOf(bytes, 2, 7)
    expect(engine.direct!.put('t', bytes, 2, 7, hash, bytes, 11, 16)).toBeUndefined()
    expect(engine.direct!.put('t', bytes, 7, 11, hashOf(bytes, 7, 11), bytes, 11, 16)).toBeUndefined()
    expect(text(copy(engine.direct!.put('t', bytes, 2, 7, hash, bytes, 11, 14)))).toBe('value')
    bytes.fill(0, 11, 16)
    const reached = await stage()
    expect(get(reached, 't', 'a key')).toBe('val')
    expect(get(reached, 't', 'key\xff')).toBe('value')
    reached.direct!.warm('t', Int32Array.of(hash, 1, 2, 3, 4), 5)
    reached.direct!.warm('u', Int32Array.of(hash), 1)
    expect(text(copy(reached.direct!.lookup('t', bytes, 2, 7, hash)))).toBe('val')
    expect(reached.direct!.lookup('t', bytes, 2, 6, hashOf(bytes, 2, 6))).toBeUndefined()
    expect(reached.direct!.lookup('u', bytes, 2, 7, hash)).toBeUndefined()
    const long = Buffer.alloc(longestKeyBytes + 1)
    expect(() => reached.direct!.put('t', long, 0, long.length, 0, bytes, 0, 1)).toThrow('can be stored')
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
      if (get(reached, 'many', `key ${index}`) !== expected) expect(get(reached, 'many', `key ${index}`)).toBe(expected)
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
    const revision = reached.revisionOf('t')
    expect(reached.delete('t', 'a')).toBeUndefined()
    expect(reached.delete('t', 'never')).toBeUndefined()
    expect(reached.delete('nowhere', 'a')).toBeUndefined()
    expect(reached.revisionOf('t')).toBe(revision)
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
    const before = engine.revisionOf('t')
    const answers = engine.apply([
      { table: 't', key: 'a', value: value('a1') },
      { table: 'u', key: 'b', value: undefined },
      { table: 'u', key: 'missing', value: undefined },
      { table: 'new', key: 'c', value: value('c1') },
      { table: 't', key: 'a', value: value('a2') },
      { table: 'new', key: 'c', value: undefined },
    ])
    expect(answers.map((entry) => text(copy(entry)))).toEqual(['a0', 'b0', undefined, undefined, 'a1', 'c1'])
    expect(engine.revisionOf('t')).toBe(before + 1)
    const reached = await stage()
    expect(reached.revisionOf('t')).toBe(before + 1)
    expect(get(reached, 't', 'a')).toBe('a2')
    expect(reached.get('t', 'a')!.revision).toBe(before + 1)
    expect(get(reached, 'u', 'b')).toBeUndefined()
    expect(get(reached, 'new', 'c')).toBeUndefined()
  })

  promise('a group without writes has no revision', async (_engine, stage) => {
    const reached = await stage()
    const revision = reached.revisionOf('t')
    expect(reached.apply([])).toEqual([])
    expect(reached.apply([{ table: 't', key: 'missing', value: undefined }])).toEqual([undefined])
    expect(reached.revisionOf('t')).toBe(revision)
    expect(reached.tables()).toEqual([])
  })

  promise('revisions grow and never repeat, whatever the table', async (engine, stage) => {
    const seen: number[] = []
    for (let round = 0; round < 20; round++) {
      put(engine, `t${round % 3}`, `k${round % 5}`, `v${round}`)
      seen.push(engine.revisionOf('t'))
    }
    const reached = await stage()
    put(reached, 't0', 'k', 'last')
    seen.push(reached.revisionOf('t'))
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
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
}
