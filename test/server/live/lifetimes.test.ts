// Entries that end by themselves: by their ttl, in the store's own clock, or with their client's session.
import { describe, expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../../../proto/limits.ts'
import { Connections } from '../../../server/connection/connections.ts'
import type { TimeSource } from '../../../server/data/clock.ts'
import { silentLog } from '../../../server/log.ts'
import { Meter } from '../../../server/service/meter.ts'
import { type Log, Service } from '../../../server/service/service.ts'
import { openDisk } from '../../../server/store/disk/engine.ts'
import { MemoryEngine } from '../../../server/store/memory/engine.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { newClientId, Talker } from '../../helpers/live.ts'
import { HeldTransport } from '../../helpers/loop.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { until } from '../../helpers/until.ts'
import { dial, type Plain } from '../../helpers/wire.ts'
import { engines, hdel, hget, hset, integer, stage, table } from './talk.ts'

const gone = async (client: Talker, key: string) => (await client.ask(hget(key))).status === 404

describe.each(engines)('ttl on %s', (engine) => {
  test('is read back with the entry, and its end is seen by readers and watchers', async () => {
    const client = await (await stage(engine)).client()
    const watching = client.watch({ table })
    await watching.synced()
    await client.ask(hset('a', { string: 'v' }, { ttlMs: 400 }))
    const { values, revision } = await client.ask(hget('a'))
    expect(values[0]).toMatchObject({ string: 'v', ttlMs: expect.any(String) })
    expect(Number(values[0].ttlMs)).toBeLessThanOrEqual(400)
    await watching.reach(Number(revision))
    expect(Number(watching.state.get('a').ttlMs)).toBeLessThanOrEqual(400)
    await until('the end of a', () => gone(client, 'a'))
    await watching.until(({ changes }) => changes?.[0]?.deleted)
    expect(watching.changes.map(({ deleted }) => deleted ?? false)).toEqual([false, true])
    const revisions = watching.changes.map((change) => Number(change.revision))
    expect(revisions[1]).toBeGreaterThan(revisions[0]!)
    expect(await client.ask({ count: { table } })).toEqual({ status: 200 })
  })

  test('goes when the entry is written again, and stays over an increment', async () => {
    const client = await (await stage(engine)).client()
    await client.ask(hset('plain', integer(1), { ttlMs: 150 }))
    await client.ask(hset('plain', integer(2)))
    await client.ask(hset('longer', integer(1), { ttlMs: 150 }))
    await client.ask(hset('longer', integer(1), { ttlMs: 60_000 }))
    await client.ask(hset('counted', integer(1), { ttlMs: 150 }))
    await client.ask({ increment: { table, key: 'counted' } })
    await client.ask(hset('recounted', integer(1), { ttlMs: 150 }))
    await client.ask({ increment: { table, key: 'recounted', ttlMs: 60_000 } })
    await client.ask({
      hmset: {
        table,
        pairs: [
          { key: 'm1', value: integer(1) },
          { key: 'm2', value: integer(1) },
        ],
        ttlMs: 150,
      },
    })
    await client.ask({ transaction: { writes: [{ table, key: 't1', value: integer(1), ttlMs: 150 }] } })
    await client.ask(hset('deleted', integer(1), { ttlMs: 150 }))
    await client.ask(hdel('deleted'))
    for (const key of ['counted', 'm1', 'm2', 't1']) await until(`the end of ${key}`, () => gone(client, key))
    for (const key of ['plain', 'longer', 'recounted']) expect(await gone(client, key), key).toBe(false)
    expect((await client.ask(hget('plain'))).values).toEqual([integer(2)])
    await until('an index without them', async () => (await client.ask({ count: { table } })).count === '3')
  })

  test('many keys at once: each is removed once', async () => {
    const { client: open, started } = await stage(engine)
    const client = await open()
    const watching = client.watch({ table })
    await watching.synced()
    const count = 10_000
    for (let from = 0; from < count; from += 500) {
      const pairs = Array.from({ length: 500 }, (_none, index) => ({ key: `${from + index}`, value: integer(1) }))
      client.send({ hmset: { table, pairs, ttlMs: 1_500 } })
    }
    await until('all of them in', () => started.gateway.store.revisionOf('t') > 20, 10_000)
    await until('none of them left', () => started.gateway.store.count(table) === 0, 20_000)
    await until('none in the index', () => started.gateway.store.count('\0expiry') === 0, 20_000)
    const removed = new Map<string, number>()
    while (removed.size < count) {
      for (const { key, deleted } of (await watching.next()).changes ?? []) {
        if (deleted) removed.set(key, (removed.get(key) ?? 0) + 1)
      }
    }
    expect([...removed.values()].every((times) => times === 1)).toBe(true)
    // The sweeper goes on behind the deleted entries of its index.
    await client.ask(hset('later', integer(1), { ttlMs: 50 }))
    await until('the end of a later one', () => started.gateway.store.count(table) === 0)
  })

  test('the longest names and keys have a ttl and a lease as well', async () => {
    const client = await (await stage(engine)).client()
    await client.hello()
    const name = 'n'.repeat(255)
    const key = 'k'.repeat(1_024)
    expect(await client.ask(hset(key, integer(1), { ttlMs: 100, lease: true }, name))).toMatchObject({ status: 200 })
    await until('its end', async () => (await client.ask(hget(key, name))).status === 404)
  })

  test('stays with `keep`, whoever writes, and a lease does too', async () => {
    const { client } = await stage(engine, { leaseGraceMs: 50 })
    const [owner, editor] = [await client(), await client()]
    await owner.hello()
    await editor.hello()
    await owner.ask(hset('a', integer(1), { ttlMs: 60_000, lease: true }))
    const { revision } = await owner.ask(hget('a'))
    const kept = await editor.ask(hset('a', { string: 'edited' }, { ifRevision: revision, keep: true }))
    expect(kept).toMatchObject({ status: 200 })
    const { values } = await editor.ask(hget('a'))
    expect(values).toEqual([{ string: 'edited', ttlMs: expect.any(String), leased: true }])
    expect(Number(values[0].ttlMs)).toBeGreaterThan(50_000)
    await owner.ask(hset('brief', integer(1), { ttlMs: 200 }))
    await editor.ask(hset('brief', integer(2), { keep: true }))
    await editor.ask(hset('new', integer(1), { keep: true }))
    expect((await editor.ask(hget('new'))).values).toEqual([integer(1)])
    for (const more of [{ ttlMs: 1 }, { lease: true }]) {
      expect(await editor.ask(hset('a', integer(1), { keep: true, ...more }))).toMatchObject({ status: 400 })
    }
    await until('the expiry that was kept', () => gone(editor, 'brief'))
    owner.wire.end()
    await until('the end of the lease that was kept', () => gone(editor, 'a'))
    expect(await gone(editor, 'new')).toBe(false)
  })

  test('an impossible ttl is refused', async () => {
    const client = await (await stage(engine)).client()
    const requests: Plain[] = [
      hset('a', integer(1), { ttlMs: 2 ** 62 }),
      { increment: { table, key: 'a', ttlMs: 2 ** 62 } },
      { hmset: { table, pairs: [{ key: 'a' }], ttlMs: 2 ** 62 } },
    ]
    for (const request of requests) expect(await client.ask(request)).toMatchObject({ status: 400 })
  })
})

/** A machine's clocks in the test's hands. */
class Clocks implements TimeSource {
  monotonic = 1_000
  wall = 1_700_000_000_000
  bootId = 'first'
  monotonicMs = () => this.monotonic
  wallMs = () => this.wall
  boot = () => this.bootId

  pass(ms: number): void {
    this.monotonic += ms
    this.wall += ms
  }

  /** The machine goes down for so long; its monotonic clock begins again. */
  reboot(downMs: number): void {
    this.wall += downMs
    this.monotonic = 5
    this.bootId += '+'
  }
}

/** A gateway without sockets whose time is the test's. The sweeper's timers are real: it is as late as can be. */
async function clocked(time: TimeSource, data?: string, log: Log = silentLog) {
  const store = data === undefined ? new MemoryEngine() : await openDisk({ directory: data, durability: 'flush' })
  const limits = { ...defaultLimits, sliceMs: 60_000 }
  const meter = new Meter()
  const service = new Service({ store, limits, meter, log, version: '0.0.0', time })
  const connections = new Connections({ service, store, limits, meter, log: silentLog })
  const transport = new HeldTransport()
  connections.accept(transport)
  const ask = async (message: Plain): Promise<Plain> => {
    const before = transport.replies.length
    transport.receive(message)
    await until('the reply', () => transport.replies.length > before)
    return transport.replies[before]
  }
  const close = async () => {
    service.close()
    await store.close()
  }
  let closed: Promise<void> | undefined
  const closeOnce = () => (closed ??= close())
  onTestFinished(closeOnce)
  return { ask, close: closeOnce }
}

test('an expired entry is never readable, however late the sweeper is', async () => {
  const time = new Clocks()
  const { ask } = await clocked(time)
  await ask(hset('a', { string: 'x' }, { ttlMs: 100_000 }))
  await ask(hset('b', { string: 'y' }))
  time.pass(99_999.5)
  expect((await ask(hget('a'))).values).toEqual([{ string: 'x', ttlMs: '0' }])
  time.pass(0.5)
  expect(await ask(hget('a'))).toMatchObject({ status: 404 })
  expect((await ask({ hmget: { table, keys: ['a', 'b'] } })).values).toEqual([{}, { string: 'y' }])
  expect((await ask({ hexist: { table, key: 'a' } })).values).toEqual([{ bool: false }])
  expect((await ask({ hmexist: { table, keys: ['a', 'b'] } })).values).toEqual([{ bool: false }, { bool: true }])
  const onlyB = [expect.objectContaining({ key: 'b' })]
  expect((await ask({ hgetall: { table } })).pairs).toEqual(onlyB)
  expect((await ask({ range: { table } })).pairs).toEqual(onlyB)
  expect((await ask({ range: { table, keysOnly: true } })).pairs).toEqual(onlyB)
  expect((await ask({ range: { table, reverse: true, limit: 1, keysOnly: true } })).pairs).toEqual(onlyB)
  expect(await ask({ count: { table, prefix: 'a' } })).toEqual({ status: 200 })
  expect((await ask({ watch: { table }, id: 1 })).changes).toEqual(onlyB)
})

test('writes over an expired entry find none', async () => {
  const time = new Clocks()
  const { ask } = await clocked(time)
  const expire = async (key: string) => {
    await ask(hset(key, integer(7), { ttlMs: 100_000 }))
    time.pass(100_000)
  }
  await expire('a')
  expect(await ask(hset('a', integer(1), { ifRevision: 1 }))).toMatchObject({ status: 409, values: [{}] })
  expect(await ask(hset('a', integer(1), { ifAbsent: true }))).toMatchObject({ status: 200, values: [{}] })
  await expire('b')
  expect((await ask(hset('b', integer(1)))).values).toEqual([{}])
  await expire('c')
  expect((await ask(hdel('c'))).values).toEqual([{}])
  await expire('d')
  expect((await ask({ increment: { table, key: 'd' } })).values).toEqual([integer(1)])
  expect((await ask(hget('d'))).values).toEqual([integer(1)])
  await expire('e')
  const check = { checks: [{ table, key: 'e' }], writes: [{ table, key: 'e', value: integer(2) }] }
  expect(await ask({ transaction: check })).toMatchObject({ status: 200, values: [{}] })
  await expire('f')
  expect((await ask({ hmset: { table, pairs: [{ key: 'f', value: integer(3) }] } })).values).toEqual([{}])
})

test('jumps of the wall clock move no expiry', async () => {
  for (const jump of [3_600_000, -3_600_000, 86_400_000, -86_400_000, 315_360_000_000, -315_360_000_000]) {
    const time = new Clocks()
    const data = temporaryFolder()
    const first = await clocked(time, data)
    await first.ask(hset('a', integer(1), { ttlMs: 100_000 }))
    time.wall += jump
    time.pass(40_000)
    expect((await first.ask(hget('a'))).values[0].ttlMs, `${jump}`).toBe('60000')
    await first.close()
    // Also while the gateway is down, as long as the machine is up.
    time.wall += jump
    time.pass(40_000)
    const second = await clocked(time, data)
    expect((await second.ask(hget('a'))).values[0].ttlMs, `${jump}`).toBe('20000')
    time.pass(20_000)
    expect(await second.ask(hget('a'))).toMatchObject({ status: 404 })
    await second.close()
  }
})

test('the time that the machine was down counts; what the wall clock does later does not', async () => {
  const time = new Clocks()
  const data = temporaryFolder()
  const first = await clocked(time, data)
  await first.ask(hset('a', integer(1), { ttlMs: 100_000 }))
  time.pass(10_000)
  await first.close()
  time.reboot(30_000)
  const second = await clocked(time, data)
  expect((await second.ask(hget('a'))).values[0].ttlMs).toBe('60000')
  await second.close()
  time.wall += 10_000_000
  time.pass(1_000)
  const third = await clocked(time, data)
  expect((await third.ask(hget('a'))).values[0].ttlMs).toBe('59000')
})

test('a wall clock that is years ahead at one boot ends nothing that has more than a week', async () => {
  const time = new Clocks()
  const data = temporaryFolder()
  const day = 86_400_000
  const first = await clocked(time, data)
  await first.ask(hset('hours', integer(1), { ttlMs: 3_600_000 }))
  await first.ask(hset('month', integer(1), { ttlMs: 30 * day }))
  await first.close()
  time.reboot(3650 * day)
  const warnings: object[] = []
  const second = await clocked(time, data, { ...silentLog, warn: (details) => void warnings.push(details) })
  expect(await second.ask(hget('hours'))).toMatchObject({ status: 404 })
  expect((await second.ask(hget('month'))).values[0].ttlMs).toBe(`${23 * day}`)
  expect(warnings).toEqual([{ skippedSeconds: 3643 * 86_400, maxDowntimeSeconds: 7 * 86_400 }])
  await second.close()
  // The clock is put right, and the machine starts once more: nothing ages twice, and nothing comes back.
  time.reboot(-3650 * day)
  const third = await clocked(time, data)
  expect((await third.ask(hget('month'))).values[0].ttlMs).toBe(`${23 * day}`)
})

test('on disk the time goes on while the gateway is down', async () => {
  const data = temporaryFolder()
  const first = await startGateway({ data })
  const writer = new Talker(await dial.ws(first.ws))
  await writer.ask(hset('short', integer(1), { ttlMs: 300 }))
  await writer.ask(hset('long', integer(1), { ttlMs: 60_000 }))
  const { ttlMs: before } = (await writer.ask(hget('long'))).values[0]
  const closedAt = performance.now()
  await first.gateway.close()
  await until('the end of its time', () => performance.now() > closedAt + 400)
  const second = await startGateway({ data })
  const reader = new Talker(await dial.ws(second.ws))
  expect(await reader.ask(hget('short'))).toMatchObject({ status: 404 })
  const { ttlMs: after } = (await reader.ask(hget('long'))).values[0]
  expect(Number(before) - Number(after)).toBeGreaterThanOrEqual(400)
  const watching = reader.watch({ table })
  await watching.synced()
  expect([...watching.state.keys()]).toEqual(['long'])
  await until('the removal', () => second.gateway.store.count(table) === 1)
})

const leaseGraceMs = 300

describe.each(engines)('leases on %s', (engine) => {
  test('an entry goes a grace after its client, and each removal is one ordered change', async () => {
    const { client } = await stage(engine, { leaseGraceMs })
    const [leaver, watcher] = [await client(), await client()]
    await leaver.hello()
    const watching = watcher.watch({ table })
    await watching.synced()
    for (let index = 0; index < 100; index++) await leaver.ask(hset(`${index}`, { string: 'x' }, { lease: true }))
    expect((await watcher.ask(hget('5'))).values).toEqual([{ string: 'x', leased: true }])
    await leaver.ask(hset('stays'))
    leaver.wire.end()
    await leaver.wire.closed
    const removed: string[] = []
    let last = 0
    while (removed.length < 100) {
      for (const { key, deleted, revision } of (await watching.next()).changes ?? []) {
        if (!deleted) continue
        removed.push(key)
        expect(Number(revision)).toBeGreaterThanOrEqual(last)
        last = Number(revision)
      }
    }
    expect(new Set(removed).size).toBe(100)
    expect([...watching.state.keys()]).toEqual(['stays'])
    expect(watching.responses.waiting).toEqual([])
  })

  test('a client that is back within the grace keeps them, on any connection', async () => {
    const { client, started } = await stage(engine, { leaseGraceMs })
    const id = newClientId()
    const [first, witness] = [await client(), await client()]
    await first.hello(id)
    await first.ask(hset('a', undefined, { lease: true }))
    await witness.hello()
    await witness.ask(hset('w', undefined, { lease: true }))
    for (let round = 0; round < 3; round++) {
      const next = await client()
      await next.hello(id)
      first.wire.end()
      await next.ask({ ping: {} })
    }
    witness.wire.end()
    // The witness's grace is over, and so would be that of the other.
    await until('the end of the witness', () => started.gateway.store.count(table) === 1)
    expect(await (await client()).ask(hget('a'))).toMatchObject({ status: 200 })
  })

  test('what another client wrote over, or released, is not the lease any more', async () => {
    const { client, started } = await stage(engine, { leaseGraceMs })
    const [one, two] = [await client(), await client()]
    await one.hello()
    await two.hello()
    for (const key of ['plain', 'theirs', 'conditional', 'own', 'goes', 'deleted']) {
      await one.ask(hset(key, undefined, { lease: true }))
    }
    await two.ask(hset('plain', integer(1)))
    await two.ask(hset('theirs', integer(1), { lease: true }))
    const { revision } = await two.ask(hget('conditional'))
    await two.ask(hset('conditional', integer(1), { ifRevision: revision }))
    await one.ask(hset('own', integer(1)))
    await one.ask(hdel('deleted'))
    one.wire.end()
    await until('the end of what is left', () => started.gateway.store.count(table) === 4)
    expect(await two.ask(hget('goes'))).toMatchObject({ status: 404 })
    await until('an index of one', () => started.gateway.store.count('\0leases') === 1)
    two.wire.end()
    await until('the end of theirs', () => started.gateway.store.count(table) === 3)
  })

  test('ttl and lease together: whichever ends first', async () => {
    const { client, started } = await stage(engine, { leaseGraceMs })
    const one = await client()
    await one.hello()
    await one.ask(hset('a', undefined, { lease: true, ttlMs: 100 }))
    expect((await one.ask(hget('a'))).values[0]).toMatchObject({ leased: true, ttlMs: expect.any(String) })
    await until('the end of its time', () => gone(one, 'a'))
    await one.ask(hset('b', undefined, { lease: true, ttlMs: 600_000 }))
    one.wire.end()
    await until('the end of the session', () => started.gateway.store.count(table) === 0)
    await until('empty indexes', () => started.gateway.store.count('\0leases') === 0)
  })

  test('many leases written over and over do not hide those that are to end', async () => {
    const { client, started } = await stage(engine, { leaseGraceMs: 50 })
    const one = await client()
    await one.hello()
    for (let from = 0; from < 6_000; from += 100) {
      const writes = Array.from({ length: 100 }, (_none, index) => ({
        table,
        key: `${from + index}`,
        value: integer(1),
        lease: true,
      }))
      one.send({ transaction: { writes } })
      one.send({ hmdel: { table, keys: writes.map(({ key }) => key) } })
    }
    await one.ask(hset('zz', undefined, { lease: true }))
    one.wire.end()
    await until('the end of the last', () => started.gateway.store.count(table) === 0, 10_000)
  })

  test('without a client id a lease is refused', async () => {
    const client = await (await stage(engine)).client()
    expect(await client.ask(hset('a', undefined, { lease: true }))).toMatchObject({ status: 400 })
  })
})

test('on disk a restart gives the grace again', async () => {
  const data = temporaryFolder()
  const [back, away] = [newClientId(), newClientId()]
  const first = await startGateway({ data, leaseGraceMs: 600 })
  for (const id of [back, away]) {
    const client = new Talker(await dial.ws(first.ws))
    await client.hello(id)
    await client.ask(hset(id, undefined, { lease: true }))
  }
  await first.gateway.close()
  const second = await startGateway({ data, leaseGraceMs: 600 })
  const client = new Talker(await dial.ws(second.ws))
  await client.hello(back)
  expect(await client.ask(hget(away))).toMatchObject({ status: 200 })
  const watching = client.watch({ table })
  await watching.synced()
  await watching.until(({ changes }) => changes?.[0]?.deleted)
  expect([...watching.state.keys()]).toEqual([back])
})
