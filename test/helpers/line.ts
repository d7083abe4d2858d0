// A light client for tests under load: one TCP connection, requests with ids, each response decoded once. A cut shows
// as a failure of everything under way, as it does to a real client.
import { connect, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { decode, encode, type Message } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'

export class CutError extends Error {}

export class Line {
  readonly socket: Socket
  /** Settles when the connection is over. */
  readonly closed: Promise<void>
  #lastId = 0
  #bytes: Buffer = Buffer.alloc(0)
  readonly #listeners = new Map<number, (response: Message | undefined) => void>()

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => this.#push(chunk))
    socket.on('error', () => {})
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()))
    void this.closed.then(() => {
      for (const listener of [...this.#listeners.values()]) listener(undefined)
      this.#listeners.clear()
    })
  }

  /** Fails if nothing listens there. */
  static open({ host, port }: { host: string; port: number }): Promise<Line> {
    const socket = connect({ host, port, noDelay: true })
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(new Line(socket)))
      socket.once('error', reject)
    })
  }

  /** Sends a request; the listener gets each response, and undefined when the connection is cut. */
  listen(message: Message, listener: (response: Message | undefined) => void): number {
    const id = ++this.#lastId
    if (this.socket.destroyed) queueMicrotask(() => listener(undefined))
    else this.#listeners.set(id, listener)
    this.socket.write(frame(encode('CommandRequest', { ...message, id })))
    return id
  }

  /** Sends a request and returns its one response. Fails with a CutError when the connection is cut. */
  ask(message: Message): Promise<Message> {
    return new Promise((resolve, reject) => {
      const id = this.listen(message, (response) => {
        this.#listeners.delete(id)
        if (response === undefined) reject(new CutError('the connection was cut'))
        else resolve(response)
      })
    })
  }

  /** Stops to hear of a request. */
  forget(id: number): void {
    this.#listeners.delete(id)
  }

  #push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    let at = 0
    for (; this.#bytes.length - at >= 4; ) {
      const header = this.#bytes.readUInt32BE(at)
      const end = at + 4 + (header & 0x7fffffff)
      if (this.#bytes.length < end) break
      const payload = this.#bytes.subarray(at + 4, end)
      const response = decode('CommandResponse', header >>> 31 ? gunzipSync(payload) : payload)
      this.#listeners.get(response.id ?? 0)?.(response)
      at = end
    }
    this.#bytes = this.#bytes.subarray(at)
  }
}
