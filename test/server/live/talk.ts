// What the tests of live data share: a gateway on either engine, clients of it, and short ways to write requests.
import type { GatewayOptions } from '../../../server/index.ts'
import { type StartedGateway, startGateway } from '../../helpers/gateway.ts'
import { Talker } from '../../helpers/live.ts'
import { dial, type Plain } from '../../helpers/wire.ts'

export const engines = ['memory', 'disk'] as const
export const table = 't'

export interface Stage {
  readonly started: StartedGateway
  /** A new connection. */
  client(): Promise<Talker>
}

export async function stage(store: (typeof engines)[number], options: GatewayOptions = {}): Promise<Stage> {
  const started = await startGateway({ store, ...options })
  return { started, client: async () => new Talker(await dial.ws(started.ws)) }
}

export function hset(key: string, value: Plain = { string: key }, more: object = {}, name = table): Plain {
  return { hset: { table: name, pair: { key, value }, ...more } }
}

export function hget(key: string, name = table): Plain {
  return { hget: { table: name, key } }
}

export function hdel(key: string, more: object = {}, name = table): Plain {
  return { hdel: { table: name, key, ...more } }
}

export const integer = (value: number | string) => ({ integer: String(value) })
