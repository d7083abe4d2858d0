// What a command takes from standard input as a whole: a value, a script. Files to import are streams, and not read here.
import type { ValueMessage } from '../../proto/value.ts'
import type { Io } from './io.ts'
import { maxRecordBytes } from './json.ts'
import { type ArgumentType, fromArgument, TextError } from './values.ts'

/** All of standard input. Fails with a sentence where it cannot be read, or never ends. */
export async function readAll(io: Io): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of io.stdin) {
      bytes += chunk.length
      if (bytes > maxRecordBytes) throw new Error(`it has more than ${maxRecordBytes} bytes`)
      chunks.push(Buffer.from(chunk))
    }
  } catch (error) {
    throw new Error(`cannot read standard input: ${(error as Error).message}`)
  }
  return Buffer.concat(chunks)
}

/** The value of an argument, or of standard input where that is "-". Throws TextError for a wrong argument. */
export async function valueFrom(text: string, type: ArgumentType, io: Io): Promise<ValueMessage> {
  return text === '-' ? valueOfInput(await readAll(io), type) : fromArgument(text, type)
}

/** The value that was read from standard input. What is wrong with it is no fault of an argument. */
export function valueOfInput(input: Buffer, type: ArgumentType): ValueMessage {
  try {
    return fromArgument(input, type)
  } catch (error) {
    throw error instanceof TextError ? new Error(error.message) : error
  }
}
