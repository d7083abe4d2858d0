// The death of the process at any call it makes: the store dies between two calls to the file system or to LMDB's
// writer, chosen by chance, is opened again, and dies again. What was acknowledged must be there, and nothing but a
// prefix of what was written. Unlike a SIGKILL it hits every call alike, also those that take a microsecond.
import { constants, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDisk } from '../../../../server/store/disk/engine.ts'
import type { Engine } from '../../../../server/store/engine.ts'
import { Base } from '../../../../server/store/lmdb/base.ts'
import { jobsOf } from '../../../../server/store/lmdb/jobs.ts'
import type { TableWriter } from '../../../../server/store/lmdb/writer.ts'
import { type LogFiles, realFiles } from '../../../../server/store/log/files.ts'
import { Random } from '../../../../server/testing/random.ts'
import { runSeed } from '../../../helpers/random.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'

const lives = 12
const stores = 40

/** A process that dies at a call: from then on nothing that it does has an effect, and nothing answers it. */
class Mortal {
  dead = false
  calls = 0
  diesAt = Number.POSITIVE_INFINITY
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** Counts a call; throws where the process is dead or dies. */
  live(): void {
    if (!this.dead && ++this.calls < this.diesAt) return
    this.dead = true
    throw new Error('the process is dead')
  }

  /** A new file is there, and nothing is in it yet: a moment to die in that chance alone seldom meets. */
  fileBegun(): void {
    if (this.diesAt !== Number.POSITIVE_INFINITY && this.#random.chance(0.3)) this.diesAt = this.calls + 1
  }

  /** Calls back some turns later, unless the process has died by then. */
  later(callback: () => void): void {
    let turns = this.#random.below(this.#random.chance(0.1) ? 60 : 6)
    const wait = (): void => {
      if (this.dead) return
      if (turns-- > 0) setImmediate(wait)
      else callback()
    }
    setImmediate(wait)
  }

  /** Does a call of the thread pool; one that comes too late is never heard of again. */
  inPool(action: () => void): void {
    try {
      this.live()
    } catch {
      return
    }
    action()
  }
}

function filesOf(process: Mortal): LogFiles {
  const guarded =
    <Args extends unknown[], Result>(call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      process.live()
      return call(...args)
    }
  return {
    ...realFiles,
    open(path, flags) {
      process.live()
      if ((flags & constants.O_CREAT) !== 0) process.fileBegun()
      return realFiles.open(path, flags)
    },
    writeSync: guarded(realFiles.writeSync),
    unlink: guarded(realFiles.unlink),
    syncDirectory: () => {},
    datasyncSync: () => {},
    datasync: (_fd, done) => process.inPool(() => process.later(() => done(null))),
    write: (fd, bytes, offset, length, position, done) =>
      process.inPool(() => {
        const written = realFiles.writeSync(fd, bytes, offset, length, position)
        process.later(() => done(null, written))
      }),
  }
}

/** Writes to LMDB on this thread, so that a life need not wait for another to start; every job is a call. */
function writerOf(process: Mortal, path: string): TableWriter {
  const base = new Base(path)
  const jobs = jobsOf(base)
  return {
    run: (name, job) =>
      new Promise((resolve, reject) => {
        process.inPool(() => {
          process.later(() => {
            try {
              const result = jobs[name](job as never) as never
              process.inPool(() => resolve(result))
            } catch (error) {
              reject(error)
            }
          })
        })
      }),
    close: () => base.close(),
  }
}

/** What was written, a line a revision, and up to where it was acknowledged. */
interface Written {
  lines: { key: string; value: string | undefined }[]
  acknowledged: number
}

function contents(engine: Engine): [string, string][] {
  const { entries } = engine.range('t', { limit: 10_000, maxBytes: 1 << 24 })
  return entries.map(({ key, value }) => [key, Buffer.from(value).toString().trimEnd()])
}

function expected(lines: Written['lines']): [string, string][] {
  const entries = new Map<string, string>()
  for (const { key, value } of lines) {
    if (value === undefined) entries.delete(key)
    else entries.set(key, value)
  }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Writes until the process dies: to many keys alike, or mostly to few, so that checkpoints may leave those out. */
async function write(engine: Engine, written: Written, process: Mortal, random: Random): Promise<void> {
  const { lines } = written
  const isHot = random.chance(0.5)
  while (!process.dead) {
    for (let left = random.below(random.chance(0.02) ? 60 : 4); left > 0; left--) {
      const key = `key ${random.below(isHot && random.chance(0.95) ? 3 : 40)}`
      if (random.chance(0.2)) {
        if (engine.delete('t', key) !== undefined) lines.push({ key, value: undefined })
      } else {
        const value = String(lines.length)
        const bytes = Buffer.from(value.padEnd(random.below(120)))
        engine.set('t', key, bytes, 0, bytes.length)
        lines.push({ key, value })
      }
    }
    const revision = engine.revisionOf('t')
    engine.whenSafe('t', revision, (error) => {
      if (error === undefined && !process.dead) written.acknowledged = Math.max(written.acknowledged, revision)
    })
    if (random.chance(0.7)) await nextTurn()
    // Long enough for a checkpoint, at times.
    if (random.chance(0.01)) for (let turn = 0; turn < 200 && !process.dead; turn++) await nextTurn()
  }
}

/** One life of a store: opens it, compares it with what was written, and writes until it dies. */
async function live(directory: string, durability: 'flush' | 'commit', written: Written, random: Random) {
  const process = new Mortal(random)
  const engine = await openDisk({
    directory,
    durability,
    checkpointBytes: 3_000,
    files: filesOf(process),
    writer: (path) => writerOf(process, path),
  })
  expect(engine.revisionOf('t')).toBeGreaterThanOrEqual(written.acknowledged)
  expect(engine.revisionOf('t')).toBeLessThanOrEqual(written.lines.length)
  written.lines.length = engine.revisionOf('t')
  expect(contents(engine)).toEqual(expected(written.lines))
  process.diesAt = process.calls + 5 + random.below(random.chance(0.5) ? 400 : 60)
  try {
    await write(engine, written, process, random)
  } catch (error) {
    if (!process.dead) throw error
  }
  rmSync(join(directory, 'lock'), { force: true })
}

const seed = runSeed()

test.each(['flush', 'commit'] as const)(
  `%s: a store that dies ${lives} times at any call loses nothing that it acknowledged (FUZZ_SEED=${seed})`,
  async (durability) => {
    for (let store = 0; store < stores; store++) {
      const random = new Random(seed + store)
      const directory = join(temporaryFolder(), 'data')
      const written: Written = { lines: [], acknowledged: 0 }
      for (let life = 0; life < lives; life++) await live(directory, durability, written, random)
    }
  },
  60_000,
)
