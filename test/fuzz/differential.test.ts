// The fast path against the readable one: the same frames, good and nearly good, to a gateway without hooks and to one
// whose hook does nothing. Every byte of the replies, every close code and all entries in the end must be equal.
// FUZZ_SEED replays a run, FUZZ_FRAMES makes a longer one.
import { expect, test } from 'vitest'
import type { TimeSource } from '../../server/data/clock.ts'
import type { Engine } from '../../server/store/engine.ts'
import { type HeldTransport, startLoop } from '../helpers/loop.ts'
import { Random, runScale, runSeed } from '../helpers/random.ts'
import { framed } from '../helpers/wire.ts'
import { payload } from './corpus.ts'
import * as mutate from './mutate.ts'

const seed = runSeed()
const frames = Number(process.env.FUZZ_FRAMES ?? 100_000 * runScale)
const names = ['t', 'u', 'table', 'é', '', '\0', '\0mutations', 't'.repeat(255), 't'.repeat(256)]
const keys = [
  '',
  'k',
  'é',
  'x'.repeat(127),
  'x'.repeat(128),
  'x'.repeat(1_024),
  'x'.repeat(1_025),
  ...Array.from({ length: 30 }, (_none, index) => `key-${index}`),
]
/** A clock that stands: what an entry has left must not depend on when it is asked. */
const time: TimeSource = { monotonicMs: () => 1_000, wallMs: () => 1_000, boot: () => 'boot' }

/** A field with its length, the length in one byte more than it needs now and then. */
function field(tag: number, content: Uint8Array, random: Random): Buffer {
  const { length } = content
  const bytes =
    length < 0x80
      ? [length]
      : length < 0x4000
        ? [(length & 0x7f) | 0x80, length >> 7]
        : [(length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14]
  if (random.chance(40)) bytes.push(bytes.pop()! | 0x80, 0)
  return Buffer.concat([Uint8Array.of(tag, ...bytes), content])
}

function value(random: Random): Buffer {
  switch (random.below(12)) {
    case 0:
      return Buffer.alloc(0)
    case 1:
      return Buffer.from([0x18, ...Array(random.below(11)).fill(0x80 | random.below(128)), random.below(128)])
    case 2:
      return Buffer.concat([Uint8Array.of(0x21), random.bytes(8)])
    case 3:
      return Buffer.from([0x28, random.below(4)])
    case 4:
      return field(0x32, Buffer.from(random.pick(['{}', '{', '"é"'])), random)
    case 5:
      return field(0x0a, Buffer.from(random.pick(['é', 'text', '', 'x'.repeat(200)])), random)
    case 6:
      return field(0x0a, random.bytes(random.below(5)), random)
    // About as large as what is still sent without compressing it.
    case 7:
      return field(0x12, Buffer.alloc(1_360 + random.below(60), random.below(256)), random)
    case 8:
      return Buffer.concat([field(0x0a, Buffer.from('a'), random), field(0x12, Buffer.from('b'), random)])
    case 9:
      return Buffer.from(random.pick(['7000', '7801', '3800', '08', '0a05']), 'hex')
    default:
      return field(random.pick([0x0a, 0x12]), Buffer.from('v'.repeat(random.below(40))), random)
  }
}

let nextMutation = 1

/** A mutation's number: none, mostly the next, now and then one that was there or one far ahead, and what is no number. */
function mutation(random: Random, isGet: boolean): Buffer {
  if (!random.chance(isGet ? 40 : 3)) return Buffer.alloc(0)
  if (random.chance(300))
    return Buffer.from(random.pick(['7000', '70ffffffffffffffff7f', '70808080808080808001', '70']), 'hex')
  if (random.chance(200)) nextMutation += random.below(3_000)
  let number = nextMutation
  if (random.chance(5)) number -= Math.min(number - 1, 1 + random.below(random.pick([3, 3, 3_000])))
  else nextMutation++
  const bytes = [0x70]
  for (; number >= 0x80; number = Math.floor(number / 128)) bytes.push((number % 128) | 0x80)
  bytes.push(number)
  const age = random.chance(20) ? Buffer.from('6805', 'hex') : Buffer.alloc(0)
  return Buffer.concat([age, Buffer.from(bytes)])
}

/** A request for the fast path, or for just beside it. */
function hot(random: Random): Buffer {
  const table = field(0x0a, Buffer.from(random.chance(10) ? random.pick(names) : 't'), random)
  const key = Buffer.from(random.chance(6) ? random.pick(keys) : `key-${random.below(40)}`)
  const parts: Uint8Array[] = []
  const isGet = random.chance(2)
  if (isGet) parts.push(table, field(0x12, key, random))
  else {
    const pair = [field(0x0a, key, random), field(0x12, value(random), random)]
    if (random.chance(30)) pair.reverse()
    if (random.chance(30)) pair.pop()
    if (random.chance(60)) pair.push(Buffer.from([0x18, 5]))
    parts.push(table, field(0x12, Buffer.concat(pair), random))
    // A condition, a lifetime, a lease: not for the fast path.
    if (random.chance(20)) parts.push(Buffer.from(random.pick(['1801', '2005', '28904e', '3001', '1800']), 'hex'))
  }
  if (random.chance(50)) parts.reverse()
  if (random.chance(80)) parts.push(Buffer.from('a20600', 'hex'))
  const ids = random.chance(40)
    ? ['78ffffffff0f', '788000', '780178', '71']
    : ['', '7800', '7801', '787f', '788001', '78ffff7f']
  const head = field(isGet ? 0x0a : 0x22, Buffer.concat(parts), random)
  const id = Buffer.concat([mutation(random, isGet), Buffer.from(random.pick(ids), 'hex')])
  return random.chance(40) ? Buffer.concat([id, head]) : Buffer.concat([head, id])
}

function oneFrame(random: Random): Buffer {
  const kind = random.below(20)
  if (kind < 14) return framed(hot(random))
  if (kind < 16) return framed(mutate.message(hot(random), random))
  if (kind < 17) return framed(mutate.bytes(hot(random), random))
  if (kind < 19) return framed(payload(random))
  return framed(mutate.message(payload(random), random))
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

async function settled(client: HeldTransport): Promise<void> {
  for (let waited = 0; client.paused && client.closed === undefined; waited++) {
    if (waited > 10_000) throw new Error('a connection that hangs')
    // Streams answer some turns later, and not in both after as many.
    for (let turn = 0; turn < 4; turn++) await nextTurn()
  }
}

/** The replies but for what is new for each connection: its session, and the store's epoch. */
function comparable(client: HeldTransport): string {
  const text = client.frames.map((frame) => frame.toString('latin1')).join('|')
  return text.replace(/[0-9a-f]{32}/g, 'id')
}

/** All entries of a store, its tables and their revisions. */
function contents(store: Engine) {
  return store.tables().map((table) => {
    const all: unknown[] = []
    for (let after: string | undefined; ; ) {
      const page = store.range(table.name, { limit: 1_000, maxBytes: 1_000_000, after })
      all.push(...page.entries.map(({ key, value, revision }) => [key, Buffer.from(value).toString('hex'), revision]))
      if (page.next === undefined) return { table, all }
      after = page.next
    }
  })
}

test(`both paths answer ${frames} frames alike (FUZZ_SEED=${seed})`, { timeout: frames * 2 + 60_000 }, async () => {
  const random = new Random(seed)
  // A grace that ended in the middle would end a moment earlier in one than in the other.
  const limits = { leaseGraceMs: 3_600_000 }
  const fast = startLoop({ time, limits })
  const readable = startLoop({ time, limits, hooks: [{}] })
  expect([fast.service.plain, readable.service.plain]).toEqual([true, false])
  const connect = () => {
    const clients = [fast, readable].map((loop) => loop.connect())
    const clientId = random.pick(['', 'a', 'b', 'new', 'new', 'new'])
    // Some are new, because a number that was too high is the end for its client.
    const id = clientId === 'new' ? Buffer.from(random.bytes(16)).toString('hex') : clientId.repeat(32)
    if (id !== '') for (const client of clients) client.receive({ hello: { clientId: id } })
    return clients
  }
  let clients = connect()
  let executed = 0
  const { execute } = fast.service
  fast.service.execute = (...details) => {
    executed++
    return execute.apply(fast.service, details)
  }
  let [closed, sent] = [0, 0]
  while (sent < frames) {
    const chunk = Array.from({ length: 1 + random.below(20) }, () => oneFrame(random))
    sent += chunk.length
    for (const client of clients) client.receive(...chunk)
    for (const client of clients) await settled(client)
    // Streams answer some turns later, and not in both after as many.
    for (let turn = 0; turn < 4; turn++) await nextTurn()
    const [one, other] = clients.map((client) => ({ replies: comparable(client), closed: client.closed }))
    if (one!.closed !== other!.closed || one!.replies !== other!.replies) {
      const shown = chunk.map((frame) => frame.subarray(0, 100).toString('hex')).join('\n')
      throw new Error(
        `FUZZ_SEED=${seed}: after ${sent} frames, the last of them\n${shown}\n${JSON.stringify([one, other])}`,
      )
    }
    for (const client of clients) client.forget()
    if (one!.closed === undefined && !random.chance(200)) continue
    closed++
    for (const client of clients) client.gone()
    clients = connect()
  }
  expect(fast.store.revisionOf('t')).toBe(readable.store.revisionOf('t'))
  expect(contents(fast.store)).toEqual(contents(readable.store))
  expect(fast.meter.replies).toEqual(readable.meter.replies)
  const replies = fast.meter.replies.reduce((sum, counts) => sum + counts.reduce((a, b) => a + b), 0)
  const hotShare = Math.round(100 * (1 - executed / replies))
  console.log(
    `differential: ${sent} frames, ${hotShare} % of those answered on the fast path, ${closed} connections (FUZZ_SEED=${seed})`,
  )
  expect(hotShare).toBeGreaterThan(20)
  expect(hotShare).toBeLessThan(90)
})
