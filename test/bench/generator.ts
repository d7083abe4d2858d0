// The load generator, a process of its own: many raw WebSocket connections, each with `depth` requests under way,
// encoded and masked beforehand. It checks every reply: its status, and that the value is its key's. It reports
// throughput, latencies and how much of its core it took.
// Run with one JSON argument (LoadOptions); prints one JSON line (LoadResult).
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import type { Socket } from 'node:net'
import { encode } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'
import { Histogram } from '../../server/cli/histogram.ts'
import { messageBytes, messageStart, openWire } from './wire.ts'
import {
  digits,
  keyOf,
  keyPrefix,
  type LoadOptions,
  type LoadResult,
  type Operation,
  table,
  valueOf,
} from './workload.ts'

function requestFor(operation: Operation, index: number, valueBytes: number): Uint8Array {
  const key = keyOf(index)
  if (operation === 'hget') return frame(encode('CommandRequest', { hget: { table, key } }))
  const pair = { key, value: { binary: valueOf(index, valueBytes) } }
  return frame(encode('CommandRequest', { hset: { table, pair } }))
}

/** A message of `depth` requests, masked, in which each request's key can be changed in place. */
class Message {
  readonly bytes: Buffer
  readonly #mask = randomBytes(4)
  /** Where the last digits of each request's key are: in the key, and for a set also in the value. */
  readonly #lastDigits: number[][] = []
  readonly indexes: Int32Array
  readonly #start: number

  constructor({ operation, depth, valueBytes }: LoadOptions) {
    const one = Buffer.from(requestFor(operation, 0, valueBytes))
    const payload = Buffer.concat(Array.from({ length: depth }, () => one))
    const long = payload.length > 125
    const header = Buffer.alloc(long ? 8 : 6)
    header[0] = 0x82
    header[1] = 0x80 | (long ? 126 : payload.length)
    if (long) header.writeUInt16BE(payload.length, 2)
    this.#mask.copy(header, header.length - 4)
    this.#start = header.length
    this.bytes = Buffer.concat([header, payload])
    for (let at = 0; at < payload.length; at++) this.bytes[this.#start + at]! ^= this.#mask[at & 3]!
    this.indexes = new Int32Array(depth)
    for (let request = 0; request < depth; request++) {
      const places: number[] = []
      for (let at = one.indexOf(keyOf(0)); at >= 0; at = one.indexOf(keyOf(0), at + 1)) {
        places.push(request * one.length + at + keyPrefix.length + digits - 1)
      }
      this.#lastDigits.push(places)
    }
  }

  /** Chooses the key of each request at random. */
  pick(keys: number): void {
    for (let request = 0; request < this.indexes.length; request++) {
      const index = random(keys)
      this.indexes[request] = index
      for (const last of this.#lastDigits[request]!) {
        let number = index
        for (let at = last, highest = keys - 1; highest > 0; highest = (highest / 10) | 0, at--) {
          const tenth = (number / 10) | 0
          this.bytes[this.#start + at] = (0x30 + number - tenth * 10) ^ this.#mask[at & 3]!
          number = tenth
        }
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

interface Totals {
  done: number
  wrong: number
  latencies: Histogram
}

/** What every reply begins with, behind the frame's header: status, the value's tags and lengths, and the key's prefix. */
function replyStart(index: number, valueBytes: number): Buffer {
  const reply = { status: 200, values: [{ binary: valueOf(index, valueBytes) }] }
  const bytes = Buffer.from(encode('CommandResponse', reply))
  return bytes.subarray(0, bytes.indexOf(keyOf(index)) + keyPrefix.length)
}

/**
 * One connection: reads WebSocket messages, and in them replies. Streams, events and a buffer for each chunk would be
 * more than half of what a request costs here: it reads into one buffer that all share, and writes to the socket's
 * descriptor.
 */
class Client {
  readonly #socket: Socket
  readonly #fd: number
  readonly #options: LoadOptions
  readonly #totals: Totals
  readonly #message: Message
  readonly #start: Buffer
  /** The part of a reply, or of a header, that came at the end of the last chunk. */
  #held: Buffer | undefined
  /** Bytes of the WebSocket message that have not come yet. */
  #left = 0
  #next = 0
  #sentAt = 0
  running = true

  constructor(socket: Socket, options: LoadOptions, totals: Totals) {
    this.#socket = socket
    this.#fd = descriptorOf(socket)
    this.#options = options
    this.#totals = totals
    this.#message = new Message(options)
    this.#start = replyStart(0, options.valueBytes)
  }

  send(now: number): void {
    this.#message.pick(this.#options.keys)
    this.#next = 0
    this.#sentAt = now
    const { bytes } = this.#message
    const written = this.#fd < 0 || this.#socket.writableLength > 0 ? 0 : writeNow(this.#fd, bytes)
    if (written < bytes.length) this.#socket.write(Buffer.from(bytes.subarray(written)))
  }

  /** Takes a chunk, whose bytes are there until it returns. */
  read(chunk: Buffer): void {
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
    if (count === 0) return
    const now = performance.now()
    this.#totals.done += count
    this.#totals.latencies.record((now - this.#sentAt) * 1000, count)
    if (this.#next === this.#options.depth && this.running) this.send(now)
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
    const start = this.#start
    const first = at + 4 + start.length
    let wrong = end < first + digits ? 1 : 0
    for (let index = 0; index < start.length; index++) wrong |= bytes[at + 4 + index]! ^ start[index]!
    let number = 0
    for (let digit = first; digit < first + digits; digit++) number = number * 10 + bytes[digit]! - 0x30
    if (wrong !== 0 || number !== this.#message.indexes[this.#next]) this.#totals.wrong++
    this.#next++
    return end - at
  }
}

/** Of a socket that is a TCP connection on a system that has descriptors; -1 elsewhere. */
function descriptorOf(socket: Socket): number {
  return (socket as unknown as { _handle?: { fd?: number } })._handle?.fd ?? -1
}

/** Writes what the system takes at once. */
function writeNow(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
    throw error
  }
}

/** Writes every key once, so that all are present. */
async function seed(options: LoadOptions): Promise<void> {
  const wire = await openWire(options.port)
  const perMessage = 1000
  for (let first = 0; first < options.keys; first += perMessage) {
    const pairs = Array.from({ length: Math.min(perMessage, options.keys - first) }, (_, index) => {
      return { key: keyOf(first + index), value: { binary: valueOf(first + index, options.valueBytes) } }
    })
    const payload = frame(encode('CommandRequest', { hmset: { table, pairs } }))
    const header = Buffer.alloc(14)
    header[0] = 0x82
    header[1] = 0x80 | 127
    header.writeBigUInt64BE(BigInt(payload.length), 2)
    const answered = new Promise<void>((resolve) => {
      wire.onChunk = () => resolve()
    })
    wire.socket.write(Buffer.concat([header, payload]))
    await answered
  }
  wire.socket.destroy()
}

async function main(options: LoadOptions & { readonly seedOnly?: boolean }): Promise<LoadResult | undefined> {
  if (options.seedOnly) {
    await seed(options)
    return undefined
  }
  const totals: Totals = { done: 0, wrong: 0, latencies: new Histogram() }
  const wires = await Promise.all(Array.from({ length: options.clients }, () => openWire(options.port)))
  const clients = wires.map((wire) => {
    const client = new Client(wire.socket, options, totals)
    wire.onChunk = (chunk) => client.read(chunk)
    return client
  })
  for (const client of clients) client.send(performance.now())
  await after(options.warmupSeconds)
  totals.done = 0
  totals.latencies = new Histogram()
  const cpu = process.cpuUsage()
  const started = performance.now()
  const eachSecond = await counted(options.seconds, totals)
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  const { done, wrong, latencies } = totals
  for (const client of clients) client.running = false
  for (const { socket } of wires) socket.destroy()
  return {
    perSecond: done / seconds,
    eachSecond,
    p50: latencies.percentile(0.5),
    p99: latencies.percentile(0.99),
    cpu: (used.user + used.system) / 1e6 / seconds,
    cpuUser: used.user / 1e6 / seconds,
    wrong,
  }
}

/** Waits for so many seconds; answers how many requests each whole one of them did. */
async function counted(seconds: number, totals: Totals): Promise<number[]> {
  const counts: number[] = []
  let [at, done] = [performance.now(), totals.done]
  for (let second = 1; second <= seconds; second++) {
    await after(1)
    const now = performance.now()
    counts.push(Math.round((totals.done - done) / ((now - at) / 1000)))
    at = now
    done = totals.done
  }
  await after(seconds % 1)
  return counts
}

function after(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

const result = await main(JSON.parse(process.argv[2]!))
process.stdout.write(`${JSON.stringify(result ?? {})}\n`)
