// The SDK in Node: the same, with the WebSocket class of the ws package where none is given.
import { WebSocket } from 'ws'
import { connect as connectWith } from './index.ts'
import type { ConnectOptions, Kvass } from './types.ts'

export { KvassError } from '../../proto/status.ts'
export type * from './types.ts'

/** A WebSocket without compression of its own: a frame has one. */
class NodeWebSocket extends WebSocket {
  constructor(url: string) {
    super(url, { perMessageDeflate: false })
  }
}

/** Connects to a gateway, as in a browser; the URL is needed. */
export function connect(url: string | URL, options: ConnectOptions = {}): Kvass {
  return connectWith(url, { WebSocket: NodeWebSocket, ...options })
}
