// Frames out of bytes: at every cut, without copies that need not be, without memory for what is only declared.
import { describe, expect, test } from 'vitest'
import { FrameDecoder, frame, headerBytes, writeHeader } from '../../proto/frame.ts'
import { StreamError } from '../../proto/status.ts'
import { bytewise, everySplit, hex, randomly } from '../helpers/bytes.ts'
import { Random, runSeed } from '../helpers/random.ts'

const seed = runSeed()
const megabyte = 1_048_576

interface Read {
  readonly payload: string
  readonly gzip: boolean
}

/** What the chunks hold, payloads as hex. */
function read(chunks: readonly Uint8Array[], maxFrameBytes = megabyte): Read[] {
  const decoder = new FrameDecoder(maxFrameBytes)
  const frames: Read[] = []
  for (const chunk of chunks) {
    decoder.push(chunk)
    while (decoder.next()) {
      const payload = Buffer.from(decoder.bytes.subarray(decoder.start, decoder.end)).toString('hex')
      frames.push({ payload, gzip: decoder.gzip })
    }
  }
  return frames
}

const cases: Record<string, { bytes: Buffer; frames: Read[] }> = {
  'one payload': { bytes: hex('00000003 a1b2c3'), frames: [{ payload: 'a1b2c3', gzip: false }] },
  'no payload': { bytes: hex('00000000'), frames: [{ payload: '', gzip: false }] },
  'no payload, said to be gzip': { bytes: hex('80000000'), frames: [{ payload: '', gzip: true }] },
  'a gzip payload': { bytes: hex('80000002 1f8b'), frames: [{ payload: '1f8b', gzip: true }] },
  'three in a row, the middle one empty': {
    bytes: hex('00000001 ff  00000000  80000002 0000'),
    frames: [
      { payload: 'ff', gzip: false },
      { payload: '', gzip: false },
      { payload: '0000', gzip: true },
    ],
  },
  'a length of two bytes': {
    bytes: Buffer.concat([hex('00000102'), Buffer.alloc(258, 7)]),
    frames: [{ payload: '07'.repeat(258), gzip: false }],
  },
  'payloads that look like headers': {
    bytes: hex('00000004 00000004  00000004 80000000'),
    frames: [
      { payload: '00000004', gzip: false },
      { payload: '80000000', gzip: false },
    ],
  },
}

describe.each(Object.entries(cases))('%s', (_name, { bytes, frames }) => {
  test('whole', () => expect(read([bytes])).toEqual(frames))

  test('cut in two at every place', () => {
    for (const chunks of everySplit(bytes)) expect(read(chunks)).toEqual(frames)
  })

  test('byte by byte', () => expect(read(bytewise(bytes))).toEqual(frames))

  test('several times in one chunk', () => {
    expect(read([Buffer.concat([bytes, bytes, bytes])])).toEqual([...frames, ...frames, ...frames])
  })

  test(`cut at random (seed ${seed})`, () => {
    const random = new Random(seed)
    const many = Buffer.concat(Array(50).fill(bytes))
    const chunks = randomly(many, random, 1 + random.below(3 * bytes.length))
    expect(read(chunks)).toEqual(Array(50).fill(frames).flat())
  })
})

test('an empty chunk changes nothing', () => {
  const none = new Uint8Array(0)
  expect(read([none, hex('0000'), none, hex('0002 aa'), none, hex('bb'), none])).toEqual([
    { payload: 'aabb', gzip: false },
  ])
})

test('a payload within one chunk is a view on it', () => {
  const chunk = Buffer.concat([frame(hex('0102')), frame(hex('030405'))])
  const decoder = new FrameDecoder(megabyte)
  decoder.push(chunk)
  for (const [start, end] of [
    [4, 6],
    [10, 13],
  ]) {
    expect(decoder.next()).toBe(true)
    expect([decoder.bytes, decoder.start, decoder.end]).toEqual([chunk, start, end])
    expect(decoder.bytes.buffer).toBe(chunk.buffer)
  }
  expect(decoder.next()).toBe(false)
})

test('a payload over two chunks is a copy, which the first chunk may no longer change', () => {
  const decoder = new FrameDecoder(megabyte)
  const first = hex('00000003 0a')
  decoder.push(first)
  expect(decoder.next()).toBe(false)
  first.fill(0xee)
  decoder.push(hex('0b0c 00000001'))
  expect(decoder.next()).toBe(true)
  expect(decoder.bytes.subarray(decoder.start, decoder.end)).toEqual(new Uint8Array([10, 11, 12]))
  const kept = decoder.bytes
  expect(decoder.next()).toBe(false)
  decoder.push(hex('ff'))
  expect(decoder.next()).toBe(true)
  // What was handed out is not reused for the next frame.
  expect(kept.subarray(4, 7)).toEqual(new Uint8Array([10, 11, 12]))
})

test('whether a frame has begun is known', () => {
  const decoder = new FrameDecoder(megabyte)
  const states = bytewise(hex('00000001 aa')).map((chunk) => {
    decoder.push(chunk)
    decoder.next()
    return decoder.unfinished
  })
  expect(states).toEqual([true, true, true, true, false])
})

describe('a length over the limit', () => {
  const refused = (chunks: readonly Uint8Array[], limit: number) => {
    try {
      read(chunks, limit)
    } catch (error) {
      return error instanceof StreamError ? error.code : error
    }
    return undefined
  }

  test('is refused when its header is there, before any of its payload', () => {
    expect(refused([hex('00000401')], 1_024)).toBe(1009)
    expect(refused([hex('7fffffff')], 1_024)).toBe(1009)
    expect(refused([hex('ffffffff')], 1_024)).toBe(1009)
    expect(refused(bytewise(hex('80000401')), 1_024)).toBe(1009)
    expect(refused([hex('000004')], 1_024)).toBeUndefined()
  })

  test('is refused behind frames that are in order', () => {
    const decoder = new FrameDecoder(1_024)
    decoder.push(hex('00000001 aa 00000401'))
    expect(decoder.next()).toBe(true)
    expect(() => decoder.next()).toThrow(StreamError)
  })

  test('begins one byte past it', () => {
    expect(read([frame(new Uint8Array(1_024))], 1_024)).toHaveLength(1)
    expect(refused([frame(new Uint8Array(1_025))], 1_024)).toBe(1009)
  })
})

test('memory grows with what has arrived, not with what was declared', () => {
  const header = new Uint8Array(headerBytes)
  writeHeader(header, 0, megabyte, false)
  const before = process.memoryUsage().arrayBuffers
  const decoders = Array.from({ length: 1_000 }, () => new FrameDecoder(megabyte))
  const feed = (chunk: Uint8Array) => {
    for (const decoder of decoders) {
      decoder.push(chunk)
      expect(decoder.next()).toBe(false)
    }
    return process.memoryUsage().arrayBuffers - before
  }
  // 1,000 MiB are declared, and then a thousandth of it comes.
  expect(feed(header)).toBeLessThan(1_000_000)
  expect(feed(new Uint8Array(1_000))).toBeLessThan(4_000_000)
})

test('a large frame in small chunks comes out whole', () => {
  const random = new Random(seed)
  const payload = random.bytes(300_000)
  expect(read(randomly(frame(payload, true), random, 3_000))).toEqual([
    { payload: Buffer.from(payload).toString('hex'), gzip: true },
  ])
})

test('a header is 31 bits of length behind the bit for gzip', () => {
  const at = (length: number, gzip: boolean) => {
    const bytes = new Uint8Array(6)
    writeHeader(bytes, 1, length, gzip)
    return Buffer.from(bytes).toString('hex')
  }
  expect(at(0, false)).toBe('000000000000')
  expect(at(0x12345678, false)).toBe('001234567800')
  expect(at(0x7fffffff, true)).toBe('00ffffffff00')
  expect(Buffer.from(frame(hex('aa'), true)).toString('hex')).toBe('80000001aa')
})
