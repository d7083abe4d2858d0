// The hash of a key's bytes, the same wherever a key is looked for.
import { getRandomValues } from 'node:crypto'
import { longestKeyBytes } from '../engine.ts'

/**
 * Multilinear hashing (Lemire, Kaser: Strongly universal string hashing is fast, 2013): a random factor for each
 * place, so nobody outside can choose keys that collide, and no step waits for the one before. Its upper 25 bits are
 * the good ones; nothing here uses others but to tell keys apart.
 */
const factors = new Int32Array(longestKeyBytes + 1)
getRandomValues(factors)

/** The hash of `bytes[start, end)`: 32 bits. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = Math.imul(factors[0]!, end - start)
  for (let at = start, place = 1; at < end; at++, place++) hash = (hash + Math.imul(factors[place]!, bytes[at]!)) | 0
  return hash
}
