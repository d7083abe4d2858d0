// What stands between an editor and its owner: texts that the owner gives are shown, edits are told of, and a long text
// is told of when typing rests only, because whoever hears of it looks at all of it.
import type { Code } from './codemirror.ts'

/** A longer text takes too long to check with each keystroke. */
const shortCharacters = 32_768
const restMs = 250

export class TextTeller {
  readonly code: Code
  readonly #onText: (text: string) => void
  readonly #onEdit: () => void
  /** The text that the owner has, or will have. */
  #known: string
  /** Texts that were told and have not come back: an owner shows what it was told a moment later. */
  #told: string[] = []
  #isShowing = false
  #timer = 0

  constructor(create: (onEdit: () => void) => Code, onText: (text: string) => void, onEdit: () => void) {
    this.#onText = onText
    this.#onEdit = onEdit
    this.code = create(() => this.#edited())
    this.#known = this.code.text
  }

  /** Shows a text in the place of what is there, unless the owner has it from here. */
  show(text: string): void {
    const echo = this.#told.indexOf(text)
    if (echo >= 0) this.#told.splice(0, echo + 1)
    if (echo >= 0 || text === this.#known) return
    this.#told = []
    window.clearTimeout(this.#timer)
    this.#known = text
    this.#isShowing = true
    this.code.replace(text)
    this.#isShowing = false
  }

  /** Tells of the text now, if the owner does not know it. */
  tell(): void {
    window.clearTimeout(this.#timer)
    const { text } = this.code
    if (text === this.#known) return
    this.#known = text
    this.#told.push(text)
    this.#onText(text)
  }

  stop(): void {
    window.clearTimeout(this.#timer)
    this.code.destroy()
  }

  #edited(): void {
    if (this.#isShowing) return
    if (this.code.length <= shortCharacters) return this.tell()
    this.#onEdit()
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.tell(), restMs)
  }
}
