// What a watch asks of the gateway, and what its responses say: it keeps the place from which the watch goes on after
// a reconnect. It knows no socket.
import type { Client } from './client.ts'
import { checkName, checkRevision, type Entries } from './entries.ts'
import { maxWaiting, type Source } from './flow.ts'
import type { Request, Response } from './messages.ts'
import type { Queue } from './queue.ts'
import type { Change, Position, WatchOptions } from './types.ts'

/** What begins with a response, by the numbers of WatchPhase in kv.proto; a bookmark says that nothing was missed. */
const marks = [undefined, 'reset', 'resumed', 'synced', 'lagged', 'synced'] as const

type EntryReader<T> = Pick<Entries<T, never>, 'table' | 'checkKey' | 'entry'>

export class WatchSource<T> implements Source<Change<T>> {
  readonly effect = 'stream'
  readonly #client: Client
  readonly #entries: EntryReader<T>
  readonly #filter: WatchOptions
  /** Everything up to here has come. */
  #position: Position
  #isSynced = false

  constructor(client: Client, entries: EntryReader<T>, { key, prefix, keysOnly, since = 0 }: WatchOptions) {
    this.#client = client
    this.#entries = entries
    if (key !== undefined) entries.checkKey(key)
    if (prefix) checkName(prefix, 'prefix')
    this.#filter = { key, prefix, keysOnly }
    this.#position = typeof since === 'object' ? since : { revision: since, epoch: client.welcome?.epoch }
    checkRevision(this.#position.revision)
  }

  get request(): Request {
    const { revision, epoch } = this.#position
    return { watch: { table: this.#entries.table, ...this.#filter, since: revision || undefined, epoch } }
  }

  read({ phase = 0, changes = [], revision }: Response): Change<T>[] {
    const mark = marks[phase]
    const { epoch } = this.#client.welcome!
    const { keysOnly } = this.#filter
    if (mark) this.#isSynced = mark === 'synced'
    // A snapshot that is cut off begins again; what follows in the order of revisions goes on where it was.
    if (revision !== undefined || mark === 'reset') this.#position = { revision: revision ?? 0, epoch }
    const events: Change<T>[] = changes.map(({ key = '', value, revision = 0, deleted }, at) => {
      const more = !this.#isSynced || changes[at + 1]?.revision === revision
      if (deleted) return { type: 'delete', key, revision, more }
      const entry = keysOnly
        ? { table: this.#entries.table, key, value: undefined as T, revision }
        : this.#entries.entry(key, value, revision)
      return { type: 'set', ...entry, more }
    })
    if (mark === 'synced') events.push({ type: mark, revision: revision ?? 0, epoch, more: false })
    else if (mark) events.unshift({ type: mark, more: true })
    return events
  }

  /** Keeps the latest state of each key only: never more than there are keys. */
  makeRoom(waiting: Queue<Change<T>>): number {
    const latest = new Map<string, Change<T>>()
    const { last } = waiting
    let begin: Change<T> = { type: 'lagged', more: true }
    for (const change of waiting.items()) {
      if (change.type === 'reset') {
        begin = change
        latest.clear()
      } else if (change.key !== undefined) {
        // The order is that of the revisions that are left.
        latest.delete(change.key)
        latest.set(change.key, { ...change, more: true })
      }
    }
    waiting.replace([begin, ...latest.values()])
    if (!last!.more)
      waiting.push({ type: 'synced', revision: last!.revision, epoch: this.#position.epoch!, more: false })
    return Math.max(maxWaiting, 2 * waiting.length)
  }
}
