// A gateway in this process and connections to it over each kind of socket, for tests that must hold on all of them.
import type { GatewayOptions } from '../../server/index.ts'
import { type StartedGateway, startGateway } from './gateway.ts'
import { dial, type Plain, request, type Wire } from './wire.ts'

export const socketKinds = ['ws', 'tcp'] as const
export type SocketKind = (typeof socketKinds)[number]

/** A new connection to a gateway. */
export function dialKind(kind: SocketKind, { ws, tcpPort }: Pick<StartedGateway, 'ws' | 'tcpPort'>): Promise<Wire> {
  return kind === 'ws' ? dial.ws(ws) : dial.tcp(tcpPort)
}

/** A gateway on the memory engine, and a connection to it. */
export async function talk(kind: SocketKind, options: GatewayOptions = {}) {
  const started = await startGateway({ store: 'memory', ...options })
  const wire = await dialKind(kind, started)
  return { started, wire, another: () => dialKind(kind, started) }
}

/** Sends all requests in one message or write, and returns as many messages. */
export async function askAll(wire: Wire, ...requests: (Plain | Uint8Array)[]): Promise<Plain[]> {
  wire.send(Buffer.concat(requests.map((one) => (one instanceof Uint8Array ? one : request(one)))))
  const replies: Plain[] = []
  for (let index = 0; index < requests.length; index++) replies.push(await wire.next(20_000))
  return replies
}

/** The pages of a reply: messages up to the first without `more`. */
export async function pagesOf(wire: Wire, message: Plain): Promise<Plain[]> {
  wire.send(request(message))
  const pages: Plain[] = []
  do pages.push(await wire.next(20_000))
  while (pages.at(-1).more)
  return pages
}
