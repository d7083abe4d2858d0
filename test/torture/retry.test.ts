// An increment with a mutation id, its connection cut at every byte of the request and of the reply, then sent again on
// a new connection until it is answered: the counter is exact, and every answer is the one that was due.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'
import { startGateway } from '../helpers/gateway.ts'
import { Host } from '../helpers/host.ts'
import { newClientId } from '../helpers/live.ts'

const table = 'counters'
const hello = (clientId: string) => frame(encode('CommandRequest', { hello: { clientId }, id: 1 }))
const increment = (key: string, mutation: number, ageMs?: number) => {
  return frame(encode('CommandRequest', { increment: { table, key }, mutation, ageMs, id: 2 }))
}

interface Address {
  readonly host: string
  readonly port: number
}

/** Bytes that come in until there are `count` of them, or the other side ends. */
async function read(socket: Socket, count: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0)
  while (bytes.length < count && !socket.readableEnded && !socket.destroyed) {
    const chunk = socket.read() as Buffer | null
    if (chunk !== null) bytes = Buffer.concat([bytes, chunk])
    else await Promise.race([once(socket, 'readable'), once(socket, 'close'), once(socket, 'end')])
  }
  return bytes
}

async function open(address: Address, clientId: string): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(hello(clientId))
  const header = await read(socket, 4)
  await read(socket, 4 + header.readUInt32BE(0) - header.length)
  return socket
}

/** Sends so many bytes of the request, takes at least so many of the reply, and cuts. */
async function cut(
  address: Address,
  clientId: string,
  request: Uint8Array,
  sent: number,
  taken: number,
): Promise<void> {
  const socket = await open(address, clientId)
  socket.write(request.subarray(0, sent))
  if (taken > 0) await read(socket, taken)
  else await new Promise((resolve) => setImmediate(resolve))
  socket.resetAndDestroy()
}

/** Sends it whole and answers the sum that it was answered. */
async function retry(address: Address, clientId: string, request: Uint8Array): Promise<number> {
  const socket = await open(address, clientId)
  socket.write(request)
  const start = await read(socket, 4)
  const reply = Buffer.concat([start, await read(socket, 4 + start.readUInt32BE(0) - start.length)])
  socket.destroy()
  const { status, values } = decode('CommandResponse', reply, 4)
  expect(status).toBe(200)
  return Number(values[0].integer)
}

const requestBytes = increment('n', 1).length
/** More than any reply here has; a reply that is shorter is taken whole. */
const replyBytes = 24

describe.each(['memory', 'disk'] as const)('on %s', (store) => {
  test('cut at every byte of request and reply', async () => {
    const { tcpPort } = await startGateway({ store })
    const address = { host: '127.0.0.1', port: tcpPort }
    const clientId = newClientId()
    let mutation = 0
    for (let sent = 0; sent <= requestBytes; sent++) {
      mutation++
      await cut(address, clientId, increment('n', mutation), sent, 0)
      expect(await retry(address, clientId, increment('n', mutation, 5)), `${sent} bytes sent`).toBe(mutation)
    }
    for (let taken = 1; taken <= replyBytes; taken++) {
      mutation++
      await cut(address, clientId, increment('n', mutation), requestBytes + 2, Math.min(taken, 15))
      expect(await retry(address, clientId, increment('n', mutation, 5)), `${taken} bytes taken`).toBe(mutation)
      // And once more, when it had been answered.
      expect(await retry(address, clientId, increment('n', mutation, 9))).toBe(mutation)
    }
    expect(await retry(address, clientId, increment('n', mutation + 1))).toBe(mutation + 1)
  })
})

test.each(['flush', 'commit'])(
  'killed and started again at some of the cuts, %s',
  { timeout: 120_000 },
  async (durability) => {
    const host = new Host(['--durability', durability, '--log-level', 'warn'])
    const clientId = newClientId()
    let mutation = 0
    const cuts = [
      [requestBytes - 1, 0],
      [requestBytes, 0],
      [requestBytes, 1],
      [requestBytes, 12],
    ] as const
    for (const [sent, taken] of cuts) {
      mutation++
      await cut(await host.address(), clientId, increment('n', mutation), sent, taken)
      await host.kill()
      expect(await retry(await host.address(), clientId, increment('n', mutation, 50)), `${sent}, ${taken}`).toBe(
        mutation,
      )
    }
    await host.kill()
    for (let known = 1; known <= mutation; known++) {
      expect(await retry(await host.address(), clientId, increment('n', known, 500))).toBe(known)
    }
    await host.stop()
  },
)
