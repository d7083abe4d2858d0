// A gateway that is away, a connection that is dead, a user's function that never gives anything, a platform that fails, on a fake
// clock: at its default settings the SDK fails no call that it could save, and waits for nothing for ever.
import { expect, test, vi } from 'vitest'
import { connect } from '../../../web/sdk/node.ts'
import type { ConnectionEvents, ConnectOptions, Kvass, WebSocketClass } from '../../../web/sdk/types.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import { type FakeGateway, type FakeRequest, type Faults, startFakeGateway } from '../../helpers/fake-gateway.ts'

/** Time is the test's: it passes in steps, with what the network does in between. */
function fakeTime(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance', 'Date'] })
  whenOver(() => vi.useRealTimers())
}

async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Lets time pass until `condition` holds; answers how much. Fails after `mostMs`. */
async function pass(mostMs: number, condition: () => boolean = () => false): Promise<number> {
  const stepMs = 50
  for (let ms = 0; ms < mostMs; ms += stepMs) {
    await turns()
    if (condition()) return ms
    await vi.advanceTimersByTimeAsync(stepMs)
  }
  await turns()
  return mostMs
}

async function start(faults: Faults = {}, options: ConnectOptions = {}): Promise<{ gateway: FakeGateway; kv: Kvass }> {
  const gateway = await startFakeGateway(faults)
  const kv = connect(gateway.url, options)
  whenOver(() => kv.close())
  return { gateway, kv }
}

const next = <Name extends keyof ConnectionEvents>(kv: Kvass, name: Name) =>
  new Promise<ConnectionEvents[Name]>((resolve) => kv.on(name, resolve))

const outcome = (promise: Promise<unknown>) => {
  const result = { settled: false, error: undefined as unknown }
  promise.then(
    () => (result.settled = true),
    (error) => {
      result.settled = true
      result.error = error
    },
  )
  return result
}

/** Answers nothing but hello. */
const deaf = ({ command }: FakeRequest) => (command === 'hello' ? undefined : [])

for (const awayMs of [3_000, 6_000, 10_000]) {
  test(`a gateway that is away for ${awayMs} ms fails no call, neither before nor while it is away`, async () => {
    const { gateway, kv } = await start()
    await kv.ready()
    // The worst of luck: each wait is as long as it may be.
    vi.spyOn(Math, 'random').mockReturnValue(1)
    whenOver(() => vi.restoreAllMocks())
    fakeTime()
    const table = kv.table<number>('t')
    gateway.faults.answer = deaf
    const calls = [outcome(table.set('before', 1)), outcome(table.get('before'))]
    await turns()
    const port = Number(new URL(gateway.url).port)
    await gateway.stop()
    for (let ms = 0; ms < awayMs; ms += 500) {
      calls.push(outcome(table.set(`k${ms}`, ms)))
      await pass(500)
    }
    const back = await startFakeGateway({}, port)
    await pass(20_000, () => calls.every(({ settled }) => settled))
    expect(calls.filter(({ settled, error }) => !settled || error)).toEqual([])
    expect(back.tables.get('t')!.size).toBe(calls.length - 1)
  })
}

test('a call without an answer for 3 s makes a dead connection end within 2 s, and a slow one live', async () => {
  fakeTime()
  const { gateway, kv } = await start()
  await kv.ready()
  const over = outcome(next(kv, 'disconnect'))
  // It is slow with this one, but it is there.
  gateway.faults.answer = ({ command }) => (command === 'hget' ? [] : undefined)
  const slow = outcome(kv.table('t').get('a'))
  await pass(8_000)
  expect([over.settled, slow.settled, kv.state]).toEqual([false, false, 'open'])
  gateway.faults.answer = () => []
  const write = outcome(kv.table('t').set('a', 1))
  expect(await pass(6_000, () => over.settled)).toBeLessThanOrEqual(5_000)
  expect(over.settled).toBe(true)
  gateway.faults.answer = undefined
  await pass(5_000, () => write.settled && slow.settled)
  expect([write, slow]).toEqual([
    { settled: true, error: undefined },
    { settled: true, error: undefined },
  ])
})

test('a large request on a slow line is given the time that it takes', async () => {
  fakeTime()
  const { gateway, kv } = await start({}, { compress: false })
  await kv.ready()
  const over = outcome(next(kv, 'disconnect'))
  gateway.faults.answer = () => []
  void kv
    .table('t')
    .set('a', 'x'.repeat(320_000))
    .catch(() => {})
  await pass(12_000)
  expect(over.settled).toBe(false)
  await pass(4_000, () => over.settled)
  expect(over.settled).toBe(true)
})

test('an idle connection is asked before middleboxes forget it, and left when it gives no sign of life', async () => {
  fakeTime()
  const { gateway, kv } = await start()
  await kv.ready()
  const pings = () => gateway.requests.filter(({ command }) => command === 'ping').length
  const before = pings()
  await pass(21_000)
  expect([kv.state, pings()]).toEqual(['open', before + 1])
  const over = next(kv, 'disconnect')
  // What comes just after the question, from before the silence, is no answer to it.
  gateway.faults.answer = ({ command, id }, connection) => {
    if (command === 'ping') connection.reply({ id: id + 1_000, status: 200 })
    return command === 'ping' ? [] : undefined
  }
  await pass(30_000, () => kv.state !== 'open')
  expect(await over).toMatchObject({ code: 4408, reason: 'no sign of life within 2000 ms' })
})

test('a machine that slept asks who is still there', async () => {
  fakeTime()
  const { gateway, kv } = await start()
  await kv.ready()
  await pass(1_000)
  gateway.faults.answer = () => []
  // Timers stood still, and the clock on the wall went on.
  vi.setSystemTime(Date.now() + 3_600_000)
  expect(await pass(3_000, () => kv.state !== 'open')).toBeLessThanOrEqual(2_600)
})

/** The events of a page, as the SDK hears them in one. */
function fakePage(): { tell(type: string, more?: object): void; page: EventTarget } {
  const page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  whenOver(() => vi.unstubAllGlobals())
  return { page, tell: (type, more = {}) => page.dispatchEvent(Object.assign(new Event(type), more)) }
}

test('coming online ends a dead connection within 2 s, and an attempt that hangs', async () => {
  const { tell } = fakePage()
  fakeTime()
  const { gateway, kv } = await start()
  await kv.ready()
  gateway.faults.answer = () => []
  tell('online')
  expect(await pass(3_000, () => kv.state !== 'open')).toBeLessThanOrEqual(2_000)
  await pass(1_000, () => kv.state === 'connecting')
  gateway.faults.answer = undefined
  // The hello of this attempt was not answered, and will not be.
  tell('online')
  expect(await pass(3_000, () => kv.state === 'open')).toBeLessThanOrEqual(2_500)
})

test('offline ends the connection, and online or a look at the page makes another at once', async () => {
  const { tell } = fakePage()
  const { gateway, kv } = await start({}, { reconnect: { baseMs: 1e9, maxMs: 1e9 } })
  for (const event of ['online', 'visibilitychange']) {
    await kv.ready()
    const over = next(kv, 'disconnect')
    tell('offline')
    expect(kv.state).toBe('waiting')
    expect(await over).toMatchObject({ code: 1006, reason: 'the page is offline', retryMs: expect.any(Number) })
    const write = kv.table('t').set(event, 1)
    tell(event)
    expect(await write).toBeGreaterThan(0)
  }
  await kv.ready()
  await gateway.connections[0]!.closed
  await kv.close()
  tell('online')
  expect(kv.state).toBe('closed')
  expect(gateway.connections).toHaveLength(3)
})

for (const [leave, come] of [
  ['pagehide', 'pageshow'],
  ['freeze', 'resume'],
] as const) {
  test(`${leave} gives the connection up until ${come}, and what was under way is sent again`, async () => {
    const { tell } = fakePage()
    const { gateway, kv } = await start()
    await kv.ready()
    const table = kv.table('t')
    gateway.faults.answer = deaf
    const write = table.set('a', 1)
    await gateway.connections[0]!.messages.take(2)
    const isCached = leave === 'pagehide' ? { persisted: true } : {}
    const over = next(kv, 'disconnect')
    // A page that is left for good, or shown for the first time, is none of these.
    if (leave === 'pagehide') for (const event of [leave, come]) tell(event, { persisted: false })
    expect(kv.state).toBe('open')
    fakeTime()
    tell(leave, isCached)
    expect(await over).toEqual({ code: 1006, reason: 'the page is frozen', retryMs: Number.POSITIVE_INFINITY })
    await gateway.connections[0]!.closed
    gateway.faults.answer = undefined
    await pass(60_000)
    expect([kv.state, gateway.connections.length]).toEqual(['waiting', 1])
    tell(come, isCached)
    await pass(1_000, () => kv.state === 'open')
    expect(await write).toBe(1)
    expect(gateway.connections[1]!.requests[1]).toMatchObject({ command: 'hset', mutation: 1 })
  })
}

test('a token that never comes ends its attempt; the next one asks again, and the late one is nobody’s', async () => {
  fakeTime()
  const gateway = await startFakeGateway()
  const given: ((token: string) => void)[] = []
  const kv = connect(gateway.url, { token: () => new Promise<string>((resolve) => given.push(resolve)) })
  whenOver(() => kv.close())
  const over = next(kv, 'disconnect')
  const write = outcome(kv.table('t').set('a', 1))
  await pass(11_000, () => given.length === 2)
  expect(await over).toMatchObject({ code: 1006, reason: 'no token within 10000 ms' })
  given[0]!('late')
  await pass(200)
  expect(gateway.connections).toHaveLength(0)
  given[1]!('good')
  await pass(2_000, () => write.settled)
  expect(write).toEqual({ settled: true, error: undefined })
  expect(gateway.requests[0]!.fields.token).toBe('good')
})

test('functions of update and transaction that never give anything end with 503', async () => {
  fakeTime()
  const { kv } = await start()
  await kv.ready()
  const never = () => new Promise<never>(() => {})
  const calls = [outcome(kv.table('t').update('a', never)), outcome(kv.transaction(never))]
  const brief = outcome(kv.table('t').update('a', never, { timeoutMs: 1_000 }))
  await pass(1_100)
  expect(brief.error).toMatchObject({
    status: 503,
    outcome: 'none',
    message: expect.stringContaining('within 1000 ms'),
  })
  expect(calls[0]!.settled).toBe(false)
  await pass(20_000)
  for (const { error } of calls) expect(error).toMatchObject({ status: 503, outcome: 'none' })
})

test('whatever is thrown on receiving or sending ends the socket, and the next one goes on', async () => {
  const { gateway, kv } = await start({}, { reconnect: { baseMs: 1, maxMs: 5 } })
  await kv.ready()
  const { DecompressionStream } = globalThis
  const failing = class {
    constructor() {
      throw new TypeError('not here')
    }
  }
  vi.stubGlobal('DecompressionStream', failing)
  whenOver(() => vi.unstubAllGlobals())
  const over = next(kv, 'disconnect')
  gateway.faults.gzipReplies = true
  const read = kv
    .table('t')
    .get('a')
    .catch((error: unknown) => error)
  expect(await over).toMatchObject({ code: 4400 })
  expect(await read).toMatchObject({ status: 400 })
  vi.stubGlobal('DecompressionStream', DecompressionStream)

  // A WebSocket of the user that fails in the middle.
  const { WebSocket } = await import('ws')
  let isBroken = false
  class Broken extends WebSocket {
    override send(...args: unknown[]): void {
      if (isBroken) throw new TypeError('cannot send')
      ;(super.send as (...args: unknown[]) => void)(...args)
    }
  }
  gateway.faults.gzipReplies = false
  const other = connect(gateway.url, {
    reconnect: { baseMs: 1, maxMs: 5 },
    WebSocket: Broken as unknown as WebSocketClass,
  })
  whenOver(() => other.close())
  await other.ready()
  isBroken = true
  const lost = next(other, 'disconnect')
  const write = other.table('t').set('a', 1)
  expect(await lost).toMatchObject({ code: 1011, reason: 'cannot send' })
  isBroken = false
  expect(await write).toBe(1)
})
