// Bytes for tests of the wire: written as hex, and cut as a network may cut them.
import type { Random } from './random.ts'

/** Bytes from hex digits; spaces and line breaks between them are ignored. */
export function hex(digits: string): Buffer {
  const compact = digits.replace(/\s/g, '')
  if (!/^([0-9a-f]{2})*$/.test(compact)) throw new Error(`not hex: ${digits}`)
  return Buffer.from(compact, 'hex')
}

/** One chunk per byte. */
export function bytewise(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1))
}

/** Cut in two at every place, the ends included. */
export function everySplit(bytes: Uint8Array): Uint8Array[][] {
  return Array.from({ length: bytes.length + 1 }, (_none, at) => [bytes.subarray(0, at), bytes.subarray(at)])
}

/** Chunks of random lengths up to `longest`. */
export function randomly(bytes: Uint8Array, random: Random, longest = 40): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random.below(longest)
    chunks.push(bytes.subarray(at, end))
    at = end
  }
  return chunks
}
