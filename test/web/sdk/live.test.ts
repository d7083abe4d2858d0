// Watches and live maps against a fake gateway that says exactly what a test wants: what each response becomes, where a
// watch goes on after a cut, slow readers, and that two flows never mix.
import { expect, test } from 'vitest'
import { connect } from '../../../web/sdk/node.ts'
import type { Change, Kvass, StandardSchema, Table } from '../../../web/sdk/types.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import {
  type FakeConnection,
  type FakeGateway,
  type FakeRequest,
  startFakeGateway,
} from '../../helpers/fake-gateway.ts'
import { until } from '../../helpers/until.ts'

interface Opened {
  readonly request: FakeRequest
  readonly connection: FakeConnection
  /** Sends responses of the watch. */
  say(...responses: object[]): void
}

interface Stage {
  readonly gateway: FakeGateway
  readonly kv: Kvass
  readonly table: Table<number>
  /** The watches that were opened so far, on any connection. */
  readonly watches: Opened[]
  /** The watch that is opened as the number-th, from 1. */
  opened(number: number): Promise<Opened>
}

async function start(): Promise<Stage> {
  const watches: Opened[] = []
  const gateway = await startFakeGateway({
    answer: (request, connection) => {
      if (request.command !== 'watch') return undefined
      const say = (...responses: object[]) =>
        connection.reply(...responses.map((response) => ({ status: 200, id: request.id, ...response })))
      watches.push({ request, connection, say })
      return []
    },
  })
  const kv = connect(gateway.url, { reconnect: { baseMs: 1, maxMs: 5 } })
  whenOver(() => kv.close())
  const opened = async (number: number) => (await until(`watch ${number} is open`, () => watches[number - 1])) as Opened
  return { gateway, kv, table: kv.table<number>('t'), watches, opened }
}

const set = (key: string, integer: number, revision: number) => ({ key, value: { integer }, revision })
const gone = (key: string, revision: number) => ({ key, revision, deleted: true })
const [snapshot, difference, synced, lagged, bookmark] = [1, 2, 3, 4, 5]

const heard = (key: string, value: number, revision: number, more: boolean): Change<number> => ({
  type: 'set',
  table: 't',
  key,
  value,
  revision,
  more,
})
const mark = (revision: number, epoch = 'e'): Change<number> => ({ type: 'synced', revision, epoch, more: false })

/** The next `count` changes of an iteration. */
async function take(watch: AsyncIterator<Change<number>>, count: number): Promise<Change<number>[]> {
  const changes: Change<number>[] = []
  while (changes.length < count) changes.push((await watch.next()).value)
  return changes
}

test('what each response becomes: snapshot, changes, transactions, deletions, marks', async () => {
  const { table, opened } = await start()
  const watch = table.watch()
  const { request, say } = await opened(1)
  expect(request.fields).toEqual({ table: 't' })
  say({ phase: snapshot, changes: [set('a', 1, 1)] }, { changes: [set('b', 2, 2)] }, { phase: synced, revision: 7 })
  await watch.ready
  expect(await take(watch, 4)).toEqual([
    { type: 'reset', more: true },
    heard('a', 1, 1, true),
    heard('b', 2, 2, true),
    mark(7),
  ])
  say({ changes: [set('a', 2, 8), set('a', 3, 9), set('b', 3, 9), gone('c', 9), set('d', 1, 10)], revision: 10 })
  expect(await take(watch, 5)).toEqual([
    heard('a', 2, 8, false),
    heard('a', 3, 9, true),
    heard('b', 3, 9, true),
    { type: 'delete', key: 'c', revision: 9, more: false },
    heard('d', 1, 10, false),
  ])
  say({ phase: lagged, changes: [set('a', 9, 20)], revision: 20 }, { phase: synced, revision: 21 })
  say(
    { phase: bookmark, revision: 30 },
    { changes: [{ key: 'e', revision: 31, value: { ttlMs: 5, leased: true } }], revision: 31 },
  )
  expect(await take(watch, 5)).toEqual([
    { type: 'lagged', more: true },
    heard('a', 9, 20, true),
    mark(21),
    mark(30),
    { type: 'set', table: 't', key: 'e', value: null, revision: 31, ttl: 5, leased: true, more: false },
  ])
})

test('a watch asks for what it is told to, and refuses what makes no sense', async () => {
  const { gateway, kv, table, opened } = await start()
  await kv.ready()
  table.watch({ key: 'k', keysOnly: true, since: 5 })
  const { request, say } = await opened(1)
  expect(request.fields).toEqual({ table: 't', key: 'k', keysOnly: true, since: '5', epoch: 'e' })
  table.watch(() => {}, { prefix: 'p', since: { revision: 6, epoch: 'x' } })
  expect((await opened(2)).request.fields).toEqual({ table: 't', prefix: 'p', since: '6', epoch: 'x' })
  const changes: Change<number>[] = []
  table.watch((change) => void changes.push(change), { keysOnly: true })
  const third = await opened(3)
  third.say({ phase: snapshot, changes: [{ key: 'a', revision: 1 }] })
  await kv.ping()
  expect(changes[1]).toEqual({ type: 'set', table: 't', key: 'a', value: undefined, revision: 1, more: true })
  say({})
  const sent = gateway.requests.length
  expect(() => table.watch({ key: '' })).toThrow('The key is empty')
  expect(() => table.watch({ prefix: '\ud800' })).toThrow('The prefix has half')
  expect(() => table.watch({ since: -1 })).toThrow('The revision is -1: it takes a whole number from 0.')
  expect(() => table.watch({ since: Number.NaN })).toThrow('is NaN')
  expect(() => table.live({ prefix: '\ud800' })).toThrow('The prefix has half')
  expect(gateway.requests).toHaveLength(sent)
})

test('after a cut a watch goes on where it was: after a change, a bookmark, half of a difference', async () => {
  const { table, opened } = await start()
  const watch = table.watch()
  const first = await opened(1)
  first.say({ phase: snapshot, changes: [set('a', 1, 1)] }, { phase: synced, revision: 7 })
  await take(watch, 3)
  first.say({ changes: [set('a', 2, 8)], revision: 8 })
  await take(watch, 1)
  first.connection.drop()
  const second = await opened(2)
  expect(second.request.fields).toEqual({ table: 't', since: '8', epoch: 'e' })
  second.say({ phase: difference, changes: [set('b', 1, 9)], revision: 12 })
  expect(await take(watch, 2)).toEqual([{ type: 'resumed', more: true }, heard('b', 1, 9, true)])
  second.connection.drop()
  const third = await opened(3)
  expect(third.request.fields).toEqual({ table: 't', since: '12', epoch: 'e' })
  third.say({ phase: difference, revision: 20 }, { phase: synced, revision: 20 }, { phase: bookmark, revision: 25 })
  expect(await take(watch, 3)).toEqual([{ type: 'resumed', more: true }, mark(20), mark(25)])
  third.connection.drop()
  expect((await opened(4)).request.fields.since).toBe('25')
})

test('a snapshot that was cut off begins again, and says so; the part after it goes on', async () => {
  const { table, opened } = await start()
  const watch = table.watch({ since: 3 })
  const first = await opened(1)
  expect(first.request.fields).toEqual({ table: 't', since: '3' })
  first.say({ phase: snapshot, changes: [set('a', 1, 1)] })
  await take(watch, 2)
  first.connection.drop()
  const second = await opened(2)
  expect(second.request.fields).toEqual({ table: 't', epoch: 'e' })
  second.say({ phase: snapshot, changes: [set('a', 1, 1)] }, { changes: [set('a', 2, 8)], revision: 8 })
  expect(await take(watch, 3)).toEqual([{ type: 'reset', more: true }, heard('a', 1, 1, true), heard('a', 2, 8, true)])
  second.connection.drop()
  expect((await opened(3)).request.fields.since).toBe('8')
})

test('a watch that resumes names the epoch of its revision, and starts again in another', async () => {
  const { gateway, table, opened } = await start()
  const watch = table.watch()
  const first = await opened(1)
  first.say({ phase: snapshot }, { phase: synced, revision: 7 })
  await take(watch, 2)
  gateway.epoch = 'another'
  first.connection.drop()
  const second = await opened(2)
  expect(second.request.fields).toEqual({ table: 't', since: '7', epoch: 'e' })
  second.say({ phase: snapshot, changes: [set('a', 1, 1)] }, { phase: synced, revision: 2 })
  expect(await take(watch, 3)).toEqual([{ type: 'reset', more: true }, heard('a', 1, 1, true), mark(2, 'another')])
  second.connection.drop()
  expect((await opened(3)).request.fields).toEqual({ table: 't', since: '2', epoch: 'another' })
})

test('an iteration that is slow keeps every change up to a bound, then the latest of each key, and is told', async () => {
  const { kv, table, opened } = await start()
  const watch = table.watch()
  const { say } = await opened(1)
  say({ phase: snapshot }, { phase: synced, revision: 1 })
  for (let at = 0; at < 1_000; at++) say({ changes: [set(`k${at % 10}`, at, 10 + at)], revision: 10 + at })
  await kv.ping()
  expect((await take(watch, 1_002)).slice(2)).toEqual(
    Array.from({ length: 1_000 }, (_, at) => heard(`k${at % 10}`, at, 10 + at, false)),
  )
  for (let at = 0; at < 5_000; at++) say({ changes: [set(`k${at % 10}`, at, 2_000 + at)], revision: 2_000 + at })
  await kv.ping()
  const changes: Change<number>[] = []
  const latest = new Map<string, number>()
  do {
    changes.push(...(await take(watch, 1)))
    const change = changes.at(-1)!
    if (change.type === 'set') latest.set(change.key, change.value)
  } while (latest.get('k9') !== 4_999 || changes.at(-1)!.more)
  expect(changes.length).toBeLessThan(1_100)
  expect(changes[0]).toEqual({ type: 'lagged', more: true })
  expect(Object.fromEntries(latest)).toEqual(
    Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`k${at}`, 4_990 + at])),
  )
  const revisions = changes.flatMap((change) => ('revision' in change ? [change.revision] : []))
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
  // It has caught up: again it hears every change, up to the bound.
  const burst = async (count: number, from: number) => {
    for (let at = 0; at < count; at++) say({ changes: [set(`k${at % 10}`, at, from + at)], revision: from + at })
    await kv.ping()
  }
  await burst(1_000, 10_000)
  expect(await take(watch, 1_000)).toEqual(
    Array.from({ length: 1_000 }, (_, at) => heard(`k${at % 10}`, at, 10_000 + at, false)),
  )
  await burst(1_025, 20_000)
  expect(await take(watch, 12)).toEqual([
    { type: 'lagged', more: true },
    ...Array.from({ length: 10 }, (_, at) => heard(`k${(at + 5) % 10}`, 1_015 + at, 21_015 + at, true)),
    mark(21_024),
  ])
  await burst(1, 30_000)
  expect(await take(watch, 1)).toEqual([heard('k0', 0, 30_000, false)])
})

test('a slow iteration hears of a reset, and of nothing that was before it', async () => {
  const { kv, table, opened } = await start()
  const watch = table.watch()
  const { say } = await opened(1)
  say({ phase: snapshot, changes: [set('old', 1, 1)] }, { phase: synced, revision: 1 })
  for (let at = 0; at < 600; at++) say({ changes: [set('old', at, 10 + at)], revision: 10 + at })
  say({ phase: snapshot, changes: [set('new', 1, 700)] }, { phase: synced, revision: 700 })
  for (let at = 0; at < 600; at++)
    say({ changes: [set('new', at, 1_000 + at), gone('b', 1_000 + at)], revision: 1_000 + at })
  await kv.ping()
  const changes = await take(watch, 2)
  expect(changes[0]).toEqual({ type: 'reset', more: true })
  expect(changes[1]!.more).toBe(true)
  while (
    changes.at(-1)!.type !== 'delete' ||
    changes.at(-1)!.more ||
    (changes.at(-1) as { revision: number }).revision < 1_599
  )
    changes.push(...(await take(watch, 1)))
  expect(changes.some(({ key }) => key === 'old')).toBe(false)
})

test('a listener that closes the watch in the middle of a response hears nothing more', async () => {
  const { gateway, kv, table, opened } = await start()
  const changes: Change<number>[] = []
  const watch = table.watch((change) => {
    changes.push(change)
    if (change.key === 'a') void watch.close()
  })
  const { request, say } = await opened(1)
  say({ phase: snapshot, changes: [set('a', 1, 1), set('b', 1, 1)] })
  await kv.ping()
  expect(changes.map(({ type }) => type)).toEqual(['reset', 'set'])
  const cancel = gateway.requests.find(({ command }) => command === 'cancel')
  expect(cancel!.fields).toEqual({ request: request.id })
})

test('watching, leaving and watching again in one turn does not mix the two flows', async () => {
  const { gateway, kv, table, watches, opened } = await start()
  await kv.ready()
  const said: string[] = []
  const first = table.watch(({ key }) => said.push(`first ${key}`))
  const closed = first.close()
  const second = table.watch(({ key }) => said.push(`second ${key}`))
  await Promise.all([opened(2), closed])
  for (const { say } of watches) say({ phase: snapshot, changes: [set('a', 1, 1)] }, { phase: synced, revision: 1 })
  await kv.ping()
  expect(said).toEqual(['second undefined', 'second a', 'second undefined'])
  expect(watches[0]!.request.id).not.toBe(watches[1]!.request.id)
  expect(gateway.requests.filter(({ command }) => command === 'cancel').map(({ fields }) => fields.request)).toEqual([
    watches[0]!.request.id,
  ])
  await expect(first.ready).rejects.toMatchObject({ status: 503, message: 'The stream was closed.' })
  await second.close()
})

test('the same for live maps, while offline as well: only the last one is opened', async () => {
  const { gateway, kv, table, watches, opened } = await start()
  const first = table.live()
  void first.close()
  const second = table.live()
  await opened(1)
  watches[0]!.say({ phase: snapshot, changes: [set('a', 1, 1)] }, { phase: synced, revision: 1 })
  await second.ready
  expect([...second.keys()]).toEqual(['a'])
  expect([...first.keys()]).toEqual([])
  expect(gateway.requests.filter(({ command }) => command === 'watch')).toHaveLength(1)
  await kv.ping()
  expect(watches).toHaveLength(1)
})

test('a live map shows a snapshot, a difference and a transaction whole or not at all', async () => {
  const { kv, table, opened } = await start()
  const live = table.live()
  let calls = 0
  const release = live.subscribe(() => calls++)
  const { say, connection } = await opened(1)
  say({ phase: snapshot, changes: [set('b', 1, 1), set('a', 1, 2)] }, { changes: [set('c', 1, 3)] })
  await kv.ping()
  expect([live.size, calls]).toEqual([0, 0])
  const empty = live.snapshot()
  expect(empty).toEqual([])
  say({ phase: synced, revision: 3 })
  await live.ready
  expect([...live.keys()]).toEqual(['a', 'b', 'c'])
  expect(calls).toBe(1)
  const all = live.snapshot()
  expect(all).toEqual(['a', 'b', 'c'].map((key) => ({ table: 't', key, value: 1, revision: live.get(key)!.revision })))
  expect(live.snapshot()).toBe(all)
  say({ phase: bookmark, revision: 4 })
  await kv.ping()
  expect([live.snapshot() === all, calls]).toEqual([true, 1])
  say({ changes: [set('a', 2, 5), gone('b', 5)], revision: 5 })
  await kv.ping()
  expect([...live].map(([key, { value }]) => [key, value])).toEqual([
    ['a', 2],
    ['c', 1],
  ])
  expect([calls, live.has('b'), live.get('c') === all[2], live.snapshot() === all]).toEqual([2, false, true, false])
  connection.drop()
  const second = await opened(2)
  second.say({ phase: difference, changes: [set('d', 1, 6), gone('a', 7)], revision: 7 })
  await kv.ping()
  expect([[...live.keys()], calls]).toEqual([['a', 'c'], 2])
  second.connection.drop()
  const third = await opened(3)
  expect(third.request.fields.since).toBe('7')
  third.say({ phase: difference, changes: [set('e', 1, 8)], revision: 8 }, { phase: synced, revision: 8 })
  await until('it is current', () => live.has('e'))
  expect([[...live.keys()], calls]).toEqual([['c', 'd', 'e'], 3])
  third.say({ phase: lagged, changes: [set('stale', 1, 8)] }, { phase: snapshot, changes: [set('z', 1, 9)] })
  await kv.ping()
  expect([...live.keys()]).toEqual(['c', 'd', 'e'])
  third.say({ phase: synced, revision: 9 })
  await kv.ping()
  expect([...live.keys()]).toEqual(['z'])
  third.say({ phase: snapshot }, { phase: synced, revision: 10 })
  await kv.ping()
  expect([live.size, calls]).toEqual([0, 5])
  release()
  await live.close()
})

test('a live map is in the order of the bytes of its keys, however they came', async () => {
  const { table, opened } = await start()
  const live = table.live()
  const { say } = await opened(1)
  const keys = ['b', 'a', 'aa', '\ufeff', '\u{1f511}', '\u{1f512}', '\ue000', 'é', 'Z', '\u{1f511}a', '\ud7ff']
  say({ phase: snapshot, changes: keys.map((key, at) => set(key, at, at + 1)) }, { phase: synced, revision: 20 })
  await live.ready
  const ordered = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect([...live.keys()]).toEqual(ordered)
  expect([...live.values()].map(({ key }) => key)).toEqual(ordered)
  expect([...live.entries()].map(([key]) => key)).toEqual(ordered)
  const each: string[] = []
  live.forEach(({ value }, key, map) => void each.push(`${key}${value === map.get(key)!.value}`))
  expect(each).toEqual(ordered.map((key) => `${key}true`))
  expect(live.snapshot().map(({ key }) => key)).toEqual(ordered)
})

test('listeners of a live map: one that throws, one that is given twice, one that leaves', async () => {
  const { kv, table, opened } = await start()
  const live = table.live()
  let calls = 0
  const listener = () => {
    calls++
  }
  const [one, two] = [live.subscribe(listener), live.subscribe(listener)]
  const { say } = await opened(1)
  say({ phase: snapshot }, { phase: synced, revision: 1 })
  await live.ready
  expect(calls).toBe(2)
  one()
  one()
  say({ changes: [set('a', 1, 2)], revision: 2 })
  await kv.ping()
  expect(calls).toBe(3)
  two()
  say({ changes: [set('a', 1, 3)], revision: 3 })
  await kv.ping()
  expect(calls).toBe(3)
})

test('a watch that is refused says so: ready, iteration, onError; a live map too', async () => {
  const gateway = await startFakeGateway({
    answer: ({ command }) => (command === 'watch' ? [{ status: 403, message: 'Not yours.' }] : undefined),
  })
  const kv = connect(gateway.url)
  whenOver(() => kv.close())
  const table = kv.table('t')
  const refused = { status: 403, message: 'Not yours.' }
  const watch = table.watch()
  await expect(watch.next()).rejects.toMatchObject(refused)
  await expect(watch.ready).rejects.toMatchObject(refused)
  await expect(new Promise((resolve) => table.watch(() => {}, { onError: resolve }))).resolves.toMatchObject(refused)
  const told = new Promise((resolve) => table.live({ onError: resolve }).ready.catch(() => resolve))
  await expect(told).resolves.toMatchObject(refused)
  await expect(table.live().ready).rejects.toMatchObject(refused)
})

test('a signal ends a watch and a live map', async () => {
  const { gateway, table, opened } = await start()
  const controller = new AbortController()
  const watch = table.watch({ signal: controller.signal })
  const live = table.live({ signal: controller.signal })
  await opened(2)
  const next = watch.next()
  controller.abort()
  expect(await next).toEqual({ value: undefined, done: true })
  await expect(live.ready).rejects.toMatchObject({ message: 'The stream was closed.' })
  await until('both were cancelled', () => gateway.requests.filter(({ command }) => command === 'cancel').length === 2)
})

/** Numbers, and texts that are numbers, come out as numbers. */
const numeric: StandardSchema<number | string, number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      Number.isFinite(Number(value))
        ? { value: Number(value) }
        : { issues: [{ message: 'no number', path: ['a', { key: 0 }] }] },
  },
}

test('a schema is kept by what is written and by what is read; what it makes of a value is what is read', async () => {
  const { gateway, kv, opened } = await start()
  const table = kv.table('t', { schema: numeric })
  const issue = { status: 400, message: 'The value of "k" does not fit the schema: a: 0: no number.' }
  await table.set('k', '7')
  expect(gateway.tables.get('t')!.get('k')!.value).toEqual({ string: '7' })
  const entry = await table.get('k')
  expect(entry!.value).toBe(7)
  await expect(table.set('k', 'seven')).rejects.toMatchObject(issue)
  await expect(table.setMany([['k', 'seven']])).rejects.toMatchObject(issue)
  await expect(kv.transaction((tx) => tx.set(table, 'k', 'seven'))).rejects.toMatchObject(issue)
  await kv.table('t').set('k', 'seven')
  await expect(table.get('k')).rejects.toMatchObject(issue)
  const watch = table.watch()
  const { say, request } = await opened(1)
  say({ phase: snapshot, changes: [{ key: 'k', revision: 1, value: { string: '8' } }] })
  expect(await take(watch, 2)).toEqual([{ type: 'reset', more: true }, heard('k', 8, 1, true)])
  say({ changes: [{ key: 'k', revision: 2, value: { string: 'eight' } }], revision: 2 })
  await expect(watch.next()).rejects.toMatchObject(issue)
  const cancel = await until('it was cancelled', () => gateway.requests.find(({ command }) => command === 'cancel'))
  expect(cancel!.fields).toEqual({ request: request.id })
  const slow = kv.table('t', {
    schema: { '~standard': { version: 1, vendor: 'test', validate: async () => ({ value: 1 }) } },
  })
  await expect(slow.set('k', 1)).rejects.toMatchObject({ status: 400, message: 'The schema has to answer at once.' })
})
