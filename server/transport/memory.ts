// A pair of ends in one process: the gateway serves one of them, the other is a duplex for tests and embedding.
import { type Duplex, duplexPair } from 'node:stream'
import type { Heartbeat } from '../connection/heartbeat.ts'
import type { Transport } from '../connection/transport.ts'
import { DuplexTransport } from './duplex.ts'

/** Bytes written to one end are read from the other, uncopied: whoever wrote them must not change them. */
export function memoryPair(heartbeat: Heartbeat): { transport: Transport; client: Duplex } {
  const [ours, client] = duplexPair()
  // An end that is destroyed tells the other nothing by itself.
  client.once('close', () => {
    ours.destroy()
  })
  return { transport: new DuplexTransport('memory', 'memory', ours, heartbeat), client }
}
