// Batches under way: how many, in which order they take effect, and what a failure that passes changes about that.
import { expect, test } from 'vitest'
import { KvassError } from '../../../proto/status.ts'
import { Pipeline } from '../../../server/cli/pipeline.ts'

/** Writes settle when the test says so. `sent` has every write in order, also the second try of one. */
function setUp(depth: number, patienceMs = 1_000) {
  const sent: { batch: string; resolve: () => void; reject: (error: Error) => void }[] = []
  const written: string[] = []
  const waits: number[] = []
  const clock = { now: 0, isEnding: false }
  const pipeline = new Pipeline<string>({
    write: (batch) => new Promise<void>((resolve, reject) => sent.push({ batch, resolve, reject })),
    onWritten: (batch) => written.push(batch),
    depth,
    patienceMs,
    wait: async (ms) => {
      waits.push(ms)
      clock.now += 100
    },
    isEnding: () => clock.isEnding,
    now: () => clock.now,
  })
  return { pipeline, clock, sent, written, waits, names: () => sent.map(({ batch }) => batch) }
}

const unavailable = () => new KvassError(503, 'connection lost', { retryAfterMs: 70 })
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('no more than depth batches are under way', async () => {
  const { pipeline, sent, names } = setUp(2)
  await pipeline.push('a')
  let hasRoom = false
  const push = pipeline.push('b').then(() => {
    hasRoom = true
  })
  await settled()
  expect([names(), hasRoom]).toEqual([['a', 'b'], false])
  sent[0]!.resolve()
  await push
  expect(hasRoom).toBe(true)
})

test('after a failure that passes, it and all later batches are sent again in order', async () => {
  const { pipeline, sent, written, waits, names } = setUp(4)
  await pipeline.push('a')
  await pipeline.push('b')
  await pipeline.push('c')
  const end = pipeline.end()
  sent[0]!.resolve()
  sent[1]!.reject(unavailable())
  await settled()
  expect(names()).toEqual(['a', 'b', 'c'])
  sent[2]!.resolve()
  await settled()
  expect(names()).toEqual(['a', 'b', 'c', 'b', 'c'])
  sent[3]!.resolve()
  sent[4]!.resolve()
  await end
  expect(written).toEqual(['a', 'b', 'c'])
  expect(waits).toHaveLength(1)
  expect(waits[0]).toBeGreaterThanOrEqual(70)
})

test('a failure for good ends it, and says nothing of later batches', async () => {
  const { pipeline, sent, written } = setUp(3)
  await pipeline.push('a')
  await pipeline.push('b')
  const end = pipeline.end()
  sent[0]!.resolve()
  sent[1]!.reject(new KvassError(403, 'forbidden'))
  await expect(end).rejects.toThrow('forbidden')
  expect(written).toEqual(['a'])
})

test('patience ends', async () => {
  const { pipeline, sent, names } = setUp(2, 250)
  await pipeline.push('a')
  const end = pipeline.end()
  end.catch(() => {})
  for (let attempt = 0; attempt < 4; attempt++) {
    await settled()
    sent.at(-1)!.reject(unavailable())
  }
  await expect(end).rejects.toThrow('connection lost')
  expect(names()).toEqual(['a', 'a', 'a', 'a'])
})

test('who wants to end does not wait for better times', async () => {
  const { pipeline, clock, sent, names } = setUp(2)
  await pipeline.push('a')
  const end = pipeline.end()
  clock.isEnding = true
  sent[0]!.reject(unavailable())
  await expect(end).rejects.toThrow('connection lost')
  expect(names()).toEqual(['a'])
})
