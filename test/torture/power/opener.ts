// The process that opens crash images, one after another: opens the store, reads all of it, writes a little, and
// closes it. It runs under the shim, so that the power can be cut again while it does; marks say how far it is.
// A damaged image may end it: its other end is openers.ts.
import { openSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openDisk } from '../../../server/store/disk/engine.ts'
import type { Engine } from '../../../server/store/engine.ts'

export interface OpenJob {
  readonly directory: string
  readonly checkpointBytes: number
  /** Written to each of `keys` of `table`, in one group. */
  readonly write: { readonly table: string; readonly keys: readonly string[]; readonly value: string }
}

export interface Row {
  readonly key: string
  readonly value: Buffer
  readonly revision: number
}

/** What a store held when it was opened. */
export interface Dump {
  readonly revision: number
  readonly tables: readonly { readonly name: string; readonly rows: readonly Row[] }[]
  /** Revision of the group that was written then, and is safe. */
  readonly written: number
}

export type OpenResult = { readonly dump: Dump } | { readonly refused: string }

process.on('message', (job: OpenJob) => {
  void open(job).then((result) => process.send!(result))
})
process.on('disconnect', () => process.exit(0))

async function open({ directory, checkpointBytes, write }: OpenJob): Promise<OpenResult> {
  let engine: Engine | undefined
  try {
    mark('opening')
    engine = await openDisk({ directory, durability: 'flush', checkpointBytes })
    mark('opened')
    const revision = engine.revisionOf(write.table)
    const tables = engine.tables().map(({ name, count }) => ({ name, rows: rowsOf(engine!, name, count) }))
    const value = Buffer.from(write.value)
    // Two turns between the writes, so that what an open begins in the background gets on.
    await nextTurn()
    engine.apply(write.keys.map((key) => ({ table: write.table, key, value })))
    const written = engine.revisionOf(write.table)
    await new Promise<void>((resolve, reject) => {
      engine!.whenSafe(write.table, written, (error) => (error === undefined ? resolve() : reject(error)))
    })
    mark('written')
    await nextTurn()
    return { dump: { revision, tables, written } }
  } catch (error) {
    return { refused: (error as Error).message }
  } finally {
    await engine?.close().catch(() => {})
    mark('closed')
  }
}

function rowsOf(engine: Engine, table: string, count: number): Row[] {
  const rows: Row[] = []
  for (let after: string | undefined; ; ) {
    const { entries, next } = engine.range(table, { after, limit: 1000, maxBytes: 1 << 24 })
    for (const { key, value, revision } of entries) rows.push({ key, value: Buffer.from(value), revision })
    if (next === undefined) break
    after = next
  }
  if (rows.length !== count) throw new Error(`table ${table} counts ${count} entries and has ${rows.length}`)
  const changed = changedKeys(engine, table)
  const missing = rows.find(({ key }) => changed?.has(key) === false)
  if (missing !== undefined) throw new Error(`table ${table} has ${missing.key}, and its index of revisions has not`)
  return rows
}

/** The keys in the index of revisions; undefined where it does not reach back to the beginning. */
function changedKeys(engine: Engine, table: string): Set<string> | undefined {
  const keys = new Set<string>()
  for (let since = 0; ; ) {
    const page = engine.changes(table, since, 1000)
    if (page === undefined) return undefined
    for (const { key } of page.changes) keys.add(key)
    if (page.complete) return keys
    since = page.upTo
  }
}

/** Leaves a mark in the record: the shim knows the path. */
function mark(text: string): void {
  try {
    openSync(`/power-mark/${text}`, 'r')
  } catch {
    // There is no such file.
  }
}
