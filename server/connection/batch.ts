// The replies that one chunk of input causes: a batch, written into one buffer, one reply behind the other, and sent as
// one write. The loop is synchronous, so the process has one batch at a time, and all connections share its memory: a
// block from which each batch takes the bytes that it needs.
import { Buffer } from 'node:buffer'
import { commandSlots } from '../../proto/codec.ts'
import { headerBytes, writeHeader } from '../../proto/frame.ts'
import { viewOn } from '../store/bytes/copy.ts'
import { headroomBytes } from './transport.ts'

/** Large enough that most batches fit, small enough that the last part of a slow reader's replies does not hold much. */
const blockBytes = 131_072

/**
 * Blocks kept for reuse while batches wait for the log: a new one costs the system 32 pages. With them the gateway does a
 * fifth more durable sets at depth 64 (`npm run bench -- commands`).
 */
const spareBlocks = 16

/** Memory of batches. */
export class Block {
  readonly bytes: Buffer
  readonly data: DataView
  /** How many batches in it wait to be written. */
  pieces = 0

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(length)
    this.data = viewOn(this.bytes)
  }
}

class Batch {
  /** Where the replies are written. */
  block = new Block(blockBytes)
  /** The block's memory. */
  bytes: Buffer = this.block.bytes
  data = this.block.data
  /** The replies are `bytes[start, at)`. */
  start = 0
  at = 0
  /** Monotonic milliseconds at which the chunk came. */
  startedAt = 0
  /** The highest revision that a reply shows and that was not safe yet; 0: none. */
  shows = 0
  /** Offsets from `start` of the frames that show a revision which was not safe yet. */
  unsafe: number[] = []
  /** Replies to be timed when the batch leaves, by command. */
  readonly replies = new Int32Array(commandSlots)
  /** Whether a command wrote to the store. */
  wrote = false
  /** How many bytes of replies the connection may queue: when the batch grows past that, the loop pauses. */
  room = 0
  /** Commands since the loop last read the clock. */
  commandsSinceClock = 0
  readonly #spare: Block[] = []

  begin(): void {
    this.startedAt = performance.now()
    this.#open()
    this.shows = 0
    this.wrote = false
    this.commandsSinceClock = 0
  }

  /** Makes room for `count` more bytes at `at`. */
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

  /** Notes that the frame at `at` shows the store up to `revision`; `safe` is the revision up to which it is safe. */
  note(revision: number, safe: number): void {
    if (revision <= safe) return
    if (revision > this.shows) this.shows = revision
    this.unsafe.push(this.at - this.start)
  }

  /** Appends a frame. Room for it must have been reserved. */
  append(payload: Uint8Array, gzip: boolean): void {
    writeHeader(this.bytes, this.at, payload.length, gzip)
    this.bytes.set(payload, this.at + headerBytes)
    this.at += headerBytes + payload.length
  }

  /**
   * Hands the bytes over to the caller, with the headroom in front of them, and opens the next batch behind them. Once
   * they have left, the caller may `release` the block in which they lie.
   */
  take(): Buffer {
    this.block.pieces++
    const taken = this.bytes.subarray(this.start, this.at)
    this.#open()
    return taken
  }

  /** Gives back a piece of a block: it is not read any more. */
  release(block: Block): void {
    block.pieces--
    if (block.pieces === 0 && block !== this.block) this.#keep(block)
  }

  /** Forgets the bytes: they have left, and the next batch may overwrite them. */
  reuse(): void {
    this.at = this.start
  }

  #keep(block: Block): void {
    if (block.bytes.length === blockBytes && this.#spare.length < spareBlocks) this.#spare.push(block)
  }

  #open(): void {
    this.at = Math.min(this.at + headroomBytes, this.bytes.length)
    this.start = this.at
  }
}

/** The one batch of the process. */
export const batch = new Batch()
