// The commands that walk a table in key order: hgetall, range and count. A walk takes one page of the store at a
// time and lets others have their turn between pages, however long the table is.

import { Buffer } from 'node:buffer'
import { encodeResponse, type Response } from '../../proto/codec.ts'
import { optionNote } from '../../proto/limits.ts'
import { KvassError } from '../../proto/status.ts'
import { bytesOf } from '../store/bytes/latin1.ts'
import { afterPrefix, type Key, type RangeEntry, type RangePage, type RangeQuery } from '../store/engine.ts'
import { nextTurn, type Outcome, type Reading, type Session } from './command.ts'
import { boundOf, tableOf } from './names.ts'

/** Entries of a range without an id that names no limit. */
const defaultLimit = 1000
const noBytes = new Uint8Array(0)

export const hgetall: Reading<'hgetall'> = {
  name: 'hgetall',
  right: 'read',
  shows: 'store',
  run(message, session, id) {
    const walk = new Walk(session, tableOf(message.table, session.shared.limits), {}, Number.POSITIVE_INFINITY)
    return id === 0 ? walk.whole() : walk.paged()
  },
}

export const range: Reading<'range'> = {
  name: 'range',
  right: 'read',
  shows: 'store',
  run(message, session, id) {
    const { limits } = session.shared
    const table = tableOf(message.table, limits)
    const reverse = message.reverse ?? false
    const after = boundOf('cursor', message.cursor, limits)
    const keysOnly = message.keysOnly ?? false
    const limit = message.limit || (id === 0 ? defaultLimit : Number.POSITIVE_INFINITY)
    const walk = new Walk(session, table, { ...bounds(message, session), reverse, after, keysOnly }, limit)
    return id === 0 ? walk.single() : walk.paged()
  },
}

export const count: Reading<'count'> = {
  name: 'count',
  right: 'read',
  shows: 'store',
  run(message, session) {
    const { store, limits } = session.shared
    const table = tableOf(message.table, limits)
    const { start, end } = bounds(message, session)
    if (start === undefined && end === undefined) return { status: 200, count: store.count(table) }
    return new Walk(session, table, { start, end, keysOnly: true }, Number.POSITIVE_INFINITY).count()
  },
}

interface Bounds {
  readonly prefix?: Uint8Array | null
  readonly start?: Uint8Array | null
  readonly end?: Uint8Array | null
}

/** The bounds of keys that satisfy prefix, start and end all at once. */
function bounds(message: Bounds, { shared: { limits } }: Session): { start: Key | undefined; end: Key | undefined } {
  const prefix = boundOf('prefix', message.prefix, limits)
  let start = boundOf('start', message.start, limits)
  let end = boundOf('end', message.end, limits)
  if (prefix === undefined) return { start, end }
  const prefixEnd = afterPrefix(prefix)
  if (start === undefined || start < prefix) start = prefix
  if (end === undefined || (prefixEnd !== undefined && prefixEnd < end)) end = prefixEnd
  return { start, end }
}

/** One walk over a range, page by page. */
class Walk {
  readonly #session: Session
  readonly #table: Key
  readonly #query: Omit<RangeQuery, 'limit' | 'maxBytes'>
  #left: number
  #after: Key | undefined
  #done = false
  #turnEnds = performance.now()

  constructor(session: Session, table: Key, query: Omit<RangeQuery, 'limit' | 'maxBytes'>, limit: number) {
    this.#session = session
    this.#table = table
    this.#query = query
    this.#left = limit
    this.#after = query.after
    this.#turnEnds += session.shared.limits.sliceMs
  }

  /** All of it as one reply when it fits a page, else as pages. */
  paged(): Outcome {
    const first = this.#response()
    return this.#done ? first : this.#pages(first)
  }

  /** One reply with a cursor where entries are left. */
  single(): Outcome {
    const page = this.#page()
    const response: Response = { status: 200, pairs: this.#pairs(page) }
    if (page.next !== undefined) response.cursor = bytesOf(page.next)
    return response
  }

  /** All of it as one reply, for clients that know no pages. */
  whole(): Outcome {
    const first = this.#response()
    return this.#done ? first : this.#collect(first)
  }

  /** How many entries there are. */
  count(): Outcome {
    let total = this.#page(Number.POSITIVE_INFINITY).entries.length
    if (this.#done) return { status: 200, count: total }
    const rest = async (): Promise<Response> => {
      while (!this.#done) {
        await this.#yieldTurn()
        total += this.#page(Number.POSITIVE_INFINITY).entries.length
      }
      return { status: 200, count: total }
    }
    return rest()
  }

  async *#pages(first: Response): AsyncGenerator<Response, void> {
    yield first
    while (!this.#done) {
      await this.#yieldTurn()
      yield this.#response()
    }
  }

  async #collect(response: Response): Promise<Response> {
    const { maxReplyBytes } = this.#session.shared.limits
    const pairs = response.pairs!
    // Each page is encoded in its own slice: messages one behind the other are, in protobuf, one message.
    const parts = [encodeResponse({ status: 200, pairs })]
    let bytes = parts[0]!.length
    while (!this.#done) {
      await this.#yieldTurn()
      const page = this.#response().pairs!
      const part = encodeResponse({ pairs: page })
      bytes += part.length
      if (bytes > maxReplyBytes) {
        const over = `more than ${maxReplyBytes} bytes${optionNote('maxReplyBytes')}`
        throw new KvassError(413, `The table has ${over}: send an id to get it in pages.`)
      }
      pairs.push(...page)
      parts.push(part)
    }
    return { status: 200, pairs, body: Buffer.concat(parts, bytes) }
  }

  /** The next page as a response: marked `more`, or with the cursor where the limit ended it. */
  #response(): Response {
    const page = this.#page()
    const response: Response = { status: 200, pairs: this.#pairs(page) }
    if (!this.#done) response.more = true
    else if (page.next !== undefined) response.cursor = bytesOf(page.next)
    return response
  }

  #page(maxBytes = this.#session.shared.limits.pageBytes): RangePage {
    const { store, entries: known, expiry } = this.#session.shared
    // Only the value tells that an entry has expired, which matters while the sweeper is late.
    const keysOnly = this.#query.keysOnly && !expiry.overdue
    const query = { ...this.#query, keysOnly, after: this.#after, limit: this.#left, maxBytes }
    const { entries: found, next } = store.range(this.#table, query)
    const entries: RangeEntry[] = []
    for (const entry of found) {
      const value = known.sent(entry.value)
      if (value !== undefined) entries.push({ ...entry, value: this.#query.keysOnly ? noBytes : value })
    }
    this.#after = next
    this.#left -= entries.length
    this.#done = next === undefined || this.#left <= 0
    return { entries, next }
  }

  #pairs({ entries }: RangePage): NonNullable<Response['pairs']> {
    return entries.map(({ key, value, revision }) => ({ key: bytesOf(key), value, revision }))
  }

  /** Lets others have their turn when this one has lasted long enough. */
  async #yieldTurn(): Promise<void> {
    if (performance.now() < this.#turnEnds) return
    await nextTurn()
    this.#turnEnds = performance.now() + this.#session.shared.limits.sliceMs
  }
}
