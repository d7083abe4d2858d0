// The handshake of WebSocket, by `ws`, with the bounds below the frame: one that opens a connection, and one that only
// tells the peer why there is none. Who is let in, server/http/upgrade.ts decides.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { CloseCode } from '../../proto/status.ts'
import { closeTimeoutMs } from './duplex.ts'

/** The subprotocol that a client may offer; none is needed. */
const subprotocol = 'kvass.v1'

/** Bytes of a message at the least, whatever a frame may have: clients batch by concatenating. */
const leastMessageBytes = 1_048_576

/**
 * The `ws` server that does the handshakes and holds the bounds below the frame. A message may carry many frames, so
 * it may be as large as four of the largest; until it is complete it lies in memory, in the pieces that arrived.
 */
export function createWebSocketServer(maxFrameBytes: number): WebSocketServer {
  return handshakes(Math.max(leastMessageBytes, 4 * maxFrameBytes))
}

function handshakes(maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    // A flood of pings is ours to end, with a code that says so.
    maxPendingAutoPongs: 0,
    maxPayload,
    maxFragments: 1_024,
    maxBufferedChunks: 16_384,
    closeTimeout: closeTimeoutMs,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  } as ConstructorParameters<typeof WebSocketServer>[0])
}

/**
 * A function that accepts an upgrade only to close it with this code and a reason: a page sees those, and nothing of what
 * HTTP says. Whatever the peer sends is dropped, and after `closeTimeoutMs` it is cut off.
 */
export function closeAtOnce(
  code: CloseCode,
): (request: IncomingMessage, socket: Duplex, head: Buffer, reason: string) => void {
  // A message of more than a byte ends the reading, so that none is gathered.
  const server = handshakes(1)
  return (request, socket, head, reason) => {
    server.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => {})
      ws.close(code, reason)
    })
  }
}
