// A committer that replies later, as one of a store in another process does: what a connection makes of its promises.
import { expect, test } from 'vitest'
import { KvassError } from '../../../proto/status.ts'
import type { Committer } from '../../../server/data/plan.ts'
import { HeldCommitter, type HeldTransport, startLoop, turns } from '../../helpers/loop.ts'

const create = (key: string, id = 0) => ({
  hset: { table: 't', pair: { key, value: { string: key } }, ifAbsent: true },
  id,
})
const hget = (key: string, id = 0) => ({ hget: { table: 't', key }, id })
const outcomes = (client: HeldTransport) => client.replies.map(({ id = 0, status }) => [id, status])

function startHeld() {
  let held: HeldCommitter | undefined
  const loop = startLoop({
    committer: (local) => {
      held = new HeldCommitter(local)
      return held
    },
  })
  return { client: loop.connect(), committer: held! }
}

test('requests without ids are answered in order, and read the writes before them', async () => {
  const { client, committer } = startHeld()
  client.receive(create('a'), hget('a'), create('a'), { ping: {} })
  await turns()
  expect(client.replies).toEqual([])
  committer.release()
  await turns()
  expect(outcomes(client)).toEqual([
    [0, 200],
    [0, 200],
  ])
  committer.release()
  await turns()
  expect(outcomes(client).slice(2)).toEqual([
    [0, 409],
    [0, 200],
  ])
})

test('requests with ids do not wait for it, and their replies come as they are made', async () => {
  const { client, committer } = startHeld()
  client.receive(create('a', 1), create('b', 2), { ping: {}, id: 3 })
  await turns()
  expect(outcomes(client)).toEqual([[3, 200]])
  expect(committer.waiting).toBe(2)
  committer.release('last')
  await turns()
  expect(outcomes(client)).toEqual([
    [3, 200],
    [2, 200],
    [1, 200],
  ])
})

test('a reply shows the revision of its own write, and so does the one to a repetition', async () => {
  const { client, committer } = startHeld()
  const clientId = '0123456789abcdef0123456789abcdef'
  client.receive({ hello: { clientId } }, { ...create('a', 1), mutation: 1 }, { ...create('b', 2), mutation: 2 })
  client.receive({ ...create('a', 3), mutation: 1 })
  committer.release()
  await turns()
  const revisions = client.replies.slice(1).map(({ revision }) => Number(revision))
  expect(revisions[1]).toBe(revisions[0]! + 1)
  expect(revisions[2]).toBe(revisions[0])
})

test('what fails later is a reply like any other, and the connection lives', async () => {
  const refusing: Committer = { commit: () => Promise.reject(new KvassError(503, 'The store is away.')) }
  const client = startLoop({ committer: () => refusing }).connect()
  client.receive(create('a', 1), create('b'), { ping: {}, id: 2 })
  await turns()
  expect(outcomes(client)).toEqual([
    [1, 503],
    [0, 503],
    [2, 200],
  ])
})
