// WebSocket messages as the gateway reads them: those that lie whole in what one read brings, and all others, must make
// the same stream, however they lie and wherever a read ends.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { whenOver } from '../helpers/cleanup.ts'
import { startGateway } from '../helpers/gateway.ts'
import { dial, request, response } from '../helpers/wire.ts'

const ids = { next: 1 }

/** A masked WebSocket frame, of any opcode, final or not. */
function message(payload: Uint8Array, { opcode = 2, final = true, mask = randomBytes(4) } = {}): Buffer {
  const { length } = payload
  const first = (final ? 0x80 : 0) | opcode
  const long = Buffer.alloc(10)
  long[0] = first
  long[1] = 0xff
  long.writeBigUInt64BE(BigInt(length), 2)
  const middle = Buffer.from([first, 0xfe, length >>> 8, length])
  const header = length < 126 ? Buffer.from([first, 0x80 | length]) : length < 65_536 ? middle : long
  return Buffer.concat([header, mask, Buffer.from(payload).map((byte, at) => byte ^ mask[at & 3]!)])
}

/** Two requests, the second of which answers a value of so many bytes. */
function echo(length: number): { requests: Buffer; id: number; value: string } {
  const id = ids.next++
  const binary = randomBytes(length)
  const set = request({ id, hset: { table: 't', pair: { key: `k${id}`, value: { binary } } } })
  const get = request({ id, hget: { table: 't', key: `k${id}` } })
  return { requests: Buffer.concat([set, get]), id, value: binary.toString('base64') }
}

/** Messages of all lengths of header, at all alignments; whole, in fragments, and around control frames. */
function conversation() {
  const echoes = Array.from({ length: 160 }, (_, length) => echo(length + 1))
  const pong = (length: number) => message(randomBytes(length), { opcode: 10 })
  // Between them some pongs, of all lengths but for two.
  const bytes = echoes.flatMap(({ requests }, index) => [message(requests), ...(index < 124 ? [pong(index)] : [])])
  for (const length of [32_000, 32_650, 70_000]) {
    const large = echo(length)
    echoes.push(large)
    bytes.push(message(large.requests))
  }
  const cut = echo(40)
  const last = echo(7)
  echoes.push(cut, last)
  bytes.push(
    message(Buffer.alloc(0)),
    message(Buffer.from('pong'), { opcode: 10 }),
    message(Buffer.alloc(0), { opcode: 10 }),
    message(cut.requests.subarray(0, 17), { final: false }),
    message(Buffer.from('ping'), { opcode: 9 }),
    message(Buffer.alloc(0), { opcode: 10 }),
    message(cut.requests.subarray(17), { opcode: 0 }),
    message(last.requests, { mask: Buffer.alloc(4) }),
  )
  return { echoes, bytes: Buffer.concat(bytes) }
}

async function open(url: string) {
  const socket = new WebSocket(url)
  whenOver(() => socket.terminate())
  await once(socket, 'open')
  return { socket, below: (socket as unknown as { _socket: Socket })._socket }
}

test.each([1_000_000, 4_099, 61, 7])('messages in pieces of %i bytes are one stream', async (size) => {
  const { ws } = await startGateway({ store: 'memory' })
  const { socket, below } = await open(ws)
  const received: Buffer[] = []
  socket.on('message', (data: Buffer) => received.push(data))
  const { echoes, bytes } = conversation()
  for (let at = 0; at < bytes.length; at += size) {
    below.write(bytes.subarray(at, at + size))
    // So that the gateway's reads end there too.
    if (size < 5_000 && at % 97 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  const all = () => Buffer.concat(received)
  const frames = () => {
    const found: Buffer[] = []
    for (let rest = all(); rest.length >= 4; ) {
      const end = 4 + (rest.readUInt32BE() & 0x7fffffff)
      if (end > rest.length) break
      found.push(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
    return found
  }
  await expect.poll(() => frames().length, { timeout: 20_000 }).toBe(2 * echoes.length)
  const replies = frames().map((frame) => response(frame))
  for (const [index, { id, value }] of echoes.entries()) {
    expect(replies[2 * index]).toMatchObject({ status: 200, id })
    expect(replies[2 * index + 1]).toMatchObject({ status: 200, id, values: [{ binary: value }] })
  }
})

test('messages that come with the upgrade, and right behind it, keep their order', async () => {
  const { http } = await startGateway({ store: 'memory' })
  const socket = connect(Number(new URL(http).port), '127.0.0.1')
  whenOver(() => socket.destroy())
  const received: Buffer[] = []
  socket.on('data', (data) => received.push(data))
  const lines = ['GET /ws HTTP/1.1', 'Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket']
  const key = randomBytes(16).toString('base64')
  const head = [...lines, 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`, '', ''].join('\r\n')
  const pings = Array.from({ length: 60 }, (_, index) => request({ id: index + 1, ping: {} }))
  const messages = pings.map((ping) => message(ping))
  // Two whole messages and a half with the request, the rest as it comes.
  const half = messages[2]!.subarray(0, 9)
  socket.write(Buffer.concat([Buffer.from(head), messages[0]!, messages[1]!, half]))
  socket.write(messages[2]!.subarray(9))
  for (const one of messages.slice(3)) socket.write(one)
  // How many messages the replies leave in is not told here: only the frames count.
  const frames = () =>
    Buffer.concat(received)
      .toString('hex')
      .match(/0000000508c80178[0-9a-f]{2}/g)
  const wanted = pings.map((_, index) => `0000000508c80178${(index + 1).toString(16).padStart(2, '0')}`)
  await expect.poll(frames).toEqual(wanted)
})

test('what follows a close frame is passed over, and the close is answered', async () => {
  const { ws, gateway } = await startGateway({ store: 'memory' })
  const { socket, below } = await open(ws)
  const code = once(socket, 'close')
  const set = request({ hset: { table: 't', pair: { key: 'late', value: { bool: true } } } })
  below.write(Buffer.concat([message(Buffer.from([0x03, 0xe8]), { opcode: 8 }), message(set), message(set)]))
  below.write(message(set))
  expect((await code)[0]).toBe(1000)
  await expect.poll(() => gateway.connections).toBe(0)
  expect(await (await dial.ws(ws)).ask({ hget: { table: 't', key: 'late' } })).toMatchObject({ status: 404 })
})

test('a broken frame behind whole messages closes with 1002 after their replies', async () => {
  const { ws } = await startGateway({ store: 'memory' })
  const { socket, below } = await open(ws)
  const reply = once(socket, 'message')
  const code = once(socket, 'close')
  below.write(Buffer.concat([message(request({ id: 7, ping: {} })), Buffer.from([0xf2, 0x80, 0, 0, 0, 0])]))
  expect(response((await reply)[0])).toMatchObject({ status: 200, id: 7 })
  expect((await code)[0]).toBe(1002)
})

// On disk the replies of a chunk that writes wait for the log, in memory that is used again.
test.each(['memory', 'disk'] as const)(
  '%s: replies that a slow reader has not taken are not written over',
  async (store) => {
    const { ws } = await startGateway({ store, maxQueuedBytes: 1_048_576 })
    const slow = await dial.ws(ws)
    const other = await dial.ws(ws)
    const keys = Array.from({ length: 16 }, (_, index) => `key-${index}`)
    const value = (key: string) => ({ string: key.padEnd(1_000, key) })
    const set = (key: string) => request({ hset: { table: 't', pair: { key, value: value(key) } } })
    for (const key of keys) {
      other.send(set(key))
      await other.next()
    }
    const rounds = 1_000
    // Each its own way round, so that they differ at each byte.
    const backwards = keys.toReversed()
    const asked = (mine: string, keys: string[]) =>
      Buffer.concat([set(mine), ...keys.map((key) => request({ hget: { table: 't', key } }))])
    const replies = async (wire: typeof slow, keys: string[]) => {
      expect((await wire.next(20_000)).status).toBe(200)
      for (const key of keys) expect((await wire.next(20_000)).values).toEqual([value(key)])
    }
    slow.pause()
    // More than the system holds for it. In turns with the other, whose turns would have the memory next.
    for (let round = 0; round < rounds; round++) {
      slow.send(asked('slow', keys))
      other.send(asked('other', backwards))
      await replies(other, backwards)
    }
    slow.resume()
    for (let round = 0; round < rounds; round++) await replies(slow, keys)
  },
)
