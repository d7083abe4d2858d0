// The output of one turn: all replies that one chunk of input causes are written here, one behind the other, and
// leave as one. A turn is synchronous, so there is one at a time in the process and its memory is shared by all
// connections: a block in which each turn takes the bytes it needs.
import { Buffer } from 'node:buffer'
import { commandSlots } from '../service/meter.ts'
import { viewOn } from '../store/bytes/copy.ts'
import { headroomBytes } from './transport.ts'

/** Large enough that most turns fit, small enough that a slow reader's last slice does not hold much. */
const blockBytes = 131_072

/** Blocks that are kept for later: enough for what waits for the log, since a new one costs the system 32 pages. */
const spareBlocks = 16

/** Memory of turns, and how many pieces of it wait to be written. */
export class Block {
  readonly bytes: Buffer
  readonly data: DataView
  pieces = 0

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(length)
    this.data = viewOn(this.bytes)
  }
}

export class Turn {
  /** Where the turn's output goes. */
  block = new Block(blockBytes)
  /** The block's memory. */
  bytes: Buffer = this.block.bytes
  data = this.block.data
  /** Where the turn's output begins in `bytes`, and where it goes on. */
  start = 0
  at = 0
  /** Monotonic milliseconds at which the turn began. */
  startedAt = 0
  /** The highest revision that a reply of the turn shows. */
  shows = 0
  /** Where the frames begin, from `start`, whose replies show a revision that was not safe yet. */
  unsafe: number[] = []
  /** Replies of the turn by command. */
  readonly replies = new Int32Array(commandSlots)
  /** Whether a command of the turn wrote to the store. */
  wrote = false
  /** Bytes of replies that the connection may queue, those before the turn included. */
  room = 0
  /** Commands since the last look at the clock. */
  effort = 0
  readonly #spare: Block[] = []

  begin(): void {
    this.startedAt = performance.now()
    this.#open()
    this.shows = 0
    this.wrote = false
    this.effort = 0
  }

  /** Makes room for so many more bytes at `at`. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return
    const length = this.at - this.start
    const needed = headroomBytes + 2 * (length + count)
    const next = (needed <= blockBytes ? this.#spare.pop() : undefined) ?? new Block(Math.max(blockBytes, needed))
    this.bytes.copy(next.bytes, headroomBytes, this.start, this.at)
    if (this.block.pieces === 0) this.#keep(this.block)
    this.block = next
    this.bytes = next.bytes
    this.data = next.data
    this.start = headroomBytes
    this.at = headroomBytes + length
  }

  /** Notes that the frame at `at` shows a revision; `safe` is the store's safe one. */
  note(revision: number, safe: number): void {
    if (revision <= safe) return
    if (revision > this.shows) this.shows = revision
    this.unsafe.push(this.at - this.start)
  }

  /**
   * The bytes of the turn, which are the caller's from now on, with the headroom in front of them. Once they have left,
   * the caller may `release` the block that they lie in.
   */
  take(): Buffer {
    this.block.pieces++
    const taken = this.bytes.subarray(this.start, this.at)
    this.#open()
    return taken
  }

  /** Nobody looks any more at a piece of a block. */
  release(block: Block): void {
    block.pieces--
    if (block.pieces === 0 && block !== this.block) this.#keep(block)
  }

  #keep(block: Block): void {
    if (block.bytes.length === blockBytes && this.#spare.length < spareBlocks) this.#spare.push(block)
  }

  /** The turn's bytes have left: what comes next may have their memory. */
  reuse(): void {
    this.at = this.start
  }

  #open(): void {
    this.at = Math.min(this.at + headroomBytes, this.bytes.length)
    this.start = this.at
  }
}
