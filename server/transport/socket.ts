// What a socket of the system can do below its stream: read into one buffer that all sockets share, and write to its
// descriptor at once. A stream takes a new buffer of 64 KB for each read and an object for each write; without them
// a get at depth 64 costs a third less (`npm run bench -- commands`). Sockets that are no descriptor of the system,
// such as TLS's, keep to their streams.
import { writeSync } from 'node:fs'
import { Socket, type SocketConstructorOpts } from 'node:net'
import type { Duplex } from 'node:stream'

/** Bytes that one read takes at the most. */
const inputBytes = 262_144
const input = Buffer.allocUnsafeSlow(inputBytes)

/** Takes what came in as `bytes[start, end)`, which it may change, and which is there until it returns. */
export type Take = (bytes: Buffer, start: number, end: number) => void

interface Handle {
  readonly fd?: number
  useUserBuffer?(buffer: Uint8Array): void
}

type Handled = Duplex & { readonly _handle?: Handle | null }

/** Where a socket keeps the buffer and the callback of its option `onread`, which only a client's can be given. */
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

/** Who writes to a socket's descriptor. */
export interface Writer {
  /** Where bytes may go past the stream, as nothing waits in it; -1 where they may not, or that is not known. */
  descriptor: number
}

/** The descriptor of a plain connection in which nothing waits; -1 for any other socket, and for one that is closed. */
export function descriptorOf(socket: Handled): number {
  return isPlain(socket) && socket.writableLength === 0 ? (socket._handle?.fd ?? -1) : -1
}

function isPlain(socket: Handled): boolean {
  return Object.getPrototypeOf(socket) === Socket.prototype
}

const writerOf = Symbol('writer')
type Written = Handled & { [writerOf]: Writer }

/**
 * Takes a writer's descriptor from it before the socket closes: the system gives the same number to the next
 * connection. With the number at hand a write to one of many sockets looks at one object of the stream's ten.
 */
export function holdDescriptor(socket: Handled, writer: Writer): void {
  if (!isPlain(socket)) return
  const held = socket as Written
  held[writerOf] = writer
  held._destroy = destroyHeld
}

function destroyHeld(this: Written, error: Error | null, callback: (error?: Error | null) => void): void {
  this[writerOf].descriptor = -1
  Socket.prototype._destroy.call(this, error, callback)
}

/** Gives `take` all that a socket reads from now on: in one buffer for all where it can be, else as its stream has it. */
export function readInto(socket: Handled, take: Take): void {
  socket.on('data', (chunk: Buffer) => take(chunk, 0, chunk.length))
  const handle = socket._handle
  if (onread === undefined || !isPlain(socket) || handle?.useUserBuffer === undefined) return
  const fields = socket as unknown as Record<symbol, unknown>
  fields[onread.buffer] = input
  fields[onread.callback] = (count: number): boolean => {
    // What the stream took before has to be taken first.
    if (socket.readableLength > 0) socket.push(Buffer.from(input.subarray(0, count)))
    else take(input, 0, count)
    return true
  }
  handle.useUserBuffer(input)
}

/** Writes as much of `bytes[start, end)` as the system takes at once; answers how much that is. */
export function writeNow(descriptor: number, bytes: Uint8Array, start: number, end: number): number {
  try {
    return writeSync(descriptor, bytes, start, end - start)
  } catch {
    // It is full, or broken: then the stream's own write meets the same error, and says so.
    return 0
  }
}
