// hgetall, range and count through real sockets: order, bounds, limits, cursors, and pages of long tables.
import { describe, expect, test } from 'vitest'
import { pagesOf, socketKinds, talk } from '../../helpers/talk.ts'
import { type Plain, request, type Wire } from '../../helpers/wire.ts'

const table = 't'
const keysOf = (replies: Plain | Plain[]): string[] =>
  [replies].flat().flatMap(({ pairs = [] }) => pairs.map(({ key }: Plain) => key))

async function fill(wire: Wire, keys: readonly string[], valueBytes = 10): Promise<void> {
  for (let at = 0; at < keys.length; at += 1_000) {
    const pairs = keys.slice(at, at + 1_000).map((key) => ({ key, value: { binary: Buffer.alloc(valueBytes, key) } }))
    expect(await wire.ask({ hmset: { table, pairs } })).toMatchObject({ status: 200 })
  }
}

const words = ['a', 'aa', 'ab', 'abc', 'b', 'ba', 'c', 'é', 'éa', '😀']
const numbered = (count: number) => Array.from({ length: count }, (_none, index) => String(index).padStart(7, '0'))

describe.each(socketKinds)('over %s', (kind) => {
  test('hgetall answers all entries in key order, none for an unknown table', async () => {
    const { wire } = await talk(kind)
    await fill(wire, words.toReversed())
    const all = await wire.ask({ hgetall: { table } })
    expect(keysOf(all)).toEqual(words)
    expect(all.pairs[1]).toEqual({
      key: 'aa',
      value: { binary: Buffer.alloc(10, 'aa').toString('base64') },
      revision: '1',
    })
    expect(await wire.ask({ hgetall: { table }, id: 3 })).toEqual({ ...all, id: 3 })
    expect(await wire.ask({ hgetall: { table: 'none' } })).toEqual({ status: 200 })
    expect(await wire.ask({ hgetall: { table: 'none' }, id: 4 })).toEqual({ status: 200, id: 4 })
  })

  const ranges: [string, Plain, string[]][] = [
    ['everything', {}, words],
    ['a prefix', { prefix: 'a' }, ['a', 'aa', 'ab', 'abc']],
    ['a prefix of two bytes', { prefix: 'é' }, ['é', 'éa']],
    ['a prefix that nothing has', { prefix: 'x' }, []],
    ['a start, which belongs to it', { start: 'ba' }, ['ba', 'c', 'é', 'éa', '😀']],
    ['an end, which does not', { end: 'b' }, ['a', 'aa', 'ab', 'abc']],
    ['both', { start: 'ab', end: 'c' }, ['ab', 'abc', 'b', 'ba']],
    ['bounds that are no keys', { start: 'aaa', end: 'bb' }, ['ab', 'abc', 'b', 'ba']],
    ['an end before the start', { start: 'c', end: 'a' }, []],
    ['a start within a prefix', { prefix: 'a', start: 'ab' }, ['ab', 'abc']],
    ['a start before a prefix', { prefix: 'b', start: 'a' }, ['b', 'ba']],
    ['an end within a prefix', { prefix: 'a', end: 'ab' }, ['a', 'aa']],
    ['bounds beside a prefix', { prefix: 'a', start: 'b', end: 'c' }, []],
    ['an unknown table', { table: 'none' }, []],
  ]

  test.each(ranges)('range and count of %s, forwards and backwards', async (_name, query, expected) => {
    const { wire } = await talk(kind)
    await fill(wire, words)
    const range = { table, ...query }
    for (const id of [0, 1]) {
      expect(keysOf(await wire.ask({ range, id }))).toEqual(expected)
      expect(keysOf(await wire.ask({ range: { ...range, reverse: true }, id }))).toEqual(expected.toReversed())
    }
    const { prefix, start, end } = query
    const counted = await wire.ask({ count: { table: range.table, prefix, start, end } })
    expect(Number(counted.count ?? 0)).toBe(expected.length)
  })

  test.each([false, true])('a limit leaves a cursor, which continues (reverse: %s)', async (reverse) => {
    const { wire } = await talk(kind)
    await fill(wire, words)
    const expected = reverse ? words.toReversed() : words
    for (const limit of [1, 3, 5, 10, 11]) {
      for (const id of [0, 1]) {
        const seen: string[] = []
        let cursor: string | undefined
        do {
          const reply = await wire.ask({ range: { table, limit, reverse, cursor }, id })
          expect(keysOf(reply).length).toBeLessThanOrEqual(limit)
          seen.push(...keysOf(reply))
          cursor = reply.cursor
          expect(cursor !== undefined).toBe(seen.length < words.length)
        } while (cursor !== undefined)
        expect(seen).toEqual(expected)
      }
    }
  })

  test('a cursor stays right while entries come and go', async () => {
    const { wire } = await talk(kind)
    await fill(wire, ['a', 'b', 'c', 'd'])
    const { cursor } = await wire.ask({ range: { table, limit: 2 } })
    await wire.ask({ hmdel: { table, keys: ['b', 'c'] } })
    await fill(wire, ['aa', 'bb'])
    expect(keysOf(await wire.ask({ range: { table, cursor } }))).toEqual(['bb', 'd'])
  })

  test('keys only', async () => {
    const { wire } = await talk(kind)
    await fill(wire, ['a', 'b'])
    const { pairs } = await wire.ask({ range: { table, keysOnly: true } })
    for (const pair of pairs) expect(pair).toMatchObject({ revision: '1' })
    expect(pairs.map(({ value }: Plain) => value ?? {})).toEqual([{}, {}])
  })

  test('without an id, a range is one reply of at most 1000 entries and a page, with a cursor', async () => {
    const { wire } = await talk(kind)
    await fill(wire, numbered(2_500))
    const seen: string[] = []
    const sizes: number[] = []
    let cursor: string | undefined
    do {
      const reply = await wire.ask({ range: { table, cursor } })
      expect(reply.more).toBeUndefined()
      sizes.push(reply.pairs.length)
      seen.push(...keysOf(reply))
      cursor = reply.cursor
    } while (cursor !== undefined)
    expect(seen).toEqual(numbered(2_500))
    expect(sizes).toEqual([1_000, 1_000, 500])
    await fill(wire, numbered(100), 5_000)
    const bounded = await wire.ask({ range: { table, limit: 100 } })
    expect(bounded.pairs.length).toBeLessThan(20)
    expect(bounded.cursor).toBeDefined()
  })

  test('with an id it comes in pages, until the limit', async () => {
    const { wire } = await talk(kind)
    await fill(wire, numbered(12_000), 20)
    const all = await pagesOf(wire, { range: { table }, id: 1 })
    expect(all.length).toBeGreaterThan(3)
    expect(keysOf(all)).toEqual(numbered(12_000))
    expect(all.map(({ id, status, cursor }) => [id, status, cursor])).toEqual(all.map(() => [1, 200, undefined]))
    const some = await pagesOf(wire, { range: { table, limit: 7_000, reverse: true }, id: 2 })
    expect(keysOf(some)).toEqual(numbered(12_000).slice(5_000).toReversed())
    expect(some.map(({ cursor }) => cursor !== undefined)).toEqual(some.map(({ more }) => !more))
    const { cursor } = some.at(-1)
    const rest = await pagesOf(wire, { range: { table, reverse: true, cursor, keysOnly: true }, id: 3 })
    expect(keysOf(rest)).toEqual(numbered(5_000).toReversed())
  })

  test('counting is exact over many pages', async () => {
    const { wire } = await talk(kind)
    await fill(wire, numbered(12_000))
    expect(await wire.ask({ count: { table } })).toEqual({ status: 200, count: '12000' })
    expect(await wire.ask({ count: { table, start: '0000001', end: '0011999' } })).toEqual({
      status: 200,
      count: '11998',
    })
    expect(await wire.ask({ count: { table, prefix: '0009' }, id: 1 })).toEqual({ status: 200, count: '1000', id: 1 })
  })

  test('entries larger than a page come one a page, the largest too', async () => {
    const { wire } = await talk(kind)
    for (const key of ['a', 'b', 'c']) await fill(wire, [key], 520_000)
    const pages = await pagesOf(wire, { hgetall: { table }, id: 1 })
    expect(pages.map(({ pairs }) => pairs.length)).toEqual([1, 1, 1])
    expect((await wire.ask({ hgetall: { table } })).pairs).toHaveLength(3)
  })

  test('hgetall without an id of a table that fits no reply is 413, with an id it is pages', async () => {
    const { wire } = await talk(kind, { maxReplyBytes: 100_000, maxValueBytes: 50_000 })
    await fill(wire, numbered(2_000), 60)
    expect(await wire.ask({ hgetall: { table } })).toEqual({
      status: 413,
      message: 'The table has more than 100000 bytes (--max-reply-bytes): send an id to get it in pages.',
    })
    expect(keysOf(await pagesOf(wire, { hgetall: { table }, id: 1 }))).toHaveLength(2_000)
    expect(await wire.ask({ ping: {} })).toEqual({ status: 200 })
  })

  test('bounds that are no names', async () => {
    const { wire } = await talk(kind)
    await fill(wire, ['a'])
    for (const field of ['prefix', 'start', 'end']) {
      const reply = await wire.ask({ range: { table, [field]: 'k'.repeat(1_025) } })
      expect(reply).toMatchObject({ status: 400, message: expect.stringContaining(`The ${field} has 1025 bytes`) })
    }
    expect(await wire.ask({ range: { table, cursor: Buffer.from([0xff]) } })).toMatchObject({ status: 400 })
    expect(await wire.ask({ range: {} })).toMatchObject({ status: 400, message: expect.stringContaining('table name') })
  })

  test('a cancelled reply ends, and another request overtakes a long one', async () => {
    const { wire } = await talk(kind)
    await fill(wire, numbered(30_000), 40)
    wire.send(
      Buffer.concat(
        [
          { hgetall: { table }, id: 1 },
          { ping: {}, id: 2 },
        ].map(request),
      ),
    )
    const first = await wire.next()
    wire.send(request({ cancel: { request: 1 }, id: 3 }))
    const replies = [first]
    while (replies.at(-1).id !== 3) replies.push(await wire.next())
    expect(replies.slice(0, 2).map(({ id }) => id)).toContain(2)
    expect(replies.at(-1)).toEqual({ status: 200, id: 3 })
    expect(replies.some(({ id, more }) => id === 1 && !more)).toBe(false)
    expect(await wire.ask({ ping: {}, id: 1 })).toEqual({ status: 200, id: 1 })
    expect(await wire.ask({ cancel: { request: 1 } })).toMatchObject({ status: 404 })
  })
})
