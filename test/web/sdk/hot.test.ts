// The shortcut for plain gets and sets against the codec: the same bytes are written and the same is read, or it stands
// aside.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode, type Message, Writer } from '../../../proto/compact.ts'
import { hot } from '../../../web/sdk/hot.ts'
import type { Request } from '../../../web/sdk/messages.ts'
import { Call, type Effect } from '../../../web/sdk/pending.ts'

const numRuns = 5_000

function call(request: Request, effect: Effect, id: number, mutation: number): Call {
  const made = new Call(
    { request, effect },
    1_000,
    1_000,
    () => {},
    () => {},
  )
  made.id = id
  made.mutation = mutation
  return made
}

/** What the codec and the shortcut append for a call, behind what stands in the writer already. */
function written(made: Call, before = 0): { codec: Uint8Array; short: Uint8Array; length: number } {
  const codec = new Writer()
  const short = new Writer()
  for (const writer of [codec, short]) {
    writer.reserve(before)
    writer.length = before
  }
  codec.frame('CommandRequest', made.command.request, made.id, made.mutation)
  const length = hot.write(short, made)
  return { codec: codec.copy(), short: short.copy(), length }
}

const ascii = (maxLength: number) =>
  fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)), maxLength })
const anyText = (maxLength: number) =>
  fc.oneof({ weight: 4, arbitrary: ascii(maxLength) }, fc.string({ unit: 'grapheme', maxLength }))
const ids = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 32 - 1 }))
const numbers = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.maxSafeInteger().map((number) => Math.abs(number) || 1),
)
const values = fc.oneof(
  anyText(5_000).map((string) => ({ string })),
  anyText(300).map((json) => ({ json })),
  fc.constantFrom({}, { integer: 5 }, { bool: true }, { float: 0.5 }, { binary: Uint8Array.of(7) }),
)

/** Vitest's own comparison of thousands of bytes, thousands of times, takes half a minute: it is for the message alone. */
function expectEqual(bytes: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(bytes, expected) !== 0) expect(bytes).toEqual(expected)
}

/** Whether a call is written at all; then the codec writes the same, and else nothing is there. */
function isWrittenAlike(made: Parameters<typeof written>[0], before: number): boolean {
  const { codec, short, length } = written(made, before)
  if (length === 0) {
    expect(short.length).toBe(before)
    return false
  }
  expect(length).toBe(short.length - before - 4)
  expectEqual(short, codec)
  return true
}

test('a get is written as the codec writes it, or not at all', () => {
  let count = 0
  fc.assert(
    fc.property(anyText(200), anyText(200), ids, fc.nat(5_000), (table, key, id, before) => {
      if (isWrittenAlike(call({ hget: { table, key } }, 'read', id, 0), before)) count++
    }),
    { numRuns },
  )
  expect(count).toBeGreaterThan(numRuns / 4)
})

test('a set is written as the codec writes it, or not at all', () => {
  let count = 0
  fc.assert(
    fc.property(
      anyText(50),
      anyText(200),
      values,
      ids,
      numbers,
      fc.nat(5_000),
      (table, key, value, id, mutation, before) => {
        const made = call({ hset: { table, pair: { key, value } } }, 'write', id, mutation)
        if (isWrittenAlike(made, before)) count++
      },
    ),
    { numRuns },
  )
  expect(count).toBeGreaterThan(numRuns / 4)
})

test('every length at which a prefix grows is written as the codec writes it', () => {
  for (let size = 0; size < 300; size++) {
    const key = 'k'.repeat(size)
    const string = 'v'.repeat(size)
    for (const pair of [
      { key, value: { string: 'v' } },
      { key: 'k', value: { string } },
      { key: 'k', value: { string: string.repeat(8) } },
    ]) {
      const { codec, short, length } = written(call({ hset: { table: 't', pair } }, 'write', 300, 2 ** 40))
      expect(length).toBeGreaterThan(0)
      expectEqual(short, codec)
    }
    const { codec, short } = written(call({ hget: { table: 't', key } }, 'read', 2 ** 31, 0))
    expectEqual(short, codec)
  }
})

test('what says more than table, key and value of text is left to the codec', () => {
  const hset = { table: 't', pair: { key: 'k', value: { string: 'v' } } }
  const left: Request[] = [
    { hset: { ...hset, ifAbsent: true } },
    { hset: { ...hset, ttlMs: undefined } },
    { hset: { table: 't', pair: { key: 'k', value: { integer: 1 } } } },
    { hset: { table: 't', pair: { key: 'ü', value: { string: 'v' } } } },
    { hset: { table: 't', pair: { key: 'k', value: { string: `${'v'.repeat(40)}\u{1f511}` } } } },
    { hdel: { table: 't', key: 'k' } },
    { ping: {} },
  ]
  for (const request of left) expect(written(call(request, 'write', 1, 1)).length).toBe(0)
})

/** What the shortcut reads, as an object like the codec's. */
function read(bytes: Uint8Array, start = 0, end = bytes.length): Message | undefined {
  const response = hot.read(bytes, start, end)
  if (response === undefined) return undefined
  const { status, values, revision, id } = response
  return Object.fromEntries(Object.entries({ status, values, revision, id }).filter(([, value]) => value !== undefined))
}

/** What the codec reads, without the durability: the SDK asks no reply but the welcome for it. */
function decoded(bytes: Uint8Array, start?: number, end?: number): Message {
  const { durability, ...rest } = decode('CommandResponse', bytes, start, end)
  return rest
}

/** Half of them are plain, the others anything. */
const replies = fc.oneof(
  fc.record(
    {
      status: fc.constant(200),
      values: fc.array(
        fc.oneof(
          fc.constant({}),
          anyText(300).map((string) => ({ string })),
        ),
        { maxLength: 1 },
      ),
      durability: fc.integer({ min: 0, max: 2 }),
      revision: fc.integer({ min: 1, max: 2 ** 40 }),
      id: ids,
    },
    { requiredKeys: ['status', 'id'] },
  ),
  fc.record(
    {
      status: fc.constantFrom(200, 404, 409, 0),
      values: fc.array(values, { maxLength: 2 }),
      durability: fc.integer({ min: 0, max: 200 }),
      revision: numbers,
      id: ids,
      more: fc.constant(true),
    },
    { requiredKeys: ['status', 'id'] },
  ),
)

test('a reply is read as the codec reads it, or not at all', () => {
  let count = 0
  fc.assert(
    fc.property(replies, fc.nat(9), (reply, room) => {
      const { status, values, durability, revision, id, ...rest } = reply
      const encoded = encode('CommandResponse', { status, values, durability, revision, id, ...rest })
      // As it lies in a chunk, with other bytes around it.
      const bytes = new Uint8Array(encoded.length + 2 * room).fill(0x78)
      bytes.set(encoded, room)
      const end = room + encoded.length
      const short = read(bytes, room, end)
      if (short === undefined) return
      count++
      expect(short).toEqual(decoded(bytes, room, end))
    }),
    { numRuns },
  )
  expect(count).toBeGreaterThan(numRuns / 4)
})

test('a reply that is cut off or has any byte changed is read as the codec reads it, or not at all', () => {
  const whole = encode('CommandResponse', {
    status: 200,
    values: [{ string: 'a value of text' }],
    durability: 1,
    revision: 70_000,
    id: 200,
  })
  expect(read(whole)).toEqual({ status: 200, values: [{ string: 'a value of text' }], revision: 70_000, id: 200 })
  for (let end = 0; end < whole.length; end++) expect(read(whole, 0, end)).toBeUndefined()
  let count = 0
  for (let at = 0; at < whole.length; at++) {
    for (let byte = 0; byte < 256; byte++) {
      const bytes = whole.slice()
      bytes[at] = byte
      const short = read(bytes)
      if (short === undefined) continue
      count++
      expect(short).toEqual(decoded(bytes))
    }
  }
  expect(count).toBeGreaterThan(1_000)
})

test('no chunk lives for longer than it takes to read it', async () => {
  const reply = encode('CommandResponse', { status: 200, values: [{ string: 'x' }], id: 1 })
  const response = hot.read(reply, 0, reply.length)!
  expect(response.values).toEqual([{ string: 'x' }])
  await Promise.resolve()
  expect(response.values).not.toEqual([{ string: 'x' }])
})

test('numbers that are too long are left to the codec', () => {
  const reply = (...tail: number[]) => read(Uint8Array.of(0x08, 0xc8, 0x01, ...tail))
  expect(reply(0x78, 5)).toEqual({ status: 200, id: 5 })
  expect(reply(0x78, 0xff, 0xff, 0xff, 0xff, 0x0f)).toEqual({ status: 200, id: 2 ** 32 - 1 })
  expect(reply(0x78, 0xff, 0xff, 0xff, 0xff, 0x1f)).toBeUndefined()
  expect(reply(0x78, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01)).toBeUndefined()
  expect(reply(0x68, 0x80, 0x70, 0x78, 5)).toBeUndefined()
  expect(reply(0x70, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 0x78, 5)).toBeUndefined()
  expect(reply()).toBeUndefined()
})
