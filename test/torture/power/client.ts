// One client of the gateway under load: writes to keys of its own over TCP, many requests in flight, and knows what it
// was answered. After the gateway's death it sends again, under their numbers, the writes that have no reply.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Random } from '../../../server/testing/random.ts'
import { Frames, frame, type Reply } from '../gateway-victim.ts'
import type { KeyWrite, Op } from './history.ts'

/** Requests in flight at the most. */
const pipeline = 24
const keys = 40
/** Milliseconds: one that passes while the load runs, and one that never does. */
const ttls = [40, 3_600_000]
const longestText = 300

export class LoadClient {
  /** All writes, in their order. */
  readonly ops: Op[] = []
  /** Replies over all its connections, by the port of its end of each. */
  readonly replies = new Map<number, number>()
  /** Called after each reply. */
  onReply = (): void => {}
  /** A write was refused: the gateway takes none until it is started again. */
  failed = false
  readonly #random: Random
  readonly #name: string
  readonly #id: string
  /** Own keys that are there, by table. */
  readonly #present = new Map<string, Set<string>>([
    ['t', new Set()],
    ['u', new Set()],
  ])
  readonly #scratch: string
  readonly #numbered: boolean
  #requests = new Map<number, { op: Op | undefined; request: object }>()
  #lastRequest = 1
  #lastMutation = 0
  #socket: Socket | undefined

  /** `numbered`: all writes have numbers, so that none is in doubt after the gateway's death. */
  constructor(random: Random, index: number, numbered: boolean) {
    this.#random = random
    this.#name = `c${index}`
    this.#id = random.bytes(16).toString('hex')
    this.#scratch = `scratch ${index}`
    this.#present.set(this.#scratch, new Set())
    this.#numbered = numbered
  }

  get waiting(): number {
    return this.#requests.size
  }

  /** Connects, says hello, and sends again what has no reply. `watches`: it watches a table that all write to. */
  async connect(port: number, watches: boolean): Promise<void> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    // The gateway's death breaks it.
    socket.on('error', () => {})
    await once(socket, 'connect')
    const localPort = socket.localPort!
    this.replies.set(localPort, 0)
    const frames = new Frames((reply) => {
      this.replies.set(localPort, this.replies.get(localPort)! + 1)
      this.#answered(reply)
    })
    socket.on('data', (bytes) => frames.push(bytes))
    this.#socket = socket
    this.failed = false
    socket.write(frame({ hello: { version: 1, client: 'power', clientId: this.#id } }))
    if (watches) socket.write(frame({ watch: { table: 't' }, id: 1 }))
    const again = [...this.#requests.values()]
    this.#requests = new Map()
    for (const { op, request } of again) if (op !== undefined) this.#send(op, request)
  }

  /** Sends some requests, unless enough are in flight. */
  pump(): void {
    while (!this.failed && this.#socket?.writable && this.waiting < pipeline) {
      for (let left = 1 + this.#random.below(8); left > 0; left--) this.#next()
    }
  }

  disconnect(): void {
    this.#socket?.destroy()
  }

  #answered(reply: Reply): void {
    const waiting = this.#requests.get(reply.id ?? 0)
    if (waiting === undefined) return
    const { op } = waiting
    if (op !== undefined && reply.status !== 200) {
      // Not done, or it is not known: it stays among those that wait.
      if (![503, 504, 507].includes(reply.status)) throw new Error(`${reply.status} ${reply.message}`)
      this.failed = true
    } else {
      this.#requests.delete(reply.id!)
      if (op !== undefined) op.revision = Number(reply.revision)
    }
    this.onReply()
  }

  #next(): void {
    const random = this.#random
    const kind = random.below(20)
    if (kind < 2) return this.#send(undefined, { hget: { table: 't', key: this.#key(random.below(keys)) } })
    if (kind < 4) return this.#ttl()
    if (kind < 7) return this.#group('t')
    if (kind < 9) return this.#transaction()
    if (kind < 11) return this.#delete()
    if (kind < 12) return this.#group(this.#scratch)
    if (kind < 13) return this.#drop()
    const [write, pair] = this.#set('t', this.#key(random.below(keys)))
    this.#write([write], { hset: { table: 't', pair } })
  }

  #ttl(): void {
    const ttlMs = this.#random.pick(ttls)
    const [write, pair] = this.#set('t', `${this.#name} ttl ${this.#lastRequest}`, false)
    this.#write([write], { hset: { table: 't', pair, ttlMs } }, ttlMs)
  }

  #group(table: string): void {
    const from = this.#random.below(keys - 4)
    const sets = Array.from({ length: 2 + this.#random.below(3) }, (_, index) =>
      this.#set(table, this.#key(from + index)),
    )
    this.#write(
      sets.map(([write]) => write),
      { hmset: { table, pairs: sets.map(([, pair]) => pair) } },
    )
  }

  #transaction(): void {
    const [one] = this.#set('t', this.#key(this.#random.below(keys)))
    const [other] = this.#set('u', this.#key(this.#random.below(keys)))
    const gone = this.#aPresentKey('u', other.key)
    const deletes = gone === undefined ? [] : [this.#gone('u', gone)]
    const writes = [...[one, other].map(({ table, key, value }) => ({ table, key, value: { string: value } }))]
    this.#write([one, other, ...deletes], {
      transaction: { writes: [...writes, ...deletes.map(({ table, key }) => ({ table, key, delete: true }))] },
    })
  }

  #delete(): void {
    const key = this.#aPresentKey('t')
    if (key !== undefined) this.#write([this.#gone('t', key)], { hdel: { table: 't', key } })
  }

  #drop(): void {
    const table = this.#scratch
    const present = [...this.#present.get(table)!]
    if (present.length > 0)
      this.#write(
        present.map((key) => this.#gone(table, key)),
        { drop: { table } },
      )
  }

  #key(index: number): string {
    return `${this.#name} key ${index}`
  }

  #aPresentKey(table: string, except?: string): string | undefined {
    const present = [...this.#present.get(table)!].filter((key) => key !== except)
    return present.length === 0 ? undefined : this.#random.pick(present)
  }

  #gone(table: string, key: string): KeyWrite {
    this.#present.get(table)!.delete(key)
    return { table, key, value: undefined }
  }

  /** A value that says which write it is of, as it is noted and as it is sent. */
  #set(table: string, key: string, isOwn = true): [KeyWrite, object] {
    const text = `${key} op ${this.ops.length} `
    const value = text.repeat(1 + this.#random.below(Math.floor(longestText / text.length)))
    if (isOwn) this.#present.get(table)!.add(key)
    return [
      { table, key, value },
      { key, value: { string: value } },
    ]
  }

  #write(writes: readonly KeyWrite[], request: object, ttlMs = 0): void {
    const mutation = this.#numbered || this.#random.chance(0.5) ? ++this.#lastMutation : 0
    const op: Op = { client: this.#id, mutation, writes, ttlMs, drops: 'drop' in request, sentAt: 0n, revision: 0 }
    this.ops.push(op)
    this.#send(op, mutation > 0 ? { ...request, mutation } : request)
  }

  #send(op: Op | undefined, request: object): void {
    const id = ++this.#lastRequest
    this.#requests.set(id, { op, request })
    if (op !== undefined && op.sentAt === 0n) op.sentAt = process.hrtime.bigint()
    this.#socket!.write(frame({ ...request, id }))
  }
}
