// What makes the heartbeat call a transport again that had nothing to check.
import { describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { HeartbeatMember } from '../../../server/connection/heartbeat.ts'
import type { Transport } from '../../../server/connection/transport.ts'
import { below, head, openDuplex, openTransport } from './helpers.ts'

/** Waits until a transport has nothing to check. Returns a spy on the heartbeat's calls. */
async function idle(transport: Transport & HeartbeatMember) {
  const beat = vi.spyOn(transport, 'beat')
  await expect.poll(() => beat.mock.results.at(-1)?.value).toBeGreaterThan(performance.now())
  beat.mockClear()
  return beat
}

describe('a transport with nothing to check is called again', () => {
  const large = Buffer.alloc(60_000)

  test.each([true, false])('when a write has to wait; with headroom: %s', async (hasHeadroom) => {
    const { transport, peer } = await openTransport()
    const beat = await idle(transport)
    peer.pause()
    while (transport.write(large, 4, large.length, hasHeadroom) && hasHeadroom);
    await expect.poll(() => beat.mock.calls.length).toBeGreaterThan(0)
  })

  test('when a write over TCP has to wait', async () => {
    const { transport, client } = await openDuplex()
    const beat = await idle(transport)
    client.pause()
    while (transport.write(large, 0, large.length));
    await expect.poll(() => beat.mock.calls.length).toBeGreaterThan(2)
  })

  test('when a message begins that does not end', async () => {
    const { transport, peer } = await openTransport()
    const beat = await idle(transport)
    below(peer).write(Buffer.concat([head(2, 100), Buffer.alloc(10)]))
    await expect.poll(() => beat.mock.calls.length).toBeGreaterThan(2)
  })

  test('when it is pinged: pings that are no flood do not add up to one', async () => {
    const { transport, peer } = await openTransport()
    const beat = await idle(transport)
    for (let round = 1; round <= 4; round++) {
      for (let index = 0; index < 40; index++) peer.ping()
      await expect.poll(() => beat.mock.calls.length).toBeGreaterThanOrEqual(round)
    }
    expect(peer.readyState).toBe(WebSocket.OPEN)
  })
})
