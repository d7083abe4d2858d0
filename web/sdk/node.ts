// The SDK in Node: the same, with the WebSocket class of the ws package where none is given, and a faster way for
// what is asked for most.
import { WebSocket } from 'ws'
import { hot } from './hot.ts'
import { SdkKvass } from './kvass.ts'
import { checkPlatform } from './platform.ts'
import type { ConnectOptions, Kvass } from './types.ts'
import { gatewayUrl } from './url.ts'

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
  const { WebSocket = NodeWebSocket } = options
  checkPlatform(WebSocket)
  return new SdkKvass(gatewayUrl(url, globalThis.location?.href), options, WebSocket, hot)
}
