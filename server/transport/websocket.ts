// A WebSocket as a transport: each binary message is a piece of the stream, cut anywhere. It refuses text, and keeps the
// connection alive with pings. Messages that lie whole in what was read are found by ws-frame.ts; everything else -
// fragments, text, control frames, what breaks the protocol - is left to `ws`. The handshake is handshake.ts.
// Guarded by `npm run bench -- commands`: without the way past `ws` a get at depth 64 costs half as much again.
import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { type CloseCode, closeCodes } from '../../proto/status.ts'
import type { Heartbeat, HeartbeatMember } from '../connection/heartbeat.ts'
import { headroomBytes, type Transport, type TransportListener } from '../connection/transport.ts'
import { Progress } from './progress.ts'
import { type DescriptorHolder, descriptorOf, holdDescriptor, readShared, writeNow } from './socket.ts'
import {
  emptyPing,
  endOfPong,
  findMessage,
  largestShortMessage,
  type Span,
  unmask,
  withHeadroom,
  writeMessageHeader,
} from './ws-frame.ts'

/** Client pings between two beats of the heartbeat, about a second; more are a flood. */
const maxPings = 100

export interface WebSocketOptions {
  readonly peer: string
  readonly heartbeat: Heartbeat
  readonly pingIntervalMs: number
  readonly pingTimeoutMs: number
  readonly frameTimeoutMs: number
  /** Called with the close code whenever this transport, not its caller, closes the stream. */
  readonly onViolation?: (code: CloseCode) => void
}

/** The listener of `ws` for what its socket reads. */
type DataListener = (this: Duplex, chunk: Buffer) => void

/** What `ws` knows of a message that has begun; not in its types, so a test holds it. */
interface Receiver {
  readonly _bufferedBytes: number
  readonly _state: number
  readonly _fragmented: number
  readonly writable: boolean
}

/** By how much of the ping interval a connection pings earlier at the most: those that came together spread over it. */
const pingSpread = 0.4

/** Where the message found last has its payload: one object for all sockets. */
const payload: Span = { start: 0, end: 0 }

const sendOptions = { binary: true, compress: false, fin: true, mask: false }

export class WebSocketTransport implements Transport, HeartbeatMember, DescriptorHolder {
  readonly hasCloseCodes = true
  readonly peer: string
  listener: TransportListener | undefined
  /** Known while the WebSocket is open and nothing waits in its socket; whatever `ws` writes or reads may end that. */
  descriptor = -1
  heartbeatIndex = 0
  readonly #ws: WebSocket
  readonly #socket: Duplex
  readonly #options: WebSocketOptions
  readonly #progress: Progress
  readonly #receiver: Receiver
  readonly #wsListener: DataListener
  #ended = false
  #paused = false
  #messages = 0
  #pings = 0
  /** When the peer last sent something. */
  #heardAt: number
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
    this.#pingAfterMs = Math.floor(options.pingIntervalMs * (1 - pingSpread * Math.random()))
    this.#receiver = (ws as unknown as { _receiver: Receiver })._receiver
    const [listener] = socket.listeners('data')
    this.#wsListener = listener as DataListener
    socket.off('data', this.#wsListener)
    holdDescriptor(socket, this)
    readShared(socket, (bytes, start, end) => this.#read(bytes, start, end))
    ws.on('message', (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary))
    ws.on('ping', () => this.#onPing())
    ws.on('pong', () => this.#heard())
    ws.on('error', (error) => this.#onError(error))
    ws.on('close', () => this.#onClose())
    options.heartbeat.add(this)
  }

  get queuedBytes(): number {
    return this.descriptor >= 0 ? 0 : this.#socket.writableLength
  }

  write(bytes: Uint8Array, start: number, end: number, hasHeadroom: boolean): boolean {
    if (!hasHeadroom || end - start > largestShortMessage) {
      if (!this.#isOpen) return true
      this.descriptor = -1
      // In messages of bounded length, so that a client on a slow line sees that a long reply is on its way.
      for (let at = start; at < end; at += largestShortMessage) {
        this.#ws.send(bytes.subarray(at, Math.min(at + largestShortMessage, end)), sendOptions, this.#onWritten)
      }
      this.#wake()
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
    this.#socket.write(bytes.subarray(left, end), this.#onWritten)
    this.#wake()
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

  /** Pings a silent peer, and ends the stream for one that does not reply or a message that does not end. */
  beat(now: number): number {
    if (this.descriptor < 0 && this.#progress.moved()) this.listener?.onProgress()
    this.#pings = 0
    // Whatever a peer sends while nothing is read from it cannot show.
    if (this.#ended || this.#paused) return 0
    if (this.#isUnfinished(now)) this.#closeFor(4408)
    else if (this.#pingedAt !== undefined && now - this.#pingedAt >= this.#options.pingTimeoutMs) this.terminate()
    else if (this.#pingedAt === undefined && now - this.#heardAt >= this.#pingAfterMs) this.#ping()
    const isBusy = this.#unfinished !== undefined || this.#pingedAt !== undefined || this.queuedBytes > 0
    return isBusy ? 0 : this.#heardAt + this.#pingAfterMs
  }

  #wake(): void {
    this.#options.heartbeat.wake(this)
  }

  readonly #onWritten = (error?: Error | null): void => {
    if (!error) this.listener?.onProgress()
  }

  /** Reads the whole binary messages at the front of `bytes[start, end)`, and leaves the rest to `ws`. */
  #read(bytes: Buffer, start: number, end: number): void {
    // Once `ws` is not writable the closing handshake is over or the stream broken: the rest is dropped.
    while (start < end && this.#receiver.writable) {
      const isIdle = this.#isIdle()
      if (isIdle && findMessage(bytes, start, end, payload)) {
        const from = payload.start
        start = payload.end
        unmask(bytes, from, start)
        this.#heard()
        this.#messages++
        if (!this.#ended) this.listener?.onData(bytes, from, start)
        continue
      }
      const pongEnd = isIdle ? endOfPong(bytes, start, end) : 0
      if (pongEnd === 0) return this.#leaveToWs(bytes, start, end)
      start = pongEnd
      this.#heard()
    }
  }

  #leaveToWs(bytes: Buffer, start: number, end: number): void {
    this.#wsListener.call(this.#socket, Buffer.from(bytes.subarray(start, end)))
    this.descriptor = -1
    this.#wake()
  }

  /** Whether `ws` is not in the middle of a message. */
  #isIdle(): boolean {
    const { _bufferedBytes, _state, _fragmented } = this.#receiver
    return _bufferedBytes === 0 && _state === 0 && _fragmented === 0
  }

  /** A message that `ws` has read. */
  #onMessage(data: Buffer, isBinary: boolean): void {
    this.#heard()
    this.#messages++
    if (this.#ended) return
    if (isBinary) this.listener?.onData(data, 0, data.length)
    else this.#closeFor(1003)
  }

  #heard(): void {
    this.#heardAt = this.#options.heartbeat.now
    this.#pingedAt = undefined
  }

  /** `ws` has written a pong by now. */
  #onPing(): void {
    this.descriptor = -1
    this.#heard()
    this.#pings++
    if (this.#pings > maxPings) this.#closeFor(1008)
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

  /** Whether one message has been coming for longer than a frame may take. */
  #isUnfinished(now: number): boolean {
    if (this.#isIdle()) this.#unfinished = undefined
    else if (this.#unfinished?.messages !== this.#messages) this.#unfinished = { messages: this.#messages, since: now }
    return this.#unfinished !== undefined && now - this.#unfinished.since >= this.#options.frameTimeoutMs
  }

  #closeFor(code: CloseCode): void {
    if (this.#ended) return
    this.#options.onViolation?.(code)
    this.close(code)
  }

  /** `ws` has sent the close code of a violation itself by the time that it says so. */
  #onError(error: Error & { code?: string }): void {
    this.descriptor = -1
    if (this.#ended || !error.code?.startsWith('WS_ERR_')) return
    this.#ended = true
    if (error.code.endsWith('_LENGTH') && !error.code.includes('CONTROL')) this.#options.onViolation?.(1009)
    else this.#options.onViolation?.(error.code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS' ? 1008 : 1002)
  }

  #onClose(): void {
    this.#ended = true
    this.#options.heartbeat.delete(this)
    this.listener?.onClose()
    this.listener = undefined
  }
}
