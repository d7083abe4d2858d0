// The index `revision -> key` of one table: its current entries and tombstones in the order of their last write.
// An append and a removal are O(1); finding what changed after a revision costs what changed, not what exists.
//
// The order is a list of blocks of slots. A write takes the key's old slot out and appends a new one, so blocks
// thin out; a block that is empty is dropped, and thin neighbours are merged. Hence of any two neighbours one is
// at least a quarter full, and a scan passes at most about eight slots for each entry it finds.

const blockSlots = 512
const thinSlots = blockSlots / 4

interface Block<T> {
  /** Grows from block to block; the list is searched by it. */
  readonly id: number
  readonly slots: (T | undefined)[]
  live: number
  /** Highest revision ever put in the block. */
  last: number
}

/** What an indexed object carries for the index; only the index sets `block` and `slot`. */
export interface Indexed {
  revision: number
  block: Block<Indexed> | undefined
  slot: number
}

export class RevisionIndex<T extends Indexed> {
  #blocks: Block<T>[] = []
  #nextId = 0

  /** Adds an object that is not in the index; its revision must not be below any other's. */
  append(node: T): void {
    let block = this.#blocks[this.#blocks.length - 1]
    if (block === undefined || block.slots.length === blockSlots) {
      block = { id: this.#nextId++, slots: [], live: 0, last: 0 }
      this.#blocks.push(block)
    }
    node.block = block as unknown as Block<Indexed>
    node.slot = block.slots.length
    block.slots.push(node)
    block.live++
    block.last = node.revision
  }

  /** Takes an object out that is in the index. */
  remove(node: T): void {
    const block = node.block as unknown as Block<T>
    block.slots[node.slot] = undefined
    block.live--
    node.block = undefined
    if (block.live === 0 || block.live === thinSlots) this.#shrink(block)
  }

  /** The oldest object. */
  first(): T | undefined {
    return this.#blocks[0]?.slots.find((node) => node !== undefined)
  }

  /**
   * Calls `visit` with each object of a revision above `since`, oldest first, until it answers false.
   * The index must not change meanwhile.
   */
  after(since: number, visit: (node: T) => boolean): void {
    for (let index = this.#firstAbove(since); index < this.#blocks.length; index++) {
      for (const node of this.#blocks[index]!.slots) {
        if (node !== undefined && node.revision > since && !visit(node)) return
      }
    }
  }

  #shrink(block: Block<T>): void {
    const at = this.#position(block.id)
    if (at === this.#blocks.length - 1) return
    if (block.live === 0) this.#blocks.splice(at, 1)
    else if (at > 0 && this.#blocks[at - 1]!.live <= thinSlots) this.#merge(at - 1)
    else if (at + 1 < this.#blocks.length - 1 && this.#blocks[at + 1]!.live <= thinSlots) this.#merge(at)
  }

  /** Makes one block of two neighbours. */
  #merge(at: number): void {
    const [left, right] = [this.#blocks[at]!, this.#blocks[at + 1]!]
    const merged: Block<T> = { id: left.id, slots: [], live: left.live + right.live, last: right.last }
    for (const slots of [left.slots, right.slots]) {
      for (const node of slots) {
        if (node === undefined) continue
        node.block = merged as unknown as Block<Indexed>
        node.slot = merged.slots.length
        merged.slots.push(node)
      }
    }
    this.#blocks.splice(at, 2, merged)
  }

  #position(id: number): number {
    return lowerBound(this.#blocks.length, (index) => this.#blocks[index]!.id >= id)
  }

  #firstAbove(revision: number): number {
    return lowerBound(this.#blocks.length, (index) => this.#blocks[index]!.last > revision)
  }
}

/** The first of `length` indexes for which `holds` is true, given that it is for all after it; `length` if for none. */
export function lowerBound(length: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
