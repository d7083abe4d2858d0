// One WebSocket as a stream of frames: requests of one microtask leave as one message, responses come out one by one,
// compressed frames included, all in order. It knows nothing of ids, time limits or reconnecting.
import { decode, Writer } from '../../proto/compact.ts'
import { FrameDecoder, frame, headerBytes } from '../../proto/frame.ts'
import { compressAboveBytes } from '../../proto/limits.ts'
import { StreamError } from '../../proto/status.ts'
import { concatenate, gunzip, gzip } from './gzip.ts'
import type { Response } from './messages.ts'
import type { Call } from './pending.ts'
import type { WebSocketClass, WebSocketLike } from './types.ts'

/** The code of a stream that ended without one. */
export const lostCode = 1006
/** A message is sent once it has this much, so that the gateway starts while the rest is still being written. */
const messageBytes = 0x3_0000
/** The gateway's default for a reply, 16 MiB, and room for what surrounds it. */
const maxReplyBytes = 0x101_0000
/** How long a peer may take to agree to a close before it is left alone, in milliseconds. */
const closeTimeoutMs = 2_000

/** What a platform does faster than the codec, with the same bytes. */
export interface Shortcut {
  /** Appends the frame of a call and answers the length of its payload; 0: the codec has to. */
  write(writer: Writer, call: Call): number
  /** Reads a response, which is valid until the next; undefined: the codec has to. */
  read(bytes: Uint8Array, start: number, end: number): Response | undefined
}

export interface SocketListener {
  onOpen(): void
  onResponse(response: Response): void
  /** The stream is over; called once, last. */
  onClose(code: number, reason: string): void
}

export class Socket {
  /** When bytes last came in, on the clock of `performance.now()`. */
  lastInputAt = performance.now()
  /** Bytes that were given to the WebSocket since. */
  unansweredBytes = 0

  readonly #webSocket: WebSocketLike
  readonly #listener: SocketListener
  readonly #compress: boolean
  readonly #shortcut: Shortcut | undefined
  readonly #writer = new Writer()
  readonly #frames = new FrameDecoder(maxReplyBytes)
  #scheduled = false
  /** What goes before the writer's bytes in the next message: frames that are still being compressed among it. */
  #parts: (Uint8Array | Promise<Uint8Array>)[] = []
  /** Messages that wait for compression, and the promise that the last of them has left. */
  #compressing = 0
  #sent: Promise<void> = Promise.resolve()
  /** Frames in order that wait for inflation, and the promise that the last of them is delivered. */
  #inflating = 0
  #delivered: Promise<void> = Promise.resolve()
  #failure = ''
  #closed = false

  /** Throws what the constructor of a WebSocket throws on a bad URL. */
  constructor(
    WebSocket: WebSocketClass,
    url: string,
    compress: boolean,
    listener: SocketListener,
    shortcut: Shortcut | undefined,
  ) {
    this.#listener = listener
    this.#shortcut = shortcut
    this.#compress = compress
    this.#webSocket = new WebSocket(url)
    this.#webSocket.binaryType = 'arraybuffer'
    this.#webSocket.addEventListener('open', () => {
      if (!this.#closed) listener.onOpen()
    })
    this.#webSocket.addEventListener('message', ({ data }) => this.#onMessage(data))
    // Only some platforms say what went wrong, and none of them in the close event.
    this.#webSocket.addEventListener('error', ({ message }) => {
      this.#failure = message ?? ''
    })
    this.#webSocket.addEventListener('close', ({ code, reason }) => {
      const over = () => this.#over(code, reason || this.#failure)
      if (this.#inflating === 0) over()
      else void this.#delivered.then(over)
    })
  }

  /** Adds a request to the next message and answers the length of its payload; a longer one than `maxBytes` is not added. */
  send(call: Call, maxBytes: number, ageMs: number, compressible = true): number {
    const writer = this.#writer
    const start = writer.length
    const length =
      (ageMs === 0 && this.#shortcut?.write(writer, call)) ||
      writer.frame('CommandRequest', call.command.request, call.id, call.mutation, ageMs)
    if (length > maxBytes) writer.length = start
    else this.#added(start, length, compressible)
    return length
  }

  #added(start: number, length: number, compressible: boolean): void {
    if (this.#compress && compressible && length > compressAboveBytes) this.#compressFrom(start)
    if (this.#writer.length >= messageBytes) this.#flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      queueMicrotask(this.#onMicrotask)
    }
  }

  readonly #onMicrotask = (): void => {
    this.#scheduled = false
    this.#flush()
  }

  /** Replaces the frame at the writer's end by a part that is compressed meanwhile. */
  #compressFrom(start: number): void {
    const whole = this.#writer.copy(start)
    this.#writer.length = start
    if (start > 0) this.#parts.push(this.#writer.copy())
    this.#writer.clear()
    this.#parts.push(compressed(whole))
  }

  #flush(): void {
    const writer = this.#writer
    if (this.#compressing === 0 && this.#parts.length === 0) {
      // The socket has copied the bytes when send returns, so the writer can be used again.
      if (writer.length > 0) this.#give(writer.bytes.subarray(0, writer.length))
      writer.clear()
      return
    }
    const parts = Promise.all([...this.#parts, writer.copy()])
    this.#parts = []
    writer.clear()
    this.#compressing++
    this.#sent = Promise.all([parts, this.#sent]).then(([bytes]) => {
      this.#compressing--
      this.#give(concatenate(bytes))
    })
  }

  #give(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#closed) return
    this.unansweredBytes += bytes.length
    try {
      this.#webSocket.send(bytes)
    } catch (error) {
      // Not within the call that sends.
      queueMicrotask(() => this.#fail(error))
    }
  }

  #onMessage(data: unknown): void {
    if (this.#closed) return
    this.lastInputAt = performance.now()
    this.unansweredBytes = 0
    try {
      if (typeof data === 'string') throw new StreamError(1003, 'a text message')
      const frames = this.#frames
      frames.push(new Uint8Array(data as ArrayBuffer))
      while (!this.#closed && frames.next()) {
        if (frames.gzip || this.#inflating > 0) this.#inflate(frames)
        else {
          const { bytes, start, end } = frames
          const response = this.#shortcut?.read(bytes, start, end) ?? decode('CommandResponse', bytes, start, end)
          this.#listener.onResponse(response)
        }
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Queues a frame behind those that are being inflated. */
  #inflate({ bytes, start, end, gzip }: FrameDecoder): void {
    const payload = new Uint8Array(bytes.subarray(start, end))
    const inflated = gzip ? gunzip(payload, maxReplyBytes) : payload
    this.#inflating++
    this.#delivered = Promise.all([inflated, this.#delivered]).then(
      ([bytes]) => {
        this.#inflating--
        if (this.#closed) return
        try {
          this.#listener.onResponse(decode('CommandResponse', bytes))
        } catch (error) {
          this.#fail(error)
        }
      },
      (error) => this.#fail(error),
    )
  }

  /** The gateway broke the protocol or, with any other error, the platform or the SDK failed. */
  #fail(error: unknown): void {
    this.end(error instanceof StreamError ? error.code : 1011, (error as Error).message)
  }

  /** Ends the stream from this side, and tells the listener at once. */
  end(code: number, reason: string): void {
    this.#over(code, reason)
    void this.close(code)
  }

  #over(code: number, reason: string): void {
    if (this.#closed) return
    this.#closed = true
    this.#listener.onClose(code, reason)
  }

  /** Ends the stream from this side without telling the listener; settles when the peer has agreed or never will. */
  close(code = 1000): Promise<void> {
    this.#closed = true
    return new Promise((resolve) => {
      const webSocket = this.#webSocket
      const closed = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        webSocket.terminate?.()
        resolve()
      }, closeTimeoutMs)
      webSocket.addEventListener('close', closed)
      if (webSocket.readyState === 3) closed()
      // A page may only give codes of its own. Nobody is to blame for a connection that is given up.
      else webSocket.close(code >= 3000 ? code : (code % lostCode) % 1000 ? 4400 : 1000)
    })
  }
}

/** The frame with its payload compressed, or as it is where that is not shorter. */
async function compressed(whole: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const payload = await gzip(whole.slice(headerBytes))
  return payload && payload.length < whole.length - headerBytes ? frame(payload, true) : whole
}
