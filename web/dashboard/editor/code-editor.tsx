// The editor of texts, documents and bytes in the page: CodeMirror once it is loaded, and the beginning of the text
// until then. Another language or label wants another `key`.
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Language } from './codemirror.ts'
import { TextTeller } from './text-teller.ts'

interface CodeEditorProps {
  text: string
  language: Language
  label: string
  invalid: boolean
  /** Tells of the text: of a short one with each edit, of a long one when typing rests or the editor is left. */
  onText: (text: string) => void
  /** Tells that there is an edit of a long text, whose text follows. */
  onEdit?: (() => void) | undefined
}

/** Characters shown until CodeMirror is there. */
const firstCharacters = 4_096

export function CodeEditor(props: CodeEditorProps): JSX.Element {
  const { text, invalid } = props
  const host = useRef<HTMLDivElement>(null)
  const teller = useRef<TextTeller | undefined>(undefined)
  const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading')
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    let isOver = false
    const start = async () => {
      const { createCode } = await import('./codemirror.ts')
      if (isOver) return
      const root = host.current!.attachShadow({ mode: 'open', delegatesFocus: true })
      teller.current = new TextTeller(
        (onEdit) => createCode(root, { ...latest.current, onEdit }),
        (told) => latest.current.onText(told),
        () => latest.current.onEdit?.(),
      )
      setState('there')
    }
    start().catch(() => setState('failed'))
    return () => {
      isOver = true
      teller.current?.stop()
    }
  }, [])
  useLayoutEffect(() => teller.current?.show(text), [text])
  useEffect(() => teller.current?.code.setInvalid(invalid), [invalid, state])

  return (
    <div class={invalid ? 'code invalid' : 'code'}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the editor within has its own role and takes the keys. */}
      <div
        ref={host}
        class="code-host"
        hidden={state !== 'there'}
        onFocusOut={() => teller.current?.tell()}
        onKeyDown={(event) => {
          // Whoever saves by a key saves what is there now.
          if (event.key === 's' && (event.ctrlKey || event.metaKey)) teller.current?.tell()
        }}
      />
      {state === 'loading' && <div class="code-first literal">{text.slice(0, firstCharacters)}</div>}
      {state === 'failed' && (
        <div class="pane-empty" role="alert">
          <p>The editor could not be loaded from the gateway.</p>
          <button type="button" class="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </div>
      )}
    </div>
  )
}
