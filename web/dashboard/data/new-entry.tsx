// The dialog that writes a new entry, and with it perhaps a new table.
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { exact } from '../format.ts'
import { refreshTables, sentence, stored, welcome } from '../kv.ts'
import { Dialog } from '../shell/dialog.tsx'
import { isPlain, Name } from '../shell/names.tsx'
import { Conflict } from './conflict.tsx'
import { emptyDraft, parse } from './drafts.ts'
import { ValueEditor } from './editors.tsx'
import { type Other, otherOf, type Seen } from './seen.ts'

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
  const [inTheWay, setInTheWay] = useState<Seen | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const parsed = useMemo(() => parse(draft), [draft])

  /** Writes the entry where there is none, or in the place of the one that was shown. */
  const create = async (over: Other) => {
    const wrong =
      (table === undefined ? nameProblem('The name of a table', tableName, 255) : undefined) ??
      nameProblem('A key', key, welcome.value?.limits.maxKeyBytes ?? 1_024) ??
      parsed.error
    setProblem(wrong)
    if (wrong !== undefined || parsed.error !== undefined) return
    setBusy(true)
    try {
      await stored(tableName).save(key, parsed.value, { ifRevision: over === 'gone' ? 0 : over.revision })
      await refreshTables()
      onDone(tableName, key)
    } catch (error) {
      const met = otherOf(error)
      setInTheWay(met === 'gone' ? undefined : met)
      if (met === undefined) setProblem(sentence(error))
      else if (met === 'gone') setProblem('The entry in the way is gone: create it now.')
    }
    setBusy(false)
  }

  return (
    <Dialog title={table === undefined ? 'New table' : 'New entry'} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void create('gone')
        }}
      >
        {table === undefined && (
          <>
            <p class="muted">A table begins with its first entry.</p>
            <TextField
              label="Table"
              value={tableName}
              onChange={(text) => {
                setTableName(text)
                setInTheWay(undefined)
              }}
            />
          </>
        )}
        {isPlain(name) ? (
          <TextField
            label="Key"
            value={key}
            onChange={(text) => {
              setKey(text)
              setInTheWay(undefined)
            }}
            literal
          />
        ) : (
          // A field of one line would lose its line breaks.
          <div class="field">
            <span>Key</span>
            <span class="literal">
              <Name name={name} />
            </span>
          </div>
        )}
        <div class="field">
          <span>Value</span>
          <ValueEditor draft={draft} parsed={parsed} onChange={setDraft} id="new-value" />
        </div>
        {problem !== undefined && (
          <p class="problem bad" role="alert">
            {problem}
          </p>
        )}
        {inTheWay && (
          <Conflict
            text="There is already an entry with this key."
            mine={parsed.value}
            mineTitle="Yours"
            theirs={inTheWay}
          >
            <button type="button" class="button danger" disabled={busy} onClick={() => void create(inTheWay)}>
              Replace it with mine
            </button>
            <button type="button" class="button" onClick={() => onDone(tableName, key)}>
              Open it
            </button>
          </Conflict>
        )}
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || inTheWay !== undefined}>
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
