// A place where the contract suite opens an engine, and how it writes there and reads everything back.
import assert from 'node:assert/strict'
import type { Change, Engine, Key, RangeEntry, RangeQuery } from '../store/engine.ts'

/** One store in one place: `open` again after the engine was closed is the same store. */
export interface Place {
  open(): Promise<Engine>
  /** Whether a store that was closed and is opened again holds what it held. */
  readonly durable: boolean
  /**
   * Waits until all that was written is where the engine keeps it in the end, as in tables on disk; then everything is
   * tried there too. Absent: it has no such place.
   */
  readonly settle?: ((engine: Engine) => Promise<void>) | undefined
  /** Called when the test that used the place is over and its engine is closed: removes what that left. */
  readonly remove?: (() => Promise<void> | void) | undefined
}

/** Runs `body` with a way to open the engine of a new place; whatever happens, the engine opened last is closed. */
export async function visit(place: Place, body: (open: () => Promise<Engine>) => Promise<void> | void): Promise<void> {
  let engine: Engine | undefined
  let failed = true
  try {
    await body(async () => {
      engine = await place.open()
      return engine
    })
    failed = false
  } finally {
    // Of a test that failed its own error is the one to show.
    const ending = end(place, engine)
    await (failed ? ending.catch(() => {}) : ending)
  }
}

async function end(place: Place, engine: Engine | undefined): Promise<void> {
  try {
    await engine?.close()
  } finally {
    await place.remove?.()
  }
}

export const everything: RangeQuery = { limit: 10_000, maxBytes: 1 << 30 }

export const value = (text: string): Buffer => Buffer.from(text)
export const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString()

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
    assert.notEqual(next, after, 'the next of a page of a range lies beyond the one before')
    after = next
  }
}

/** All changes after a revision, page by page. */
export function changesOf(engine: Engine, table: Key, since: number, limit: number): Change[] {
  const all: Change[] = []
  for (let from = since; ; ) {
    const page = engine.changes(table, from, limit)
    if (page === undefined) throw new Error(`changes after ${from} are not known`)
    for (const { revision } of page.changes) assert.ok(revision > from, `a change @${revision} after ${from}`)
    all.push(...page.changes)
    if (page.complete) return all
    assert.ok(page.upTo > from, `a page of changes after ${from} that is not complete goes up to ${page.upTo}`)
    from = page.upTo
  }
}
