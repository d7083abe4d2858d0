// The cache in front of LMDB: what it keeps through checkpoints, and that it is never older than what lies above.

import { expect, test } from 'vitest'
import type { Engine } from '../../../../server/store/engine.ts'
import { get, put } from '../../../../server/testing/place.ts'
import { settled } from '../../../helpers/settled.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'
import { until } from '../../../helpers/until.ts'
import { FaultyWriter, opened, systemError } from './helpers.ts'

const count = 4_000

async function load(engine: Engine, content: string): Promise<void> {
  for (let index = 0; index < count; index++) {
    put(engine, 't', `key ${index}`, content)
    if (index % 200 === 199) await settled(engine)
  }
}

/** Reads every key, which has the cache take what it can; answers how many it did not have. */
function misses(engine: Engine, content: string): number {
  const before = engine.stats().disk!.cache.misses
  for (let index = 0; index < count; index++) expect(get(engine, 't', `key ${index}`)).toBe(content)
  return engine.stats().disk!.cache.misses - before
}

test('what was written stays in the cache through many small checkpoints', async () => {
  const engine = await opened(temporaryFolder(), { durability: 'commit', checkpointBytes: 1 })
  await load(engine, 'first')
  expect(engine.stats().disk!.checkpoints).toBeGreaterThan(10)
  expect(misses(engine, 'first')).toBeLessThan(count / 4)
  expect(misses(engine, 'first')).toBe(0)
  await load(engine, 'second')
  expect(misses(engine, 'second')).toBeLessThan(count / 4)
  expect(misses(engine, 'second')).toBe(0)
}, 60_000)

test('a cache that is too small for everything stays within its bound and keeps a part', async () => {
  const cacheBytes = 200_000
  const engine = await opened(temporaryFolder(), { durability: 'commit', checkpointBytes: 1, cacheBytes })
  const content = 'v'.repeat(200)
  await load(engine, content)
  for (let round = 0; round < 8; round++) {
    misses(engine, content)
    expect(engine.stats().disk!.cache.bytes).toBeLessThan(1.5 * cacheBytes)
    expect(engine.stats().disk!.cache.bytes).toBeGreaterThan(0)
  }
}, 60_000)

test.each(['set', 'deleted'])(
  'what is %s while a checkpoint writes the state before is never seen again',
  async (how) => {
    let writer: FaultyWriter | undefined
    const engine = await opened(temporaryFolder(), {
      checkpointBytes: 1,
      writer: (path) => {
        writer = new FaultyWriter(path)
        return writer
      },
    })
    const filler = 'f'.repeat(4_096)
    const names = Array.from({ length: 100 }, (_, index) => `key ${index}`)
    put(engine, 't', 'first', filler)
    await settled(engine)
    writer!.broken = systemError('EIO')
    for (const key of names) put(engine, 't', key, 'old')
    put(engine, 't', 'filler', filler)
    await until('a checkpoint has failed', () => writer!.failed.length > 0)
    const expected = how === 'set' ? 'new' : undefined
    for (const key of names) how === 'set' ? put(engine, 't', key, 'new') : engine.delete('t', key)
    writer!.broken = undefined
    await until('the first states are in the tables', () => engine.stats().disk!.checkpoints === 2)
    // Look-ups have the cache take what it may of them; then those above reach the tables as well.
    for (let round = 0; round < 200; round++) get(engine, 't', 'first')
    for (const key of names) expect(get(engine, 't', key)).toBe(expected)
    put(engine, 't', 'filler', filler)
    await settled(engine)
    for (let round = 0; round < 2; round++) for (const key of names) expect(get(engine, 't', key)).toBe(expected)
  },
)
