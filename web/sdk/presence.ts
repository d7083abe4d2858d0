// Who is there: a table whose entries are leased, and that a member comes back to after a reconnect. It knows no socket.
import type { Client } from './client.ts'
import { randomHex } from './client.ts'
import { SdkTable } from './table.ts'
import type { CallOptions, Entry, Member, Presence, Value } from './types.ts'

export class SdkPresence<T = Value> implements Presence<T> {
  readonly table: SdkTable<T, T>
  readonly watch: SdkTable<T, T>['watch']
  readonly live: SdkTable<T, T>['live']
  readonly #client: Client

  constructor(client: Client, name: string) {
    const table = new SdkTable<T, T>(client, `presence:${name}`)
    this.table = table
    this.watch = table.watch.bind(table) as typeof table.watch
    this.live = table.live.bind(table)
    this.#client = client
  }

  async join(info: T): Promise<Member<T>> {
    const { table } = this
    // Not the client's id, which is secret.
    const id = randomHex(8)
    await table.set(id, info, { lease: true })
    // Away for longer than the grace, or the store is another one: it joins again. An entry that is still there stays.
    const release = this.#client.on('open', () => {
      table.set(id, info, { lease: true, ifAbsent: true }).catch(() => {})
    })
    return {
      id,
      update: async (next) => {
        info = next
        await table.set(id, info, { lease: true })
      },
      leave: async () => {
        release()
        await table.delete(id)
      },
    }
  }

  async list(options?: CallOptions): Promise<Entry<T>[]> {
    const entries: Entry<T>[] = []
    for await (const entry of this.table.entries(options)) entries.push(entry)
    return entries
  }
}
