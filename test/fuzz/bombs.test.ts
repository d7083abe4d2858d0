// Input that is small to send and large to take: gzip bombs of 200 kinds, and lengths that lie. The gateway, a process
// of its own, answers each with its exact code and hardly takes more memory.
import { readFileSync } from 'node:fs'
import { constants, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { defaultLimits } from '../../proto/limits.ts'
import { type SpawnedGateway, spawnGateway } from '../helpers/gateway.ts'
import { Random, runSeed } from '../helpers/random.ts'
import { converse, handshake, wsFrame } from '../helpers/raw-socket.ts'
import { dial, framed, request, type Wire } from '../helpers/wire.ts'
import { judge } from './oracle.ts'

const seed = runSeed()
const mebibyte = 1_048_576

/** The most memory that a process has had resident, in bytes, as the system knows it. */
function peakBytes({ process: { pid } }: SpawnedGateway): number {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kibibytes) * 1_024
}

/** A payload and 200 ways to make a bomb of something like it. */
function bombs(random: Random): [string, Buffer][] {
  const sizes = [100_000, mebibyte, mebibyte + 1, 4 * mebibyte, 64 * mebibyte]
  const kinds: [string, (size: number) => Buffer][] = [
    ['zeros', (size) => gzipSync(Buffer.alloc(size))],
    ['zeros, fixed codes', (size) => gzipSync(Buffer.alloc(size), { strategy: constants.Z_FIXED })],
    ['a pattern', (size) => gzipSync(Buffer.alloc(size, 'ab'))],
    [
      'a request within',
      (size) => gzipSync(request({ publish: { topic: 't', data: [{ binary: Buffer.alloc(size) }] } }).subarray(4)),
    ],
    ['empty elements', (size) => gzipSync(Buffer.alloc(size, Buffer.from('1200', 'hex')))],
    ['many members', (size) => Buffer.concat(Array(50).fill(gzipSync(Buffer.alloc(Math.floor(size / 50)))))],
    [
      'many empty members',
      (size) => Buffer.concat(Array(Math.min(40_000, Math.floor(size / 100))).fill(gzipSync(Buffer.alloc(0)))),
    ],
    ['truncated', (size) => cut(gzipSync(Buffer.alloc(size)), random)],
    ['a wrong checksum', (size) => changed(gzipSync(Buffer.alloc(size)), 8, random)],
    ['a length that is 0', (size) => declared(gzipSync(Buffer.alloc(size)), 0)],
    ['a length that is too small', (size) => declared(gzipSync(Buffer.alloc(size)), size - 1)],
    ['a length of 4 GiB', (size) => declared(gzipSync(Buffer.alloc(size)), 0xffffffff)],
    ['bad data in the middle', (size) => changed(gzipSync(Buffer.alloc(size)), 40, random)],
    ['gzip within gzip', (size) => gzipSync(gzipSync(Buffer.alloc(size)))],
    ['stored blocks', (size) => gzipSync(Buffer.alloc(Math.min(size, 1_040_000)), { level: 0 })],
    ['noise behind zeros', (size) => gzipSync(Buffer.concat([Buffer.alloc(size), random.bytes(100_000)]))],
    ['a long name', (size) => named(gzipSync(Buffer.alloc(size)), 200_000)],
    ['a name that does not end', (size) => named(gzipSync(Buffer.alloc(size)), 0)],
    ['bytes behind', (size) => Buffer.concat([gzipSync(Buffer.alloc(size)), random.bytes(1_000)])],
    ['zeros behind', (size) => Buffer.concat([gzipSync(Buffer.alloc(size)), Buffer.alloc(100_000)])],
  ]
  const all = kinds.flatMap(([name, make]) => sizes.map((size): [string, Buffer] => [`${name}, ${size}`, make(size)]))
  // And each with one bit wrong, somewhere.
  return [
    ...all,
    ...all.map(([name, bomb]): [string, Buffer] => [`${name}, damaged`, changed(bomb, bomb.length, random)]),
  ]
}

function cut(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, 20 + random.below(bytes.length - 20))
}

/** One bit wrong in the last `within` bytes. */
function changed(bytes: Buffer, within: number, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  copy[copy.length - 1 - random.below(within)]! ^= 1 << random.below(8)
  return copy
}

function declared(bytes: Buffer, length: number): Buffer {
  bytes.writeUInt32LE(length, bytes.length - 4)
  return bytes
}

/** A member with a name of so many bytes in its header; 0: one that does not end. */
function named(bytes: Buffer, length: number): Buffer {
  const head = Buffer.from(bytes.subarray(0, 10))
  head[3] = 8
  if (length === 0) return Buffer.concat([head, Buffer.alloc(1_000, 1)])
  return Buffer.concat([head, Buffer.alloc(length, 1), Buffer.alloc(1), bytes.subarray(10)])
}

test(`200 bombs take 64 MiB at the most (FUZZ_SEED=${seed})`, { timeout: 180_000 }, async () => {
  const all = bombs(new Random(seed))
  expect(all).toHaveLength(200)
  const gateway = await spawnGateway(['--store', 'memory'])
  const wsPort = Number(new URL(gateway.ws).port)
  // What large requests that are in order take is no surprise, and comes first.
  const wire = await dial.tcp(gateway.tcp.port)
  const inOrder = request({
    hset: { table: 't', pair: { key: 'k', value: { binary: Buffer.alloc(500_000, 'abcd') } } },
  })
  for (let time = 0; time < 30; time++) {
    wire.send(framed(gzipSync(inOrder.subarray(4)), true))
    expect(await wire.next(20_000)).toMatchObject({ status: 200 })
  }
  const before = peakBytes(gateway)
  const counted = new Map<number | undefined, number>()
  let next = 0

  async function work(): Promise<void> {
    while (next < all.length) {
      const index = next++
      const [name, bomb] = all[index]!
      const frame = framed(bomb, true)
      const { code } = judge(frame, defaultLimits)
      counted.set(code, (counted.get(code) ?? 0) + 1)
      // One that is in order after all is followed by something that is not.
      const stream = code === undefined ? Buffer.concat([frame, Buffer.from('000000010b', 'hex')]) : frame
      const sent = index % 2 === 0 ? stream : Buffer.concat([handshake(), wsFrame(stream)])
      const kind = index % 2 === 0 ? 'tcp' : 'ws'
      const end = await converse(kind === 'tcp' ? gateway.tcp.port : wsPort, sent, kind)
      const actual = kind === 'ws' ? end.code : closeStatus(end.data)
      if (actual !== (code ?? 4400))
        throw new Error(`${name} over ${kind}, FUZZ_SEED=${seed}: ${actual}, and not ${code ?? 4400}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
  const grown = (peakBytes(gateway) - before) / mebibyte
  const ends = [...counted].map(([code, count]) => `${code ?? 'in order'}: ${count}`).join(', ')
  console.log(`bombs: ${ends}; ${grown.toFixed(1)} MiB more at the most (FUZZ_SEED=${seed})`)
  expect(grown).toBeLessThan(64)
  expect(await wire.ask({ ping: {} })).toEqual({ status: 200 })
})

/** The status in the last response of a TCP stream: the two bytes behind its tag, as close codes have. */
function closeStatus(data: Buffer): number | undefined {
  let last: Buffer | undefined
  for (let at = 0; at + 4 <= data.length; ) {
    const end = at + 4 + (data.readUInt32BE(at) & 0x7fffffff)
    last = data.subarray(at + 4, end)
    at = end
  }
  return last?.[0] === 0x08 ? (last[1]! & 0x7f) | (last[2]! << 7) : undefined
}

test('a thousand connections that declare what does not come', { timeout: 120_000 }, async () => {
  const gateway = await spawnGateway(['--store', 'memory', '--frame-timeout-ms', '60000'])
  const wires: Wire[] = []
  for (let index = 0; index < 1_000; index++) {
    const wire = index % 2 === 0 ? await dial.ws(gateway.ws) : await dial.tcp(gateway.tcp.port)
    expect(await wire.ask({ ping: {} })).toEqual({ status: 200 })
    wires.push(wire)
  }
  const before = peakBytes(gateway)
  const grown = () => ((peakBytes(gateway) - before) / mebibyte).toFixed(1)
  // All the headers are read when another connection, served after them, has its answer.
  const settle = async () => {
    const other = await dial.ws(gateway.ws)
    for (let time = 0; time < 20; time++) expect(await other.ask({ ping: {} })).toEqual({ status: 200 })
  }
  for (const wire of wires) wire.send(Buffer.from('00100000', 'hex'))
  await settle()
  const declaring = grown()
  for (const wire of wires) wire.send(Buffer.alloc(1_000, 1))
  await settle()
  console.log(`lying lengths: 1,000 MiB declared: ${declaring} MiB more; after 1,000 bytes of each: ${grown()} MiB`)
  expect(Number(grown())).toBeLessThan(32)

  // One that declares more than allowed is refused at its header.
  const codes = await Promise.all(
    ['7fffffff', 'ffffffff', '00100001', '80100001'].map(async (header, index) => {
      const frame = Buffer.from(header, 'hex')
      const kind = index % 2 === 0 ? 'ws' : 'tcp'
      const sent = kind === 'ws' ? Buffer.concat([handshake(), wsFrame(frame)]) : frame
      const end = await converse(kind === 'ws' ? Number(new URL(gateway.ws).port) : gateway.tcp.port, sent, kind)
      return kind === 'ws' ? end.code : closeStatus(end.data)
    }),
  )
  expect(codes).toEqual([1009, 1009, 1009, 1009])
})
