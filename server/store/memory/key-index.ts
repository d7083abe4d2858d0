// The keys of one table in order: blocks of sorted keys, found by binary search. Inserting and removing cost one
// search and a short move; walking a range costs what it passes.
import type { Key } from '../engine.ts'
import { lowerBound } from './revision-index.ts'

const blockKeys = 512

export class KeyIndex {
  readonly #blocks: Key[][] = []

  /** Adds a key that is not in the index. */
  insert(key: Key): void {
    const at = this.#blockOf(key)
    const block = this.#blocks[at]
    if (block === undefined) {
      this.#blocks.push([key])
      return
    }
    const position = positionIn(block, key)
    if (block.length < blockKeys) {
      if (position === block.length) block.push(key)
      else block.splice(position, 0, key)
      return
    }
    // Keys that come in order would leave half-empty blocks behind if a full last block were halved.
    if (position === block.length && at === this.#blocks.length - 1) {
      this.#blocks.push([key])
      return
    }
    this.#blocks.splice(at + 1, 0, block.splice(blockKeys / 2))
    this.insert(key)
  }

  /** Removes a key that is in the index. */
  remove(key: Key): void {
    const at = this.#blockOf(key)
    const block = this.#blocks[at]!
    block.splice(positionIn(block, key), 1)
    const next = this.#blocks[at + 1]
    if (block.length === 0) this.#blocks.splice(at, 1)
    else if (next !== undefined && block.length + next.length <= blockKeys / 2) {
      this.#blocks.splice(at, 2, block.concat(next))
    }
  }

  /** Calls `visit` with the keys from `start` (inclusive) upwards until it returns false. */
  ascend(start: Key | undefined, visit: (key: Key) => boolean): void {
    let at = start === undefined ? 0 : this.#blockOf(start)
    let position = start === undefined || at >= this.#blocks.length ? 0 : positionIn(this.#blocks[at]!, start)
    for (; at < this.#blocks.length; at++, position = 0) {
      const block = this.#blocks[at]!
      for (; position < block.length; position++) if (!visit(block[position]!)) return
    }
  }

  /** Calls `visit` with the keys before `end` (exclusive) downwards until it returns false. */
  descend(end: Key | undefined, visit: (key: Key) => boolean): void {
    let at = end === undefined ? this.#blocks.length - 1 : Math.min(this.#blockOf(end), this.#blocks.length - 1)
    let position = at < 0 ? 0 : end === undefined ? this.#blocks[at]!.length : positionIn(this.#blocks[at]!, end)
    for (; at >= 0; at--, position = this.#blocks[at]?.length ?? 0) {
      const block = this.#blocks[at]!
      for (position--; position >= 0; position--) if (!visit(block[position]!)) return
    }
  }

  /** The block that holds the key, or would. */
  #blockOf(key: Key): number {
    return Math.max(0, lowerBound(this.#blocks.length, (index) => this.#blocks[index]![0]! > key) - 1)
  }
}

/** Where the key is in a sorted block, or would be. */
function positionIn(block: Key[], key: Key): number {
  let [low, high] = [0, block.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (block[middle]! >= key) high = middle
    else low = middle + 1
  }
  return low
}
