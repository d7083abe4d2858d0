// A button that asks the user for a file.
import type { ComponentChildren, JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { UploadIcon } from '../shell/icons.tsx'

interface FileButtonProps {
  onFile: (file: File) => void
  disabled?: boolean
  children: ComponentChildren
}

export function FileButton({ onFile, disabled = false, children }: FileButtonProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file) onFile(file)
          // So that the same file can be chosen again.
          event.currentTarget.value = ''
        }}
      />
      <button type="button" class="button small" disabled={disabled} onClick={() => input.current?.click()}>
        <UploadIcon /> {children}
      </button>
    </>
  )
}
