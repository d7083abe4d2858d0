// Values as the gateway keeps them, through a real gateway: each comes back with its type and its text.
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../../web/sdk/node.ts'
import { type Stored, storedTable } from '../../../web/sdk/stored.ts'
import { startGateway } from '../../helpers/gateway.ts'

async function started() {
  const { ws } = await startGateway({ store: 'memory' })
  const kv = connect(ws)
  onTestFinished(() => kv.close())
  return kv
}

test('each type comes back as it was saved, documents as their text', async () => {
  const table = storedTable(await started(), 't')
  const values: Stored[] = [
    {},
    { string: 'ä' },
    { integer: 10 },
    { integer: -(2n ** 63n) },
    { float: 10 },
    { float: -0 },
    { bool: false },
    { binary: Uint8Array.of(0, 255) },
    { json: '{ "a": 9007199254740993, "a": 1e400 }' },
  ]
  for (const [at, value] of values.entries()) {
    const key = `key ${at}`
    const revision = await table.save(key, value, { ifRevision: 0 })
    expect(await table.get(key)).toEqual({ table: 't', key, value, revision })
  }
})

test('a save depends on the revision, and keeps what ends the entry', async () => {
  const kv = await started()
  const table = storedTable(kv, 't')
  const first = await kv.table('t').set('a', 1, { ttl: 60_000, lease: true })
  await expect(table.save('a', { float: 1 }, { ifRevision: 0 })).rejects.toMatchObject({
    status: 409,
    entry: { value: { integer: 1 }, revision: first, leased: true, ttl: expect.any(Number) },
  })
  const second = await table.save('a', { float: 2 }, { ifRevision: first })
  expect(await table.get('a')).toMatchObject({
    value: { float: 2 },
    revision: second,
    leased: true,
    ttl: expect.any(Number),
  })
  await expect(table.save('a', {}, { ifRevision: first })).rejects.toMatchObject({
    status: 409,
    entry: { revision: second },
  })
  await expect(table.delete('a', { ifRevision: first })).rejects.toMatchObject({
    status: 409,
    entry: { value: { float: 2 } },
  })
  await table.delete('a', { ifRevision: second })
  await expect(table.save('a', {}, { ifRevision: second })).rejects.toMatchObject({ status: 409, entry: undefined })
})

test('what cannot be stored is refused before it leaves', async () => {
  const table = storedTable(await started(), 't')
  await expect(table.save('a', { string: '\ud800' }, { ifRevision: 0 })).rejects.toMatchObject({ status: 400 })
  await expect(table.save('a', { json: '"\udc00"' }, { ifRevision: 0 })).rejects.toMatchObject({ status: 400 })
  await expect(table.save('a', {}, { ifRevision: -1 })).rejects.toMatchObject({ status: 400 })
  await expect(table.save('a', { string: 'x'.repeat(600_000) }, { ifRevision: 0 })).rejects.toMatchObject({
    status: 413,
  })
  await expect(table.save('a', { json: '{' }, { ifRevision: 0 })).rejects.toMatchObject({ status: 400 })
})
