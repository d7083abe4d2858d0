// The two lanes of tests: `npm test` runs every file, `npm run test:quick` those that need no browser, no other process
// and no large data. These are the others, the longest first: begun last, one alone would keep the rest waiting.

/** Files and folders (with a slash at the end) from the root, in the order in which they are begun. */
const slow = [
  'test/e2e/dashboard',
  'test/contract/',
  'test/torture/',
  'test/e2e/',
  'test/fuzz/',
  'test/server/store/disk/',
  'test/server/live/watch.test.ts',
  'test/server/cli/transfer.test.ts',
  'test/server/messages.test.ts',
  'test/server/readme.test.ts',
  'test/server/cli/destination.test.ts',
  'test/server/connection/sockets.test.ts',
  'test/web/sdk/restart.test.ts',
  'test/web/sdk/gateway.test.ts',
]

/** The slow files as globs. */
export const slowGlobs = slow.map((start) => `${start}**`)

/** Where a file comes in the order: slow ones by the list, all others behind them. */
export function rank(path: string): number {
  const found = slow.findIndex((start) => path.includes(`/${start}`) || path.startsWith(start))
  return found < 0 ? slow.length : found
}

export const isQuick = (path: string): boolean => rank(path) === slow.length
