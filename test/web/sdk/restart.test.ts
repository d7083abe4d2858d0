// The SDK through what goes wrong with a real gateway: the connection cut at every byte, the gateway stopped, killed and
// started again, a store that forgets. No watch loses a change, no write is done twice, no promise stays open.
import { expect, test } from 'vitest'
import { connect } from '../../../web/sdk/node.ts'
import type { Change, ConnectOptions, Kvass } from '../../../web/sdk/types.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import { spawnGateway, startGateway } from '../../helpers/gateway.ts'
import { startProxy } from '../../helpers/proxy.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { until } from '../../helpers/until.ts'

function connected(url: string, options: ConnectOptions = {}): Kvass {
  const kv = connect(url, { reconnect: { baseMs: 2, maxMs: 20 }, ...options })
  whenOver(() => kv.close())
  return kv
}

const portOf = (url: string) => new URL(url).port

/** What a consumer of changes has, and everything that a watch must never do. */
function follower() {
  const state = new Map<string, unknown>()
  const faults: string[] = []
  const types: string[] = []
  let last = 0
  let isCatchingUp = true
  const hear = (change: Change) => {
    if (change.key === undefined) types.push(change.type)
    if (change.type === 'reset') {
      state.clear()
      last = 0
    }
    if (change.key === undefined) {
      isCatchingUp = change.type !== 'synced'
      if (change.type === 'synced') last = Math.max(last, change.revision)
      return
    }
    if (!isCatchingUp && change.revision < last) faults.push(`${change.key}: ${change.revision} after ${last}`)
    if (change.type === 'delete') state.delete(change.key)
    else state.set(change.key, change.value)
    if (!isCatchingUp) last = change.revision
  }
  return { state, faults, types, hear }
}

test('the connection cut at every byte of increments and of their replies: each is done once', async () => {
  const { ws } = await startGateway({ store: 'memory' })
  const direct = connected(ws).table<number>('t')
  // From within the handshake of the WebSocket over hello to the end of the increments.
  const cuts = Array.from({ length: 300 }, (_, at) => 130 + at)
  for (const direction of ['fromClient', 'fromServer'] as const) {
    const worker = async () => {
      for (let bytes = cuts.pop(); bytes !== undefined; bytes = cuts.pop()) {
        const proxy = await startProxy(Number(portOf(ws)), { [direction]: [bytes, bytes + 31] })
        const kv = connected(`ws://127.0.0.1:${proxy.port}/ws`)
        const key = `${direction} ${bytes}`
        const results = await Promise.all(Array.from({ length: 5 }, () => kv.table<number>('t').increment(key)))
        expect(results, key).toEqual([1, 2, 3, 4, 5])
        expect((await direct.get(key))!.value, key).toBe(5)
        await kv.close()
      }
    }
    await Promise.all(Array.from({ length: 20 }, worker))
    for (let at = 0; at < 300; at++) cuts.push(130 + at)
  }
}, 30_000)

test('4,000 writes at once survive cuts: none is unknown, none is done twice, and order holds', async () => {
  const { ws } = await startGateway({ store: 'disk' })
  const proxy = await startProxy(Number(portOf(ws)))
  const kv = connected(`ws://127.0.0.1:${proxy.port}/ws`, { timeoutMs: 30_000 })
  const table = kv.table<number>('t')
  const cutter = setInterval(() => proxy.cut(), 60)
  whenOver(() => clearInterval(cutter))
  const writes = Array.from({ length: 4_000 }, (_, at) =>
    at % 2 ? table.increment('n') : table.set(`k${at % 10}`, at),
  )
  const results = await Promise.all(writes)
  clearInterval(cutter)
  expect(results.filter((_, at) => at % 2)).toEqual(Array.from({ length: 2_000 }, (_, at) => at + 1))
  const entries = await table.getMany(['k0', 'k8', 'n'])
  expect(entries.map((entry) => entry!.value)).toEqual([3_990, 3_998, 2_000])
}, 40_000)

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`a gateway that ends by ${signal} and comes back: watches go on, writes are done once`, async () => {
    const data = temporaryFolder()
    const first = await spawnGateway([], data)
    const kv = connected(first.ws, { timeoutMs: 30_000 })
    const table = kv.table<number>('t')
    const { state, faults, types, hear } = follower()
    table.watch((change) => hear(change as Change))
    const live = table.live()
    await live.ready
    let current = first
    let done = 0
    let isOver = false
    const writer = async (number: number) => {
      for (let at = 0; !isOver; at++) {
        await table.increment('n')
        done++
        await (at % 5 === 4 ? table.delete(`k${number}`) : table.set(`k${number}`, at))
      }
    }
    const writers = Array.from({ length: 8 }, (_, number) => writer(number))
    for (let round = 0; round < 3; round++) {
      const before = done
      await until('writes are done', () => done > before + 100, 20_000)
      current.process.kill(signal)
      await current.exit
      current = await spawnGateway(['--port', portOf(first.http)], data)
    }
    const before = done
    await until('writes are done', () => done > before + 100, 20_000)
    isOver = true
    await Promise.all(writers)
    expect((await table.get('n'))!.value).toBe(done)
    const truth: Record<string, number> = {}
    for await (const { key, value } of table.entries()) truth[key] = value
    await until('the watch is current', () => state.get('n') === done)
    await until('the map is current', () => live.get('n')?.value === done)
    expect(Object.fromEntries(state)).toEqual(truth)
    expect(Object.fromEntries(live.snapshot().map(({ key, value }) => [key, value]))).toEqual(truth)
    expect(faults).toEqual([])
    // It went on from where it was: the only snapshot is the first.
    expect(types.filter((type) => type === 'reset')).toHaveLength(1)
    expect(types.filter((type) => type === 'resumed').length).toBeGreaterThanOrEqual(3)
  }, 60_000)
}

test('a gateway whose store forgets: what had left is unknown, watches start again and say so', async () => {
  const first = await spawnGateway(['--store', 'memory'])
  const kv = connected(first.ws, { timeoutMs: 30_000 })
  const table = kv.table<number>('t')
  await table.set('old', 1)
  const { state, types, hear } = follower()
  table.watch((change) => hear(change as Change))
  const live = table.live()
  await live.ready
  // It gets this one and cannot answer any more.
  first.process.kill('SIGSTOP')
  const left = table.increment('n').catch((error) => error)
  await until('it has left', () => kv.state === 'open')
  await new Promise((resolve) => setImmediate(resolve))
  first.process.kill('SIGKILL')
  await first.exit
  await spawnGateway(['--store', 'memory', '--port', portOf(first.http)])
  expect(await left).toMatchObject({ status: 504, message: expect.stringContaining('store is another one') })
  expect(await table.set('new', 2)).toBeGreaterThan(0)
  await until('the watch is current', () => state.get('new') === 2)
  await until('the map is current', () => live.has('new'))
  expect([...state.keys()]).toEqual(['new'])
  expect([...live.keys()]).toEqual(['new'])
  expect(types.filter((type) => type === 'reset')).toHaveLength(2)
}, 30_000)
