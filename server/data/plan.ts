// What a write is before it is made: checks, writes, and the reply to what becomes of them. A command makes the plan,
// a committer carries it out, so that the store may be in this process or in another one.
import type { Response } from '../../proto/codec.ts'
import type { KvassError } from '../../proto/status.ts'
import type { Key } from '../store/engine.ts'
import type { Visible } from './entries.ts'
import { type Lifetime, noLifetime } from './lifetime.ts'

/** The plan goes ahead only if the key's entry is still the one of that revision. */
export interface Check {
  readonly table: Key
  readonly key: Key
  /** 0: there must be no entry. */
  readonly revision: number
}

/** One write of a plan. Whoever makes one checks its names and its value. */
export interface PlannedWrite {
  readonly table: Key
  readonly key: Key
  /**
   * `set` and `delete` the entry, `replace` its value, which keeps its lifetime, or `add` to its number, which keeps its
   * lifetime unless the write has an expiry, and with `addKeepingType` its type.
   */
  readonly action: 'set' | 'replace' | 'delete' | 'add' | 'addKeepingType'
  /** The encoded Value to set, or to add; none for a delete. */
  readonly value: Uint8Array | undefined
  readonly lifetime: Lifetime
}

/** What became of a plan. */
export interface Effect {
  /** The checks that failed, by their place in the plan: then nothing was written. */
  readonly failed: readonly FailedCheck[]
  /** The entry before each write. */
  readonly previous: readonly (Visible | undefined)[]
  /** The Value that each write leaves; undefined for a delete. */
  readonly values: readonly (Uint8Array | undefined)[]
  /** Entries of the tables that were dropped. */
  readonly dropped: number
}

export interface FailedCheck {
  readonly index: number
  /** The entry that is there instead. */
  readonly entry: Visible | undefined
}

export interface Plan {
  readonly checks: readonly Check[]
  /** Made in order, all or none, under one revision. */
  readonly writes: readonly PlannedWrite[]
  /** Tables to drop; a plan that drops has no checks and no writes. */
  readonly drops: readonly Key[]
  /**
   * Makes the reply. It is called before the writes are made, because a mutation's reply is recorded together with them:
   * the committer fills in their revision.
   */
  respond(effect: Effect): Response
}

/** The number under which a write is remembered, as its request brings it. */
export interface MutationRequest {
  /** 16 bytes as a binary string. */
  readonly client: string
  readonly sequence: number
  /** Milliseconds since the client first sent it. */
  readonly ageMs: number
}

export interface Committer {
  /**
   * Carries out a plan, and returns its reply: at once where the store is in this process, else later. A mutation that had
   * its effect before gets the reply that it got then, and no plan is made. What goes wrong is a reply too.
   */
  commit(mutation: MutationRequest | undefined, makePlan: () => Plan): Response | Promise<Response>
}

const none: readonly never[] = []

/** A plan of writes alone. */
export function planOf(
  writes: readonly PlannedWrite[],
  respond: Plan['respond'],
  checks: readonly Check[] = none,
): Plan {
  return { checks, writes, drops: none, respond }
}

/** A plan that drops tables. */
export function dropPlan(drops: readonly Key[], respond: Plan['respond']): Plan {
  return { checks: none, writes: none, drops, respond }
}

/** A write that sets an entry. */
export function setting(table: Key, key: Key, value: Uint8Array, lifetime: Lifetime = noLifetime): PlannedWrite {
  return { table, key, action: 'set', value, lifetime }
}

/** A write that sets an entry's value, and leaves its lifetime as it is. */
export function replacement(table: Key, key: Key, value: Uint8Array): PlannedWrite {
  return { table, key, action: 'replace', value, lifetime: noLifetime }
}

/** A write that deletes an entry. */
export function deletion(table: Key, key: Key): PlannedWrite {
  return { table, key, action: 'delete', value: undefined, lifetime: noLifetime }
}

/** A write that adds to an entry's number; `expiresAt` 0 leaves its lifetime as it is. */
export function addition(
  table: Key,
  key: Key,
  by: Uint8Array,
  expiresAt: number,
  keepType: boolean | null | undefined,
): PlannedWrite {
  const lifetime = expiresAt === 0 ? noLifetime : { expiresAt, client: '' }
  return { table, key, action: keepType ? 'addKeepingType' : 'add', value: by, lifetime }
}

/** The reply to a request that failed. */
export function refusal({ status, message, retryAfterMs }: KvassError): Response {
  return { status, message, retryAfterMs }
}
