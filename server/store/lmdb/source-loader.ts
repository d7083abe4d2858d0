// Finds what a thread or process that this code starts needs to run it from its sources, as the tests and
// development do. Built code needs nothing.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Address of the module that lets Node load TypeScript; undefined where this code is built. */
export function sourceLoader(): string | undefined {
  if (!import.meta.url.endsWith('.ts')) return undefined
  const tsx = createRequire(import.meta.url).resolve('tsx/package.json')
  return new URL('./dist/esm/api/index.mjs', pathToFileURL(tsx)).href
}
