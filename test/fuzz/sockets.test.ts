// Damaged frames and handshakes through real sockets against a gateway in a process of its own: each connection ends
// with the exact code that an oracle expects, and a client on another connection is served all the while. FUZZ_SEED
// replays a run, FUZZ_SOCKETS makes a longer one.
import { expect, test } from 'vitest'
import { decode } from '../../proto/compact.ts'
import { FrameDecoder } from '../../proto/frame.ts'
import { defaultLimits } from '../../proto/limits.ts'
import { spawnGateway } from '../helpers/gateway.ts'
import { Random, runScale, runSeed } from '../helpers/random.ts'
import { converse, handshake, type RawEnd, wsFrame } from '../helpers/raw-socket.ts'
import { dial, request } from '../helpers/wire.ts'
import { input } from './inputs.ts'
import { judge } from './oracle.ts'

const seed = runSeed()
const sockets = Number(process.env.FUZZ_SOCKETS ?? 10_000 * runScale)
const together = 24
const ping = request({ ping: {} })

/** What to send, and how it must end: an HTTP status or a close code. */
interface Attempt {
  readonly name: string
  readonly kind: 'ws' | 'tcp'
  readonly bytes: Uint8Array
  readonly http?: number
  readonly code?: number
}

/** Breaches of WebSocket itself, of the handshake and after it. */
const violations: Omit<Attempt, 'kind'>[] = [
  { name: 'no HTTP', bytes: Buffer.from('hello\r\n\r\n'), http: 400 },
  { name: 'a line end in a header', bytes: handshake({ 'X-Y': 'a\rb' }), http: 400 },
  { name: 'another path', bytes: handshake({}, 'GET /other HTTP/1.1'), http: 404 },
  { name: 'POST', bytes: handshake({}, 'POST /ws HTTP/1.1'), http: 405 },
  { name: 'a token in the URL', bytes: handshake({}, 'GET /ws?token=x HTTP/1.1'), http: 400 },
  { name: 'a foreign origin', bytes: handshake({ Origin: 'https://evil.example' }), code: 4403 },
  { name: 'an origin of null', bytes: handshake({ Origin: 'null' }), code: 4403 },
  { name: 'an old version', bytes: handshake({ 'Sec-WebSocket-Version': '8' }), http: 426 },
  { name: 'another protocol', bytes: handshake({ Upgrade: 'h2c' }), http: 426 },
  { name: 'no key', bytes: handshake({ 'Sec-WebSocket-Key': undefined }), http: 400 },
  { name: 'a short key', bytes: handshake({ 'Sec-WebSocket-Key': 'AAAA' }), http: 400 },
  { name: 'text', bytes: after(wsFrame(Buffer.from('{"hget":1}'), 0x81)), code: 1003 },
  { name: 'empty text', bytes: after(wsFrame(Buffer.alloc(0), 0x81)), code: 1003 },
  { name: 'text that is no UTF-8', bytes: after(wsFrame(Buffer.from([0xff]), 0x81)), code: 1003 },
  { name: 'text in two fragments', bytes: after(wsFrame(ping, 0x01), wsFrame(ping, 0x80)), code: 1003 },
  { name: 'text behind a request', bytes: after(wsFrame(ping), wsFrame(ping, 0x81)), code: 1003 },
  { name: 'no mask', bytes: after(wsFrame(ping, 0x82, false)), code: 1002 },
  { name: 'a reserved bit', bytes: after(wsFrame(ping, 0xc2)), code: 1002 },
  { name: 'a reserved opcode', bytes: after(wsFrame(ping, 0x83)), code: 1002 },
  { name: 'a reserved control opcode', bytes: after(wsFrame(ping, 0x8b)), code: 1002 },
  { name: 'a continuation of nothing', bytes: after(wsFrame(ping, 0x80)), code: 1002 },
  { name: 'a message within a message', bytes: after(wsFrame(ping, 0x02), wsFrame(ping)), code: 1002 },
  { name: 'a ping in fragments', bytes: after(wsFrame(Buffer.alloc(1), 0x09)), code: 1002 },
  { name: 'a long ping', bytes: after(wsFrame(Buffer.alloc(126), 0x89)), code: 1002 },
  { name: 'a close code that none may send', bytes: after(wsFrame(Buffer.from([0x03, 0xed]), 0x88)), code: 1002 },
  { name: 'a close of one byte', bytes: after(wsFrame(Buffer.from([3]), 0x88)), code: 1002 },
  { name: 'a message that declares 4 GiB', bytes: after(wsFrame(ping, 0x82, true, 2 ** 32)), code: 1009 },
  { name: 'a message that declares 2^60 bytes', bytes: after(wsFrame(ping, 0x82, true, 2 ** 60)), code: 1009 },
  { name: 'a later protocol version', bytes: after(wsFrame(request({ hello: { version: 9 } }))), code: 4426 },
]

function after(...frames: Buffer[]): Buffer {
  return Buffer.concat([handshake(), ...frames])
}

/** Attempt `index` of the run: a breach of WebSocket, or a stream that is broken, on either port. */
function attempt(index: number): Attempt {
  const random = new Random(seed ^ Math.imul(index, 0x27d4eb2f))
  if (random.chance(8)) return { kind: 'ws', ...random.pick(violations) }
  for (let tries = 0; ; tries++) {
    const number = index * 64 + tries
    const bytes = input(seed, number)
    const { code } = judge(bytes, defaultLimits)
    // 4426 has its own attempt: before it, an id may be taken, which is 400.
    if (code === undefined || code === 4426) continue
    const name = `input ${number}`
    if (random.chance(2)) return { name, kind: 'tcp', bytes, code }
    return { name, kind: 'ws', bytes: after(...messages(bytes, random)), code }
  }
}

/** A stream as WebSocket messages and fragments, cut anywhere, with pings between them. */
function messages(bytes: Uint8Array, random: Random): Buffer[] {
  const frames: Buffer[] = []
  let fragmented = false
  for (let at = 0; at < bytes.length; ) {
    const end = random.chance(3) ? bytes.length : at + 1 + random.below(bytes.length - at)
    const ends = end === bytes.length || random.chance(2)
    frames.push(wsFrame(bytes.subarray(at, end), (ends ? 0x80 : 0) | (fragmented ? 0 : 2)))
    if (random.chance(10)) frames.push(wsFrame(Buffer.from('ping'), 0x89))
    fragmented = !ends
    at = end
  }
  return frames
}

/** The status of the last response of a TCP stream, which stands for the close code. */
function lastStatus(data: Buffer): number | undefined {
  const decoder = new FrameDecoder(2 ** 25)
  decoder.push(data)
  let status: number | undefined
  while (decoder.next()) {
    const { bytes, start, end, gzip } = decoder
    status = gzip ? 200 : (decode('CommandResponse', bytes, start, end).status as number)
  }
  return status
}

const outcome = ({ http, code }: Pick<Attempt | RawEnd, 'http' | 'code'>) =>
  http === undefined ? `close ${code}` : `HTTP ${http}`

test(`${sockets} broken connections (FUZZ_SEED=${seed})`, { timeout: sockets * 30 + 60_000 }, async () => {
  const gateway = await spawnGateway(['--store', 'memory'])
  const wsPort = Number(new URL(gateway.ws).port)
  const counted = new Map<string, number>()
  let next = 0
  let done = 0

  async function work(): Promise<void> {
    while (next < sockets) {
      const { name, kind, bytes, ...expected } = attempt(next++)
      const end = await converse(kind === 'ws' ? wsPort : gateway.tcp.port, bytes, kind)
      const actual = outcome(kind === 'ws' ? end : { http: undefined, code: lastStatus(end.data) })
      if (actual !== outcome(expected)) {
        const sent = Buffer.from(bytes.subarray(0, 300)).toString('hex')
        throw new Error(`${name} over ${kind}, FUZZ_SEED=${seed}: ${actual}, and not ${outcome(expected)}: ${sent}`)
      }
      counted.set(actual, (counted.get(actual) ?? 0) + 1)
    }
  }

  const canary = await dial.ws(gateway.ws)
  let [worst, asked] = [0, 0]
  async function watch(): Promise<void> {
    while (done === 0) {
      const begun = performance.now()
      // A write: what it wrote before, some input may have flushed.
      const reply = await canary.ask({
        hset: { table: 'canary', pair: { key: 'k', value: { integer: asked } } },
        id: 7,
      })
      expect(reply).toMatchObject({ status: 200, id: 7 })
      worst = Math.max(worst, performance.now() - begun)
      asked++
    }
  }

  const started = performance.now()
  const watching = watch()
  await Promise.all(Array.from({ length: together }, work)).finally(() => {
    done = 1
  })
  await watching
  const seconds = (performance.now() - started) / 1_000
  const ends = [...counted].sort().map(([end, count]) => `${end}: ${count}`)
  console.log(
    `socket fuzz: ${sockets} connections in ${seconds.toFixed(1)} s; ${ends.join(', ')}; ` +
      `canary asked ${asked} times, worst ${worst.toFixed(1)} ms (FUZZ_SEED=${seed})`,
  )
  // Nothing of it met an unexpected error.
  expect(gateway.stderr.split('\n').filter((line) => /"level":(50|60)/.test(line))).toEqual([])
})
