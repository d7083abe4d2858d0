// A WebSocket client that sends exactly the bytes that a test gives it, whether or not they are allowed, and reads
// frames.
import { connect, type Socket } from 'node:net'

/** How a conversation ended: with an HTTP status in place of an upgrade, a close code, or neither. */
export interface RawEnd {
  readonly http: number | undefined
  readonly code: number | undefined
  /** Bytes of the gateway's messages, or on TCP of its stream. */
  readonly data: Buffer
}

const defaultHeaders = {
  Host: '127.0.0.1',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
}

/** A handshake, whose headers may be changed, or left out where they are undefined. */
export function handshake(changed: Record<string, string | undefined> = {}, requestLine = 'GET /ws HTTP/1.1'): Buffer {
  const headers = Object.entries({ ...defaultHeaders, ...changed }).filter(([, value]) => value !== undefined)
  return Buffer.from(`${requestLine}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
}

/** A frame of WebSocket as a client sends it; `first` is its first byte (FIN, reserved bits, opcode). */
export function wsFrame(content: Uint8Array, first = 0x82, masked = true, declared = content.length): Buffer {
  const mask = masked ? 0x80 : 0
  let head: Buffer
  if (declared < 126) head = Buffer.from([first, mask | declared])
  else if (declared < 65_536) {
    head = Buffer.from([first, mask | 126, 0, 0])
    head.writeUInt16BE(declared, 2)
  } else {
    head = Buffer.alloc(10)
    head[0] = first
    head[1] = mask | 127
    head.writeBigUInt64BE(BigInt(declared), 2)
  }
  // A mask of zeros leaves the content as it is.
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), content])
}

/** Sends bytes to a port, and returns how the other side ended the connection. Fails if it has not within `withinMs`. */
export function converse(port: number, bytes: Uint8Array, kind: 'ws' | 'tcp', withinMs = 20_000): Promise<RawEnd> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const received: Buffer[] = []
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`not ended within ${withinMs} ms, after ${Buffer.concat(received).length} bytes`))
    }, withinMs)
    const finish = () => {
      clearTimeout(timer)
      const all = Buffer.concat(received)
      resolve(kind === 'ws' ? endOf(all) : { http: undefined, code: undefined, data: all })
    }
    socket.on('data', (chunk) => {
      received.push(chunk)
      // The client's half of the closing handshake; the gateway ends the socket after it.
      if (kind === 'ws' && endOf(Buffer.concat(received)).code !== undefined) socket.end()
    })
    // Bytes sent to a side that has ended reset the connection; by then it has said how it ended.
    socket.on('error', () => {})
    socket.on('close', finish)
    socket.write(bytes)
  })
}

/** Parses what a gateway sent: an HTTP status, or messages and a close frame. */
function endOf(bytes: Buffer): RawEnd {
  const headEnd = bytes.indexOf('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(bytes.subarray(0, 12).toString())?.[1])
  const data: Buffer[] = []
  if (status !== 101 || headEnd < 0) return { http: status || undefined, code: undefined, data: Buffer.alloc(0) }
  for (let at = headEnd + 4; at + 2 <= bytes.length; ) {
    let length = bytes[at + 1]! & 0x7f
    let from = at + 2
    if (length === 126 && at + 4 <= bytes.length) [length, from] = [bytes.readUInt16BE(at + 2), at + 4]
    else if (length === 127 && at + 10 <= bytes.length)
      [length, from] = [Number(bytes.readBigUInt64BE(at + 2)), at + 10]
    if (from + length > bytes.length) break
    const content = bytes.subarray(from, from + length)
    if ((bytes[at]! & 15) === 8) {
      return { http: undefined, code: length >= 2 ? content.readUInt16BE() : 1005, data: Buffer.concat(data) }
    }
    if ((bytes[at]! & 15) < 3) data.push(content)
    at = from + length
  }
  return { http: undefined, code: undefined, data: Buffer.concat(data) }
}
