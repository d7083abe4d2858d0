// A table whose values are as the gateway keeps them: each with its type on the wire, a document as its text. Nothing
// that is read and written back changes on the way. For editors of any entry; it is not in the SDK's bundle.
import { KvassError } from '../../proto/status.ts'
import { bytesOver, checkText, type ValueMessage } from '../../proto/value.ts'
import type { Client } from './client.ts'
import { checkRevision, Entries } from './entries.ts'
import type { SdkKvass } from './kvass.ts'
import { SdkTable } from './table.ts'
import type { CallOptions, Kvass, Table } from './types.ts'

/** A value with its type: one member is set, and none is the empty value. An integer beyond +-2^53 is a bigint. */
export type Stored = Pick<ValueMessage, 'string' | 'binary' | 'integer' | 'float' | 'bool' | 'json'>

export interface SaveOptions extends CallOptions {
  /** Write only if the entry still has this revision; 0: only if there is none. */
  ifRevision: number
}

export interface StoredTable extends Table<Stored> {
  /**
   * Writes a value and returns its revision. The entry keeps its expiry and its lease. Rejects with 409 where the
   * entry has another revision; the error's `entry` is the one in the way, undefined where there is none.
   */
  save(key: string, value: Stored, options: SaveOptions): Promise<number>
}

/** Throws KvassError 400 where `name` is no name of a table. */
export function storedTable(kv: Kvass, name: string): StoredTable {
  return new SdkStoredTable(kv as SdkKvass, name)
}

class SdkStoredTable extends SdkTable<Stored> implements StoredTable {
  override readonly schemed: StoredEntries
  readonly #client: Client

  constructor(client: Client, name: string) {
    super(client, name)
    this.schemed = new StoredEntries(client, name)
    this.#client = client
  }

  async save(key: string, value: Stored, { ifRevision, ...options }: SaveOptions): Promise<number> {
    checkRevision(ifRevision)
    const pair = this.schemed.pair(key, value)
    // On the wire no revision is any revision.
    const condition = ifRevision === 0 ? { ifAbsent: true } : { ifRevision, keep: true }
    const request = { hset: { table: this.name, pair, ...condition } }
    return this.#client.call({ request, effect: 'write', answer: 409 }, options, (reply) =>
      this.schemed.revisionOrThrow(key, reply),
    )
  }
}

class StoredEntries extends Entries<Stored, Stored> {
  readonly #client: Client

  constructor(client: Client, table: string) {
    super(client, table)
    this.#client = client
  }

  override pair(key: string, value: Stored): { key: string; value: Stored } {
    this.checkKey(key)
    const text = value.string ?? value.json
    if (text !== undefined) checkText(text, 'value')
    const { maxValueBytes } = this.#client.limits
    const bytes = bytesOver(value, maxValueBytes)
    if (bytes === 0) return { key, value }
    throw new KvassError(413, `The value has ${bytes} bytes: at most ${maxValueBytes} are stored.`)
  }

  override value(_key: string, message: ValueMessage = {}): Stored {
    const { ttlMs: _, leased: __, ...value } = message
    return value
  }
}
