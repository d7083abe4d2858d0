// One entry of a table: its key, and what is there, loaded and kept current.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { BackIcon, CloseIcon } from '../shell/icons.tsx'
import { unsaved } from '../shell/leave.ts'
import { Name } from '../shell/names.tsx'
import { CopyButton } from './copy-button.tsx'
import { EntryBody } from './entry-body.tsx'
import type { Seen } from './seen.ts'
import { type Looked, useEntry } from './use-entry.ts'

interface EntryPanelProps {
  table: string
  name: string
  tableRevision: number | undefined
  /** The address of the table without this entry. */
  back: string
  /** Takes the page there, after the entry was deleted. */
  onGone: () => void
  onCreate: () => void
}

export function EntryPanel({ table, name, tableRevision, back, onGone, onCreate }: EntryPanelProps): JSX.Element {
  const { looked, lookAgain, learn } = useEntry(table, name, tableRevision)
  // What is edited stays what was loaded first; something newer waits in `looked`. A new turn is a new editor.
  const [edited, setEdited] = useState<{ entry: Seen; turn: number } | undefined>(undefined)
  const isDirty = unsaved.value !== undefined
  const take = (entry: Seen) => setEdited((before) => ({ entry, turn: (before?.turn ?? 0) + 1 }))
  const saved = (entry: Seen) => {
    setEdited((before) => ({ entry, turn: before?.turn ?? 0 }))
    learn(entry)
  }
  useEffect(() => {
    if (isDirty) return
    if (looked.state === 'found' && (!edited || looked.entry.revision !== edited.entry.revision)) take(looked.entry)
    if (looked.state === 'missing' && edited) setEdited(undefined)
  }, [looked, edited, isDirty])

  return (
    <section class="pane entry" aria-labelledby="entry-title">
      <header class="pane-head">
        <a class="button quiet square narrow-only" href={back} aria-label="Back to the keys">
          <BackIcon />
        </a>
        <h2 id="entry-title" class="literal entry-key">
          <Name name={name} />
        </h2>
        <CopyButton text={() => name} label="Copy the key" />
        <a class="button quiet square wide-only" href={back} aria-label="Close the entry" title="Close the entry">
          <CloseIcon />
        </a>
      </header>
      {edited ? (
        <EntryBody
          key={edited.turn}
          table={table}
          entry={edited.entry}
          now={looked.state === 'missing' ? 'gone' : looked.state === 'found' ? looked.entry : edited.entry}
          onSaved={saved}
          onTake={(now) => {
            unsaved.value = undefined
            if (now === 'gone') onGone()
            else take(now)
          }}
          onMet={learn}
          onGone={onGone}
        />
      ) : (
        <Absent looked={looked} onCreate={onCreate} onAgain={lookAgain} />
      )}
    </section>
  )
}

interface AbsentProps {
  looked: Looked
  onCreate: () => void
  onAgain: () => void
}

function Absent({ looked, onCreate, onAgain }: AbsentProps): JSX.Element {
  if (looked.state === 'missing') {
    return (
      <div class="pane-empty">
        <p>There is no entry with this key.</p>
        <button type="button" class="button primary" onClick={onCreate}>
          Create it
        </button>
      </div>
    )
  }
  if (looked.state === 'failed') {
    return (
      <div class="pane-empty" role="alert">
        <p>{looked.problem}</p>
        <button type="button" class="button" onClick={onAgain}>
          Try again
        </button>
      </div>
    )
  }
  return (
    <ul class="skeletons" aria-label="Loading the entry" aria-busy="true">
      {[30, 90, 75, 60].map((width) => (
        <li key={width} style={{ width: `${width}%` }} />
      ))}
    </ul>
  )
}
