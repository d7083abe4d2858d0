// The conversations of PROTOCOL.md, played: every request in it is taken, and where the answer stands under it, the
// gateway gives it byte for byte.
import { expect, test } from 'vitest'
import { startLoop } from '../../helpers/loop.ts'
import { examples } from '../../helpers/protocol.ts'
import { until } from '../../helpers/until.ts'

test('the first conversation is answered as it is printed', () => {
  const all = examples()
  const played = all.filter(({ block }) => all.filter((other) => other.block === block).length === 2)
  expect(played.length).toBe(10)
  const client = startLoop().connect({ hasCloseCodes: false })
  for (let at = 0; at < played.length; at += 2) {
    client.forget()
    client.receive(played[at]!.frame)
    expect(client.frames.map((frame) => frame.toString('hex'))).toEqual([played[at + 1]!.frame.toString('hex')])
  }
})

test('every request is one that the gateway takes', async () => {
  const client = startLoop().connect({ hasCloseCodes: false })
  const requests = examples().filter(({ kind }) => kind === 'request')
  for (const { frame } of requests) {
    client.forget()
    client.receive(frame)
    await until('an answer', () => client.replies.length > 0)
    expect(client.replies[0].status).not.toBe(400)
    expect(client.closed).toBeUndefined()
  }
})
