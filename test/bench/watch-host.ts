// A gateway in its own process whose memory can be asked for: a second port returns it, after a collection. Run with
// the name of a store and a data directory; prints its TCP port and, behind it in six digits, that second port.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGateway } from '../../server/index.ts'

const [store, data] = process.argv.slice(2) as ['memory' | 'disk', string]
const gateway = await createGateway({ port: 0, tcpPort: 0, store, data })
process.once('SIGTERM', () => void gateway.close().then(() => process.exit()))
const { tcp } = await gateway.listen()
const side = createServer((_request, response) => {
  globalThis.gc!()
  globalThis.gc!()
  response.end(JSON.stringify(process.memoryUsage()))
}).listen(0, '127.0.0.1', () => {
  const port = String((side.address() as AddressInfo).port).padStart(6, '0')
  console.log(new URL(tcp!.replace('tcp:', 'http:')).port + port)
})
