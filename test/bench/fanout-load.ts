// The watchers of the fan-out, a process of its own: raw WebSocket connections that each watch one table, and a writer.
// `once`: one write at a time, and how long until every watcher has it. `stream`: so many writes a second, what arrived
// at all of them, and how late at a few whose bytes are looked into. Run with one JSON argument; prints one JSON line.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { encode } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'
import { Histogram } from '../../server/cli/histogram.ts'

export interface FanoutOptions {
  readonly port: number
  readonly watchers: number
  /** Bare `ws` that knows no frames. */
  readonly bare: boolean
  readonly mode: 'once' | 'stream'
  /** Writes, one after the other or a second. */
  readonly writes: number
  readonly seconds: number
}

export interface FanoutResult {
  /** `once`: milliseconds until the last watcher had it, of each write. */
  readonly lastMs: readonly number[]
  /** Bytes of one delivery. */
  readonly bytes: number
  /** `stream`: deliveries a second, all watchers together, and those that never came. */
  readonly perSecond: number
  readonly missing: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const table = 'fan'
const samples = 10
const warmups = 20
const mark = Buffer.from('at:')
const options = JSON.parse(process.argv[2]!) as FanoutOptions

function message(payload: Uint8Array): Buffer {
  const header = Buffer.alloc(6)
  header[0] = 0x82
  header[1] = 0x80 | payload.length
  const masked = Buffer.concat([header, payload])
  randomBytes(4).copy(masked, 2)
  for (let at = 0; at < payload.length; at++) masked[6 + at]! ^= masked[2 + (at & 3)]!
  return masked
}

async function open(): Promise<Socket> {
  const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const head = `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${options.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
  socket.write(`${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`)
  const [data] = (await once(socket, 'data')) as [Buffer]
  if (!data.includes(' 101 ')) throw new Error(`no upgrade: ${data.toString().slice(0, 80)}`)
  return socket
}

function write(now: number): Buffer {
  const value = Buffer.alloc(16)
  mark.copy(value)
  value.writeDoubleBE(now, 8)
  const hset = { table, pair: { key: 'key', value: { binary: value } } }
  return message(frame(encode('CommandRequest', { hset })))
}

/** How much has come in, over all watchers. */
const arrived = { bytes: 0, events: 0, last: 0 }
const perWatcher = new Float64Array(options.watchers)
let latencies = new Histogram()
let sampled = 0

function listen(socket: Socket, index: number): void {
  const sample = index < samples && options.mode === 'stream' ? new Sample() : undefined
  socket.on('data', (chunk: Buffer) => {
    arrived.events++
    arrived.bytes += chunk.length
    arrived.last = performance.now()
    perWatcher[index]! += chunk.length
    sample?.push(chunk)
  })
}

/** What comes in at a sample, put together: WebSocket messages carry a stream of frames, of which some are gzip. */
class Sample {
  #raw: Buffer = Buffer.alloc(0)
  #stream: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): void {
    this.#raw = Buffer.concat([this.#raw, chunk])
    for (;;) {
      const short = this.#raw[1] ?? 0
      const header = short < 126 ? 2 : 4
      if (this.#raw.length < header) return
      const end = header + (short < 126 ? short : this.#raw.readUInt16BE(2))
      if (this.#raw.length < end) return
      this.#message(this.#raw.subarray(header, end))
      this.#raw = this.#raw.subarray(end)
    }
  }

  #message(payload: Buffer): void {
    if (options.bare) return note(payload.readDoubleBE(0))
    this.#stream = Buffer.concat([this.#stream, payload])
    while (this.#stream.length >= 4) {
      const header = this.#stream.readUInt32BE(0)
      const end = 4 + (header & 0x7fffffff)
      if (this.#stream.length < end) return
      const body = this.#stream.subarray(4, end)
      const plain = header >>> 31 ? gunzipSync(body) : body
      for (let at = plain.indexOf(mark); at >= 0; at = plain.indexOf(mark, at + 16)) note(plain.readDoubleBE(at + 8))
      this.#stream = this.#stream.subarray(end)
    }
  }
}

function note(moment: number): void {
  sampled++
  latencies.record((performance.now() - moment) * 1000, 1)
}

async function quiet(): Promise<void> {
  for (let before = -1; before !== arrived.bytes; ) {
    before = arrived.bytes
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

const watchers: Socket[] = []
for (let from = 0; from < options.watchers; from += 100) {
  const some = await Promise.all(Array.from({ length: Math.min(100, options.watchers - from) }, open))
  for (const socket of some) {
    listen(socket, watchers.length)
    watchers.push(socket)
    socket.write(message(options.bare ? Buffer.of(1) : frame(encode('CommandRequest', { watch: { table }, id: 1 }))))
  }
}
const writer = await open()
writer.resume()
await quiet()

/** One write, until all have it. */
async function round(): Promise<number> {
  arrived.events = 0
  perWatcher.fill(0)
  const startedAt = performance.now()
  writer.write(write(startedAt))
  while (arrived.events < options.watchers) {
    if (performance.now() - startedAt > 30_000) throw new Error(`only ${arrived.events} of ${options.watchers} got it`)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return arrived.last - startedAt
}

const lastMs: number[] = []
// The first ones find code that is not compiled yet, on both sides.
for (let count = 0; count < warmups; count++) await round()
for (let count = 0; count < (options.mode === 'once' ? options.writes : 1); count++) lastMs.push(await round())
if (perWatcher.some((bytes) => bytes !== perWatcher[0])) throw new Error('watchers got different bytes')
const payloadBytes = perWatcher[0]! - 2

async function stream(): Promise<Pick<FanoutResult, 'perSecond' | 'missing' | 'p50Ms' | 'p99Ms'>> {
  latencies = new Histogram()
  sampled = 0
  const startedAt = performance.now()
  let sent = 0
  while (sent < options.writes * options.seconds) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * options.writes)
    for (; sent < due; sent++) writer.write(write(performance.now()))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await quiet()
  const seconds = (arrived.last - startedAt) / 1000
  const seen = sampled / Math.min(samples, options.watchers)
  return {
    perSecond: (seen * options.watchers) / seconds,
    missing: sent - seen,
    p50Ms: latencies.percentile(0.5) / 1000,
    p99Ms: latencies.percentile(0.99) / 1000,
  }
}

const none = { perSecond: 0, missing: 0, p50Ms: 0, p99Ms: 0 }
const streamed = options.mode === 'stream' ? await stream() : none
console.log(JSON.stringify({ lastMs, bytes: payloadBytes, ...streamed } satisfies FanoutResult))
process.exit()
