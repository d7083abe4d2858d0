// Raw conversations with a gateway: bytes in, frames out, over WebSocket, TCP or an in-memory pair. Messages are
// encoded and decoded by protobufjs's reflection from kv.proto, apart from the code under test.
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { WebSocket } from 'ws'
import { whenOver } from './cleanup.ts'
import { type Queue, queue } from './queue.ts'

const root = new protobuf.Root().loadSync('proto/kv.proto')
const requestType = root.lookupType('abi.CommandRequest')
const responseType = root.lookupType('abi.CommandResponse')

// biome-ignore lint/suspicious/noExplicitAny: messages are plain objects whose fields a test names.
export type Plain = any

/** A frame around a payload. */
export function framed(payload: Uint8Array, gzip = false): Buffer {
  const bytes = Buffer.alloc(4 + payload.length)
  bytes.writeUInt32BE((payload.length | (gzip ? 0x80000000 : 0)) >>> 0)
  bytes.set(payload, 4)
  return bytes
}

/** A request as a frame: `request({ hget: { table: 't', key: 'k' }, id: 1 })`. */
export function request(message: Plain): Buffer {
  return framed(requestType.encode(requestType.fromObject(message)).finish())
}

/** A frame's message, inflated, with its 64-bit fields as strings; oneof members by name. */
export function response(bytes: Uint8Array): Plain {
  const gzip = bytes[0]! >= 0x80
  const payload = gzip ? gunzipSync(bytes.subarray(4)) : bytes.subarray(4)
  return responseType.toObject(responseType.decode(payload), { longs: String, bytes: String, enums: Number })
}

export interface Wire {
  send(bytes: Uint8Array): void
  /** The next whole frame, header included, as it came. */
  nextFrame(withinMs?: number): Promise<Buffer>
  /** The next frame's message. */
  next(withinMs?: number): Promise<Plain>
  /** Sends a request and returns the next message. */
  ask(message: Plain): Promise<Plain>
  /** Settles when the stream is over; `code` is the WebSocket's close code, undefined elsewhere. */
  readonly closed: Promise<{ code: number | undefined; reason: string }>
  /** Stops and starts reading. */
  pause(): void
  resume(): void
  /** Ends our side. */
  end(): void
  readonly frames: Queue<Buffer>
}

/** Opens a connection of the given kind to what a test started. */
export const dial = {
  async ws(url: string, options: object = {}): Promise<Wire> {
    const socket = new WebSocket(url, options)
    whenOver(() => socket.terminate())
    const splitter = new Splitter()
    socket.on('message', (data: Buffer) => splitter.push(data))
    const closed = once(socket, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }))
    closed.catch(() => {}) // The line below reports a refused upgrade.
    await once(socket, 'open')
    return wire(splitter, closed, {
      send: (bytes) => socket.send(bytes),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      end: () => socket.close(),
    })
  },

  async tcp(port: number): Promise<Wire> {
    const socket = connectTcp({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    await once(socket, 'connect')
    return dial.duplex(socket)
  },

  duplex(socket: Duplex): Wire {
    whenOver(() => socket.destroy())
    const splitter = new Splitter()
    socket.on('data', (data: Buffer) => splitter.push(data))
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    const closed = once(socket, 'close').then(() => ({ code: undefined, reason: '' }))
    return wire(splitter, closed, {
      send: (bytes) => socket.write(bytes),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      end: () => socket.end(),
    })
  },
}

type Ends = Pick<Wire, 'send' | 'pause' | 'resume' | 'end'>

function wire(splitter: Splitter, closed: Wire['closed'], ends: Ends): Wire {
  const nextFrame = (withinMs?: number) => splitter.frames.next(withinMs)
  const next = async (withinMs?: number) => response(await nextFrame(withinMs))
  return {
    ...ends,
    nextFrame,
    next,
    ask: (message) => {
      ends.send(request(message))
      return next()
    },
    closed,
    frames: splitter.frames,
  }
}

/** Cuts bytes into frames the plain way. */
class Splitter {
  readonly frames = queue<Buffer>('frame')
  #bytes: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    for (;;) {
      if (this.#bytes.length < 4) return
      const end = 4 + (this.#bytes.readUInt32BE() & 0x7fffffff)
      if (this.#bytes.length < end) return
      this.frames.push(this.#bytes.subarray(0, end))
      this.#bytes = this.#bytes.subarray(end)
    }
  }
}
