// Names of tables and keys as text of one line: what would break the line, hide or turn the text is shown as its escape.
import type { JSX } from 'preact'

// Controls, line separators, what has no width, what changes the direction of writing, and white space that looks
// like a space or like nothing.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu

const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const escapeOf = (char: string): string => short[char] ?? `\\u{${char.codePointAt(0)!.toString(16)}}`

/** The name with its escapes, for titles and sentences. */
export const escaped = (name: string): string => name.replace(unseen, escapeOf)

/** Whether all of a name is seen as it is. */
export const isPlain = (name: string): boolean => escaped(name) === name

/** The name with its escapes set apart from the same characters written out. */
export function Name({ name }: { name: string }): JSX.Element {
  if (isPlain(name)) return <>{name}</>
  const parts: (string | JSX.Element)[] = []
  let end = 0
  for (const { index, 0: char } of name.matchAll(unseen)) {
    if (index > end) parts.push(name.slice(end, index))
    parts.push(
      <span key={index} class="escape">
        {escapeOf(char)}
      </span>,
    )
    end = index + char.length
  }
  return (
    <>
      {parts}
      {name.slice(end)}
    </>
  )
}
