// PROTOCOL.md as data: its tables by their heads, and its frames with the message beside each.
import { readFileSync } from 'node:fs'
import { hex } from './bytes.ts'

export const protocolText = readFileSync(new URL('../../proto/PROTOCOL.md', import.meta.url), 'utf8')

/** The rows of the table whose first column has this head; code marks are left out. `text`: of another document. */
export function tableOf(head: string, text = protocolText): string[][] {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => line.startsWith(`| ${head} `))
  if (first < 0) throw new Error(`there is no table of "${head}"`)
  const rows: string[][] = []
  for (let at = first + 2; lines[at]?.startsWith('|'); at++) {
    rows.push(
      lines[at]!.split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|')),
    )
  }
  return rows
}

export interface Example {
  readonly kind: 'request' | 'response'
  /** Fields by their names in kv.proto, 64-bit numbers and bytes (in base64) as strings. */
  readonly message: object
  readonly frame: Buffer
  /** Its number among the blocks of the document: a request and its reply share one. */
  readonly block: number
}

/** All frames of the document, in order. */
export function examples(): Example[] {
  const blocks = [...protocolText.matchAll(/```frame\n(.*?)```/gs)]
  return blocks.flatMap(([, body], block) =>
    [...body!.matchAll(/^(request|response) (.*)\n([0-9a-f \n]+)/gm)].map(([, kind, json, digits]): Example => {
      return { kind: kind as Example['kind'], message: JSON.parse(json!), frame: hex(digits!), block }
    }),
  )
}
