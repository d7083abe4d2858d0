// One connection of a load, as cheap as one can be in Node: its requests are encoded and masked beforehand and only the
// digits of their keys change; it reads into one buffer that all share, and writes to the socket's descriptor, because
// streams, events and a buffer for each chunk would be more than half of what a request costs here. Every reply is
// checked: its status, and that the value is its key's. It decides neither when to send nor what a latency is.
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { encode } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'
import { viewOf } from '../../server/store/copy.ts'
import { descriptorOf, writeNow } from '../../server/transport/socket.ts'
import { messageBytes, messageStart, openWire } from './wire.ts'
import { digits, keyOf, keyPrefix, type Operation, table, valueOf } from './workload.ts'

export interface RequesterOptions {
  readonly port: number
  readonly depth: number
  readonly operation: Operation
  readonly keys: number
  readonly valueBytes: number
  /** For a control that answers bytes of its own: replies are counted by this size and not looked into. */
  readonly replyBytes?: number
}

function requestFor(operation: Operation, index: number, valueBytes: number): Uint8Array {
  const key = keyOf(index)
  if (operation === 'hget') return frame(encode('CommandRequest', { hget: { table, key } }))
  const pair = { key, value: { binary: valueOf(index, valueBytes) } }
  return frame(encode('CommandRequest', { hset: { table, pair } }))
}

/** The four digits of each number below 10,000, as the word that their bytes are: a key's number is three of them. */
const perQuad = 10_000
const quads = Int32Array.from({ length: perQuad }, (_, number) =>
  Buffer.from(String(number).padStart(4, '0')).readInt32LE(),
)

/** A message of `depth` requests, masked, in which each request's key can be changed in place. */
class Message {
  readonly bytes: Buffer
  /** For each request the last eight digits of its key, in two words. */
  readonly quads: Int32Array
  readonly #data: DataView
  /** The mask as a word, for a place whose distance from the payload's begin leaves this over four. */
  readonly #masks: Int32Array
  /** Where the last eight digits of each request's key are: in the key, and for a set also in the value. */
  readonly #places: number[][] = []
  readonly #start: number

  constructor({ operation, depth, valueBytes, keys }: RequesterOptions) {
    if (keys > perQuad * perQuad) throw new Error(`a load knows ${perQuad * perQuad} keys, not ${keys}`)
    const mask = randomBytes(4)
    const one = Buffer.from(requestFor(operation, 0, valueBytes))
    const payload = Buffer.concat(Array.from({ length: depth }, () => one))
    const long = payload.length > 125
    const header = Buffer.alloc(long ? 8 : 6)
    header[0] = 0x82
    header[1] = 0x80 | (long ? 126 : payload.length)
    if (long) header.writeUInt16BE(payload.length, 2)
    mask.copy(header, header.length - 4)
    this.#start = header.length
    this.bytes = Buffer.concat([header, payload])
    this.#data = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    for (let at = 0; at < payload.length; at++) this.bytes[this.#start + at]! ^= mask[at & 3]!
    this.#masks = Int32Array.from([0, 1, 2, 3], (by) =>
      Buffer.from([0, 1, 2, 3].map((at) => mask[(at + by) & 3]!)).readInt32LE(),
    )
    this.quads = new Int32Array(2 * depth)
    for (let request = 0; request < depth; request++) {
      const places: number[] = []
      for (let at = one.indexOf(keyOf(0)); at >= 0; at = one.indexOf(keyOf(0), at + 1)) {
        places.push(request * one.length + at + keyPrefix.length + digits - 8)
      }
      this.#places.push(places)
    }
  }

  /** Chooses the key of each request at random. */
  pick(keys: number): void {
    for (let request = 0; request < this.#places.length; request++) {
      const index = random(keys)
      const upper = (index / perQuad) | 0
      const high = quads[upper]!
      const low = quads[index - upper * perQuad]!
      this.quads[2 * request] = high
      this.quads[2 * request + 1] = low
      for (const place of this.#places[request]!) {
        const mask = this.#masks[place & 3]!
        this.#data.setInt32(this.#start + place, high ^ mask, true)
        this.#data.setInt32(this.#start + place + 4, low ^ mask, true)
      }
    }
  }
}

let state = 0x9e3779b9
/** xorshift32: Math.random would cost as much as a request. */
function random(below: number): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) % below
}

/** What every reply begins with, behind the frame's header: status, the value's tags and lengths, all but 8 digits of the key. */
function replyStart(valueBytes: number): Buffer {
  const reply = { status: 200, values: [{ binary: valueOf(0, valueBytes) }] }
  const bytes = Buffer.from(encode('CommandResponse', reply))
  return bytes.subarray(0, bytes.indexOf(keyOf(0)) + keyPrefix.length + digits - 8)
}

export class Requester {
  /** Replies that were not what they should have been. */
  wrong = 0
  readonly #socket: Socket
  readonly #fd: number
  readonly #options: RequesterOptions
  readonly #onReplies: (count: number, isLast: boolean) => void
  readonly #message: Message
  /** What every reply begins with, and that as words, the last of which may lie over the one before. */
  readonly #start: Buffer
  readonly #startWords: Int32Array
  /** The part of a reply, or of a header, that came at the end of the last chunk. */
  #held: Buffer | undefined
  /** Bytes of the WebSocket message that have not come yet. */
  #left = 0
  #next = 0

  /** Opens one. `onReplies` hears of the replies that came at once, and whether they were the last of what was sent. */
  static async open(
    options: RequesterOptions,
    onReplies: (count: number, isLast: boolean) => void,
  ): Promise<Requester> {
    const wire = await openWire(options.port)
    const requester = new Requester(wire.socket, options, onReplies)
    wire.onChunk = (chunk) => requester.#read(chunk)
    return requester
  }

  private constructor(socket: Socket, options: RequesterOptions, onReplies: (count: number, isLast: boolean) => void) {
    this.#socket = socket
    this.#fd = descriptorOf(socket)
    this.#options = options
    this.#onReplies = onReplies
    this.#message = new Message(options)
    const start = replyStart(options.valueBytes)
    this.#start = start
    this.#startWords = Int32Array.from({ length: Math.ceil(start.length / 4) }, (_, word) =>
      start.readInt32LE(Math.min(4 * word, start.length - 4)),
    )
    socket.once('close', () => {
      throw new Error('the server closed a connection')
    })
  }

  close(): void {
    this.#socket.removeAllListeners('close').destroy()
  }

  /** Sends `depth` requests for keys at random; not before all of the last ones were answered. */
  send(): void {
    this.#message.pick(this.#options.keys)
    this.#next = 0
    const { bytes } = this.#message
    const written = this.#fd < 0 || this.#socket.writableLength > 0 ? 0 : writeNow(this.#fd, bytes, 0, bytes.length)
    if (written < bytes.length) this.#socket.write(Buffer.from(bytes.subarray(written)))
  }

  /** Takes a chunk, whose bytes are there until it returns. */
  #read(chunk: Buffer): void {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk])
    let at = 0
    const before = this.#next
    for (;;) {
      if (this.#left === 0) {
        const body = messageStart(bytes, at)
        if (body < 0) break
        this.#left = messageBytes(bytes, at)
        at = body
      }
      const used = this.#options.replyBytes === undefined ? this.#reply(bytes, at) : this.#control(bytes, at)
      if (used === 0) break
      at += used
      this.#left -= used
    }
    this.#held = at === bytes.length ? undefined : Buffer.from(bytes.subarray(at))
    const count = this.#next - before
    if (count > 0) this.#onReplies(count, this.#next === this.#options.depth)
  }

  #control(bytes: Buffer, at: number): number {
    const size = this.#options.replyBytes!
    if (at + size > bytes.length) return 0
    this.#next++
    return size
  }

  /** Checks one reply and answers its length, 0 where it is not whole. */
  #reply(bytes: Buffer, at: number): number {
    if (at + 4 > bytes.length) return 0
    const end = at + 4 + (((bytes[at + 2]! << 8) | bytes[at + 3]!) + (bytes[at + 1]! << 16))
    if (end > bytes.length) return 0
    const data = viewOf(bytes)
    const first = at + 4 + this.#start.length
    const { quads } = this.#message
    const isRight =
      first + 8 <= end &&
      data.getInt32(first, true) === quads[2 * this.#next] &&
      data.getInt32(first + 4, true) === quads[2 * this.#next + 1]
    const words = this.#startWords
    let wrong = isRight ? 0 : 1
    for (let word = 0, place = at + 4; word < words.length; word++, place += 4) {
      wrong |= data.getInt32(Math.min(place, first - 4), true) ^ words[word]!
    }
    if (wrong !== 0) this.wrong++
    this.#next++
    return end - at
  }
}
