// The ways past a socket's stream: reading into one buffer that all sockets share, and writing to the descriptor at once.
// A stream allocates a buffer of 64 KB for each read and an object for each write; past it a get at depth 64 costs a third
// less and a set half (`npm run bench -- commands`). Sockets without a descriptor, such as TLS's, use their streams.
import { writeSync } from 'node:fs'
import { Socket, type SocketConstructorOpts } from 'node:net'
import type { Duplex } from 'node:stream'

/** Bytes that one read takes at the most: four times those of a stream, since the one buffer costs nothing more. */
const inputBytes = 262_144
const input = Buffer.allocUnsafeSlow(inputBytes)

/** Called with what came in, `bytes[start, end)`. It may change the bytes; after the call they are overwritten. */
export type OnBytes = (bytes: Buffer, start: number, end: number) => void

interface Handle {
  readonly fd?: number
  useUserBuffer?(buffer: Uint8Array): void
}

type HandleSocket = Duplex & { readonly _handle?: Handle | null }

/** Where a socket keeps the buffer and the callback of its option `onread`, which Node offers only to a client's socket. */
function onreadProperties(): { buffer: symbol; callback: symbol } | undefined {
  const onread = { buffer: Buffer.alloc(1), callback: () => true }
  const socket = new Socket({ onread } as SocketConstructorOpts)
  const fields = socket as unknown as Record<symbol, unknown>
  const find = (value: unknown) => Object.getOwnPropertySymbols(socket).find((symbol) => fields[symbol] === value)
  const [buffer, callback] = [find(onread.buffer), find(onread.callback)]
  socket.destroy()
  return buffer === undefined || callback === undefined ? undefined : { buffer, callback }
}

const onread = onreadProperties()

/** What keeps a socket's descriptor to write to it. */
export interface DescriptorHolder {
  /** Where bytes may be written past the stream, as nothing waits in it; -1 where they may not, or that is not known. */
  descriptor: number
}

/** The descriptor of a plain connection in which nothing waits; -1 for any other socket, and for one that is closed. */
export function descriptorOf(socket: HandleSocket): number {
  return isPlain(socket) && socket.writableLength === 0 ? (socket._handle?.fd ?? -1) : -1
}

function isPlain(socket: HandleSocket): boolean {
  return Object.getPrototypeOf(socket) === Socket.prototype
}

const holderOf = Symbol('holder')
type HeldSocket = HandleSocket & { [holderOf]: DescriptorHolder }

/**
 * Lets a holder keep the descriptor until the socket is destroyed: then it becomes -1, because the system gives the same
 * number to the next connection. With it at hand a write reads one object, where the way over the stream reads ten.
 */
export function holdDescriptor(socket: HandleSocket, holder: DescriptorHolder): void {
  if (!isPlain(socket)) return
  const held = socket as HeldSocket
  held[holderOf] = holder
  held._destroy = destroyHeld
}

function destroyHeld(this: HeldSocket, error: Error | null, callback: (error?: Error | null) => void): void {
  this[holderOf].descriptor = -1
  Socket.prototype._destroy.call(this, error, callback)
}

/** Calls `onBytes` with all that a socket reads from now on: in the shared buffer where that can be, else in chunks. */
export function readShared(socket: HandleSocket, onBytes: OnBytes): void {
  socket.on('data', (chunk: Buffer) => onBytes(chunk, 0, chunk.length))
  const handle = socket._handle
  if (onread === undefined || !isPlain(socket) || handle?.useUserBuffer === undefined) return
  const fields = socket as unknown as Record<symbol, unknown>
  fields[onread.buffer] = input
  fields[onread.callback] = (count: number): boolean => {
    // What the stream holds already comes first.
    if (socket.readableLength > 0) socket.push(Buffer.from(input.subarray(0, count)))
    else onBytes(input, 0, count)
    return true
  }
  handle.useUserBuffer(input)
}

/** Writes as much of `bytes[start, end)` as the system takes at once. Returns the number of bytes; 0 where that failed. */
export function writeNow(descriptor: number, bytes: Uint8Array, start: number, end: number): number {
  try {
    return writeSync(descriptor, bytes, start, end - start)
  } catch {
    // It takes no more now, or is broken: then the stream's write fails too, and reports it.
    return 0
  }
}
