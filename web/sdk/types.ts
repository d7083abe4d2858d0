// The SDK's public types: what `connect` takes and gives. No code.
import type { KvassError } from '../../proto/status.ts'

/** Any JSON document. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/**
 * What an entry may hold. A string, a boolean, bytes (`Uint8Array`) and null stay what they are. A whole number
 * within +-2^53 and any bigint are stored as 64-bit integers; one beyond +-2^53 is read back as a bigint. Other
 * numbers are stored as doubles, arrays and plain objects as JSON.
 */
export type Value = Json | bigint | Uint8Array

export interface Entry<T = Value> {
  key: string
  value: T
  /** Grows with every write to the store; a key written later has a higher one. */
  revision: number
}

export interface CallOptions {
  /** Aborting rejects the call with the signal's reason. A write that has left may still take effect. */
  signal?: AbortSignal
  /** Milliseconds until the call fails with status 503, waiting for a connection included; default: the connection's `timeoutMs`. */
  timeoutMs?: number
}

export interface RangeOptions extends CallOptions {
  prefix?: string
  /** First key, inclusive. */
  start?: string
  /** End, exclusive. */
  end?: string
  limit?: number
  reverse?: boolean
  /** Continue where an earlier `page` of the same range ended. */
  cursor?: Uint8Array
}

export interface Page<T = Value> {
  entries: Entry<T>[]
  /** Present: the range holds more entries. */
  cursor?: Uint8Array
}

export interface Table<T = Value> {
  readonly name: string
  get(key: string, options?: CallOptions): Promise<Entry<T> | undefined>
  /** Answers the entry's new revision. */
  set(key: string, value: T, options?: CallOptions): Promise<number>
  /** Answers whether there was an entry. */
  delete(key: string, options?: CallOptions): Promise<boolean>
  has(key: string, options?: CallOptions): Promise<boolean>
  /** One entry or undefined for each key, in order. More keys than a request takes are read in several. */
  getMany(keys: readonly string[], options?: CallOptions): Promise<(Entry<T> | undefined)[]>
  /**
   * Writes all or none; answers the revision they share. More entries than a request takes (`welcome.limits`:
   * 4,096 elements, 1 MiB) are refused with 400 or 413, because all or none could not be kept.
   */
  setMany(entries: Iterable<readonly [key: string, value: T]>, options?: CallOptions): Promise<number>
  /** Deletes all or none; answers how many there were. Takes as many keys as `setMany`. */
  deleteMany(keys: readonly string[], options?: CallOptions): Promise<number>
  /** All entries of the range in key order, fetched in pages as they are consumed. */
  entries(options?: RangeOptions): AsyncIterableIterator<Entry<T>>
  keys(options?: RangeOptions): AsyncIterableIterator<string>
  /** One page of a range: at most `limit` entries (default 1000) and a cursor where there are more. */
  page(options?: RangeOptions & { keysOnly?: boolean }): Promise<Page<T>>
  count(options?: CallOptions & { prefix?: string; start?: string; end?: string }): Promise<number>
  /** Removes the table; answers how many entries it had. */
  drop(options?: CallOptions): Promise<number>
}

export interface Message<T = Value> {
  values: T[]
  /** How many messages were dropped before this one because the client read too slowly; such a message has no values. */
  missed: number
}

export interface Subscription<T = Value> extends AsyncIterableIterator<Message<T>> {
  /** Settles when the gateway has opened the subscription; rejects with a KvassError when it refuses. */
  readonly ready: Promise<void>
  /** Ends the subscription; idempotent. */
  close(): Promise<void>
}

export interface SubscribeOptions {
  /** Ends the subscription, as `close` does. */
  signal?: AbortSignal
}

export interface Topic<T = Value> {
  readonly name: string
  /** Answers how many subscribers it reached. */
  publish(...values: T[]): Promise<number>
  /**
   * Messages published from the moment the promise of `ready` settles, in order; opened again after a reconnect
   * (what was published meanwhile is gone). Without a listener the messages wait to be iterated: 1,024 of them at
   * the most, later ones are counted as missed. The iteration throws when the subscription fails.
   */
  subscribe(options?: SubscribeOptions): Subscription<T>
  /** The listener gets each message at once; `onError` is told when the subscription fails. */
  subscribe(
    listener: (message: Message<T>) => void,
    options?: SubscribeOptions & { onError?: (error: KvassError) => void },
  ): Subscription<T>
}

export interface TableInfo {
  name: string
  count: number
  revision: number
}

/** What the gateway said in answer to hello. */
export interface Welcome {
  version: number
  server: string
  session: string
  epoch: string
  durability: 'flush' | 'commit' | 'volatile'
  limits: {
    maxFrameBytes: number
    maxKeyBytes: number
    maxValueBytes: number
    maxElements: number
    maxRequests: number
  }
}

export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'closed'

export interface ConnectionEvents {
  /** Every change of `kv.state`. */
  state: ConnectionState
  open: Welcome
  /** The connection was lost or refused; `retryMs` is absent when the client gives up. */
  disconnect: { code: number; reason: string; retryMs?: number }
}

export interface ConnectOptions {
  /** The token, or a function that fetches a fresh one before each attempt to connect. */
  token?: string | (() => string | Promise<string>)
  /** Default 10,000. */
  timeoutMs?: number
  /** Full jitter: a wait is random between 0 and min(maxMs, baseMs * 2^attempt). Defaults 100 and 10,000; false: never reconnect. */
  reconnect?: { baseMs?: number; maxMs?: number } | false
  /** Whether frames above 1,436 bytes leave compressed where that is shorter. Default true, but on loopback false. */
  compress?: boolean
  /** The WebSocket class where there is no global one. In Node the package brings its own. */
  WebSocket?: WebSocketClass
}

/** What the SDK uses of a WebSocket: the global class and that of the `ws` package have it. */
export interface WebSocketLike {
  binaryType: string
  readonly readyState: number
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number): void
  /** Drops the connection without a close handshake, where the platform can. */
  terminate?(): void
  // biome-ignore lint/suspicious/noExplicitAny: the event types of the platforms do not agree.
  addEventListener(type: 'open' | 'message' | 'error' | 'close', listener: (event: any) => void): void
}

export type WebSocketClass = new (url: string) => WebSocketLike

export interface Kvass {
  readonly state: ConnectionState
  /** The last answer to hello; undefined before the first. */
  readonly welcome: Welcome | undefined
  table<T = Value>(name: string): Table<T>
  topic<T = Value>(name: string): Topic<T>
  tables(options?: CallOptions & { prefix?: string }): Promise<TableInfo[]>
  /** Removes every table; answers how many entries they had. */
  flush(options?: CallOptions): Promise<number>
  /** A round trip; answers its milliseconds. */
  ping(options?: CallOptions): Promise<number>
  /** Settles when the connection is open; rejects when the client has given up. */
  ready(options?: CallOptions): Promise<Welcome>
  on<Name extends keyof ConnectionEvents>(event: Name, listener: (detail: ConnectionEvents[Name]) => void): () => void
  /** Settles what is under way with an error and closes; idempotent. */
  close(): Promise<void>
}

export type { KvassError }
