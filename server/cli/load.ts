// The load generator behind `kvass bench`: many connections, each with a fixed number of requests under way, all
// requests encoded beforehand, every reply's status checked. It must cost less than the gateway that it measures,
// so it uses no SDK and makes no object for a request or a reply.
import { randomBytes } from 'node:crypto'
import { connect as connectTcp } from 'node:net'
import { performance } from 'node:perf_hooks'
import { gunzipSync } from 'node:zlib'
import { WebSocket } from 'ws'
import { decode, encode } from '../../proto/compact.ts'
import { frame, headerBytes, payloadBytes } from '../../proto/frame.ts'
import { isOk } from '../../proto/plain.ts'
import { Histogram } from './histogram.ts'

export const operations = ['get', 'set', 'mixed', 'ping'] as const
export type Operation = (typeof operations)[number]

/** Every tenth request of `mixed` is a set, the others are gets. */
const mixedPeriod = 10
const keyDigits = 12
const zero = '0'.charCodeAt(0)

export interface LoadOptions {
  /** A ws:// or wss:// URL, or tcp://HOST:PORT. */
  readonly url: string
  readonly token: string | undefined
  readonly operation: Operation
  readonly clients: number
  /** Requests under way on each connection: they are sent together, and the next ones when all have their replies. */
  readonly depth: number
  readonly valueBytes: number
  /** How many different keys, chosen at random for each request. */
  readonly keys: number
  readonly table: string
  /** Whichever comes first ends the run. */
  readonly seconds: number
  readonly requests: number
  readonly signal: AbortSignal
}

export interface LoadResult {
  readonly latencies: Histogram
  readonly seconds: number
  readonly bytesOut: number
  readonly bytesIn: number
  /** How many replies failed, by status, with one of the messages. */
  readonly failures: Map<number, { count: number; message: string }>
}

/** The key that number `index` stands for. */
export function keyOf(index: number): string {
  return `key:${String(index).padStart(keyDigits, '0')}`
}

/** Requests of one write, and where in it each key's last digit is; -1 for a request without a key. */
interface Batch {
  readonly bytes: Buffer
  readonly lastDigits: Int32Array
}

function requestFrame(operation: 'get' | 'set' | 'ping', options: LoadOptions): Buffer {
  const { table } = options
  const key = keyOf(0)
  const pair = { key, value: { binary: randomBytes(options.valueBytes) } }
  const request =
    operation === 'ping' ? { ping: {} } : operation === 'get' ? { hget: { table, key } } : { hset: { table, pair } }
  return Buffer.from(frame(encode('CommandRequest', request)))
}

/** All different writes of a connection, used in turn: one, but as many as it takes for `mixed` to keep its shares. */
function makeBatches(options: LoadOptions): Batch[] {
  const { operation, depth } = options
  const count = operation === 'mixed' ? mixedPeriod : 1
  return Array.from({ length: count }, (_, batch) => {
    const frames = Array.from({ length: depth }, (_, index) => {
      const isSet = (batch * depth + index) % mixedPeriod === mixedPeriod - 1
      return requestFrame(operation === 'mixed' ? (isSet ? 'set' : 'get') : operation, options)
    })
    let at = 0
    const lastDigits = Int32Array.from(frames, (bytes) => {
      const key = bytes.indexOf(keyOf(0))
      const last = key < 0 ? -1 : at + key + keyOf(0).length - 1
      at += bytes.length
      return last
    })
    return { bytes: Buffer.concat(frames), lastDigits }
  })
}

/** Writes a random key's digits into each request. Hot. */
function pickKeys(batch: Batch, keys: number): void {
  const { bytes, lastDigits } = batch
  for (let index = 0; index < lastDigits.length; index++) {
    let at = lastDigits[index]!
    if (at < 0) return
    let number = (Math.random() * keys) | 0
    for (let highest = keys - 1; highest > 0; highest = (highest / 10) | 0) {
      const tenth = (number / 10) | 0
      bytes[at--] = zero + number - tenth * 10
      number = tenth
    }
  }
}

/** Counts the whole replies in a stream of bytes and looks at the status of each. */
export class ReplyCounter {
  #held: Buffer = Buffer.alloc(0)
  readonly failures: LoadResult['failures']

  constructor(failures: LoadResult['failures']) {
    this.failures = failures
  }

  /** Returns how many replies this chunk completes. Hot. */
  push(chunk: Buffer): number {
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk
    let count = 0
    let at = 0
    while (at + headerBytes <= bytes.length) {
      const end = at + headerBytes + payloadBytes(bytes, at)
      if (end > bytes.length) break
      const isGzip = bytes[at]! >= 0x80
      if (isGzip || !isOk(bytes, at + headerBytes)) this.#examine(bytes.subarray(at + headerBytes, end), isGzip)
      count++
      at = end
    }
    this.#held = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at))
    return count
  }

  #examine(payload: Buffer, isGzip: boolean): void {
    const { status = 0, message = '' } = decode('CommandResponse', isGzip ? gunzipSync(payload) : payload)
    if (status === 200) return
    const failure = this.failures.get(status) ?? { count: 0, message }
    failure.count++
    this.failures.set(status, failure)
  }
}

/** One connection, WebSocket or TCP. */
interface Wire {
  onData: (chunk: Buffer) => void
  onEnd: (error: Error) => void
  send(bytes: Buffer): void
  end(): void
}

/** Opens a connection and introduces itself; rejects with a sentence when the gateway refuses. */
async function openWire(options: LoadOptions): Promise<Wire> {
  const wire = await (options.url.startsWith('tcp:') ? openTcp(options.url) : openWebSocket(options.url))
  const failures: LoadResult['failures'] = new Map()
  const replies = new ReplyCounter(failures)
  const hello = frame(encode('CommandRequest', { hello: { version: 1, token: options.token, client: 'kvass-bench' } }))
  await new Promise<void>((resolve, reject) => {
    wire.onEnd = reject
    wire.onData = (chunk) => replies.push(chunk) > 0 && resolve()
    wire.send(Buffer.from(hello))
  })
  for (const [status, { message }] of failures)
    throw new Error(`the gateway refuses the hello with ${status}: ${message}`)
  return wire
}

async function openWebSocket(url: string): Promise<Wire> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 0 })
  const wire: Wire = {
    onData: () => {},
    onEnd: () => {},
    send: (bytes) => socket.send(bytes),
    end: () => socket.close(1000),
  }
  socket.on('message', (data) => wire.onData(data as Buffer))
  socket.on('close', (code, reason) => wire.onEnd(new Error(`the gateway closed a connection: ${code} ${reason}`)))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.on('error', (error) => {
      reject(error)
      wire.onEnd(error)
    })
  })
  return wire
}

async function openTcp(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url)
  const socket = connectTcp({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), noDelay: true })
  const wire: Wire = {
    onData: () => {},
    onEnd: () => {},
    send: (bytes) => socket.write(bytes),
    end: () => socket.end(),
  }
  socket.on('data', (data) => wire.onData(data))
  socket.on('close', () => wire.onEnd(new Error('the gateway closed a connection')))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.on('error', (error) => {
      reject(error)
      wire.onEnd(error)
    })
  })
  return wire
}

/** Runs the load to its end; rejects when a connection is lost. A reply with another status than 200 is counted. */
export async function runLoad(options: LoadOptions, onProgress: (done: number) => void): Promise<LoadResult> {
  const wires = await Promise.all(Array.from({ length: options.clients }, () => openWire(options)))
  const latencies = new Histogram()
  const failures: LoadResult['failures'] = new Map()
  const total = { bytesIn: 0, bytesOut: 0, left: options.requests }
  const started = performance.now()
  const deadline = started + options.seconds * 1000
  const timer = setInterval(() => onProgress(latencies.count), 200)
  try {
    await Promise.all(wires.map((wire, index) => drive(wire, index, options, { latencies, failures, total, deadline })))
  } finally {
    clearInterval(timer)
    for (const wire of wires) {
      wire.onEnd = () => {}
      wire.end()
    }
  }
  return {
    latencies,
    failures,
    seconds: (performance.now() - started) / 1000,
    bytesIn: total.bytesIn,
    bytesOut: total.bytesOut,
  }
}

interface Shared {
  readonly latencies: Histogram
  readonly failures: LoadResult['failures']
  readonly total: { bytesIn: number; bytesOut: number; left: number }
  readonly deadline: number
}

/** Keeps one connection busy until the requests or the time are used up. */
function drive(wire: Wire, index: number, options: LoadOptions, shared: Shared): Promise<void> {
  const { latencies, total } = shared
  const batches = makeBatches(options)
  const replies = new ReplyCounter(shared.failures)
  let turn = index
  let pending = 0
  let sentAt = 0
  return new Promise((resolve, reject) => {
    const next = () => {
      const now = performance.now()
      if (now >= shared.deadline || total.left <= 0 || options.signal.aborted) return resolve()
      const batch = batches[turn++ % batches.length]!
      pickKeys(batch, options.keys)
      const isWhole = total.left >= options.depth
      const bytes = isWhole ? batch.bytes : firstFrames(batch.bytes, total.left)
      pending = isWhole ? options.depth : total.left
      total.left -= pending
      total.bytesOut += bytes.length
      sentAt = now
      wire.send(bytes)
    }
    wire.onEnd = reject
    wire.onData = (chunk) => {
      total.bytesIn += chunk.length
      const count = replies.push(chunk)
      if (count === 0) return
      latencies.record((performance.now() - sentAt) * 1000, count)
      pending -= count
      if (pending < 0) reject(new Error('the gateway sent more replies than there were requests'))
      else if (pending === 0) next()
    }
    next()
  })
}

function firstFrames(bytes: Buffer, count: number): Buffer {
  let end = 0
  for (let index = 0; index < count; index++) end += headerBytes + bytes.readUInt32BE(end)
  return bytes.subarray(0, end)
}
