// What stands in one table, to the wire and from it: keys and values that are checked before they leave, entries of
// what comes back. It sends nothing.
import { KvassError } from '../../proto/status.ts'
import { bytesOver, checkText, fromValue, toValue, utf8Length, type ValueMessage } from '../../proto/value.ts'
import type { Client } from './client.ts'
import type { Response } from './messages.ts'
import type { Entry, StandardSchema } from './types.ts'

export class Entries<T, In> {
  readonly table: string
  readonly #client: Client
  readonly #schema: StandardSchema<In, T> | undefined

  constructor(client: Client, table: string, schema?: StandardSchema<In, T>) {
    checkName(table, 'table name')
    this.table = table
    this.#client = client
    this.#schema = schema
  }

  checkKey(key: string): void {
    checkName(key, 'key')
    const { maxKeyBytes } = this.#client.limits
    if (key.length * 3 <= maxKeyBytes) return
    const bytes = utf8Length(key)
    if (bytes > maxKeyBytes) throw new KvassError(400, `The key has ${bytes} bytes: at most ${maxKeyBytes} are stored.`)
  }

  /** A key with its value to write, both checked. The value is sent as it is given, whatever a schema makes of it. */
  pair(key: string, value: In): { key: string; value: ValueMessage } {
    this.checkKey(key)
    this.#validated(key, value)
    const message = toValue(value, this.#client.exact)
    const { maxValueBytes } = this.#client.limits
    const bytes = bytesOver(message, maxValueBytes)
    if (bytes === 0) return { key, value: message }
    throw new KvassError(413, `The value has ${bytes} bytes: at most ${maxValueBytes} are stored.`)
  }

  entry(key: string, message: ValueMessage | undefined, revision: number): Entry<T> {
    const entry: Entry<T> = { table: this.table, key, value: this.value(key, message), revision }
    if (message?.ttlMs !== undefined) entry.ttl = message.ttlMs
    if (message?.leased) entry.leased = true
    return entry
  }

  value(key: string, message: ValueMessage | undefined): T {
    return this.#validated(key, fromValue(message, this.#client.exact))
  }

  /** The revision of a write, or what stood in its way. */
  revisionOrThrow(key: string, { status, message = '', values, revision = 0 }: Response): number {
    if (status !== 409) return revision
    throw new KvassError(409, message, { entry: revision > 0 ? this.entry(key, values?.[0], revision) : undefined })
  }

  #validated(key: string, value: unknown): T {
    if (!this.#schema) return value as T
    const result = this.#schema['~standard'].validate(value)
    if ('then' in result) throw new KvassError(400, 'The schema has to answer at once.')
    if (!result.issues) return result.value
    const issues = result.issues.map(({ path = [], message }) =>
      [...path.map((step) => String((step as { key?: PropertyKey }).key ?? step)), message].join(': '),
    )
    throw new KvassError(400, `The value of "${key}" does not fit the schema: ${issues.join('; ')}.`)
  }
}

/** Throws KvassError 400 where `name` is no name: not a string, empty, or without UTF-8. */
export function checkName(name: string, what: string): void {
  if (typeof name !== 'string') throw new KvassError(400, `The ${what} is no string.`)
  if (name === '') throw new KvassError(400, `The ${what} is empty.`)
  checkText(name, what)
}

/** Throws KvassError 400. */
export function checkRevision(revision: number, least = 0): void {
  if (Number.isSafeInteger(revision) && revision >= least) return
  throw new KvassError(400, `The revision is ${revision}: it takes a whole number from ${least}.`)
}

/** A ttl as the wire has it. Throws KvassError 400. */
export function ttlOf(ttl: number | undefined): number | undefined {
  if (ttl === undefined || (ttl > 0 && ttl <= Number.MAX_SAFE_INTEGER)) return ttl && Math.ceil(ttl)
  throw new KvassError(400, `The ttl is ${ttl}: it takes milliseconds above 0.`)
}

export const countOf = ({ count = 0 }: Response) => count
