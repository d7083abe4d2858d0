// The loop on real sockets: one message for the replies of a chunk, long reads beside short ones, slow and stalled
// readers, half frames, and every end.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { whenOver } from '../../helpers/cleanup.ts'
import { spawnGateway } from '../../helpers/gateway.ts'
import { queue } from '../../helpers/queue.ts'
import { Random } from '../../helpers/random.ts'
import { askAll, dialKind, pagesOf, socketKinds, talk } from '../../helpers/talk.ts'
import { until } from '../../helpers/until.ts'
import { type Plain, request, response, type Wire } from '../../helpers/wire.ts'

const table = 't'
const random = new Random(3)
const ping = request({ ping: {} })

async function fill(wire: Wire, entries: number, valueBytes: number): Promise<void> {
  for (let at = 0; at < entries; at += 1_000) {
    const pairs = Array.from({ length: Math.min(1_000, entries - at) }, (_none, index) => {
      return { key: String(at + index).padStart(8, '0'), value: { binary: random.bytes(valueBytes) } }
    })
    await wire.ask({ hmset: { table, pairs } })
  }
}

/** Whether a page of request 1 is marked `more`; to decode it would take from the time that is measured. */
function isMarked(frame: Buffer): boolean {
  const payload = frame[0]! >= 0x80 ? gunzipSync(frame.subarray(4)) : frame.subarray(4)
  return payload.subarray(-4).toString('hex') === '38017801'
}

/** A gauge of /metrics. */
async function gauge({ http }: { readonly http: string }, name: string): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1])
}

test('all replies of one message leave in one message', async () => {
  // A slow machine must not cut the turn.
  const { started } = await talk('ws', { sliceMs: 60_000 })
  const socket = new WebSocket(started.ws)
  whenOver(() => socket.terminate())
  const messages = queue<Buffer>('message')
  socket.on('message', messages.push)
  await once(socket, 'open')
  const all = Array.from({ length: 300 }, (_none, id) => ({ hexist: { table, key: 'k' }, id: id + 1 }))
  socket.send(Buffer.concat(all.map(request)))
  const message = await messages.next()
  const ids: number[] = []
  for (let at = 0; at < message.length; ) {
    const end = at + 4 + message.readUInt32BE(at)
    ids.push(response(message.subarray(at, end)).id)
    at = end
  }
  expect(ids).toEqual(all.map(({ id }) => id))
  expect(messages.waiting).toHaveLength(0)
})

describe.each(socketKinds)('over %s', (kind) => {
  test('300,000 entries stream in pages, while another client is served', { timeout: 120_000 }, async () => {
    // The gateway is a process of its own, so that the times are its alone.
    const gateway = await spawnGateway(['--store', 'memory'])
    const started = { ...gateway, tcpPort: gateway.tcp.port }
    const [wire, other] = [await dialKind(kind, started), await dialKind(kind, started)]
    await fill(wire, 300_000, 40)
    await askAll(other, ...Array(200).fill({ ping: {} }))
    const times: number[] = []
    let [done, mostQueued] = [false, 0]
    const pinging = (async () => {
      while (!done) {
        const begun = performance.now()
        other.send(ping)
        await other.nextFrame()
        times.push(performance.now() - begun)
      }
    })()
    const begun = performance.now()
    const frames: Buffer[] = []
    wire.send(request({ hgetall: { table }, id: 1 }))
    do {
      frames.push(await wire.nextFrame(20_000))
      if (frames.length % 50 === 0) mostQueued = Math.max(mostQueued, await gauge(gateway, 'kvass_queued_bytes'))
    } while (isMarked(frames.at(-1)!))
    const seconds = (performance.now() - begun) / 1_000
    done = true
    await pinging
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.floor(share * (times.length - 1))]!.toFixed(2)
    const pages = frames.map(response)
    console.log(
      `hgetall of 300,000 entries over ${kind}: ${pages.length} pages in ${seconds.toFixed(2)} s; ` +
        `meanwhile ${times.length} pings, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms`,
    )
    const keys = pages.flatMap(({ pairs }) => pairs.map(({ key }: Plain) => key))
    expect(keys).toEqual(Array.from({ length: 300_000 }, (_none, index) => String(index).padStart(8, '0')))
    expect(pages.map(({ more }) => more ?? false)).toEqual(pages.map((_page, index) => index < pages.length - 1))
    expect(mostQueued).toBeLessThan(1_048_576)
  })

  test('a slow reader is not read from, holds up nobody, and gets every reply', { timeout: 60_000 }, async () => {
    const maxQueuedBytes = 262_144
    const { wire: slow, another, started } = await talk(kind, { maxQueuedBytes })
    const valueBytes = 1_000
    await fill(slow, 1, valueBytes)
    const healthy = await another()
    slow.pause()
    const batch = Buffer.concat(Array(500).fill(request({ hget: { table, key: '00000000' } })))
    const batches = 60
    for (let count = 0; count < batches; count++) slow.send(batch)
    await until(
      'the queue to be full',
      async () => (await gauge(started, 'kvass_queued_bytes')) > maxQueuedBytes,
      20_000,
    )
    for (let time = 0; time < 50; time++) {
      expect(await healthy.ask({ hget: { table, key: '00000000' } })).toMatchObject({ status: 200 })
      const queued = await gauge(started, 'kvass_queued_bytes')
      expect(queued).toBeLessThan(maxQueuedBytes + 2 * valueBytes)
    }
    slow.resume()
    for (let count = 0; count < 500 * batches; count++)
      expect((await slow.nextFrame(20_000)).length).toBeGreaterThan(valueBytes)
    expect(await slow.ask({ ping: {}, id: 3 })).toEqual({ status: 200, id: 3 })
    await until('nothing is queued', async () => (await gauge(started, 'kvass_queued_bytes')) === 0)
  })

  test('a reader that takes nothing is closed with 4420, others are not', { timeout: 60_000 }, async () => {
    const { wire, another, started } = await talk(kind, { stallTimeoutMs: 400, maxQueuedBytes: 65_536 })
    await fill(wire, 1, 50_000)
    const healthy = await another()
    wire.pause()
    for (let count = 0; count < 400; count++) wire.send(request({ hget: { table, key: '00000000' } }))
    const closed = async () =>
      /kvass_stream_closes_total\{code="4420"\} 1/.test(await (await fetch(`${started.http}/metrics`)).text())
    await until('the close', closed, 20_000)
    expect(await healthy.ask({ ping: {} })).toEqual({ status: 200 })
    wire.resume()
    await wire.closed
    await until('one connection is left', () => started.gateway.connections === 1)
  })

  test('a frame that does not end is closed with 4408', async () => {
    const { wire, another } = await talk(kind, { frameTimeoutMs: 200 })
    const idle = await another()
    wire.send(Buffer.concat([request({ ping: {} }), Buffer.from('00000009', 'hex')]))
    expect(await wire.next()).toEqual({ status: 200 })
    if (kind === 'tcp') expect(await wire.next()).toEqual({ status: 4408, message: 'hello or idle timeout' })
    expect((await wire.closed).code).toBe(kind === 'ws' ? 4408 : undefined)
    expect(await idle.ask({ ping: {} })).toEqual({ status: 200 })
  })

  test('a drain answers what is under way and closes with 1001', async () => {
    const { wire, another, started } = await talk(kind)
    await fill(wire, 20_000, 40)
    const idle = await another()
    wire.send(
      Buffer.concat(
        [
          { hgetall: { table }, id: 1 },
          { count: { table, start: '0' }, id: 2 },
        ].map(request),
      ),
    )
    const first = await wire.next()
    const draining = started.gateway.close()
    const replies = [first]
    while (replies.filter(({ id, more }) => id === 2 || (id === 1 && !more)).length < 2) replies.push(await wire.next())
    expect(replies.flatMap(({ pairs = [] }) => pairs)).toHaveLength(20_000)
    for (const one of [wire, idle]) {
      if (kind === 'tcp') expect(await one.next()).toEqual({ status: 1001, message: 'going away' })
      expect((await one.closed).code).toBe(kind === 'ws' ? 1001 : undefined)
      expect(one.frames.waiting).toHaveLength(0)
    }
    await draining
  })

  test('replies do not depend on how the stream is cut', async () => {
    const { wire } = await talk(kind)
    const all = [
      { hset: { table, pair: { key: 'k', value: { integer: 5 } } } },
      { hget: { table, key: 'k' }, id: 2 },
      { hgetall: { table } },
    ]
    const bytes = Buffer.concat(all.map(request))
    const whole = await askAll(wire, ...all)
    for (let cut = 1; cut < bytes.length; cut += 3) {
      wire.send(bytes.subarray(0, cut))
      // Cut for real: the rest leaves when the gateway has read the first part.
      await new Promise((resolve) => setImmediate(resolve))
      wire.send(bytes.subarray(cut))
      const replies = [await wire.next(), await wire.next(), await wire.next()]
      expect(replies.map(({ status, id }) => [status, id])).toEqual(whole.map(({ status, id }) => [status, id]))
    }
  })

  test('a large compressed request does not let what follows overtake it', async () => {
    const { wire } = await talk(kind)
    await fill(wire, 12_000, 40)
    const replies = await askAll(wire, { hgetall: { table } }, { hget: { table, key: 'none' } }, { ping: {}, id: 4 })
    expect(replies.map(({ status, id, pairs }) => [status, id, pairs?.length])).toEqual([
      [200, undefined, 12_000],
      [404, undefined, undefined],
      [200, 4, undefined],
    ])
    const pages = await pagesOf(wire, { range: { table, limit: 5_000 }, id: 9 })
    expect(pages.flatMap(({ pairs }) => pairs)).toHaveLength(5_000)
  })
})

describe('the end of a TCP stream', () => {
  async function open(port: number): Promise<{ socket: Socket; all: Promise<Buffer> }> {
    const socket = connect({ port, host: '127.0.0.1' })
    whenOver(() => socket.destroy())
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    const all = once(socket, 'close').then(() => Buffer.concat(chunks))
    await once(socket, 'connect')
    return { socket, all }
  }

  test('a client that ends its side gets all replies, and then the end', async () => {
    const { started, wire } = await talk('tcp')
    await fill(wire, 12_000, 40)
    const { socket, all } = await open(started.tcpPort)
    socket.end(Buffer.concat([{ hgetall: { table } }, { ping: {}, id: 2 }, { count: { table } }].map(request)))
    const bytes = await all
    const replies: Plain[] = []
    for (let at = 0; at < bytes.length; ) {
      const end = at + 4 + (bytes.readUInt32BE(at) & 0x7fffffff)
      replies.push(response(bytes.subarray(at, end)))
      at = end
    }
    expect(replies.map(({ status, id, pairs, count }) => [status, id, pairs?.length ?? count])).toEqual([
      [200, undefined, 12_000],
      [200, 2, undefined],
      [200, undefined, '12000'],
    ])
  })

  test('an end within a frame is told with 4400', async () => {
    const { started } = await talk('tcp')
    const { socket, all } = await open(started.tcpPort)
    socket.end(Buffer.from('0000000a 0a'.replace(' ', ''), 'hex'))
    expect(response(await all)).toEqual({ status: 4400, message: 'bad frame' })
  })

  test('a client that only ends gets the end', async () => {
    const { started } = await talk('tcp')
    const { socket, all } = await open(started.tcpPort)
    socket.end()
    expect(await all).toHaveLength(0)
  })
})
