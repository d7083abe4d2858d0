// One connection of a load, as cheap as one can be in Node: its requests are encoded and masked beforehand and only the
// digits of their keys change; it reads into one buffer that all share, and writes to the socket's descriptor, because
// streams, events and a buffer for each chunk would be more than half of what a request costs here. Every reply is
// checked: its status, and that the value is its key's. It decides neither when to send nor what a latency is.
import { randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import { encode } from '../../proto/compact.ts'
import { headerBytes } from '../../proto/frame.ts'
import { viewOf, viewOn } from '../../server/store/bytes/copy.ts'
import { descriptorOf, writeNow } from '../../server/transport/socket.ts'
import { messageHeadBytes, requestFrame, writeHead } from './client.ts'
import { perQuad, quads } from './quads.ts'
import { messageBytes, messageStart, openWire } from './wire.ts'
import { digits, keyOf, keyPrefix, type Operation, table, valueOf } from './workload.ts'

export interface RequesterOptions {
  readonly port: number
  readonly depth: number
  readonly operation: Operation
  readonly keys: number
  readonly valueBytes: number
  /** For a control that sends bytes of its own: replies are counted by this size and not decoded. */
  readonly replyBytes?: number
}

function requestFor(operation: Operation, index: number, valueBytes: number): Uint8Array {
  const key = keyOf(index)
  if (operation === 'hget') return requestFrame({ hget: { table, key } })
  const pair = { key, value: { binary: valueOf(index, valueBytes) } }
  return requestFrame({ hset: { table, pair } })
}

/** A message of `depth` requests, masked, in which each request's key can be changed in place. */
class Message {
  readonly bytes: Buffer
  /** For each request the last eight digits of its key, in two words. */
  readonly quads: Int32Array
  readonly #data: DataView
  /** The mask, one byte four times, so that it is the same word wherever digits lie. */
  readonly #mask: number
  /** Where the last eight digits of the requests' keys are: once a request for a get, twice for a set. */
  readonly #places: Int32Array
  readonly #perRequest: number

  constructor({ operation, depth, valueBytes, keys }: RequesterOptions) {
    if (keys > perQuad * perQuad) throw new Error(`a load knows ${perQuad * perQuad} keys, not ${keys}`)
    const one = Buffer.from(requestFor(operation, 0, valueBytes))
    const mask = randomInt(1, 256)
    this.#mask = Math.imul(mask, 0x01010101)
    const bytes = Buffer.alloc(messageHeadBytes + depth * one.length)
    for (let at = messageHeadBytes; at < bytes.length; at++)
      bytes[at] = one[(at - messageHeadBytes) % one.length]! ^ mask
    const headAt = writeHead(bytes, bytes.length, this.#mask)
    this.bytes = bytes.subarray(headAt)
    this.#data = viewOn(this.bytes)
    const headBytes = messageHeadBytes - headAt
    this.quads = new Int32Array(2 * depth)
    const places: number[] = []
    for (let at = one.indexOf(keyOf(0)); at >= 0; at = one.indexOf(keyOf(0), at + 1)) {
      places.push(headBytes + at + keyPrefix.length + digits - 8)
    }
    this.#perRequest = places.length
    this.#places = Int32Array.from({ length: depth * places.length }, (_, index) => {
      return Math.floor(index / places.length) * one.length + places[index % places.length]!
    })
  }

  /** Chooses the key of each request at random. */
  pick(keys: number): void {
    const places = this.#places
    const words = this.quads
    const data = this.#data
    const mask = this.#mask
    const perRequest = this.#perRequest
    const scale = keys / 2 ** 32
    for (let request = 0, place = 0; place < places.length; request += 2) {
      const index = (random() * scale) | 0
      const upper = (index / perQuad) | 0
      const high = quads[upper]!
      const low = quads[index - upper * perQuad]!
      words[request] = high
      words[request + 1] = low
      for (const end = place + perRequest; place < end; place++) {
        const at = places[place]!
        data.setInt32(at, high ^ mask, true)
        data.setInt32(at + 4, low ^ mask, true)
      }
    }
  }
}

let state = 0x9e3779b9
/** 32 bits of xorshift32: Math.random would cost as much as a request. */
function random(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return state >>> 0
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
  /** What every reply begins with, and that as words, the first of which may lie over the second. */
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
    const count = Math.ceil(start.length / 4)
    this.#startWords = Int32Array.from({ length: count }, (_, word) =>
      start.readInt32LE(Math.max(0, start.length - 4 * (count - word))),
    )
    socket.once('close', () => {
      throw new Error('the server closed a connection')
    })
  }

  close(): void {
    this.#socket.removeAllListeners('close').destroy()
  }

  /** Sends `depth` requests for random keys; call it once all earlier ones have their replies. */
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
    while (at < bytes.length) {
      if (this.#left === 0) {
        const body = messageStart(bytes, at)
        if (body < 0) break
        this.#left = messageBytes(bytes, at)
        at = body
      }
      const end = Math.min(at + this.#left, bytes.length)
      const checked = this.#options.replyBytes === undefined ? this.#check(bytes, at, end) : this.#count(at, end)
      if (checked === at) break
      this.#left -= checked - at
      at = checked
    }
    this.#held = at === bytes.length ? undefined : Buffer.from(bytes.subarray(at))
    const count = this.#next - before
    if (count > 0) this.#onReplies(count, this.#next === this.#options.depth)
  }

  /** Takes the control's replies that are whole in `[at, end)`; returns where the next begins. */
  #count(at: number, end: number): number {
    const size = this.#options.replyBytes!
    const count = Math.floor((end - at) / size)
    this.#next += count
    return at + count * size
  }

  /** Checks the replies that are whole in `bytes[at, end)`; returns where the next begins. */
  #check(bytes: Buffer, at: number, end: number): number {
    const data = viewOf(bytes)
    const { quads } = this.#message
    const words = this.#startWords
    const startBytes = headerBytes + this.#start.length
    let next = this.#next
    while (at + headerBytes <= end) {
      const to = at + headerBytes + (data.getUint32(at) & 0xff_ffff)
      if (to > end) break
      const first = at + startBytes
      let differs = 1
      if (first + 8 <= to) {
        differs = data.getInt32(first, true) ^ quads[2 * next]!
        differs |= data.getInt32(first + 4, true) ^ quads[2 * next + 1]!
        differs |= data.getInt32(at + headerBytes, true) ^ words[0]!
        for (let word = words.length - 1, place = first - 4; word > 0; word--, place -= 4) {
          differs |= data.getInt32(place, true) ^ words[word]!
        }
      }
      if (differs !== 0) this.wrong++
      next++
      at = to
    }
    this.#next = next
    return at
  }
}
