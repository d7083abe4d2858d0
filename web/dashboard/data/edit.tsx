// The editor of an entry's value with its save and revert. A save depends on what was edited: where somebody else wrote
// meanwhile, both values are shown and the user chooses.
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { exact } from '../format.ts'
import { refreshTables, sentence, stored } from '../kv.ts'
import { unsaved } from '../shell/leave.ts'
import { escaped } from '../shell/names.tsx'
import { Conflict } from './conflict.tsx'
import { CopyButton } from './copy-button.tsx'
import { type Draft, draftOf, parse, reform, sameDraft } from './drafts.ts'
import { ValueEditor } from './editors.tsx'
import { type Other, otherOf, type Seen } from './seen.ts'

export interface EditProps {
  table: string
  /** What is edited. */
  entry: Seen
  /** What the gateway has now, as far as known. */
  now: Other
  onSaved: (entry: Seen) => void
  /** What is there now takes the place of the edit. */
  onTake: (now: Other) => void
  /** Tells what a refused write met. */
  onMet: (now: Other) => void
}

interface Outcome {
  readonly good: boolean
  readonly text: string
}

export function Edit({ table, entry, now, onSaved, onTake, onMet }: EditProps): JSX.Element {
  const [original, setOriginal] = useState(() => draftOf(entry.value))
  const [draft, setDraft] = useState(original)
  /** Whether a long text has an edit that the draft does not have yet. */
  const [isTyping, setTyping] = useState(false)
  const [saving, setSaving] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined)
  const parsed = useMemo(() => parse(draft), [draft])
  const base = draft.type === 'binary' && original.type === 'binary' ? reform(original, draft.form) : original
  const isDirty = isTyping || !sameDraft(draft, base)
  const isOther = now === 'gone' || now.revision !== entry.revision
  const { value } = parsed

  useEffect(() => {
    unsaved.value = isDirty ? `The edit of ${escaped(entry.key)}` : undefined
  }, [isDirty])
  useEffect(() => {
    return () => {
      unsaved.value = undefined
    }
  }, [])

  const change = (next: Draft) => {
    setDraft(next)
    setTyping(false)
    setOutcome(undefined)
  }
  /** Saves in the place of `over`, and keeps what that has beside its value. */
  const save = async (over: Other) => {
    if (value === undefined || saving) return
    setSaving(true)
    setOutcome(undefined)
    try {
      const revision = await stored(table).save(entry.key, value, { ifRevision: over === 'gone' ? 0 : over.revision })
      setOriginal(draft)
      unsaved.value = undefined
      setOutcome({ good: true, text: `Saved as revision ${exact(revision)}.` })
      const kept = over === 'gone' ? { key: entry.key, endsAt: undefined, leased: false } : over
      onSaved({ ...kept, value, revision })
      void refreshTables()
    } catch (error) {
      const met = otherOf(error)
      if (met !== undefined) onMet(met)
      else setOutcome({ good: false, text: sentence(error) })
    }
    setSaving(false)
  }
  const isConflict = isDirty && isOther
  const maySave = isDirty && value !== undefined && !saving
  const saveMine = useRef(() => {})
  saveMine.current = () => {
    if (maySave && !isConflict) void save(entry)
  }
  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault()
        saveMine.current()
      }}
      onKeyDown={(event) => {
        if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        // An editor tells of its last keystrokes now, and they are part of the draft in the next turn.
        setTimeout(() => saveMine.current())
      }}
    >
      <ValueEditor draft={draft} parsed={parsed} onChange={change} onEdit={() => setTyping(true)} id="value" />
      {isConflict && (
        <Conflict text={conflictText(now, entry)} mine={value} mineTitle="Yours" theirs={now}>
          <button type="button" class="button danger" disabled={!maySave} onClick={() => void save(now)}>
            {now === 'gone' ? 'Save mine again' : 'Save mine over it'}
          </button>
          <button type="button" class="button" onClick={() => onTake(now)}>
            {now === 'gone' ? 'Discard mine' : 'Take theirs'}
          </button>
        </Conflict>
      )}
      <footer class="edit-foot">
        <button type="submit" class="button primary" disabled={!maySave || isConflict}>
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

function conflictText(now: Other, { endsAt }: Seen): string {
  if (now !== 'gone') return `Somebody wrote revision ${exact(now.revision)} while you edited.`
  const isExpired = endsAt !== undefined && endsAt <= performance.now()
  return `This entry ${isExpired ? 'expired' : 'was deleted'} while you edited it. Saving makes one that stays.`
}
