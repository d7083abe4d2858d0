// The commands that read and write in one step: increment, and transactions over several keys and tables.

import type { RequestMessage, Response } from '../../proto/codec.ts'
import { KvassError } from '../../proto/status.ts'
import type { Planned, Visible } from '../data/entries.ts'
import { type Lifetime, noLifetime } from '../data/lifetime.ts'
import { placeKey } from '../data/own-tables.ts'
import { textOf } from '../store/bytes/latin1.ts'
import type { Command, Session } from './command.ts'
import { lifetimeOf, written } from './entries.ts'
import { keyOf, tableOf, valueOf } from './names.ts'
import { add } from './numbers.ts'

const one = Uint8Array.of(0x18, 1)

export const increment: Command<'increment'> = {
  name: 'increment',
  right: 'write',
  shows: 'revision',
  run(message, session) {
    const { keeper, limits, store } = session.shared
    const table = tableOf(message.table, limits)
    const key = keyOf(message.key, limits)
    const by = message.by && message.by.length > 0 ? valueOf(message.by, limits) : one
    const entry = keeper.get(table, key)
    const value = add(entry?.value, by)
    const planned = { table, key, value, lifetime: keptLifetime(session, entry, Number(message.ttlMs ?? 0)) }
    return keeper.write([planned], session.mutation, () => ({
      ...written(session, [], store.revision),
      values: [value],
    }))
  },
}

type TransactionMessage = NonNullable<RequestMessage['transaction']>
type Check = NonNullable<TransactionMessage['checks']>[number]
type TransactionWrite = NonNullable<TransactionMessage['writes']>[number]

export const transaction: Command<'transaction'> = {
  name: 'transaction',
  right: 'write',
  shows: 'store',
  run(message, session): Response {
    const { keeper, limits, store } = session.shared
    const checks = message.checks ?? []
    const writes = message.writes ?? []
    if (checks.length + writes.length > limits.maxTransactionKeys) {
      const message = `The transaction has ${checks.length + writes.length} checks and writes: at most ${limits.maxTransactionKeys} are taken.`
      throw new KvassError(413, message)
    }
    const failed: number[] = []
    for (const [index, check] of checks.entries()) if (!holds(check, session)) failed.push(index)
    if (failed.length > 0) return { status: 409, message: `Checks that failed: ${failed.join(', ')}.`, failed }
    const planned = writes.map((write) => plan(write, session))
    refuseTwice(planned)
    return keeper.write(planned, session.mutation, (previous) => written(session, previous, store.revision, true))
  },
}

function holds(check: Check, { shared: { keeper, limits } }: Session): boolean {
  const entry = keeper.get(tableOf(check.table, limits), keyOf(check.key, limits))
  return (entry?.revision ?? 0) === Number(check.revision ?? 0)
}

function plan(write: TransactionWrite, session: Session): Planned {
  const { keeper, limits } = session.shared
  const table = tableOf(write.table, limits)
  const key = keyOf(write.key, limits)
  const ttlMs = Number(write.ttlMs ?? 0)
  const by = write.increment && write.increment.length > 0 ? valueOf(write.increment, limits) : undefined
  const hasValue = write.value !== undefined && write.value !== null && write.value.length > 0
  if ([by !== undefined, write.delete, hasValue].filter(Boolean).length > 1) {
    throw new KvassError(400, `The write of "${textOf(key)}" takes one of value, delete and increment.`)
  }
  if (write.delete) return { table, key, value: undefined }
  if (by === undefined) {
    return {
      table,
      key,
      value: valueOf(write.value, limits),
      lifetime: lifetimeOf(session, ttlMs, write.lease ?? false),
    }
  }
  const entry = keeper.get(table, key)
  return { table, key, value: add(entry?.value, by), lifetime: keptLifetime(session, entry, ttlMs) }
}

/** What an increment leaves of a lifetime: the entry's own, unless it asks for another expiry. */
function keptLifetime(session: Session, entry: Visible | undefined, ttlMs: number): Lifetime {
  const own = entry?.lifetime ?? noLifetime
  return ttlMs === 0 ? own : { expiresAt: session.shared.keeper.expiresAt(ttlMs), client: own.client }
}

function refuseTwice(planned: readonly Planned[]): void {
  const seen = new Set<string>()
  for (const { table, key } of planned) {
    const place = placeKey(table, key)
    if (seen.has(place)) throw new KvassError(400, `The transaction writes key "${textOf(key)}" twice.`)
    seen.add(place)
  }
}
