// Keys as bytes: the two calls of Node's buffers that turn a binary string into its bytes and back without decoding.
// Node has them since its first days, but its types do not name them.
import type { Key } from './engine.ts'

interface Latin1 {
  latin1Slice(start: number, end: number): string
  latin1Write(text: string, at: number): number
}

/** The key whose bytes are `bytes[start, end)`. */
export function readKey(bytes: Buffer, start: number, end: number): Key {
  return (bytes as unknown as Latin1).latin1Slice(start, end)
}

/** Writes the bytes of a key at `at`; a loop beats the call into the runtime for the short ones. */
export function writeKey(into: Buffer, at: number, key: Key): void {
  if (key.length > 24) {
    ;(into as unknown as Latin1).latin1Write(key, at)
    return
  }
  for (let index = 0; index < key.length; index++) into[at + index] = key.charCodeAt(index)
}
