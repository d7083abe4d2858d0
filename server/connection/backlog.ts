// The replies of a connection that may not leave yet, in order: those that show a write which is not safe yet, those that
// are being compressed, and whatever comes behind them. The outbox writes them, and learns when they may leave.
import type { Block } from './batch.ts'
import { failureFrame, withFailures } from './frames.ts'
import { headroomBytes } from './transport.ts'

/** A row of frames that waits as one. */
export class Segment {
  /** Undefined while they are being compressed. */
  bytes: Uint8Array | undefined
  /** The block of batches in which the bytes lie, if they do. */
  block: Block | undefined = undefined
  /** Whether the bytes have room for a transport's header in front of them. */
  hasHeadroom = true
  /** The revision that must be safe before they leave; 0: none. */
  shows: number
  /** Offsets of the frames that show it. */
  readonly unsafe: readonly number[]
  /** The replies to be timed when they leave, in pairs of command and count. */
  readonly replies: readonly number[]
  /** Monotonic milliseconds from which those are timed. */
  readonly startedAt: number
  /** For a frame that was made in the thread pool, which may be too large to be read again: the id of its request. */
  id: number | undefined = undefined

  constructor(
    bytes: Uint8Array | undefined,
    shows: number,
    unsafe: readonly number[],
    replies: readonly number[],
    startedAt: number,
  ) {
    this.bytes = bytes
    this.shows = shows
    this.unsafe = unsafe
    this.replies = replies
    this.startedAt = startedAt
  }
}

const nothing: readonly Segment[] = []

export class Backlog {
  #segments: Segment[] = []
  /** Bytes of all segments; of one that is being compressed, as many as it has before. */
  bytes = 0

  get length(): number {
    return this.#segments.length
  }

  push(segment: Segment): void {
    this.#segments.push(segment)
    this.bytes += segment.bytes?.length ?? 0
  }

  /** Keeps the place of a frame of about so many bytes until it is made, and calls `settled` then. */
  pushLater(segment: Segment, made: Promise<Uint8Array>, bytes: number, settled: () => void): void {
    const segments = this.#segments
    segments.push(segment)
    this.bytes += bytes
    void made.then((frame) => {
      if (segments !== this.#segments) return
      segment.bytes = frame.subarray(headroomBytes)
      this.bytes += segment.bytes.length - bytes
      settled()
    })
  }

  /** Takes out the segments at the front that may leave, given up to which revision the store is safe. */
  takeReady(safe: number): readonly Segment[] {
    let ready = 0
    for (const { bytes, shows } of this.#segments) {
      if (bytes === undefined || shows > safe) break
      this.bytes -= bytes.length
      ready++
    }
    return ready === 0 ? nothing : this.#segments.splice(0, ready)
  }

  /** The revision that must be safe before the first segment may leave; 0: it waits for nothing, or to be compressed. */
  get awaited(): number {
    const first = this.#segments[0]
    return first?.bytes === undefined ? 0 : first.shows
  }

  /** Puts a 504 in place of every reply that shows a write above the revision which is the last that will be safe. */
  fail(safe: number): void {
    for (const segment of this.#segments) {
      if (segment.bytes === undefined || segment.shows <= safe) continue
      const { id, unsafe, bytes } = segment
      segment.bytes = id === undefined ? withFailures(bytes, unsafe) : failureFrame(id)
      this.bytes += segment.bytes.length - bytes.length
      segment.block = undefined
      segment.hasHeadroom = false
      segment.shows = 0
    }
  }

  clear(): void {
    this.#segments = []
    this.bytes = 0
  }
}
