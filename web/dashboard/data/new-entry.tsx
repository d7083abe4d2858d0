// The dialog that writes a new entry, and with it perhaps a new table.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { exact } from '../format.ts'
import { kv, refreshTables, sentence, welcome } from '../kv.ts'
import { Dialog } from '../shell/dialog.tsx'
import { emptyDraft, parse } from './drafts.ts'
import { ValueEditor } from './editors.tsx'

interface NewEntryProps {
  /** The table that it goes into; undefined: a new one, to be named. */
  table: string | undefined
  /** A key to begin with. */
  name?: string | undefined
  onClose: () => void
  /** The entry is there: it was made, or was there before and the user asks for it. */
  onDone: (table: string, key: string) => void
}

const utf8 = new TextEncoder()

/** What is wrong with a name, as a sentence; undefined: nothing. */
function nameProblem(what: string, name: string, maxBytes: number): string | undefined {
  const size = utf8.encode(name).length
  if (size === 0) return `${what} has at least one character.`
  return size > maxBytes ? `${what} has at most ${exact(maxBytes)} bytes, this one has ${exact(size)}.` : undefined
}

export function NewEntry({ table, name = '', onClose, onDone }: NewEntryProps): JSX.Element {
  const [tableName, setTableName] = useState(table ?? '')
  const [key, setKey] = useState(name)
  const [draft, setDraft] = useState(emptyDraft)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [exists, setExists] = useState(false)
  const [busy, setBusy] = useState(false)
  const parsed = parse(draft)

  const create = async () => {
    const wrong =
      (table === undefined ? nameProblem('The name of a table', tableName, 255) : undefined) ??
      nameProblem('A key', key, welcome.value?.limits.maxKeyBytes ?? 1_024) ??
      parsed.error
    setProblem(wrong)
    setExists(false)
    if (wrong !== undefined || !('value' in parsed)) return
    setBusy(true)
    try {
      if (await kv.table(tableName).has(key)) setExists(true)
      else {
        await kv.table(tableName).set(key, parsed.value)
        await refreshTables()
        onDone(tableName, key)
      }
    } catch (error) {
      setProblem(sentence(error))
    }
    setBusy(false)
  }

  return (
    <Dialog title={table === undefined ? 'New table' : 'New entry'} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void create()
        }}
      >
        {table === undefined && (
          <>
            <p class="muted">A table begins with its first entry.</p>
            <TextField label="Table" value={tableName} onChange={setTableName} />
          </>
        )}
        <TextField label="Key" value={key} onChange={setKey} literal />
        <div class="field">
          <span>Value</span>
          <ValueEditor draft={draft} onChange={setDraft} id="new-value" />
        </div>
        {problem !== undefined && (
          <p class="problem bad" role="alert">
            {problem}
          </p>
        )}
        {exists && (
          <p class="notice" role="alert">
            <span>There is already an entry with this key.</span>
            <button type="button" class="button small" onClick={() => onDone(tableName, key)}>
              Open it
            </button>
          </p>
        )}
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            Create
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

interface TextFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  literal?: boolean
}

function TextField({ label, value, onChange, literal }: TextFieldProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="text"
        class={literal ? 'literal' : undefined}
        value={value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  )
}
