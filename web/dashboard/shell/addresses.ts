// The addresses of the rooms, below wherever the dashboard is mounted.
import { baseUrl } from '../kv.ts'

const root = baseUrl.pathname

export const routes = { overview: root, data: `${root}data/:table?` } as const
export const overviewAddress = root

export interface DataPlace {
  table?: string | undefined
  key?: string | undefined
  prefix?: string | undefined
}

/** The address of a table, an entry in it, and what its keys are searched for. */
export function dataAddress({ table, key, prefix }: DataPlace = {}): string {
  const query = new URLSearchParams()
  // A browser takes path segments of dots as steps, even when they are escaped.
  const isDots = table === '.' || table === '..'
  if (isDots) query.set('table', table)
  if (prefix) query.set('prefix', prefix)
  if (key !== undefined) query.set('key', key)
  const path = `${root}data${table === undefined || isDots ? '' : `/${encodeURIComponent(table)}`}`
  return query.size === 0 ? path : `${path}?${query}`
}
