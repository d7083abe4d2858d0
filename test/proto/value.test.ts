// JavaScript values to stored ones and back: every kind, the edges of the integers, and what is refused by name.
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode, Writer } from '../../proto/compact.ts'
import { FrameDecoder } from '../../proto/frame.ts'
import { KvassError } from '../../proto/status.ts'
import { bytesOver, fromValue, toValue } from '../../proto/value.ts'

/** Through a frame, as it travels. */
function travelled(value: unknown): unknown {
  const frames = new FrameDecoder(2 ** 20)
  const writer = new Writer()
  writer.frame('Value', toValue(value))
  frames.push(writer.copy())
  expect(frames.next()).toBe(true)
  return fromValue(decode('Value', frames.bytes, frames.start, frames.end))
}

function refusal(value: unknown): KvassError {
  try {
    toValue(value)
  } catch (error) {
    expect(error).toBeInstanceOf(KvassError)
    return error as KvassError
  }
  throw new Error(`${String(value)} was not refused`)
}

test('each kind of value is stored as its own kind', () => {
  expect(toValue('a')).toEqual({ string: 'a' })
  expect(toValue('')).toEqual({ string: '' })
  expect(toValue(true)).toEqual({ bool: true })
  expect(toValue(null)).toEqual({})
  expect(toValue(7)).toEqual({ integer: 7 })
  expect(toValue(7n)).toEqual({ integer: 7n })
  expect(toValue(0.5)).toEqual({ float: 0.5 })
  for (const float of [-0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e300])
    expect(toValue(float)).toEqual({ float })
  expect(toValue(Uint8Array.of(1))).toEqual({ binary: Uint8Array.of(1) })
  // A copy: what happens to the bytes later changes nothing that waits to be sent.
  expect(toValue(Buffer.from([1]))).toEqual({ binary: Uint8Array.of(1) })
  expect(toValue([1, null])).toEqual({ json: '[1,null]' })
  expect(toValue({ a: 1 })).toEqual({ json: '{"a":1}' })
  expect(toValue(Object.create(null))).toEqual({ json: '{}' })
  expect(toValue(new Date(0))).toEqual({ json: '"1970-01-01T00:00:00.000Z"' })
})

test('values of another realm are what they are', () => {
  expect(toValue(runInNewContext('new Uint8Array([1, 2])'))).toHaveProperty('binary')
  expect(toValue(runInNewContext('({ a: [1] })'))).toEqual({ json: '{"a":[1]}' })
})

test('integers come back exact, as a bigint only where a number would not do', () => {
  for (const [given, expected] of [
    [2n ** 63n - 1n, 2n ** 63n - 1n],
    [-(2n ** 63n), -(2n ** 63n)],
    [2n ** 53n, 2n ** 53n],
    [-(2n ** 53n), -(2n ** 53n)],
    [2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
    [Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
    [0n, 0],
    [-1, -1],
  ]) {
    expect(travelled(given)).toBe(expected)
  }
})

test('floats come back as they are', () => {
  for (const float of [-0, 0.1, Number.NaN, Number.NEGATIVE_INFINITY, Number.MIN_VALUE, 2 ** 53])
    expect(travelled(float)).toBe(float)
})

test('any JSON document, any text and any bytes come back equal', async () => {
  const documents = fc.jsonValue({ stringUnit: 'binary' }).filter((value) => typeof value === 'object')
  const values = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), documents)
  const property = fc.property(values, (value) => {
    const expected = value instanceof Uint8Array ? value : JSON.parse(JSON.stringify(value))
    expect(travelled(value)).toEqual(expected)
  })
  await fc.assert(property, { numRuns: 500 })
})

test('a key of the prototype in a document stays a key', () => {
  const document = JSON.parse('{"__proto__":{"polluted":true}}')
  const read = travelled(document) as object
  expect(Object.hasOwn(read, '__proto__')).toBe(true)
  expect('polluted' in {}).toBe(false)
})

test('what cannot be stored is refused by name', () => {
  const values = [undefined, () => 1, Symbol('s'), new Map(), new Set(), Promise.resolve(), new ArrayBuffer(1), /a/]
  const names = ['Undefined', 'Function', 'Symbol', 'Map', 'Set', 'Promise', 'ArrayBuffer', 'RegExp']
  for (const [at, value] of values.entries()) {
    expect(refusal(value)).toMatchObject({ status: 400, message: `value is ${names[at]}: JSON cannot hold it.` })
  }
  expect(refusal(new Float32Array(1)).message).toContain('Float32Array')
  expect(refusal(2n ** 63n).message).toContain('9223372036854775808 has more than 64 bits')
  expect(refusal(-(2n ** 63n) - 1n).status).toBe(400)
  expect(refusal('\ud800').message).toContain('half a surrogate pair')
  const circle: Record<string, unknown> = {}
  circle.itself = circle
  expect(refusal(circle).message).toContain('no JSON')
  expect(refusal({ toJSON: () => undefined }).message).toContain('Undefined')
})

test('text with half a surrogate pair is refused, on a platform without isWellFormed too', () => {
  const check = () => {
    for (const text of ['', 'text', 'ü', '\u{1f511}']) expect(toValue(text)).toEqual({ string: text })
    for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', `${'x'.repeat(99)}\ud83d`])
      expect(refusal(text).message).toContain('half a surrogate pair')
  }
  check()
  const platform = Object.getOwnPropertyDescriptor(String.prototype, 'isWellFormed')!
  Reflect.deleteProperty(String.prototype, 'isWellFormed')
  try {
    check()
  } finally {
    Object.defineProperty(String.prototype, 'isWellFormed', platform)
  }
})

test('the size of a value is that of its encoding', async () => {
  const values = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.uint8Array({ maxLength: 200 }))
  await fc.assert(
    fc.property(values, fc.nat(300), (value, limit) => {
      const message = toValue(value)
      const size = encode('Value', message).length
      expect(bytesOver(message, limit)).toBe(size > limit ? size : 0)
    }),
  )
  expect(bytesOver({ integer: 1 }, 64)).toBe(0)
})
