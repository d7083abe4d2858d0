// A TCP proxy before a server that cuts connections, as a bad network does: the first ones in the middle, or all that
// there are when a test says so.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { whenOver } from './cleanup.ts'

/** For each connection in turn, after how many bytes of that direction it is cut; later ones live. */
export interface Cuts {
  readonly fromClient?: readonly number[]
  readonly fromServer?: readonly number[]
}

export interface Proxy {
  readonly port: number
  /** How many connections it has cut. */
  readonly cuts: number
  /** Whether it takes connections; false: it ends each at once. Default true. */
  isOpen: boolean
  /** Cuts all connections. */
  cut(): void
  /** Lets nothing through any more on the connections there are, and does not end them: a network that is gone. */
  mute(): void
}

export async function startProxy(targetPort: number, { fromClient = [], fromServer = [] }: Cuts = {}): Promise<Proxy> {
  let connections = 0
  let cuts = 0
  const sockets = new Set<Socket>()
  const muted = new WeakSet<Socket>()

  /** Hands on at most `limit` bytes, then calls `cut`. */
  const forward = (from: Socket, to: Socket, limit: number, cut: () => void) => {
    sockets.add(from)
    let left = limit
    from.on('error', cut).on('close', cut)
    from.on('data', (chunk: Buffer) => {
      if (left <= 0 || muted.has(from)) return
      to.write(chunk.subarray(0, left))
      left -= chunk.length
      if (left > 0) return
      cuts++
      cut()
    })
  }

  const server = createServer((client) => {
    if (!proxy.isOpen) {
      client.destroy()
      return
    }
    const upstream = connect(targetPort, '127.0.0.1')
    const cut = () => {
      client.destroy()
      upstream.destroy()
    }
    forward(client, upstream, fromClient[connections] ?? Number.POSITIVE_INFINITY, cut)
    forward(upstream, client, fromServer[connections] ?? Number.POSITIVE_INFINITY, cut)
    connections++
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  whenOver(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const proxy: Proxy = {
    isOpen: true,
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    mute() {
      for (const socket of sockets) muted.add(socket)
    },
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts
    },
  }
  return proxy
}
