// What a user may call a gateway, and the WebSocket URL that it means.
import { KvassError } from '../../proto/status.ts'

const endpoint = '/ws'

/**
 * The URL to connect to. `ws:`, `wss:`, `http:` and `https:` URLs are taken, in a page also relative ones; a URL
 * without a path means the endpoint /ws, and none at all that of the page's own origin. Throws KvassError 400.
 */
export function gatewayUrl(given: string | URL | undefined, page: string | undefined): string {
  let url: URL
  try {
    url = new URL(given ?? endpoint, page)
  } catch {
    throw noUrl(given)
  }
  const protocol = url.protocol.replace(/^http/, 'ws')
  if (!/^wss?:$/.test(protocol)) throw noUrl(given)
  const path = url.pathname === '/' && given !== undefined ? endpoint : url.pathname
  // A fragment never leaves the page, and a WebSocket refuses it.
  return `${protocol}//${url.host}${path}${url.search}`
}

function noUrl(given: string | URL | undefined): KvassError {
  return new KvassError(400, `"${given ?? ''}" is no URL of a gateway: it looks like ws://localhost:5827/ws.`)
}
