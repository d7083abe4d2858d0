// Watches through a real gateway on both engines: where they begin, what they bring, and what they survive.
import { describe, expect, test, vi } from 'vitest'
import { startGateway } from '../../helpers/gateway.ts'
import { phases, Talker, type Watching } from '../../helpers/live.ts'
import { startLoop, turns } from '../../helpers/loop.ts'
import { Random } from '../../helpers/random.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { until } from '../../helpers/until.ts'
import { dial, type Plain, request } from '../../helpers/wire.ts'
import { engines, hdel, hget, hset, integer, stage, table } from './talk.ts'

const keys = (watching: Watching) => [...watching.state.keys()].sort()

/** Revisions must grow from change to change, and those of one revision be in one response. */
function expectWhole(responses: readonly Plain[]): void {
  let last = 0
  for (const { changes } of responses) {
    if (!changes) continue
    expect(Number(changes[0].revision)).toBeGreaterThan(last)
    for (const { revision } of changes) {
      expect(Number(revision)).toBeGreaterThanOrEqual(last)
      last = Number(revision)
    }
  }
}

describe.each(engines)('on %s', (engine) => {
  test('a small change never overtakes a large one that is still being compressed', async () => {
    const { client } = await stage(engine)
    const [writer, reader] = [await client(), await client()]
    const watching = reader.watch({ table })
    await watching.synced()
    const large = { string: 'It takes the thread pool a while. '.repeat(5_000) }
    for (let round = 0; round < 20; round++) {
      await writer.ask(hset('large', large))
      await writer.ask(hset('small'))
    }
    await watching.reach(40)
    expect(watching.changes.map(({ revision }: Plain) => Number(revision))).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    )
  })

  test('a snapshot, then synced, then every change', async () => {
    const { client } = await stage(engine)
    const [writer, reader] = [await client(), await client()]
    for (const key of ['a1', 'a2', 'b1']) await writer.ask(hset(key))
    await writer.ask(hdel('a2'))
    const [all, prefix, one, bare] = [
      reader.watch({ table }),
      reader.watch({ table, prefix: 'a' }),
      reader.watch({ table, key: 'b1' }),
      reader.watch({ table, keysOnly: true }),
    ]
    for (const watching of [all, prefix, one, bare]) {
      expect((await watching.next()).phase).toBe(phases.snapshot)
      expect(await watching.synced()).toMatchObject({ phase: phases.synced, revision: '4' })
    }
    expect([keys(all), keys(prefix), keys(one), keys(bare)]).toEqual([['a1', 'b1'], ['a1'], ['b1'], ['a1', 'b1']])
    expect([one.state.get('b1'), bare.state.get('b1')]).toEqual([{ string: 'b1' }, {}])

    await writer.ask(hset('a3'))
    await writer.ask(hdel('b1'))
    await writer.ask(hset('b1', { bool: true }))
    const id = (watching: Watching) => ({ id: watching.id, status: 200 })
    for (const watching of [all, bare]) await watching.reach(7)
    const changes = all.changes.slice(-3)
    expect(changes).toEqual([
      { key: 'a3', revision: '5', value: { string: 'a3' } },
      { key: 'b1', revision: '6', deleted: true },
      { key: 'b1', revision: '7', value: { bool: true } },
    ])
    expect(bare.changes.slice(-3)).toEqual(changes.map(({ value, ...rest }: Plain) => rest))
    expect(await prefix.next()).toEqual({ ...id(prefix), changes: [changes[0]], revision: '5' })
    await one.reach(7)
    expect(one.changes.slice(-2)).toEqual(changes.slice(1))
  })

  test('from a revision on: what changed since, each key once, in its latest state', async () => {
    const { client } = await stage(engine)
    const [writer, reader] = [await client(), await client()]
    for (const key of ['a', 'b', 'c', 'd']) await writer.ask(hset(key))
    for (const value of ['1', '2', '3']) await writer.ask(hset('b', { string: value }))
    await writer.ask(hdel('c'))
    await writer.ask(hset('e'))
    await writer.ask(hdel('e'))
    const watching = reader.watch({ table, since: 3 })
    expect((await watching.next()).phase).toBe(phases.difference)
    await watching.synced()
    expect(watching.changes).toEqual([
      { key: 'd', revision: '4', value: { string: 'd' } },
      { key: 'b', revision: '7', value: { string: '3' } },
      { key: 'c', revision: '8', deleted: true },
      { key: 'e', revision: '10', deleted: true },
    ])
    const current = reader.watch({ table, since: 10 })
    await current.synced()
    expect([current.phases, current.changes]).toEqual([[phases.difference, phases.synced], []])
  })

  test('a revision of another epoch, or from the future, begins with a snapshot', async () => {
    const { client, started } = await stage(engine)
    const reader = await client()
    await reader.ask(hset('a'))
    const { epoch } = await reader.hello()
    expect(epoch).toBe(started.gateway.store.epoch)
    const asked = [{ since: 1, epoch: '0'.repeat(32) }, { since: 2, epoch }, { since: 2 ** 63, epoch }, { epoch }]
    for (const one of asked) {
      const watching = reader.watch({ table, ...one })
      await watching.synced()
      expect([watching.phases[0], keys(watching)]).toEqual([phases.snapshot, ['a']])
    }
    const ours = reader.watch({ table, since: 1, epoch })
    await ours.synced()
    expect(ours.phases[0]).toBe(phases.difference)
  })

  test('a table that is dropped begins again with a snapshot; so does a resume from before', async () => {
    const { client } = await stage(engine)
    const [writer, reader] = [await client(), await client()]
    await writer.ask(hset('old'))
    const watching = reader.watch({ table })
    await watching.synced()
    await writer.ask({ drop: { table } })
    await watching.synced()
    expect([watching.phases.at(-2), keys(watching)]).toEqual([phases.snapshot, []])
    await writer.ask(hset('new'))
    await watching.reach(3)
    expect(keys(watching)).toEqual(['new'])
    const resumed = reader.watch({ table, since: 1 })
    await resumed.synced()
    expect([resumed.phases[0], keys(resumed)]).toEqual([phases.snapshot, ['new']])
    await writer.ask({ flush: {} })
    await watching.until(({ phase }) => phase === phases.snapshot)
    expect(keys(watching)).toEqual([])
  })

  test('a table that is not there yet', async () => {
    const { client } = await stage(engine)
    const reader = await client()
    const watching = reader.watch({ table: 'later' })
    await watching.synced()
    await reader.ask(hset('a', undefined, {}, 'later'))
    await watching.reach(1)
    expect(keys(watching)).toEqual(['a'])
  })

  test('many on one connection; one that is cancelled ends, the others go on', async () => {
    const { client } = await stage(engine)
    const reader = await client()
    const watchings = Array.from({ length: 40 }, (_none, index) => reader.watch({ table, prefix: `${index % 4}` }))
    for (const watching of watchings) await watching.synced()
    await reader.ask(hset('0a'))
    for (const [index, watching] of watchings.entries()) if (index % 4 === 0) await watching.reach(1)
    for (const watching of watchings.slice(0, 20)) expect(await watching.cancel()).toMatchObject({ status: 200 })
    expect(await watchings[0]!.cancel()).toMatchObject({ status: 404 })
    await reader.ask(hset('0b'))
    for (const watching of watchings.slice(20)) if (watching.revision === 1) await watching.reach(2)
    for (const watching of watchings.slice(0, 20)) expect(watching.responses.waiting).toEqual([])
    expect(watchings.filter(({ state }) => state.has('0b'))).toHaveLength(5)
  })

  test('the same id after a cancel, in one message, does not mix two flows', async () => {
    const { started } = await stage(engine)
    const wire = await dial.ws(started.ws)
    await wire.ask(hset('a'))
    const watch = { watch: { table, since: 1 }, id: 5 }
    const cancel = { cancel: { request: 5 }, id: 6 }
    wire.send(Buffer.concat([watch, hset('b'), cancel, watch, hset('c'), cancel].map(request)))
    const seen: Plain[] = []
    while (seen.filter(({ id }) => id === 6).length < 2) seen.push(await wire.next())
    const [first, second] = [seen.findIndex(({ id }) => id === 6), seen.length]
    const changed = (from: number, to: number) => seen.slice(from, to).flatMap(({ changes }) => changes ?? [])
    // What the first has not delivered when it ends, the second begins with; and nothing comes after the end.
    expect(changed(0, first).map(({ key }) => key)).toEqual([])
    expect(changed(first, second).map(({ key }) => key)).toEqual(['b'])
    expect(await wire.ask({ ping: {} })).toEqual({ status: 200 })
  })

  test('a transaction is never split, in snapshots, differences or live', async () => {
    const { client } = await stage(engine)
    const [writer, reader] = [await client(), await client()]
    const live = reader.watch({ table })
    await live.synced()
    const seen: Plain[] = []
    const size = 100
    for (let round = 0; round < 60; round++) {
      const isAwaited = round < 20
      const value = { string: 'x'.repeat(round % 7 === 0 ? 2_000 : 20) }
      const writes = Array.from({ length: size }, (_none, index) => ({ table, key: `${round % 20}-${index}`, value }))
      if (!isAwaited) {
        writer.send({ transaction: { writes } })
        continue
      }
      await writer.ask({ transaction: { writes } })
      seen.push(await live.next())
      expect(seen.at(-1).changes).toHaveLength(size)
    }
    // A burst may be more than the reader can take in time; what it gets is whole all the same.
    while (live.revision < 60) seen.push(await live.next())
    expectWhole(seen)
    expect(live.state.size).toBe(2_000)
    for (const since of [0, 41, 55]) {
      const watching = reader.watch({ table, since })
      const pages: Plain[] = []
      do pages.push(await watching.next())
      while (pages.at(-1).phase !== phases.synced)
      expect(watching.state.size).toBe(since === 0 ? 2_000 : Math.min(20, 60 - since) * size)
      if (since > 0) expectWhole(pages)
      // Large differences come in pages.
      if (since === 41) expect(pages.length).toBeGreaterThan(2)
    }
  })

  test('a snapshot that is taken while others write ends as the table is', async () => {
    const { client } = await stage(engine)
    const [writer, reader] = [await client(), await client()]
    for (let index = 0; index < 3_000; index++) writer.send(hset(`${index}`, { string: 'x'.repeat(100) }))
    const watching = reader.watch({ table })
    for (let index = 0; index < 3_000; index += 2) writer.send(index % 3 === 0 ? hdel(`${index}`) : hset(`${index}`))
    const { revision } = await writer.ask(hset('end'))
    await watching.reach(Number(revision), 20_000)
    const pairs: Plain[] = []
    const walk = writer.send({ hgetall: { table } })
    for (;;) {
      const page = await walk.responses.next()
      pairs.push(...(page.pairs ?? []))
      if (!page.more) break
    }
    expect(keys(watching)).toEqual(pairs.map(({ key }) => key))
    for (const { key, value } of pairs) expect(watching.state.get(key)).toEqual(value)
  })

  test('bookmarks come in time, also while others write, and a resume from one misses nothing', async () => {
    const bookmarkMs = 200
    const { client } = await stage(engine, { bookmarkMs })
    const [writer, reader] = [await client(), await client()]
    const quiet = reader.watch({ table, key: 'quiet' })
    await quiet.synced()
    const { revision } = await writer.ask(hset('other', undefined, {}, 'another table'))
    await quiet.until((response) => response.phase === phases.bookmark && response.revision === revision)
    let writing = true
    const write = async () => {
      while (writing) await writer.ask(hset('busy'))
    }
    const written = write()
    for (let count = 0; count < 3; count++) {
      const { phase, revision: upTo } = await quiet.next(5 * bookmarkMs)
      expect(phase).toBe(phases.bookmark)
      expect(Number(upTo)).toBeGreaterThan(Number(revision))
    }
    await writer.ask(hset('quiet'))
    writing = false
    await written
    const resumed = reader.watch({ table, key: 'quiet', since: quiet.revision })
    await resumed.synced()
    expect(resumed.changes).toHaveLength(1)
  })

  test('what is refused', async () => {
    const { client } = await stage(engine, { maxWatches: 2 })
    const reader = await client()
    const bad = [
      [{ table, key: 'a', prefix: 'b' }, 400, 'a key or a prefix'],
      [{}, 400, 'table name'],
      [{ table, key: 'x'.repeat(1_025) }, 400, 'key has 1025 bytes'],
    ] as const
    for (const [message, status, text] of bad) {
      expect(await reader.ask({ watch: message })).toMatchObject({ status, message: expect.stringContaining(text) })
    }
    const first = reader.watch({ table })
    await first.synced()
    await reader.watch({ table }).synced()
    expect(await reader.ask({ watch: { table } })).toMatchObject({
      status: 429,
      message: expect.stringContaining('2 watches'),
    })
    await first.cancel()
    await reader.watch({ table }).synced()
    const { wire } = await client()
    wire.send(Buffer.alloc(0))
    const bare = await dial.ws((await stage(engine)).started.ws)
    expect(await bare.ask({ watch: { table } })).toMatchObject({
      status: 400,
      message: expect.stringContaining('needs an id'),
    })
  })

  test('when deletions are no longer remembered, a resume begins with a snapshot, and says so', async () => {
    const { client, started } = await stage(engine, { maxTombstones: 10, checkpointBytes: 65_536 })
    const [writer, reader] = [await client(), await client()]
    for (let index = 0; index < 40; index++) await writer.ask(hset(`${index}`))
    for (let index = 0; index < 30; index++) await writer.ask(hdel(`${index}`))
    const behind = async () => {
      // On disk tombstones are trimmed by checkpoints, which want something to do.
      await writer.ask(hset('filler', { string: 'x'.repeat(60_000) }))
      const watching = reader.watch({ table, since: 41 })
      const { phase } = await watching.next()
      if (phase === phases.difference) await watching.cancel()
      return phase === phases.snapshot ? watching : undefined
    }
    const watching = (await until('a snapshot', behind, 20_000))!
    await watching.synced()
    expect(keys(watching)).toHaveLength(11)
    const near = reader.watch({ table, since: started.gateway.store.revisionOf('t') - 1 })
    expect((await near.next()).phase).toBe(phases.difference)
  })

  test('a reader that lags is told so, gets the latest states and nothing twice, and is not cut off', async () => {
    const { client } = await stage(engine, { stallTimeoutMs: 200 })
    const [writer, reader] = [await client(), await client()]
    const watching = reader.watch({ table })
    await watching.synced()
    reader.wire.pause()
    const body = Buffer.alloc(8_000).map((_none, index) => (index * 7919) >>> 3)
    const count = 4_000
    let last = 0
    for (let from = 0; from < count; from += 200) {
      for (let index = from; index < from + 199; index++) {
        writer.send(hset(`${index % 50}`, { binary: Buffer.concat([body, Buffer.from(`${index}`)]) }))
      }
      last = Number((await writer.ask(hset('last', integer(from)))).revision)
    }
    reader.wire.resume()
    await watching.until(({ phase }) => phase === phases.lagged, 20_000)
    await watching.reach(last, 20_000)
    if (watching.phases.at(-1) === phases.lagged) await watching.synced()
    expect(watching.phases.slice(-2)).toEqual([phases.lagged, phases.synced])
    expect(watching.changes.length).toBeLessThan(count)
    const revisions = watching.changes.map(({ revision }) => Number(revision))
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    for (const [key, value] of watching.state) expect((await writer.ask(hget(key))).values).toEqual([value])
    await writer.ask(hset('after'))
    await watching.reach(last + 1)
  })
})

test('on disk a watch resumes over a restart where it was', async () => {
  const data = temporaryFolder()
  const first = await startGateway({ data })
  const writer = new Talker(await dial.ws(first.ws))
  for (const key of ['a', 'b', 'c']) await writer.ask(hset(key))
  const watching = writer.watch({ table })
  await watching.synced()
  const { epoch } = await writer.hello()
  await writer.ask(hdel('a'))
  await writer.ask(hset('c', { string: '2' }))
  await first.gateway.close()
  const second = await startGateway({ data })
  const reader = new Talker(await dial.ws(second.ws))
  expect((await reader.hello()).epoch).toBe(epoch)
  const resumed = reader.watch({ table, since: 3, epoch })
  await resumed.synced()
  expect([resumed.phases[0], resumed.changes]).toEqual([
    phases.difference,
    [
      { key: 'a', revision: '4', deleted: true },
      { key: 'c', revision: '5', value: { string: '2' } },
    ],
  ])
})

test('a change is encoded once for all its watchers', async () => {
  const loop = startLoop()
  const clients = Array.from({ length: 50 }, () => loop.connect())
  for (const client of clients) client.receive({ watch: { table }, id: 7 })
  await turns()
  // Not before the gateway, which settles how long integers are read.
  const { abi } = await import('../../../proto/gen/kv.js')
  const encode = vi.spyOn(abi.CommandResponse, 'encode')
  const writer = loop.connect()
  writer.receive(hset('a'))
  await turns()
  const calls = encode.mock.calls.length
  encode.mockRestore()
  // The previous value of the set goes out as it is; the one that is left is the change.
  expect(calls).toBeLessThanOrEqual(2)
  for (const client of clients) {
    expect(client.replies.at(-1)).toEqual({
      status: 200,
      id: 7,
      changes: [{ key: 'a', revision: '1', value: { string: 'a' } }],
      revision: '1',
    })
    // One buffer for all: the frame of the same id.
    expect(client.frames.at(-1)).toEqual(clients[0]!.frames.at(-1))
  }
})

test('a burst goes no further than what may wait for one client, and the rest comes as its latest state', async () => {
  const loop = startLoop({ limits: { maxQueuedBytes: 200_000, sliceMs: 60_000 } })
  const [frozen, writer] = [loop.connect(), loop.connect()]
  frozen.receive({ watch: { table }, id: 1 })
  await turns()
  frozen.frozen = true
  const before = frozen.queuedBytes
  const value = (index: number) => ({ binary: Buffer.alloc(50_000, randomFill(index)) })
  writer.receive(...Array.from({ length: 18 }, (_none, index) => hset(`${index % 3}`, value(index))))
  await turns()
  expect(frozen.queuedBytes - before).toBeLessThan(200_000 + 2 * 65_536 + 50_000)
  frozen.frozen = false
  frozen.take()
  const synced = () => frozen.replies.filter(({ phase }) => phase === phases.synced).length
  await until('the watcher is current again', () => synced() === 2)
  const phasesSeen = frozen.replies.map(({ phase }) => phase).filter(Boolean)
  expect(phasesSeen).toEqual([phases.snapshot, phases.synced, phases.lagged, phases.synced])
  const revisions = frozen.replies.flatMap(({ changes }) => changes ?? []).map(({ revision }) => Number(revision))
  expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
  expect(revisions.at(-1)).toBe(18)
})

/** Bytes that do not compress. */
function randomFill(seed: number): Buffer {
  return Buffer.from(new Random(seed).bytes(4_096))
}

test('a frozen reader gets the latest state of each key on thaw, however many writes there were', async () => {
  const loop = startLoop()
  const [frozen, writer] = [loop.connect(), loop.connect()]
  frozen.receive({ watch: { table }, id: 1 })
  await turns()
  frozen.frozen = true
  frozen.queuedBytes = 70_000
  for (let round = 0; round < 100; round++) {
    writer.receive(...Array.from({ length: 100 }, (_none, key) => hset(`${key}`, integer(round))))
    await turns(2)
  }
  expect(frozen.queuedBytes).toBe(70_000)
  frozen.frozen = false
  frozen.take()
  await turns()
  const [lagged, ...rest] = frozen.replies.slice(2)
  expect([lagged.phase, lagged.changes.length, rest.map(({ phase }) => phase)]).toEqual([4, 100, [3]])
})

test('watchers of nothing any more cost nothing', async () => {
  const loop = startLoop()
  const { changes } = loop.service.shared
  const [reader, writer] = [loop.connect(), loop.connect()]
  reader.receive({ watch: { table }, id: 1 })
  await turns()
  expect(changes.watches(table)).toBe(true)
  reader.frozen = true
  reader.queuedBytes = 10_000_000
  writer.receive(hset('a'))
  await turns()
  // It lags, so it is a cursor and not told of writes; then it is gone.
  expect(changes.watches(table)).toBe(false)
  reader.gone()
  expect(changes.watches(table)).toBe(false)
})
