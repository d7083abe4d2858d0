// The browser SDK: a connection to a gateway that is always there, and the tables and topics behind it.
import { SdkKvass } from './kvass.ts'
import { checkPlatform } from './platform.ts'
import type { ConnectOptions, Kvass } from './types.ts'
import { gatewayUrl } from './url.ts'

export { KvassError } from '../../proto/status.ts'
export type * from './types.ts'

/**
 * Connects to a gateway. Answers at once: what is asked of it waits for the connection, for `timeoutMs` at the most.
 *
 * @param url `ws://localhost:5827/ws`, or `http://localhost:5827`, or in a page a relative one; the default is `/ws`
 * on the page's own origin.
 * @throws KvassError 400 when the URL is none, or the platform lacks what the SDK needs.
 */
export function connect(url?: string | URL, options: ConnectOptions = {}): Kvass {
  const { WebSocket = globalThis.WebSocket } = options
  checkPlatform(WebSocket)
  return new SdkKvass(gatewayUrl(url, globalThis.location?.href), options, WebSocket)
}
