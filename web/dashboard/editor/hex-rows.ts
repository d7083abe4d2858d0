// What turns a text of hex digits into rows as a hex editor has them: the offset of each row's first byte in front of
// it, and behind it its bytes as ASCII.
import { type EditorState, type Extension, RangeSetBuilder, type Text } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  EditorView,
  lineNumbers,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view'

/** Offsets of the rows of a text, made when they are first asked for. */
const offsetsOf = new WeakMap<Text, Float64Array>()

/** How many hex digits stand before each row; a row may have any number of them while it is edited. */
function digitsBefore(doc: Text): Float64Array {
  let offsets = offsetsOf.get(doc)
  if (offsets) return offsets
  offsets = new Float64Array(doc.lines)
  let row = 0
  let digits = 0
  for (const line of doc.iterLines()) {
    offsets[row++] = digits
    for (let at = 0; at < line.length; at++) if (line[at]! > ' ') digits++
  }
  offsetsOf.set(doc, offsets)
  return offsets
}

/** The offset of a row's first byte, in hex: 000001f0. */
function offsetOf(row: number, { doc }: EditorState): string {
  const digits = digitsBefore(doc)[row - 1] ?? 0
  return Math.floor(digits / 2)
    .toString(16)
    .padStart(8, '0')
}

/** A row's bytes as ASCII, a dot for what has no sign of its own. */
export function ascii(row: string): string {
  return (row.match(/[0-9a-f]\s*[0-9a-f]/gi) ?? [])
    .map((pair) => Number.parseInt(pair.replace(/\s+/g, ''), 16))
    .map((byte) => String.fromCharCode(byte))
    .join('')
    .replace(/[^ -~]/g, '.')
}

class Ascii extends WidgetType {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  override eq(other: Ascii): boolean {
    return other.#text === this.#text
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('span')
    element.className = 'cm-ascii'
    element.ariaHidden = 'true'
    element.textContent = this.#text
    return element
  }
}

/** A row that goes on for longer is not one of ours: somebody pasted it. */
const longestRow = 200
/** Digits and spaces of sixteen bytes: where the ASCII begins in every row. */
const rowCharacters = 47

function asciiOf(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at)
      if (line.length > 0 && line.length <= longestRow) {
        const text = ' '.repeat(Math.max(0, rowCharacters - line.length)) + ascii(line.text)
        builder.add(line.to, line.to, Decoration.widget({ widget: new Ascii(text), side: 1 }))
      }
      at = line.to + 1
    }
  }
  return builder.finish()
}

const asciiColumn = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = asciiOf(view)
    }

    update({ view, docChanged, viewportChanged }: ViewUpdate): void {
      if (docChanged || viewportChanged) this.decorations = asciiOf(view)
    }
  },
  { decorations: ({ decorations }) => decorations },
)

export const hexRows: Extension = [
  lineNumbers({ formatNumber: offsetOf }),
  asciiColumn,
  EditorView.contentAttributes.of({ autocapitalize: 'off' }),
]
