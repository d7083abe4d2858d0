// The clients that bench "sdk" compares, each behind the same two calls. They know nothing of what is measured.
import { Agent, request } from 'node:http'
import { jetstream, StorageType } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { wsconnect } from '@nats-io/nats-core'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { connect } from '../../web/sdk/node.ts'

export interface Client {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<unknown>
  close(): Promise<unknown>
}

export type System = 'kvass' | 'nats' | 'webdis' | 'socket.io' | 'ws'

const name = 'bench'
/** As many connections as a browser opens to one host over HTTP/1.1. */
export const httpConnections = 6

async function kvass(port: number): Promise<Client> {
  const kv = connect(`ws://127.0.0.1:${port}/ws`)
  const table = kv.table<string>(name)
  return {
    get: async (key) => (await table.get(key))?.value,
    set: (key, value) => table.set(key, value),
    close: () => kv.close(),
  }
}

async function nats(port: number): Promise<Client> {
  // Node 20 has no WebSocket of its own.
  const wsFactory = async (url: string) => {
    const socket = new WebSocket(url, { perMessageDeflate: false }) as unknown as globalThis.WebSocket
    return { socket, encrypted: false }
  }
  const connection = await wsconnect({ servers: `ws://127.0.0.1:${port}`, wsFactory })
  const kv = await new Kvm(jetstream(connection)).create(name, { storage: StorageType.Memory })
  return {
    get: async (key) => (await kv.get(key))?.string(),
    set: (key, value) => kv.put(key, value),
    close: () => connection.close(),
  }
}

async function webdis(port: number): Promise<Client> {
  const agent = new Agent({ keepAlive: true, maxSockets: httpConnections })
  const call = (method: string, path: string, body?: string): Promise<Record<string, unknown>> => {
    return new Promise((resolve, reject) => {
      const sent = request({ agent, host: '127.0.0.1', port, method, path }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
  return {
    get: async (key) => ((await call('GET', `/HGET/${name}/${key}`)).HGET ?? undefined) as string | undefined,
    set: async (key, value) => {
      const { HSET } = await call('PUT', `/HSET/${name}/${key}`, value)
      if (typeof HSET !== 'number') throw new Error(`webdis returned ${JSON.stringify(HSET)} to HSET`)
    },
    close: async () => agent.destroy(),
  }
}

async function socketIo(port: number): Promise<Client> {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] })
  return {
    get: (key) => new Promise((resolve) => socket.emit('get', key, resolve)),
    set: (key, value) => new Promise((resolve) => socket.emit('set', key, value, resolve)),
    close: async () => socket.close(),
  }
}

/** Its server keeps nothing: what is set is kept here, and travels there and back with each call. */
async function ws(port: number): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const values = new Map<string, string>()
  const waiting: ((message: string) => void)[] = []
  let first = 0
  socket.on('message', (message: Buffer) => {
    waiting[first]!(message.toString())
    // An array that is shifted with a thousand waiting would cost more than the message.
    if (++first < 4096) return
    waiting.splice(0, first)
    first = 0
  })
  const echo = (message: string): Promise<string> => {
    return new Promise((resolve) => {
      waiting.push(resolve)
      socket.send(message)
    })
  }
  return {
    get: async (key) => (await echo(key + (values.get(key) ?? ''))).slice(key.length),
    async set(key, value) {
      values.set(key, (await echo(key + value)).slice(key.length))
    },
    close: async () => socket.close(),
  }
}

/** How to connect to each. */
export const clients: Record<System, (port: number) => Promise<Client>> = {
  kvass,
  nats,
  webdis,
  'socket.io': socketIo,
  ws,
}
