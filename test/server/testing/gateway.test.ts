// A gateway in memory for the tests of others: on a free port, with clients that end with it.
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { ConfigError } from '../../../server/index.ts'
import { type TestGatewayOptions, testGateway } from '../../../server/testing/index.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import { MapEngine } from '../../helpers/map-engine.ts'
import { dial } from '../../helpers/wire.ts'

async function started(options?: TestGatewayOptions) {
  const gateway = await testGateway(options)
  whenOver(() => gateway.close())
  return gateway
}

test('its clients share what is stored, and each gateway is alone', async () => {
  const [one, other] = [await started(), await started()]
  expect(one.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/ws$/)
  expect(one.url).not.toBe(other.url)
  expect(one.gateway.store.kind).toBe('memory')
  await one.connect().table<string>('t').set('k', 'v')
  expect((await one.connect().table('t').get('k'))?.value).toBe('v')
  expect(await other.connect().table('t').get('k')).toBeUndefined()
  expect(await (await dial.ws(one.url)).ask({ hget: { table: 't', key: 'k' } })).toMatchObject({ status: 200 })
})

test('closing ends the clients, also one that has not connected yet, and the port; again is no error', async () => {
  const { url, gateway, connect, close } = await started()
  const client = connect()
  await client.ready()
  const late = connect()
  await Promise.all([close(), close()])
  await close()
  expect([client.state, late.state, gateway.connections]).toEqual(['closed', 'closed', 0])
  await expect(client.ping()).rejects.toThrow('The client was closed.')
  await expect(dial.ws(url)).rejects.toThrow('ECONNREFUSED')
})

test('options go to the gateway and to the client', async () => {
  const store = new MapEngine()
  const { url, gateway, connect } = await started({ store, maxKeyBytes: 4 })
  expect(gateway.store).toBe(store)
  await expect(connect().table('t').set('longer', 1)).rejects.toThrow('max-key-bytes')
  const opened: string[] = []
  class Noted extends WebSocket {
    constructor(url: string) {
      super(url)
      opened.push(url)
    }
  }
  await connect({ WebSocket: Noted }).ready()
  expect(opened).toEqual([url])
  await expect(testGateway({ maxKeyBites: 4 } as TestGatewayOptions)).rejects.toThrow(ConfigError)
})
