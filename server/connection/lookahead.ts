// Looks ahead in a chunk of many plain requests: finds their keys, hashes them, and has the store read in advance what
// looking them up will read. It is only a hint: whatever looks otherwise is passed over, and run as it comes.
// Guarded by `npm run bench -- commands`: a get at depth 64 took a third longer when each lookup waited for memory.

import { headerBytes, payloadBytes } from '../../proto/frame.ts'
import { findKey } from '../../proto/plain.ts'
import { hashOf } from '../store/bytes/hash.ts'
import type { Engine, Key } from '../store/engine.ts'

/** Requests that one look ahead takes: the misses of so many are under way at once. */
const window = 64
/** With fewer there is nothing to overlap. */
const fewest = 4

export class Lookahead {
  readonly #store: Engine
  readonly #hashes = new Int32Array(window)
  /** The same, for the store to change. */
  readonly #wanted = new Int32Array(window)
  readonly #keyStarts = new Int32Array(window)
  #count = 0
  /** The next key that has not been asked for. */
  #next = 0
  #bytes: Uint8Array | undefined
  #end = 0

  constructor(store: Engine) {
    this.#store = store
  }

  /** Forgets what was seen: the bytes may be others from now on. */
  reset(): void {
    this.#bytes = undefined
  }

  /**
   * Called with each request `bytes[start, end)` in turn, of a table whose name is `table`; looks ahead from there, up
   * to `chunkEnd`, when what was seen before is used up.
   */
  see(bytes: Uint8Array, start: number, end: number, chunkEnd: number, name: Uint8Array, table: Key): void {
    if (this.#bytes === bytes && start < this.#end) return
    this.#bytes = bytes
    this.#end = end
    this.#count = this.#next = 0
    if (end + headerBytes >= chunkEnd) return
    this.#scan(bytes, start, end, chunkEnd, name)
    if (this.#count >= fewest) this.#store.direct!.warm(table, this.#wanted, this.#count)
  }

  /** The hash of the key `bytes[start, end)`. */
  hash(bytes: Uint8Array, start: number, end: number): number {
    const starts = this.#keyStarts
    while (this.#next < this.#count && starts[this.#next]! < start) this.#next++
    if (this.#bytes === bytes && this.#next < this.#count && starts[this.#next] === start) {
      return this.#hashes[this.#next++]!
    }
    return hashOf(bytes, start, end)
  }

  #scan(bytes: Uint8Array, start: number, end: number, chunkEnd: number, name: Uint8Array): void {
    for (;;) {
      const key = findKey(bytes, start, end, name)
      if (key > 0) {
        const keyStart = key & 0xff_ffff
        this.#keyStarts[this.#count] = keyStart
        const hash = hashOf(bytes, keyStart, keyStart + (key >>> 24))
        this.#wanted[this.#count] = hash
        this.#hashes[this.#count++] = hash
      }
      this.#end = end
      start = end + headerBytes
      if (this.#count === window || start > chunkEnd || bytes[end]! !== 0) return
      end = start + payloadBytes(bytes, start - headerBytes)
      if (end > chunkEnd || start > 0xff_0000) return
    }
  }
}
