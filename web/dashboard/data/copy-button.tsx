// A button that puts a text into the clipboard.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { CheckIcon, CopyIcon } from '../shell/icons.tsx'
import { say } from '../shell/toast.tsx'

const shownMs = 1_500

export function CopyButton({ text, label }: { text: () => string; label: string }): JSX.Element {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      setCopied(true)
      setTimeout(() => setCopied(false), shownMs)
    } catch {
      say('The browser did not allow the copy.')
    }
  }
  return (
    <button type="button" class="button quiet square" aria-label={label} title={label} onClick={() => void copy()}>
      {copied ? <CheckIcon /> : <CopyIcon />}
    </button>
  )
}
