// The gateway as a library: listening, in-memory connections, the end of it all, and a Fastify app that hosts it.
import { once } from 'node:events'
import { createServer } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  createGateway,
  type Engine,
  type GatewayOptions,
  kvassPlugin,
  type PluginOptions,
  UnsafeConfigError,
} from '../../server/index.ts'
import { MemoryEngine } from '../../server/store/memory/engine.ts'
import { connect } from '../../web/sdk/node.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { startGateway } from '../helpers/gateway.ts'
import { MapEngine } from '../helpers/map-engine.ts'
import { queue } from '../helpers/queue.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { dial, request } from '../helpers/wire.ts'

const set = (key: string, id = 0) => request({ id, hset: { table: 't', pair: { key, value: { string: key } } } })

async function create(options: GatewayOptions = {}) {
  const gateway = await createGateway({ store: 'memory', port: 0, ...options })
  whenOver(() => gateway.close())
  return gateway
}

describe('opening', () => {
  test('a wrong option is refused before anything is opened', async () => {
    await expect(createGateway({ prot: 1 } as GatewayOptions)).rejects.toThrow(ConfigError)
    await expect(createGateway({ port: 70_000 })).rejects.toThrow('port must be a whole number from 0 to 65535')
    await expect(createGateway({ host: '0.0.0.0' })).rejects.toThrow(UnsafeConfigError)
    const tls = { tlsCert: '/nowhere/cert.pem', tlsKey: '/nowhere/key.pem' }
    await expect(createGateway(tls)).rejects.toThrow('tls-cert must be a file that can be read: ENOENT')
  })

  test('a port in use is told in one sentence, and the store is let go', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    whenOver(() => other.close())
    const { port } = other.address() as { port: number }
    const data = temporaryFolder()
    const refused = await createGateway({ port, data })
    const sentence = `cannot listen on 127.0.0.1:${port}: the port is in use`
    await expect(refused.listen()).rejects.toThrow(sentence)
    const tcp = await createGateway({ port: 0, tcpPort: port, data })
    await expect(tcp.listen()).rejects.toThrow(sentence)
    const { http } = await startGateway({ data })
    expect((await fetch(`${http}/readyz`)).status).toBe(200)
  })

  test('a data directory in use by another gateway is refused', async () => {
    const data = temporaryFolder()
    await create({ store: 'disk', data })
    await expect(createGateway({ store: 'disk', data })).rejects.toThrow(data)
  })

  test('listens on loopback names and on IPv6', async () => {
    for (const host of ['localhost', '::1']) {
      const gateway = await create({ host, tcpPort: 0 })
      const { http, ws, tcp } = await gateway.listen()
      const shown = host === '::1' ? '[::1]' : host
      expect(http).toMatch(new RegExp(`^http://${shown.replace(/[[\]]/g, '\\$&')}:\\d+$`))
      expect(tcp).toContain(`tcp://${shown}:`)
      expect(await (await dial.ws(ws)).ask({ id: 1, ping: {} })).toEqual({ status: 200, id: 1 })
    }
  })
})

test('what was written over one transport is read over the others', async () => {
  const { gateway, ws, tcpPort } = await startGateway()
  const clients = [await dial.ws(ws), await dial.tcp(tcpPort), dial.duplex(gateway.connect())]
  for (const [index, client] of clients.entries()) {
    client.send(set(`k${index}`))
    await client.next()
  }
  for (const client of clients) {
    const { values } = await client.ask({ hmget: { table: 't', keys: ['k0', 'k1', 'k2'] } })
    expect(values).toEqual([{ string: 'k0' }, { string: 'k1' }, { string: 'k2' }])
  }
})

test('hooks see each command', async () => {
  const seen = queue<string>('hook')
  const hook = {
    received: () => seen.push('received'),
    executed: () => seen.push('executed'),
    afterSend: () => seen.push('sent'),
  }
  const gateway = await create({ hooks: [hook] })
  await dial.duplex(gateway.connect()).ask({ ping: {} })
  expect(await seen.take(3)).toEqual(['received', 'executed', 'sent'])
})

describe('an engine of your own', () => {
  const value = { string: 'v' }
  const conversation = [
    { hset: { table: 't', pair: { key: 'a', value } } },
    { id: 2, hset: { table: 't', pair: { key: 'a', value: { integer: '9007199254740993' } } } },
    { hget: { table: 't', key: 'a' } },
    { id: 4, hget: { table: 't', key: 'missing' } },
    { id: 5, hget: { table: '', key: 'a' } },
    { id: 6, hset: { table: 't', pair: { key: 'k'.repeat(2_000), value } } },
    { hmset: { table: 't', pairs: ['b', 'c'].map((key) => ({ key, value })) } },
    { id: 8, hdel: { table: 't', key: 'b' } },
    { hgetall: { table: 't' } },
    { id: 10, hset: { table: 't', pair: { key: 'd', value }, ttl: 60_000 } },
    { id: 11, tables: {} },
    { id: 12, drop: { table: 't' } },
    { hget: { table: 't', key: 'a' } },
  ]

  test('is served like the others, without direct access too: command by command, and many at once', async () => {
    const engines = [new MapEngine(), new MemoryEngine(), new MapEngine(), new MemoryEngine()]
    expect(engines.map(({ direct }: Engine) => direct === undefined)).toEqual([true, false, true, false])
    const [maps, memory, ...atOnce] = await Promise.all(
      engines.map(async (store, index) => {
        const gateway = await create({ store })
        const client = dial.duplex(gateway.connect())
        const replies = []
        if (index < 2) for (const message of conversation) replies.push(await client.ask(message))
        else {
          client.send(Buffer.concat(conversation.map(request)))
          for (const _ of conversation) replies.push(await client.next())
        }
        return replies
      }),
    )
    expect(maps).toEqual(memory)
    expect(atOnce).toEqual([memory, memory])
    expect(maps!.map(({ status }) => status)).toEqual([200, 200, 200, 404, 400, 400, 200, 200, 200, 200, 200, 200, 404])
  })

  test('tells of itself by its name, and closes with the gateway', async () => {
    const store = new MapEngine()
    const { gateway, http } = await startGateway({ store })
    expect(gateway.store).toBe(store)
    expect(await (await fetch(`${http}/readyz`)).json()).toMatchObject({ store: 'maps' })
    const metrics = await (await fetch(`${http}/metrics`)).text()
    expect(metrics).toContain('kvass_store_entries 0')
    expect(metrics).not.toContain('kvass_store_log_bytes')
    await gateway.close()
    expect(() => store.set('t', 'k', Buffer.from('v'), 0, 1)).toThrow('closed')
  })

  test('watches, expiry, increments and conditions work on it', async () => {
    const { ws } = await startGateway({ store: new MapEngine() })
    const kv = connect(ws)
    whenOver(() => kv.close())
    const table = kv.table<number>('t')
    const changes = table.watch()
    await changes.ready
    await table.increment('count', 2)
    await table.increment('count', 3)
    await table.set('brief', 1, { ttl: 1 })
    const seen: string[] = []
    for await (const change of changes) {
      seen.push(`${change.type} ${'key' in change ? change.key : ''}`)
      if (change.type === 'delete') break
    }
    expect(seen.filter((text) => text.startsWith('delete'))).toEqual(['delete brief'])
    expect((await table.get('count'))?.value).toBe(5)
    await expect(table.set('count', 0, { ifAbsent: true })).rejects.toMatchObject({ status: 409 })
  })

  test('is told from a store by name, and from an object that is none', async () => {
    const none = { get() {}, set() {}, close() {} } as unknown as Engine
    const refusal =
      'store must be "disk", "memory" or an engine, and this object has no revisionOf, safeRevisionOf, whenSafe, pressure, ' +
      'delete, apply, range, count, tables, drop, changes, stats'
    await expect(createGateway({ store: none })).rejects.toThrow(new ConfigError(refusal))
    await expect(createGateway({ store: null as never })).rejects.toThrow('store must be')
    const app = Fastify()
    whenOver(() => app.close())
    await expect(async () => app.register(kvassPlugin, { store: none })).rejects.toThrow(refusal)
  })
})

describe('closing', () => {
  test('every command under way gets its answer, then each stream ends as 1001', async () => {
    const { gateway, ws, tcpPort } = await startGateway()
    const socket = await dial.ws(ws)
    const stream = await dial.tcp(tcpPort)
    const count = 2_000
    const writes = Buffer.concat(Array.from({ length: count }, (_, index) => set(`k${index}`, index + 1)))
    socket.send(writes)
    stream.send(writes)
    // The first answer shows that the commands have come in.
    const first = [await socket.next(), await stream.next()]
    const closed = gateway.close()
    const replies = [await socket.frames.take(count - 1), await stream.frames.take(count - 1)]
    expect(first.map(({ status }) => status)).toEqual([200, 200])
    expect(replies.map((frames) => frames.length)).toEqual([count - 1, count - 1])
    expect(await stream.next()).toEqual({ status: 1001, message: 'going away' })
    expect(await socket.closed).toEqual({ code: 1001, reason: 'going away' })
    await stream.closed
    await closed
  })

  test('what was acknowledged is there when it opens again', async () => {
    const data = temporaryFolder()
    const first = await startGateway({ data })
    const client = await dial.ws(first.ws)
    client.send(set('kept'))
    await client.next()
    await first.gateway.close()
    const second = await startGateway({ data })
    const again = await dial.ws(second.ws)
    expect(await again.ask({ hget: { table: 't', key: 'kept' } })).toMatchObject({ values: [{ string: 'kept' }] })
  })

  test('a peer that takes nothing is ended by force after drainTimeoutMs', async () => {
    const { gateway, tcpPort } = await startGateway({ store: 'memory', drainTimeoutMs: 200 })
    const client = await dial.tcp(tcpPort)
    const binary = Buffer.alloc(400_000)
    for (let index = 0; index < binary.length; index += 4) binary.writeUInt32LE((index * 2_654_435_761) >>> 0, index)
    await client.ask({ hset: { table: 't', pair: { key: 'k', value: { binary } } } })
    client.pause()
    const get = request({ hget: { table: 't', key: 'k' } })
    client.send(Buffer.concat(Array.from({ length: 100 }, () => get)))
    await gateway.close()
    expect(gateway.connections).toBe(0)
  })

  test('is idempotent, also before it listens and while it does', async () => {
    const gateway = await create()
    await Promise.all([gateway.close(), gateway.close()])
    await gateway.close()
    const other = await create()
    await other.listen()
    await Promise.all([other.close(), other.close()])
  })

  test('an in-memory connection that comes too late is told 1001', async () => {
    const gateway = await create()
    await gateway.close()
    const client = dial.duplex(gateway.connect())
    expect(await client.next()).toEqual({ status: 1001, message: 'going away' })
    await client.closed
  })
})

describe('plugin', () => {
  const register = (app: FastifyInstance, options: PluginOptions) => app.register(kvassPlugin, options)

  async function host(options: object) {
    const app = Fastify()
    whenOver(() => app.close())
    app.get('/own', () => 'own')
    await register(app, { store: 'memory', ...options })
    const http = await app.listen({ port: 0, host: '127.0.0.1' })
    return { app, http, ws: http.replace('http', 'ws') }
  }

  test('serves below the prefix, and leaves the rest to the app', async () => {
    const { http, ws } = await host({ prefix: '/kvass' })
    const client = await dial.ws(`${ws}/kvass/ws`)
    expect(await client.ask({ id: 1, ping: {} })).toEqual({ status: 200, id: 1 })
    expect((await fetch(`${http}/kvass/readyz`)).status).toBe(200)
    expect(await (await fetch(`${http}/kvass/metrics`)).text()).toContain('kvass_connections 1')
    const own = await fetch(`${http}/own`)
    expect(await own.text()).toBe('own')
    expect(own.headers.get('content-security-policy')).toBeNull()
    expect((await fetch(`${http}/readyz`)).status).toBe(404)
  })

  test('leaves upgrades of other paths to their listeners', async () => {
    const { app, ws } = await host({ prefix: '/kvass' })
    app.server.on('upgrade', (upgrade, socket) => {
      if (upgrade.url === '/other') socket.end('HTTP/1.1 418 I am another\r\nContent-Length: 0\r\n\r\n')
    })
    await expect(dial.ws(`${ws}/other`)).rejects.toThrow('418')
  })

  test('two gateways in one app are two', async () => {
    const app = Fastify()
    whenOver(() => app.close())
    for (const prefix of ['/a', '/b']) await register(app, { store: 'memory', prefix })
    const ws = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
    const [a, b] = [await dial.ws(`${ws}/a/ws`), await dial.ws(`${ws}/b/ws`)]
    a.send(set('k'))
    expect(await a.next()).toMatchObject({ status: 200 })
    expect(await b.ask({ hget: { table: 't', key: 'k' } })).toMatchObject({ status: 404 })
  })

  test('closing the app drains the gateway: the open WebSocket ends as 1001', async () => {
    const { app, ws } = await host({})
    const client = await dial.ws(`${ws}/ws`)
    client.send(set('k', 1))
    expect(await client.next()).toMatchObject({ status: 200, id: 1 })
    const closed = app.close()
    expect((await client.closed).code).toBe(1001)
    await closed
  })

  test('a wrong option fails the registration', async () => {
    const app = Fastify()
    whenOver(() => app.close())
    await expect(async () => register(app, { stor: 'memory' } as object)).rejects.toThrow(
      'unknown option stor: did you mean store?',
    )
  })
})
