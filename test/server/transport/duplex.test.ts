// TCP and in-memory pairs: the same stream, and what shows that a slow reader takes bytes.
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { Heartbeat } from '../../../server/connection/heartbeat.ts'
import type { Transport } from '../../../server/connection/transport.ts'
import { memoryPair } from '../../../server/transport/memory.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { dial, request } from '../../helpers/wire.ts'
import { openDuplex, ping, pong } from './helpers.ts'

describe('tcp', () => {
  test('serves the same stream', async () => {
    const { tcpPort } = await startGateway({ store: 'memory' })
    const client = await dial.tcp(tcpPort)
    client.send(Buffer.concat([ping, ping]))
    for (const byte of ping) client.send(Buffer.from([byte]))
    for (let index = 0; index < 3; index++) expect(await client.next()).toEqual(pong)
  })

  test('a peer that has ended its side still gets its replies', async () => {
    const { tcpPort } = await startGateway()
    const client = await dial.tcp(tcpPort)
    client.send(request({ id: 1, hset: { table: 't', pair: { key: 'k', value: { string: 'v' } } } }))
    client.end()
    expect(await client.next()).toMatchObject({ status: 200, id: 1 })
    await client.closed
  })

  test('a violation ends the stream with a response whose status is the close code', async () => {
    const { tcpPort } = await startGateway({ store: 'memory' })
    const client = await dial.tcp(tcpPort)
    client.send(Buffer.from('7fffffff', 'hex'))
    expect(await client.next()).toEqual({ status: 1009, message: 'frame too big' })
    await client.closed
  })

  test('one connection more than allowed is told 1013, and closed', async () => {
    const { tcpPort } = await startGateway({ store: 'memory', maxConnections: 1 })
    const first = await dial.tcp(tcpPort)
    await first.ask({ ping: {} })
    const second = await dial.tcp(tcpPort)
    expect(await second.next()).toEqual({ status: 1013, message: 'overloaded' })
    await second.closed
    expect(await first.ask({ id: 7, ping: {} })).toEqual(pong)
  })
})

describe('memory', () => {
  test('is a connection like any other', async () => {
    const { gateway } = await startGateway({ store: 'memory' })
    const client = dial.duplex(gateway.connect())
    expect(gateway.connections).toBe(1)
    expect(await client.ask({ id: 7, ping: {} })).toEqual(pong)
    client.end()
    await client.closed
    await expect.poll(() => gateway.connections).toBe(0)
  })
})

describe('progress', () => {
  const heartbeat = new Heartbeat(40)
  const open: Transport[] = []
  afterEach(() => {
    for (const transport of open.splice(0)) transport.terminate()
  })

  test('queuedBytes is exact, and falls to nothing when all has left', async () => {
    const { transport, client } = memoryPair(heartbeat)
    open.push(transport)
    const events: number[] = []
    const onProgress = () => events.push(transport.queuedBytes)
    transport.listener = { onData: () => {}, onEnd: () => {}, onClose: () => {}, onProgress }
    for (let index = 0; index < 10; index++) transport.write(Buffer.alloc(10_000), 0, 10_000, false)
    expect(transport.queuedBytes).toBeGreaterThan(80_000)
    client.resume()
    await expect.poll(() => transport.queuedBytes).toBe(0)
    expect(events.at(-1)).toBe(0)
  })

  test('a reader that sips at one large write is seen to take bytes', async () => {
    const { transport, client } = await openDuplex()
    let sips = 0
    let left = 0
    const onProgress = () => {
      if (transport.queuedBytes > 0) sips++
    }
    transport.listener = { onData: () => {}, onEnd: () => {}, onClose: () => {}, onProgress }
    transport.write(Buffer.alloc(32 * 1_048_576), 0, 32 * 1_048_576)
    client.pause()
    left = transport.queuedBytes
    // It reads some megabytes at a time, and each time waits until that was noticed.
    for (const wanted of [1, 2, 3]) {
      let taken = 0
      while (taken < 4 * 1_048_576) {
        const chunk = client.read() as Buffer | null
        if (chunk === null) await once(client, 'readable')
        else taken += chunk.length
      }
      await expect.poll(() => sips).toBeGreaterThanOrEqual(wanted)
    }
    expect(transport.queuedBytes).toBe(left)
  })
})
