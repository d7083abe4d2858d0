// The contract of single entries and of groups of writes: what is set is there, what is deleted is not.
import assert from 'node:assert/strict'
import { hashOf } from '../store/bytes/hash.ts'
import { longestKeyBytes } from '../store/engine.ts'
import { copy, get, keys, put, text, value } from './place.ts'
import type { Contract } from './stages.ts'

export function entriesContract({ promise }: Contract): void {
  promise('an entry is what was last set, and the previous one is answered', async (engine, stage) => {
    assert.equal(put(engine, 't', 'a', 'one'), undefined)
    const first = engine.revisionOf('t')
    assert.equal(put(engine, 't', 'a', 'two'), 'one')
    assert.ok(engine.revisionOf('t') > first)
    const reached = await stage()
    assert.equal(get(reached, 't', 'a'), 'two')
    assert.equal(reached.get('t', 'a')!.revision, engine.revisionOf('t'))
    assert.equal(put(reached, 't', 'a', 'three'), 'two')
    assert.equal(get(reached, 't', 'b'), undefined)
    assert.equal(get(reached, 'u', 'a'), undefined)
  })

  promise('keys of 1 to 1900 bytes are taken, and others refused by name', async (_engine, stage) => {
    const reached = await stage()
    const long = 'k'.repeat(longestKeyBytes + 1)
    for (const [key, refusal] of [
      [long, /a key of 1901 bytes: 1 to 1900 can be stored/],
      ['', /a key of 0 bytes/],
    ] as const) {
      assert.throws(() => put(reached, 't', key, 'v'), refusal)
      const writes = ['before', key].map((name) => ({ table: 't', key: name, value: value('v') }))
      assert.throws(() => reached.apply(writes), refusal)
    }
    assert.deepEqual(keys(reached, 't'), [], 'a group that is refused has no effect')
    assert.equal(get(reached, 't', long), undefined)
    assert.equal(reached.delete('t', long), undefined)
    assert.equal(put(reached, 't', 'k'.repeat(longestKeyBytes), 'v'), undefined)
  })

  promise('a key given as bytes is the key given as text, to an engine with direct access', async (engine, stage) => {
    if (engine.direct === undefined) return
    const bytes = Buffer.from('..a keykey\xffvalue..', 'latin1')
    const hash = hashOf(bytes, 2, 7)
    assert.equal(engine.direct!.put('t', bytes, 2, 7, hash, bytes, 11, 16), undefined)
    assert.equal(engine.direct!.put('t', bytes, 7, 11, hashOf(bytes, 7, 11), bytes, 11, 16), undefined)
    assert.equal(text(copy(engine.direct!.put('t', bytes, 2, 7, hash, bytes, 11, 14))), 'value')
    bytes.fill(0, 11, 16)
    const reached = await stage()
    assert.equal(get(reached, 't', 'a key'), 'val')
    assert.equal(get(reached, 't', 'key\xff'), 'value')
    reached.direct!.warm('t', Int32Array.of(hash, 1, 2, 3, 4), 5)
    reached.direct!.warm('u', Int32Array.of(hash), 1)
    assert.equal(text(copy(reached.direct!.lookup('t', bytes, 2, 7, hash))), 'val')
    assert.equal(reached.direct!.lookup('t', bytes, 2, 6, hashOf(bytes, 2, 6)), undefined)
    assert.equal(reached.direct!.lookup('u', bytes, 2, 7, hash), undefined)
    const long = Buffer.alloc(longestKeyBytes + 1)
    assert.throws(() => reached.direct!.put('t', long, 0, long.length, 0, bytes, 0, 1), /can be stored/)
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
        assert.equal(get(reached, 'many', `key ${index}`), expected)
    }
    assert.equal(reached.count('many'), count / 2 + count / 8)
  })

  promise('a value is copied: what happens to the bytes afterwards does not matter', async (engine, stage) => {
    const bytes = value('..before..')
    engine.set('t', 'k', bytes, 2, 8)
    engine.apply([{ table: 't', key: 'l', value: bytes }])
    bytes.fill(7)
    const reached = await stage()
    assert.equal(get(reached, 't', 'k'), 'before')
    assert.equal(get(reached, 't', 'l'), '..before..')
  })

  promise('values of any size up to 512 KiB come back byte for byte', async (engine, stage) => {
    const sizes = [0, 1, 15, 16, 17, 255, 4095, 4096, 4097, 65_536, 524_288]
    const made = new Map(sizes.map((size) => [size, Buffer.alloc(size, size % 251)]))
    for (const [size, bytes] of made) engine.set('sizes', `size ${size}`, bytes, 0, size)
    const reached = await stage()
    for (const [size, bytes] of made) {
      const entry = reached.get('sizes', `size ${size}`)!
      assert.equal(Buffer.compare(Buffer.from(entry.bytes.slice(entry.start, entry.end)), bytes), 0)
    }
    // A smaller value in the place of a large one, and the other way round.
    engine = reached
    engine.set('sizes', 'size 524288', value('small'), 0, 5)
    engine.set('sizes', 'size 1', made.get(65_536)!, 0, 65_536)
    assert.equal(get(engine, 'sizes', 'size 524288'), 'small')
    assert.equal(engine.get('sizes', 'size 1')!.end - engine.get('sizes', 'size 1')!.start, 65_536)
  })

  promise('a delete answers the entry, and of a missing key it is no write', async (engine, stage) => {
    put(engine, 't', 'a', 'one')
    put(engine, 't', 'b', 'two')
    const reached = await stage()
    assert.equal(text(copy(reached.delete('t', 'a'))), 'one')
    const revision = reached.revisionOf('t')
    assert.equal(reached.delete('t', 'a'), undefined)
    assert.equal(reached.delete('t', 'never'), undefined)
    assert.equal(reached.delete('nowhere', 'a'), undefined)
    assert.equal(reached.revisionOf('t'), revision)
    assert.equal(get(reached, 't', 'a'), undefined)
    assert.deepEqual(keys(reached, 't'), ['b'])
    assert.equal(put(reached, 't', 'a', 'again'), undefined)
    assert.equal(reached.count('t'), 2)
  })

  promise('a deleted entry stays deleted', async (engine, stage) => {
    put(engine, 't', 'a', 'one')
    engine.delete('t', 'a')
    put(engine, 't', 'b', 'two')
    const reached = await stage()
    assert.equal(get(reached, 't', 'a'), undefined)
    assert.equal(reached.count('t'), 1)
    assert.deepEqual(keys(reached, 't'), ['b'])
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
    assert.deepEqual(
      answers.map((entry) => text(copy(entry))),
      ['a0', 'b0', undefined, undefined, 'a1', 'c1'],
    )
    assert.equal(engine.revisionOf('t'), before + 1)
    const reached = await stage()
    assert.equal(reached.revisionOf('t'), before + 1)
    assert.equal(get(reached, 't', 'a'), 'a2')
    assert.equal(reached.get('t', 'a')!.revision, before + 1)
    assert.equal(get(reached, 'u', 'b'), undefined)
    assert.equal(get(reached, 'new', 'c'), undefined)
  })

  promise('a group without writes has no revision', async (_engine, stage) => {
    const reached = await stage()
    const revision = reached.revisionOf('t')
    assert.deepEqual(reached.apply([]), [])
    assert.deepEqual(reached.apply([{ table: 't', key: 'missing', value: undefined }]), [undefined])
    assert.equal(reached.revisionOf('t'), revision)
    assert.deepEqual(reached.tables(), [])
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
    assert.deepEqual(
      seen,
      [...new Set(seen)].sort((a, b) => a - b),
    )
  })

  promise('keys of 1024 bytes and names of any bytes', async (engine, stage) => {
    const long = 'k'.repeat(1023)
    const name = Array.from({ length: 255 }, (_, code) => String.fromCharCode(code + 1)).join('')
    put(engine, name, `${long}a`, 'a')
    put(engine, name, `${long}b`, 'b')
    const reached = await stage()
    assert.deepEqual(keys(reached, name), [`${long}a`, `${long}b`])
    assert.equal(get(reached, name, `${long}b`), 'b')
  })
}
