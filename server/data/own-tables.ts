// The gateway's own tables, beside those of its clients: their names, the keys of the indexes among them, and how they
// are read.
import type { Engine, Key, RangeQuery, TableStats } from '../store/engine.ts'

/** First character of the names of tables that are ours. */
export const internalMark = '\0'
export const expiryTable = '\0expiry'
export const leaseTable = '\0leases'
export const clockTable = '\0clock'

type Bounds = Pick<RangeQuery, 'start' | 'end' | 'reverse'>

/**
 * The first `limit` keys of a range, fewer only where there are no more: it reads past however many deleted entries lie
 * in between, where an engine ends a page after so many of them, found or not.
 */
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

/** The tables that are not the gateway's own. */
export function clientTables(store: Engine): TableStats[] {
  return store.tables().filter(({ name }) => !name.startsWith(internalMark))
}

/** A table and a key as one: no two places have the same. */
export function placeKey(table: Key, key: Key): string {
  return String.fromCharCode(table.length >> 8, table.length & 0xff) + table + key
}

/** The table and key in an index key, behind its first `skip` bytes. */
export function placeOf(index: Key, skip: number): { table: Key; key: Key } {
  const start = skip + 2
  const end = start + (index.charCodeAt(skip) << 8) + index.charCodeAt(skip + 1)
  return { table: index.slice(start, end), key: index.slice(end) }
}
