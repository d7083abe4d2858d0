// CodeMirror as the dashboard uses it: a text, a JSON document or rows of hex. It lives in a shadow root, because there
// CodeMirror's styles are constructed sheets, which the page's policy allows; a style element it would not.
// It is loaded when the first editor is opened.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  syntaxHighlighting,
} from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { hexRows } from './hex-rows.ts'

export type Language = 'text' | 'json' | 'hex'

export interface CodeOptions {
  readonly text: string
  readonly language: Language
  /** Its name to a screen reader. */
  readonly label: string
  readonly onEdit: () => void
}

export interface Code {
  readonly text: string
  readonly length: number
  /** Puts another text in the place of all. */
  replace(text: string): void
  setInvalid(invalid: boolean): void
  focus(): void
  destroy(): void
}

/** The page's own variables reach into a shadow root. */
const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--ink)', backgroundColor: 'var(--field)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', fontVariantLigatures: 'none' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-muted)', borderRight: '1px solid var(--line)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '30px', padding: '0 4px 0 10px' },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 6px 0 2px', cursor: 'pointer' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--ink) 4%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--accent) 16%, transparent)' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--accent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'color-mix(in srgb, var(--accent) 26%, transparent)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--bad-soft)', color: 'var(--bad)' },
  '.cm-specialChar': { color: 'var(--bad)' },
  '.cm-foldPlaceholder': {
    padding: '0 6px',
    border: '1px solid var(--line)',
    backgroundColor: 'var(--sunken)',
    color: 'var(--ink-muted)',
  },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)', fontFamily: 'var(--sans)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-textfield': { border: '1px solid var(--line-strong)', backgroundColor: 'var(--field)', borderRadius: '4px' },
  '.cm-button': { border: '1px solid var(--line)', background: 'var(--raised)', borderRadius: '4px' },
  '.cm-ascii': { paddingLeft: '3ch', color: 'var(--ink-muted)', whiteSpace: 'pre' },
})

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-name)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--code-word)' },
])

/** Each language's part; what wraps would tear rows of hex apart. */
const languages: Record<Language, Extension> = {
  text: [lineNumbers(), EditorView.lineWrapping],
  json: [
    lineNumbers(),
    foldGutter(),
    codeFolding(),
    json(),
    syntaxHighlighting(colours),
    bracketMatching(),
    EditorView.lineWrapping,
  ],
  hex: hexRows,
}

/**
 * Text that is typed over a selection: left to itself, Chromium writes the colour of what it replaces into a style
 * attribute, and the page's policy complains.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { inputType, data, isComposing, cancelable } = event
    const isOver = inputType === 'insertText' && data && !isComposing && cancelable && !view.state.selection.main.empty
    if (!isOver) return false
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true })
    event.preventDefault()
    return true
  },
})

export function createCode(parent: ShadowRoot, { text, language, label, onEdit }: CodeOptions): Code {
  const validity = new Compartment()
  const attributes = (invalid: boolean) =>
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-invalid': String(invalid), spellcheck: 'false' })
  const state = EditorState.create({
    doc: text,
    extensions: [
      // A carriage return is a character like others: only LF ends a line, so that none is lost or added.
      EditorState.lineSeparator.of('\n'),
      history(),
      drawSelection(),
      highlightSpecialChars(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      keymap.of([...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap]),
      languages[language],
      typeOver,
      look,
      validity.of(attributes(false)),
      EditorView.updateListener.of(({ docChanged }) => {
        if (docChanged) onEdit()
      }),
    ],
  })
  const view = new EditorView({ state, parent, root: parent })
  return {
    get text() {
      return view.state.doc.toString()
    },
    get length() {
      return view.state.doc.length
    },
    replace: (insert) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } }),
    setInvalid: (invalid) => view.dispatch({ effects: validity.reconfigure(attributes(invalid)) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}
