// A gateway in memory for the tests of those who use one, and clients of it that end with it.
import { connect } from '../../web/sdk/node.ts'
import type { ConnectOptions, Kvass } from '../../web/sdk/types.ts'
import { createGateway, type Gateway, type GatewayOptions } from '../gateway.ts'

/** The options of `createGateway` without the port, which is a free one. */
export type TestGatewayOptions = Omit<GatewayOptions, 'port'>

/** A gateway that listens, and a way to clients of it. */
export interface TestGateway {
  /** Where its WebSocket is, for a client of your own or a page: such as "ws://127.0.0.1:40123/ws". */
  readonly url: string
  /** For what else a test needs: `gateway.store`, `gateway.app`, a stream of bytes by `gateway.connect()`. */
  readonly gateway: Gateway
  /** Connects a client of the SDK, which `close` ends; each call is another one. */
  connect(options?: ConnectOptions): Kvass
  /** Ends its clients, then the gateway; what it held is gone. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts a gateway on a free port of 127.0.0.1 with an empty store in memory, unless options say otherwise. Throws ConfigError
 * for a wrong option.
 */
export async function testGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gateway = await createGateway({ store: 'memory', ...options, port: 0 } as GatewayOptions)
  const { ws: url } = await gateway.listen()
  const clients = new Set<Kvass>()
  return {
    url,
    gateway,
    connect(connectOptions) {
      const client = connect(url, connectOptions)
      clients.add(client)
      return client
    },
    async close() {
      await Promise.all([...clients].map((client) => client.close()))
      await gateway.close()
    },
  }
}
