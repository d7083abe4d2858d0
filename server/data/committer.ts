// The committer of a store in this process: it carries out a plan in the turn in which it comes. What belongs to a write
// - the indexes of what expires and of what is leased, and the record of a mutation - goes in the same group.

import type { Response } from '../../proto/codec.ts'
import { KvassError } from '../../proto/status.ts'
import { anyTable, type Engine, type Write } from '../store/engine.ts'
import type { Clients } from './clients.ts'
import type { Entries, Visible } from './entries.ts'
import type { Expiry } from './expiry.ts'
import { type Lifetime, noLifetime, withLifetime } from './lifetime.ts'
import { type Mutation, recordOf } from './mutations.ts'
import { add } from './numbers.ts'
import { expiryKey, expiryTable, leaseKey, leaseTable, placeKey } from './own-tables.ts'
import {
  type Committer,
  type Effect,
  type FailedCheck,
  type MutationRequest,
  type Plan,
  type PlannedWrite,
  refusal,
} from './plan.ts'

const noBytes = new Uint8Array(0)
const nothing: Effect = { failed: [], previous: [], values: [], dropped: 0 }

export class LocalCommitter implements Committer {
  readonly #store: Engine
  readonly #entries: Entries
  readonly #expiry: Expiry
  readonly #clients: Clients

  constructor(store: Engine, entries: Entries, expiry: Expiry, clients: Clients) {
    this.#store = store
    this.#entries = entries
    this.#expiry = expiry
    this.#clients = clients
  }

  commit(request: MutationRequest | undefined, makePlan: () => Plan): Response {
    if (request === undefined) return this.#carryOut(makePlan(), undefined)
    const begun = this.#clients.begin(request)
    if ('status' in begun) return begun
    const response = this.#replyTo(makePlan, begun)
    this.#clients.done(begun, response)
    return response
  }

  /** A refusal is remembered like any other reply, so it is not thrown here. */
  #replyTo(makePlan: () => Plan, mutation: Mutation): Response {
    try {
      return this.#carryOut(makePlan(), mutation)
    } catch (error) {
      if (error instanceof KvassError) return refusal(error)
      throw error
    }
  }

  #carryOut(plan: Plan, mutation: Mutation | undefined): Response {
    if (plan.drops.length > 0) return this.#drop(plan)
    const failed = this.#failedChecks(plan)
    if (failed.length > 0) return plan.respond({ ...nothing, failed })
    const isPlain = mutation === undefined && plan.writes.every(isPlainSet)
    const response = isPlain ? this.#setPlain(plan) : this.#write(plan, mutation)
    response.revision = this.#store.revisionOf((plan.writes[0] ?? plan.checks[0])?.table ?? anyTable)
    return response
  }

  #drop(plan: Plan): Response {
    const dropped = plan.drops.reduce((count, table) => count + this.#store.drop(table), 0)
    return { ...plan.respond({ ...nothing, dropped }), revision: this.#store.revisionOf(plan.drops[0]!) }
  }

  #failedChecks({ checks }: Plan): FailedCheck[] {
    const failed: FailedCheck[] = []
    for (const [index, { table, key, revision }] of checks.entries()) {
      const entry = this.#entries.get(table, key)
      if ((entry?.revision ?? 0) !== revision) failed.push({ index, entry })
    }
    return failed
  }

  /** Entries without a lifetime, and no record: what an entry had before in an index is passed over where it is read. */
  #setPlain({ writes, respond }: Plan): Response {
    const [first] = writes
    let previous: (Visible | undefined)[]
    if (writes.length === 1) {
      const { table, key, value } = first!
      previous = [this.#entries.visible(this.#store.set(table, key, value!, 0, value!.length))]
    } else {
      previous = this.#store.apply(writes).map((entry) => this.#entries.visible(entry))
    }
    return respond({ failed: nothing.failed, previous, values: writes.map(({ value }) => value), dropped: 0 })
  }

  #write({ writes, respond }: Plan, mutation: Mutation | undefined): Response {
    const group: Write[] = []
    const previous: (Visible | undefined)[] = []
    const values: (Uint8Array | undefined)[] = []
    const left = new Map<string, Visible | undefined>()
    for (const write of writes) {
      const place = placeKey(write.table, write.key)
      const before = left.has(place) ? left.get(place) : this.#entries.get(write.table, write.key)
      const after = afterwards(write, before)
      if (writes.length > 1) left.set(place, after)
      plan(write, before, after, group)
      previous.push(before)
      values.push(after?.value)
    }
    const response = respond({ failed: nothing.failed, previous, values, dropped: 0 })
    if (mutation !== undefined) group.push(recordOf(mutation, { ...response, revision: 0 }))
    this.#apply(group)
    if (mutation !== undefined) mutation.recorded = true
    for (const { lifetime } of writes) if (lifetime.expiresAt !== 0) this.#expiry.expects(lifetime.expiresAt)
    return response
  }

  #apply(group: readonly Write[]): void {
    const [first] = group
    if (group.length !== 1) this.#store.apply(group)
    else if (first!.value === undefined) this.#store.delete(first!.table, first!.key)
    else this.#store.set(first!.table, first!.key, first!.value, 0, first!.value.length)
  }
}

function isPlainSet({ action, lifetime }: PlannedWrite): boolean {
  return action === 'set' && lifetime === noLifetime
}

/** What a write leaves of an entry. Throws KvassError 400 or 409 where a number cannot be added to. */
function afterwards({ action, value, lifetime }: PlannedWrite, before: Visible | undefined): Visible | undefined {
  if (action === 'delete') return undefined
  if (action === 'set') return { value: value!, lifetime, revision: 0 }
  const own = before?.lifetime ?? noLifetime
  if (action === 'replace') return { value: value!, lifetime: own, revision: 0 }
  const kept = lifetime.expiresAt === 0 ? own : { expiresAt: lifetime.expiresAt, client: own.client }
  return { value: add(before?.value, value!, action === 'addKeepingType'), lifetime: kept, revision: 0 }
}

/** Adds to the group what one write takes: the entry, and its places in the indexes. */
function plan(
  { table, key }: PlannedWrite,
  before: Visible | undefined,
  after: Visible | undefined,
  group: Write[],
): void {
  group.push({ table, key, value: after && withLifetime(after.value, after.lifetime) })
  const old = before?.lifetime ?? noLifetime
  const lifetime = after?.lifetime ?? noLifetime
  if (old !== lifetime) for (const index of indexesOf(old, table, key)) group.push({ ...index, value: undefined })
  for (const index of indexesOf(lifetime, table, key)) group.push({ ...index, value: noBytes })
}

/** Where an entry with that lifetime is indexed. */
function indexesOf({ expiresAt, client }: Lifetime, table: string, key: string): { table: string; key: string }[] {
  const indexes: { table: string; key: string }[] = []
  if (expiresAt !== 0) indexes.push({ table: expiryTable, key: expiryKey(expiresAt, table, key) })
  if (client !== '') indexes.push({ table: leaseTable, key: leaseKey(client, table, key) })
  return indexes
}
