// The zipfian generator of the benches against the distribution that it is to have.
import { expect, test } from 'vitest'
import { Random } from '../helpers/random.ts'
import { scramble, Zipfian } from './zipfian.ts'

const theta = 0.99
const draws = 1_000_000

function harmonic(count: number): number {
  return Array.from({ length: count }, (_, index) => 1 / (index + 1) ** theta).reduce((sum, part) => sum + part, 0)
}

function zipfian(count: number, seed = 7): Zipfian {
  const random = new Random(seed)
  return new Zipfian(count, theta, () => random.next() / 2 ** 32)
}

test.each([1_000, 100_000])('ranks of %i come as often as theory says', (count) => {
  const ranks = zipfian(count)
  const seen = new Float64Array(count)
  for (let draw = 0; draw < draws; draw++) seen[ranks.next()]!++
  const whole = harmonic(count)
  // The first two are exact: three standard deviations of what is drawn.
  for (const rank of [0, 1]) {
    const share = 1 / (rank + 1) ** theta / whole
    expect(Math.abs(seen[rank]! / draws - share)).toBeLessThan(3 * Math.sqrt((share * (1 - share)) / draws))
  }
  // The others are an approximation: the hundred likeliest, and the less likely half.
  const among = (from: number, to: number) => seen.subarray(from, to).reduce((sum, one) => sum + one, 0) / draws
  expect(Math.abs(among(0, 100) - harmonic(100) / whole)).toBeLessThan(0.015)
  expect(Math.abs(among(count / 2, count) - (whole - harmonic(count / 2)) / whole)).toBeLessThan(0.005)
  expect(ranks.top).toBeCloseTo(1 / whole, 12)
})

test('a generator that grew draws as one that began so large', () => {
  const grown = zipfian(10)
  grown.grow(5_000)
  const fresh = zipfian(5_000)
  for (let draw = 0; draw < 1_000; draw++) expect(grown.next()).toBe(fresh.next())
})

test('scrambled ranks are within the keys, and neighbours are apart', () => {
  const count = 1_000_000
  const places = Array.from({ length: 1_000 }, (_, rank) => scramble(rank, count))
  for (const place of places) expect(place >= 0 && place < count).toBe(true)
  expect(new Set(places).size).toBeGreaterThan(990)
  // In each tenth of the keys about a tenth of them.
  for (let tenth = 0; tenth < 10; tenth++) {
    const within = places.filter((place) => Math.floor(place / (count / 10)) === tenth).length
    expect(within).toBeGreaterThan(60)
    expect(within).toBeLessThan(140)
  }
})
