// A thousand clients vanish at once while a thousand others reconnect within the grace: the keys of the first go, each
// once; those of the others never flicker, as a watcher sees.
import { expect, test } from 'vitest'
import { startGateway } from '../helpers/gateway.ts'
import { Line } from '../helpers/line.ts'
import { newClientId } from '../helpers/live.ts'
import { until } from '../helpers/until.ts'

const table = 'presence'
const count = 1_000

test.each(['memory', 'disk'] as const)('on %s', { timeout: 120_000 }, async (store) => {
  const leaseGraceMs = 8_000
  const { tcpPort } = await startGateway({ store, leaseGraceMs })
  const address = { host: '127.0.0.1', port: tcpPort }
  const join = async (clientId: string): Promise<Line> => {
    const line = await Line.open(address)
    expect((await line.ask({ hello: { clientId } })).status).toBe(200)
    return line
  }
  const enter = async (name: string, clientId: string): Promise<Line> => {
    const line = await join(clientId)
    const reply = await line.ask({ hset: { table, pair: { key: name, value: { bool: true } }, lease: true } })
    expect(reply.status).toBe(200)
    return line
  }
  const watcher = await Line.open(address)
  const seen = new Map<string, number>()
  const wrong: string[] = []
  let last = 0
  watcher.listen({ watch: { table } }, (response) => {
    for (const { key, deleted, revision } of response?.changes ?? []) {
      if (revision < last) wrong.push(`${key} at ${revision} after ${last}`)
      last = revision
      if (deleted) seen.set(key, (seen.get(key) ?? 0) + 1)
    }
  })
  const ids = Array.from({ length: count }, () => newClientId())
  const open = (prefix: string, clientIds: string[]) =>
    Promise.all(clientIds.map((id, index) => enter(`${prefix}${index}`, id)))
  const leaving = await open(
    'leaves',
    ids.map(() => newClientId()),
  )
  const staying = await open('stays', ids)
  for (const line of [...leaving, ...staying]) line.socket.resetAndDestroy()
  const back = await Promise.all(ids.map(join))
  // Cut again and again, each of them within its grace.
  for (const line of back) line.socket.resetAndDestroy()
  const again = await Promise.all(ids.map(join))
  await until('the end of those that left', () => seen.size >= count, 60_000)
  const page = await watcher.ask({ count: { table } })
  expect(page.count).toBe(count)
  expect(wrong).toEqual([])
  expect([...seen.values()].every((times) => times === 1)).toBe(true)
  expect([...seen.keys()].every((key) => key.startsWith('leaves'))).toBe(true)
  for (const line of [...again, watcher]) line.socket.destroy()
})
