// The editors of values, one for each type. Each shows a draft and tells of every change to it.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { CodeEditor } from '../editor/code-editor.tsx'
import { plural } from '../format.ts'
import { DownloadIcon } from '../shell/icons.tsx'
import type { BinaryForm, Draft, Parsed, ValueType } from './drafts.ts'
import { convert, draftOf, formatted, reform, valueTypes } from './drafts.ts'
import { FileButton } from './file-button.tsx'
import { download, read } from './files.ts'
import { depthOf } from './json-text.ts'

interface EditorProps {
  draft: Draft
  /** What the draft stands for, or what is wrong with it. */
  parsed: Parsed
  onChange: (draft: Draft) => void
  /** Tells that a long text is edited, before the draft has it. */
  onEdit?: (() => void) | undefined
  /** Id of the element that says what is wrong. */
  errorId: string
}

/** The choice of a type and the editor of that type, with what is wrong below it. */
export function ValueEditor({ id, ...props }: Omit<EditorProps, 'errorId'> & { id: string }): JSX.Element {
  const { draft, parsed, onChange } = props
  const errorId = `${id}-problem`
  return (
    <div class="value-editor">
      <TypeChoice type={draft.type} onChange={(type) => onChange(convert(draft, type))} name={`${id}-type`} />
      <Editor {...props} errorId={errorId} />
      <p id={errorId} class={parsed.error === undefined ? 'problem' : 'problem bad'} aria-live="polite">
        {parsed.error}
      </p>
    </div>
  )
}

export const typeNames: Record<ValueType, string> = {
  string: 'String',
  integer: 'Integer',
  float: 'Float',
  bool: 'Bool',
  json: 'JSON',
  binary: 'Binary',
  null: 'Null',
}

function TypeChoice({
  type,
  onChange,
  name,
}: {
  type: ValueType
  onChange: (type: ValueType) => void
  name: string
}): JSX.Element {
  return (
    <fieldset class="segments types" aria-label="Type">
      {valueTypes.map((each) => (
        <label key={each}>
          <input type="radio" name={name} value={each} checked={each === type} onChange={() => onChange(each)} />
          <span>{typeNames[each]}</span>
        </label>
      ))}
    </fieldset>
  )
}

function Editor(props: EditorProps): JSX.Element {
  switch (props.draft.type) {
    case 'string':
      return <StringEditor {...props} />
    case 'integer':
    case 'float':
      return <NumberEditor {...props} />
    case 'bool':
      return <BoolEditor {...props} />
    case 'json':
      return <JsonEditor {...props} />
    case 'binary':
      return <BinaryEditor {...props} />
    case 'null':
      return <p class="null-value">Null: the entry is there, and holds nothing.</p>
  }
}

function StringEditor({ draft, onChange, onEdit }: EditorProps): JSX.Element {
  return (
    <>
      <CodeEditor
        text={draft.text}
        language="text"
        label="String"
        invalid={false}
        onText={(text) => onChange({ ...draft, text })}
        onEdit={onEdit}
      />
      <div class="editor-foot">
        <span class="muted">{plural(characters(draft.text), 'character')}</span>
        {draft.crlf && (
          <label class="check">
            <input
              type="checkbox"
              checked={draft.crlf}
              onChange={(event) => onChange({ ...draft, crlf: event.currentTarget.checked })}
            />
            Lines end in CR LF
          </label>
        )}
      </div>
    </>
  )
}

/** As people count them: an emoji is one, though it takes two places. */
function characters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function NumberEditor({ draft, parsed, onChange, errorId }: EditorProps): JSX.Element {
  return (
    <input
      class="literal number"
      type="text"
      inputMode={draft.type === 'integer' ? 'numeric' : 'decimal'}
      aria-label={typeNames[draft.type]}
      aria-describedby={errorId}
      aria-invalid={parsed.error !== undefined}
      autocomplete="off"
      spellcheck={false}
      value={draft.text}
      onInput={(event) => onChange({ ...draft, text: event.currentTarget.value })}
    />
  )
}

function BoolEditor({ draft, onChange }: EditorProps): JSX.Element {
  const on = draft.text === 'true'
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      aria-label="Bool"
      onClick={() => onChange({ ...draft, text: String(!on) })}
    >
      <span class="switch-track" aria-hidden="true" />
      <span class="literal">{draft.text}</span>
    </button>
  )
}

/** Deeper documents are edited as plain text: their tree would take longer to keep than a keystroke. */
const mostDepth = 1_000

function JsonEditor({ draft, parsed, onChange, onEdit }: EditorProps): JSX.Element {
  const invalid = parsed.error !== undefined
  const [isDeep] = useState(() => depthOf(draft.text) > mostDepth)
  return (
    <>
      <CodeEditor
        text={draft.text}
        language={isDeep ? 'text' : 'json'}
        label="JSON"
        invalid={invalid}
        onText={(text) => onChange({ ...draft, text })}
        onEdit={onEdit}
      />
      <div class="editor-foot">
        <button type="button" class="button small" disabled={invalid} onClick={() => onChange(formatted(draft))}>
          Format
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={draft.compact}
            onChange={(event) => onChange({ ...draft, compact: event.currentTarget.checked })}
          />
          Stored without spaces
        </label>
      </div>
    </>
  )
}

function BinaryEditor({ draft, parsed, onChange, onEdit }: EditorProps): JSX.Element {
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const { value, error } = parsed
  const take = async (file: File) => {
    const taken = await read(file, 'binary')
    setProblem(taken.error)
    if (taken.error === undefined) onChange(reform(draftOf(taken.value), draft.form))
  }
  return (
    <>
      <CodeEditor
        key={draft.form}
        text={draft.text}
        language={draft.form === 'hex' ? 'hex' : 'text'}
        label={`Bytes as ${draft.form}`}
        invalid={error !== undefined}
        onText={(text) => onChange({ ...draft, text })}
        onEdit={onEdit}
      />
      <div class="editor-foot">
        <fieldset class="segments small" aria-label="Shown as">
          {(['hex', 'base64'] satisfies BinaryForm[]).map((form) => (
            <label key={form}>
              <input
                type="radio"
                name="binary-form"
                checked={draft.form === form}
                disabled={error !== undefined}
                onChange={() => onChange(reform(draft, form))}
              />
              <span>{form === 'hex' ? 'Hex' : 'Base64'}</span>
            </label>
          ))}
        </fieldset>
        <span class="muted">{value?.binary ? plural(value.binary.length, 'byte') : ''}</span>
        <span class="spring" />
        <FileButton onFile={(file) => void take(file)}>Upload</FileButton>
        <button
          type="button"
          class="button small"
          disabled={!value}
          onClick={() => value && download(value, 'value.bin')}
        >
          <DownloadIcon /> Download
        </button>
      </div>
      {problem && <p class="problem bad">{problem}</p>}
    </>
  )
}
