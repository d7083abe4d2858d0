// A store of 10,000,000 entries: how long it takes to make and to open, what dropping a table of 1,000,000 does to
// another reader, and whether the space is used again. A script that prints figures:
// node --import tsx test/torture/large.ts [--entries 10000000] [--drop 1000000] [--directory DIR]
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDisk } from '../../server/store/disk/engine.ts'
import type { Engine } from '../../server/store/engine.ts'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000000' },
    drop: { type: 'string', default: '1000000' },
    directory: { type: 'string' },
  },
})
const entries = Number(values.entries)
const dropped = Number(values.drop)
const folder = values.directory ?? mkdtempSync(join(tmpdir(), 'kvass-large-'))
const directory = join(folder, 'data')
const value = Buffer.alloc(64, 0x61)

const keyOf = (index: number) => `key:${String(index).padStart(10, '0')}`
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
const tableBytes = () => statSync(join(directory, 'lmdb/data.mdb')).size

async function timed<T>(what: string, action: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const result = await action()
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(3)} s`)
  return result
}

const safe = (engine: Engine) =>
  new Promise<void>((resolve, reject) =>
    engine.whenSafe('t', engine.revisionOf('t'), (error) => (error === undefined ? resolve() : reject(error))),
  )

async function fill(engine: Engine, table: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    engine.set(table, keyOf((index * 7_368_787) % count), value, 0, value.length)
    if (index % 2000 === 0) {
      await engine.pressure()
      await nextTurn()
    }
  }
  await safe(engine)
}

async function idle(engine: Engine): Promise<void> {
  let { checkpoints } = engine.stats().disk!
  for (let quiet = 0; quiet < 200; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    const now = engine.stats().disk!
    if (now.checkpoints !== checkpoints || now.reclaiming > 0) quiet = 0
    checkpoints = now.checkpoints
  }
}

/** Reads every millisecond until told to stop; answers how late each reading was done, in milliseconds. */
function reader(engine: Engine, table: string, count: number): () => number[] {
  const late: number[] = []
  let due = performance.now() + 1
  let index = 0
  const timer = setInterval(() => {
    const entry = engine.get(table, keyOf((index++ * 104_729) % count))
    if (entry === undefined) throw new Error('an entry is missing')
    const now = performance.now()
    late.push(Math.max(0, now - due))
    due = now + 1
  }, 1)
  return () => {
    clearInterval(timer)
    return late
  }
}

function percentile(values: number[], share: number): number {
  const sorted = values.sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

const show = (values: number[]) =>
  `p50 ${percentile(values, 0.5).toFixed(2)} ms, p99 ${percentile(values, 0.99).toFixed(2)} ms, max ${percentile(values, 1).toFixed(2)} ms`

try {
  let engine = await timed('open an empty store', () => openDisk({ directory, durability: 'flush' }))
  await timed(`write ${entries} entries`, () => fill(engine, 'large', entries))
  await timed('close', () => engine.close())
  engine = await timed(`open ${entries} entries`, () => openDisk({ directory, durability: 'flush' }))
  if (engine.count('large') !== entries) throw new Error(`it has ${engine.count('large')} entries`)
  await timed(`write ${dropped} entries to another table`, () => fill(engine, 'dropped', dropped))
  await idle(engine)
  const full = tableBytes()

  const stopBefore = reader(engine, 'large', entries)
  await new Promise((resolve) => setTimeout(resolve, 3000))
  const before = stopBefore()
  const stopDuring = reader(engine, 'large', entries)
  const started = performance.now()
  engine.drop('dropped')
  console.log(`the call of drop: ${(performance.now() - started).toFixed(2)} ms`)
  await timed('the space is back', async () => {
    while (engine.stats().disk!.reclaiming > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  })
  const during = stopDuring()
  console.log(`another reader is late, before the drop: ${show(before)}`)
  console.log(`another reader is late, until the space is back: ${show(during)}`)
  console.log(`its p99 rises by ${(percentile(during, 0.99) - percentile(before, 0.99)).toFixed(2)} ms`)

  await timed(`write ${dropped} entries again`, () => fill(engine, 'again', dropped))
  await idle(engine)
  console.log(`the tables' file: ${mebibytes(full)} before the drop, ${mebibytes(tableBytes())} with as much again`)
  await engine.close()
} finally {
  if (values.directory === undefined) rmSync(folder, { recursive: true, force: true })
}
