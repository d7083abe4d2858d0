// Writes past a socket's stream: never before what waits in it, and never to a descriptor that is another's by now.
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { openTransport } from './helpers.ts'

describe('websocket past the stream', () => {
  const piece = (text: string) => Buffer.from(`    ${text}`)

  test('a write never overtakes what waits in the stream', async () => {
    const { transport, socket, peer } = await openTransport()
    const came: string[] = []
    peer.on('message', (data: Buffer) => came.push(data.toString()))
    peer.on('pong', (data: Buffer) => came.push(data.toString()))
    expect(transport.write(piece('first'), 4, 9, true)).toBe(true)
    // As when the system takes no more.
    socket.cork()
    peer.ping('pong')
    await expect.poll(() => socket.writableLength).toBeGreaterThan(0)
    expect(transport.queuedBytes).toBeGreaterThan(0)
    expect(transport.write(piece('second'), 4, 10, true)).toBe(false)
    socket.uncork()
    await expect.poll(() => came).toEqual(['first', 'pong', 'second'])
    expect(transport.queuedBytes).toBe(0)
    expect(transport.write(piece('third'), 4, 9, true)).toBe(true)
  })

  test('the descriptor is forgotten before the system can give it to another connection', async () => {
    const { transport, socket } = await openTransport()
    expect(transport.write(piece('first'), 4, 9, true)).toBe(true)
    expect(transport.descriptor).toBeGreaterThan(0)
    socket.destroy()
    expect(transport.descriptor).toBe(-1)
    transport.write(piece('second'), 4, 10, true)
    expect(transport.descriptor).toBe(-1)
  })

  test('after a close nothing is written any more', async () => {
    const { transport, peer } = await openTransport()
    const came: string[] = []
    peer.on('message', (data: Buffer) => came.push(data.toString()))
    transport.write(piece('first'), 4, 9, true)
    const closed = once(peer, 'close')
    peer.close(1000)
    await closed
    transport.write(piece('second'), 4, 10, true)
    expect(came).toEqual(['first'])
  })
})
