// A raw WebSocket client for loads of many connections: opened by hand, as cheap as one can be, and with what a bench
// needs of Kvass on top: a hello, watches, and pongs. It measures nothing itself.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { decode, encode, type Message } from '../../proto/compact.ts'
import { FrameDecoder, frame } from '../../proto/frame.ts'

/** Bytes of header and mask before a message's content: with 64-bit lengths, so that it is known beforehand. */
export const messageHeadBytes = 14
/** An address of loopback has about 28,000 ports for connections to one server; the last ones take long to find. */
const perAddress = 10_000
const maxReplyBytes = 1 << 25

const binary = 0x82
const pong = 0x8a

/**
 * Writes the header of a message that lies from `messageHeadBytes` to `end`, masked with `key`, before it. Returns where
 * the message begins.
 */
export function writeHead(bytes: Buffer, end: number, key: number, first = binary): number {
  const length = end - messageHeadBytes
  const headAt = length < 126 ? 8 : length < 65_536 ? 6 : 0
  bytes[headAt] = first
  bytes[headAt + 1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127)
  if (headAt === 6) bytes.writeUInt16BE(length, 8)
  if (headAt === 0) bytes.writeBigUInt64BE(BigInt(length), 2)
  bytes.writeInt32LE(key | 0, 10)
  return headAt
}

/** Masks `bytes` from `messageHeadBytes` to `end`, and writes the header before it. Returns where the message begins. */
function mask(bytes: Buffer, end: number, first = binary): number {
  const key = (Math.random() * 2 ** 32) >>> 0
  const headAt = writeHead(bytes, end, key, first)
  let at = messageHeadBytes
  // By words where they are aligned: 14 and 2 make 16.
  for (; at < end && (bytes.byteOffset + at) % 4 !== 0; at++) bytes[at]! ^= key >>> (8 * ((at - messageHeadBytes) % 4))
  const turn = 8 * ((at - messageHeadBytes) % 4)
  const word = turn === 0 ? key : (key >>> turn) | (key << (32 - turn))
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at - ((bytes.byteOffset + at) % 4), (end - at) >> 2)
  for (let index = 0; index < words.length; index++) words[index]! ^= word
  for (at += 4 * words.length; at < end; at++) bytes[at]! ^= key >>> (8 * ((at - messageHeadBytes) % 4))
  return headAt
}

/** A message with its content, masked. */
export function message(content: Uint8Array, first = binary): Buffer {
  const bytes = Buffer.allocUnsafeSlow(messageHeadBytes + content.length)
  bytes.set(content, messageHeadBytes)
  return bytes.subarray(mask(bytes, bytes.length, first))
}

export function requestFrame(request: Message): Uint8Array {
  return frame(encode('CommandRequest', request))
}

/** All connections read into it, one after the other: a buffer for each chunk would cost more than what is done with it. */
const shared = Buffer.allocUnsafeSlow(1 << 16)

/** A TCP connection whose chunks are there until `onChunk` returns. */
export interface Wire {
  readonly socket: Socket
  onChunk: (chunk: Buffer) => void
}

const opened = new Set<Socket>()

/** Ends all connections at once and without goodbye: their ports are free at once too. */
export function resetAll(): void {
  for (const socket of opened) socket.removeAllListeners('close').resetAndDestroy()
  opened.clear()
}

/** Opens a TCP connection. `number`, from 0, chooses the local address. */
export async function openTcp(port: number, number = 0): Promise<Wire> {
  const callback = (length: number): boolean => {
    wire.onChunk(shared.subarray(0, length))
    return true
  }
  // Without one the system finds a port faster.
  const localAddress = number < perAddress ? undefined : `127.0.0.${1 + Math.floor(number / perAddress)}`
  const onread = { buffer: shared, callback }
  const wire: Wire = {
    socket: connect({ port, host: '127.0.0.1', localAddress, noDelay: true, onread }),
    onChunk: () => {},
  }
  await once(wire.socket, 'connect')
  opened.add(wire.socket)
  return wire
}

/** Opens a WebSocket. */
export async function openSocket(port: number, number = 0): Promise<Wire> {
  const wire = await openTcp(port, number)
  const head = `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
  const key = randomBytes(16).toString('base64')
  wire.socket.write(`${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`)
  const response = await new Promise<string>((resolve, reject) => {
    wire.onChunk = (chunk) => resolve(chunk.toString('latin1'))
    wire.socket.once('close', () => reject(new Error('the server closed a connection before it was upgraded')))
  })
  wire.socket.removeAllListeners('close')
  if (!response.includes(' 101 ')) throw new Error(`the upgrade was refused: ${response.slice(0, 80)}`)
  return wire
}

/** Takes what comes in on a WebSocket apart: the content of messages is passed on as it comes, and pings get their pongs. */
export class Receiver {
  readonly #socket: Socket
  readonly #onContent: (bytes: Buffer) => void
  readonly #onChunkEnd: () => void
  readonly #head = Buffer.alloc(10)
  #headLength = 0
  #left = 0
  #control = 0
  #controlContent: Buffer = Buffer.alloc(0)

  /** `onChunkEnd` is called when all that came in at once has been handed on. */
  constructor(wire: Wire, onContent: (bytes: Buffer) => void, onChunkEnd = () => {}) {
    this.#socket = wire.socket
    this.#onContent = onContent
    this.#onChunkEnd = onChunkEnd
    wire.onChunk = (chunk) => this.#push(chunk)
  }

  #push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left === 0) {
        this.#head[this.#headLength++] = chunk[at++]!
        if (this.#headLength >= 2) this.#begin()
        continue
      }
      const end = Math.min(chunk.length, at + this.#left)
      const part = at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end)
      this.#left -= end - at
      at = end
      if (this.#control === 0) this.#onContent(part)
      else {
        this.#controlContent = Buffer.concat([this.#controlContent, part])
        if (this.#left === 0) this.#controlled()
      }
    }
    this.#onChunkEnd()
  }

  /** Begins a message once its header is whole. */
  #begin(): void {
    const short = this.#head[1]!
    const wide = short === 126 ? 4 : short === 127 ? 10 : 2
    if (this.#headLength < wide) return
    this.#headLength = 0
    this.#left = wide === 2 ? short : wide === 4 ? this.#head.readUInt16BE(2) : this.#head.readUIntBE(4, 6)
    const opcode = this.#head[0]! & 15
    this.#control = opcode >= 8 ? opcode : 0
    if (this.#control > 0 && this.#left === 0) this.#controlled()
  }

  #controlled(): void {
    const content = this.#controlContent
    this.#controlContent = Buffer.alloc(0)
    if (this.#control === 9) this.#socket.write(message(content, pong))
    if (this.#control === 8) {
      throw new Error(`the server closed with ${content.length >= 2 ? content.readUInt16BE() : 'no code'}`)
    }
  }
}

/** Cuts the messages of a WebSocket into the payloads of frames: `onFrame(bytes, start, end, gzip)`. */
export function receiveFrames(
  wire: Wire,
  onFrame: (bytes: Uint8Array, start: number, end: number, gzip: boolean) => void,
  onChunkEnd?: () => void,
): void {
  const decoder = new FrameDecoder(maxReplyBytes)
  const onContent = (content: Buffer) => {
    decoder.push(content)
    while (decoder.next()) onFrame(decoder.bytes, decoder.start, decoder.end, decoder.gzip)
  }
  new Receiver(wire, onContent, onChunkEnd)
}

interface Watched {
  readonly table: string
  readonly since?: number
  readonly epoch?: string
}

export interface Resumed {
  readonly socket: Socket
  readonly epoch: string
  /** Of the last watch that was synced. */
  readonly revision: number
  /** What the watches had told until they were synced. */
  readonly changes: readonly Message[]
}

const synced = 3

/** What a client says first, in one message: a hello, and its watches. */
export function greeting(watches: readonly Watched[]): Uint8Array {
  const requests = [
    { hello: { version: 1, client: 'bench' }, id: 1 },
    ...watches.map((watch, index) => ({ watch, id: index + 2 })),
  ]
  return Buffer.concat(requests.map(requestFrame))
}

/**
 * Opens a connection and says hello; settles when the welcome is there and every watch is synced. Checks each reply until
 * then, and looks at none after: of many that idle that would be work on the core of the load that is measured.
 */
export async function openWatcher(port: number, number: number, watches: readonly Watched[]): Promise<Resumed> {
  const wire = await openSocket(port, number)
  const { socket } = wire
  return await new Promise((resolve, reject) => {
    let epoch = ''
    let revision = 0
    let left = watches.length
    let isOpen = false
    const changes: Message[] = []
    socket.once('close', () => reject(new Error('the server closed a connection')))
    receiveFrames(wire, (bytes, start, end, gzip) => {
      if (isOpen) return
      const payload = bytes.subarray(start, end)
      const reply = decode('CommandResponse', gzip ? gunzipSync(payload) : payload)
      if (reply.status !== 200) return reject(new Error(`${reply.status} ${reply.message}`))
      if (reply.id === 1) epoch = reply.welcome.epoch
      if (reply.changes !== undefined && left > 0) changes.push(...reply.changes)
      if (reply.phase === synced) {
        revision = reply.revision ?? 0
        left--
      }
      if (epoch === '' || left > 0) return
      isOpen = true
      resolve({ socket, epoch, revision, changes })
    })
    socket.write(message(greeting(watches)))
  })
}

/** Calls `task` for 0 to `count - 1`, so many at a time. */
export async function inWindow(count: number, window: number, task: (number: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await task(next++)
  }
  await Promise.all(Array.from({ length: Math.min(window, count) }, worker))
}
