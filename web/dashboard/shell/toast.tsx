// A short message that something was done; it goes by itself.
import { signal } from '@preact/signals'
import type { JSX } from 'preact'

const said = signal<string>('')
const shownMs = 5_000
let timer = 0

export function say(text: string): void {
  said.value = text
  clearTimeout(timer)
  timer = window.setTimeout(() => {
    said.value = ''
  }, shownMs)
}

/** Where messages are shown; once in the page. */
export function Toast(): JSX.Element {
  return (
    <div class="toasts" role="status">
      {said.value !== '' && <span class="toast">{said.value}</span>}
    </div>
  )
}
