// Checkpoints of keys that are written again and again: what was written again since the mark stays in the log, what was
// not comes to LMDB, and nobody sees a difference, watchers and later starts included.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkDirectory } from '../../../../server/store/disk/verify.ts'
import type { Engine } from '../../../../server/store/engine.ts'
import { Base } from '../../../../server/store/lmdb/base.ts'
import { ThreadWriter } from '../../../../server/store/lmdb/writer.ts'
import { get, keys, put } from '../../../../server/testing/place.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'
import { until } from '../../../helpers/until.ts'
import { crashed, FaultyFiles, opened, safe } from './helpers.ts'

const checkpointBytes = 60_000
const hot = ['h0', 'h1', 'h2']
const cold = Array.from({ length: 12 }, (_, index) => `c${index}`)

/** Writes the hot keys, a group at a time, until so many more checkpoints are done. */
async function churn(engine: Engine, checkpoints: number, table = 't'): Promise<void> {
  const wanted = engine.stats().disk!.checkpoints + checkpoints
  for (let round = 0; engine.stats().disk!.checkpoints < wanted; round++) {
    if (round > 50_000) throw new Error('there is no checkpoint')
    for (const key of hot) put(engine, table, key, `${round}`.padStart(300))
    await safe(engine)
  }
}

/** The keys of a table that LMDB holds as a crash would leave it. */
async function inTables(directory: string, id: number): Promise<{ rows: string[]; revision: number }> {
  const base = new Base(join(crashed(directory), 'lmdb'))
  const rows = [...base.rows(id, '', undefined, false)]
  const { revision } = base.state()!
  await base.close()
  return { rows, revision }
}

async function sameAfterCrash(directory: string, engine: Engine): Promise<Engine> {
  const copy = crashed(directory)
  const lines: string[] = []
  expect(await checkDirectory(crashed(directory), (line) => lines.push(line)), lines.join('\n')).toBe(true)
  const again = await opened(copy, { checkpointBytes })
  expect(again.revisionOf('t')).toBe(engine.revisionOf('t'))
  expect(again.tables()).toEqual(engine.tables())
  for (const { name } of engine.tables()) {
    expect(keys(again, name)).toEqual(keys(engine, name))
    for (const key of keys(engine, name)) expect(get(again, name, key)).toEqual(get(engine, name, key))
    expect(again.changes(name, 0, 10_000)).toEqual(engine.changes(name, 0, 10_000))
  }
  return again
}

test('cold keys come to LMDB, hot ones stay in the log, and the log becomes short again', async () => {
  const directory = temporaryFolder()
  const engine = await opened(directory, { checkpointBytes })
  const written: number[] = []
  engine.events.onCheckpoint = (_seconds, entries) => written.push(entries)
  for (const key of cold) put(engine, 't', key, key)
  // One that comes late marks the log and ends at once: it has them all. How many do is a matter of the machine.
  for (let tries = 0; !written.some((entries) => entries < hot.length); tries++) {
    if (tries > 100) throw new Error(`each checkpoint wrote every key: ${written}`)
    await churn(engine, 1)
  }
  await until('the last checkpoint', () => engine.stats().disk!.logBytes < checkpointBytes)
  const { rows, revision } = await inTables(directory, 1)
  expect(rows).toEqual(expect.arrayContaining(cold))
  expect(revision).toBeGreaterThan(cold.length)
  await sameAfterCrash(directory, engine)
})

test('a watch that resumes from any revision gets every key once, in the order of revisions', async () => {
  const directory = temporaryFolder()
  const engine = await opened(directory, { checkpointBytes })
  for (const key of cold) put(engine, 't', key, key)
  await churn(engine, 2)
  // Written when LMDB has them, and again when it has them anew.
  for (const key of cold.slice(0, 7)) put(engine, 't', key, 'again')
  engine.delete('t', 'c9')
  await churn(engine, 2)
  for (const { revision } of engine.changes('t', 0, 1_000)!.changes) {
    const { changes, complete } = engine.changes('t', revision, 1_000)!
    expect(complete).toBe(true)
    const revisions = changes.map((change) => change.revision)
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
    expect(new Set(changes.map(({ key }) => key)).size).toBe(changes.length)
    expect(revisions.every((later) => later > revision)).toBe(true)
  }
  expect(engine.changes('t', 0, 1_000)!.changes).toHaveLength(cold.length + hot.length)
  const again = await sameAfterCrash(directory, engine)
  await churn(again, 2)
  expect(keys(again, 't')).toEqual(keys(engine, 't'))
})

test('counts are right after a crash: keys that were new, deleted and set again on either side of a mark', async () => {
  const directory = temporaryFolder()
  let engine = await opened(directory, { checkpointBytes })
  let source = directory
  for (let round = 0; round < 6; round++) {
    for (const key of cold) if (round % 2 === 0) put(engine, 't', `${key}-${round}`, key)
    for (const key of cold) engine.delete('t', `${key}-${round - 1}`)
    for (let step = 0; step < 40; step++) {
      // Now here, now gone, whatever is marked meanwhile.
      if (step % 2 === 0) put(engine, 't', 'flicker', `${step}`.padStart(600))
      else engine.delete('t', 'flicker')
      await safe(engine)
    }
    await churn(engine, 1)
    expect(engine.count('t')).toBe(keys(engine, 't').length)
    const again = await sameAfterCrash(source, engine)
    expect(again.count('t')).toBe(keys(engine, 't').length)
    source = crashed(source)
    engine = await opened(source, { checkpointBytes })
  }
})

test('a table that is dropped stays dropped, however often the log is marked behind it', async () => {
  const directory = temporaryFolder()
  const engine = await opened(directory, { checkpointBytes })
  await churn(engine, 1)
  for (const name of ['gone', 'empty']) put(engine, name, 'key', 'value')
  await churn(engine, 2)
  engine.drop('gone')
  put(engine, 'brief', 'key', 'value')
  engine.drop('brief')
  await churn(engine, 4)
  // A table whose name LMDB knows, and none of its keys: they are all in the log.
  await churn(engine, 3, 'hot')
  engine.drop('hot')
  await churn(engine, 4)
  const again = await sameAfterCrash(directory, engine)
  expect(again.tables().map(({ name }) => name)).toEqual(['empty', 't'])
})

test('a checkpoint does not end before what it left out is safe in the log', async () => {
  const files = new FaultyFiles()
  const directory = temporaryFolder()
  let open = (): void => {}
  let left: number | undefined
  let isArmed = false
  const finished: boolean[] = []
  const engine = await opened(directory, {
    checkpointBytes,
    files,
    writer(path) {
      const real = new ThreadWriter(path)
      return {
        async run(name, job) {
          if (name === 'tables' && isArmed) {
            isArmed = false
            // From now on nothing becomes safe, and a key of before the mark is written again.
            files.gate = new Promise((resolve) => {
              open = resolve
            })
            put(engine, 't', 'c0', 'again')
            left = engine.revisionOf('t')
          }
          if (name === 'finish' && left !== undefined) finished.push(engine.safeRevisionOf('t') >= left)
          const result = await real.run(name, job)
          if (name === 'states' && left !== undefined) setTimeout(() => open(), 50)
          return result
        },
        close: () => real.close(),
      }
    },
  })
  for (const key of cold) put(engine, 't', key, key)
  await churn(engine, 2)
  isArmed = true
  for (const key of cold) put(engine, 't', key, 'anew')
  await churn(engine, 2)
  expect(finished[0]).toBe(true)
  files.gate = undefined
  await sameAfterCrash(directory, engine)
})
