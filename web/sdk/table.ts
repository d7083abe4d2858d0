// A table as its user sees it: what is asked of it to requests, replies to entries. It knows no socket.
import { KvassError } from '../../proto/status.ts'
import { fromValue, toValue } from '../../proto/value.ts'
import type { Client } from './client.ts'
import { checkName, checkRevision, countOf, Entries, ttlOf } from './entries.ts'
import { type FlowOptions, openFlow } from './flow.ts'
import { SdkLive } from './live.ts'
import type { Pair, Response } from './messages.ts'
import type { Command } from './pending.ts'
import type {
  CallOptions,
  Change,
  Entry,
  IncrementOptions,
  Live,
  Page,
  RangeOptions,
  SetOptions,
  StandardSchema,
  Stream,
  Table,
  UpdateOptions,
  Value,
  WatchOptions,
  WriteOptions,
} from './types.ts'
import { WatchSource } from './watch.ts'

const defaultPageEntries = 1_000
/** A walk begins with a small page and doubles it until a page takes several responses of 64 KiB. */
const firstWalkEntries = 128
const maxWalkEntries = 16_384
const fewResponses = 2
const manyResponses = 8
/** A page, and how many responses it came in. */
interface Fetched<T> {
  readonly page: Page<T>
  readonly responses: number
}

/** Tries of an update unless it is told otherwise, and the wait between them: it doubles, and is random below that. */
const defaultRetries = 100
const firstRetryMs = 4
const maxRetryMs = 250

export class SdkTable<T = Value, In = T> implements Table<T, In> {
  readonly name: string
  /** Its keys and values on the wire, for transactions. */
  readonly schemed: Entries<T, In>
  readonly #client: Client

  constructor(client: Client, name: string, schema?: StandardSchema<In, T>) {
    this.schemed = new Entries(client, name, schema)
    this.name = name
    this.#client = client
  }

  get(key: string, options?: CallOptions): Promise<Entry<T> | undefined> {
    try {
      this.schemed.checkKey(key)
      const request = { hget: { table: this.name, key } }
      return this.#client.call({ request, effect: 'read', answer: 404 }, options, this.#readEntry)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  set(key: string, value: In, options?: SetOptions): Promise<number> {
    try {
      const hset = { table: this.name, pair: this.schemed.pair(key, value) }
      if (options) return this.#setIf(hset, key, options)
      return this.#client.call({ request: { hset }, effect: 'write' }, options, revisionOf)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #setIf(hset: object, key: string, options: SetOptions): Promise<number> {
    const { ifAbsent, ifRevision, ttl, lease } = options
    if (ifRevision !== undefined) checkRevision(ifRevision)
    const isFirst = ifAbsent || ifRevision === 0
    // On the wire no revision is any revision.
    const condition = isFirst ? { ifAbsent: true, ifRevision: ifRevision || undefined } : { ifRevision }
    const request = { hset: { ...hset, ...condition, ttlMs: ttlOf(ttl), lease } }
    return this.#client.call({ request, effect: 'write', answer: 409 }, options, (reply) =>
      this.schemed.revisionOrThrow(key, reply),
    )
  }

  async delete(key: string, options?: CallOptions & { ifRevision?: number }): Promise<boolean> {
    const ifRevision = options?.ifRevision
    if (ifRevision === undefined) return (await this.deleteMany([key], options)) > 0
    this.schemed.checkKey(key)
    checkRevision(ifRevision, 1)
    const request = { hdel: { table: this.name, key, ifRevision } }
    return this.#client.call(
      { request, effect: 'write', answer: 409 },
      options,
      (reply) => this.schemed.revisionOrThrow(key, reply) > 0,
    )
  }

  async increment(key: string, by: number | bigint = 1, options: IncrementOptions = {}): Promise<number | bigint> {
    this.schemed.checkKey(key)
    const { ttl, keepType } = options
    const increment = { table: this.name, key, by: toValue(by), ttlMs: ttlOf(ttl), keepType }
    return this.#client.call(
      { request: { increment }, effect: 'write' },
      options,
      ({ values }) => fromValue(values?.[0]) as number | bigint,
    )
  }

  async update(
    key: string,
    change: Parameters<Table<T, In>['update']>[1],
    options: UpdateOptions = {},
  ): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const entry = await this.get(key, options)
      const value = await this.#client.within(change(entry?.value, entry), options)
      const ifRevision = entry?.revision ?? 0
      if (value === undefined) return ifRevision
      const ttl = options.ttl ?? (entry?.ttl || undefined)
      try {
        return await this.set(key, value, { ...options, ttl, ifRevision })
      } catch (error) {
        if ((error as KvassError).status !== 409 || attempt >= (options.retries ?? defaultRetries)) throw error
      }
      // It reads again after the wait: what the refusal brought would be old by then.
      const waitMs = Math.random() * Math.min(maxRetryMs, firstRetryMs * 2 ** attempt)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }

  watch(first?: ((change: Change<T>) => void) | WatchOptions, second?: WatchOptions & FlowOptions): Stream<Change<T>> {
    const source = (options: WatchOptions) => new WatchSource(this.#client, this.schemed, options)
    return openFlow<Change<T>, WatchOptions & FlowOptions>(this.#client, source, first, second)
  }

  live(options: FlowOptions & { prefix?: string } = {}): Live<T> {
    return new SdkLive(this.#client, new WatchSource(this.#client, this.schemed, { prefix: options.prefix }), options)
  }

  async has(key: string, options?: CallOptions): Promise<boolean> {
    this.schemed.checkKey(key)
    const request = { hexist: { table: this.name, key } }
    return this.#client.call({ request, effect: 'read' }, options, ({ values }) => values?.[0]?.bool === true)
  }

  async getMany(keys: readonly string[], options?: CallOptions): Promise<(Entry<T> | undefined)[]> {
    for (const key of keys) this.schemed.checkKey(key)
    return keys.length > 0 ? this.#getAll([...keys], options) : []
  }

  async setMany(entries: Iterable<readonly [key: string, value: In]>, options?: WriteOptions): Promise<number> {
    const pairs: Pair[] = []
    for (const [key, value] of entries) pairs.push(this.schemed.pair(key, value))
    const request = { hmset: { table: this.name, pairs, ttlMs: ttlOf(options?.ttl) } }
    return this.#client.call({ request, effect: 'write', elements: pairs.length }, options, revisionOf)
  }

  async deleteMany(keys: readonly string[], options?: CallOptions): Promise<number> {
    for (const key of keys) this.schemed.checkKey(key)
    const request = { hmdel: { table: this.name, keys: [...keys] } }
    return this.#client.call(
      { request, effect: 'write', elements: keys.length },
      options,
      ({ revisions = [] }) => revisions.filter((revision) => revision > 0).length,
    )
  }

  async *entries(options: RangeOptions = {}): AsyncIterableIterator<Entry<T>> {
    for await (const page of this.#walk(options, false)) yield* page
  }

  async *keys(options: RangeOptions = {}): AsyncIterableIterator<string> {
    for await (const page of this.#walk(options, true)) for (const { key } of page) yield key
  }

  async page(options: RangeOptions & { keysOnly?: boolean } = {}): Promise<Page<T>> {
    return (await this.#page(options, options.keysOnly ?? false, options.limit ?? defaultPageEntries, options.cursor))
      .page
  }

  async count(options: CallOptions & { prefix?: string; start?: string; end?: string } = {}): Promise<number> {
    const request = { count: { table: this.name, ...bounds(options) } }
    return this.#client.call({ request, effect: 'read' }, options, countOf)
  }

  async drop(options?: CallOptions): Promise<number> {
    return this.#client.call({ request: { drop: { table: this.name } }, effect: 'write' }, options, countOf)
  }

  /** In halves where the keys are more than one request takes, or the values more than one reply. */
  async #getAll(keys: readonly string[], options: CallOptions | undefined): Promise<(Entry<T> | undefined)[]> {
    const request = { hmget: { table: this.name, keys } }
    const read = ({ values = [], revisions = [] }: Response) =>
      keys.map((key, at) => (revisions[at] ? this.schemed.entry(key, values[at], revisions[at]) : undefined))
    return this.#client.call({ request, effect: 'read', elements: keys.length }, options, read).catch(async (error) => {
      if (error?.status !== 413 || keys.length === 1) throw error
      const half = keys.length >> 1
      const parts = [keys.slice(0, half), keys.slice(half)].map((part) => this.#getAll(part, options))
      return (await Promise.all(parts)).flat()
    })
  }

  /** The entries of a range, page by page; the next page is under way while one is consumed. */
  async *#walk(options: RangeOptions, keysOnly: boolean): AsyncGenerator<Entry<T>[], void> {
    let left = options.limit ?? Number.POSITIVE_INFINITY
    let size = firstWalkEntries
    const fetch = (cursor?: Uint8Array) => {
      const page = this.#page(options, keysOnly, Math.min(size, left), cursor)
      // When the consumer leaves nobody awaits it.
      page.catch(() => {})
      return page
    }
    let next: Promise<Fetched<T>> | undefined = fetch(options.cursor)
    while (next !== undefined) {
      const { page, responses }: Fetched<T> = await next
      left -= page.entries.length
      if (responses < fewResponses) size = Math.min(2 * size, maxWalkEntries)
      else if (responses > manyResponses) size = Math.ceil(size / 2)
      next = page.cursor && left > 0 ? fetch(page.cursor) : undefined
      yield page.entries
    }
  }

  async #page(
    options: RangeOptions,
    keysOnly: boolean,
    limit: number,
    cursor: Uint8Array | undefined,
  ): Promise<Fetched<T>> {
    if (limit === 0) return { page: { entries: [] }, responses: 1 }
    if (!Number.isInteger(limit) || limit < 0 || limit > maxLimit) {
      throw new KvassError(400, `The limit is ${limit}: it takes a whole number from 0 to ${maxLimit}.`)
    }
    const range = { table: this.name, ...bounds(options), limit, reverse: options.reverse, keysOnly, cursor }
    return this.#client.call({ request: { range }, effect: 'read' }, options, ({ pairs = [], cursor, pages = 1 }) => {
      const entries = pairs.map(({ key = '', value, revision = 0 }) => this.schemed.entry(key, value, revision))
      return { page: cursor ? { entries, cursor } : { entries }, responses: pages }
    })
  }

  readonly #readEntry = ({ values, revision = 0 }: Response, { request }: Command): Entry<T> | undefined =>
    values && this.schemed.entry(request.hget!.key as string, values[0], revision)
}

const maxLimit = 2 ** 32 - 1

/** The bounds of a range that were given. */
function bounds({ prefix, start, end }: RangeOptions): { prefix?: string; start?: string; end?: string } {
  for (const [what, bound] of Object.entries({ prefix, start, end })) if (bound) checkName(bound, what)
  return { prefix, start, end }
}

const revisionOf = ({ revision = 0 }: Response) => revision
