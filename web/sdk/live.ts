// A table as a map that is always current: it gathers what a watch says, and goes from one state that the table had to
// the next. It knows nothing of the wire.
import type { Client } from './client.ts'
import { guarded } from './events.ts'
import { Flow, type FlowOptions, type Source } from './flow.ts'
import type { Change, Entry, Live } from './types.ts'
import type { WatchSource } from './watch.ts'

export class SdkLive<T> implements Live<T> {
  readonly #flow: Flow<never>
  readonly #listeners = new Set<() => void>()
  #entries = new Map<string, Entry<T>>()
  /** Whether keys were added since the entries were put in order. */
  #isUnordered = false
  #snapshot: readonly Entry<T>[] | undefined
  /** What follows on the last state of the table; undefined for a deleted key. */
  readonly #staged = new Map<string, Entry<T> | undefined>()
  /** Whether what is staged is all of the table. */
  #isWhole = false
  #isReady = false

  constructor(client: Client, watch: WatchSource<T>, options: FlowOptions) {
    const source: Source<never> = {
      effect: 'stream',
      get request() {
        return watch.request
      },
      read: (response) => {
        const changes = watch.read(response)
        for (const change of changes) this.#stage(change)
        if (changes.at(-1)?.more === false) this.#commit()
        return []
      },
      isReady: () => this.#isReady,
      makeRoom: () => 0,
    }
    this.#flow = new Flow(client, source, undefined, options)
  }

  get ready(): Promise<void> {
    return this.#flow.ready
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Entry<T> | undefined {
    return this.#entries.get(key)
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  keys(): MapIterator<string> {
    return this.#ordered().keys()
  }

  values(): MapIterator<Entry<T>> {
    return this.#ordered().values()
  }

  entries(): MapIterator<[string, Entry<T>]> {
    return this.#ordered().entries()
  }

  [Symbol.iterator](): MapIterator<[string, Entry<T>]> {
    return this.entries()
  }

  forEach(callback: (entry: Entry<T>, key: string, map: ReadonlyMap<string, Entry<T>>) => void): void {
    for (const [key, entry] of this) callback(entry, key, this)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    // One of its own: a listener may be given twice, and each time be taken back.
    const own = () => listener()
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  readonly snapshot = (): readonly Entry<T>[] => {
    this.#snapshot ??= [...this.values()]
    return this.#snapshot
  }

  close(): Promise<void> {
    return this.#flow.close()
  }

  #stage(change: Change<T>): void {
    if (change.type === 'reset') {
      this.#isWhole = true
      this.#staged.clear()
    } else if (change.type === 'set') {
      const { type, more, ...entry } = change
      this.#staged.set(entry.key, entry)
    } else if (change.type === 'delete') this.#staged.set(change.key, undefined)
  }

  #commit(): void {
    this.#isReady = true
    if (this.#staged.size === 0 && !this.#isWhole) return
    if (this.#isWhole) this.#entries = new Map()
    this.#isWhole = false
    for (const [key, entry] of this.#staged) {
      if (!entry) this.#entries.delete(key)
      else {
        this.#isUnordered ||= !this.#entries.has(key)
        this.#entries.set(key, entry)
      }
    }
    this.#staged.clear()
    this.#snapshot = undefined
    for (const listener of [...this.#listeners]) guarded(listener, undefined)
  }

  #ordered(): Map<string, Entry<T>> {
    if (this.#isUnordered) this.#entries = new Map([...this.#entries].sort(([a], [b]) => compareKeys(a, b)))
    this.#isUnordered = false
    return this.#entries
  }
}

/** The order of the bytes of UTF-8, which is that of the code points, and not that of JavaScript's strings. */
function compareKeys(a: string, b: string): number {
  let at = 0
  // At the end of a string this is NaN, which equals nothing.
  while (a.charCodeAt(at) === b.charCodeAt(at)) at++
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1)
}
