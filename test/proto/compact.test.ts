// The SDK's codec against protobufjs on the same schema: random messages both ways, the edges of each type, and
// malformed input.
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import Long from 'long'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { decode, encode, type Message, Writer } from '../../proto/compact.ts'
import type { Field } from '../../proto/fields.ts'
import { FrameDecoder } from '../../proto/frame.ts'
import { tables } from '../../proto/gen/tables.ts'
import { StreamError } from '../../proto/status.ts'

const root = new protobuf.Root().loadSync(fileURLToPath(new URL('../../proto/kv.proto', import.meta.url)))
const reference = (name: string) => root.lookupType(`abi.${name}`)
const names = Object.keys(tables)

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  s: fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ minLength: 100, maxLength: 300 })),
  b: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 126, maxLength: 130 })),
  u: fc.oneof(fc.nat(0x7fff_ffff), fc.constantFrom(0, 1, 127, 128, 0xffff_ffff)),
  U: fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs)),
  i: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((integer) => {
    const number = Number(integer)
    return Number.isSafeInteger(number) ? number : integer
  }),
  d: fc.double(),
  t: fc.boolean(),
}

/** A default is the same as absence outside of a oneof, and protobufjs drops it. */
const isDefault = (value: unknown) => value === 0 || value === '' || value === false || Object.is(value, -0)
const isEmptyBytes = (value: unknown) => value instanceof Uint8Array && value.length === 0

const spread = (message: object) => ({ ...message })

/** Any message of a type. */
function messages(name: string): fc.Arbitrary<Message> {
  const field = ([, fieldName, type, form]: Field): fc.Arbitrary<unknown> => {
    // An enum, which the tables have as a uint32.
    const enums: Record<string, number> = { durability: 2, phase: 5 }
    const one = fieldName in enums ? fc.nat(enums[fieldName]!) : (scalars[type] ?? messages(type))
    if (form === 1) return fc.array(one, { minLength: 1, maxLength: 5 })
    return form === 2 && name === 'Value' ? one : one.filter((value) => !isDefault(value) && !isEmptyBytes(value))
  }
  const record = (some: readonly Field[]) =>
    fc.record(Object.fromEntries(some.map((one) => [one[1], field(one)])), { requiredKeys: [] }).map(spread)
  const fields = tables[name]!
  const members = fields.filter((one) => one[3] === 2).map((one) => record([one]))
  if (members.length === 0) return record(fields)
  return fc.tuple(fc.oneof(...members), record(fields.filter((one) => one[3] !== 2))).map(([a, b]) => ({ ...a, ...b }))
}

/** A message as protobufjs wants or gives it, with its Long as a number or a bigint and its bytes as Uint8Array. */
function mapped(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, change))
  const leaf = change(value)
  if (leaf !== value || typeof value !== 'object' || value === null || value instanceof Uint8Array) return leaf
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapped(one, change)]))
}

const toLong = (leaf: unknown) => (typeof leaf === 'bigint' ? Long.fromString(String(leaf)) : leaf)
function fromLong(leaf: unknown): unknown {
  if (leaf instanceof Uint8Array) return new Uint8Array(leaf)
  if (!Long.isLong(leaf)) return leaf
  const integer = BigInt(leaf.toString())
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
}

const anyMessage = fc.constantFrom(...names).chain((name) => messages(name).map((message) => ({ name, message })))

test('what it writes protobufjs reads', async () => {
  const property = fc.property(anyMessage, ({ name, message }) => {
    const type = reference(name)
    expect(mapped(type.toObject(type.decode(encode(name, message))), fromLong)).toEqual(message)
  })
  await fc.assert(property, { numRuns: 1000 })
})

test('what protobufjs writes it reads', async () => {
  const property = fc.property(anyMessage, ({ name, message }) => {
    const bytes = reference(name)
      .encode(mapped(message, toLong) as Message)
      .finish()
    expect(decode(name, bytes)).toEqual(message)
  })
  await fc.assert(property, { numRuns: 1000 })
})

test('many messages share one buffer, each behind its header', async () => {
  const property = fc.property(fc.array(messages('CommandRequest'), { maxLength: 30 }), fc.nat(200), (all, cut) => {
    const writer = new Writer()
    for (const message of all) writer.frame('CommandRequest', message)
    const bytes = writer.copy()
    const frames = new FrameDecoder(2 ** 20)
    const read: Message[] = []
    for (const chunk of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
      frames.push(chunk)
      while (frames.next()) read.push(decode('CommandRequest', frames.bytes, frames.start, frames.end))
    }
    expect(read).toEqual(all)
  })
  await fc.assert(property, { numRuns: 200 })
})

test('integers are exact over the whole 64-bit range', () => {
  const edges = [0n, 1n, -1n, 127n, 128n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, -(2n ** 32n), 2n ** 53n - 1n, 2n ** 53n]
  const far = [2n ** 53n + 1n, 1n - 2n ** 53n, -(2n ** 53n), -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]
  for (const integer of [...edges, ...far]) {
    const safe = Number.isSafeInteger(Number(integer))
    for (const given of safe ? [integer, Number(integer)] : [integer]) {
      const bytes = encode('Value', { integer: given })
      expect(String(reference('Value').toObject(reference('Value').decode(bytes)).integer)).toBe(String(integer))
      expect(decode('Value', bytes).integer).toBe(safe ? Number(integer) : integer)
    }
  }
  expect(encode('Value', { integer: -1 })).toHaveLength(11)
})

test('repeated numbers are read packed and unpacked', () => {
  expect(decode('CommandResponse', Uint8Array.of(0x2a, 3, 1, 0x80, 1))).toEqual({ revisions: [1, 128] })
  expect(decode('CommandResponse', Uint8Array.of(0x28, 1, 0x2a, 1, 2, 0x28, 3))).toEqual({ revisions: [1, 2, 3] })
})

test('text keeps its byte order mark, its NUL and its astral characters', () => {
  const long = '\ufeff\u0000é€😀'.repeat(40)
  for (const string of ['\ufeff', '\u0000', '😀', 'a😀', '', long, `${'a'.repeat(31)}é`, 'é'.repeat(127)]) {
    expect(decode('Value', encode('Value', { string }))).toEqual({ string })
  }
})

test('of several members of a oneof the last one counts', () => {
  const bytes = Uint8Array.of(...encode('Value', { string: 'a' }), ...encode('Value', { bool: true }), 0x0a, 1, 0x62)
  expect(decode('Value', bytes)).toEqual({ string: 'b' })
})

test('unknown fields and known ones of another type are passed over', () => {
  const unknown = [
    [0xf8, 6, 0x96, 1],
    [0xf9, 6, 1, 2, 3, 4, 5, 6, 7, 8],
    [0xfa, 6, 2, 9, 9],
    [0xfd, 6, 1, 2, 3, 4],
  ]
  const otherType = [0x0a, 1, 0x61]
  for (const bytes of [...unknown, otherType]) {
    expect(decode('CommandResponse', Uint8Array.of(0x08, 0xc8, 1, ...bytes, 0x78, 5))).toEqual({ status: 200, id: 5 })
  }
})

test('malformed messages are a bad frame and nothing else', async () => {
  const group = [0xfb, 6, 0x08, 1, 0xfc, 6]
  const cases = [
    [0x08],
    [0x12, 5, 0x61],
    [0x00, 1],
    [0x08, ...new Array(10).fill(0xff), 1],
    [0x0f, 1],
    [0xfc, 6],
    group,
  ]
  for (const bytes of [
    ...cases,
    [0xfb, 6, 0xf4, 6],
    [0x1a, 2, 0x0a, 5, 0x61],
    [0x42, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
  ]) {
    expect(() => decode('CommandResponse', Uint8Array.from(bytes)), String(bytes)).toThrow(StreamError)
  }
  const property = fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 60 }), (name, bytes) => {
    try {
      decode(name, bytes)
    } catch (error) {
      expect(error).toMatchObject({ name: 'StreamError', code: 4400 })
    }
  })
  await fc.assert(property, { numRuns: 5000 })
})

test('a message that is cut short is never read past its end', () => {
  const bytes = encode('CommandResponse', {
    status: 200,
    values: [{ string: 'abc' }, { float: 1.5 }],
    revision: 300,
    id: 7,
  })
  const padded = new Uint8Array([...bytes, 0x78, 9])
  expect(decode('CommandResponse', padded, 0, bytes.length).id).toBe(7)
  const boundaries = new Set<number>()
  for (let end = 0; end < bytes.length; end++) {
    try {
      decode('CommandResponse', padded, 0, end)
      boundaries.add(end)
    } catch (error) {
      expect(error).toBeInstanceOf(StreamError)
    }
  }
  expect(boundaries.size).toBe(5)
})
