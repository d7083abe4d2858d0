// Reads the gateway's own tables - indexes and records, whose keys are all there is to know - past however many
// deleted entries lie in between: an engine ends a page after so many of them, found or not.
import type { Engine, Key, RangeQuery } from '../store/engine.ts'

type Bounds = Pick<RangeQuery, 'start' | 'end' | 'reverse'>

/** The first `limit` keys of a range, fewer only where there are no more. */
export function firstKeys(store: Engine, table: Key, bounds: Bounds, limit: number): Key[] {
  const keys: Key[] = []
  let after: Key | undefined
  do {
    const page = store.range(table, { ...bounds, after, keysOnly: true, limit: limit - keys.length, maxBytes: 1 << 20 })
    for (const { key } of page.entries) keys.push(key)
    after = page.next
  } while (after !== undefined && keys.length < limit)
  return keys
}
