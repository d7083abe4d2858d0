// Scrolling through more pixels than an element may have: both ends are reached, small steps stay small.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TallScroll } from '../../../web/dashboard/data/tall-scroll.ts'

const viewport = 640
function scrollOf(virtual: number, maxHeight = 100_000): TallScroll {
  const scroll = new TallScroll(maxHeight)
  scroll.resize(virtual, viewport)
  return scroll
}

test('rows that fit are scrolled as they are', () => {
  const scroll = scrollOf(50_000)
  expect(scroll.height).toBe(50_000)
  expect(scroll.scrolled(20_000)).toEqual({ scrollTop: 20_000, top: 20_000 })
  expect(scroll.offset).toBe(0)
})

test.each([100_001, 320_000, 32_000_000, 3_200_000_000])('a drag reaches both ends of %i pixels', (virtual) => {
  const scroll = scrollOf(virtual)
  expect(scroll.height).toBe(100_000)
  expect(scroll.scrolled(100_000 - viewport).top).toBe(virtual - viewport)
  expect(scroll.scrolled(50_000 - viewport / 2).top / virtual).toBeCloseTo(0.5, 1)
  expect(scroll.scrolled(0).top).toBe(0)
})

test('a wheel walks from the top to the bottom and back without a jump', () => {
  const virtual = 1_000_000
  const scroll = scrollOf(virtual)
  let real = 0
  let top = 0
  const wheel = (pixels: number) => {
    real = Math.max(0, Math.min(scroll.height - viewport, real + pixels))
    const place = scroll.scrolled(real)
    expect(Math.abs(place.top - top)).toBeLessThanOrEqual(Math.abs(pixels) + 1)
    real = place.scrollTop
    top = place.top
  }
  for (let turn = 0; turn < virtual / 100 + 10; turn++) wheel(100)
  expect(top).toBe(virtual - viewport)
  for (let turn = 0; turn < virtual / 100 + 10; turn++) wheel(-100)
  expect(top).toBe(0)
})

test('wherever it goes, the place is one that the element has', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 400_000_000 }),
      fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 30 }),
      (virtual, moves) => {
        const scroll = scrollOf(virtual)
        const range = Math.max(0, scroll.height - viewport)
        for (const [isDrag, share] of moves) {
          const { scrollTop, top } = isDrag ? scroll.scrolled(Math.round(share * range)) : scroll.to(share * virtual)
          expect(scrollTop).toBeGreaterThanOrEqual(-1)
          expect(scrollTop).toBeLessThanOrEqual(range + 1)
          expect(top).toBeGreaterThanOrEqual(0)
          expect(top).toBeLessThanOrEqual(Math.max(0, virtual - viewport) + 1)
          expect(top - scroll.offset).toBeCloseTo(scrollTop, 5)
        }
      },
    ),
  )
})

test('fewer rows than before leave a place that there is', () => {
  const scroll = scrollOf(10_000_000)
  scroll.to(9_999_000)
  scroll.resize(200_000, viewport)
  expect(scroll.offset).toBeLessThanOrEqual(100_000)
  expect(scroll.to(199_999).top).toBe(200_000 - viewport)
  expect(scroll.offset).toBe(100_000)
})
