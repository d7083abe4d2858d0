// A pair of ends in one process: the gateway serves one, the other is a duplex for tests and for programs that embed it.
import { type Duplex, duplexPair } from 'node:stream'
import type { Heartbeat } from '../connection/heartbeat.ts'
import type { Transport } from '../connection/transport.ts'
import { DuplexTransport } from './duplex.ts'

/** Bytes written to one end are read from the other without a copy: the writer must not change them afterwards. */
export function memoryPair(heartbeat: Heartbeat): { transport: Transport; client: Duplex } {
  const [ours, client] = duplexPair()
  // Node does not tell an end that the other was destroyed.
  client.once('close', () => {
    ours.destroy()
  })
  return { transport: new DuplexTransport('memory', ours, heartbeat), client }
}
