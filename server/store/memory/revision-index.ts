// The index `revision -> key` of one table: its current entries and tombstones in the order of their last write.
// An append and a removal are O(1); finding what changed after a revision costs what changed, not what exists.
//
// The order is a list of blocks of slots. A write takes the key's cell out and appends it again, so blocks thin out;
// a block that is empty is dropped, and thin neighbours are merged. Hence of any two neighbours one is at least a
// quarter full, and a scan passes at most about eight slots for each entry it finds. A write only stores to what it does
// not have in the caches, and never waits for it.
import type { Cell, Cells } from './cells.ts'

const slotBits = 9
const blockSlots = 1 << slotBits
const thinSlots = blockSlots / 4

interface Block {
  /** What the cells in it know it by. */
  readonly handle: number
  /** Grows from block to block; the list is searched by it. */
  readonly id: number
  used: number
  /** Highest revision ever put in the block. */
  last: number
}

/** Number of the page that a block is in. */
function pageOf(handle: number): number {
  return 31 - Math.clz32(handle + 1)
}

/** Where in its page a block begins. */
function slotOf(handle: number): number {
  return (handle + 1 - (1 << pageOf(handle))) << slotBits
}

export class RevisionIndex {
  readonly #cells: Cells
  readonly #blocks: Block[] = []
  readonly #handles: (Block | undefined)[] = []
  readonly #freeHandles: number[] = []
  /**
   * The blocks' cells, 0 where one was taken out: pages of one block, of two, of four and so on, so that they are few and
   * what finds a slot stays in the processor's caches.
   */
  readonly #pages: Int32Array[] = []
  /** For each handle how many cells the block has. */
  #live = new Int32Array(16)
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
    this.#pages[pageOf(block.handle)]![slotOf(block.handle) + block.used++] = cell
    this.#live[block.handle]!++
    block.last = revision
  }

  /** Takes a cell out that is in the index. */
  remove(cell: Cell): void {
    const place = this.#cells.place(cell)
    const handle = place >>> slotBits
    this.#pages[pageOf(handle)]![slotOf(handle) + (place & (blockSlots - 1))] = 0
    const live = --this.#live[handle]!
    if (live === 0 || live === thinSlots) this.#shrink(this.#handles[handle]!)
  }

  /**
   * Calls `visit` with each cell of a revision above `since`, oldest first, until it returns false.
   * The index must not change meanwhile.
   */
  after(since: number, visit: (cell: Cell, revision: number) => boolean): void {
    for (let index = this.#firstAbove(since); index < this.#blocks.length; index++) {
      const { used, handle } = this.#blocks[index]!
      const page = this.#pages[pageOf(handle)]!
      const first = slotOf(handle)
      for (let slot = first; slot < first + used; slot++) {
        const cell = page[slot]!
        if (cell === 0) continue
        const revision = this.#cells.revision(cell)
        if (revision > since && !visit(cell, revision)) return
      }
    }
  }

  /** About how many cells have a revision above `since` and up to `upTo`: it counts whole blocks. */
  countBetween(since: number, upTo: number): number {
    let count = 0
    for (let index = this.#firstAbove(since); index < this.#blocks.length; index++) {
      const { handle, last } = this.#blocks[index]!
      count += this.#live[handle]!
      if (last >= upTo) break
    }
    return count
  }

  #block(id: number): Block {
    const handle = this.#freeHandles.pop() ?? this.#handles.length
    const block = { handle, id, used: 0, last: 0 }
    this.#handles[handle] = block
    const page = pageOf(handle)
    this.#pages[page] ??= new Int32Array(blockSlots << page)
    if (handle === this.#live.length) this.#widen()
    this.#live[handle] = 0
    return block
  }

  #forget(block: Block): void {
    this.#handles[block.handle] = undefined
    this.#freeHandles.push(block.handle)
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
    const into = this.#pages[pageOf(merged.handle)]!
    const from = slotOf(merged.handle)
    for (const { used, handle } of [left, right]) {
      const page = this.#pages[pageOf(handle)]!
      const first = slotOf(handle)
      for (let slot = first; slot < first + used; slot++) {
        const cell = page[slot]!
        if (cell === 0) continue
        this.#cells.setPlace(cell, (merged.handle << slotBits) | merged.used)
        into[from + merged.used++] = cell
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
