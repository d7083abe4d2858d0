// Keys as bytes: the two calls of Node's buffers that turn a binary string into its bytes and back without decoding.
// Node has them since its first days, but its types do not name them.
import { Buffer } from 'node:buffer'
import { type Key, longestKeyBytes } from '../engine.ts'

interface Latin1 {
  latin1Slice(this: Uint8Array, start: number, end: number): string
  latin1Write(this: Uint8Array, text: string, at: number): number
}

const { latin1Slice, latin1Write } = Buffer.prototype as unknown as Latin1

/** The key whose bytes are `bytes[start, end)`. */
export function readKey(bytes: Uint8Array, start: number, end: number): Key {
  return latin1Slice.call(bytes, start, end)
}

/** Writes the bytes of a key at `at`; a loop beats the call into the runtime for the short ones. */
export function writeKey(into: Uint8Array, at: number, key: Key): void {
  if (key.length > 24) {
    latin1Write.call(into, key, at)
    return
  }
  for (let index = 0; index < key.length; index++) into[at + index] = key.charCodeAt(index)
}

/** The bytes of the key that `keyToScratch` was last given. */
export const keyScratch: Uint8Array = new Uint8Array(longestKeyBytes)

/** Writes a key that an engine takes into `keyScratch` and returns how long it is. */
export function keyToScratch(key: Key): number {
  writeKey(keyScratch, 0, key)
  return key.length
}

/** The bytes of a key, for a reply. */
export function bytesOf(key: Key): Uint8Array {
  return Buffer.from(key, 'latin1')
}

/** A key as text, for a message. */
export function textOf(key: Key): string {
  return Buffer.from(key, 'latin1').toString()
}

/** The same memory with Buffer's methods. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
