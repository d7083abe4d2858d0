// What the SDK needs of the platform that not every one has, said before anything depends on it.
import { KvassError } from '../../proto/status.ts'

/** Throws KvassError 400 that names the class that is missing. */
export function checkPlatform(WebSocket: unknown): void {
  const missing = WebSocket ? !globalThis.DecompressionStream && 'DecompressionStream' : 'WebSocket'
  if (missing) throw new KvassError(400, `This runtime has no ${missing}.`)
}
