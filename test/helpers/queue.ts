// A queue that loses no message between awaits: events go in as they happen, a test takes them out one by one.
// It knows nothing of what they are.

export interface Queue<T> {
  /** Puts an item in; to be given as the listener of what emits items. */
  readonly push: (item: T) => void
  /** The next item, at once or when it comes. Fails when none comes within `withinMs` (default 5000). */
  next(withinMs?: number): Promise<T>
  /** The next `count` items, in order. */
  take(count: number, withinMs?: number): Promise<T[]>
  /** Items that nobody has taken yet. */
  readonly waiting: readonly T[]
}

/** `name` says in a failure what was waited for. */
export function queue<T>(name = 'item'): Queue<T> {
  const waiting: T[] = []
  const takers: ((item: T) => void)[] = []

  function next(withinMs = 5_000): Promise<T> {
    if (waiting.length > 0) return Promise.resolve(waiting.shift()!)
    return new Promise((resolve, reject) => {
      const taker = (item: T) => {
        clearTimeout(timer)
        resolve(item)
      }
      const timer = setTimeout(() => {
        takers.splice(takers.indexOf(taker), 1)
        reject(new Error(`no ${name} came within ${withinMs} ms`))
      }, withinMs)
      takers.push(taker)
    })
  }

  return {
    push: (item) => {
      const taker = takers.shift()
      if (taker) taker(item)
      else waiting.push(item)
    },
    next,
    take: async (count, withinMs) => {
      const items: T[] = []
      while (items.length < count) items.push(await next(withinMs))
      return items
    },
    waiting,
  }
}
