// The browser SDK: a connection to a gateway that is always there, and the tables and topics behind it.
import { KvassError } from '../../proto/status.ts'
import { SdkKvass } from './kvass.ts'
import type { ConnectOptions, Kvass } from './types.ts'
import { gatewayUrl } from './url.ts'

export { KvassError } from '../../proto/status.ts'
export type * from './types.ts'

/**
 * Connects to a gateway. Answers at once: what is asked of it waits for the connection, for `timeoutMs` at the most.
 *
 * @param url `ws://localhost:5827/ws`, or `http://localhost:5827`, or in a page a relative one; the default is `/ws`
 * on the page's own origin.
 * @throws KvassError 400 when the URL is none, or there is no WebSocket class.
 */
export function connect(url?: string | URL, options: ConnectOptions = {}): Kvass {
  const WebSocket = options.WebSocket ?? globalThis.WebSocket
  if (!WebSocket) {
    throw new KvassError(400, 'This runtime has no WebSocket class: give one as the option WebSocket.')
  }
  return new SdkKvass(gatewayUrl(url, globalThis.location?.href), options, WebSocket)
}
