// One entry of a table as the page shows it: loaded, and read again when the table changes.
import { useEffect, useRef, useState } from 'preact/hooks'
import { connection, sentence, stored } from '../kv.ts'
import { type Other, type Seen, seen } from './seen.ts'

export type Looked =
  | { readonly state: 'loading' }
  | { readonly state: 'missing' }
  | { readonly state: 'failed'; readonly problem: string }
  | { readonly state: 'found'; readonly entry: Seen }

interface EntryView {
  readonly looked: Looked
  readonly lookAgain: () => void
  /** Tells what is there now, as a write of this page has left or met it. */
  readonly learn: (now: Other) => void
}

const lookedAt = (now: Other): Looked => (now === 'gone' ? { state: 'missing' } : { state: 'found', entry: now })

/** Reads the entry, and again whenever `tableRevision` changes. */
export function useEntry(table: string, key: string, tableRevision: number | undefined): EntryView {
  const [looked, setLooked] = useState<Looked>({ state: 'loading' })
  const [turn, setTurn] = useState(0)
  const isOpen = connection.value === 'open'
  const failed = useRef(false)
  const reading = useRef<AbortController | undefined>(undefined)
  useEffect(() => {
    if (!isOpen) return
    const stop = new AbortController()
    reading.current = stop
    if (failed.current) setLooked({ state: 'loading' })
    stored(table)
      .get(key, { signal: stop.signal })
      .then(
        (entry) => {
          failed.current = false
          setLooked(lookedAt(entry ? seen(entry) : 'gone'))
        },
        (error: unknown) => {
          if (stop.signal.aborted) return
          failed.current = true
          setLooked({ state: 'failed', problem: sentence(error) })
        },
      )
    return () => stop.abort()
  }, [table, key, tableRevision, isOpen, turn])
  const learn = (now: Other) => {
    // What is being read may be from before.
    reading.current?.abort()
    setLooked(lookedAt(now))
  }
  return { looked, lookAgain: () => setTurn(turn + 1), learn }
}
