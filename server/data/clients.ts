// Clients that have an id of their own, over all their connections: their leases, which end a grace after the last
// connection, and their mutations, each of which has its effect once.
import type { Response } from '../../proto/codec.ts'
import type { Limits } from '../../proto/limits.ts'
import { KvassError } from '../../proto/status.ts'
import { afterPrefix, type Engine, type Key, type Write } from '../store/engine.ts'
import { lifetimeOf } from './lifetime.ts'
import { highestOf, type Mutation, mutationTable, recordedReply, recordOf } from './mutations.ts'
import { firstKeys, leaseTable, placeOf } from './own-tables.ts'
import type { MutationRequest } from './plan.ts'

const clientBytes = 16
/** Leased entries that end in one group. */
const leaseStep = 64
/** Records that one step forgets, and clients at the most; a step takes about a millisecond. */
const forgetStep = 512
/** Milliseconds between two steps: 50,000 records a second at the most, far more than can come. */
const forgetPauseMs = 10
/** Milliseconds until the next attempt where the store takes no writes. */
const refusedPauseMs = 1_000

interface Client {
  connections: number
  /** The highest mutation that had an effect; 0 for none, undefined where nobody has looked yet. */
  highest: number | undefined
  /** Monotonic milliseconds at which the client was last here. */
  seenAt: number
  grace: NodeJS.Timeout | undefined
}

export class Clients {
  readonly #store: Engine
  readonly #limits: Limits
  readonly #known = new Map<string, Client>()
  /** Those without a connection, the longest gone first. */
  readonly #departed = new Map<string, Client>()
  #forgetTimer: NodeJS.Timeout | undefined
  #closed = false

  constructor(store: Engine, limits: Limits) {
    this.#store = store
    this.#limits = limits
    // A restart is a cut for every client: those with leases have the grace to come back.
    for (const client of clientsIn(store, leaseTable)) this.#startGrace(client, this.#client(client))
    for (const id of clientsIn(store, mutationTable)) this.#client(id)
    for (const [id, client] of this.#known) this.#departed.set(id, client)
    this.#forgetLater()
  }

  /** A connection said that it is this client's. */
  attach(id: string): void {
    const client = this.#client(id)
    client.connections++
    this.#departed.delete(id)
    clearTimeout(client.grace)
    client.grace = undefined
  }

  /** A connection of this client is over. */
  detach(id: string): void {
    const client = this.#client(id)
    client.seenAt = performance.now()
    if (--client.connections > 0) return
    this.#departed.set(id, client)
    this.#startGrace(id, client)
    this.#forgetLater()
  }

  /**
   * Looks whether a mutation has had its effect: its first reply if it had, what to remember it under if it is
   * still to be done. Throws 504 where that is no longer known.
   */
  begin({ client: id, sequence, ageMs }: MutationRequest): Response | Mutation {
    const client = this.#client(id)
    client.seenAt = performance.now()
    client.highest ??= highestOf(this.#store, id)
    const isForgotten = sequence + this.#limits.mutationWindow <= client.highest
    if (sequence <= client.highest && !isForgotten) {
      const reply = recordedReply(this.#store, id, sequence)
      if (reply !== undefined) return reply
    }
    if (isForgotten || ageMs >= this.#limits.mutationWindowMs) {
      throw new KvassError(504, `Mutation ${sequence} is too old: whether it had its effect is no longer known.`)
    }
    return { client: id, sequence, recorded: false }
  }

  /**
   * A mutation has come to an outcome. A condition that failed is remembered as well: the same request may come
   * once more, late, from a connection that was given up, when the condition would hold.
   */
  done(mutation: Mutation, outcome: Response): void {
    if (outcome.status !== 200 && outcome.status !== 409) return
    try {
      if (!mutation.recorded) this.#store.apply([recordOf(mutation, outcome)])
    } catch {
      return // The store takes no writes now.
    }
    const client = this.#client(mutation.client)
    client.highest = Math.max(client.highest ?? 0, mutation.sequence)
  }

  /** Whether a mutation is above all that had an effect: then it needs no look at what is remembered. */
  isNew(id: string, sequence: number): boolean {
    const highest = this.#known.get(id)?.highest
    return highest !== undefined && sequence > highest
  }

  /** Such a mutation had its effect, and its record is written. */
  took(id: string, sequence: number): void {
    this.#known.get(id)!.highest = sequence
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#forgetTimer)
    for (const { grace } of this.#known.values()) clearTimeout(grace)
  }

  #client(id: string): Client {
    let client = this.#known.get(id)
    if (client === undefined) {
      client = { connections: 0, highest: undefined, seenAt: performance.now(), grace: undefined }
      this.#known.set(id, client)
    }
    return client
  }

  #startGrace(id: string, client: Client): void {
    if (this.#closed || this.#leases(id, 1).length === 0) return
    client.grace = setTimeout(() => this.#endLeases(id, client), this.#limits.leaseGraceMs)
    client.grace.unref()
  }

  #leases(id: string, limit: number): Key[] {
    return firstKeys(this.#store, leaseTable, { start: id, end: afterPrefix(id) }, limit)
  }

  /** Deletes a step of the client's leased entries, and goes on in a later turn while there are more. */
  #endLeases(id: string, client: Client): void {
    client.grace = undefined
    if (this.#closed || client.connections > 0) return
    const leases = this.#leases(id, leaseStep)
    const writes: Write[] = []
    for (const index of leases) {
      const { table, key } = placeOf(index, clientBytes)
      if (lifetimeOf(this.#store.get(table, key)).client === id) writes.push({ table, key, value: undefined })
      writes.push({ table: leaseTable, key: index, value: undefined })
    }
    let againMs = 0
    try {
      if (writes.length > 0) this.#store.apply(writes)
    } catch {
      againMs = refusedPauseMs // The store takes no writes now.
    }
    if (leases.length < leaseStep && againMs === 0) {
      if (!this.#departed.has(id)) this.#known.delete(id) // Forgotten meanwhile.
      return
    }
    client.grace = setTimeout(() => this.#endLeases(id, client), againMs)
    client.grace.unref()
  }

  /** Has `#forget` run once the client that is gone longest has been away for the window. */
  #forgetLater(leastMs = forgetPauseMs): void {
    const [oldest] = this.#departed.values()
    if (oldest === undefined || this.#forgetTimer !== undefined || this.#closed) return
    const dueMs = oldest.seenAt + this.#limits.mutationWindowMs - performance.now()
    this.#forgetTimer = setTimeout(() => this.#forget(), Math.max(leastMs, dueMs))
    this.#forgetTimer.unref()
  }

  /** Forgets a step of the mutations of clients that have been away for longer than the window, and goes on later. */
  #forget(): void {
    this.#forgetTimer = undefined
    const gone: string[] = []
    const keys: Key[] = []
    const oldest = performance.now() - this.#limits.mutationWindowMs
    for (const [id, client] of this.#departed) {
      if (client.seenAt > oldest || keys.length >= forgetStep || gone.length >= forgetStep) break
      const left = forgetStep - keys.length
      const found = firstKeys(this.#store, mutationTable, { start: id, end: afterPrefix(id) }, left)
      keys.push(...found)
      if (found.length < left) gone.push(id)
    }
    try {
      if (keys.length > 0) this.#store.apply(keys.map((key) => ({ table: mutationTable, key, value: undefined })))
    } catch {
      return this.#forgetLater(refusedPauseMs) // The store takes no writes now.
    }
    for (const id of gone) {
      this.#departed.delete(id)
      // Whose leases are ending is needed until they have.
      if (this.#known.get(id)?.grace === undefined) this.#known.delete(id)
    }
    this.#forgetLater()
  }
}

/** The clients that have entries in an index whose keys begin with the client. */
function clientsIn(store: Engine, table: Key): string[] {
  const clients: string[] = []
  for (let start: Key | undefined = ''; start !== undefined; ) {
    const page = store.range(table, { start: start || undefined, keysOnly: true, limit: 1, maxBytes: 1 })
    const [first] = page.entries
    if (first === undefined) {
      if (page.next === undefined) break
      start = page.next
      continue
    }
    const client = first.key.slice(0, clientBytes)
    clients.push(client)
    start = afterPrefix(client)
  }
  return clients
}
