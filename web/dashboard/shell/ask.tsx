// Asks before something is lost: one question at a time, answered yes or no.
import { signal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from './dialog.tsx'

export interface Question {
  title: string
  text: string
  /** What is shown below the text. */
  details?: ComponentChildren
  /** What the button says that does it. */
  yes: string
  no?: string
  /** Must be typed before the button can be pressed. */
  typed?: string
}

const asked = signal<(Question & { answer: (yes: boolean) => void }) | undefined>(undefined)

/** Settles with the user's answer; a question that is still open is answered no. */
export function ask(question: Question): Promise<boolean> {
  asked.peek()?.answer(false)
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      asked.value = undefined
      resolve(yes)
    }
    asked.value = { ...question, answer }
  })
}

/** Where questions are shown; once in the page. */
export function Asker(): JSX.Element | null {
  const question = asked.value
  return question ? <AskDialog key={question.title + question.text} {...question} /> : null
}

function AskDialog({
  title,
  text,
  details,
  yes,
  no = 'Cancel',
  typed,
  answer,
}: NonNullable<typeof asked.value>): JSX.Element {
  const [entered, setEntered] = useState('')
  return (
    <Dialog title={title} onClose={() => answer(false)}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault()
          if (typed === undefined || entered === typed) answer(true)
        }}
      >
        <p>{text}</p>
        {details}
        {typed !== undefined && (
          <label class="field">
            <span>
              Type <code class="literal">{typed}</code> to confirm
            </span>
            <input
              type="text"
              value={entered}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setEntered(event.currentTarget.value)}
            />
          </label>
        )}
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={() => answer(false)}>
            {no}
          </button>
          <button type="submit" class="button danger" disabled={typed !== undefined && entered !== typed}>
            {yes}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
