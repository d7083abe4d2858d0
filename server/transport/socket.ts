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

/** The descriptor of a plain connection; -1 for any other socket, and for one that is closed. */
function descriptorOf(socket: Handled): number {
  return Object.getPrototypeOf(socket) === Socket.prototype ? (socket._handle?.fd ?? -1) : -1
}

/** Gives `take` all that a socket reads from now on: in one buffer for all where it can be, else as its stream has it. */
export function readInto(socket: Handled, take: Take): void {
  socket.on('data', (chunk: Buffer) => take(chunk, 0, chunk.length))
  const handle = socket._handle
  if (onread === undefined || descriptorOf(socket) < 0 || handle?.useUserBuffer === undefined) return
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
export function writeNow(socket: Handled, bytes: Uint8Array, start: number, end: number): number {
  const fd = descriptorOf(socket)
  if (fd < 0 || socket.writableLength > 0) return 0
  try {
    return writeSync(fd, bytes, start, end - start)
  } catch {
    // It is full, or broken: then the stream's own write meets the same error, and says so.
    return 0
  }
}
