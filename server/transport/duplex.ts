// A Node duplex as a transport: the sockets of TCP and TLS, and the server's end of an in-memory pair. It carries bytes
// and nothing else, so a close code has to be sent as a last response.
import type { Duplex } from 'node:stream'
import type { Heartbeat, HeartbeatMember } from '../connection/heartbeat.ts'
import type { Transport, TransportListener } from '../connection/transport.ts'
import { Progress } from './progress.ts'
import { type DescriptorHolder, descriptorOf, holdDescriptor, readShared, writeNow } from './socket.ts'

/** Milliseconds that a peer has to end its side after we ended ours; then the socket is destroyed. */
export const closeTimeoutMs = 3_000

export class DuplexTransport implements Transport, HeartbeatMember, DescriptorHolder {
  readonly hasCloseCodes = false
  readonly peer: string
  listener: TransportListener | undefined
  descriptor = -1
  heartbeatIndex = 0
  readonly #socket: Duplex
  readonly #heartbeat: Heartbeat
  readonly #progress: Progress
  #ended = false

  constructor(peer: string, socket: Duplex, heartbeat: Heartbeat) {
    this.peer = peer
    this.#socket = socket
    this.#heartbeat = heartbeat
    this.#progress = new Progress(socket)
    holdDescriptor(socket, this)
    readShared(socket, (bytes, start, end) => {
      if (!this.#ended) this.listener?.onData(bytes, start, end)
    })
    socket.on('end', () => {
      if (!this.#ended) this.listener?.onEnd()
    })
    // The close that follows says all that the connection needs to know.
    socket.on('error', () => {})
    socket.on('close', () => this.#onClose())
    heartbeat.add(this)
  }

  get queuedBytes(): number {
    return this.descriptor >= 0 ? 0 : this.#socket.writableLength
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#ended) return true
    if (this.descriptor < 0) this.descriptor = descriptorOf(this.#socket)
    const left = this.descriptor < 0 ? start : start + writeNow(this.descriptor, bytes, start, end)
    if (left === end) return true
    this.descriptor = -1
    this.#socket.write(bytes.subarray(left, end), this.#onWritten)
    this.#heartbeat.wake(this)
    return false
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.descriptor = -1
    this.#socket.end()
    // The peer's end shows only to a stream that is read.
    this.#socket.resume()
    const timer = setTimeout(() => this.#socket.destroy(), closeTimeoutMs)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  terminate(): void {
    this.#ended = true
    this.#socket.destroy()
  }

  beat(): number {
    if (this.#progress.moved()) this.listener?.onProgress()
    return this.queuedBytes > 0 ? 0 : Number.POSITIVE_INFINITY
  }

  readonly #onWritten = (error?: Error | null): void => {
    if (!error) this.listener?.onProgress()
  }

  #onClose(): void {
    this.#ended = true
    this.#heartbeat.delete(this)
    this.listener?.onClose()
    this.listener = undefined
  }
}
