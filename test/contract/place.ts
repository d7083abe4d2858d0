// A place where the contract suite opens an engine, and how it writes there and reads everything back.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Change, Engine, Key, RangeEntry, RangeQuery } from '../../server/store/engine.ts'
import { until } from '../helpers/until.ts'

/** One store in one place: `open` again after a close is the same store. */
export interface Place {
  open(): Promise<Engine>
  /** Whether a store that was closed holds what it held. */
  readonly durable: boolean
  /** Whether everything goes to the tables on disk soon: then there is a stage where it has. */
  readonly settles: boolean
}

export const everything: RangeQuery = { limit: 10_000, maxBytes: 1 << 30 }

export const value = (text: string): Buffer => Buffer.from(text)
export const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString()

/** Waits until all is safe and, where it goes there, in the tables on disk. */
export async function settled(engine: Engine): Promise<void> {
  await until('everything is on disk', async () => {
    await nextTurn()
    const { logBytes, reclaiming } = engine.stats().disk!
    return logBytes === 0 && reclaiming === 0 && engine.safeRevisionOf('t') === engine.revisionOf('t')
  })
}

export function put(engine: Engine, table: Key, key: Key, content: string): string | undefined {
  const bytes = value(content)
  return text(copy(engine.set(table, key, bytes, 0, bytes.length)))
}

export function get(engine: Engine, table: Key, key: Key): string | undefined {
  return text(copy(engine.get(table, key)))
}

export function copy(entry: { bytes: Uint8Array; start: number; end: number } | undefined): Uint8Array | undefined {
  return entry && Uint8Array.prototype.slice.call(entry.bytes, entry.start, entry.end)
}

export function keys(engine: Engine, table: Key, query: Partial<RangeQuery> = {}): Key[] {
  return pagesOf(engine, table, { ...everything, ...query })
    .flat()
    .map(({ key }) => key)
}

/** All pages of a range. */
export function pagesOf(engine: Engine, table: Key, query: RangeQuery): RangeEntry[][] {
  const pages: RangeEntry[][] = []
  for (let after = query.after; ; ) {
    const { entries, next } = engine.range(table, { ...query, after })
    pages.push(entries)
    if (next === undefined) return pages
    after = next
  }
}

/** All changes after a revision, page by page. */
export function changesOf(engine: Engine, table: Key, since: number, limit: number): Change[] {
  const all: Change[] = []
  for (let from = since; ; ) {
    const page = engine.changes(table, from, limit)
    if (page === undefined) throw new Error(`changes after ${from} are not known`)
    for (const { revision } of page.changes) expect(revision).toBeGreaterThan(from)
    all.push(...page.changes)
    if (page.complete) return all
    expect(page.upTo).toBeGreaterThan(from)
    from = page.upTo
  }
}
