// Inflating what clients send: one member, whole and right, within its bound, and not too many at once.
import { gzipSync, type inflateRaw } from 'node:zlib'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { StreamError } from '../../../proto/status.ts'
import { contentOf } from '../../../server/connection/content.ts'
import { deflate, inflate } from '../../../server/connection/gzip.ts'
import { hex } from '../../helpers/bytes.ts'
import { Random } from '../../helpers/random.ts'
import { until } from '../../helpers/until.ts'

/** Inflations in the thread pool, as zlib sees them; while `hold` is set their results are kept back. */
const pool = vi.hoisted(() => ({ running: 0, most: 0, hold: undefined as (() => void)[] | undefined }))

vi.mock('node:zlib', async (original) => {
  const zlib = await original<typeof import('node:zlib')>()
  const counted = (bytes: Uint8Array, options: object, done: (...results: unknown[]) => void) => {
    pool.most = Math.max(pool.most, ++pool.running)
    zlib.inflateRaw(bytes, options, (...results) => {
      const settle = () => {
        pool.running--
        done(...results)
      }
      if (pool.hold === undefined) settle()
      else pool.hold.push(settle)
    })
  }
  return { ...zlib, inflateRaw: counted as unknown as typeof inflateRaw }
})

beforeEach(() => {
  pool.most = 0
  pool.hold = undefined
})

const megabyte = 1_048_576
const text = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(20))
const random = new Random(1)

/** The close code with which a payload is refused, or the inflated bytes. */
async function outcome(payload: Uint8Array, maxBytes = megabyte): Promise<number | Uint8Array> {
  try {
    return await inflate(payload, maxBytes)
  } catch (error) {
    if (error instanceof StreamError) return error.code
    throw error
  }
}

/** A gzip member with the given parts changed. */
function member(data: Buffer, change: { flags?: number; header?: Buffer; crc?: number; length?: number } = {}): Buffer {
  const plain = gzipSync(data)
  const head = Buffer.from(plain.subarray(0, 10))
  head[3] = change.flags ?? 0
  const tail = Buffer.from(plain.subarray(-8))
  if (change.crc !== undefined) tail.writeUInt32LE(change.crc, 0)
  if (change.length !== undefined) tail.writeUInt32LE(change.length, 4)
  return Buffer.concat([head, change.header ?? Buffer.alloc(0), plain.subarray(10, -8), tail])
}

describe('one member', () => {
  test.each([
    ['plain', member(text)],
    ['empty', member(Buffer.alloc(0))],
    ['with an extra field', member(text, { flags: 4, header: hex('0300 aabbcc') })],
    ['with an empty extra field', member(text, { flags: 4, header: hex('0000') })],
    ['with a name', member(text, { flags: 8, header: Buffer.from('a.txt\0') })],
    ['with a comment', member(text, { flags: 16, header: Buffer.from('hi\0') })],
    ['with a checksum of the header', member(text, { flags: 2, header: hex('0000') })],
    [
      'with all of them',
      member(text, { flags: 30, header: Buffer.concat([hex('0100 ff'), Buffer.from('n\0c\0'), hex('0000')]) }),
    ],
    ['marked as text', member(text, { flags: 1 })],
  ])('%s', async (name, payload) => {
    expect(await outcome(payload)).toEqual(name === 'empty' ? Buffer.alloc(0) : text)
  })

  test('of every compression level, small at once and large in the pool', async () => {
    for (const data of [text, Buffer.from(random.bytes(200_000))]) {
      for (let level = 0; level <= 9; level++) {
        const payload = gzipSync(data, { level })
        const result = inflate(payload, megabyte)
        expect(result instanceof Promise).toBe(payload.length > 65_536)
        expect(data.equals(await result)).toBe(true)
      }
    }
  })
})

describe('what is refused with 4400', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['the magic bytes alone', hex('1f8b')],
    ['a header alone', hex('1f8b0800000000000003')],
    ['no gzip', Buffer.alloc(40, 7)],
    ['zlib in place of gzip', Buffer.concat([hex('789c'), gzipSync(text).subarray(2)])],
    ['another method than deflate', Buffer.concat([hex('1f8b07'), gzipSync(text).subarray(3)])],
    ['reserved flags', member(text, { flags: 0x20 })],
    ['two members', Buffer.concat([member(text), member(text)])],
    ['many empty members', Buffer.concat(Array(500).fill(member(Buffer.alloc(0))))],
    ['a byte behind it', Buffer.concat([member(text), hex('00')])],
    ['zeros behind it', Buffer.concat([member(text), Buffer.alloc(512)])],
    ['a wrong checksum', member(text, { crc: 1 })],
    ['a length that is too small', member(text, { length: 1 })],
    ['a length that is too large', member(text, { length: text.length + 1 })],
    ['an extra field that is longer than all', member(text, { flags: 4, header: hex('ffff') })],
    ['a name that does not end', Buffer.concat([hex('1f8b0808000000000003'), Buffer.alloc(60, 0x61)])],
    ['deflate of a reserved kind', Buffer.concat([hex('1f8b0800000000000003 07'), Buffer.alloc(20)])],
  ])('%s', async (_name, payload) => {
    expect(await outcome(payload)).toBe(4400)
  })

  test('a member that is cut off at any byte', async () => {
    const whole = member(text)
    for (let end = 0; end < whole.length; end++) {
      // What looks like a length in the middle of the data may be over the bound.
      expect([4400, 1009]).toContain(await outcome(whole.subarray(0, end)))
    }
  })

  test('the same in the thread pool', async () => {
    const whole = gzipSync(random.bytes(200_000), { level: 0 })
    const changed = (at: number) => {
      const copy = Buffer.from(whole)
      copy[copy.length - at]! ^= 1
      return copy
    }
    expect(await outcome(changed(8))).toBe(4400)
    expect(await outcome(changed(4))).toBe(4400)
    expect(await outcome(changed(100_000))).toBe(4400)
    expect(await outcome(Buffer.concat([whole, member(text)]))).toBe(4400)
  })
})

describe('the bound', () => {
  test('is kept to the byte', async () => {
    expect(await outcome(gzipSync(Buffer.alloc(10_000)), 10_000)).toHaveLength(10_000)
    expect(await outcome(gzipSync(Buffer.alloc(10_001)), 10_000)).toBe(1009)
  })

  test('holds for a declared length before anything is inflated', async () => {
    expect(await outcome(member(text, { length: 0xffffffff }))).toBe(1009)
  })

  test('holds for a length that lies', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * megabyte))
    expect(bomb.length).toBeLessThan(70_000)
    bomb.writeUInt32LE(1_000, bomb.length - 4)
    const before = process.memoryUsage().arrayBuffers
    expect(await outcome(bomb)).toBe(1009)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * megabyte)
  })
})

describe('at most four inflations at once', () => {
  const large = gzipSync(random.bytes(100_000), { level: 0 })

  test('however many come', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => outcome(large)))
    expect(all.every((result) => result instanceof Uint8Array)).toBe(true)
    expect(pool.most).toBe(4)
    expect(pool.running).toBe(0)
  })

  test('also when one comes just as another ends, and when some fail', async () => {
    const held: (() => void)[] = []
    pool.hold = held
    const broken = Buffer.concat([large, hex('00')])
    const first = Array.from({ length: 6 }, (_none, index) => outcome(index % 2 ? broken : large))
    await until('four inflations done, their results held', () => held.length === 4)
    const later: Promise<unknown>[] = []
    pool.hold = undefined
    // One ends; before whoever waits goes on, another comes.
    held[0]!()
    later.push(outcome(large))
    await Promise.resolve().then(() => later.push(outcome(large)))
    for (const settle of held.slice(1)) settle()
    await Promise.all([...first, ...later])
    expect(pool.most).toBe(4)
    expect(pool.running).toBe(0)
  })
})

test('what does not shrink is not compressed', async () => {
  expect(await deflate(random.bytes(2_000))).toBeUndefined()
  expect(await deflate(random.bytes(100_000))).toBeUndefined()
  for (const size of [2_000, 100_000]) {
    const compressed = (await deflate(Buffer.alloc(size)))!
    expect(compressed.length).toBeLessThan(size / 10)
    expect(await outcome(compressed)).toHaveLength(size)
  }
})

/** A page of values with their keys and tags, as it lies in a reply. */
function page(count: number, value: (index: number) => Uint8Array): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, index) => {
      const key = Buffer.from(`user${String(index).padStart(12, '0')}`)
      return Buffer.concat([Buffer.from([0x22, 0xfe, 7, 0x0a, 16]), key, Buffer.from([0x12, 0xe8, 7]), value(index)])
    }),
  )
}

async function inflated(payload: Uint8Array): Promise<Uint8Array> {
  return await inflate(payload, megabyte)
}

describe('what compression would gain is known before', () => {
  const jpeg = random.bytes(1_000)
  const line = (index: number) => Buffer.from(`{"id":${index},"done":${index % 3 === 0},"at":${random.below(1e9)}}\n`)
  const printable = () => random.bytes(1_000).map((byte) => 0x20 + Math.floor((byte * 95) / 256))

  test.each<[string, ReturnType<typeof contentOf>, Uint8Array]>([
    ['random bytes', 'random', random.bytes(1_500)],
    ['many random bytes', 'random', random.bytes(1_000_000)],
    ['what is compressed already', 'random', gzipSync(Buffer.concat(Array.from({ length: 4_000 }, (_, n) => line(n))))],
    ['a page of random values', 'random', page(60, () => random.bytes(1_000))],
    ['a page of random characters', 'unrepeated', page(60, printable)],
    ['random bytes as base64', 'unrepeated', Buffer.from(Buffer.from(random.bytes(30_000)).toString('base64'))],
    ['few random characters', 'repeated', printable()],
    ['text', 'repeated', text],
    ['lines of JSON', 'repeated', Buffer.concat(Array.from({ length: 1_000 }, (_, n) => line(n)))],
    ['one random value many times', 'repeated', page(60, () => jpeg)],
    ['a random value now and then', 'repeated', page(60, (index) => (index % 10 === 0 ? jpeg : random.bytes(1_000)))],
    [
      'a long random value before lines of JSON',
      'repeated',
      Buffer.concat([random.bytes(30_000), ...Array.from({ length: 1_000 }, (_, n) => line(n))]),
    ],
    ['half random, half zeros', 'repeated', Buffer.concat([random.bytes(2_000), Buffer.alloc(2_000)])],
    ['doubles', 'repeated', Buffer.from(Float64Array.from({ length: 500 }, () => random.below(1000) / 10).buffer)],
  ])('%s: %s', async (_, content, bytes) => {
    expect(contentOf(bytes)).toBe(content)
    const best = Math.min(bytes.length, gzipSync(bytes, { level: 1 }).length)
    const compressed = await deflate(bytes)
    // What is given away is next to nothing.
    expect((compressed ?? bytes).length).toBeLessThan(1.02 * best)
    if (compressed !== undefined) expect(Buffer.compare(await inflated(compressed), bytes)).toBe(0)
  })
})
