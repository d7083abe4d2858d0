// Conditions, increments and transactions through a real gateway on both engines.
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../../proto/compact.ts'
import { frame } from '../../../proto/frame.ts'
import { HeldEngine, startLoop, turns } from '../../helpers/loop.ts'
import { dial, type Plain } from '../../helpers/wire.ts'
import { engines, hdel, hget, hset, integer, stage, table } from './talk.ts'

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n
const increment = (key: string, by?: Plain, more: object = {}) => ({ increment: { table, key, by, ...more } })

describe.each(engines)('on %s', (engine) => {
  test('if_absent and if_revision: once they hold, and 409 with the entry in the way when they do not', async () => {
    const client = await (await stage(engine)).client()
    const value = { string: 'first' }
    expect(await client.ask(hset('a', value, { ifAbsent: true }))).toMatchObject({ status: 200, revision: '1' })
    expect(await client.ask(hset('a', { bool: true }, { ifAbsent: true }))).toMatchObject({
      status: 409,
      values: [value],
      revision: '1',
      message: expect.stringContaining('revision 1'),
    })
    expect(await client.ask(hset('a', { bool: true }, { ifRevision: 2 }))).toMatchObject({ status: 409, revision: '1' })
    expect(await client.ask(hset('a', { bool: true }, { ifRevision: 1 }))).toMatchObject({ status: 200, revision: '2' })
    expect(await client.ask(hset('b', value, { ifRevision: 2 }))).toMatchObject({ status: 409, values: [{}] })
    expect(await client.ask(hdel('a', { ifRevision: 1 }))).toMatchObject({ status: 409, revision: '2' })
    expect(await client.ask(hget('a'))).toMatchObject({ values: [{ bool: true }], revision: '2' })
    expect(await client.ask(hdel('a', { ifRevision: 2 }))).toMatchObject({ status: 200, values: [{ bool: true }] })
    expect(await client.ask(hdel('a', { ifRevision: 2 }))).toMatchObject({ status: 409 })
    expect(await client.ask(hset('a', value, { ifAbsent: true }))).toMatchObject({ status: 200, revision: '4' })
    expect(await client.ask(hset('a', value, { ifAbsent: true, ifRevision: 4 }))).toMatchObject({ status: 400 })
  })

  test('integers are exact at both ends, and overflow is refused without effect', async () => {
    const { started } = await stage(engine)
    const wire = await dial.ws(started.ws)
    const ask = async (message: object) => {
      wire.send(frame(encode('CommandRequest', message)))
      return decode('CommandResponse', await wire.nextFrame(), 4)
    }
    const set = (value: bigint) => ask({ hset: { table, pair: { key: 'b', value: { integer: value } } } })
    const add = (value?: bigint) =>
      ask({ increment: { table, key: 'b', by: value === undefined ? value : { integer: value } } })
    const read = async () => BigInt((await ask(hget('b'))).values[0].integer)
    expect(await add()).toMatchObject({ status: 200, values: [{ integer: 1 }], revision: 1 })
    expect(await add(-3n)).toMatchObject({ values: [{ integer: -2 }] })
    expect(await add(0n)).toMatchObject({ values: [{ integer: -2 }] })
    for (const [start, by] of [
      [2n ** 53n, 1n],
      [most - 1n, 1n],
      [least + 1n, -1n],
      [least, most],
      [0n, least],
    ] as const) {
      await set(start)
      expect(BigInt((await add(by)).values[0].integer), `${start} + ${by}`).toBe(start + by)
      expect(await read()).toBe(start + by)
    }
    for (const [start, by] of [
      [most, 1n],
      [least, -1n],
      [least, least],
    ] as const) {
      await set(start)
      expect(await add(by)).toMatchObject({ status: 409, message: expect.stringContaining('64 bits') })
      expect(await read()).toBe(start)
    }
  })

  test('floats, and what does not add up', async () => {
    const client = await (await stage(engine)).client()
    expect((await client.ask(increment('f', { float: 0.1 }))).values).toEqual([{ float: 0.1 }])
    expect((await client.ask(increment('f', { float: 0.2 }))).values).toEqual([{ float: 0.1 + 0.2 }])
    await client.ask(hset('f', { float: Number.MAX_VALUE }))
    expect(await client.ask(increment('f', { float: Number.MAX_VALUE }))).toMatchObject({ status: 409 })
    expect((await client.ask(hget('f'))).values).toEqual([{ float: Number.MAX_VALUE }])
    expect(await client.ask(increment('f', integer(1)))).toMatchObject({ status: 409 })
    const keepType = true
    for (const [value, by, sum] of [
      [integer(10), { float: 0.5 }, { float: 10.5 }],
      [{ float: 10.5 }, integer(1), { float: 11.5 }],
      [integer(Number.MAX_SAFE_INTEGER), { float: -0.5 }, { float: Number.MAX_SAFE_INTEGER - 0.5 }],
    ] as const) {
      await client.ask(hset('m', value))
      expect((await client.ask(increment('m', by))).values).toEqual([sum])
    }
    for (const [value, by, more] of [
      [integer(10), { float: 0.5 }, { keepType }],
      [integer(2 ** 53), { float: 0.5 }, {}],
      [integer(Number.MAX_SAFE_INTEGER), { float: 2 }, {}],
      [{ float: 0.5 }, integer(2 ** 53), {}],
      [{ float: Number.NaN }, integer(1), {}],
    ] as const) {
      await client.ask(hset('m', value))
      expect(await client.ask(increment('m', by, more))).toMatchObject({ status: 409 })
      expect((await client.ask(hget('m'))).values).toEqual([value])
    }
    await client.ask(hset('m', integer(10)))
    const write = { table, key: 'm', increment: { float: 0.5 } }
    expect(await client.ask({ transaction: { writes: [{ ...write, keepType }] } })).toMatchObject({ status: 409 })
    expect(await client.ask({ transaction: { writes: [write] } })).toMatchObject({ status: 200 })
    expect((await client.ask(hget('m'))).values).toEqual([{ float: 10.5 }])
    for (const value of [{ string: '1' }, { json: '1' }, { bool: true }, { binary: Buffer.of(1) }, {}]) {
      await client.ask(hset('x', value))
      expect(await client.ask(increment('x'))).toMatchObject({
        status: 409,
        message: expect.stringContaining('does not hold a number'),
      })
    }
    for (const by of [{ string: '1' }, { bool: true }]) {
      expect(await client.ask(increment('y', by))).toMatchObject({
        status: 400,
        message: expect.stringContaining('integer or a float'),
      })
    }
    expect(await client.ask(hget('y'))).toMatchObject({ status: 404 })
  })

  test('a transaction over several tables: all, under one revision, or nothing with the checks that failed', async () => {
    const client = await (await stage(engine)).client()
    await client.ask(hset('a', integer(1)))
    await client.ask(hset('b', integer(1), {}, 'u'))
    const writes = [
      { table, key: 'a', value: { string: 'x' } },
      { table: 'u', key: 'b', delete: true },
      { table: 'v', key: 'c', increment: integer(5) },
    ]
    const checks = [
      { table, key: 'a', revision: 1 },
      { table: 'u', key: 'b', revision: 7 },
      { table: 'v', key: 'c' },
      { table: 'u', key: 'b' },
    ]
    expect(await client.ask({ transaction: { checks, writes } })).toMatchObject({ status: 409, failed: [1, 3] })
    expect(await client.ask(hget('a'))).toMatchObject({ revision: '1' })
    const good = [checks[0], { table: 'u', key: 'b', revision: 2 }, checks[2]]
    const reply = await client.ask({ transaction: { checks: good, writes } })
    expect(reply).toMatchObject({
      status: 200,
      revision: '3',
      values: [integer(1), integer(1), {}],
      revisions: ['1', '2', '0'],
    })
    expect(await client.ask(hget('a'))).toMatchObject({ values: [{ string: 'x' }], revision: '3' })
    expect(await client.ask(hget('b', 'u'))).toMatchObject({ status: 404 })
    expect(await client.ask(hget('c', 'v'))).toMatchObject({ values: [integer(5)], revision: '3' })
    expect(await client.ask({ transaction: { checks: [{ table, key: 'a', revision: 3 }] } })).toMatchObject({
      status: 200,
    })
    expect(await client.ask({ transaction: {} })).toMatchObject({ status: 200 })
  })

  test('a transaction that is refused leaves nothing behind', async () => {
    const { client: open, started } = await stage(engine)
    const client = await open()
    const many = (count: number) =>
      Array.from({ length: count }, (_none, index) => ({ table, key: `${index}`, value: integer(1) }))
    const refused: [Plain, number, string][] = [
      [{ writes: many(129) }, 413, '129 checks and writes'],
      [
        { writes: many(100), checks: many(29).map(({ key }) => ({ table, key })) },
        413,
        'at most 128 are taken (--max-transaction-keys)',
      ],
      [{ writes: [...many(2), { table, key: '1', delete: true }] }, 400, '"1" twice'],
      [{ writes: [...many(2), { table, key: '' }] }, 400, 'key is empty'],
      [{ writes: [...many(2), { table: '', key: '9' }] }, 400, 'table name is empty'],
      [
        { writes: [...many(1), { table, key: '9', value: integer(1), delete: true }] },
        400,
        'one of value, delete and increment',
      ],
      [{ writes: [...many(1), { table, key: '9', increment: { string: '' } }] }, 400, 'integer or a float'],
      [{ writes: [...many(1), { table, key: '9', lease: true }] }, 400, 'client id'],
      [{ writes: [...many(1), { table, key: '9', ttlMs: 2 ** 63 }] }, 400, 'too long'],
    ]
    for (const [transaction, status, text] of refused) {
      expect(await client.ask({ transaction })).toMatchObject({ status, message: expect.stringContaining(text) })
    }
    expect(started.gateway.store.revisionOf('t')).toBe(0)
    expect(await client.ask({ transaction: { writes: many(128) } })).toMatchObject({ status: 200, revision: '1' })
  })

  test('tables and keys with zero bytes are not taken for each other', async () => {
    const client = await (await stage(engine)).client()
    const writes = [
      { table: 'a', key: 'b\0c', value: integer(1) },
      { table: 'a\0b', key: 'c', value: integer(2) },
    ]
    expect(await client.ask({ transaction: { writes } })).toMatchObject({ status: 200 })
    const swapped = writes.map(({ value, ...place }) => ({ ...place, increment: integer(10) }))
    expect((await client.ask({ transaction: { writes: swapped } })).values).toEqual([integer(1), integer(2)])
    expect((await client.ask(hget('c', 'a\0b'))).values).toEqual([integer(12)])
  })

  test('clients that race for one key with conditions: each step has one winner', async () => {
    const { client: open } = await stage(engine)
    const clients = await Promise.all(Array.from({ length: 8 }, open))
    const steps = 25
    const wins = await Promise.all(
      clients.map(async (client) => {
        let won = 0
        while (won < steps) {
          const { values, revision } = await client.ask(hget('n'))
          const now = Number(values?.[0]?.integer ?? 0)
          const condition = revision === undefined ? { ifAbsent: true } : { ifRevision: revision }
          if ((await client.ask(hset('n', integer(now + 1), condition))).status === 200) won++
        }
        return won
      }),
    )
    expect(wins).toEqual(clients.map(() => steps))
    expect((await clients[0]!.ask(hget('n'))).values).toEqual([integer(8 * steps)])
  })
})

test('a refusal shows what is in the way only once that is safe', async () => {
  const store = new HeldEngine()
  const loop = startLoop({ store })
  const [writer, other] = [loop.connect(), loop.connect()]
  writer.receive(hset('a', { string: 'x'.repeat(40) }))
  other.receive(hset('a', integer(1), { ifAbsent: true }))
  other.receive({ increment: { table, key: 'a' } })
  other.receive({ transaction: { checks: [{ table, key: 'a' }] } })
  await turns()
  expect(other.replies).toEqual([])
  store.sync()
  await turns()
  expect(other.replies.map(({ status }) => status)).toEqual([409, 409, 409])
})
