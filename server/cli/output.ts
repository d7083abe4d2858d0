// Standard output (or a file) as a place for lines: gathered into few writes, and waiting while the reader is slow.
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'
import type { Io } from './io.ts'

const flushChars = 65_536

/** Characters that a terminal obeys instead of showing them: stored text must not command it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`

export type Style = 'bold' | 'dim' | 'green' | 'red'

/** A part of a line, and how it looks where there is colour. */
export type Cell = readonly [text: string, style?: Style]

/** Whether standard output is a terminal whose user wants colour. */
export function hasColors(io: Io): boolean {
  return io.stdout.isTTY === true && !io.env.NO_COLOR
}

/** The reader of a pipe went away, such as `head`: no error of ours, unless all was needed. */
export class ReaderGoneError extends Error {
  override readonly name = 'ReaderGoneError'
}

export class Output {
  readonly #stream: Writable & { readonly isTTY?: boolean }
  readonly #isColored: boolean
  readonly #name: string
  #text = ''
  #failure: unknown

  /** `name` is what a message calls it. */
  constructor(
    stream: Writable & { readonly isTTY?: boolean },
    { isColored = false, name = '-' }: { isColored?: boolean; name?: string } = {},
  ) {
    this.#stream = stream
    this.#isColored = isColored
    this.#name = name === '-' ? 'standard output' : name
  }

  /** Adds a line, on a terminal without control characters. The promise, where there is one, settles when the reader is ready for more. */
  line(text: string): Promise<void> | undefined {
    return this.#add(this.#shown(text))
  }

  /** Adds a line of cells with tabs between them, as `line` does. */
  row(cells: readonly Cell[]): Promise<void> | undefined {
    const shown = cells.map(([text, style]) => {
      const plain = this.#shown(text)
      return this.#isColored && style ? styleText(style, plain, { validateStream: false }) : plain
    })
    return this.#add(shown.join('\t'))
  }

  /** Adds a line for a caller that cannot wait; where it cannot be written, the next flush fails. */
  note(text: string): void {
    this.line(text)?.catch(() => {})
  }

  /** Adds text as it is, for the next flush. */
  text(text: string): void {
    this.#text += text
  }

  #shown(text: string): string {
    return this.#stream.isTTY ? text.replace(controls, escaped) : text
  }

  #add(line: string): Promise<void> | undefined {
    this.#text += `${line}\n`
    return this.#text.length >= flushChars ? this.flush() : undefined
  }

  /**
   * Hands on what was gathered, and settles when the system has taken it. Rejects with ReaderGoneError, or with a
   * sentence, where something since the beginning was not taken.
   */
  async flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    const text = this.#text
    this.#text = ''
    if (text !== '') await this.bytes(text)
  }

  /** Writes bytes as they are. */
  bytes(bytes: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => {
        if (!error) return resolve()
        this.#failure ??= writeError(error, this.#name)
        reject(this.#failure)
      })
    })
  }
}

function writeError(error: NodeJS.ErrnoException, name: string): Error {
  if (error.code === 'EPIPE') return new ReaderGoneError(`the reader of ${name} went away`)
  return new Error(`cannot write ${name}: ${error.message}`)
}

/** Runs a command that prints, and flushes what it printed also when it fails. */
export async function printing(stream: Writable, run: (out: Output) => Promise<void>): Promise<void> {
  const out = new Output(stream)
  await run(out).finally(() => out.flush())
}
