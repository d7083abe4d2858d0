// The keys of a table that a list looks at: fetched through the SDK, counted, and read again when the table changes.
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import { connection, kv, sentence } from '../kv.ts'
import { type KeyFetch, KeyPages } from './key-pages.ts'

const fetcher =
  (table: string, prefix: string): KeyFetch =>
  async ({ start, end, reverse, limit }, signal) => {
    const keys: string[] = []
    const range = { prefix: prefix || undefined, start, end, reverse, keysOnly: true, signal }
    let cursor: Uint8Array | undefined
    do {
      const page = await kv.table(table).page({ ...range, cursor, limit: limit - keys.length })
      for (const { key } of page.entries) keys.push(key)
      cursor = page.cursor
    } while (cursor && keys.length < limit)
    return keys
  }

export interface KeysView {
  readonly pages: KeyPages
  /** Whether the first page is there. */
  readonly isLoaded: boolean
  /** Why the last page could not be read, as a sentence. */
  readonly problem: string | undefined
  /** Loads the places in view again, after a problem. */
  readonly retry: () => void
}

interface Wanted {
  table: string
  prefix: string
  /** The table's last revision and its entries, as far as known. */
  revision: number | undefined
  total: number | undefined
}

/** A drag of the scrollbar passes many places: only where it rests for this long is loaded. */
const restMs = 40

/** Keeps the places `first` to `last` loaded; `viewOf` tells them from the pages, which tell how many there are. */
export function useKeys(wanted: Wanted, viewOf: (pages: KeyPages) => { first: number; last: number }): KeysView {
  const { table, prefix, revision } = wanted
  const [, redraw] = useReducer((turn: number) => turn + 1, 0)
  const pages = useMemo(() => new KeyPages(fetcher(table, prefix), () => redraw(undefined)), [table, prefix])
  const [loaded, setLoaded] = useState<KeyPages | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const isLoaded = loaded === pages
  const isOpen = connection.value === 'open'
  const { first, last } = viewOf(pages)

  const load = async () => {
    try {
      await pages.load(first, last)
      setProblem(undefined)
      if (pages.walked > 0 || pages.isComplete) setLoaded(pages)
    } catch (error) {
      setProblem(sentence(error))
    }
  }
  useEffect(() => () => pages.stop(), [pages])
  useEffect(() => {
    if (!isOpen) return
    const timer = setTimeout(load, isLoaded ? restMs : 0)
    return () => clearTimeout(timer)
  }, [pages, first, last, isOpen])

  // A newer revision: what is held may be old.
  const seen = useRef({ pages, revision })
  useEffect(() => {
    const isNewer = seen.current.pages === pages && seen.current.revision !== revision
    seen.current = { pages, revision }
    if (!isNewer || !isOpen) return
    pages.expire()
    void load()
  }, [pages, revision, isOpen])
  useTotal(wanted, pages, isOpen)
  return { pages, isLoaded, problem: isOpen ? problem : undefined, retry: () => void load() }
}

/** A count above this is not taken again by itself: it costs the gateway a walk over all of them. */
const recountKeys = 10_000

/** Tells the pages how many keys there are: the table's own count, or for a prefix what the gateway counts. */
function useTotal({ table, prefix, revision, total }: Wanted, pages: KeyPages, isOpen: boolean): void {
  useEffect(() => {
    if (prefix === '' && total !== undefined) pages.setTotal(total)
    if (prefix === '' || !isOpen) return
    const stop = new AbortController()
    const counted = kv.table(table).count({ prefix, signal: stop.signal, timeoutMs: 60_000 })
    // Where it fails the pages still say how many there are, once all are loaded.
    counted.then((found) => pages.setTotal(found)).catch(() => {})
    return () => stop.abort()
  }, [pages, prefix === '' ? total : pages.length <= recountKeys && revision, isOpen])
}

/** A key at most this many places from an end is gone to by itself. */
const nearKeys = 20_000

/** The place of a key that is not loaded, where it is near enough to walk to. */
export async function placeOf(table: string, prefix: string, key: string): Promise<number | undefined> {
  const before = await kv.table(table).count({ prefix: prefix || undefined, end: key, timeoutMs: 60_000 })
  return before <= nearKeys ? before : undefined
}
