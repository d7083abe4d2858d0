// A table as its user sees it: keys and values to requests, replies to entries. It knows no socket and no time.
import { KvassError } from '../../proto/status.ts'
import { bytesOver, checkText, fromValue, toValue, utf8Length, type ValueMessage } from '../../proto/value.ts'
import type { Client } from './client.ts'
import type { Pair, Request, Response } from './messages.ts'
import type { CallOptions, Entry, Page, RangeOptions, Table, Value } from './types.ts'

const defaultPageEntries = 1_000
/** A walk begins with a small page and doubles it until a page takes several responses of 64 KiB. */
const firstWalkEntries = 128
const maxWalkEntries = 16_384
const fewResponses = 2
const manyResponses = 8
/** Bytes of keys in one read of several: far from any frame limit that makes sense. */
const maxKeysBytes = 0x2_0000

/** A page, and how many responses it came in. */
interface Fetched<T> {
  readonly page: Page<T>
  readonly responses: number
}

export class SdkTable<T = Value> implements Table<T> {
  readonly name: string
  readonly #client: Client

  constructor(client: Client, name: string) {
    checkName(name, 'table name')
    this.name = name
    this.#client = client
  }

  get(key: string, options?: CallOptions): Promise<Entry<T> | undefined> {
    try {
      this.#checkKey(key)
      const request = { hget: { table: this.name, key } }
      return this.#client.call({ request, effect: 'read', mayMiss: true }, options, readEntry<T>)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  set(key: string, value: T, options?: CallOptions): Promise<number> {
    try {
      this.#checkKey(key)
      const request = { hset: { table: this.name, pair: { key, value: this.#value(value) } } }
      return this.#client.call({ request, effect: 'write' }, options, revisionOf)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async delete(key: string, options?: CallOptions): Promise<boolean> {
    return (await this.deleteMany([key], options)) > 0
  }

  async has(key: string, options?: CallOptions): Promise<boolean> {
    this.#checkKey(key)
    const request = { hexist: { table: this.name, key } }
    return this.#client.call({ request, effect: 'read' }, options, ({ values }) => values?.[0]?.bool === true)
  }

  async getMany(keys: readonly string[], options?: CallOptions): Promise<(Entry<T> | undefined)[]> {
    for (const key of keys) this.#checkKey(key)
    const parts = this.#split(keys).map((part) => this.#getPart(part, options))
    return (await Promise.all(parts)).flat()
  }

  async setMany(entries: Iterable<readonly [key: string, value: T]>, options?: CallOptions): Promise<number> {
    const pairs: Pair[] = []
    for (const [key, value] of entries) {
      this.#checkKey(key)
      pairs.push({ key, value: this.#value(value) })
    }
    const request = { hmset: { table: this.name, pairs } }
    return this.#client.call({ request, effect: 'write', elements: pairs.length }, options, revisionOf)
  }

  async deleteMany(keys: readonly string[], options?: CallOptions): Promise<number> {
    for (const key of keys) this.#checkKey(key)
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

  async #getPart(keys: readonly string[], options: CallOptions | undefined): Promise<(Entry<T> | undefined)[]> {
    const request = { hmget: { table: this.name, keys } }
    const read = ({ values = [], revisions = [] }: Response) =>
      keys.map((key, at) => (revisions[at] ? entry<T>(key, values[at], revisions[at]) : undefined))
    return this.#client.call({ request, effect: 'read', elements: keys.length }, options, read).catch(async (error) => {
      // The values are more than one reply takes.
      if (error?.status !== 413 || keys.length === 1) throw error
      const half = keys.length >> 1
      const parts = [keys.slice(0, half), keys.slice(half)].map((part) => this.#getPart(part, options))
      return (await Promise.all(parts)).flat()
    })
  }

  /** Keys in lists that fit one request each. */
  #split(keys: readonly string[]): string[][] {
    const { maxElements, maxFrameBytes } = this.#client.welcome?.limits ?? assumedLimits
    const maxBytes = Math.min(maxKeysBytes, maxFrameBytes / 2)
    const parts: string[][] = []
    let bytes = 0
    for (const key of keys) {
      const part = parts.at(-1)
      bytes += 3 * key.length
      if (part && part.length < maxElements && bytes <= maxBytes) part.push(key)
      else {
        parts.push([key])
        bytes = 3 * key.length
      }
    }
    return parts
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
      throw new KvassError(400, `The limit is ${limit}: it takes a whole number up to ${maxLimit}.`)
    }
    const range = { table: this.name, ...bounds(options), limit, reverse: options.reverse, keysOnly, cursor }
    return this.#client.call({ request: { range }, effect: 'read' }, options, ({ pairs = [], cursor, pages = 1 }) => {
      const entries = pairs.map(({ key = '', value, revision = 0 }) => entry<T>(key, value, revision))
      return { page: cursor ? { entries, cursor } : { entries }, responses: pages }
    })
  }

  #checkKey(key: string): void {
    checkName(key, 'key')
    const { maxKeyBytes } = this.#client.welcome?.limits ?? assumedLimits
    if (key.length * 3 <= maxKeyBytes) return
    const bytes = utf8Length(key)
    if (bytes > maxKeyBytes) throw new KvassError(400, `The key has ${bytes} bytes: it takes 1 to ${maxKeyBytes}.`)
  }

  #value(value: T): ValueMessage {
    const message = toValue(value)
    const limits = this.#client.welcome?.limits
    const bytes = limits ? bytesOver(message, limits.maxValueBytes) : 0
    if (bytes === 0) return message
    throw new KvassError(413, `The value has ${bytes} bytes: at most ${limits!.maxValueBytes} are stored.`)
  }
}

/** What a gateway takes unless it is told otherwise; used until its welcome says. */
export const assumedLimits = { maxKeyBytes: 1_024, maxElements: 4_096, maxFrameBytes: 1_048_576 }
const maxLimit = 2 ** 32 - 1

/** Throws KvassError 400 where `name` is no name: not a string, empty, or without UTF-8. */
export function checkName(name: string, what: string): void {
  if (typeof name !== 'string') throw new KvassError(400, `The ${what} is no string but of type ${typeof name}.`)
  if (name === '') throw new KvassError(400, `The ${what} is empty.`)
  checkText(name, what)
}

/** The bounds of a range that were given. */
function bounds({ prefix, start, end }: RangeOptions): { prefix?: string; start?: string; end?: string } {
  for (const [what, bound] of Object.entries({ prefix, start, end })) if (bound) checkName(bound, what)
  return { prefix, start, end }
}

function entry<T>(key: string, value: ValueMessage | undefined, revision: number): Entry<T> {
  return { key, value: fromValue(value) as T, revision }
}

function readEntry<T>({ values, revision = 0 }: Response, request: Request): Entry<T> | undefined {
  return values && entry(request.hget!.key as string, values[0], revision)
}

const revisionOf = ({ revision = 0 }: Response) => revision
export const countOf = ({ count = 0 }: Response) => count
