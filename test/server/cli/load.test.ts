// What the load generator measures with: percentiles near the truth, and replies counted and checked at any chunking.
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode } from '../../../proto/compact.ts'
import { frame } from '../../../proto/frame.ts'
import { Histogram } from '../../../server/cli/histogram.ts'
import { ReplyCounter } from '../../../server/cli/load.ts'

test('percentiles are within 1 % of the exact ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2_000_000_000 }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const histogram = new Histogram()
        for (const value of values) histogram.record(value, 1)
        const exact = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)]!
        expect(Math.abs(histogram.percentile(share) - exact)).toBeLessThanOrEqual(exact * 0.01)
        expect(histogram.min).toBe(Math.min(...values))
        expect(histogram.max).toBe(Math.max(...values))
      },
    ),
  )
})

test('an empty histogram has zeros', () => {
  expect(new Histogram().percentile(0.5)).toBe(0)
  expect(new Histogram().mean).toBe(0)
})

test('replies are counted and failures kept, however the bytes are cut', () => {
  const ok = frame(encode('CommandResponse', { status: 200, values: [{ string: 'x' }], revision: 7 }))
  const missing = frame(encode('CommandResponse', { status: 404, message: 'no entry' }))
  const packed = frame(
    gzipSync(encode('CommandResponse', { status: 200, values: [{ string: 'x'.repeat(2_000) }] })),
    true,
  )
  const refused = frame(gzipSync(encode('CommandResponse', { status: 503, message: 'later' })), true)
  const bytes = Buffer.concat([ok, missing, packed, ok, refused, missing])
  for (let size = 1; size <= bytes.length; size++) {
    const failures = new Map<number, { count: number; message: string }>()
    const counter = new ReplyCounter(failures)
    let count = 0
    for (let at = 0; at < bytes.length; at += size) count += counter.push(bytes.subarray(at, at + size))
    expect(count).toBe(6)
    expect([...failures]).toEqual([
      [404, { count: 2, message: 'no entry' }],
      [503, { count: 1, message: 'later' }],
    ])
  }
})
