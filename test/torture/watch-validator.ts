// Says whether what a watcher received is what the promise of a watch allows, given all writes that were made. It
// knows neither sockets nor gateways: it is fed a history and logs, and names the first thing that is wrong.
//
// The six properties are etcd's. For a watch of a filter, with U the revision up to which the client has everything:
//   ordered      revisions grow from response to response, and within each;
//   unique       no change comes twice, and none from before the revision that the client resumed from;
//   atomic       all changes of one revision are in one response;
//   reliable     while live, every change in (U, V] has come when a response says V;
//   resumable    a difference brings, for each key changed in (U, V], its latest state at V - so what may be skipped
//                is only a state of a key that changed again by V; a snapshot brings the whole state at V, and comes
//                in place of a difference only where deletions after U may have been forgotten, or the table dropped;
//   bookmarkable a bookmark of V says the same as a change of V would.

/** One write: the value that each key got, or undefined where it was deleted. */
export type Write = ReadonlyMap<string, number | undefined>

export interface LoggedChange {
  readonly key: string
  readonly revision: number
  /** Undefined: deleted. */
  readonly value: number | undefined
}

/** What a client saw, in order. */
export type LogEvent =
  | { readonly kind: 'open'; readonly since: number }
  | {
      readonly kind: 'response'
      readonly phase: number
      /** 0 where the response has none. */
      readonly revision: number
      readonly changes: readonly LoggedChange[]
    }

export interface WatchLog {
  readonly name: string
  readonly prefix: string
  readonly events: LogEvent[]
}

const phases = { changes: 0, snapshot: 1, difference: 2, synced: 3, lagged: 4, bookmark: 5 }

interface State {
  readonly revision: number
  readonly value: number | undefined
}

/** All writes of a table, by revision. */
export class History {
  readonly #writes = new Map<number, Write>()
  #byKey: Map<string, State[]> | undefined
  #revisions: number[] = []
  #deletions: number[] = []

  add(revision: number, write: Write): void {
    if (this.#writes.has(revision)) throw new Error(`two writes have revision ${revision}`)
    this.#writes.set(revision, write)
    this.#byKey = undefined
  }

  get size(): number {
    return this.#writes.size
  }

  write(revision: number): Write | undefined {
    return this.#writes.get(revision)
  }

  /** Revisions in (after, upTo], in order. */
  between(after: number, upTo: number): number[] {
    this.#sort()
    return this.#revisions.slice(above(this.#revisions, after), above(this.#revisions, upTo))
  }

  /** Whether something was deleted after a revision. */
  deletedAfter(revision: number): boolean {
    this.#sort()
    return above(this.#deletions, revision) < this.#deletions.length
  }

  /** The state that a key had at a revision. */
  at(key: string, revision: number): State | undefined {
    this.#sort()
    const states = this.#byKey!.get(key) ?? []
    let [low, high] = [0, states.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (states[middle]!.revision > revision) high = middle
      else low = middle + 1
    }
    return states[low - 1]
  }

  keys(): Iterable<string> {
    this.#sort()
    return this.#byKey!.keys()
  }

  #sort(): void {
    if (this.#byKey !== undefined) return
    this.#revisions = [...this.#writes.keys()].sort((a, b) => a - b)
    this.#byKey = new Map()
    this.#deletions = []
    for (const revision of this.#revisions) {
      for (const [key, value] of this.#writes.get(revision)!) {
        const states = this.#byKey.get(key)
        if (states === undefined) this.#byKey.set(key, [{ revision, value }])
        else states.push({ revision, value })
        if (value === undefined) this.#deletions.push(revision)
      }
    }
  }
}

/** How many of the sorted numbers are not above the limit. */
function above(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! > limit) high = middle
    else low = middle + 1
  }
  return low
}

export interface Verdict {
  readonly responses: number
  readonly changes: number
  readonly snapshots: number
  readonly differences: number
  readonly lags: number
  readonly bookmarks: number
  /** Up to where the client has everything, and what it holds. */
  readonly revision: number
  readonly state: ReadonlyMap<string, State>
}

/** Throws an Error that names the property that does not hold, and where. */
export function validate(log: WatchLog, history: History): Verdict {
  const check = new Check(log, history)
  for (const [index, event] of log.events.entries()) check.take(event, index)
  return check.verdict()
}

type Mode = 'closed' | 'opened' | 'snapshot' | 'difference' | 'live'

class Check {
  readonly #log: WatchLog
  readonly #history: History
  #mode: Mode = 'closed'
  /** The client has everything up to here: U. */
  #known = 0
  /** Up to where the last response said that it is, from which a client may resume. */
  #said = 0
  /** The last revision that came in order since. */
  #last = 0
  #snapshotKey = ''
  #state = new Map<string, State>()
  readonly #counts = { responses: 0, changes: 0, snapshots: 0, differences: 0, lags: 0, bookmarks: 0 }
  #where = ''

  constructor(log: WatchLog, history: History) {
    this.#log = log
    this.#history = history
  }

  take(event: LogEvent, index: number): void {
    this.#where = `${this.#log.name}, event ${index}`
    if (event.kind === 'open') this.#open(event.since)
    else this.#response(event)
  }

  verdict(): Verdict {
    return { ...this.#counts, revision: this.#known, state: this.#state }
  }

  #open(since: number): void {
    if (since !== this.#said) this.#fail('resumable', `it resumed from ${since} and had ${this.#said}`)
    this.#mode = 'opened'
    this.#known = this.#last = since
  }

  #response({ phase, revision, changes }: LogEvent & { kind: 'response' }): void {
    this.#counts.responses++
    this.#counts.changes += changes.length
    this.#enter(phase)
    if (this.#mode === 'closed' || this.#mode === 'opened') this.#fail('resumable', 'it does not begin with a phase')
    if (this.#mode === 'snapshot' && revision === 0 && phase !== phases.synced) return this.#page(changes)
    this.#inOrder(changes)
    this.#said = revision
    if (phase === phases.bookmark) this.#counts.bookmarks++
    if (phase === phases.synced) this.#synced(revision)
    else if (this.#mode === 'live') this.#live(revision, changes, phase)
    else if (changes.length > 0 && revision < changes.at(-1)!.revision)
      this.#fail('bookmarkable', `it says ${revision}`)
  }

  #enter(phase: number): void {
    if (phase === phases.snapshot) {
      const isFirst = this.#mode === 'opened' && this.#known === 0
      if (!isFirst && (this.#mode === 'live' || !this.#history.deletedAfter(this.#known))) {
        this.#fail('resumable', `a snapshot in place of what changed since ${this.#known}`)
      }
      this.#counts.snapshots++
      this.#mode = 'snapshot'
      this.#state = new Map()
      this.#known = this.#last = this.#said = 0
      this.#snapshotKey = ''
    } else if (phase === phases.difference) {
      if (this.#mode !== 'opened') this.#fail('resumable', 'a difference that nobody asked for')
      this.#counts.differences++
      this.#mode = 'difference'
    } else if (phase === phases.lagged) {
      if (this.#mode !== 'live') this.#fail('resumable', 'it lagged and was not live')
      this.#counts.lags++
      this.#mode = 'difference'
    } else if (phase === phases.bookmark && this.#mode !== 'live')
      this.#fail('bookmarkable', 'a bookmark while not live')
  }

  /** A page of a snapshot: in key order, each key once. */
  #page(changes: readonly LoggedChange[]): void {
    for (const change of changes) {
      if (change.key <= this.#snapshotKey)
        this.#fail('unique', `key ${change.key} after ${this.#snapshotKey} in a snapshot`)
      this.#snapshotKey = change.key
      if (change.value === undefined) this.#fail('reliable', `${change.key} is in a snapshot and deleted`)
      this.#apply(change)
    }
  }

  #inOrder(changes: readonly LoggedChange[]): void {
    let first = true
    let before = this.#last
    const keys = new Set<string>()
    for (const change of changes) {
      const { revision, key } = change
      if (revision < before) this.#fail('ordered', `revision ${revision} after ${before}`)
      // The same revision may go on only within one response.
      if (revision === this.#last) {
        this.#fail(first ? 'atomic' : 'ordered', `revision ${revision} goes on in a second response, or comes again`)
      }
      if (revision !== before) keys.clear()
      if (keys.has(key)) this.#fail('unique', `${key} at ${revision} twice`)
      keys.add(key)
      before = revision
      first = false
      this.#apply(change)
    }
    this.#last = before
  }

  #apply({ key, revision, value }: LoggedChange): void {
    const truth = this.#history.write(revision)
    if (!key.startsWith(this.#log.prefix)) this.#fail('reliable', `${key} was not watched`)
    if (!truth?.has(key) || truth.get(key) !== value) {
      this.#fail('reliable', `${key} at ${revision} is ${value}, and was written as ${truth?.get(key)}`)
    }
    const had = this.#state.get(key)
    if (had !== undefined && had.revision >= revision)
      this.#fail('unique', `${key} at ${revision} after ${had.revision}`)
    this.#state.set(key, { revision, value })
  }

  /** The end of a snapshot or difference: every key must be as it was at that revision. */
  #synced(revision: number): void {
    if (revision < this.#last) this.#fail('bookmarkable', `synced at ${revision} after ${this.#last}`)
    for (const key of this.#history.keys()) {
      if (!key.startsWith(this.#log.prefix)) continue
      const truth = this.#history.at(key, revision)
      const held = this.#state.get(key)
      if (truth?.value === undefined && held?.value === undefined) continue
      if (held?.revision !== truth?.revision) {
        this.#fail(
          'resumable',
          `synced at ${revision} with ${key} of ${held?.revision}, which changed at ${truth?.revision}`,
        )
      }
    }
    this.#known = Math.max(this.#known, revision)
    this.#last = Math.max(this.#last, revision)
    this.#mode = 'live'
  }

  /** While live, nothing may be missing up to the revision that a response says. */
  #live(revision: number, changes: readonly LoggedChange[], phase: number): void {
    if (phase === phases.bookmark ? revision < this.#known : revision !== changes.at(-1)?.revision) {
      this.#fail('bookmarkable', `it says ${revision} after ${this.#known}`)
    }
    let at = 0
    for (const due of this.#history.between(this.#known, revision)) {
      let found = 0
      for (; at < changes.length && changes[at]!.revision === due; at++) found++
      let wanted = 0
      for (const key of this.#history.write(due)!.keys()) if (key.startsWith(this.#log.prefix)) wanted++
      if (found !== wanted) this.#fail(found === 0 ? 'reliable' : 'atomic', `${found} of ${wanted} changes of ${due}`)
    }
    this.#known = this.#last = revision
  }

  #fail(property: string, detail: string): never {
    throw new Error(`not ${property}: ${detail} (${this.#where})`)
  }
}
