// The gateway's own tables, beside those of its clients: their names, the keys of the indexes among them, and how they
// are read.
import { Buffer } from 'node:buffer'
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

/** Eight bytes that sort as the number does, as a binary string. */
export function sortable(number: number): string {
  const whole = Math.ceil(number)
  return word(Math.floor(whole / 2 ** 32)) + word(whole % 2 ** 32)
}

/** Four bytes, the highest first. Every write with a mutation comes here twice, and BigInt would cost it 0.5 us. */
function word(number: number): string {
  return String.fromCharCode(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff)
}

/** The key of an entry in the index of what expires. */
export function expiryKey(expiresAt: number, table: Key, key: Key): Key {
  return sortable(expiresAt) + placeKey(table, key)
}

/** When the entry of such a key expires. */
export function expiryOf(index: Key): number {
  return Number(Buffer.from(index.slice(0, 8), 'latin1').readBigUInt64BE())
}

/** The key of an entry in the index of what is leased; `client` is 16 bytes as a binary string. */
export function leaseKey(client: string, table: Key, key: Key): Key {
  return client + placeKey(table, key)
}
