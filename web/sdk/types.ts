// The SDK's public types: what `connect` takes and gives. No code.
import type { KvassError } from '../../proto/status.ts'

/** Any JSON document. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/**
 * What an entry may hold. A string, a boolean, bytes (`Uint8Array`) and null stay what they are. A whole number
 * within +-2^53 and any bigint are stored as 64-bit integers; one beyond +-2^53 is read back as a bigint. Other
 * numbers are stored as doubles, arrays and plain objects as JSON. What JSON cannot hold (a Map, NaN, bytes or, but for
 * `json: 'exact'`, a bigint inside of an object) is refused with status 400 and its path; a property that is undefined
 * is left out.
 */
export type Value = Json | bigint | Uint8Array

export interface Entry<T = Value> {
  /** The table's name. */
  table: string
  key: string
  value: T
  /** Grows with every write to the store; a key written later has a higher one. */
  revision: number
  /** Milliseconds that the entry had left when it was read; absent where it stays. */
  ttl?: number
  /** Present where the entry is bound to a client's session. */
  leased?: true
}

export interface CallOptions {
  /** Aborting rejects the call with the signal's reason. A write that has left may still take effect. */
  signal?: AbortSignal
  /** Milliseconds until the call fails with status 503, waiting for a connection included; default: the connection's `timeoutMs`. */
  timeoutMs?: number
}

export interface WriteOptions extends CallOptions {
  /** The entry goes after so many milliseconds. Absent: it stays. */
  ttl?: number
}

/**
 * A condition that fails rejects with status 409; the error's `entry` is the one in the way, undefined where there
 * is none.
 */
export interface SetOptions extends WriteOptions {
  /** Write only if the key has no entry. */
  ifAbsent?: boolean
  /** Write only if the entry still has this revision; 0: only if there is none. */
  ifRevision?: number
  /** The entry goes when this client does: a grace (10 s) after its last connection ended. */
  lease?: boolean
}

export interface IncrementSettings {
  /** The entry goes after so many milliseconds. Absent: it stays as long as it would have. */
  ttl?: number
  /** An integer stays an integer: a fraction added to it is refused with 409. */
  keepType?: boolean
}

export type IncrementOptions = CallOptions & IncrementSettings

export interface UpdateOptions extends WriteOptions {
  lease?: boolean
  /** How often to try again when somebody else wrote in between. Default 100. */
  retries?: number
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

/** A place in the history of a table, from which a watch can go on. Every `synced` change is one. */
export interface Position {
  revision: number
  /** The store's id, `kv.welcome.epoch`. Revisions of another epoch mean nothing: the watch starts from a snapshot. */
  epoch?: string | undefined
}

/**
 * What a watch says. Changes come in the order of their revisions; each is the latest state of its key.
 *
 * - `set`: the key has this value now. `delete`: it has none: deleted, expired, or its lease ended.
 * - `reset`: forget what you had, all entries follow and then `synced`. A watch without `since` begins so; later it
 *   means that the table was dropped, or that the gateway no longer knows what changed since (its store is another one).
 * - `resumed`: what changed since the watch was cut off follows, each key once in its latest state, and then `synced`.
 * - `lagged`: you read too slowly; what changed meanwhile follows in the same way.
 * - `synced`: you have the table as it was at `revision`. Comes again, at least every 5 s, while nothing changes.
 *
 * `more` says that what you have is no state that the table ever had: the rest of a snapshot, of a catch-up or of a
 * transaction follows. Render when it is false.
 */
export type Change<T = Value> =
  | (Entry<T> & { type: 'set'; more: boolean })
  | { type: 'delete'; key: string; value?: undefined; revision: number; more: boolean }
  | { type: 'reset' | 'resumed' | 'lagged'; key?: undefined; more: true }
  | { type: 'synced'; key?: undefined; revision: number; epoch: string; more: false }

export interface WatchOptions extends SubscribeOptions {
  /** This key only. Default: all keys. */
  key?: string
  /** Only keys that start with it. */
  prefix?: string
  /** What you have already: only what changed after it comes. A number is a revision of the store as it is now. */
  since?: number | Position
  /** Leave the values out: `value` is undefined. */
  keysOnly?: boolean
}

/** Told when a stream fails for good; nothing comes after it. */
export interface ListenerOptions {
  onError?: (error: KvassError) => void
}

/**
 * A table, or a part of it, that is always current: a Map in key order (bytes of UTF-8) that changes as the table does.
 * It goes from one state of the table to the next: never a half of a snapshot or of a transaction. While there is no
 * connection it keeps what it has.
 */
export interface Live<T = Value> extends ReadonlyMap<string, Entry<T>> {
  /** Settles when the map has the table for the first time; rejects with a KvassError when the gateway refuses. */
  readonly ready: Promise<void>
  /** Calls `listener` after each change of the map, until the function that it answers is called. */
  subscribe(listener: () => void): () => void
  /** The entries in order: the same array until something changes, and the same entry until it changes. */
  snapshot(): readonly Entry<T>[]
  /** Ends it; idempotent. The map keeps what it has. */
  close(): Promise<void>
}

export interface Table<T = Value, In = T> {
  readonly name: string
  get(key: string, options?: CallOptions): Promise<Entry<T> | undefined>
  /** Answers the entry's new revision. */
  set(key: string, value: In, options?: SetOptions): Promise<number>
  /** Answers whether there was an entry. With `ifRevision` another revision, or no entry, rejects with status 409. */
  delete(key: string, options?: CallOptions & { ifRevision?: number }): Promise<boolean>
  /**
   * Adds to a number in one step and answers the new value; a missing key counts from 0. `by` is 1 by default. Whole
   * numbers add up to an integer of 64 bits; a fraction makes a double. Rejects with 409 where the entry is no number,
   * where the sum leaves the 64 bits, where a fraction meets an integer and the sum is beyond +-2^53, and with
   * `keepType` wherever it would make a double of an integer. An expiry stays unless `ttl` sets another.
   */
  increment(key: string, by?: number | bigint, options?: IncrementOptions): Promise<number | bigint>
  /**
   * Reads, changes and writes, again while somebody else writes in between. `change` gets the value, undefined where
   * there is none, and answers the one to write; undefined leaves all as it is. Answers the entry's revision, 0 where
   * there is none. An expiry stays unless `ttl` sets another. Rejects with 409 when all tries met another write, and
   * with 503 when `change` has given nothing after `timeoutMs`, which counts for each step.
   */
  update(
    key: string,
    change: (value: T | undefined, entry: Entry<T> | undefined) => In | undefined | Promise<In | undefined>,
    options?: UpdateOptions,
  ): Promise<number>
  has(key: string, options?: CallOptions): Promise<boolean>
  /** One entry or undefined for each key, in order. More keys than a request takes are read in several. */
  getMany(keys: readonly string[], options?: CallOptions): Promise<(Entry<T> | undefined)[]>
  /**
   * Writes all or none; answers the revision they share. More entries than a request takes (`welcome.limits`:
   * 4,096 elements, 1 MiB) are refused with 400 or 413, because all or none could not be kept.
   */
  setMany(entries: Iterable<readonly [key: string, value: In]>, options?: WriteOptions): Promise<number>
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
  /**
   * What the table holds and then every change, without a gap or a repetition, also over lost connections and restarts
   * of the gateway. An iteration that is slower than the changes skips older states of the same key once 1,024 wait.
   */
  watch(options?: WatchOptions): Stream<Change<T>>
  /** The listener gets each change at once; `onError` is told when the watch fails. */
  watch(listener: (change: Change<T>) => void, options?: WatchOptions & ListenerOptions): Stream<Change<T>>
  /** The table, or its keys that start with `prefix`, as a map that is always current. */
  live(options?: SubscribeOptions & ListenerOptions & { prefix?: string }): Live<T>
}

/**
 * The checks and writes of a transaction, in the order in which they are called; at most 128 together. All checks are
 * made before the first write. A key can be written once.
 */
export interface Transaction {
  /** Goes on only if the key still has this revision: an entry as it was read, or 0 or no revision for no entry. */
  check(entry: { table: string | Table<unknown, never>; key: string; revision?: number }): this
  set<In>(
    table: Table<unknown, In> | string,
    key: string,
    value: NoInfer<In>,
    options?: { ttl?: number; lease?: boolean },
  ): this
  delete(table: Table<unknown, never> | string, key: string): this
  increment(table: Table<unknown, never> | string, key: string, by?: number | bigint, options?: IncrementSettings): this
}

/** Who is there: entries of the table `presence:NAME` that are bound to the clients that made them. */
export interface Presence<T = Value> {
  readonly table: Table<T>
  /** Is there, with this to say of itself, until it leaves or its client is gone for longer than the grace (10 s). */
  join(info: T): Promise<Member<T>>
  list(options?: CallOptions): Promise<Entry<T>[]>
  watch: Table<T>['watch']
  live: Table<T>['live']
}

export interface Member<T = Value> {
  /** The key of its entry, random. */
  readonly id: string
  update(info: T): Promise<void>
  leave(): Promise<void>
}

/** What Standard Schema asks of a validator: Zod, Valibot, ArkType and others have it. It has to answer at once. */
export interface StandardSchema<In = unknown, Out = In> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Out> | Promise<StandardResult<Out>>
    readonly types?: { readonly input: In; readonly output: Out } | undefined
  }
}

export type StandardResult<Out> =
  | { readonly value: Out; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

type Types<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>

export interface Message<T = Value> {
  values: T[]
  /** How many messages were dropped before this one because the client read too slowly; such a message has no values. */
  missed: number
}

/** A watch or a subscription: what comes is iterated, or goes to its listener. */
export interface Stream<Event> extends AsyncIterableIterator<Event> {
  /** Settles when the gateway has opened it; rejects with a KvassError when it refuses. */
  readonly ready: Promise<void>
  /** Ends it; idempotent. Nothing comes from the moment of the call. */
  close(): Promise<void>
}

export type Subscription<T = Value> = Stream<Message<T>>

export interface SubscribeOptions {
  /** Ends it, as `close` does. */
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
  subscribe(listener: (message: Message<T>) => void, options?: SubscribeOptions & ListenerOptions): Subscription<T>
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
  /** Milliseconds that leased entries outlive the connection. */
  leaseGraceMs: number
  /** How long, in milliseconds, and how many of its last writes the gateway remembers for this client. */
  mutationWindowMs: number
  mutationWindow: number
  limits: {
    maxFrameBytes: number
    maxKeyBytes: number
    maxValueBytes: number
    maxElements: number
    maxRequests: number
  }
}

/**
 * `waiting`: there is no connection, and the next attempt begins after a while, or at once when the network is back or
 * the page is seen again.
 */
export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'closed'

export interface ConnectionEvents {
  /** Every change of `kv.state`. */
  state: ConnectionState
  open: Welcome
  /**
   * The connection was lost or refused; `retryMs` is absent when the client gives up, and Infinity while a frozen page
   * waits to be seen again.
   */
  disconnect: { code: number; reason: string; retryMs?: number }
}

export interface ConnectOptions {
  /**
   * The token, or a function that fetches a fresh one before each attempt to connect, and has as long as the attempt:
   * `timeoutMs`, at most 10 s.
   */
  token?: string | (() => string | Promise<string>)
  /** How long a call may take, in milliseconds. Default 20,000: a gateway that is away for ten seconds fails no call. */
  timeoutMs?: number
  /** Full jitter: a wait is random between 0 and min(maxMs, baseMs * 2^attempt). Defaults 100 and 4,000; false: never reconnect. */
  reconnect?: { baseMs?: number; maxMs?: number } | false
  /** Whether frames above 1,436 bytes leave compressed where that is shorter. Default true, but on loopback false. */
  compress?: boolean
  /**
   * Integers beyond +-2^53 inside of JSON documents are bigints, read and written with all their digits. Without it such
   * a number is rounded, and refused with 400 and its path when it would be written back.
   */
  json?: 'exact'
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
  /**
   * A table whose values fit a schema. What is written is validated and stored as it is given; what is read goes
   * through the schema and comes out as it says. What does not fit is refused with status 400.
   */
  table<Schema extends StandardSchema>(
    name: string,
    options: { schema: Schema },
  ): Table<Types<Schema>['output'], Types<Schema>['input']>
  topic<T = Value>(name: string): Topic<T>
  presence<T = Value>(name: string): Presence<T>
  /**
   * Writes all or none, if all checks hold; answers the revision that the writes share. Rejects with 409 where checks
   * failed: the error's `failed` has them. `build` may take as long as the call, `timeoutMs`.
   */
  transaction(build: (tx: Transaction) => unknown, options?: CallOptions): Promise<number>
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
