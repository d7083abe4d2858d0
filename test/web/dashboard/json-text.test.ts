// Documents laid out and packed again: against `JSON.stringify` where that can say it, and as text where it cannot.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compacted, depthOf, laidOut } from '../../../web/dashboard/data/json-text.ts'

const all = Number.POSITIVE_INFINITY

test('it lays out and packs as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const value: unknown = JSON.parse(json)
      fc.pre(!/-0|e/.test(json))
      expect(laidOut(json, all)).toEqual({ text: JSON.stringify(value, undefined, 2), whole: true })
      expect(compacted(JSON.stringify(value, undefined, '\t'))).toBe(JSON.stringify(value))
    }),
  )
})

test('what is laid out is packed to what it was, whatever JavaScript makes of it', () => {
  const json = '{"n":[9007199254740993,1e400,-0,1.10],"n":"a \\"\\\\","\\u0000 ":{}}'
  expect(compacted(laidOut(json, all).text)).toBe(json)
  expect(compacted(' [ 1 , " " ]\r\n')).toBe('[1," "]')
})

test('a layout ends where it is told to, without the work behind it', () => {
  const deep = '['.repeat(1_000_000)
  expect(laidOut(deep, 10)).toEqual({ text: '[\n  [\n    ', whole: false })
  expect(laidOut('[1,2]', 5)).toEqual({ text: '[\n  1', whole: false })
})

test('depth counts what is nested, and no bracket of a string', () => {
  expect(depthOf('1')).toBe(0)
  expect(depthOf('["[[[",{"a":[]}]')).toBe(3)
  expect(depthOf('['.repeat(60_000) + ']'.repeat(60_000))).toBe(60_000)
})
