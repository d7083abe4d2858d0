// The whole gateway as a victim: `kvass serve` as built, spoken to over TCP or WebSocket with many commands in flight.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { WebSocket } from 'ws'
import type { Op, Victim, VictimOptions } from './victims.ts'

const root = join(import.meta.dirname, '../..')
const binary = join(root, 'dist/server/main.js')
const messages = new protobuf.Root().loadSync(join(root, 'proto/kv.proto'))
const requestType = messages.lookupType('abi.CommandRequest')
const responseType = messages.lookupType('abi.CommandResponse')

export interface Reply {
  readonly status: number
  readonly id?: number
  readonly message?: string
  readonly revision?: string
  readonly revisions?: string[]
  readonly changes?: { readonly revision: string }[]
  readonly pairs?: { key: string; revision: string; value?: { string?: string } }[]
}

/** Bytes both ways, over whichever socket. */
interface Line {
  send(bytes: Buffer): void
  end(): void
}

type Dial = (urls: { ws: string; tcp: string }, onBytes: (bytes: Buffer) => void) => Promise<Line>

const dials: Record<'tcp' | 'ws', Dial> = {
  async tcp({ tcp }, onBytes) {
    const { hostname, port } = new URL(tcp.replace(/^\w+:/, 'http:'))
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    // The kill breaks it.
    socket.on('error', () => {})
    socket.on('data', onBytes)
    await once(socket, 'connect')
    return { send: (bytes) => socket.write(bytes), end: () => socket.destroy() }
  },
  async ws({ ws }, onBytes) {
    const socket = new WebSocket(ws)
    await once(socket, 'open')
    socket.on('error', () => {})
    socket.on('message', onBytes)
    return { send: (bytes) => socket.send(bytes, () => {}), end: () => socket.terminate() }
  },
}

export const gatewayOver =
  (kind: 'tcp' | 'ws') =>
  (options: VictimOptions): Promise<Victim> =>
    startGateway(dials[kind], options)

async function startGateway(
  dial: Dial,
  { directory, durability, checkpointBytes, onAck }: VictimOptions,
): Promise<Victim> {
  const started = performance.now()
  const args = ['serve', '--port', '0', '--tcp-port', '0', '--data', directory, '--durability', durability]
  const child = spawn(process.execPath, [binary, ...args, '--checkpoint-bytes', String(checkpointBytes)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const first = once(createInterface(child.stdout), 'line') as Promise<[string]>
  const ended = closed.then(() => {
    throw new Error(`the gateway ended: ${errors}`)
  })
  const [line] = await Promise.race([first, ended])
  const readyMs = performance.now() - started
  const [, , ws, tcp] = /listening on (\S+) \((\S+), (\S+)\)$/.exec(line) ?? []
  ended.catch(() => {})
  const waiting: ((reply: Reply) => void)[] = []
  const frames = new Frames((reply) => waiting.shift()!(reply))
  const socket = await dial({ ws: ws!, tcp: tcp! }, (bytes) => frames.push(bytes))
  return {
    openMs: Number(/"openMs":([\d.]+)/.exec(errors)?.[1] ?? Number.NaN),
    readyMs,
    send(ops) {
      for (const { id } of ops) {
        waiting.push(({ status, revision }) => {
          // Refused is not acknowledged; a table to drop need not exist.
          if (status === 200 || status === 404) onAck(id, Number(revision ?? 0))
        })
      }
      socket.send(Buffer.concat(ops.map((op) => frame(requestOf(op)))))
    },
    async dump(table) {
      const reply = await new Promise<Reply>((resolve) => {
        waiting.push(resolve)
        socket.send(frame({ hgetall: { table } }))
      })
      if (reply.status !== 200) throw new Error(`hgetall: ${reply.status} ${reply.message}`)
      return new Map(
        (reply.pairs ?? []).map(({ key, value, revision }) => [
          key,
          { value: value?.string ?? '', revision: Number(revision) },
        ]),
      )
    },
    async kill() {
      child.kill('SIGKILL')
      await closed
      socket.end()
    },
  }
}

function requestOf({ kind, table, keys, value }: Op): object {
  if (kind === 'set') return { hset: { table, pair: { key: keys[0], value: { string: value } } } }
  if (kind === 'delete') return { hdel: { table, key: keys[0] } }
  if (kind === 'group') return { hmset: { table, pairs: keys.map((key) => ({ key, value: { string: value } })) } }
  return { drop: { table } }
}

export function frame(request: object): Buffer {
  const payload = requestType.encode(requestType.fromObject(request)).finish()
  const bytes = Buffer.alloc(4 + payload.length)
  bytes.writeUInt32BE(payload.length)
  bytes.set(payload, 4)
  return bytes
}

/** Cuts bytes into replies. */
export class Frames {
  #bytes: Buffer = Buffer.alloc(0)
  readonly #onReply: (reply: Reply) => void

  constructor(onReply: (reply: Reply) => void) {
    this.#onReply = onReply
  }

  push(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    while (this.#bytes.length >= 4) {
      const head = this.#bytes.readUInt32BE()
      const end = 4 + (head & 0x7fffffff)
      if (this.#bytes.length < end) return
      const payload = this.#bytes.subarray(4, end)
      const bytes = head >>> 31 ? gunzipSync(payload) : payload
      this.#bytes = this.#bytes.subarray(end)
      this.#onReply(responseType.toObject(responseType.decode(bytes), { longs: String }) as Reply)
    }
  }
}
