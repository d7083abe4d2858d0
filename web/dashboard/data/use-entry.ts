// One entry of a table as the page shows it: loaded, kept up to date, and what to do when it changes under an edit.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Entry } from '../../sdk/index.ts'
import { connection, kv, sentence } from '../kv.ts'

export type Looked =
  | { readonly state: 'loading' }
  | { readonly state: 'missing' }
  | { readonly state: 'failed'; readonly problem: string }
  | { readonly state: 'found'; readonly entry: Entry }

interface EntryView {
  readonly looked: Looked
  readonly lookAgain: () => void
  /** Tells of the entry as this page has just written it. */
  readonly wrote: (entry: Entry) => void
}

/** Reads the entry, and again whenever `tableRevision` changes. */
export function useEntry(table: string, key: string, tableRevision: number | undefined): EntryView {
  const [looked, setLooked] = useState<Looked>({ state: 'loading' })
  const [turn, setTurn] = useState(0)
  const isOpen = connection.value === 'open'
  const failed = useRef(false)
  useEffect(() => {
    if (!isOpen) return
    const stop = new AbortController()
    if (failed.current) setLooked({ state: 'loading' })
    kv.table(table)
      .get(key, { signal: stop.signal })
      .then(
        (entry) => {
          failed.current = false
          setLooked(entry ? { state: 'found', entry } : { state: 'missing' })
        },
        (error: unknown) => {
          if (stop.signal.aborted) return
          failed.current = true
          setLooked({ state: 'failed', problem: sentence(error) })
        },
      )
    return () => stop.abort()
  }, [table, key, tableRevision, isOpen, turn])
  return {
    looked,
    lookAgain: () => setTurn(turn + 1),
    wrote: (entry) => setLooked({ state: 'found', entry }),
  }
}
