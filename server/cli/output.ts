// Standard output (or a file) as a place for lines: gathered into few writes, and waiting while the reader is slow.
import type { Writable } from 'node:stream'

const flushChars = 65_536

/** Characters that a terminal obeys instead of showing them: stored text must not command it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`

export class Output {
  readonly #stream: Writable & { readonly isTTY?: boolean }
  #text = ''

  constructor(stream: Writable & { readonly isTTY?: boolean }) {
    this.#stream = stream
  }

  /** Adds a line, on a terminal without control characters. The promise, where there is one, settles when the reader is ready for more. */
  line(text: string): Promise<void> | undefined {
    this.#text += `${this.#stream.isTTY ? text.replace(controls, escaped) : text}\n`
    return this.#text.length >= flushChars ? this.flush() : undefined
  }

  /** Hands on what was gathered, and settles when the system has taken it. */
  async flush(): Promise<void> {
    const text = this.#text
    this.#text = ''
    if (text !== '') await this.bytes(text)
  }

  /** Writes bytes as they are. */
  bytes(bytes: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(error) : resolve()))
    })
  }
}

/** Runs a command that prints, and flushes what it printed also when it fails. */
export async function printing(stream: Writable, run: (out: Output) => Promise<void>): Promise<void> {
  const out = new Output(stream)
  await run(out).finally(() => out.flush())
}
