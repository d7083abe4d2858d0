// A WebSocket as a transport: each binary message is a piece of the stream, cut anywhere. It refuses text, and keeps
// the line alive with pings. Messages that lie whole in what was read are read here; everything else - fragments, text,
// control frames, what breaks the protocol - is read by `ws`. The upgrade is server/http/upgrade.ts.
import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { type CloseCode, closeCodes } from '../../proto/status.ts'
import type { Beating, Heartbeat } from '../connection/heartbeat.ts'
import { headroomBytes, type Transport, type TransportListener } from '../connection/transport.ts'
import { closeTimeoutMs } from './duplex.ts'
import { Progress } from './progress.ts'
import { descriptorOf, holdDescriptor, readInto, type Writer, writeNow } from './socket.ts'

/** The subprotocol that a client may offer; none is needed. */
const subprotocol = 'kvass.v1'

/** Bytes of a message at the least, whatever a frame may have: clients batch by concatenating. */
const leastMessageBytes = 1_048_576

/** Client pings between two beats; more are a flood. */
const maxPings = 100

/**
 * The `ws` server that does the handshakes and holds the bounds below the frame. A message may carry many frames, so
 * it may be as large as four of the largest; until it is complete it lies in memory, in the pieces that arrived.
 */
export function createWebSocketServer(maxFrameBytes: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    // A flood of pings is ours to end, with a code that says so.
    maxPendingAutoPongs: 0,
    maxPayload: Math.max(leastMessageBytes, 4 * maxFrameBytes),
    maxFragments: 1_024,
    maxBufferedChunks: 16_384,
    closeTimeout: closeTimeoutMs,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  } as ConstructorParameters<typeof WebSocketServer>[0])
}

export interface WebSocketOptions {
  readonly peer: string
  readonly heartbeat: Heartbeat
  readonly pingIntervalMs: number
  readonly pingTimeoutMs: number
  readonly frameTimeoutMs: number
  /** Hears of every code that this transport, not its caller, closed the stream with. */
  readonly onViolation?: (code: CloseCode) => void
}

/** The listener that `ws` has on its socket. */
type Leave = (this: Duplex, chunk: Buffer) => void

/** What `ws` knows of a message that has begun; not in its types, so a test holds it. */
interface Receiver {
  readonly _bufferedBytes: number
  readonly _state: number
  readonly _fragmented: number
  readonly writable: boolean
}

/** Payloads up to this size have a header of at most four bytes, for which there is room in front of them. */
const largestShortMessage = 65_535

/**
 * Writes the header of an unmasked binary message (RFC 6455, section 5.2) in front of `bytes[start, end)`, and answers
 * where it begins.
 */
function writeMessageHeader(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length < 126) {
    bytes[start - 2] = 0x82
    bytes[start - 1] = length
    return start - 2
  }
  bytes[start - 4] = 0x82
  bytes[start - 3] = 126
  bytes[start - 2] = length >>> 8
  bytes[start - 1] = length
  return start - 4
}

/** `bytes[start, end)` with the headroom that lies in front of them in their memory. */
function withHeadroom({ buffer, byteOffset }: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + start - headroomBytes, headroomBytes + end - start)
}

/** The same memory as a buffer last asked for, four bytes at a time: most often it is the one that all sockets share. */
let words: Int32Array = new Int32Array(0)

/** Undoes the mask, whose four bytes lie before `bytes[start, end)`: word by word a quarter of the time. */
function unmask(bytes: Buffer, start: number, end: number): void {
  const first = bytes[start - 4]!
  const second = bytes[start - 3]!
  const third = bytes[start - 2]!
  const fourth = bytes[start - 1]!
  const mask = first | (second << 8) | (third << 16) | (fourth << 24)
  if (mask === 0) return
  const offset = bytes.byteOffset
  let at = start
  for (let index = 0; at < end && ((offset + at) & 3) !== 0; index++) bytes[at++]! ^= mask >>> (index << 3)
  const turned = (at - start) << 3
  const word = turned === 0 ? mask : (mask >>> turned) | (mask << (32 - turned))
  if (words.buffer !== bytes.buffer) words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >>> 2)
  const lastWord = (offset + end) >> 2
  for (let index = (offset + at) >> 2; index < lastWord; index++) words[index]! ^= word
  const from = Math.max(at, (lastWord << 2) - offset)
  for (let index = from, shift = 0; index < end; index++, shift += 8) bytes[index]! ^= word >>> shift
}

/** Where the message ends that `payloadAt` found last. */
let payloadEnd = 0

/** Where the payload begins of a masked, unfragmented binary message that is whole in `bytes[at, end)`; 0: there is none. */
function payloadAt(bytes: Buffer, at: number, end: number): number {
  if (end - at < 6 || bytes[at] !== 0x82) return 0
  let length = bytes[at + 1]! - 0x80
  let payload = at + 6
  if (length === 126) {
    length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    payload = at + 8
  } else if (length === 127) {
    if (end - at < 14 || bytes.readUInt32BE(at + 2) !== 0) return 0
    length = bytes.readUInt32BE(at + 6)
    payload = at + 14
  }
  if (length < 0 || payload + length > end) return 0
  payloadEnd = payload + length
  return payload
}

/** Header and mask of a control frame. */
const controlHeadBytes = 6

/** Whether a masked pong is whole at `at`: nothing of it matters but that it came. */
function isPong(bytes: Buffer, at: number, end: number): boolean {
  if (end - at < controlHeadBytes || bytes[at] !== 0x8a) return false
  const length = bytes[at + 1]! - 0x80
  return length >= 0 && length < 126 && at + controlHeadBytes + length <= end
}

/** How much of the ping interval a connection's own may be shorter. */
const mostEarly = 0.4

/** An unmasked ping without content. */
const emptyPing = Buffer.of(0x89, 0)

const sendOptions = { binary: true, compress: false, fin: true, mask: false }

export class WebSocketTransport implements Transport, Beating, Writer {
  readonly kind = 'ws'
  readonly peer: string
  listener: TransportListener | undefined
  /** Held while the WebSocket is open and nothing waits in its socket; whatever `ws` writes or reads may end that. */
  descriptor = -1
  place = 0
  readonly #ws: WebSocket
  readonly #socket: Duplex
  readonly #options: WebSocketOptions
  readonly #progress: Progress
  readonly #receiver: Receiver
  /** Leaves bytes to `ws`. */
  readonly #leave: Leave
  #ended = false
  #paused = false
  #messages = 0
  #pings = 0
  #heardAt: number
  /** Some of the time less for each: many that came at once are not all pinged in the same beat. */
  readonly #pingAfterMs: number
  #pingedAt: number | undefined
  #unfinished: { messages: number; since: number } | undefined

  constructor(ws: WebSocket, socket: Duplex, options: WebSocketOptions) {
    this.peer = options.peer
    this.#ws = ws
    this.#socket = socket
    this.#options = options
    this.#progress = new Progress(socket)
    this.#heardAt = options.heartbeat.now
    this.#pingAfterMs = Math.floor(options.pingIntervalMs * (1 - mostEarly * Math.random()))
    this.#receiver = (ws as unknown as { _receiver: Receiver })._receiver
    const [listener] = socket.listeners('data')
    this.#leave = listener as Leave
    socket.off('data', this.#leave)
    holdDescriptor(socket, this)
    readInto(socket, (bytes, start, end) => this.#read(bytes, start, end))
    ws.on('message', (data: Buffer, isBinary: boolean) => this.#message(data, isBinary))
    ws.on('ping', () => this.#pinged())
    ws.on('pong', () => this.#heard())
    ws.on('error', (error) => this.#failed(error))
    ws.on('close', () => this.#closed())
    options.heartbeat.add(this)
  }

  get queuedBytes(): number {
    return this.descriptor >= 0 ? 0 : this.#socket.writableLength
  }

  write(bytes: Uint8Array, start: number, end: number, hasHeadroom: boolean): boolean {
    if (!hasHeadroom || end - start > largestShortMessage) {
      if (!this.#isOpen) return true
      this.descriptor = -1
      this.#ws.send(bytes.subarray(start, end), sendOptions, this.#written)
      this.#touch()
      return false
    }
    if (start < headroomBytes) return this.#writeMessage(withHeadroom(bytes, start, end), headroomBytes)
    return this.#writeMessage(bytes, start, end)
  }

  get #isOpen(): boolean {
    return !this.#ended && this.#ws.readyState === WebSocket.OPEN
  }

  #writeMessage(bytes: Uint8Array, start: number, end = bytes.length): boolean {
    if (this.descriptor < 0 && this.#isOpen) this.descriptor = descriptorOf(this.#socket)
    const from = writeMessageHeader(bytes, start, end)
    const left = this.descriptor < 0 ? from : from + writeNow(this.descriptor, bytes, from, end)
    if (left === end) return true
    this.descriptor = -1
    if (!this.#isOpen) return true
    this.#socket.write(bytes.subarray(left, end), this.#written)
    this.#touch()
    return false
  }

  pause(): void {
    this.#paused = true
    this.#ws.pause()
  }

  resume(): void {
    this.#paused = false
    this.#unfinished = undefined
    this.#heard()
    this.#ws.resume()
  }

  close(code: CloseCode): void {
    if (this.#ended) return
    this.#ended = true
    this.descriptor = -1
    this.#ws.close(code, closeCodes[code].reason)
    // The peer's half of the closing handshake shows only to a stream that is read.
    this.#ws.resume()
  }

  terminate(): void {
    this.#ended = true
    this.descriptor = -1
    this.#ws.terminate()
  }

  /** Pings a silent peer, gives up on one that does not answer, and on a message that does not end. */
  beat(now: number): number {
    if (this.descriptor < 0 && this.#progress.moved()) this.listener?.onProgress()
    this.#pings = 0
    // Nothing can be held against a peer that we do not read from.
    if (this.#ended || this.#paused) return 0
    if (this.#isUnfinished(now)) this.#violated(4408)
    else if (this.#pingedAt !== undefined && now - this.#pingedAt >= this.#options.pingTimeoutMs) this.terminate()
    else if (this.#pingedAt === undefined && now - this.#heardAt >= this.#pingAfterMs) this.#ping()
    const isBusy = this.#unfinished !== undefined || this.#pingedAt !== undefined || this.queuedBytes > 0
    return isBusy ? 0 : this.#heardAt + this.#pingAfterMs
  }

  #touch(): void {
    this.#options.heartbeat.touch(this)
  }

  readonly #written = (error?: Error | null): void => {
    if (!error) this.listener?.onProgress()
  }

  /** Reads the whole binary messages at the front of `bytes[start, end)`, and leaves the rest to `ws`. */
  #read(bytes: Buffer, start: number, end: number): void {
    // The closing handshake is over, or the stream is broken: what else comes is nobody's.
    while (start < end && this.#receiver.writable) {
      const isIdle = this.#isIdle()
      const payload = isIdle ? payloadAt(bytes, start, end) : 0
      if (payload === 0 && isIdle && isPong(bytes, start, end)) {
        this.#heard()
        start += controlHeadBytes + bytes[start + 1]! - 0x80
        continue
      }
      if (payload === 0) {
        this.#leave.call(this.#socket, Buffer.from(bytes.subarray(start, end)))
        this.descriptor = -1
        this.#touch()
        return
      }
      start = payloadEnd
      unmask(bytes, payload, start)
      this.#heard()
      this.#messages++
      if (!this.#ended) this.listener?.onData(bytes, payload, start)
    }
  }

  /** Whether `ws` is not in the middle of a message. */
  #isIdle(): boolean {
    const { _bufferedBytes, _state, _fragmented } = this.#receiver
    return _bufferedBytes === 0 && _state === 0 && _fragmented === 0
  }

  /** A message that `ws` has read. */
  #message(data: Buffer, isBinary: boolean): void {
    this.#heard()
    this.#messages++
    if (this.#ended) return
    if (isBinary) this.listener?.onData(data, 0, data.length)
    else this.#violated(1003)
  }

  #heard(): void {
    this.#heardAt = this.#options.heartbeat.now
    this.#pingedAt = undefined
  }

  /** `ws` has written a pong by now. */
  #pinged(): void {
    this.descriptor = -1
    this.#heard()
    this.#pings++
    if (this.#pings > maxPings) this.#violated(1008)
  }

  /** Its time runs from when the ping has left: behind a long queue it is not late. */
  #ping(): void {
    this.#pingedAt = Number.POSITIVE_INFINITY
    const left = this.descriptor < 0 ? 0 : writeNow(this.descriptor, emptyPing, 0, emptyPing.length)
    if (left === emptyPing.length) return this.#pingLeft()
    this.descriptor = -1
    if (left > 0) this.#socket.write(emptyPing.subarray(left), () => this.#pingLeft())
    else this.#ws.ping(undefined, false, () => this.#pingLeft())
  }

  #pingLeft(): void {
    if (this.#pingedAt !== undefined) this.#pingedAt = this.#options.heartbeat.now
  }

  /** Whether the same message has been under way for longer than a frame may be. */
  #isUnfinished(now: number): boolean {
    if (this.#isIdle()) this.#unfinished = undefined
    else if (this.#unfinished?.messages !== this.#messages) this.#unfinished = { messages: this.#messages, since: now }
    return this.#unfinished !== undefined && now - this.#unfinished.since >= this.#options.frameTimeoutMs
  }

  #violated(code: CloseCode): void {
    if (this.#ended) return
    this.#options.onViolation?.(code)
    this.close(code)
  }

  /** `ws` has sent the close code of a violation itself by the time that it says so. */
  #failed(error: Error & { code?: string }): void {
    this.descriptor = -1
    if (this.#ended || !error.code?.startsWith('WS_ERR_')) return
    this.#ended = true
    if (error.code.endsWith('_LENGTH') && !error.code.includes('CONTROL')) this.#options.onViolation?.(1009)
    else this.#options.onViolation?.(error.code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS' ? 1008 : 1002)
  }

  #closed(): void {
    this.#ended = true
    this.#options.heartbeat.delete(this)
    this.listener?.onClose()
    this.listener = undefined
  }
}
