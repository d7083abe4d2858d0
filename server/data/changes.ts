// Carries writes to those who watch: each change is encoded once for all watchers of the same keys, and leaves when
// the write is safe. A watcher that cannot take it now becomes a cursor, which costs no memory.

import { encodeResponse, type Response } from '../../proto/codec.ts'
import type { Limits } from '../../proto/limits.ts'
import { copyOf } from '../store/bytes/copy.ts'
import { bytesOf } from '../store/bytes/latin1.ts'
import type { Engine, Key, WriteObserver } from '../store/engine.ts'
import type { Entries } from './entries.ts'

/** Where a watch is: the numbers of WatchPhase in kv.proto. */
export const phases = { changes: 0, snapshot: 1, difference: 2, synced: 3, lagged: 4, bookmark: 5 } as const

/** Which keys of a table somebody watches, and how. */
export interface Filter {
  readonly key: Key | undefined
  readonly prefix: Key
  readonly keysOnly: boolean
}

export function matches({ key, prefix }: Filter, candidate: Key): boolean {
  return key === undefined ? candidate.startsWith(prefix) : candidate === key
}

export type SentChange = NonNullable<Response['changes']>[number]

/** One change as it is sent. */
export function changeOf(key: Key, revision: number, value: Uint8Array | undefined, keysOnly: boolean): SentChange {
  if (value === undefined) return { key: bytesOf(key), revision, deleted: true }
  return keysOnly ? { key: bytesOf(key), revision } : { key: bytesOf(key), value, revision }
}

/** A watcher that is up to date: it gets what comes as it comes. */
export interface LiveWatcher {
  /** It has everything up to here already; 0 once that is behind all that comes. */
  skipTo: number
  /** Monotonic milliseconds at which it was last sent anything. */
  sentAt: number
  /** Monotonic milliseconds at which it is next told how far it is; kept by `bookmark`, and 0 at first. */
  bookmarkAt: number
  /** From 0 to 1, its connection's own: what many are due for at once they get at different times. */
  readonly spread: number
  readonly full: boolean
  readonly overfull: boolean
  send(response: Response): void
  /** As `send`, of the one response that it gets for now. */
  publish(response: Response): void
  /** It could not take what comes after `cursor`, and is no longer live. */
  fallBehind(cursor: number): void
  /** The table was dropped; it is no longer live. */
  restart(): void
}

interface Pending {
  readonly key: Key
  readonly revision: number
  readonly value: Uint8Array | undefined
  readonly dropped: boolean
}

/** All watchers of the same keys of a table. */
interface Group {
  readonly filter: Filter
  readonly watchers: Set<LiveWatcher>
}

/** All that concerns one table. */
interface Channel {
  readonly table: Key
  readonly groups: Map<string, Group>
  /** Writes since the last delivery, in order. */
  pending: Pending[]
  /** Deliveries that wait for their writes to be safe. */
  waiting: number
  /** Everything up to here was delivered. */
  delivered: number
  /** The last bookmark, and its moment: all who are woken then share it. */
  bookmark: Response | undefined
  bookmarkedAt: number
}

/** How much of the time between two bookmarks may be left out. */
const mostEarly = 0.6

/** How many bytes of changes make a response at the most, unless one revision has more. */
const responseBytes = 65_536

export class Changes implements WriteObserver {
  readonly #store: Engine
  readonly #entries: Entries
  readonly #limits: Limits
  readonly #channels = new Map<Key, Channel>()
  readonly #dirty = new Set<Channel>()

  constructor(store: Engine, entries: Entries, limits: Limits) {
    this.#store = store
    this.#entries = entries
    this.#limits = limits
  }

  watches(table: Key): boolean {
    return this.#channels.size !== 0 && this.#channels.has(table)
  }

  wrote(table: Key, key: Key, revision: number, bytes: Uint8Array, start: number, end: number): void {
    this.#add(table, { key, revision, value: this.#entries.sent(copyOf(bytes, start, end)), dropped: false })
  }

  deleted(table: Key, key: Key, revision: number): void {
    this.#add(table, { key, revision, value: undefined, dropped: false })
  }

  dropped(table: Key, revision: number): void {
    this.#add(table, { key: '', revision, value: undefined, dropped: true })
  }

  /** Makes a watcher live that has everything up to `revision`, the store's at this moment. */
  join(table: Key, filter: Filter, watcher: LiveWatcher, revision: number): void {
    let channel = this.#channels.get(table)
    if (channel === undefined) {
      const nothing = { pending: [], waiting: 0, bookmark: undefined, bookmarkedAt: 0 }
      channel = { table, groups: new Map(), delivered: revision, ...nothing }
      this.#channels.set(table, channel)
    }
    const name = nameOf(filter)
    let group = channel.groups.get(name)
    if (group === undefined) {
      group = { filter, watchers: new Set() }
      channel.groups.set(name, group)
    }
    watcher.skipTo = revision
    watcher.sentAt = Math.floor(performance.now())
    group.watchers.add(watcher)
  }

  leave(table: Key, filter: Filter, watcher: LiveWatcher): void {
    const channel = this.#channels.get(table)
    const group = channel?.groups.get(nameOf(filter))
    if (channel === undefined || group === undefined) return
    group.watchers.delete(watcher)
    this.#prune(channel, group)
  }

  close(): void {
    this.#channels.clear()
  }

  /**
   * Tells a live watcher of a table that heard nothing for a while how far it is, and returns when it is to be called
   * again: a beat before it would be late. Those that joined together, or heard of the same write, are told at different
   * times from then on, and those of one connection at one: ninety writes in a turn made others wait for one to two
   * milliseconds.
   */
  bookmark(table: Key, watcher: LiveWatcher, now: number): number {
    if (now < watcher.bookmarkAt) return watcher.bookmarkAt
    const quietMs = this.#limits.bookmarkMs * 0.75
    if (watcher.bookmarkAt === 0 || now - watcher.sentAt < quietMs * (1 - mostEarly)) {
      watcher.bookmarkAt = Math.floor(watcher.sentAt + quietMs * (1 - mostEarly * watcher.spread))
      if (now < watcher.bookmarkAt) return watcher.bookmarkAt
    }
    const channel = this.#channels.get(table)
    if (channel === undefined || watcher.full) return 0
    const response = this.#bookmarkOf(channel, now)
    if (watcher.skipTo > response.revision!) return 0
    watcher.sentAt = Math.floor(now)
    watcher.bookmarkAt = watcher.sentAt + Math.floor(quietMs)
    watcher.send(response)
    return watcher.bookmarkAt
  }

  /** Lets go of a group that has no watchers, and of a table that has no groups. */
  #prune(channel: Channel, group: Group): void {
    if (group.watchers.size > 0) return
    const name = nameOf(group.filter)
    if (channel.groups.get(name) === group) channel.groups.delete(name)
    if (channel.groups.size > 0 || this.#channels.get(channel.table) !== channel) return
    this.#channels.delete(channel.table)
  }

  #add(table: Key, change: Pending): void {
    const channel = this.#channels.get(table)!
    channel.pending.push(change)
    if (this.#dirty.size === 0) setImmediate(() => this.#collect())
    this.#dirty.add(channel)
  }

  /** Takes what the turns since the last collection wrote, and delivers it once it is safe. */
  #collect(): void {
    const channels = [...this.#dirty]
    this.#dirty.clear()
    for (const channel of channels) {
      const { pending } = channel
      channel.pending = []
      const { revision } = pending[pending.length - 1]!
      const isAlone = channels.length === 1
      if (channel.waiting === 0 && revision <= this.#store.safeRevisionOf(channel.table)) {
        this.#deliver(channel, pending, isAlone)
        continue
      }
      channel.waiting++
      this.#store.whenSafe(channel.table, revision, (error) => {
        channel.waiting--
        // Writes that will never be safe are never shown; the watchers stay where they are.
        if (error === undefined) this.#deliver(channel, pending, isAlone)
      })
    }
  }

  /** `isAlone`: nothing else is delivered at the same time. */
  #deliver(channel: Channel, pending: Pending[], isAlone: boolean): void {
    const before = channel.delivered
    channel.delivered = pending[pending.length - 1]!.revision
    const isDropped = pending.some(({ dropped }) => dropped)
    for (const group of channel.groups.values()) {
      if (isDropped) for (const watcher of [...group.watchers]) this.#drop(group, watcher)
      else this.#deliverTo(group, before, channel.delivered, latestOfEachRevision(pending, group.filter), isAlone)
      this.#prune(channel, group)
    }
  }

  #drop(group: Group, watcher: LiveWatcher): void {
    group.watchers.delete(watcher)
    watcher.restart()
  }

  #deliverTo(group: Group, before: number, delivered: number, changes: Pending[], isAlone: boolean): void {
    if (changes.length === 0) return
    // A whole number lies in the object itself, where a fraction is one more place in memory for each watcher.
    const now = Math.floor(performance.now())
    const first = changes[0]!.revision
    const shared = this.#responses(changes, group.filter)
    for (const watcher of group.watchers) {
      const { skipTo } = watcher
      const responses = skipTo < first ? shared : this.#responses(after(skipTo, changes), group.filter)
      const cursor = watcher.full ? Math.max(before, skipTo) : sendAll(watcher, responses, isAlone)
      if (cursor !== undefined) {
        group.watchers.delete(watcher)
        watcher.fallBehind(cursor)
        continue
      }
      watcher.sentAt = now
      if (skipTo !== 0 && skipTo <= delivered) watcher.skipTo = 0
    }
  }

  /** The changes as responses, each encoded once, cut where a revision ends. */
  #responses(changes: readonly Pending[], { keysOnly }: Filter): Response[] {
    const responses: Response[] = []
    let current: SentChange[] = []
    let bytes = 0
    for (const [index, { key, revision, value }] of changes.entries()) {
      current.push(changeOf(key, revision, value, keysOnly))
      bytes += key.length + (value?.length ?? 0) + 16
      const next = changes[index + 1]?.revision
      if (next !== undefined && (next === revision || bytes < responseBytes)) continue
      const response: Response = { status: 200, changes: current, revision }
      response.body = encodeResponse(response)
      responses.push(response)
      current = []
      bytes = 0
    }
    return responses
  }

  /** How far everybody is who watches a table. */
  #bookmarkOf(channel: Channel, now: number): Response {
    const { pending, waiting, delivered } = channel
    const isIdle = pending.length === 0 && waiting === 0
    const revision = isIdle ? Math.max(delivered, this.#store.safeRevisionOf(channel.table)) : delivered
    if (channel.bookmarkedAt === now && channel.bookmark?.revision === revision) return channel.bookmark
    const response: Response = { status: 200, phase: phases.bookmark, revision }
    response.body = encodeResponse(response)
    channel.bookmark = response
    channel.bookmarkedAt = now
    return response
  }
}

function after(since: number, changes: readonly Pending[]): Pending[] {
  return changes.filter(({ revision }) => revision > since)
}

/** Sends what fits; where that is not all, returns the revision up to which it did. */
function sendAll(watcher: LiveWatcher, responses: readonly Response[], isAlone: boolean): number | undefined {
  if (isAlone && responses.length === 1) {
    watcher.publish(responses[0]!)
    return undefined
  }
  for (const [index, response] of responses.entries()) {
    if (index > 0 && watcher.overfull) return responses[index - 1]!.revision
    watcher.send(response)
  }
  return undefined
}

/** The changes that match, without those that a later write of the same revision wrote over. */
function latestOfEachRevision(pending: readonly Pending[], filter: Filter): Pending[] {
  const matching = pending.filter(({ key }) => matches(filter, key))
  const isSimple = matching.every(({ revision }, index) => matching[index + 1]?.revision !== revision)
  if (isSimple) return matching
  const latest = new Map<string, number>()
  for (const [index, { key, revision }] of matching.entries()) latest.set(`${revision} ${key}`, index)
  return matching.filter(({ key, revision }, index) => latest.get(`${revision} ${key}`) === index)
}

function nameOf({ key, prefix, keysOnly }: Filter): string {
  return `${keysOnly ? 1 : 0}${key === undefined ? 'p' : 'k'}${key ?? prefix}`
}
