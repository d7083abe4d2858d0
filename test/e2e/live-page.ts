// What the page of the live test does: it runs in Chromium as text and may use nothing but its arguments.
import type { Change, Kvass } from '../../web/sdk/types.ts'

export interface LivePage {
  /** Writes that were begun, and how each ended; what is not in `outcomes` is still open. */
  begun: number
  outcomes: { [outcome: string]: number }
  disconnects: number
  resets: number
  faults: string[]
  /** Ends the writes and settles when each has its outcome. */
  stop(): Promise<void>
  /** What each of the ten watches has, as JSON. */
  seen(): string[]
}

/** Begins ten watches of one table, and a stream of writes to it; leaves itself as `livePage` of the window. */
export function livePage({ connect }: { connect(): Kvass }, prefixes: string[]): void {
  const kv = connect()
  const table = kv.table<number>('live')
  const page: LivePage = { begun: 0, outcomes: {}, disconnects: 0, resets: 0, faults: [], stop, seen }
  kv.on('disconnect', () => page.disconnects++)
  const lives = prefixes.map((prefix) => table.live({ prefix }))
  const maps = prefixes.flatMap((prefix, number) => [follow(prefix, number % 2 === 0)])
  let isOver = false
  const writers = [0, 1, 2, 3].map(write)
  Object.assign(globalThis, { livePage: page })

  /** A watch that keeps a map, as a listener or as an iteration. */
  function follow(prefix: string, asListener: boolean): Map<string, number> {
    const map = new Map<string, number>()
    let revision = 0
    const hear = (change: Change<number>) => {
      if (change.type === 'reset') {
        page.resets++
        map.clear()
      } else if (change.type === 'set') map.set(change.key, change.value)
      else if (change.type === 'delete') map.delete(change.key)
      if (change.type === 'synced' || change.type === 'reset') revision = 0
      else if (!change.more) {
        if (change.revision < revision) page.faults.push(`${prefix}: ${change.revision} after ${revision}`)
        revision = change.revision
      }
    }
    if (asListener) table.watch(hear, { prefix, onError: (error) => page.faults.push(error.message) })
    else
      void (async () => {
        for await (const change of table.watch({ prefix })) hear(change)
      })().catch((error) => page.faults.push(String(error)))
    return map
  }

  async function write(number: number): Promise<void> {
    for (let at = 0; !isOver; at++) {
      const key = `${prefixes[(at * 7 + number) % prefixes.length]}${at % 23}`
      page.begun++
      const outcome = await (at % 4 === 0
        ? table.delete(key)
        : at % 4 === 1
          ? table.increment('count')
          : at % 4 === 2
            ? kv.transaction((tx) => tx.set(table, key, at).increment(table, 'count'))
            : table.set(key, at)
      ).then(
        () => (at % 4 === 1 || at % 4 === 2 ? 'counted' : 'written'),
        (error) => String(error),
      )
      page.outcomes[outcome] = (page.outcomes[outcome] ?? 0) + 1
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async function stop(): Promise<void> {
    isOver = true
    await Promise.all(writers)
  }

  function seen(): string[] {
    const sorted = (map: Map<string, number>) => JSON.stringify([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
    const ofLives = lives.map((live) => JSON.stringify([...live].map(([key, { value }]) => [key, value])))
    return [...ofLives, ...maps.map(sorted)]
  }
}
