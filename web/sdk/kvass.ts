// The handle that `connect` gives: the client, and the tables and topics on it. Of the client, types.ts shows a user
// its state and its events only.
import { Client } from './client.ts'
import { checkName, countOf } from './entries.ts'
import { SdkPresence } from './presence.ts'
import { SdkTable } from './table.ts'
import { SdkTopic } from './topic.ts'
import { SdkTransaction } from './transaction.ts'
import type {
  CallOptions,
  Kvass,
  Presence,
  StandardSchema,
  Table,
  TableInfo,
  Topic,
  Transaction,
  Value,
  Welcome,
} from './types.ts'

export class SdkKvass extends Client implements Kvass {
  table<T, In = T>(name: string, options?: { schema: StandardSchema<In, T> }): Table<T, In> {
    return new SdkTable(this, name, options?.schema)
  }

  presence<T = Value>(name: string): Presence<T> {
    return new SdkPresence<T>(this, name)
  }

  async transaction(build: (tx: Transaction) => unknown, options?: CallOptions): Promise<number> {
    const tx = new SdkTransaction(this)
    await this.within(build(tx), options)
    const { request, elements, revisionOrThrow } = tx
    return this.call({ request, elements, effect: 'write', answer: 409 }, options, revisionOrThrow)
  }

  topic<T = Value>(name: string): Topic<T> {
    return new SdkTopic<T>(this, name)
  }

  async tables(options: CallOptions & { prefix?: string } = {}): Promise<TableInfo[]> {
    const { prefix } = options
    if (prefix) checkName(prefix, 'prefix')
    return this.call({ request: { tables: { prefix } }, effect: 'read' }, options, ({ tables = [] }) =>
      tables.map(({ name = '', count = 0, revision = 0 }) => ({ name, count, revision })),
    )
  }

  async flush(options?: CallOptions): Promise<number> {
    return this.call({ request: { flush: {} }, effect: 'write' }, options, countOf)
  }

  async ping(options?: CallOptions): Promise<number> {
    if (this.state !== 'open') await this.ready(options)
    const start = performance.now()
    return this.call({ request: { ping: {} }, effect: 'read' }, options, () => performance.now() - start)
  }

  async ready(options?: CallOptions): Promise<Welcome> {
    if (this.state === 'open') return this.welcome!
    // It leaves behind the hello, so its answer comes when that one's has.
    return this.call({ request: { ping: {} }, effect: 'read' }, options, () => this.welcome!)
  }
}
