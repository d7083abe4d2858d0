// hello, ping, cancel, and the commands on whole tables, through real sockets.
import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../../../proto/limits.ts'
import { version } from '../../../server/version.ts'
import { socketKinds, talk } from '../../helpers/talk.ts'
import { request } from '../../helpers/wire.ts'

const hset = (table: string, key: string) => ({ hset: { table, pair: { key, value: { integer: 1 } } } })

describe.each(socketKinds)('over %s', (kind) => {
  test('hello says who answers, on which store, and what it accepts', async () => {
    const { wire, another, started } = await talk(kind, { maxFrameBytes: 600_000, maxValueBytes: 300_000 })
    const { status, id, welcome } = await wire.ask({ hello: { version: 1, client: 'test/1' }, id: 5 })
    expect([status, id]).toEqual([200, 5])
    expect(welcome).toEqual({
      version: 1,
      server: `kvass/${version}`,
      session: expect.stringMatching(/^[0-9a-f]{32}$/),
      epoch: started.gateway.store.epoch,
      durability: 2,
      limits: {
        maxFrameBytes: 600_000,
        maxKeyBytes: defaultLimits.maxKeyBytes,
        maxValueBytes: 300_000,
        maxElements: defaultLimits.maxElements,
        maxRequests: defaultLimits.maxRequests,
      },
      leaseGraceMs: defaultLimits.leaseGraceMs,
      mutationWindowMs: defaultLimits.mutationWindowMs,
      mutationWindow: defaultLimits.mutationWindow,
    })
    // Version 0 is 1. The session is the connection's.
    expect((await wire.ask({ hello: {} })).welcome).toEqual(welcome)
    const other = await (await another()).ask({ hello: {} })
    expect(other.welcome.session).not.toBe(welcome.session)
    expect(other.welcome.epoch).toBe(welcome.epoch)
  })

  test('a version that it lacks ends the stream with 4426', async () => {
    const { wire } = await talk(kind)
    wire.send(
      Buffer.concat(
        [
          { ping: {}, id: 1 },
          { hello: { version: 2 }, id: 2 },
          { ping: {}, id: 3 },
        ].map(request),
      ),
    )
    expect(await wire.next()).toEqual({ status: 200, id: 1 })
    if (kind === 'tcp') expect(await wire.next()).toMatchObject({ status: 4426 })
    expect((await wire.closed).code).toBe(kind === 'ws' ? 4426 : undefined)
    expect(wire.frames.waiting).toHaveLength(0)
  })

  test('ping, and cancel of nothing', async () => {
    const { wire } = await talk(kind)
    expect(await wire.ask({ ping: {} })).toEqual({ status: 200 })
    expect(await wire.ask({ cancel: { request: 7 }, id: 8 })).toEqual({
      status: 404,
      message: 'This connection has nothing under way for a request 7.',
      id: 8,
    })
    expect(await wire.ask({ cancel: {} })).toMatchObject({ status: 404 })
    // A request does not end itself.
    expect(await wire.ask({ cancel: { request: 9 }, id: 9 })).toMatchObject({ status: 404, id: 9 })
  })

  test('tables lists names in order with counts and revisions', async () => {
    const { wire } = await talk(kind)
    expect(await wire.ask({ tables: {} })).toEqual({ status: 200 })
    for (const [table, key] of ['b1', 'a1', 'b2', 'b1', 'é1'].map((both) => [both[0]!, both[1]!]))
      await wire.ask(hset(table!, key!))
    await wire.ask({ hdel: { table: 'a', key: '1' } })
    expect((await wire.ask({ tables: {} })).tables).toEqual([
      { name: 'a', revision: '6' },
      { name: 'b', count: '2', revision: '4' },
      { name: 'é', count: '1', revision: '5' },
    ])
    expect((await wire.ask({ tables: { prefix: 'b' } })).tables).toEqual([{ name: 'b', count: '2', revision: '4' }])
    expect(await wire.ask({ tables: { prefix: 'c' } })).toEqual({ status: 200 })
  })

  test('drop removes a table, flush removes all', async () => {
    const { wire, another } = await talk(kind)
    for (const table of ['a', 'b', 'c']) for (const key of ['1', '2']) await wire.ask(hset(table, key))
    expect(await wire.ask({ drop: { table: 'a' } })).toEqual({ status: 200, count: '2', revision: '7', durability: 2 })
    expect(await wire.ask({ drop: { table: 'a' } })).toEqual({ status: 200, revision: '7', durability: 2 })
    expect(await wire.ask({ hget: { table: 'a', key: '1' } })).toMatchObject({ status: 404 })
    const other = await another()
    expect((await other.ask({ tables: {} })).tables.map(({ name }: { name: string }) => name)).toEqual(['b', 'c'])
    // The name is free at once.
    expect(await other.ask(hset('a', '3'))).toMatchObject({ status: 200, values: [{}], revision: '8' })
    expect(await wire.ask({ count: { table: 'a' } })).toEqual({ status: 200, count: '1' })
    expect(await wire.ask({ flush: {} })).toEqual({ status: 200, count: '5', revision: '11', durability: 2 })
    expect(await wire.ask({ tables: {} })).toEqual({ status: 200 })
    expect(await wire.ask({ drop: {} })).toMatchObject({ status: 400, message: expect.stringContaining('table name') })
  })
})
