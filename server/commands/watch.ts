// The watch: keeps a client's copy of a table current. It is a cursor that reads the store - a snapshot, or what
// changed since a revision - until it has everything, and then goes live; a client that falls behind is a cursor
// again. So it costs no queue, at any speed.

import type { Response } from '../../proto/codec.ts'
import { optionNote } from '../../proto/limits.ts'
import { KvassError } from '../../proto/status.ts'
import { changeOf, type Filter, type LiveWatcher, matches, phases, type SentChange } from '../data/changes.ts'
import { asBuffer } from '../store/bytes/latin1.ts'
import { afterPrefix, type Key } from '../store/engine.ts'
import { nextTurn, type Reading, type Session, type Sink, type Stream } from './command.ts'
import { boundOf, tableOf } from './names.ts'

/** Changes asked of the store at once; it returns fewer where their values are large. */
const mostChanges = 1024

type State = 'snapshot' | 'difference' | 'live' | 'ended'

class Watcher implements Stream, LiveWatcher {
  skipTo = 0
  sentAt = 0
  bookmarkAt = 0
  readonly #session: Session
  readonly #table: Key
  readonly #filter: Filter
  readonly #request: number
  #sink: Sink | undefined
  #state: State
  /** A snapshot: the last key sent. */
  #after: Key | undefined
  /** Everything up to here was sent, or is being sent by the snapshot. */
  #cursor: number
  /** What begins with the next response. */
  #phase: number
  #scheduled = false

  constructor(session: Session, table: Key, filter: Filter, request: number, since: number) {
    this.#session = session
    this.#table = table
    this.#filter = filter
    this.#request = request
    this.#state = since === 0 ? 'snapshot' : 'difference'
    this.#phase = since === 0 ? phases.snapshot : phases.difference
    this.#cursor = since === 0 ? session.shared.store.revisionOf(table) : since
    session.watches++
  }

  get #isBehind(): boolean {
    return this.#state === 'snapshot' || this.#state === 'difference'
  }

  get spread(): number {
    return Number.parseInt(this.#session.id.slice(0, 4), 16) / 0x1_0000
  }

  get full(): boolean {
    return this.#sink!.full
  }

  get overfull(): boolean {
    return this.#sink!.overfull
  }

  start(sink: Sink): void {
    this.#sink = sink
    sink.onRoom = () => {
      if (this.#isBehind) this.#pumpLater()
    }
    this.#pump()
  }

  send(response: Response): void {
    this.#sink!.send(response)
  }

  publish(response: Response): void {
    this.#sink!.publish(response)
  }

  beat(now: number): number {
    return this.#state === 'live' ? this.#session.shared.changes.bookmark(this.#table, this, now) : 0
  }

  fallBehind(cursor: number): void {
    this.#state = 'difference'
    this.#phase = phases.lagged
    this.#cursor = cursor
  }

  restart(): void {
    this.#state = 'snapshot'
    this.#phase = phases.snapshot
    this.#after = undefined
    this.#cursor = this.#session.shared.store.revisionOf(this.#table)
    this.#pumpLater()
  }

  cancel(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#session.shared.changes.leave(this.#table, this.#filter, this)
    this.#session.watches--
    this.#session.running.delete(this.#request)
    if (this.#sink !== undefined) this.#sink.onRoom = undefined
  }

  /** Sends pages while the client takes them and the turn is not too long; then it is called again. */
  #pump(): void {
    if (this.#scheduled) return
    const until = performance.now() + this.#session.shared.limits.sliceMs
    while (this.#isBehind && !this.full) {
      if (performance.now() >= until) return this.#pumpLater()
      if (this.#state === 'snapshot') this.#snapshot()
      else this.#difference()
    }
  }

  /** Waits for its turn among all long replies of the gateway. */
  #pumpLater(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    void nextTurn().then(() => {
      this.#scheduled = false
      this.#pump()
    })
  }

  /** One page of entries. Those written since the snapshot began follow as changes, and are left out here. */
  #snapshot(): void {
    const { store, entries, limits } = this.#session.shared
    const { key, prefix, keysOnly } = this.#filter
    const start = key ?? prefix
    const end = key === undefined ? afterPrefix(prefix) : `${key}\0`
    const query = { start: start || undefined, end, after: this.#after, limit: mostChanges, maxBytes: limits.pageBytes }
    const page = store.range(this.#table, query)
    const changes: SentChange[] = []
    for (const entry of page.entries) {
      const value = entry.revision <= this.#cursor ? entries.sent(entry.value) : undefined
      if (value !== undefined) changes.push(changeOf(entry.key, entry.revision, value, keysOnly))
    }
    this.#after = page.next
    if (page.next === undefined) this.#state = 'difference'
    if (changes.length > 0 || this.#phase !== phases.changes) this.#page(changes, undefined)
  }

  /** One page of what changed after the cursor, and when that was all, goes live. */
  #difference(): void {
    const { store, entries, changes } = this.#session.shared
    const page = store.changes(this.#table, this.#cursor, mostChanges)
    if (page === undefined) return this.#startOver()
    const found: SentChange[] = []
    for (const { key, revision, value } of page.changes) {
      if (!matches(this.#filter, key)) continue
      found.push(changeOf(key, revision, value && entries.sent(value), this.#filter.keysOnly))
    }
    this.#cursor = page.upTo
    if (found.length > 0 || this.#phase !== phases.changes) this.#page(found, page.upTo)
    if (!page.complete) return
    this.#state = 'live'
    this.send({ status: 200, phase: phases.synced, revision: page.upTo })
    changes.join(this.#table, this.#filter, this, page.upTo)
  }

  #startOver(): void {
    this.#state = 'snapshot'
    this.#phase = phases.snapshot
    this.#after = undefined
    this.#cursor = this.#session.shared.store.revisionOf(this.#table)
  }

  #page(changes: SentChange[], revision: number | undefined): void {
    const phase = this.#phase === phases.changes ? undefined : this.#phase
    this.#phase = phases.changes
    this.send({ status: 200, changes, revision, phase })
  }
}

export const watch: Reading<'watch'> = {
  name: 'watch',
  right: 'read',
  shows: 'revision',
  run(message, session, id) {
    const { store, limits } = session.shared
    if (id === 0) throw new KvassError(400, 'watch needs an id, under which its changes come.')
    if (session.watches >= limits.maxWatches) {
      const most = `the most allowed${optionNote('maxWatches')}`
      throw new KvassError(429, `This connection has ${limits.maxWatches} watches, ${most}: end one first.`)
    }
    const table = tableOf(message.table, limits)
    const key = boundOf('key', message.key, limits)
    const prefix = boundOf('prefix', message.prefix, limits) ?? ''
    if (key !== undefined && prefix !== '') throw new KvassError(400, 'watch takes a key or a prefix, not both.')
    const epoch = message.epoch?.length ? asBuffer(message.epoch).toString('latin1') : store.epoch
    const since = Number(message.since ?? 0)
    const isKnown = epoch === store.epoch && since <= store.revisionOf(table)
    return new Watcher(session, table, { key, prefix, keysOnly: message.keysOnly ?? false }, id, isKnown ? since : 0)
  },
}
