// What a start makes of what a crash left: a torn tail is cut off, damage is refused and named, nothing else is lost.

import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { openDisk } from '../../../../server/store/disk/engine.ts'
import { checkDirectory } from '../../../../server/store/disk/verify.ts'
import { get, keys, put } from '../../../../server/testing/place.ts'
import { settled } from '../../../helpers/settled.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'
import { until } from '../../../helpers/until.ts'
import { crashed, FaultyWriter, logEnd, opened, safe, systemError } from './helpers.ts'

/** A store with three groups in its log, and where each ends. */
async function threeGroups() {
  const directory = temporaryFolder()
  const engine = await opened(directory)
  const ends: number[] = []
  let path = ''
  for (const key of ['a', 'b', 'c']) {
    put(engine, 't', key, `value of ${key}`)
    await safe(engine)
    const end = await logEnd(crashed(directory), engine.epoch)
    ends.push(end.offset)
    path = end.path
  }
  const copy = crashed(directory)
  return { copy, ends, log: join('log', basename(path)) }
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 0x10
  writeFileSync(path, bytes)
}

test('what was acknowledged is there after a crash, in every table', async () => {
  const directory = temporaryFolder()
  const engine = await opened(directory)
  for (let index = 0; index < 500; index++) put(engine, `t${index % 7}`, `k${index}`, `v${index}`)
  engine.delete('t1', 'k1')
  engine.drop('t2')
  await safe(engine)
  const again = await opened(crashed(directory))
  expect(again.revisionOf('t')).toBe(engine.revisionOf('t'))
  expect(again.tables()).toEqual(engine.tables())
  for (const { name } of engine.tables()) expect(keys(again, name)).toEqual(keys(engine, name))
})

test('a last group torn at any byte is cut off, and the store goes on from there', async () => {
  const { copy, ends, log } = await threeGroups()
  const [, before, end] = ends as [number, number, number]
  for (let at = before; at < end; at += 3) {
    const torn = crashed(copy)
    flip(join(torn, log), at)
    const engine = await openDisk({ directory: torn, durability: 'flush' })
    expect(keys(engine, 't')).toEqual(['a', 'b'])
    expect(engine.revisionOf('t')).toBe(2)
    put(engine, 't', 'd', 'new')
    await safe(engine)
    const again = crashed(torn)
    await engine.close()
    const reopened = await openDisk({ directory: again, durability: 'flush' })
    expect(keys(reopened, 't')).toEqual(['a', 'b', 'd'])
    await reopened.close()
  }
})

test('a log that was cut short at any byte keeps all whole groups', async () => {
  const { copy, ends, log } = await threeGroups()
  const [first, second, third] = ends as [number, number, number]
  for (let at = first; at < third; at += 7) {
    const short = crashed(copy)
    truncateSync(join(short, log), at)
    const engine = await openDisk({ directory: short, durability: 'flush' })
    expect(keys(engine, 't')).toEqual(at < second ? ['a'] : ['a', 'b'])
    await engine.close()
  }
})

test('damage before the last group is refused: file, offset, and what to do', async () => {
  const { copy, ends, log } = await threeGroups()
  const [first, second] = ends as [number, number]
  for (let at = first; at < second; at += 5) {
    const damaged = crashed(copy)
    flip(join(damaged, log), at)
    await expect(openDisk({ directory: damaged, durability: 'flush' })).rejects.toThrow(
      new RegExp(`${log}, offset ${first}: the log is damaged.*kvass check`),
    )
  }
})

test('damage in the last group of a store that was closed in order is refused as well', async () => {
  const directory = temporaryFolder()
  const engine = await openDisk({ directory, durability: 'flush' })
  put(engine, 't', 'a', 'one')
  await safe(engine)
  await engine.close()
  flip(join(directory, 'log', '1.log'), 4096 + 60)
  await expect(openDisk({ directory, durability: 'flush' })).rejects.toThrow(/offset 4096: the log is damaged/)
})

test('a damaged header of a segment is refused', async () => {
  const { copy, log } = await threeGroups()
  flip(join(copy, log), 20)
  await expect(openDisk({ directory: copy, durability: 'flush' })).rejects.toThrow(/segment 1 of the log is missing/)
})

test('a file of the log that the process died over when it was new is filled before it is used', async () => {
  const directory = temporaryFolder()
  const first = await opened(directory, { checkpointBytes: 4096 })
  put(first, 't', 'before', 'v')
  await safe(first)
  const copy = crashed(directory)
  writeFileSync(join(copy, 'log', '2.log'), '')
  const engine = await opened(copy, { checkpointBytes: 4096 })
  for (let index = 0; engine.stats().disk!.checkpoints === 0; index++) {
    put(engine, 't', `k${index % 100}`, `v${index}`)
    await safe(engine)
  }
  put(engine, 't', 'last', 'v')
  await safe(engine)
  const again = await opened(crashed(copy))
  expect(again.revisionOf('t')).toBe(engine.revisionOf('t'))
  expect(get(again, 't', 'last')).toBe('v')
})

test('a segment of the log that is missing between others is refused', async () => {
  let directory = temporaryFolder()
  // Checkpoints that do not end: each start begins another segment, and none is let go.
  for (let segment = 2; segment <= 3; segment++) {
    let writer: FaultyWriter | undefined
    const engine = await opened(directory, {
      checkpointBytes: 4096,
      writer: (path) => {
        writer = new FaultyWriter(path)
        writer.broken = systemError('EIO')
        return writer
      },
    })
    if (segment === 2) put(engine, 't', 'k', 'v'.repeat(5000))
    await until('a checkpoint failed', () => writer!.failed.length > 0)
    directory = crashed(directory)
  }
  rmSync(join(directory, 'log', '2.log'))
  await expect(openDisk({ directory, durability: 'flush' })).rejects.toThrow(
    'is segment 3 of the log, but segment 2 before it is missing or damaged',
  )
})

test('a value that looks like a group of the log is not taken for one', async () => {
  const directory = temporaryFolder()
  const engine = await opened(directory)
  put(engine, 't', 'a', 'one')
  await safe(engine)
  const log = join(directory, 'log', '1.log')
  const { offset } = await logEnd(crashed(directory), engine.epoch)
  // A copy of a whole group, inside of a value of a group that is then torn.
  const group = readFileSync(log).subarray(4096, offset)
  const forged = Buffer.concat([Buffer.alloc(100), group, Buffer.alloc(100)])
  forged.set(Buffer.from('guessed!'), 100)
  engine.set('t', 'b', forged, 0, forged.length)
  await safe(engine)
  const copy = crashed(directory)
  flip(join(copy, 'log', '1.log'), offset + 20)
  const again = await opened(copy)
  expect(keys(again, 't')).toEqual(['a'])
})

test('segments are used again, and what an earlier use left is never read as part of a later one', async () => {
  const directory = temporaryFolder()
  let engine = await opened(directory, { checkpointBytes: 4000 })
  for (let round = 0; round < 30; round++) {
    for (let index = 0; index < 20; index++) put(engine, 't', `k${index}`, `round ${round}`.padEnd(90 - round))
    await safe(engine)
    if (round % 10 === 9) {
      const copy = crashed(directory)
      const again = await openDisk({ directory: copy, durability: 'flush' }).catch((error: Error) => error)
      if (again instanceof Error) throw again
      for (let index = 0; index < 20; index++) expect(get(again, 't', `k${index}`)?.trim()).toBe(`round ${round}`)
      await again.close()
    }
    if (round % 7 === 6) {
      await engine.close()
      engine = await opened(directory, { checkpointBytes: 4000 })
    }
  }
  await until('checkpoints', () => engine.stats().disk!.checkpoints > 0)
  await engine.close()
  const numbers = new Set<string>()
  for (const name of ['1.log', '2.log', '3.log', '4.log']) {
    try {
      if (readFileSync(join(directory, 'log', name)).length > 0) numbers.add(name)
    } catch {
      // There are only as many files as are needed.
    }
  }
  expect(numbers.size).toBeLessThanOrEqual(3)
  expect(await checkDirectory(directory, () => {})).toBe(true)
})

test.each(['tables', 'states', 'finish'])('a checkpoint that ends before its %s: the start has it all', async (job) => {
  const directory = temporaryFolder()
  let writer: FaultyWriter | undefined
  const engine = await opened(directory, {
    checkpointBytes: 50_000,
    writer: (path) => {
      writer = new FaultyWriter(path, (name) => name === job)
      return writer
    },
  })
  put(engine, 'gone', 'k', 'v')
  for (let index = 0; index < 300; index++) put(engine, 't', `k${index}`, `${index}`.repeat(100))
  await until('the first checkpoint', () => engine.stats().disk!.checkpoints > 0)
  writer!.broken = systemError('ENOSPC')
  engine.drop('gone')
  put(engine, 'gone', 'l', 'again')
  for (let index = 0; index < 300; index += 3) engine.delete('t', `k${index}`)
  for (let index = 300; index < 900; index++) put(engine, 't', `k${index}`, `${index}`.repeat(100))
  await until('the checkpoint failed', () => writer!.failed.includes(job))
  await safe(engine)
  for (let index = 1; index < 300; index += 3) put(engine, 't', `k${index}`, 'later')
  await safe(engine)
  const copy = crashed(directory)
  const again = await opened(copy, { checkpointBytes: 50_000 })
  for (const name of ['t', 'gone']) expect(keys(again, name)).toEqual(keys(engine, name))
  expect(again.tables()).toEqual(engine.tables())
  expect(get(again, 't', 'k1')).toBe('later')
  await until('a checkpoint', () => again.stats().disk!.checkpoints > 0)
  expect(again.tables()).toEqual(engine.tables())
  await again.close()
  expect(await checkDirectory(copy, () => {})).toBe(true)
  // The one that failed goes on where it was.
  writer!.broken = undefined
  await until('the checkpoint worked at last', () => engine.stats().disk!.checkpoints > 1)
  expect(keys(engine, 't')).toHaveLength(engine.count('t'))
  await engine.close()
  expect(await checkDirectory(directory, () => {})).toBe(true)
})

test('a store whose tables are lost is refused, not begun again', async () => {
  const { copy } = await threeGroups()
  writeFileSync(join(copy, 'lmdb', 'data.mdb'), '')
  await expect(openDisk({ directory: copy, durability: 'flush' })).rejects.toThrow(/the tables in lmdb\/ are missing/)
})

test('tables that are damaged at their beginning are refused', async () => {
  const { copy } = await threeGroups()
  const file = join(copy, 'lmdb', 'data.mdb')
  const bytes = readFileSync(file)
  bytes.fill(0x55, 0, 200)
  writeFileSync(file, bytes)
  await expect(openDisk({ directory: copy, durability: 'flush' })).rejects.toThrow(
    /data\.mdb is damaged at its beginning/,
  )
})

test('tables cut short are refused by a process of their own, and end no other', async () => {
  const directory = temporaryFolder()
  const engine = await opened(directory, { checkpointBytes: 1 })
  for (let index = 0; index < 3000; index++) put(engine, 't', `k${index}`, 'v'.repeat(500))
  await settled(engine)
  await engine.close()
  truncateSync(join(directory, 'lmdb', 'data.mdb'), 40_960)
  await expect(openDisk({ directory, durability: 'flush' })).rejects.toThrow(/is damaged/)
})
