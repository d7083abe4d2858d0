// JSON documents and the values in them: what would be lost is refused with its path, long integers are exact or known
// to be rounded.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { textOf, valueOf } from '../../proto/document.ts'
import { KvassError } from '../../proto/status.ts'

function refusal(value: unknown, exact = false): string {
  try {
    textOf(value, exact)
  } catch (error) {
    expect(error).toBeInstanceOf(KvassError)
    expect(error).toMatchObject({ status: 400, outcome: 'none' })
    return (error as KvassError).message
  }
  throw new Error('it was not refused')
}

test('what JSON would lose inside of a value is refused with its path', () => {
  const sparse: unknown[] = []
  sparse[1] = 1
  const cases: [value: unknown, path: string, what: string][] = [
    [{ m: new Map([[1, 2]]), n: Number.NaN, b: new Uint8Array(1) }, 'm', 'Map'],
    [{ n: Number.NaN }, 'n', 'NaN'],
    [{ a: [1, { b: Number.NEGATIVE_INFINITY }] }, 'a.1.b', '-Infinity'],
    [{ b: new Uint8Array(1) }, 'b', 'Uint8Array'],
    [{ b: Buffer.from('a') }, 'b', 'Uint8Array'],
    [{ f: new Float32Array(1) }, 'f', 'Float32Array'],
    [{ s: new Set() }, 's', 'Set'],
    [{ e: new Error('x') }, 'e', 'Error'],
    [{ id: 1n }, 'id', 'BigInt'],
    [{ on() {} }, 'on', 'Function'],
    [{ s: Symbol('s') }, 's', 'Symbol'],
    [{ d: new Date(Number.NaN) }, 'd', 'Date'],
    [{ d: { toJSON: () => new Map() } }, 'd', 'Map'],
    [{ d: { toJSON: () => undefined } }, 'd', 'Undefined'],
    [[1, undefined], '1', 'Undefined'],
    [sparse, '0', 'Undefined'],
    [new Date(Number.NaN), '', 'Date'],
  ]
  for (const [value, path, what] of cases) {
    expect(refusal(value)).toBe(`value${path && `.${path}`} is ${what}: JSON cannot hold it.`)
  }
})

test('what JSON holds passes, and a property that is undefined is none', () => {
  const shared = { a: 1 }
  const value = { '': 0, d: new Date(0), u: undefined, n: null, s: [shared, shared], o: Object.create(null), f: 1e300 }
  expect(textOf(value, false)).toBe(JSON.stringify(value))
  expect(textOf({ toJSON: () => [1] }, false)).toBe('[1]')
})

test('what holds itself, and what throws, is refused as well', () => {
  const circle: Record<string, unknown> = {}
  circle.itself = circle
  expect(refusal(circle)).toContain('circular')
  const failing = { toJSON: () => { throw new Error('mine') } } // biome-ignore format: short
  expect(refusal(failing)).toBe('The value is no JSON: Error: mine')
  let deep: unknown = 1
  for (let depth = 0; depth < 100_000; depth++) deep = [deep]
  expect(refusal(deep)).toContain('no JSON')
})

test('with exact any document comes back as it was, long integers as bigints', async () => {
  const long = fc
    .bigInt({ min: -(10n ** 40n), max: 10n ** 40n })
    .filter((value) => !Number.isSafeInteger(Number(value)))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      long,
      fc.integer(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('12345678901234567890', '"9007199254740993"', 'kvass0.5:9007199254740993', '\\"', null, true),
      fc.array(tie('value')),
      fc.dictionary(fc.string().filter((name) => name !== '__proto__'), tie('value')), // biome-ignore format: short
    ),
  }))
  const property = fc.property(value, (item) => {
    expect(valueOf(textOf([item], true), true)).toEqual([item])
  })
  await fc.assert(property, { numRuns: 500 })
})

test('integers within +-2^53 and other numbers are numbers, exact or not', () => {
  const text = '[9007199254740991,-9007199254740991,1.5,12345678901234567890.5,1e30,-0]' // The fourth is no integer.
  for (const exact of [true, false]) {
    expect(valueOf(text, exact)).toEqual([2 ** 53 - 1, -(2 ** 53) + 1, 1.5, 12345678901234567000, 1e30, -0])
  }
  expect(valueOf('{"id":9007199254740992,"n":[-9007199254740993]}', true)).toEqual({
    id: 2n ** 53n,
    n: [-(2n ** 53n) - 1n],
  })
})

test('a document that was read with an integer rounded is not written back, whatever became of it meanwhile', () => {
  const text = '{"id":9007199254740993,"likes":1,"old":[123456789012345678901]}'
  const read = valueOf(text, false) as { id: number; likes: number; old: number[] }
  const wasRounded = (path: string) => `value.${path} was rounded: connect with json: 'exact'.`
  expect(refusal({ ...read, likes: 2 })).toBe(wasRounded('id'))
  expect(refusal(structuredClone(read))).toBe(wasRounded('id'))
  expect(refusal({ all: [...read.old] })).toBe(wasRounded('all.0'))
  // What doubles hold exactly is another matter, and so is what was only ever a number here.
  const exact = valueOf('{"bytes":1200000000000000000,"mass":5.972e24}', false)
  expect(textOf(exact, false)).toBe('{"bytes":1200000000000000000,"mass":5.972e+24}')
  expect(textOf({ ...read, id: '9007199254740993', old: [2 ** 60] }, false)).toContain('1152921504606847000')
  const read2 = valueOf(text, true) as object
  expect(textOf({ ...read2, likes: 2 }, true)).toBe(text.replace('"likes":1', '"likes":2'))
})

test('when more were rounded than are remembered, any long integer may be one', () => {
  const numbers = Array.from({ length: 25_000 }, (_, at) => `${9_100_000_000_000_000n + BigInt(2 * at + 1)}1`)
  valueOf(`[${numbers.join()}]`, false)
  expect(refusal([Number(numbers.at(-1))])).toContain('value.0 was rounded')
  expect(refusal({ a: -(2 ** 70) })).toContain('value.a was rounded')
  expect(textOf([1, 0.1, 2 ** 53 - 1, 1e15], false)).toBe('[1,0.1,9007199254740991,1000000000000000]')
})
