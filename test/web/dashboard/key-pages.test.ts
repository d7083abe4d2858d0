// The paged keys against a plain sorted array: every place shows the right key, whatever is looked at in which order.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type KeyFetch, KeyPages, type KeyQuery } from '../../../web/dashboard/data/key-pages.ts'

const keyOf = (number: number) => `k${String(number).padStart(7, '0')}`
const keysUpTo = (count: number) => Array.from({ length: count }, (_, index) => keyOf(index))

function source(keys: string[]) {
  const queries: KeyQuery[] = []
  let changes = 0
  const fetch: KeyFetch = async (query, signal) => {
    queries.push(query)
    signal.throwIfAborted()
    const { start, end, reverse, limit } = query
    const inRange = keys.filter((key) => (start === undefined || key >= start) && (end === undefined || key < end))
    return (reverse ? inRange.reverse() : inRange).slice(0, limit)
  }
  const pages = new KeyPages(fetch, () => {
    changes++
  })
  return { pages, queries, keys, changes: () => changes }
}

const shown = (pages: KeyPages, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => pages.at(first + index))

test('an empty range is complete after one page, and shows what comes later', async () => {
  const { pages, keys } = source([])
  await pages.load(0, 30)
  expect([pages.length, pages.isComplete]).toEqual([0, true])
  keys.push('a', 'b')
  await pages.load(0, 30)
  expect(pages.length).toBe(0)
  pages.expire()
  await pages.load(0, 30)
  expect(shown(pages, 0, 2)).toEqual(['a', 'b', undefined])
})

test('the beginning costs one page', async () => {
  const { pages, queries } = source(keysUpTo(10_000))
  pages.setTotal(10_000)
  await pages.load(0, 40)
  expect(queries).toHaveLength(1)
  expect(queries[0]!.limit).toBeLessThanOrEqual(1_000)
  expect(pages.length).toBe(10_000)
  expect(shown(pages, 0, 40)).toEqual(keysUpTo(41))
})

test('the end costs one page more, read backwards', async () => {
  const { pages, queries } = source(keysUpTo(100_000))
  pages.setTotal(100_000)
  await pages.load(0, 40)
  await pages.load(99_960, 99_999)
  expect(queries).toHaveLength(2)
  expect(queries[1]!.reverse).toBe(true)
  expect(pages.at(99_999)).toBe(keyOf(99_999))
  expect(pages.at(99_960)).toBe(keyOf(99_960))
  expect(pages.at(50_000)).toBeUndefined()
})

test('the middle is walked to from the nearer end, in large steps', async () => {
  const { pages, queries } = source(keysUpTo(100_000))
  pages.setTotal(100_000)
  await pages.load(70_000, 70_030)
  expect(shown(pages, 70_000, 70_030)).toEqual(keysUpTo(100_000).slice(70_000, 70_031))
  expect(queries.length).toBeLessThan(12)
  expect(queries.slice(1).every(({ reverse }) => reverse)).toBe(true)
})

test('without a count all places are found by going on', async () => {
  const { pages } = source(keysUpTo(1_700))
  let seen = 0
  do {
    seen = pages.length
    await pages.load(Math.max(0, seen - 40), seen + 40)
  } while (pages.length > seen)
  expect([pages.length, pages.isComplete, pages.at(1_699)]).toEqual([1_700, true, keyOf(1_699)])
})

test('any order of looks shows the right keys, and keeps few of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30_000 }),
      fc.boolean(),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
      async (count, isCounted, looks) => {
        const { pages, keys } = source(keysUpTo(count))
        if (isCounted) pages.setTotal(count)
        for (const look of [...looks, 1, 0]) {
          const first = Math.floor(look * Math.max(0, pages.length - 1))
          await pages.load(first, first + 40)
          const last = Math.min(first + 40, pages.length - 1)
          for (let index = first; index <= last; index++) expect(pages.at(index)).toBe(keys[index])
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('keys far from the view are let go, and come back when they are looked at', async () => {
  const { pages, queries } = source(keysUpTo(200_000))
  pages.setTotal(200_000)
  await pages.load(99_000, 99_040)
  const held = Array.from({ length: 200 }, (_, index) => pages.at(index * 500)).filter((key) => key !== undefined)
  expect(held.length).toBeLessThanOrEqual(120)
  expect(pages.at(0)).toBeUndefined()
  const before = queries.length
  await pages.load(0, 40)
  expect(queries.length - before).toBe(1)
  expect(shown(pages, 0, 40)).toEqual(keysUpTo(41))
})

test('after it has expired, a page shows keys that came and not those that went', async () => {
  const { pages, keys } = source(keysUpTo(1_200))
  await pages.load(0, 40)
  await pages.load(1_000, 1_040)
  keys.splice(10, 3)
  keys.unshift('a')
  keys.push('z')
  await pages.load(0, 40)
  expect(pages.at(0)).toBe(keyOf(0))
  pages.expire()
  expect(pages.at(0)).toBe(keyOf(0))
  await pages.load(0, 40)
  expect(shown(pages, 0, 40)).toEqual(keys.slice(0, 41))
  await pages.load(0, 1_300)
  expect(shown(pages, 0, keys.length)).toEqual([...keys, undefined])
})

test('a segment that loses all its keys, or gains thousands, stays right', async () => {
  const { pages, keys } = source(keysUpTo(2_000))
  await pages.load(0, 1_999)
  keys.splice(0, 1_000)
  pages.expire()
  await pages.load(0, 2_000)
  expect(shown(pages, 0, pages.length)).toEqual([...keys, undefined])
  keys.unshift(...Array.from({ length: 12_000 }, (_, index) => `a${String(index).padStart(6, '0')}`))
  pages.expire()
  await pages.load(0, 20)
  expect(shown(pages, 0, 20)).toEqual(keys.slice(0, 21))
  await pages.load(0, 14_000)
  expect([pages.length, pages.at(12_999)]).toEqual([13_000, keys[12_999]])
})

test('keys that come where a whole segment went are seen', async () => {
  const { pages, keys } = source(keysUpTo(2_000))
  await pages.load(0, 1_999)
  const gone = keys.splice(500, 500)
  pages.expire()
  await pages.load(0, 2_000)
  expect(pages.length).toBe(1_500)
  keys.splice(500, 0, ...gone.slice(100, 110))
  pages.expire()
  await pages.load(0, 2_000)
  expect(shown(pages, 0, pages.length)).toEqual([...keys, undefined])
})

test('a later look replaces an earlier one, and an error leaves what is held', async () => {
  const keys = keysUpTo(50_000)
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  let fails = false
  let calls = 0
  const pages = new KeyPages(
    async ({ start, reverse, limit }, signal) => {
      calls++
      if (calls === 2) await gate
      signal.throwIfAborted()
      if (fails) throw new Error('gone')
      const from = start === undefined ? 0 : keys.indexOf(start)
      return reverse ? keys.slice(-limit).reverse() : keys.slice(from, from + limit)
    },
    () => {},
  )
  pages.setTotal(50_000)
  await pages.load(0, 40)
  const first = pages.load(20_000, 20_040)
  const second = pages.load(49_950, 49_990)
  open()
  await Promise.all([first, second])
  expect(pages.at(20_000)).toBeUndefined()
  expect(pages.at(49_990)).toBe(keyOf(49_990))
  fails = true
  await expect(pages.load(25_000, 25_040)).rejects.toThrow('gone')
  expect(pages.at(0)).toBe(keyOf(0))
})

test('the place of a key is known while it is held', async () => {
  const { pages } = source(keysUpTo(10_000))
  pages.setTotal(10_000)
  await pages.load(0, 40)
  await pages.load(9_990, 9_999)
  expect([pages.indexOf(keyOf(7)), pages.indexOf(keyOf(9_995)), pages.indexOf(keyOf(5_000))]).toEqual([
    7,
    9_995,
    undefined,
  ])
})
