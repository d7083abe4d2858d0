// The SDK's live half and the real gateway, on both engines: watches and live maps through restarts and kills, writes
// that have their effect once, conditions, transactions, updates, expiry, presence.
import { expect, test } from 'vitest'
import { connect } from '../../../web/sdk/node.ts'
import type { Change, ConnectOptions, Kvass } from '../../../web/sdk/types.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { startProxy } from '../../helpers/proxy.ts'
import { until } from '../../helpers/until.ts'

const quick = { baseMs: 5, maxMs: 50 }

function connected(url: string, options: ConnectOptions = {}): Kvass {
  const kv = connect(url, { reconnect: quick, ...options })
  whenOver(() => kv.close())
  return kv
}

const portOf = (url: string) => Number(new URL(url).port)

for (const store of ['memory', 'disk'] as const) {
  test(`a watch hears what there is, and then every change as it is (${store})`, async () => {
    const kv = connected((await startGateway({ store })).ws)
    const table = kv.table<number>('t')
    await table.setMany([
      ['a', 1],
      ['b', 2],
      ['other', 3],
    ])
    const changes: Change<number>[] = []
    const watch = table.watch((change) => void changes.push(change), { prefix: '' })
    const one = table.watch({ key: 'b' })
    await watch.ready
    await until('it is current', () => changes.at(-1)?.type === 'synced')
    expect(changes.map(({ type, key }) => [type, key])).toEqual([
      ['reset', undefined],
      ['set', 'a'],
      ['set', 'b'],
      ['set', 'other'],
      ['synced', undefined],
    ])
    changes.length = 0
    await table.set('c', 4)
    await kv.transaction((tx) => tx.set(table, 'd', 5).delete(table, 'a'))
    await table.drop()
    await table.set('after', 1)
    await until('all was heard', () => changes.at(-1)?.key === 'after')
    expect(changes.map(({ type, key, more }) => [type, key, more])).toEqual([
      ['set', 'c', false],
      ['set', 'd', true],
      ['delete', 'a', false],
      ['reset', undefined, true],
      ['synced', undefined, false],
      ['set', 'after', false],
    ])
    const seen: unknown[] = []
    for await (const { type, key } of one) {
      seen.push([type, key])
      if (seen.length === 5) break
    }
    expect(seen).toEqual([
      ['reset', undefined],
      ['set', 'b'],
      ['synced', undefined],
      ['reset', undefined],
      ['synced', undefined],
    ])
  })

  test(`conditions, increments and expiry (${store})`, async () => {
    const kv = connected((await startGateway({ store })).ws)
    const table = kv.table<unknown>('t')
    const revision = await table.set('a', 'first', { ifAbsent: true })
    const entry = { table: 't', key: 'a', value: 'first', revision }
    const inTheWay = { status: 409, retryable: false, entry }
    await expect(table.set('a', 'x', { ifAbsent: true })).rejects.toMatchObject(inTheWay)
    await expect(table.set('a', 'x', { ifRevision: 0 })).rejects.toMatchObject(inTheWay)
    await expect(table.set('a', 'x', { ifRevision: revision + 1 })).rejects.toMatchObject(inTheWay)
    await expect(table.delete('a', { ifRevision: revision + 1 })).rejects.toMatchObject(inTheWay)
    await expect(table.delete('none', { ifRevision: 1 })).rejects.toMatchObject({ status: 409, entry: undefined })
    await expect(table.set('none', 1, { ifRevision: 1 })).rejects.toMatchObject({ status: 409, entry: undefined })
    expect(await table.get('a')).toEqual(entry)
    const second = await table.set('a', null, { ifRevision: revision })
    await expect(table.set('a', 1, { ifAbsent: true })).rejects.toMatchObject({
      entry: { value: null, revision: second },
    })
    expect(await table.delete('a', { ifRevision: second })).toBe(true)
    expect(await table.set('b', 1, { ifRevision: 0 })).toBeGreaterThan(second)
    const refused = { status: 400 }
    await expect(table.set('a', 1, { ifRevision: -1 })).rejects.toMatchObject(refused)
    await expect(table.delete('a', { ifRevision: 0 })).rejects.toMatchObject(refused)
    await expect(table.set('a', 1, { ttl: 0 })).rejects.toMatchObject(refused)
    await expect(table.set('a', 1, { ttl: Number.NaN })).rejects.toMatchObject(refused)
    await expect(table.set('a', 1, { ifRevision: 1, ifAbsent: true })).rejects.toMatchObject(refused)

    expect(await table.increment('n')).toBe(1)
    expect(await table.increment('n', -3)).toBe(-2)
    expect(await table.increment('n', 2n ** 62n)).toBe(2n ** 62n - 2n)
    await expect(table.increment('n', 2n ** 62n + 2n)).rejects.toMatchObject({ status: 409 })
    await expect(table.increment('n', 0.5)).rejects.toMatchObject({ status: 409 })
    await table.set('balance', 10)
    await expect(table.increment('balance', 0.5, { keepType: true })).rejects.toMatchObject({ status: 409 })
    const keeping = kv.transaction((tx) => tx.increment(table, 'balance', 0.5, { keepType: true }))
    await expect(keeping).rejects.toMatchObject({ status: 409 })
    expect(await table.increment('balance', 0.5)).toBe(10.5)
    expect(await table.increment('balance', 1, { keepType: true })).toBe(11.5)
    expect(await table.increment('f', 0.5)).toBe(0.5)
    expect(await table.increment('f', 2)).toBe(2.5)
    await table.set('text', 'x')
    await expect(table.increment('text')).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('does not hold a number'),
    })

    const changes: Change[] = []
    const watch = kv.table('t').watch((change) => void changes.push(change), { prefix: 'e' })
    await watch.ready
    await table.set('e1', 1, { ttl: 60_000 })
    await table.setMany([['e2', 2]], { ttl: 40 })
    const { ttl } = (await table.get('e1'))!
    expect(ttl).toBeGreaterThan(50_000)
    expect(ttl).toBeLessThanOrEqual(60_000)
    expect(await table.increment('e1')).toBe(2)
    expect((await table.get('e1'))!.ttl).toBeLessThanOrEqual(60_000)
    await table.update('e1', (value) => (value as number) + 1)
    expect(await table.get('e1')).toMatchObject({ value: 3, ttl: expect.any(Number) })
    await until('the expiry was seen', () => changes.some(({ type, key }) => type === 'delete' && key === 'e2'))
    expect(await table.get('e2')).toBeUndefined()
    expect(await table.increment('e1', 1, { ttl: 5_000 })).toBe(4)
    expect((await table.get('e1'))!.ttl).toBeLessThanOrEqual(5_000)
    await table.set('e1', 1)
    expect((await table.get('e1'))!.ttl).toBeUndefined()
  })

  test(`transactions: all or nothing, over tables, with the failed checks named (${store})`, async () => {
    const kv = connected((await startGateway({ store })).ws)
    const [users, counters] = [kv.table<string>('users'), kv.table<number>('counters')]
    await users.set('ann', 'Ann')
    const ann = (await users.get('ann'))!
    const revision = await kv.transaction((tx) =>
      tx
        .check(ann)
        .check({ table: users, key: 'bob' })
        .set(users, 'bob', 'Bob', { ttl: 60_000 })
        .delete('users', 'ann')
        .increment(counters, 'users', 2)
        .set('counters', 'raw', { any: 'thing' }),
    )
    expect(await users.getMany(['ann', 'bob'])).toMatchObject([undefined, { value: 'Bob', revision }])
    expect((await users.get('bob'))!.ttl).toBeGreaterThan(0)
    expect(await counters.getMany(['users', 'raw'])).toMatchObject([
      { value: 2, revision },
      { value: { any: 'thing' } },
    ])
    const failed = kv.transaction((tx) =>
      tx
        .check(ann)
        .check({ table: 'users', key: 'bob', revision })
        .check({ table: 'counters', key: 'users' })
        .set(users, 'x', 'y'),
    )
    await expect(failed).rejects.toMatchObject({
      status: 409,
      message: 'Checks that failed: "ann" of "users", "users" of "counters".',
      failed: [
        { table: 'users', key: 'ann', revision: ann.revision },
        { table: 'counters', key: 'users', revision: 0 },
      ],
    })
    expect(await users.has('x')).toBe(false)
    await expect(kv.transaction((tx) => tx.increment(users, 'bob'))).rejects.toMatchObject({ status: 409, failed: [] })
    await expect(kv.transaction((tx) => tx.set(users, '', 'x'))).rejects.toMatchObject({ status: 400 })
    await expect(kv.transaction((tx) => tx.set(users, 'a', 'x').delete(users, 'a'))).rejects.toMatchObject({
      status: 400,
    })
    const many = kv.transaction((tx) => {
      for (let at = 0; at < 129; at++) tx.set(counters, `k${at}`, at)
    })
    await expect(many).rejects.toMatchObject({ status: 413 })
    await expect(kv.transaction(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    const checked = await kv.transaction(async (tx) => tx.check((await users.get('bob'))!))
    expect(checked).toBeGreaterThanOrEqual(revision)
  })

  test(`100 updates of one counter at once end exact, from two clients (${store})`, async () => {
    const { ws } = await startGateway({ store })
    const tables = [connected(ws), connected(ws)].map((kv) => kv.table<number>('t'))
    await Promise.all(Array.from({ length: 100 }, (_, at) => tables[at % 2]!.update('n', (value = 0) => value + 1)))
    expect((await tables[0]!.get('n'))!.value).toBe(100)
    let tries = 0
    const hopeless = tables[0]!.update(
      'n',
      async (value) => {
        tries++
        await tables[1]!.increment('n')
        return value
      },
      { retries: 2 },
    )
    await expect(hopeless).rejects.toMatchObject({ status: 409, entry: { value: 103 } })
    expect(tries).toBe(3)
    const { revision } = (await tables[0]!.get('n'))!
    expect(await tables[0]!.update('n', () => undefined)).toBe(revision)
    expect(await tables[0]!.update('none', () => undefined)).toBe(0)
    await expect(tables[0]!.update('n', () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    const controller = new AbortController()
    const aborted = tables[0]!.update(
      'n',
      async (value) => {
        await tables[1]!.increment('n')
        controller.abort(new Error('enough'))
        return value
      },
      { signal: controller.signal },
    )
    await expect(aborted).rejects.toThrow('enough')
  }, 20_000)
}

test('presence: joined, seen, updated, left; a client that dies goes within the grace, one that reconnects stays', async () => {
  const { ws } = await startGateway({ store: 'memory', leaseGraceMs: 1_500 })
  const proxy = await startProxy(portOf(ws))
  const [watcher, ann, bob] = [connected(ws), connected(`ws://127.0.0.1:${proxy.port}`), connect(ws)]
  whenOver(() => bob.close())
  const room = watcher.presence<{ name: string }>('room')
  const changes: Change<{ name: string }>[] = []
  const live = room.live()
  const watch = room.watch((change) => void changes.push(change))
  await Promise.all([live.ready, watch.ready])
  const member = await ann.presence<{ name: string }>('room').join({ name: 'Ann' })
  await bob.presence<{ name: string }>('room').join({ name: 'Bob' })
  const names = () => [...live.values()].map(({ value }) => value.name).sort()
  await until('both are there', () => live.size === 2)
  expect(names()).toEqual(['Ann', 'Bob'])
  expect(live.get(member.id)).toMatchObject({ leased: true, key: member.id })
  expect((await room.list()).map(({ key }) => key)).toContain(member.id)
  await member.update({ name: 'Anna' })
  await until('the update is seen', () => names()[0] === 'Anna')

  const before = changes.length
  const reopened = new Promise((resolve) => ann.on('open', resolve))
  proxy.cut()
  await reopened
  await ann.ping()
  await bob.close()
  await until('Bob is gone', () => live.size === 1)
  expect(names()).toEqual(['Anna'])
  // Nothing of the one that came back was heard: no flicker.
  expect(changes.slice(before).filter(({ key }) => key === member.id)).toEqual([])
  await member.leave()
  await until('all have left', () => live.size === 0)
  proxy.cut()
  await new Promise((resolve) => ann.on('open', resolve))
  await ann.ping()
  expect(await room.list()).toEqual([])
}, 20_000)

test('a member that was away for longer than the grace joins again', async () => {
  const { ws } = await startGateway({ store: 'memory', leaseGraceMs: 30 })
  const proxy = await startProxy(portOf(ws))
  const ann = connected(`ws://127.0.0.1:${proxy.port}`)
  const live = connected(ws).presence('room').live()
  const member = await ann.presence('room').join('Ann')
  await until('she is there', () => live.has(member.id))
  proxy.isOpen = false
  proxy.cut()
  await until('she is gone', () => live.size === 0)
  proxy.isOpen = true
  await until('she is back', () => live.get(member.id)?.value === 'Ann')
})
