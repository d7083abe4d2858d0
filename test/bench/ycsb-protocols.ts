// Two protocols behind one face, for a load that treats both alike: Kvass over WebSocket and Redis over TCP. A request is
// a template whose key and value are written in place. Values are checked byte by byte, but for a counter that makes each
// write another one. What is sent over WebSocket is put together from parts that are masked already: masking each message
// would be a tenth of the load.
import { randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { noBytes } from '../../proto/bytes.ts'
import { decode, type Message } from '../../proto/compact.ts'
import { plainReply, readReply } from '../../proto/plain.ts'
import { binaryTag } from '../../proto/value-bytes.ts'
import { viewOn } from '../../server/store/bytes/copy.ts'
import { descriptorOf, writeNow } from '../../server/transport/socket.ts'
import { Random } from '../helpers/random.ts'
import { messageHeadBytes, openSocket, openTcp, receiveFrames, requestFrame, type Wire, writeHead } from './client.ts'
import { writeEight } from './quads.ts'
import { digits, keyOf, keyPrefix, table } from './workload.ts'

const keyBytes = keyPrefix.length + digits
const counterBytes = 8
const [space, zero] = [' '.charCodeAt(0), '0'.charCodeAt(0)]
/** Where the fill of a value begins: behind its key and its counter. */
const fillAt = keyBytes + counterBytes
const fillVariety = 1 << 20

/** Random letters; the fill of a value is a part of them, and values of neighbours have no part in common. */
const pool = Buffer.from(
  Array.from(new Random(1).bytes(fillVariety + (1 << 16)), (byte) => space + Math.floor((byte * 95) / 256)),
)

/** The mask of all messages: one byte four times, so that it is the same wherever a part lies. */
const maskByte = randomInt(1, 256)
const maskWord = Math.imul(maskByte, 0x01010101)

/** Bytes as they are sent where they are masked with `byte`, and as they are where that is 0. */
function masked(bytes: Uint8Array, byte: number): Buffer {
  return Buffer.from(bytes.map((each) => each ^ byte))
}

const maskedPool = masked(pool, maskByte)

const fillOffset = (index: number) => (index * 1_009) % fillVariety

/** A request in which the key, and a value if there is one, can be set. */
class Template {
  /** Before the fill of the value, and behind it. */
  readonly #head: Uint8Array
  readonly #tail: Uint8Array
  /** Where the last eight digits of keys are, and of the counter behind the key of a value. */
  readonly #places: number[] = []
  readonly #counter: number
  readonly #fillBytes: number
  readonly #mask: number
  readonly #pool: Buffer

  constructor(bytes: Uint8Array, isMasked: boolean, valueBytes = 0) {
    const byte = isMasked ? maskByte : 0
    this.#mask = isMasked ? maskWord : 0
    this.#pool = isMasked ? maskedPool : pool
    const plain = Buffer.from(bytes)
    this.#fillBytes = Math.max(0, valueBytes - fillAt)
    let value = 0
    for (let at = plain.indexOf(keyOf(0)); at >= 0; at = plain.indexOf(keyOf(0), at + 1)) {
      this.#places.push(at + keyBytes - 8)
      value = at
    }
    this.#counter = value + fillAt - counterBytes
    const fill = this.#fillBytes > 0 ? value + fillAt : bytes.length
    this.#head = masked(plain.subarray(0, fill), byte)
    this.#tail = masked(plain.subarray(fill + this.#fillBytes), byte)
  }

  /** Writes the request for a record at `at`; returns where it ends. */
  write(into: Buffer, data: DataView, at: number, index: number, counter: number): number {
    into.set(this.#head, at)
    for (const place of this.#places) writeEight(data, at + place, index, this.#mask)
    const fill = at + this.#head.length
    if (this.#fillBytes === 0) return fill
    writeEight(data, at + this.#counter, counter, this.#mask)
    this.#pool.copy(into, fill, fillOffset(index), fillOffset(index) + this.#fillBytes)
    const end = fill + this.#fillBytes
    for (let byte = 0; byte < this.#tail.length; byte++) into[end + byte] = this.#tail[byte]!
    return end + this.#tail.length
  }
}

/** A value of a record, as it is seeded; what is compared with leaves the counter out. */
function exampleValue(bytes: number): Buffer {
  return Buffer.alloc(bytes, keyOf(0).padEnd(bytes, '.'))
}

interface Settings {
  readonly port: number
  readonly valueBytes: number
  readonly depth: number
}

/** What a load asks of a connection. */
export abstract class Connection {
  /** Called for each reply, which can be looked at until it returns; what it asks for leaves with the rest of a chunk. */
  onReply: () => void = () => {}
  readonly #socket: Socket
  protected readonly valueBytes: number
  readonly #get: Template
  readonly #set: Template
  readonly #out: Buffer
  readonly #data: DataView
  readonly #descriptor: number
  #end = messageHeadBytes
  #counter = 0

  constructor(wire: Wire, { valueBytes, depth }: Settings, isMasked: boolean, get: Uint8Array, set: Uint8Array) {
    const { socket } = wire
    this.#socket = socket
    socket.once('close', () => {
      throw new Error('the server closed a connection')
    })
    this.valueBytes = valueBytes
    this.#get = new Template(get, isMasked)
    this.#set = new Template(set, isMasked, valueBytes)
    // Each of the operations under way sends one request at a time.
    this.#out = Buffer.alloc(messageHeadBytes + depth * Math.max(set.length, 256))
    this.#data = viewOn(this.#out)
    this.#descriptor = descriptorOf(socket)
  }

  get(index: number): void {
    this.#end = this.#get.write(this.#out, this.#data, this.#end, index, 0)
  }

  set(index: number): void {
    this.#counter = (this.#counter + 1) % 10 ** counterBytes
    this.#end = this.#set.write(this.#out, this.#data, this.#end, index, this.#counter)
  }

  protected append(request: Uint8Array): void {
    this.#out.set(request, this.#end)
    this.#end += request.length
  }

  /** Sends what was asked since the last time. */
  flush(): void {
    if (this.#end === messageHeadBytes) return
    const [socket, out, end] = [this.#socket, this.#out, this.#end]
    const start = this.wrap(out, end)
    const isAtOnce = this.#descriptor >= 0 && socket.writableLength === 0
    const left = isAtOnce ? start + writeNow(this.#descriptor, out, start, end) : start
    if (left < end) socket.write(Buffer.from(out.subarray(left, end)))
    this.#end = messageHeadBytes
  }

  /** Whether bytes are a value of the record. */
  protected matches(bytes: Uint8Array, start: number, index: number): boolean {
    for (let at = 0; at < keyPrefix.length; at++) if (bytes[start + at] !== keyPrefix.charCodeAt(at)) return false
    let number = 0
    for (let at = start + keyPrefix.length; at < start + keyBytes; at++) number = 10 * number + bytes[at]! - zero
    const [from, count] = [fillOffset(index), this.valueBytes - fillAt]
    return number === index && pool.compare(bytes, start + fillAt, start + this.valueBytes, from, from + count) === 0
  }

  /** Makes a message of the requests from `messageHeadBytes` to `end`; returns where it begins. */
  protected abstract wrap(out: Buffer, end: number): number
  /** Asks for the record and those behind it, with an id: the reply has pages. */
  abstract scan(index: number, count: number, id: number): void
  /** The id of the request that was replied to; 0 if it has none. */
  abstract readonly id: number
  /** Whether the reply is a value of the record. */
  abstract isValue(index: number): boolean
  /** Whether the reply confirms a write, of a record that was there or was not. */
  abstract isWritten(index: number, wasThere: boolean): boolean
  /**
   * How many entries the page has; -1 where they are not the record and those behind it, all up to `present` and of
   * later ones those that another connection has inserted already.
   */
  abstract scanned(index: number, present: number): number
  /** Whether the reply has more pages. */
  abstract readonly more: boolean
  /** How the reply begins, for an error. */
  abstract excerpt(): string
}

class KvassConnection extends Connection {
  #bytes: Uint8Array = noBytes
  #start = 0
  #end = 0
  #gzip = false
  /** The reply as an object, where one was needed. */
  #decoded: Message
  #hasScans = false

  constructor(wire: Wire, settings: Settings) {
    const pair = { key: keyOf(0), value: { binary: exampleValue(settings.valueBytes) } }
    const get = requestFrame({ hget: { table, key: keyOf(0) } })
    super(wire, settings, true, get, requestFrame({ hset: { table, pair } }))
    const onFrame = (bytes: Uint8Array, start: number, end: number, gzip: boolean) => {
      this.#bytes = bytes
      this.#start = start
      this.#end = end
      this.#gzip = gzip
      this.#decoded = undefined
      this.onReply()
    }
    receiveFrames(wire, onFrame, () => this.flush())
  }

  protected wrap(out: Buffer, end: number): number {
    return writeHead(out, end, maskWord)
  }

  scan(index: number, count: number, id: number): void {
    this.#hasScans = true
    const request = { range: { table, start: keyOf(index), limit: count }, id }
    this.append(masked(requestFrame(request), maskByte))
  }

  get id(): number {
    return this.#hasScans ? (this.#decode().id ?? 0) : 0
  }

  get more(): boolean {
    return this.#decode().more ?? false
  }

  isValue(index: number): boolean {
    if (this.#gzip || !readReply(this.#bytes, this.#start, this.#end) || plainReply.tag !== binaryTag) return false
    const { content, contentEnd } = plainReply
    return contentEnd - content === this.valueBytes && this.matches(this.#bytes, content, index)
  }

  /** A write returns what was there before. */
  isWritten(index: number, wasThere: boolean): boolean {
    if (wasThere) return this.isValue(index)
    const reply = this.#decode()
    return reply.status === 200 && Object.keys(reply.values[0]).length === 0
  }

  scanned(index: number, present: number): number {
    const { status, pairs = [] } = this.#decode()
    if (status !== 200) return -1
    let next = index
    for (const { key, value } of pairs) {
      const number = Number(key.slice(keyPrefix.length))
      if (next < present ? number !== next : number < next) return -1
      if (value.binary.length !== this.valueBytes || !this.matches(value.binary, 0, number)) return -1
      next = number + 1
    }
    return pairs.length
  }

  #decode(): Message {
    const payload = this.#bytes.subarray(this.#start, this.#end)
    this.#decoded ??= decode('CommandResponse', this.#gzip ? gunzipSync(payload) : payload)
    return this.#decoded
  }

  excerpt(): string {
    const { status, message = '', pairs } = this.#decode()
    return `status ${status} ${message}, ${pairs?.length ?? 0} entries, ${this.#end - this.#start} bytes`
  }
}

const [plus, minus, colon, dollar] = Buffer.from('+-:$')
const newline = '\n'

class RedisConnection extends Connection {
  readonly id = 0
  readonly more = false
  #held: Buffer = Buffer.alloc(0)
  /** The reply's line, and where the text behind it begins and how long it is: -1 where there is none. */
  #start = 0
  #content = 0
  #length = -1

  constructor(wire: Wire, settings: Settings) {
    super(
      wire,
      settings,
      false,
      resp('HGET', table, keyOf(0)),
      resp('HSET', table, keyOf(0), exampleValue(settings.valueBytes).toString('latin1')),
    )
    wire.onChunk = (chunk) => this.#push(chunk)
  }

  #push(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    let at = 0
    for (let end = this.#parse(at); end >= 0; end = this.#parse(at)) {
      at = end
      this.onReply()
    }
    // The chunk is gone when this returns.
    this.#held = Buffer.from(this.#held.subarray(at))
    this.flush()
  }

  /** Reads the reply at `at`; returns its end, -1 while it is not whole. */
  #parse(at: number): number {
    const lineEnd = this.#held.indexOf(newline, at)
    if (lineEnd < 0) return -1
    this.#start = at
    this.#content = lineEnd + 1
    this.#length = -1
    const first = this.#held[at]
    if (first === plus || first === minus || first === colon) return lineEnd + 1
    if (first !== dollar) throw new Error(`a reply of Redis that is not expected: ${this.excerpt()}`)
    this.#length = Number(this.#held.toString('latin1', at + 1, lineEnd - 1))
    const end = this.#length < 0 ? lineEnd + 1 : this.#content + this.#length + 2
    return end <= this.#held.length ? end : -1
  }

  protected wrap(): number {
    return messageHeadBytes
  }

  scan(): void {
    throw new Error('a hash of Redis has no order: there is no scan')
  }

  isValue(index: number): boolean {
    return this.#length === this.valueBytes && this.matches(this.#held, this.#content, index)
  }

  /** A write returns how many fields are new. */
  isWritten(_index: number, wasThere: boolean): boolean {
    return this.#held[this.#start] === colon && this.#held[this.#start + 1] === zero + (wasThere ? 0 : 1)
  }

  scanned(): number {
    return -1
  }

  excerpt(): string {
    return this.#held.toString('latin1', this.#start, this.#start + 80)
  }
}

function resp(...words: readonly string[]): Buffer {
  return Buffer.from(`*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`, 'latin1')
}

export const kvass = {
  async open(settings: Settings): Promise<Connection> {
    return new KvassConnection(await openSocket(settings.port), settings)
  },
}

export const redis = {
  async open(settings: Settings): Promise<Connection> {
    return new RedisConnection(await openTcp(settings.port), settings)
  },
}
