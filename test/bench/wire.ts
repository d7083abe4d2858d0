// The cheapest WebSocket that a load can read from: made by hand, all connections read into one buffer, and no stream or
// event stands between. It knows nothing of what comes over it.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** All connections read into it, one after the other. */
const shared = Buffer.alloc(1 << 17)
/** What was read last: chunks in a row are often of one length, and then of the same bytes of memory. */
let lastChunk = shared

export interface Wire {
  readonly socket: Socket
  /** Takes what comes in; its bytes are there until it returns. */
  onChunk: (chunk: Buffer) => void
}

/** Opens a WebSocket. */
export function openWire(port: number): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const checkUpgrade = (head: Buffer) => {
      if (head.toString('latin1').startsWith('HTTP/1.1 101 ')) resolve(wire)
      else reject(new Error(`the upgrade was refused: ${head}`))
    }
    const callback = (bytes: number) => {
      if (lastChunk.length !== bytes) lastChunk = shared.subarray(0, bytes)
      wire.onChunk(lastChunk)
      return true
    }
    const onread = { buffer: shared, callback }
    const wire: Wire = { socket: connect({ port, host: '127.0.0.1', noDelay: true, onread }), onChunk: checkUpgrade }
    wire.socket.once('error', reject)
    const key = randomBytes(16).toString('base64')
    const lines = ['GET /ws HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Connection: Upgrade', 'Upgrade: websocket']
    wire.socket.write([...lines, 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`, '', ''].join('\r\n'))
  })
}

/** Where the content of the message at `at` begins; -1 while its header is not whole. */
export function messageStart(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) return -1
  const start = at + (bytes[at + 1] === 126 ? 4 : bytes[at + 1] === 127 ? 10 : 2)
  return start > bytes.length ? -1 : start
}

/** How long that content is. */
export function messageBytes(bytes: Buffer, at: number): number {
  const short = bytes[at + 1]!
  return short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? bytes.readUIntBE(at + 4, 6) : short
}
