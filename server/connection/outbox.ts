// What waits to leave a connection, in order: replies that show a write which is not safe yet, large ones that are
// being compressed, and what the socket has not taken. It frames and compresses; it does not know commands.
import { Buffer } from 'node:buffer'
import { decodeResponse, encodeBriefly, encodeResponse, idBytes, type Response, writeId } from '../../proto/codec.ts'
import { frame, headerBytes, writeHeader } from '../../proto/frame.ts'
import { compressAboveBytes, type Limits } from '../../proto/limits.ts'
import { type CloseCode, StreamError } from '../../proto/status.ts'
import type { Meter } from '../service/meter.ts'
import { copyOf } from '../store/bytes/copy.ts'
import { anyTable, type Engine } from '../store/engine.ts'
import { deflate, inflate, syncBytes } from './gzip.ts'
import { headroomBytes, type Transport } from './transport.ts'
import { type Block, Turn } from './turn.ts'

/** Bytes of one write at the most, so that a slow reader is seen to make progress. */
const writeBytes = 65_536
/** Bytes queued from which a stream holds back: enough to keep a socket busy. */
const streamBytes = 65_536

/** Frames written outside of turns are put together up to so many bytes. */
const soleBytes = 4_096

/** Bytes queued by all connections of a gateway. */
export interface Budget {
  queuedBytes: number
}

/** A piece of output that has to wait. */
interface Segment {
  /** Undefined while it is being compressed. */
  bytes: Uint8Array | undefined
  /** The block of turns that the bytes lie in, if they do. */
  block: Block | undefined
  /** Whether the bytes have room for a transport's header in front of them. */
  hasHeadroom: boolean
  /** The revision that must be safe before it leaves. */
  shows: number
  /** Offsets of the frames that show it. */
  readonly unsafe: readonly number[]
  readonly startedAt: number
  /** Commands by number whose replies it holds, in pairs of number and count. */
  readonly replies: readonly number[]
}

/** Whose outbox it is. */
export interface OutboxOwner {
  /** Something has left at once which had waited. */
  written(): void
  /** The transport did not take all of a write: it waits there. */
  waits(): void
}

/** The one turn of the process, and whose it is. */
export const turn = new Turn()
let owner: Outbox | undefined

/** Outboxes that were written to outside of their turns. */
let unflushed: Outbox[] = []

function flushAll(): void {
  const outboxes = unflushed
  unflushed = []
  for (const outbox of outboxes) outbox.flushOutsideTurn()
}

export class Outbox {
  readonly #transport: Transport
  readonly #store: Engine
  readonly #meter: Meter
  readonly #limits: Limits
  readonly #budget: Budget
  readonly #owner: OutboxOwner
  #segments: Segment[] = []
  #segmentBytes = 0
  #countedBytes = 0
  #writtenBytes = 0
  #takenBytes = 0
  #takenAt = performance.now()
  #waiting = false
  #flushing = false
  #closing: CloseCode | undefined
  /** What was written outside of turns and waits alone, with its headroom. */
  #sole: Uint8Array | undefined
  /** Set when the transport is gone: nothing leaves any more, and nothing counts. */
  #disposed = false
  #isAwaited = false

  constructor(transport: Transport, store: Engine, meter: Meter, limits: Limits, budget: Budget, owner: OutboxOwner) {
    this.#owner = owner
    this.#transport = transport
    this.#store = store
    this.#meter = meter
    this.#limits = limits
    this.#budget = budget
  }

  /** Bytes that have not left, wherever they wait. */
  get queuedBytes(): number {
    return (
      this.#segmentBytes +
      (this.#sole === undefined ? 0 : this.#sole.length - headroomBytes) +
      this.#transport.queuedBytes
    )
  }

  /** Whether everything has left. */
  get empty(): boolean {
    return this.#segments.length === 0 && this.#sole === undefined && this.#transport.queuedBytes === 0
  }

  /** Whether reading from this client should stop: it, or all together, take replies too slowly. */
  get full(): boolean {
    const queued = this.queuedBytes
    if (queued === 0) return false
    const { maxQueuedBytes, maxTotalQueuedBytes } = this.#limits
    return this.#refuses(queued > maxQueuedBytes || this.#budget.queuedBytes > maxTotalQueuedBytes)
  }

  /** Whether a stream should wait before it sends more. */
  get streamFull(): boolean {
    const queued = this.queuedBytes
    if (queued === 0) return false
    return this.#refuses(queued > Math.min(streamBytes, this.#limits.maxQueuedBytes))
  }

  /** Remembers that somebody is told that there is no room: they wait for it. */
  #refuses(isFull: boolean): boolean {
    if (isFull) this.#isAwaited = true
    return isFull
  }

  /** Whether the turn that is open has written as much as may be queued. */
  get turnFull(): boolean {
    return turn.at - turn.start + this.#segmentBytes > turn.room
  }

  /** Opens a turn for this connection. */
  begin(): void {
    owner = this
    turn.begin()
    turn.room = this.#limits.maxQueuedBytes - this.#transport.queuedBytes
  }

  /** Sends a response that shows the store up to revision `shows`, 0 for nothing. */
  send(response: Response, id: number, shows: number): void {
    if (owner !== this && response.body !== undefined) {
      return this.#sendOutsideTurn(sharedFrame(response, response.body, id), response.body.length, shows)
    }
    const whole = payloadOf(response, id)
    if (owner !== this) return this.#sendOutsideTurn(framed(whole), whole.length, shows)
    const compressed = whole.length > compressAboveBytes ? deflate(whole) : undefined
    if (compressed instanceof Promise) return this.#sendLater(compressed, whole, shows)
    turn.reserve(headerBytes + whole.length)
    turn.note(shows, this.#store.safeRevisionOf(anyTable))
    this.#append(compressed ?? whole, compressed !== undefined)
  }

  /** Sends a response outside of turns that is all its receiver gets for now: it leaves at once if it can. */
  publish(response: Response, id: number, shows: number): void {
    const { body } = response
    const isFirst = owner !== this && this.#sole === undefined && this.#segments.length === 0
    const isOpen = !this.#disposed && this.#closing === undefined && shows <= this.#store.safeRevisionOf(anyTable)
    if (body === undefined || !isFirst || !isOpen) return this.send(response, id, shows)
    const frame = sharedFrame(response, body, id)
    if (frame instanceof Promise) return this.#sendOutsideTurn(frame, body.length, shows)
    this.#write(frame, headroomBytes, frame.length, true)
    this.#account()
  }

  /** Ends the turn: what it wrote leaves in one write, or waits behind what waits already. */
  flush(): void {
    if (owner !== this) return
    owner = undefined
    if (turn.at > turn.start) {
      this.#queueSole()
      const waits = this.#segments.length > 0 || turn.shows > this.#store.safeRevisionOf(anyTable)
      if (!waits) {
        const seconds = (performance.now() - turn.startedAt) / 1000
        const { replies } = turn
        for (let command = 0; command < replies.length; command++) {
          if (replies[command] !== 0) this.#meter.observe(command, seconds, replies[command]!)
        }
        replies.fill(0)
        turn.unsafe.length = 0
        if (this.#write(turn.bytes, turn.start, turn.at, true)) turn.reuse()
        else turn.take()
      } else this.#pushTurn()
    }
    if (this.#closing !== undefined) this.#release()
    this.#account()
  }

  /** Closes the transport once everything before has left this queue. */
  close(code: CloseCode): void {
    this.#closing = code
    if (owner !== this) this.#release()
  }

  /** Tells the budget that nothing waits here any more. */
  dispose(): void {
    this.#disposed = true
    this.#segments = []
    this.#sole = undefined
    this.#segmentBytes = 0
    this.#budget.queuedBytes -= this.#countedBytes
    this.#countedBytes = 0
  }

  /** Whether somebody was told that there is no room since bytes have left the last time. */
  get isAwaited(): boolean {
    return this.#isAwaited
  }

  /** The system took bytes. */
  progressed(): void {
    this.#isAwaited = false
    this.#takenAt = performance.now()
    this.#account()
  }

  /** How long, in milliseconds, the peer has taken nothing of what waits for it. */
  stalledMs(now: number): number {
    const queued = this.#transport.queuedBytes
    const taken = this.#writtenBytes - queued
    if (queued === 0 || taken !== this.#takenBytes) this.#takenAt = Math.max(this.#takenAt, now)
    this.#takenBytes = taken
    return now - this.#takenAt
  }

  #append(bytes: Uint8Array, gzip: boolean): void {
    writeHeader(turn.bytes, turn.at, bytes.length, gzip)
    turn.bytes.set(bytes, turn.at + headerBytes)
    turn.at += headerBytes + bytes.length
  }

  /** A publication to this connection in the turn of another, or a page: a frame of its own, flushed with its like. */
  #sendOutsideTurn(frame: Uint8Array | Promise<Uint8Array>, length: number, shows: number): void {
    if (frame instanceof Promise) return this.#pushLater(frame, length, shows)
    // Of ten thousand watchers most have just this frame to send, or a few like it: they need no segment for it.
    const isReady = this.#segments.length === 0 && shows <= this.#store.safeRevisionOf(anyTable)
    if (isReady && this.#sole === undefined) this.#sole = frame
    else if (isReady && this.#sole!.length + frame.length <= soleBytes) this.#sole = joined(this.#sole!, frame)
    else this.#pushFrame(frame.subarray(headroomBytes), shows)
    if (this.#flushing) return
    this.#flushing = true
    if (unflushed.push(this) === 1) queueMicrotask(flushAll)
  }

  /** Sends what was written outside of turns since the last time. */
  flushOutsideTurn(): void {
    this.#flushing = false
    const sole = this.#sole
    if (sole === undefined || this.#disposed || this.#closing !== undefined) return this.#release()
    this.#sole = undefined
    const hasLeft = this.#write(sole, headroomBytes, sole.length, true)
    this.#account()
    if (hasLeft) this.#owner.written()
  }

  /** Gives the frame that waited alone its place before what comes now. */
  #queueSole(): void {
    const sole = this.#sole
    if (sole === undefined) return
    this.#sole = undefined
    this.#segment(sole.subarray(headroomBytes), 0, [], [])
  }

  /** Cuts the turn for a reply that the thread pool compresses: what comes behind it has to wait for it. */
  #sendLater(compressed: Promise<Uint8Array | undefined>, whole: Uint8Array, shows: number): void {
    if (turn.at > turn.start) this.#pushTurn()
    this.#pushLater(frameLater(compressed, whole), whole.length, shows)
  }

  /** Keeps the place of a frame that is being made; `length` is about its bytes. */
  #pushLater(frame: Promise<Uint8Array>, length: number, shows: number): void {
    const segment = this.#segment(undefined, shows, shows > this.#store.safeRevisionOf(anyTable) ? [0] : [], [])
    this.#segmentBytes += length
    void frame.then((framed) => {
      const bytes = framed.subarray(headroomBytes)
      segment.bytes = bytes
      this.#segmentBytes += bytes.length - length
      this.#release()
    })
  }

  /** Queues the bytes of the turn. */
  #pushTurn(): void {
    const { block } = turn
    const bytes = turn.take()
    const replies: number[] = []
    for (let command = 0; command < turn.replies.length; command++) {
      if (turn.replies[command] !== 0) replies.push(command, turn.replies[command]!)
    }
    turn.replies.fill(0)
    this.#segment(bytes, turn.shows, turn.unsafe, replies, block)
    turn.unsafe = []
    turn.shows = 0
    this.#release()
  }

  #pushFrame(bytes: Uint8Array, shows: number): void {
    this.#segment(bytes, shows, shows > this.#store.safeRevisionOf(anyTable) ? [0] : [], [])
  }

  #segment(
    bytes: Uint8Array | undefined,
    shows: number,
    unsafe: readonly number[],
    replies: readonly number[],
    block?: Block,
  ): Segment {
    this.#queueSole()
    const segment = { bytes, block, hasHeadroom: true, shows, unsafe, replies, startedAt: turn.startedAt }
    this.#segments.push(segment)
    this.#segmentBytes += bytes?.length ?? 0
    return segment
  }

  /** Writes what need not wait any longer, and has the store call again for what must. */
  #release(): void {
    if (this.#disposed) return
    this.#queueSole()
    let ready = 0
    for (const segment of this.#segments) {
      if (segment.bytes === undefined) break
      if (segment.shows > this.#store.safeRevisionOf(anyTable)) {
        this.#wait(segment.shows)
        break
      }
      ready++
    }
    if (ready > 0) this.#writeAll(this.#segments.splice(0, ready))
    this.#account()
    if (this.#segments.length > 0 || this.#closing === undefined) return
    this.#transport.close(this.#closing)
  }

  #writeAll(segments: Segment[]): void {
    const now = performance.now()
    for (const { replies, startedAt, bytes } of segments) {
      this.#segmentBytes -= bytes!.length
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
    if (isCopy || haveLeft) for (const { block } of segments) if (block !== undefined) turn.release(block)
    if (haveLeft) this.#owner.written()
  }

  /** Writes `bytes[start, end)`; true: they have left, and their memory may have others. */
  #write(bytes: Uint8Array, start: number, end: number, hasHeadroom: boolean): boolean {
    const length = end - start
    this.#meter.bytesOut += length
    this.#writtenBytes += length
    let haveLeft = true
    if (length <= writeBytes) haveLeft = this.#transport.write(bytes, start, end, hasHeadroom)
    else {
      for (let at = start; at < end; at += writeBytes) {
        haveLeft = this.#transport.write(bytes, at, Math.min(at + writeBytes, end), false) && haveLeft
      }
    }
    if (haveLeft) return true
    // The first that waits: until now there was nothing to take.
    if (this.#transport.queuedBytes <= length) this.#takenAt = performance.now()
    this.#owner.waits()
    return false
  }

  #wait(revision: number): void {
    if (this.#waiting) return
    this.#waiting = true
    this.#store.whenSafe(anyTable, revision, (error) => {
      this.#waiting = false
      if (error !== undefined) this.#refuse()
      this.#release()
    })
  }

  /** Puts a 507 in place of every reply that shows a write which will never be safe. */
  #refuse(): void {
    for (const segment of this.#segments) {
      if (segment.bytes === undefined || segment.shows <= this.#store.safeRevisionOf(anyTable)) continue
      const bytes = refused(segment.bytes, new Set(segment.unsafe))
      this.#segmentBytes += bytes.length - segment.bytes.length
      segment.bytes = bytes
      segment.block = undefined
      segment.hasHeadroom = false
      segment.shows = 0
    }
  }

  #account(): void {
    if (this.#disposed) return
    const queued = this.queuedBytes
    this.#budget.queuedBytes += queued - this.#countedBytes
    this.#countedBytes = queued
  }
}

const failedWrite = 'The store could not make a write safe; what became of it shows after a restart of the gateway.'

/** A copy of a row of frames in which those at the given offsets say that the store failed. */
function refused(bytes: Uint8Array, offsets: ReadonlySet<number>): Uint8Array {
  const frames: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; ) {
    const header = view.getUint32(at)
    const end = at + headerBytes + (header & 0x7fffffff)
    if (offsets.has(at)) frames.push(frame(refusal(bytes.subarray(at + headerBytes, end), header >>> 31 === 1)))
    else frames.push(bytes.subarray(at, end))
    at = end
  }
  return Buffer.concat(frames)
}

function refusal(sent: Uint8Array, gzip: boolean): Uint8Array {
  const body = gzip ? inflate(sent, 0x7fffffff) : sent
  // What is too large to be inflated at once was compressed in the thread pool, and is its own segment.
  if (body instanceof Promise) throw new StreamError(1011, 'a large reply shows a write that failed')
  const { id } = decodeResponse(body)
  const response = encodeResponse({ status: 507, message: failedWrite })
  return payload(response, response.length + idBytes(id), id)
}

/** A response's bytes with its id behind them: those that are used up at once in memory that the next ones use again. */
function payloadOf(response: Response, id: number): Uint8Array {
  if (response.body !== undefined) return payload(response.body, response.body.length + idBytes(id), id)
  const whole = encodeBriefly(response, id)
  return whole.length > syncBytes ? copyOf(whole, 0, whole.length) : whole
}

function payload(body: Uint8Array, length: number, id: number): Uint8Array {
  if (id === 0) return body
  const bytes = Buffer.allocUnsafe(length)
  bytes.set(body)
  writeId(bytes, body.length, id)
  return bytes
}

/** The frame of a response that many receivers share: those with one request id share it. */
function sharedFrame(response: Response, body: Uint8Array, id: number): Uint8Array | Promise<Uint8Array> {
  const known = response.frames?.get(id)
  if (known !== undefined) return known
  const frame = framed(payload(body, body.length + idBytes(id), id))
  response.frames ??= new Map()
  response.frames.set(id, frame)
  return frame
}

/** The frame of a payload, compressed where that makes it smaller. */
function framed(whole: Uint8Array): Uint8Array | Promise<Uint8Array> {
  const compressed = whole.length > compressAboveBytes ? deflate(whole) : undefined
  if (compressed instanceof Promise) return frameLater(compressed, whole)
  return frameOf(compressed ?? whole, compressed !== undefined)
}

const headroom = Buffer.alloc(headroomBytes)

/** Two pieces with their headroom as one. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(first.length + second.length - headroomBytes)
  bytes.set(first)
  bytes.set(second.subarray(headroomBytes), first.length)
  return bytes
}

/** The frame of a payload that is being compressed. */
function frameLater(compressed: Promise<Uint8Array | undefined>, whole: Uint8Array): Promise<Uint8Array> {
  const settle = (bytes?: Uint8Array) => frameOf(bytes ?? whole, bytes !== undefined)
  // zlib failing on valid input means no memory: the payload still can leave as it is.
  return compressed.then(settle, () => settle())
}

/** A frame of its own, behind the headroom that a transport may need. */
function frameOf(bytes: Uint8Array, gzip: boolean): Uint8Array {
  const framed = Buffer.allocUnsafe(headroomBytes + headerBytes + bytes.length)
  writeHeader(framed, headroomBytes, bytes.length, gzip)
  framed.set(bytes, headroomBytes + headerBytes)
  return framed
}
