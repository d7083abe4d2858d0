// A table of many entries of all sizes: its index is of many parts in several arrays, its cells of many buffers.

import { expect, test } from 'vitest'
import { hashOf } from '../../../../server/store/bytes/hash.ts'
import { MemoryEngine } from '../../../../server/store/memory/engine.ts'

const count = 300_000

/** What the entry of a number holds after so many rounds: of 0 to 300 bytes, now and then of thousands. */
function content(index: number, round: number): string {
  return `${round}`.padEnd(index % 1000 === 0 ? 9_000 + round : ((index + round) * 7) % 300, `${index} `)
}

test('a large table keeps every entry through changes of size, deletions and returns', () => {
  const engine = new MemoryEngine()
  const set = (index: number, round: number) => {
    const bytes = Buffer.from(content(index, round))
    engine.set('t', `key ${index}`, bytes, 0, bytes.length)
  }
  for (let index = 0; index < count; index++) set(index, 0)
  for (let index = 0; index < count; index += 2) set(index, 1)
  for (let index = 0; index < count; index += 3) engine.delete('t', `key ${index}`)
  for (let index = 0; index < count; index += 9) set(index, 2)
  let wrong = 0
  for (let index = 0; index < count; index++) {
    const round = index % 9 === 0 ? 2 : index % 3 === 0 ? undefined : index % 2 === 0 ? 1 : 0
    const expected = round === undefined ? undefined : content(index, round)
    const key = Buffer.from(`key ${index}`)
    const hash = hashOf(key, 0, key.length)
    if (index % 50 === 0)
      engine.warm(
        't',
        Int32Array.from({ length: 256 }, (_, at) => hash ^ (at << 24)),
        256,
      )
    const found = engine.lookup('t', key, 0, key.length, hash)
    if ((found && Buffer.from(found.bytes.slice(found.start, found.end)).toString()) !== expected) wrong++
  }
  expect(wrong).toBe(0)
  expect(engine.count('t')).toBe(count - Math.ceil(count / 3) + Math.ceil(count / 9))
}, 60_000)

test('entries whose hashes share their upper bits are found, and so are those that come after them', () => {
  const engine = new MemoryEngine()
  const key = Buffer.alloc(4)
  // Most hashes begin with five zeros, so that their part splits deeper than its neighbours, which split later.
  const hashes = Int32Array.from({ length: 500_000 }, (_, index) => {
    const mixed = Math.imul(index + 1, 0x9e37_79b1)
    return index < 200_000 ? mixed >>> 5 : mixed
  })
  hashes.forEach((hash, index) => {
    key.writeUInt32LE(index)
    engine.put('t', key, 0, 4, hash, key, 0, 4)
  })
  let wrong = 0
  hashes.forEach((hash, index) => {
    key.writeUInt32LE(index)
    const found = engine.lookup('t', key, 0, 4, hash)
    if (found === undefined || Buffer.compare(found.bytes.subarray(found.start, found.end), key) !== 0) wrong++
  })
  expect(wrong).toBe(0)
}, 60_000)
