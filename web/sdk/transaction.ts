// A transaction as it is built: checks and writes over several tables, and the one request that they become. It sends
// nothing.
import { KvassError } from '../../proto/status.ts'
import { toValue } from '../../proto/value.ts'
import type { Client } from './client.ts'
import { checkRevision, Entries, ttlOf } from './entries.ts'
import type { Request, Response } from './messages.ts'
import { SdkTable } from './table.ts'
import type { IncrementSettings, Table, Transaction } from './types.ts'

// biome-ignore lint/suspicious/noExplicitAny: tables of any type, whose own methods keep to it.
type AnyTable = Table<any, any> | string

export class SdkTransaction implements Transaction {
  readonly #client: Client
  readonly #checks: { table: string; key: string; revision: number }[] = []
  readonly #writes: object[] = []

  constructor(client: Client) {
    this.#client = client
  }

  check({ table, key, revision = 0 }: { table: AnyTable; key: string; revision?: number }): this {
    checkRevision(revision)
    this.#checks.push({ ...this.#place(table, key), revision })
    return this
  }

  set(table: AnyTable, key: string, value: unknown, { ttl, lease }: { ttl?: number; lease?: boolean } = {}): this {
    const entries = this.#entries(table)
    this.#writes.push({ table: entries.table, ...entries.pair(key, value), ttlMs: ttlOf(ttl), lease })
    return this
  }

  delete(table: AnyTable, key: string): this {
    this.#writes.push({ ...this.#place(table, key), delete: true })
    return this
  }

  increment(table: AnyTable, key: string, by: number | bigint = 1, { ttl, keepType }: IncrementSettings = {}): this {
    this.#writes.push({ ...this.#place(table, key), increment: toValue(by), ttlMs: ttlOf(ttl), keepType })
    return this
  }

  get request(): Request {
    return { transaction: { checks: this.#checks, writes: this.#writes } }
  }

  get elements(): number {
    return this.#checks.length + this.#writes.length
  }

  /** The revision of the writes. Throws KvassError 409 that names the checks that failed. */
  readonly revisionOrThrow = ({ status, message = '', revision = 0, failed: failedAt = [] }: Response): number => {
    if (status !== 409) return revision
    const failed = failedAt.map((at) => this.#checks[at]!)
    const places = failed.map(({ table, key }) => `"${key}" of "${table}"`)
    throw new KvassError(409, failed.length > 0 ? `Checks that failed: ${places.join(', ')}.` : message, { failed })
  }

  #entries(table: AnyTable): Entries<unknown, unknown> {
    return table instanceof SdkTable ? table.schemed : new Entries(this.#client, table as string)
  }

  #place(table: AnyTable, key: string): { table: string; key: string } {
    const entries = this.#entries(table)
    entries.checkKey(key)
    return { table: entries.table, key }
  }
}
