// A gateway for the tests of clients: it speaks the protocol through ws and protobufjs, keeps entries in a map, and
// misbehaves as a test tells it to. It shares only the schema with the gateway and the SDK.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { type WebSocket, WebSocketServer } from 'ws'
import { whenOver } from './cleanup.ts'
import { type Queue, queue } from './queue.ts'

const root = new protobuf.Root().loadSync(fileURLToPath(new URL('../../proto/kv.proto', import.meta.url)))
const CommandRequest = root.lookupType('abi.CommandRequest')
const CommandResponse = root.lookupType('abi.CommandResponse')

// biome-ignore lint/suspicious/noExplicitAny: messages of any shape, right or wrong.
type Fields = any

export interface FakeRequest {
  readonly command: string
  readonly id: number
  /** The number of a write; 0 where it has none. */
  readonly mutation: number
  readonly ageMs: number
  readonly fields: Fields
  readonly gzip: boolean
}

/** How a test may have it misbehave. */
export interface Faults {
  /** Returns the responses to a request; undefined leaves it to the fake. */
  answer?(request: FakeRequest, connection: FakeConnection): Fields[] | undefined
  /** Every reply is compressed. */
  gzipReplies?: boolean
  /** Replies are cut into WebSocket messages of this many bytes. */
  splitBytes?: number
  /** The limits in the welcome. */
  limits?: Fields
  /** The mutation window in the welcome. */
  mutationWindow?: number
  /** Requests take effect, and their replies are never sent. */
  loseReplies?: boolean
}

export class FakeConnection {
  /** The requests of each WebSocket message. */
  readonly messages: Queue<FakeRequest[]> = queue('message')
  readonly requests: FakeRequest[] = []
  readonly #gateway: FakeGateway
  readonly #socket: WebSocket
  readonly #subscriptions = new Map<number, string>()

  constructor(gateway: FakeGateway, socket: WebSocket) {
    this.#gateway = gateway
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      const requests = readRequests(data)
      this.requests.push(...requests)
      this.messages.push(requests)
      for (const request of requests) this.#respond(request)
    })
  }

  /** Settles when the client has gone. */
  get closed(): Promise<unknown> {
    return this.#socket.readyState === this.#socket.CLOSED ? Promise.resolve() : once(this.#socket, 'close')
  }

  reply(...responses: Fields[]): void {
    this.send(Buffer.concat(responses.map((response) => frameOf(response, this.#gateway.faults.gzipReplies ?? false))))
  }

  /** Sends bytes as they are, in messages of `splitBytes`. */
  send(bytes: Uint8Array | string): void {
    const { splitBytes = bytes.length } = this.#gateway.faults
    if (typeof bytes === 'string') this.#socket.send(bytes)
    else for (let at = 0; at < bytes.length; at += splitBytes) this.#socket.send(bytes.subarray(at, at + splitBytes))
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason)
  }

  /** Ends the connection without a close frame. */
  drop(): void {
    this.#socket.terminate()
  }

  /** Sends the first part of a reply and ends the connection. */
  dropMidFrame(response: Fields): void {
    const bytes = frameOf(response, false)
    this.#socket.send(bytes.subarray(0, bytes.length - 3), () => this.drop())
  }

  publish(topic: string, response: Fields): void {
    for (const [id, name] of this.#subscriptions) if (name === topic) this.reply({ status: 200, ...response, id })
  }

  #respond(request: FakeRequest): void {
    const { id, command, fields } = request
    const responses = this.#gateway.faults.answer?.(request, this)
    if (command === 'subscribe' && !responses) this.#subscriptions.set(id, fields.topic)
    if (command === 'cancel') this.#subscriptions.delete(fields.request)
    for (const response of responses ?? [this.#gateway.executeOnce(request)]) {
      if (!this.#gateway.faults.loseReplies) this.reply({ id, ...response })
    }
  }
}

export class FakeGateway {
  readonly url: string
  readonly faults: Faults
  readonly connections: FakeConnection[] = []
  /** Connections in the order in which they were opened. */
  readonly arrivals: Queue<FakeConnection> = queue('connection')
  readonly tables = new Map<string, Map<string, { value: Fields; revision: number }>>()
  revision = 0
  epoch = 'e'
  /** The replies to writes that have a number. */
  readonly #done = new Map<number, Fields>()
  readonly #server: WebSocketServer

  constructor(server: WebSocketServer, faults: Faults) {
    this.#server = server
    this.url = `ws://127.0.0.1:${(server.address() as { port: number }).port}/ws`
    this.faults = faults
    server.on('connection', (socket) => {
      const connection = new FakeConnection(this, socket)
      this.connections.push(connection)
      this.arrivals.push(connection)
    })
  }

  /** Every request so far, on any connection. */
  get requests(): FakeRequest[] {
    return this.connections.flatMap(({ requests }) => requests)
  }

  stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** Does a request, but a write only if it has not been done yet. There is one client. */
  executeOnce({ command, fields, mutation }: FakeRequest): Fields {
    const reply = this.#done.get(mutation) ?? this.execute(command, fields)
    if (mutation > 0) this.#done.set(mutation, reply)
    return reply
  }

  execute(command: string, fields: Fields): Fields {
    const table = this.tables.get(fields.table) ?? new Map()
    const entries = (keys: string[]) => {
      const found = keys.map((key) => table.get(key))
      return {
        status: 200,
        values: found.map((entry) => entry?.value ?? {}),
        revisions: found.map((entry) => entry?.revision ?? 0),
      }
    }
    switch (command) {
      case 'hello':
        return { status: 200, welcome: this.#welcome() }
      case 'subscribe':
        return { status: 200, values: [{ integer: 1 }] }
      case 'hget': {
        const entry = table.get(fields.key)
        if (!entry) return { status: 404, message: `There is no key "${fields.key}".` }
        return { status: 200, values: [entry.value], revision: entry.revision }
      }
      case 'hset':
        return this.#set(fields.table, [fields.pair])
      case 'hmset':
        return this.#set(fields.table, fields.pairs)
      case 'hexist':
        return { status: 200, values: [{ bool: table.has(fields.key) }] }
      case 'hmget':
        return entries(fields.keys)
      case 'hmdel': {
        const reply = entries(fields.keys)
        for (const key of fields.keys) table.delete(key)
        return reply
      }
      case 'range': {
        const from = fields.cursor ? Buffer.from(fields.cursor).toString() : ''
        const keys = [...table.keys()].sort().filter((key) => key > from && key.startsWith(fields.prefix ?? ''))
        const taken = keys.slice(0, fields.limit)
        const pairs = taken.map((key) => ({ key, ...table.get(key) }))
        return taken.length < keys.length
          ? { status: 200, pairs, cursor: Buffer.from(taken.at(-1)!) }
          : { status: 200, pairs }
      }
      default:
        return { status: 200 }
    }
  }

  #set(name: string, pairs: Fields[]): Fields {
    if (!this.tables.has(name)) this.tables.set(name, new Map())
    this.revision++
    for (const { key, value } of pairs) this.tables.get(name)!.set(key, { value: value ?? {}, revision: this.revision })
    return { status: 200, revision: this.revision }
  }

  #welcome(): Fields {
    const limits = {
      maxFrameBytes: 1_048_576,
      maxKeyBytes: 1_024,
      maxValueBytes: 524_288,
      maxElements: 4_096,
      maxRequests: 256,
    }
    const identity = { version: 1, server: 'fake/1', session: 's', epoch: this.epoch, durability: 2 }
    const { mutationWindow = 1_024 } = this.faults
    return { ...identity, mutationWindow, limits: { ...limits, ...this.faults.limits } }
  }
}

/** A fake on a free port, which stops when the test is over. */
export async function startFakeGateway(faults: Faults = {}, port = 0): Promise<FakeGateway> {
  const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false, closeTimeout: 100 } as object)
  await once(server, 'listening')
  const gateway = new FakeGateway(server, faults)
  whenOver(() => gateway.stop())
  return gateway
}

/** A response as a frame. */
export function frameOf(response: Fields, gzip: boolean): Buffer {
  const bytes = CommandResponse.encode(CommandResponse.fromObject(response)).finish()
  const payload = gzip ? gzipSync(bytes) : Buffer.from(bytes)
  const header = Buffer.alloc(4)
  header.writeUInt32BE((payload.length | (gzip ? 0x8000_0000 : 0)) >>> 0)
  return Buffer.concat([header, payload])
}

/** The requests of a message; the SDK sends whole frames in each. */
function readRequests(data: Buffer): FakeRequest[] {
  const requests: FakeRequest[] = []
  for (let at = 0; at < data.length; ) {
    const header = data.readUInt32BE(at)
    const end = at + 4 + (header & 0x7fff_ffff)
    const gzip = header >>> 31 === 1
    const payload = data.subarray(at + 4, end)
    const message = CommandRequest.decode(gzip ? gunzipSync(payload) : payload)
    const {
      id = 0,
      mutation = 0,
      ageMs = 0,
      ...rest
    }: Fields = CommandRequest.toObject(message, { longs: String, bytes: Array })
    const [command = '', fields = {}] = Object.entries(rest)[0] ?? []
    requests.push({ command, id, mutation: Number(mutation), ageMs, fields, gzip })
    at = end
  }
  return requests
}
