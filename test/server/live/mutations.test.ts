// Writes that are sent again: their effect is there once, and the first answer is given again.
import { describe, expect, test } from 'vitest'
import { startGateway } from '../../helpers/gateway.ts'
import { newClientId, Talker } from '../../helpers/live.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { dial, type Plain } from '../../helpers/wire.ts'
import { engines, hdel, hget, hset, integer, stage, table } from './talk.ts'

const increment = (key: string) => ({ increment: { table, key } })

describe.each(engines)('on %s', (engine) => {
  test('every kind of write, sent again on another connection', async () => {
    const { client, started } = await stage(engine)
    const id = newClientId()
    const [one, two] = [await client(), await client()]
    await one.hello(id)
    await two.hello(id)
    await one.ask(hset('old', { string: 'before' }))
    const writes: Plain[] = [
      increment('n'),
      hset('a', { string: '1' }),
      hset('b', { string: '1' }, { ifAbsent: true }),
      hset('old', { string: 'after' }, { ttlMs: 60_000 }),
      hset('leased', { string: '1' }, { lease: true }),
      {
        hmset: {
          table,
          pairs: [
            { key: 'c', value: integer(1) },
            { key: 'a', value: integer(2) },
          ],
        },
      },
      hdel('b'),
      hdel('missing'),
      { hmdel: { table, keys: ['a', 'missing'] } },
      { transaction: { checks: [{ table, key: 'a' }], writes: [{ table, key: 'n', increment: integer(10) }] } },
      { drop: { table: 'other' } },
      { drop: { table } },
    ]
    const answers: Plain[] = []
    for (const [index, write] of writes.entries()) {
      answers.push(await one.ask({ ...write, mutation: index + 1 }))
      expect(answers[index], JSON.stringify(write)).toMatchObject({ status: 200 })
    }
    await one.ask(hset('stays'))
    const revision = started.gateway.store.revisionOf('t')
    for (const [index, write] of writes.entries()) {
      expect(await two.ask({ ...write, mutation: index + 1, ageMs: 5 })).toEqual(answers[index])
    }
    expect(started.gateway.store.revisionOf('t')).toBe(revision)
    expect(await two.ask(hget('stays'))).toMatchObject({ status: 200 })
  })

  test('a condition that failed stays so, also for the original that comes late', async () => {
    const { client } = await stage(engine)
    const id = newClientId()
    const [one, two, other] = [await client(), await client(), await client()]
    await one.hello(id)
    await two.hello(id)
    await other.ask(hset('a', { string: 'theirs' }))
    const refused = await two.ask({ ...hset('a', integer(1), { ifAbsent: true }), mutation: 1, ageMs: 10 })
    expect(refused).toMatchObject({ status: 409, values: [{ string: 'theirs' }], revision: '1' })
    const failed = await two.ask({ transaction: { checks: [{ table, key: 'a' }], writes: [] }, mutation: 2 })
    expect(failed).toMatchObject({ status: 409, failed: [0] })
    await other.ask(hdel('a'))
    expect(await one.ask({ ...hset('a', integer(1), { ifAbsent: true }), mutation: 1 })).toEqual(refused)
    expect(await one.ask({ transaction: { checks: [{ table, key: 'a' }], writes: [] }, mutation: 2 })).toEqual(failed)
    expect(await one.ask(hget('a'))).toMatchObject({ status: 404 })
  })

  test('a late original after its retry does nothing', async () => {
    const { client } = await stage(engine)
    const id = newClientId()
    const [late, retry] = [await client(), await client()]
    await late.hello(id)
    await retry.hello(id)
    const answer = await retry.ask({ ...increment('n'), mutation: 7, ageMs: 100 })
    expect(answer.values).toEqual([integer(1)])
    expect(await late.ask({ ...increment('n'), mutation: 7 })).toEqual(answer)
    expect((await late.ask({ ...increment('n'), mutation: 3 })).values).toEqual([integer(2)])
    expect((await late.ask({ ...increment('n'), mutation: 7 })).values).toEqual([integer(1)])
  })

  test('outside of the window the outcome is unknown, and nothing runs', async () => {
    const { client } = await stage(engine, { mutationWindow: 8, mutationWindowMs: 60_000 })
    const one = await client()
    await one.hello()
    for (let mutation = 1; mutation <= 12; mutation++) await one.ask({ ...increment('n'), mutation })
    for (let mutation = 1; mutation <= 4; mutation++) {
      expect(await one.ask({ ...increment('n'), mutation, ageMs: 1 })).toMatchObject({ status: 504 })
    }
    for (let mutation = 5; mutation <= 12; mutation++) {
      expect((await one.ask({ ...increment('n'), mutation, ageMs: 1 })).values).toEqual([integer(mutation)])
    }
    expect(await one.ask({ ...increment('n'), mutation: 13, ageMs: 60_000 })).toMatchObject({ status: 504 })
    expect((await one.ask({ ...increment('n'), mutation: 13, ageMs: 59_000 })).values).toEqual([integer(13)])
  })

  test('what is remembered of a client does not grow with its mutations', async () => {
    const { client, started } = await stage(engine)
    const one = await client()
    await one.hello()
    const set = (mutation: number) => ({ hset: { table: 't', pair: { key: 'k', value: integer(mutation) } }, mutation })
    for (let first = 1; first < 2_500; first += 500) {
      await Promise.all(Array.from({ length: 500 }, (_none, index) => one.ask(set(first + index))))
    }
    // A record for each that a retry may still ask for, and beside them the entry.
    const metrics = await (await fetch(`${started.http}/metrics`)).text()
    expect(/^kvass_store_own_entries (\d+)$/m.exec(metrics)?.[1]).toBe('1024')
    expect(/^kvass_store_entries (\d+)$/m.exec(metrics)?.[1]).toBe('1')
    expect(/^kvass_store_tables (\d+)$/m.exec(metrics)?.[1]).toBe('1')
    expect((await one.ask({ ...set(1_477), ageMs: 1 })).values).toEqual([integer(1_476)])
    expect(await one.ask({ ...set(1_476), ageMs: 1 })).toMatchObject({ status: 504 })
    expect((await one.ask(hget('k'))).values).toEqual([integer(2_500)])
  })

  test('clients do not share numbers; one without an id, or an impossible number, is refused', async () => {
    const { client } = await stage(engine)
    const [one, two, bare] = [await client(), await client(), await client()]
    await one.hello()
    await two.hello()
    for (const each of [one, two]) await each.ask({ ...increment('n'), mutation: 1 })
    expect((await bare.ask(hget('n'))).values).toEqual([integer(2)])
    expect(await bare.ask({ ...increment('n'), mutation: 1 })).toMatchObject({ status: 400 })
    expect(await one.ask({ ...increment('n'), mutation: 2 ** 63 })).toMatchObject({ status: 400 })
    // Reads need no memory.
    expect(await one.ask({ ...hget('n'), mutation: 1 })).toMatchObject({ status: 200, values: [integer(2)] })
    expect(await one.ask({ hello: { clientId: 'x' } })).toMatchObject({ status: 400 })
  })

  test('a burst of retries in one message, mixed with new ones', async () => {
    const { client } = await stage(engine)
    const one = await client()
    await one.hello()
    const sent = Array.from({ length: 500 }, (_none, index) => (index * 7) % 100)
    const replies = await Promise.all(sent.map((number) => one.ask({ ...increment('n'), mutation: number + 1 })))
    const answers = new Map<number, string>()
    for (const [index, { values }] of replies.entries()) {
      const known = answers.get(sent[index]!)
      if (known !== undefined) expect(values[0].integer).toBe(known)
      answers.set(sent[index]!, values[0].integer)
    }
    expect((await one.ask(hget('n'))).values).toEqual([integer(100)])
  })
})

test('on disk the memory of a mutation survives a restart', async () => {
  const data = temporaryFolder()
  const id = newClientId()
  const first = await startGateway({ data })
  const one = new Talker(await dial.ws(first.ws))
  await one.hello(id)
  const answers: Plain[] = []
  for (let mutation = 1; mutation <= 3; mutation++) answers.push(await one.ask({ ...increment('n'), mutation }))
  await one.ask(hset('a'))
  const refused = await one.ask({ ...hset('a', undefined, { ifAbsent: true }), mutation: 4 })
  await first.gateway.close()
  const second = await startGateway({ data })
  const two = new Talker(await dial.ws(second.ws))
  await two.hello(id)
  for (let mutation = 1; mutation <= 3; mutation++) {
    expect(await two.ask({ ...increment('n'), mutation, ageMs: 1_000 })).toEqual(answers[mutation - 1])
  }
  expect(await two.ask({ ...hset('a', undefined, { ifAbsent: true }), mutation: 4, ageMs: 9 })).toEqual(refused)
  expect((await two.ask({ ...increment('n'), mutation: 5 })).values).toEqual([integer(4)])
})
