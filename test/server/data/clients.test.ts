// What is kept of clients that have gone: for the window, and no longer, however many come and go.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defaultLimits } from '../../../proto/limits.ts'
import { newClientId } from '../../helpers/live.ts'
import { HeldEngine, startLoop } from '../../helpers/loop.ts'

const records = '\0mutations'
const leases = '\0leases'
const { mutationWindowMs, leaseGraceMs } = defaultLimits

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A page that is opened, writes so often, and is closed. */
function visit({ connect }: ReturnType<typeof startLoop>, writes: number, more: object = {}): void {
  const page = connect()
  page.receive({ hello: { clientId: newClientId() } })
  for (let mutation = 1; mutation <= writes; mutation++) {
    page.receive({ hset: { table: 't', pair: { key: 'k', value: { bool: true } }, ...more }, mutation })
  }
  page.gone()
}

test('a hundred page loads a minute leave nothing behind once the window is over', () => {
  const loop = startLoop()
  for (let minute = 0; minute < 15; minute++) {
    for (let page = 0; page < 100; page++) visit(loop, 3)
    vi.advanceTimersByTime(60_000)
  }
  // Those of the last ten minutes are still known, and the ones that turn ten minutes now may be.
  vi.advanceTimersByTime(1_000)
  expect(loop.store.count(records)).toBe((mutationWindowMs / 60_000 - 1) * 100 * 3)
  vi.advanceTimersByTime(mutationWindowMs)
  expect(loop.store.count(records)).toBe(0)
})

test('a client with more records than a step forgets, and those behind it', () => {
  const loop = startLoop()
  visit(loop, 1_000)
  for (let page = 0; page < 2_000; page++) visit(loop, page % 2)
  vi.advanceTimersByTime(mutationWindowMs - 1)
  expect(loop.store.count(records)).toBe(2_000)
  vi.advanceTimersByTime(1_000)
  expect(loop.store.count(records)).toBe(0)
})

test('one that came back is kept from when it left again', () => {
  const windowMs = 1_000
  const loop = startLoop({ limits: { mutationWindowMs: windowMs } })
  const clientId = newClientId()
  const open = () => {
    const page = loop.connect()
    page.receive({ hello: { clientId } })
    return page
  }
  const page = open()
  page.receive({ hset: { table: 't', pair: { key: 'k', value: { bool: true } } }, mutation: 1 })
  page.gone()
  vi.advanceTimersByTime(windowMs - 1)
  const again = open()
  vi.advanceTimersByTime(windowMs * 3)
  again.gone()
  vi.advanceTimersByTime(windowMs - 1)
  expect(loop.store.count(records)).toBe(1)
  vi.advanceTimersByTime(1_000)
  expect(loop.store.count(records)).toBe(0)
})

test('clients that leased are forgotten as well', () => {
  const loop = startLoop({ limits: { mutationWindowMs: leaseGraceMs / 2 } })
  for (let page = 0; page < 100; page++) visit(loop, 1, { lease: true })
  vi.advanceTimersByTime(leaseGraceMs + 1_000)
  expect(loop.store.count(leases)).toBe(0)
  expect(loop.store.count(records)).toBe(0)
})

test('a store that takes no writes is asked again', () => {
  const store = new HeldEngine()
  const loop = startLoop({ store })
  visit(loop, 2)
  const apply = vi.spyOn(store, 'apply').mockImplementation(() => {
    throw new Error('the disk is full')
  })
  vi.advanceTimersByTime(mutationWindowMs + 5_000)
  expect(store.count(records)).toBe(2)
  apply.mockRestore()
  vi.advanceTimersByTime(2_000)
  expect(store.count(records)).toBe(0)
})
