// The table of pending requests, without a socket: ids, replies and pages, deadlines, and a lost connection.
import { expect, test } from 'vitest'
import { KvassError } from '../../../proto/status.ts'
import type { Response } from '../../../web/sdk/messages.ts'
import { Call, type Command, Pending } from '../../../web/sdk/pending.ts'

type Event = { response: Response; first: boolean } | { error: KvassError }

function add(pending: Pending, command: Partial<Command> = {}, deadline = 1_000): { call: Call; events: Event[] } {
  const events: Event[] = []
  const call = new Call(
    { request: { ping: {} }, effect: 'read', ...command },
    10,
    deadline,
    (response, first) => events.push({ response, first }),
    (error) => events.push({ error: error as KvassError }),
  )
  pending.add(call)
  return { call, events }
}

test('replies find their requests in any order', () => {
  const pending = new Pending()
  const all = Array.from({ length: 2_000 }, () => add(pending))
  expect(pending.size).toBe(2_000)
  for (const { call } of [...all].reverse()) pending.settle({ id: call.id, status: 200, count: call.id })
  for (const { call, events } of all)
    expect(events).toEqual([{ response: { id: call.id, status: 200, count: call.id }, first: true }])
  expect(pending.size).toBe(0)
})

test('ids wrap around at 32 bits, pass over 0 and over what is under way', () => {
  const pending = new Pending()
  const old = [1, 2, 3].map(() => add(pending))
  expect(old.map(({ call }) => call.id)).toEqual([1, 2, 3])
  const late = new Pending(2 ** 32 - 2)
  const ids = [0, 1, 2].map(() => add(late).call.id)
  expect(ids).toEqual([2 ** 32 - 1, 1, 2])
  const busy = new Pending(2 ** 32 - 1)
  const [first] = [add(busy), ...Array.from({ length: 255 }, () => add(busy))]
  const before = new Set(Array.from({ length: 600 }, () => add(busy).call.id))
  expect(before.size).toBe(600)
  expect(before.has(first!.call.id)).toBe(false)
})

test('a long-lived call keeps its place while ids go round', () => {
  const pending = new Pending()
  const stream = add(pending, { effect: 'stream' })
  for (let round = 0; round < 5_000; round++) {
    const { call, events } = add(pending)
    expect(call.id).not.toBe(stream.call.id)
    pending.settle({ id: call.id, status: 200 })
    expect(events).toHaveLength(1)
  }
  pending.settle({ id: stream.call.id, status: 200 })
  expect(stream.events).toEqual([{ response: { id: stream.call.id, status: 200 }, first: true }])
})

test('a response that nobody waits for is dropped', () => {
  const pending = new Pending()
  const { call, events } = add(pending)
  pending.settle({ id: call.id + 256, status: 200 })
  pending.settle({ id: 0, status: 200 })
  pending.settle({ status: 500 })
  expect(pending.remove(call)).toBe(true)
  expect(pending.remove(call)).toBe(false)
  pending.settle({ id: call.id, status: 200 })
  expect(events).toEqual([])
})

test('an error status is a KvassError with the message and the delay', () => {
  const pending = new Pending()
  const { call, events } = add(pending)
  pending.settle({ id: call.id, status: 429, message: 'Slower.', retryAfterMs: 40 })
  const [event] = events as { error: KvassError }[]
  expect(event!.error).toBeInstanceOf(KvassError)
  expect(event!.error).toMatchObject({ status: 429, message: 'Slower.', retryAfterMs: 40, retryable: true })
  const unknown = add(pending)
  pending.settle({ id: unknown.call.id, status: 418 })
  const message = 'Status 418.'
  expect((unknown.events[0] as { error: KvassError }).error).toMatchObject({ status: 418, message, retryable: false })
  const none = add(pending)
  pending.settle({ id: none.call.id })
  expect((none.events[0] as { error: KvassError }).error).toMatchObject({ status: 500 })
})

test('404 is an answer to a call that may miss', () => {
  const pending = new Pending()
  const { call, events } = add(pending, { answer: 404 })
  pending.settle({ id: call.id, status: 404, message: 'no' })
  expect(events).toEqual([{ response: { id: call.id, status: 404, message: 'no' }, first: true }])
  const other = add(pending, { answer: 404 })
  pending.settle({ id: other.call.id, status: 403 })
  expect((other.events[0] as { error: KvassError }).error.status).toBe(403)
})

test('pages are gathered until the last', () => {
  const pending = new Pending()
  const { call, events } = add(pending)
  const { id } = call
  pending.settle({ id, status: 200, pairs: [{ key: 'a' }], more: true })
  pending.settle({ id, status: 200, more: true })
  expect(events).toEqual([])
  pending.settle({ id, status: 200, pairs: [{ key: 'b' }], cursor: Uint8Array.of(1) })
  const response = { id, status: 200, pairs: [{ key: 'a' }, { key: 'b' }], cursor: Uint8Array.of(1), pages: 3 }
  expect(events).toEqual([{ response, first: true }])
})

test('an error ends a paged reply', () => {
  const pending = new Pending()
  const { call, events } = add(pending)
  pending.settle({ id: call.id, status: 200, pairs: [{ key: 'a' }], more: true })
  pending.settle({ id: call.id, status: 503, message: 'no more' })
  expect(events).toHaveLength(1)
  expect((events[0] as { error: KvassError }).error.message).toBe('no more')
})

const unknown = (message: string) => ({ error: new KvassError(504, `${message} The outcome of the write is unknown.`) })

test('a lost connection: reads, writes and streams start again in their order, what must not be sent twice fails', () => {
  const pending = new Pending()
  const read = add(pending)
  const write = add(pending, { effect: 'write' })
  const once = add(pending, { effect: 'once' })
  const stream = add(pending, { effect: 'stream' })
  for (const { call } of [read, write, once, stream]) {
    call.sent = true
    call.leftAt = 1
  }
  const waiting = add(pending, { effect: 'once' })
  pending.settle({ id: stream.call.id, status: 200 })
  pending.settle({ id: read.call.id, status: 200, pairs: [{ key: 'half' }], more: true })
  pending.lost(new KvassError(503, 'Lost.'))
  expect(once.events).toEqual([unknown('Lost.')])
  expect(pending.unsent()).toEqual([read.call, write.call, stream.call, waiting.call])
  pending.settle({ id: read.call.id, status: 200, pairs: [{ key: 'whole' }] })
  expect(read.events).toEqual([{ response: { id: read.call.id, status: 200, pairs: [{ key: 'whole' }] }, first: true }])
  pending.settle({ id: stream.call.id, status: 200 })
  expect(stream.events.map((event) => (event as { first: boolean }).first)).toEqual([true, true])
})

test('writes, and nothing else, are numbered from 1, and the earliest without an answer is known', () => {
  const pending = new Pending()
  expect(pending.firstMutation).toBe(1)
  const all = (['write', 'read', 'once', 'stream', 'write', 'write'] as const).map((effect) => add(pending, { effect }))
  expect(all.map(({ call }) => call.mutation)).toEqual([1, 0, 0, 0, 2, 3])
  const [first, , , , second, third] = all
  expect(pending.firstMutation).toBe(1)
  pending.settle({ id: second!.call.id, status: 200 })
  expect(pending.firstMutation).toBe(1)
  pending.settle({ id: first!.call.id, status: 409 })
  expect(pending.firstMutation).toBe(3)
  pending.settle({ id: third!.call.id, status: 200 })
  expect(pending.firstMutation).toBe(4)
})

test('the earliest write is known however its successors end', () => {
  const pending = new Pending()
  const writes = Array.from({ length: 300 }, () => add(pending, { effect: 'write' }).call)
  const waiting = new Set(writes.map(({ mutation }) => mutation))
  // 7 and 300 have no divisor in common: each once, in an order that is neither theirs nor its reverse.
  for (let at = 0; at < writes.length; at++) {
    const call = writes[(at * 7 + 150) % writes.length]!
    expect(pending.remove(call)).toBe(true)
    waiting.delete(call.mutation)
    expect(pending.firstMutation).toBe(Math.min(301, ...waiting))
  }
  expect(add(pending, { effect: 'write' }).call.mutation).toBe(pending.firstMutation)
})

test('what fails for want of an answer has an unknown outcome where it is a write that has left', () => {
  const pending = new Pending()
  const added = (['read', 'write', 'once', 'stream', 'write'] as const).map((effect) => add(pending, { effect }))
  for (const { call } of added.slice(0, 4)) call.leftAt = 1
  const error = new KvassError(503, 'Over.')
  pending.fail(error)
  const plain = { error }
  expect(added.map(({ events }) => events[0])).toEqual([plain, unknown('Over.'), unknown('Over.'), plain, plain])
  const other = new Pending()
  const [left, unsent, read] = [add(other, { effect: 'write' }), add(other, { effect: 'write' }), add(other)]
  left.call.leftAt = read.call.leftAt = 1
  other.failWritesThatLeft(error)
  expect([left.events, unsent.events, read.events]).toEqual([[unknown('Over.')], [], []])
  expect(other.firstMutation).toBe(unsent.call.mutation)
})

test('the order of calls survives the wrap of the ids', () => {
  const pending = new Pending(2 ** 32 - 3)
  const calls = Array.from({ length: 300 }, () => add(pending).call)
  expect(pending.unsent()).toEqual(calls)
})

test('deadlines: the earliest is known, and only what is due expires', () => {
  const pending = new Pending()
  expect(pending.nextDeadline()).toBe(Number.POSITIVE_INFINITY)
  const late = add(pending, {}, 300)
  const early = add(pending, {}, 100)
  add(pending, { effect: 'stream' }, Number.POSITIVE_INFINITY)
  expect(pending.nextDeadline()).toBe(100)
  expect(pending.expire(99)).toEqual([])
  expect(pending.expire(100)).toEqual([early.call])
  expect(pending.nextDeadline()).toBe(300)
  expect(pending.expire(1_000)).toEqual([late.call])
  expect(pending.size).toBe(1)
})

test('whatever ends a call lets go of its signal once', () => {
  const pending = new Pending()
  const released: string[] = []
  const named = (name: string, command: Partial<Command>) => {
    const { call } = add(pending, command)
    call.release = () => released.push(name)
    return call
  }
  pending.settle({ id: named('reply', {}).id, status: 200 })
  pending.settle({ id: named('error', {}).id, status: 500 })
  named('once', { effect: 'once' }).sent = true
  pending.lost(new KvassError(503, 'lost'))
  pending.remove(named('removed', {}))
  named('failed', {})
  pending.fail(new KvassError(503, 'over'))
  expect(released).toEqual(['reply', 'error', 'once', 'removed', 'failed'])
})
