// The editors of values, one for each type. Each shows a draft and tells of every change to it.
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { plural } from '../format.ts'
import { DownloadIcon, UploadIcon } from '../shell/icons.tsx'
import type { BinaryForm, Draft, ValueType } from './drafts.ts'
import { convert, parse, reform, typeOf, valueTypes, withBytes } from './drafts.ts'

interface EditorProps {
  draft: Draft
  onChange: (draft: Draft) => void
  /** Id of the element that says what is wrong. */
  errorId: string
  invalid: boolean
}

/** The choice of a type and the editor of that type, with what is wrong below it. */
export function ValueEditor({
  draft,
  onChange,
  id,
}: {
  draft: Draft
  onChange: (draft: Draft) => void
  id: string
}): JSX.Element {
  const parsed = parse(draft)
  const errorId = `${id}-problem`
  const invalid = parsed.error !== undefined
  const kept = invalid ? draft.type : typeOf(parsed.value)
  return (
    <div class="value-editor">
      <TypeChoice type={draft.type} onChange={(type) => onChange(convert(draft, type))} name={`${id}-type`} />
      <Editor draft={draft} onChange={onChange} errorId={errorId} invalid={invalid} />
      <p id={errorId} class={invalid ? 'problem bad' : 'problem'} aria-live="polite">
        {invalid
          ? parsed.error
          : kept !== draft.type
            ? `This will be kept as ${article(kept)}: the value is the same.`
            : ''}
      </p>
    </div>
  )
}

const article = (type: ValueType): string =>
  type === 'integer' ? 'an integer' : `a ${type === 'json' ? 'JSON document' : type}`
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

function TextArea({ draft, onChange, errorId, invalid, label }: EditorProps & { label: string }): JSX.Element {
  return (
    <textarea
      class="literal"
      aria-label={label}
      aria-describedby={errorId}
      aria-invalid={invalid}
      value={draft.text}
      spellcheck={false}
      autocapitalize="off"
      onInput={(event) => onChange({ ...draft, text: event.currentTarget.value })}
    />
  )
}

function StringEditor(props: EditorProps): JSX.Element {
  const { draft, onChange } = props
  return (
    <>
      <TextArea {...props} label="String" />
      <div class="editor-foot">
        <span class="muted">{plural([...draft.text].length, 'character')}</span>
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

function NumberEditor({ draft, onChange, errorId, invalid }: EditorProps): JSX.Element {
  return (
    <input
      class="literal number"
      type="text"
      inputMode={draft.type === 'integer' ? 'numeric' : 'decimal'}
      aria-label={typeNames[draft.type]}
      aria-describedby={errorId}
      aria-invalid={invalid}
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

function JsonEditor(props: EditorProps): JSX.Element {
  const { draft, onChange, invalid } = props
  const rewrite = (indent: number) =>
    onChange({ ...draft, text: JSON.stringify(JSON.parse(draft.text), undefined, indent) })
  return (
    <>
      <TextArea {...props} label="JSON" />
      <div class="editor-foot">
        <button type="button" class="button small" disabled={invalid} onClick={() => rewrite(2)}>
          Format
        </button>
        <button type="button" class="button small" disabled={invalid} onClick={() => rewrite(0)}>
          Compact
        </button>
      </div>
    </>
  )
}

function BinaryEditor(props: EditorProps): JSX.Element {
  const { draft, onChange, invalid } = props
  const file = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const { value } = parse(draft) as { value?: Uint8Array }
  const take = async (chosen: File | undefined) => {
    if (!chosen) return
    try {
      onChange(withBytes(draft, new Uint8Array(await chosen.arrayBuffer())))
      setProblem(undefined)
    } catch {
      setProblem(`${chosen.name} cannot be read.`)
    }
  }
  return (
    <>
      <TextArea {...props} label={`Bytes as ${draft.form}`} />
      <div class="editor-foot">
        <fieldset class="segments small" aria-label="Shown as">
          {(['hex', 'base64'] satisfies BinaryForm[]).map((form) => (
            <label key={form}>
              <input
                type="radio"
                name="binary-form"
                checked={draft.form === form}
                disabled={invalid}
                onChange={() => onChange(reform(draft, form))}
              />
              <span>{form === 'hex' ? 'Hex' : 'Base64'}</span>
            </label>
          ))}
        </fieldset>
        <span class="muted">{value ? `${plural(value.length, 'byte')}` : ''}</span>
        <span class="spring" />
        <input
          ref={file}
          type="file"
          hidden
          onChange={(event) => {
            void take(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
        <button type="button" class="button small" onClick={() => file.current?.click()}>
          <UploadIcon /> Upload
        </button>
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

/** Gives bytes or a text to the user as a file. */
export function download(content: Uint8Array | string, name: string): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart]))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
