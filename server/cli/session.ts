// A command's connection to a gateway: where it is, how it is opened and closed, what a refusal means in a sentence,
// and the requests that commands make. It uses the SDK's client, whose messages keep the exact type of every value.
import { setTimeout as delay } from 'node:timers/promises'
import { type Command as CliCommand, Option } from 'commander'
import { WebSocket } from 'ws'
import { KvassError } from '../../proto/status.ts'
import type { ValueMessage } from '../../proto/value.ts'
import { Client } from '../../web/sdk/client.ts'
import type { Request, Response } from '../../web/sdk/messages.ts'
import type { Command, Effect } from '../../web/sdk/pending.ts'
import type { TableInfo, Welcome } from '../../web/sdk/types.ts'
import { ConfigError } from '../config.ts'
import type { Io } from './io.ts'

const defaultUrl = 'ws://127.0.0.1:5827/ws'

/** How long a command that is under way waits for a gateway that has gone away, in milliseconds. */
export const patienceMs = 60_000

export interface GatewayFlags {
  readonly url?: string
  readonly token?: string
}

/** An entry as the wire has it. */
export interface Entry {
  readonly key: string
  readonly value: ValueMessage
  readonly revision: number
}

export interface Range {
  readonly prefix?: string | undefined
  /** First key, inclusive. */
  readonly start?: string | undefined
  /** End, exclusive. */
  readonly end?: string | undefined
  readonly limit?: number | undefined
  readonly reverse?: boolean | undefined
}

/** A WebSocket without compression of its own: a frame has one. */
class PlainWebSocket extends WebSocket {
  constructor(url: string) {
    super(url, { perMessageDeflate: false })
  }
}

/** A new command with its help; `registerClientCommands` adds the options of `GatewayFlags` to each. */
export function clientCommand(program: CliCommand, name: string, description: string, help: string): CliCommand {
  return program.command(name).description(description).addHelpText('after', help)
}

export function addGatewayOptions(command: CliCommand): void {
  const token = 'its token; KVASS_TOKEN is better, because other users of the machine see arguments'
  command
    .addOption(new Option('--url <url>', `the gateway (KVASS_URL; default ${defaultUrl})`).helpGroup('Gateway:'))
    .addOption(new Option('--token <token>', token).helpGroup('Gateway:'))
}

/** The URL that the flags, or else the environment, name. Throws ConfigError. */
export function gatewayUrl(flags: GatewayFlags, io: Io): string {
  const text = flags.url ?? (io.env.KVASS_URL || defaultUrl)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['ws:', 'wss:', 'http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(`the gateway's URL is one like ${defaultUrl}, not ${JSON.stringify(text)}`)
  }
  url.protocol = url.protocol.replace('http', 'ws')
  if (url.pathname === '/') url.pathname = '/ws'
  return url.href
}

export function gatewayToken(flags: GatewayFlags, io: Io): string | undefined {
  return flags.token ?? (io.env.KVASS_TOKEN || undefined)
}

/**
 * Opens a connection for `run` and closes it after. Fails with one sentence where no gateway is to be had. When the
 * signal aborts while there is no connection, nothing waits for one any longer.
 */
export async function withSession<T>(
  io: Io,
  flags: GatewayFlags,
  run: (session: Session) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const url = gatewayUrl(flags, io)
  const client = new Client(url, { token: gatewayToken(flags, io) }, PlainWebSocket)
  const over = new AbortController()
  const ending = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
  signal?.addEventListener('abort', () => {
    if (client.state !== 'open') void client.close()
  })
  try {
    const welcome = await new Promise<Welcome>((resolve, reject) => {
      client.on('open', resolve)
      client.on('disconnect', ({ reason, code }) => reject(new Error(refusal(url, code, reason))))
      client.on(
        'state',
        (state) => state === 'closed' && reject(new Error('interrupted before there was a connection')),
      )
    })
    client.on('disconnect', ({ reason, retryMs }) => {
      if (retryMs !== undefined) io.stderr.write(`kvass: the connection was lost (${reason}): connecting again\n`)
    })
    return await run(new Session(client, welcome, ending))
  } finally {
    // What was asked for ahead is not tried again.
    over.abort()
    await client.close()
  }
}

/** Why there is no connection. */
function refusal(url: string, code: number, reason: string): string {
  const isAbsent = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/.test(reason) || reason === ''
  if (!isAbsent) return `the gateway at ${url} refuses the connection: ${code === 1006 ? '' : `${code} `}${reason}`
  const detail = reason === '' ? '' : ` (${reason})`
  return `no gateway answers at ${url}${detail}: start one with "npx kvass serve", or name another with --url or KVASS_URL`
}

/** Bytes of values that a page of a range should bring, so that memory stays flat whatever their size. */
const pageTargetBytes = 1_048_576
const firstPageEntries = 200
const largestPageEntries = 10_000

export class Session {
  readonly #client: Client
  readonly welcome: Welcome
  /** Aborts when the user wants the command to end, and when it has ended. */
  readonly #signal: AbortSignal

  constructor(client: Client, welcome: Welcome, signal: AbortSignal) {
    this.#client = client
    this.welcome = welcome
    this.#signal = signal
  }

  /** Settles after a time, or when the user wants the command to end. */
  wait(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#signal }).catch(() => {})
  }

  /** The id of the store's life, as of the latest connection. */
  get epoch(): string {
    return this.#client.welcome!.epoch
  }

  get interrupted(): boolean {
    return this.#signal.aborted
  }

  /** Sends a request and returns its reply. A refusal rejects with KvassError, unless `answer` is its status. */
  call(request: Request, effect: Effect, elements = 1, answer?: Command['answer']): Promise<Response> {
    const command = { request, effect, elements, ...(answer && { answer }) }
    return this.#client.call(command, undefined, (response) => response)
  }

  /** Writes all or none, to go after `ttlMs` where that is given. */
  setMany(table: string, pairs: readonly { key: string; value: ValueMessage }[], ttlMs?: number): Promise<Response> {
    return this.call({ hmset: { table, pairs, ttlMs } }, 'write', pairs.length)
  }

  /** The tables in order of their names; only the one of this name, and those whose names begin with it. */
  async tables(prefix?: string): Promise<TableInfo[]> {
    const { tables = [] } = await this.call({ tables: { prefix } }, 'read')
    return tables.map(({ name = '', count = 0, revision = 0 }) => ({ name, count, revision }))
  }

  async count(table: string, range: Range = {}): Promise<number> {
    const { prefix, start, end } = range
    const { count = 0 } = await this.call({ count: { table, prefix, start, end } }, 'read')
    return count
  }

  /** The entries of a range in pages, the next one asked for while the caller has the one before. */
  async *pages(table: string, range: Range, keysOnly = false): AsyncGenerator<Entry[]> {
    let left = range.limit ?? Number.POSITIVE_INFINITY
    let size = firstPageEntries
    const read = (limit: number, cursor?: Uint8Array) =>
      this.#patiently(() => this.call({ range: { ...range, table, keysOnly, limit, cursor } }, 'read'))
    let next: Promise<Response> | undefined = left > 0 ? read(Math.min(size, left)) : undefined
    while (next !== undefined) {
      const { pairs = [], cursor } = await next
      left -= pairs.length
      size = pageSize(pairs)
      next = cursor === undefined || left <= 0 ? undefined : read(Math.min(size, left), cursor)
      // A page may be empty and still not be the last. An error of the next page is met where it is awaited.
      next?.catch(() => {})
      yield pairs.map(({ key = '', value = {}, revision = 0 }) => ({ key, value, revision }))
    }
  }

  /**
   * Calls `onReady` at each opening of the subscription, also after a lost connection, and `onMessage` for each
   * message, until the signal aborts. Rejects when the gateway refuses or ends it.
   */
  subscribe(
    topic: string,
    signal: AbortSignal,
    onReady: () => void,
    onMessage: (values: readonly ValueMessage[], missed: number) => void,
  ): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      // The first response on each connection is the subscription's id.
      const onResponse = ({ values = [], missed = 0 }: Response, first: boolean) =>
        first ? onReady() : onMessage(values, missed)
      const end = this.stream({ request: { subscribe: { topic } }, effect: 'stream' }, onResponse, reject)
      signal.addEventListener('abort', () => {
        end()
        resolve()
      })
    })
  }

  /**
   * Opens a stream, and again after a lost connection, with the request as it is then. `first` is true for the
   * response that opened it. Returns a function that ends it.
   */
  stream(
    command: Command,
    onResponse: (response: Response, first: boolean) => void,
    onError: (error: unknown) => void,
  ): () => void {
    const call = this.#client.start(command, Number.POSITIVE_INFINITY, onResponse, onError)
    return () => this.#client.cancel(call)
  }

  /** Tries a read again while it fails for a reason that passes, within the patience. */
  async #patiently<T>(read: () => Promise<T>): Promise<T> {
    const started = performance.now()
    for (let attempt = 0; ; attempt++) {
      try {
        return await read()
      } catch (error) {
        const isPassing = error instanceof KvassError && error.retryable && !this.interrupted
        if (!isPassing || performance.now() - started > patienceMs) throw error
        await this.wait(Math.max(error.retryAfterMs ?? 0, Math.random() * Math.min(2_000, 50 * 2 ** attempt)))
      }
    }
  }
}

/** How many entries the next page should have, judged by the last. */
function pageSize(pairs: readonly { key?: string; value?: ValueMessage }[]): number {
  let bytes = 0
  for (const { key = '', value = {} } of pairs) {
    bytes += key.length + (value.string ?? value.json ?? value.binary ?? '').length + 16
  }
  if (bytes === 0) return firstPageEntries
  return Math.max(1, Math.min(largestPageEntries, Math.floor((pairs.length * pageTargetBytes) / bytes)))
}

/** `withSession` for commands that end in order, with what they have, at the first SIGINT or SIGTERM. */
export async function withInterruptibleSession(
  io: Io,
  flags: GatewayFlags,
  run: (session: Session, interrupted: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController()
  const release = io.onSignal(() => controller.abort())
  await withSession(io, flags, (session) => run(session, controller.signal), controller.signal).finally(release)
}
