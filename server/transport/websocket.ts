// A WebSocket as a transport: each binary message is a piece of the stream, cut anywhere. It refuses text, and keeps
// the line alive with pings. The upgrade, and who may ask for it, is server/http/upgrade.ts.
import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { type CloseCode, closeCodes } from '../../proto/status.ts'
import type { Beating, Heartbeat } from '../connection/heartbeat.ts'
import type { Transport, TransportListener } from '../connection/transport.ts'
import { closeTimeoutMs } from './duplex.ts'
import { Progress } from './progress.ts'

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

/** What `ws` knows of a message that has begun; not in its types, so a test holds it. */
interface Receiver {
  readonly _bufferedBytes: number
  readonly _state: number
  readonly _fragmented: number
}

/**
 * An unmasked binary message (RFC 6455, section 5.2), its header written in front of the payload, past `ws`, which
 * writes two pieces: a fifth less time until the last of 10,000 watchers has a change (`npm run bench -- fanout`).
 */
function messageAround(payload: Uint8Array): Buffer {
  const { buffer, byteOffset, length } = payload
  const head = length < 126 ? 2 : 4
  const message = Buffer.from(buffer, byteOffset - head, head + length)
  message[0] = 0x82
  message[1] = Math.min(length, 126)
  if (head === 4) {
    message[2] = length >>> 8
    message[3] = length
  }
  return message
}

const sendOptions = { binary: true, compress: false, fin: true, mask: false }

export class WebSocketTransport implements Transport, Beating {
  readonly kind = 'ws'
  readonly peer: string
  listener: TransportListener | undefined
  readonly #ws: WebSocket
  readonly #socket: Duplex
  readonly #options: WebSocketOptions
  readonly #progress: Progress
  #ended = false
  #paused = false
  #messages = 0
  #pings = 0
  #heardAt: number
  #pingedAt: number | undefined
  #unfinished: { messages: number; since: number } | undefined

  constructor(ws: WebSocket, socket: Duplex, options: WebSocketOptions) {
    this.peer = options.peer
    this.#ws = ws
    this.#socket = socket
    this.#options = options
    this.#progress = new Progress(socket)
    this.#heardAt = options.heartbeat.now
    ws.on('message', (data: Buffer, isBinary: boolean) => this.#message(data, isBinary))
    ws.on('ping', () => this.#pinged())
    ws.on('pong', () => this.#heard())
    ws.on('error', (error) => this.#failed(error))
    ws.on('close', () => this.#closed())
    options.heartbeat.add(this)
  }

  get queuedBytes(): number {
    return this.#socket.writableLength
  }

  write(bytes: Uint8Array, hasHeadroom?: boolean): void {
    if (this.#ended || this.#ws.readyState !== WebSocket.OPEN) return
    if (hasHeadroom && bytes.length < 65_536) this.#socket.write(messageAround(bytes), this.#written)
    else this.#ws.send(bytes, sendOptions, this.#written)
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
    this.#ws.close(code, closeCodes[code].reason)
    // The peer's half of the closing handshake shows only to a stream that is read.
    this.#ws.resume()
  }

  terminate(): void {
    this.#ended = true
    this.#ws.terminate()
  }

  /** Pings a silent peer, gives up on one that does not answer, and on a message that does not end. */
  beat(now: number): void {
    if (this.#progress.moved()) this.listener?.onProgress()
    this.#pings = 0
    // Nothing can be held against a peer that we do not read from.
    if (this.#ended || this.#paused) return
    if (this.#isUnfinished(now)) this.#violated(4408)
    else if (this.#pingedAt !== undefined && now - this.#pingedAt >= this.#options.pingTimeoutMs) this.terminate()
    else if (this.#pingedAt === undefined && now - this.#heardAt >= this.#options.pingIntervalMs) this.#ping()
  }

  readonly #written = (error?: Error | null): void => {
    if (!error) this.listener?.onProgress()
  }

  #message(data: Buffer, isBinary: boolean): void {
    this.#heard()
    this.#messages++
    if (this.#ended) return
    if (isBinary) this.listener?.onData(data)
    else this.#violated(1003)
  }

  #heard(): void {
    this.#heardAt = this.#options.heartbeat.now
    this.#pingedAt = undefined
  }

  #pinged(): void {
    this.#heard()
    this.#pings++
    if (this.#pings > maxPings) this.#violated(1008)
  }

  /** Its time runs from when the ping has left: behind a long queue it is not late. */
  #ping(): void {
    this.#pingedAt = Number.POSITIVE_INFINITY
    this.#ws.ping(undefined, false, () => {
      if (this.#pingedAt !== undefined) this.#pingedAt = this.#options.heartbeat.now
    })
  }

  /** Whether the same message has been under way for longer than a frame may be. */
  #isUnfinished(now: number): boolean {
    const { _bufferedBytes, _state, _fragmented } = (this.#ws as unknown as { _receiver: Receiver })._receiver
    if (_bufferedBytes === 0 && _state === 0 && _fragmented === 0) this.#unfinished = undefined
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
