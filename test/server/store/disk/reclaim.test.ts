// What becomes of dropped tables and old tombstones: their space comes back in steps, after a restart too, and is
// used again.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkDirectory } from '../../../../server/store/disk/verify.ts'
import type { Engine } from '../../../../server/store/engine.ts'
import { changesOf, get, keys, put } from '../../../../server/testing/place.ts'
import { settled } from '../../../helpers/settled.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'
import { until } from '../../../helpers/until.ts'
import { crashed, FaultyWriter, opened, safe } from './helpers.ts'

const count = 60_000

async function load(engine: Engine, table: string): Promise<void> {
  for (let index = 0; index < count; index++) {
    put(engine, table, `key ${index}`, `value ${index}`.padEnd(40))
    if (index % 5000 === 0) await engine.pressure()
  }
  await safe(engine)
}

const fileBytes = (directory: string) => statSync(join(directory, 'lmdb', 'data.mdb')).size

test('the space of a dropped table is used again', async () => {
  const directory = temporaryFolder()
  const engine = await opened(directory, { checkpointBytes: 1 << 20 })
  put(engine, 'kept', 'k', 'v')
  await load(engine, 't')
  const sizes: number[] = []
  for (let round = 0; round < 4; round++) {
    await until('the tables hold it', () => engine.stats().disk!.logBytes < 1 << 20)
    expect(engine.drop('t')).toBe(count)
    expect(engine.stats().disk!.reclaiming).toBeGreaterThan(0)
    await until('the space is back', () => engine.stats().disk!.reclaiming === 0, 20_000)
    await load(engine, 't')
    expect(engine.count('t')).toBe(count)
    sizes.push(fileBytes(directory))
  }
  // LMDB writes copies before it frees: some headroom, but not what four rounds would take.
  expect(sizes[3]).toBeLessThan(sizes[0]! * 1.5)
  await engine.close()
  expect(await checkDirectory(directory, () => {})).toBe(true)
}, 90_000)

test('a reclaim in the middle of a crash goes on after the restart', async () => {
  const directory = temporaryFolder()
  let writer: FaultyWriter | undefined
  let steps = 0
  const engine = await opened(directory, {
    checkpointBytes: 1 << 20,
    writer: (path) => {
      // One step of reclaiming works, the next does not.
      writer = new FaultyWriter(path, (name) => name === 'reclaim' && ++steps > 1)
      writer.broken = new Error('as the test wanted')
      return writer
    },
  })
  await load(engine, 't')
  put(engine, 'kept', 'k', 'v')
  await until('the tables hold it', () => engine.stats().disk!.logBytes < 1 << 20)
  engine.drop('t')
  await until('the second step failed', () => steps > 1)
  const left = engine.stats().disk!.reclaiming
  expect(left).toBeGreaterThan(0)
  const copy = crashed(directory)
  expect(await checkDirectory(copy, () => {})).toBe(true)
  const again = await opened(copy)
  expect(again.stats().disk!.reclaiming).toBe(left)
  expect(again.tables().map(({ name }) => name)).toEqual(['kept'])
  await until('the space is back', () => again.stats().disk!.reclaiming === 0, 20_000)
  expect(get(again, 'kept', 'k')).toBe('v')
  await again.close()
  expect(await checkDirectory(copy, () => {})).toBe(true)
}, 60_000)

test('tombstones above their number are trimmed, and what is not known any more is said', async () => {
  const directory = temporaryFolder()
  const engine = await opened(directory, { checkpointBytes: 1, maxTombstones: 10 })
  for (let index = 0; index < 50; index++) put(engine, 't', `k${index}`, 'v')
  const since = engine.revisionOf('t')
  for (let index = 0; index < 40; index++) engine.delete('t', `k${index}`)
  const first = since + 1
  await until('the oldest are not known', () => engine.changes('t', first, 100) === undefined)
  await settled(engine)
  // The last ten are, and a resume after the floor misses nothing.
  const floor = engine.revisionOf('t') - 10
  expect(changesOf(engine, 't', floor, 3).map(({ key }) => key)).toEqual(
    Array.from({ length: 10 }, (_, index) => `k${30 + index}`),
  )
  expect(engine.changes('t', floor - 1, 100)).toBeUndefined()
  await engine.close()
  expect(await checkDirectory(directory, () => {})).toBe(true)
  const again = await opened(directory)
  expect(again.changes('t', floor - 1, 100)).toBeUndefined()
  expect(changesOf(again, 't', floor, 100)).toHaveLength(10)
})

test('tombstones that are too old are trimmed, younger ones are not', async () => {
  let seconds = 0
  const engine = await opened(temporaryFolder(), { checkpointBytes: 1, tombstoneSeconds: 0.1, clock: () => seconds })
  for (const key of ['a', 'b', 'c']) put(engine, 't', key, 'v')
  const since = engine.revisionOf('t')
  engine.delete('t', 'a')
  await settled(engine)
  expect(engine.changes('t', since, 10)!.changes).toHaveLength(1)
  seconds += 1
  await until('the tombstone went', () => engine.changes('t', since, 10) === undefined)
  expect(keys(engine, 't')).toEqual(['b', 'c'])
  const later = engine.revisionOf('t')
  engine.delete('t', 'b')
  await settled(engine)
  expect(engine.changes('t', later, 10)!.changes).toMatchObject([{ key: 'b', value: undefined }])
})
