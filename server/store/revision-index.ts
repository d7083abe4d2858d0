// The index `revision -> key` of one table: its current entries and tombstones in the order of their last write.
// An append and a removal are O(1); finding what changed after a revision costs what changed, not what exists.
//
// The order is a list of blocks of slots. A write appends the key's cell, whose note of its place makes the slot where
// it was before a stale one, so blocks thin out; a block without a cell is dropped, and thin neighbours are merged.
// Hence of any two neighbours one is at least a quarter full, and a scan passes at most about eight slots for each entry
// it finds. The stale slot itself is not touched: that was a miss of the caches for each write.
import type { Cell, Cells } from './cells.ts'

const slotBits = 9
const blockSlots = 1 << slotBits
const thinSlots = blockSlots / 4
/** Arrays of slots that are kept for blocks to come. */
const spareArrays = 64

/** The place of a cell that is not in the index. */
const nowhere = -1

interface Block {
  /** Its place in `#handles`, which the cells in it know it by. */
  readonly handle: number
  /** Grows from block to block; the list is searched by it. */
  readonly id: number
  /** Cells; stale where the cell says that its place is another. */
  readonly slots: Int32Array
  used: number
  /** Highest revision ever put in the block. */
  last: number
}

export class RevisionIndex {
  readonly #cells: Cells
  readonly #blocks: Block[] = []
  readonly #handles: (Block | undefined)[] = []
  readonly #freeHandles: number[] = []
  /** For each handle how many slots of the block are not stale. */
  #live = new Int32Array(16)
  readonly #spare: Int32Array[] = []
  #nextId = 0

  constructor(cells: Cells) {
    this.#cells = cells
  }

  /** Adds a cell that is not in the index; its revision must not be below any other's. */
  append(cell: Cell, revision: number): void {
    let block = this.#blocks[this.#blocks.length - 1]
    if (block === undefined || block.used === blockSlots) {
      block = this.#block(this.#nextId++)
      this.#blocks.push(block)
    }
    this.#cells.setPlace(cell, (block.handle << slotBits) | block.used)
    block.slots[block.used++] = cell
    this.#live[block.handle]!++
    block.last = revision
  }

  /** Takes a cell out that is in the index. Its place is nowhere until it is appended again. */
  remove(cell: Cell): void {
    const handle = this.#cells.place(cell) >>> slotBits
    this.#cells.setPlace(cell, nowhere)
    const live = --this.#live[handle]!
    if (live === 0 || live === thinSlots) this.#shrink(this.#handles[handle]!)
  }

  /**
   * Calls `visit` with each cell of a revision above `since`, oldest first, until it answers false.
   * The index must not change meanwhile.
   */
  after(since: number, visit: (cell: Cell, revision: number) => boolean): void {
    for (let index = this.#firstAbove(since); index < this.#blocks.length; index++) {
      const { slots, used, handle } = this.#blocks[index]!
      for (let slot = 0; slot < used; slot++) {
        const cell = slots[slot]!
        if (this.#cells.place(cell) !== ((handle << slotBits) | slot)) continue
        const revision = this.#cells.revision(cell)
        if (revision > since && !visit(cell, revision)) return
      }
    }
  }

  #block(id: number): Block {
    const handle = this.#freeHandles.pop() ?? this.#handles.length
    const block = { handle, id, slots: this.#spare.pop() ?? new Int32Array(blockSlots), used: 0, last: 0 }
    this.#handles[handle] = block
    if (handle === this.#live.length) this.#widen()
    this.#live[handle] = 0
    return block
  }

  #forget(block: Block): void {
    this.#handles[block.handle] = undefined
    this.#freeHandles.push(block.handle)
    if (this.#spare.length < spareArrays) this.#spare.push(block.slots)
  }

  #widen(): void {
    const wider = new Int32Array(2 * this.#live.length)
    wider.set(this.#live)
    this.#live = wider
  }

  #shrink(block: Block): void {
    const at = this.#position(block.id)
    if (at === this.#blocks.length - 1) return
    const isThin = (index: number) => this.#live[this.#blocks[index]!.handle]! <= thinSlots
    if (this.#live[block.handle] === 0) {
      this.#blocks.splice(at, 1)
      this.#forget(block)
    } else if (at > 0 && isThin(at - 1)) this.#merge(at - 1)
    else if (at + 1 < this.#blocks.length - 1 && isThin(at + 1)) this.#merge(at)
  }

  /** Makes one block of two neighbours. */
  #merge(at: number): void {
    const [left, right] = [this.#blocks[at]!, this.#blocks[at + 1]!]
    const merged = this.#block(left.id)
    for (const { slots, used, handle } of [left, right]) {
      for (let slot = 0; slot < used; slot++) {
        const cell = slots[slot]!
        if (this.#cells.place(cell) !== ((handle << slotBits) | slot)) continue
        this.#cells.setPlace(cell, (merged.handle << slotBits) | merged.used)
        merged.slots[merged.used++] = cell
      }
    }
    this.#live[merged.handle] = merged.used
    merged.last = right.last
    this.#blocks.splice(at, 2, merged)
    this.#forget(left)
    this.#forget(right)
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
