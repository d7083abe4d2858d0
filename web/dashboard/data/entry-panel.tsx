// One entry: its key, type, size and revision, its value in the editor of its type, and what can be done with it.
import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Entry, Value } from '../../sdk/index.ts'
import { bytes, exact } from '../format.ts'
import { kv, refreshTables, sentence } from '../kv.ts'
import { ask } from '../shell/ask.tsx'
import { BackIcon, CheckIcon, CloseIcon, CopyIcon, DownloadIcon, TrashIcon, WarningIcon } from '../shell/icons.tsx'
import { unsaved } from '../shell/leave.ts'
import { say } from '../shell/toast.tsx'
import type { Draft } from './drafts.ts'
import { draftOf, parse, reform, sameDraft, sizeOf, typeOf } from './drafts.ts'
import { download, typeNames, ValueEditor } from './editors.tsx'
import { useEntry } from './use-entry.ts'

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
  const { looked, lookAgain, wrote } = useEntry(table, name, tableRevision)
  // What is edited stays what was loaded first; something newer waits in `looked`. A new turn is a new editor.
  const [edited, setEdited] = useState<{ entry: Entry; turn: number } | undefined>(undefined)
  const isDirty = unsaved.value !== undefined
  const take = (entry: Entry) => setEdited((before) => ({ entry, turn: (before?.turn ?? 0) + 1 }))
  const saved = (entry: Entry) => {
    setEdited((before) => ({ entry, turn: before?.turn ?? 0 }))
    wrote(entry)
  }
  useEffect(() => {
    if (isDirty) return
    if (looked.state === 'found' && (!edited || looked.entry.revision > edited.entry.revision)) take(looked.entry)
    if (looked.state === 'missing' && edited) setEdited(undefined)
  }, [looked, edited, isDirty])

  return (
    <section class="pane entry" aria-labelledby="entry-title">
      <header class="pane-head">
        <a class="button quiet square narrow-only" href={back} aria-label="Back to the keys">
          <BackIcon />
        </a>
        <h2 id="entry-title" class="literal entry-key">
          {name}
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
          elsewhere={looked.state === 'missing' ? 'deleted' : looked.state === 'found' ? looked.entry : undefined}
          onSaved={saved}
          onTake={take}
          onGone={onGone}
        />
      ) : looked.state === 'missing' ? (
        <div class="pane-empty">
          <p>There is no entry with this key.</p>
          <button type="button" class="button primary" onClick={onCreate}>
            Create it
          </button>
        </div>
      ) : looked.state === 'failed' ? (
        <div class="pane-empty" role="alert">
          <p>{looked.problem}</p>
          <button type="button" class="button" onClick={lookAgain}>
            Try again
          </button>
        </div>
      ) : (
        <ul class="skeletons" aria-label="Loading the entry" aria-busy="true">
          {[30, 90, 75, 60].map((width) => (
            <li key={width} style={{ width: `${width}%` }} />
          ))}
        </ul>
      )}
    </section>
  )
}

function CopyButton({ text, label }: { text: () => string; label: string }): JSX.Element {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      setCopied(true)
      setTimeout(() => setCopied(false), 1_500)
    } catch {
      say('The browser did not allow the copy.')
    }
  }
  return (
    <button type="button" class="button quiet square" aria-label={label} title={label} onClick={() => void copy()}>
      {copied ? <CheckIcon /> : <CopyIcon />}
    </button>
  )
}

/** Values larger than this are shown in part until all is asked for: an editor of megabytes is slow to draw. */
const hugeBytes = 65_536
const previewCharacters = 8_192

interface BodyProps {
  table: string
  entry: Entry
  /** What the gateway has now, where that is known. */
  elsewhere: Entry | 'deleted' | undefined
  onSaved: (entry: Entry) => void
  /** The newer entry takes the place of the edit. */
  onTake: (entry: Entry) => void
  onGone: () => void
}

function EntryBody({ table, entry, elsewhere, onSaved, onTake, onGone }: BodyProps): JSX.Element {
  const size = useMemo(() => sizeOf(entry.value), [entry])
  const [isWhole, setWhole] = useState(size <= hugeBytes)
  const remove = async () => {
    const yes = await ask({
      title: 'Delete this entry?',
      text: `${entry.key} will be gone from ${table} for good.`,
      yes: 'Delete',
    })
    if (!yes) return
    try {
      const was = await kv.table(table).delete(entry.key)
      unsaved.value = undefined
      say(was ? `Deleted ${entry.key}.` : `${entry.key} was already gone.`)
      onGone()
      void refreshTables()
    } catch (error) {
      say(sentence(error))
    }
  }
  return (
    <>
      <div class="entry-facts">
        <dl>
          <div>
            <dt>Type</dt>
            <dd>{typeNames[typeOf(entry.value)]}</dd>
          </div>
          <div>
            <dt>Size</dt>
            <dd title={`${exact(size)} bytes`}>{bytes(size)}</dd>
          </div>
          <div>
            <dt>Revision</dt>
            <dd class="entry-revision">{exact(entry.revision)}</dd>
          </div>
        </dl>
        <button type="button" class="button quiet danger-text" onClick={() => void remove()}>
          <TrashIcon /> Delete
        </button>
      </div>
      {isWhole ? (
        <Edit table={table} entry={entry} elsewhere={elsewhere} onSaved={onSaved} onTake={onTake} />
      ) : (
        <Preview entry={entry} size={size} onWhole={() => setWhole(true)} />
      )}
    </>
  )
}

function Preview({ entry, size, onWhole }: { entry: Entry; size: number; onWhole: () => void }): JSX.Element {
  const text = useMemo(() => previewOf(entry.value), [entry])
  const { value } = entry
  const content = () => (value instanceof Uint8Array ? value : draftOf(value).text)
  return (
    <div class="preview">
      <p class="notice">
        <span>This value has {bytes(size)}. Its beginning is shown.</span>
        <span class="spring" />
        <button type="button" class="button small" onClick={() => download(content(), entry.key)}>
          <DownloadIcon /> Download
        </button>
        <button type="button" class="button small" onClick={onWhole}>
          Show all and edit
        </button>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section class="literal beginning" tabIndex={0} aria-label="Beginning of the value">
        {text}…
      </section>
    </div>
  )
}

function previewOf(value: Value): string {
  if (value instanceof Uint8Array) return draftOf(value.subarray(0, previewCharacters / 3)).text
  return draftOf(value).text.slice(0, previewCharacters)
}

/** The editor of a value with its save and revert. */
function Edit({ table, entry, elsewhere, onSaved, onTake }: Omit<BodyProps, 'onGone'>): JSX.Element {
  const [original, setOriginal] = useState(() => draftOf(entry.value))
  const [draft, setDraft] = useState(original)
  const [saving, setSaving] = useState(false)
  const [outcome, setOutcome] = useState<{ good: boolean; text: string } | undefined>(undefined)
  const parsed = useMemo(() => parse(draft), [draft])
  const base = draft.type === 'binary' && original.type === 'binary' ? reform(original, draft.form) : original
  const isDirty = !sameDraft(draft, base)
  const isNewer = elsewhere === 'deleted' || (elsewhere !== undefined && elsewhere.revision > entry.revision)

  useEffect(() => {
    unsaved.value = isDirty ? `The edit of ${entry.key}` : undefined
  }, [isDirty])
  useEffect(() => {
    return () => {
      unsaved.value = undefined
    }
  }, [])

  const change = (next: Draft) => {
    setDraft(next)
    setOutcome(undefined)
  }
  const save = async () => {
    if (!('value' in parsed) || saving) return
    setSaving(true)
    setOutcome(undefined)
    try {
      const revision = await kv.table(table).set(entry.key, parsed.value)
      setOriginal(draft)
      unsaved.value = undefined
      setOutcome({ good: true, text: `Saved as revision ${exact(revision)}.` })
      onSaved({ ...entry, value: parsed.value, revision })
      void refreshTables()
    } catch (error) {
      setOutcome({ good: false, text: sentence(error) })
    }
    setSaving(false)
  }
  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => {
        if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault()
          void save()
        }
      }}
    >
      <ValueEditor draft={draft} onChange={change} id="value" />
      {isDirty && isNewer && <Newer elsewhere={elsewhere} onTake={onTake} />}
      <footer class="edit-foot">
        <button type="submit" class="button primary" disabled={!isDirty || 'error' in parsed || saving}>
          {saving ? 'Saving…' : 'Save'}
        </button>
        <button type="button" class="button" disabled={!isDirty || saving} onClick={() => change(base)}>
          Revert
        </button>
        <p class={`outcome ${outcome?.good ? 'good' : 'bad'}`} role={outcome?.good === false ? 'alert' : 'status'}>
          {outcome?.text}
        </p>
        <CopyButton text={() => draft.text} label="Copy the value" />
      </footer>
    </form>
  )
}

/** Says that somebody else wrote the entry while it was edited here. */
function Newer({ elsewhere, onTake }: { elsewhere: Entry | 'deleted'; onTake: (entry: Entry) => void }): JSX.Element {
  return (
    <p class="notice" role="status">
      <WarningIcon />
      {elsewhere === 'deleted' ? (
        'This entry was deleted while you edited it. Saving writes it again.'
      ) : (
        <>
          <span>Somebody wrote revision {exact(elsewhere.revision)} while you edited. Saving replaces it.</span>
          <button
            type="button"
            class="button small"
            onClick={() => {
              unsaved.value = undefined
              onTake(elsewhere)
            }}
          >
            Take theirs
          </button>
        </>
      )}
    </p>
  )
}
