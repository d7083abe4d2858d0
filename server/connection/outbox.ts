// The way out of a connection: takes responses, writes them into the batch or makes frames of their own of them, and
// sends them in order: at once where it can, else once they are safe, compressed, and have had their turn in the backlog.
// It does not know commands. Guarded by `npm run bench -- commands` (batches) and `fanout` (frames outside of a batch).
import { Buffer } from 'node:buffer'
import type { Response } from '../../proto/codec.ts'
import { headerBytes } from '../../proto/frame.ts'
import { compressAboveBytes } from '../../proto/limits.ts'
import type { CloseCode } from '../../proto/status.ts'
import type { Meter } from '../service/meter.ts'
import { anyTable, type Engine } from '../store/engine.ts'
import { Backlog, Segment } from './backlog.ts'
import { batch } from './batch.ts'
import type { Budget } from './budget.ts'
import { frameLater, frameOf, headroom, joined, payloadOf, sharedFrame } from './frames.ts'
import { deflate } from './gzip.ts'
import { headroomBytes, type Transport } from './transport.ts'
import { TransportWriter } from './transport-writer.ts'

/**
 * Frames written outside of a batch are joined up to so many bytes: a few bookmarks of one connection are one write, and
 * leave a seventh of the garbage of segments (`npm run bench -- growth`).
 */
const joinedBytes = 4_096

/** In place of a command: the response is not the one that a request is timed by. */
export const untimed = -1

/** The connection that an outbox belongs to. */
export interface OutboxListener {
  /** Bytes that had waited have left at once. */
  onWritten(): void
  /** The transport did not take all of a write: the rest waits in it. */
  onBlocked(): void
}

/** Whose batch is open. */
let owner: Outbox | undefined

/** Outboxes with frames that were written outside of a batch. */
let unflushed: Outbox[] = []

function flushAll(): void {
  const outboxes = unflushed
  unflushed = []
  for (const outbox of outboxes) outbox.flushFrames()
}

export class Outbox {
  readonly #transport: Transport
  readonly #store: Engine
  readonly #meter: Meter
  readonly #budget: Budget
  readonly #listener: OutboxListener
  readonly #writer: TransportWriter
  readonly #backlog = new Backlog()
  /** Frames that were written outside of a batch and have nothing to wait for, behind one headroom. */
  #frames: Uint8Array | undefined
  #willFlushFrames = false
  /** As the budget knows it. */
  #countedBytes = 0
  #awaitsStore = false
  #closing: CloseCode | undefined
  /** Set when the transport is gone: nothing leaves any more, and nothing counts. */
  #disposed = false
  #isAwaited = false

  constructor(transport: Transport, store: Engine, meter: Meter, budget: Budget, listener: OutboxListener) {
    this.#transport = transport
    this.#store = store
    this.#meter = meter
    this.#budget = budget
    this.#listener = listener
    this.#writer = new TransportWriter(transport, meter)
  }

  /** Bytes that have not left, wherever they wait. */
  get queuedBytes(): number {
    const frames = this.#frames === undefined ? 0 : this.#frames.length - headroomBytes
    return this.#backlog.bytes + frames + this.#transport.queuedBytes
  }

  /** Whether everything has left. */
  get empty(): boolean {
    return this.#backlog.length === 0 && this.#frames === undefined && this.#transport.queuedBytes === 0
  }

  /** Whether reading from this client should stop: it, or all together, take replies too slowly. */
  get full(): boolean {
    const queued = this.queuedBytes
    return queued !== 0 && this.#told(this.#budget.isFull(queued))
  }

  /** Whether a stream should wait before it sends more. */
  get streamFull(): boolean {
    const queued = this.queuedBytes
    return queued !== 0 && this.#told(this.#budget.isStreamFull(queued))
  }

  /** Remembers that a caller was told that there is no room, and waits for it. */
  #told(isFull: boolean): boolean {
    if (isFull) this.#isAwaited = true
    return isFull
  }

  /** Whether a caller waits for room: it was told that there is none since the transport last took bytes. */
  get isAwaited(): boolean {
    return this.#isAwaited
  }

  /** Whether the open batch has as many bytes as the connection may queue. */
  get batchFull(): boolean {
    return batch.at - batch.start + this.#backlog.bytes > batch.room
  }

  /** Opens a batch for this connection. */
  begin(): void {
    owner = this
    batch.begin()
    batch.room = this.#budget.room(this.#transport.queuedBytes)
  }

  /**
   * Sends a response that shows the store up to revision `shows`, 0 for nothing. With a `command` its request is timed:
   * from `startedAt` until the response is given to the transport.
   */
  send(response: Response, id: number, shows: number, command = untimed, startedAt = batch.startedAt): void {
    if (owner !== this) return this.#sendFrame(response, id, shows, command, startedAt)
    const payload = payloadOf(response, id)
    const compressed = payload.length > compressAboveBytes ? deflate(payload) : undefined
    if (compressed instanceof Promise) {
      // What comes behind it has to wait for it, so the batch ends here.
      if (batch.at > batch.start) this.#queueBatch()
      return this.#queueLater(frameLater(compressed, payload), payload.length, id, shows, command, startedAt)
    }
    batch.reserve(headerBytes + payload.length)
    batch.note(shows, this.#store.safeRevisionOf(anyTable))
    batch.append(compressed ?? payload, compressed !== undefined)
    if (command !== untimed) batch.replies[command]! += 1
  }

  /** Sends a response outside of a batch that is all its receiver gets for now: it leaves at once if it can. */
  sendAlone(response: Response, id: number, shows: number): void {
    const { body } = response
    const isFirst = owner !== this && this.#frames === undefined && this.#backlog.length === 0
    const isOpen = !this.#disposed && this.#closing === undefined && shows <= this.#store.safeRevisionOf(anyTable)
    if (body === undefined || !isFirst || !isOpen) return this.send(response, id, shows)
    const frame = sharedFrame(response, body, id)
    if (frame instanceof Promise) return this.#queueLater(frame, body.length, id, shows, untimed, 0)
    this.#write(frame, headroomBytes, frame.length, true)
    this.#recount()
  }

  /** Ends the batch: it leaves in one write, or waits behind what waits already. */
  flush(): void {
    if (owner !== this) return
    owner = undefined
    if (batch.at > batch.start) {
      this.#queueFrames()
      if (this.#backlog.length > 0 || batch.shows > this.#store.safeRevisionOf(anyTable)) this.#queueBatch()
      else this.#writeBatch()
    }
    if (this.#closing !== undefined) this.#release()
    this.#recount()
  }

  /** Closes the transport once everything that was sent before has left the outbox. */
  close(code: CloseCode): void {
    this.#closing = code
    if (owner !== this) this.#release()
  }

  /** Forgets what waits: the transport is gone. */
  dispose(): void {
    this.#disposed = true
    this.#backlog.clear()
    this.#frames = undefined
    this.#countedBytes = this.#budget.recount(this.#countedBytes, 0)
  }

  /** The transport took bytes. */
  onProgress(): void {
    this.#isAwaited = false
    this.#writer.onProgress()
    this.#recount()
  }

  /** For how many milliseconds the peer has taken nothing of what waits for it. */
  stalledMs(now: number): number {
    return this.#writer.stalledMs(now)
  }

  /** Sends what was written outside of a batch since the last time. */
  flushFrames(): void {
    this.#willFlushFrames = false
    const frames = this.#frames
    if (frames === undefined || this.#disposed || this.#closing !== undefined) return this.#release()
    this.#frames = undefined
    const haveLeft = this.#write(frames, headroomBytes, frames.length, true)
    this.#recount()
    if (haveLeft) this.#listener.onWritten()
  }

  /** Sends a frame of its own: a page, or a change to this connection during the batch of another. */
  #sendFrame(response: Response, id: number, shows: number, command: number, startedAt: number): void {
    const shared = response.body
    const payload = shared ?? payloadOf(response, id)
    const frame = shared === undefined ? frameOf(payload) : sharedFrame(response, shared, id)
    if (frame instanceof Promise) return this.#queueLater(frame, payload.length, id, shows, command, startedAt)
    // Of ten thousand watchers most have just this frame to send, or a few like it: they need no segment for it.
    const isReady = command === untimed && this.#backlog.length === 0 && shows <= this.#store.safeRevisionOf(anyTable)
    if (isReady && this.#frames === undefined) this.#frames = frame
    else if (isReady && this.#frames!.length + frame.length <= joinedBytes) this.#frames = joined(this.#frames!, frame)
    else {
      const unsafe = shows > this.#store.safeRevisionOf(anyTable) ? [0] : []
      this.#queue(new Segment(frame.subarray(headroomBytes), shows, unsafe, repliesOf(command), startedAt))
    }
    if (this.#willFlushFrames) return
    this.#willFlushFrames = true
    if (unflushed.push(this) === 1) queueMicrotask(flushAll)
  }

  #writeBatch(): void {
    const seconds = (performance.now() - batch.startedAt) / 1000
    const { replies } = batch
    for (let command = 0; command < replies.length; command++) {
      if (replies[command] !== 0) this.#meter.observe(command, seconds, replies[command]!)
    }
    replies.fill(0)
    batch.unsafe.length = 0
    if (this.#write(batch.bytes, batch.start, batch.at, true)) batch.reuse()
    else batch.take()
  }

  #queueBatch(): void {
    const { block, shows, unsafe, startedAt } = batch
    const replies: number[] = []
    for (let command = 0; command < batch.replies.length; command++) {
      if (batch.replies[command] !== 0) replies.push(command, batch.replies[command]!)
    }
    batch.replies.fill(0)
    batch.unsafe = []
    batch.shows = 0
    const segment = new Segment(batch.take(), shows, unsafe, replies, startedAt)
    segment.block = block
    this.#queue(segment)
    this.#release()
  }

  /** Keeps the place of a frame that is being made, of about so many bytes. */
  #queueLater(
    frame: Promise<Uint8Array>,
    bytes: number,
    id: number,
    shows: number,
    command: number,
    startedAt: number,
  ): void {
    this.#queueFrames()
    const unsafe = shows > this.#store.safeRevisionOf(anyTable) ? [0] : []
    const segment = new Segment(undefined, shows, unsafe, repliesOf(command), startedAt)
    segment.id = id
    this.#backlog.pushLater(segment, frame, bytes, () => this.#release())
  }

  #queue(segment: Segment): void {
    this.#queueFrames()
    this.#backlog.push(segment)
  }

  /** Gives the frames that waited for nothing their place before what comes now. */
  #queueFrames(): void {
    const frames = this.#frames
    if (frames === undefined) return
    this.#frames = undefined
    this.#backlog.push(new Segment(frames.subarray(headroomBytes), 0, noNumbers, noNumbers, 0))
  }

  /** Writes what may leave by now, and has the store call again for what waits for it. */
  #release(): void {
    if (this.#disposed) return
    this.#queueFrames()
    const ready = this.#backlog.takeReady(this.#store.safeRevisionOf(anyTable))
    if (ready.length > 0) this.#writeSegments(ready)
    this.#awaitStore(this.#backlog.awaited)
    this.#recount()
    if (this.#closing !== undefined && this.#backlog.length === 0) this.#transport.close(this.#closing)
  }

  #writeSegments(segments: readonly Segment[]): void {
    const now = performance.now()
    for (const { replies, startedAt } of segments) {
      for (let index = 0; index < replies.length; index += 2) {
        this.#meter.observe(replies[index]!, (now - startedAt) / 1000, replies[index + 1]!)
      }
    }
    const [first] = segments
    const isCopy = segments.length > 1
    let haveLeft: boolean
    if (isCopy) {
      const bytes = Buffer.concat([headroom, ...segments.map(({ bytes }) => bytes!)])
      haveLeft = this.#write(bytes, headroomBytes, bytes.length, true)
    } else haveLeft = this.#write(first!.bytes!, 0, first!.bytes!.length, first!.hasHeadroom)
    if (isCopy || haveLeft) for (const { block } of segments) if (block !== undefined) batch.release(block)
    if (haveLeft) this.#listener.onWritten()
  }

  #write(bytes: Uint8Array, start: number, end: number, hasHeadroom: boolean): boolean {
    const haveLeft = this.#writer.write(bytes, start, end, hasHeadroom)
    if (!haveLeft) this.#listener.onBlocked()
    return haveLeft
  }

  #awaitStore(revision: number): void {
    if (this.#awaitsStore || revision === 0) return
    this.#awaitsStore = true
    this.#store.whenSafe(anyTable, revision, (error) => {
      this.#awaitsStore = false
      if (error !== undefined) this.#backlog.fail(this.#store.safeRevisionOf(anyTable))
      this.#release()
    })
  }

  #recount(): void {
    if (!this.#disposed) this.#countedBytes = this.#budget.recount(this.#countedBytes, this.queuedBytes)
  }
}

const noNumbers: readonly number[] = []

/** A segment's replies that are to be timed, where it is one frame. */
function repliesOf(command: number): readonly number[] {
  return command === untimed ? noNumbers : [command, 1]
}
