// The commands that read and write in one step: increment, and transactions over several keys and tables.
import type { RequestMessage } from '../../proto/codec.ts'
import { optionNote } from '../../proto/limits.ts'
import { KvassError } from '../../proto/status.ts'
import { integerValue } from '../../proto/value-bytes.ts'
import { placeKey } from '../data/own-tables.ts'
import { addition, type Check, deletion, type Effect, type PlannedWrite, planOf, setting } from '../data/plan.ts'
import { textOf } from '../store/bytes/latin1.ts'
import { durabilityOf, type Session, type Writing } from './command.ts'
import { requestedLifetime, writtenMany } from './entries.ts'
import { keyOf, tableOf, valueOf } from './names.ts'

const one = integerValue(1n)

export const increment: Writing<'increment'> = {
  name: 'increment',
  right: 'write',
  shows: 'revision',
  plan(message, session) {
    const { expiry, limits } = session.shared
    const table = tableOf(message.table, limits)
    const key = keyOf(message.key, limits)
    const by = message.by && message.by.length > 0 ? valueOf(message.by, limits) : one
    const write = addition(table, key, by, expiry.expiresAt(Number(message.ttlMs ?? 0)), message.keepType)
    return planOf([write], ({ values }) => ({
      status: 200,
      values: values as Uint8Array[],
      durability: durabilityOf(session),
    }))
  },
}

type TransactionMessage = NonNullable<RequestMessage['transaction']>
type RequestedCheck = NonNullable<TransactionMessage['checks']>[number]
type RequestedWrite = NonNullable<TransactionMessage['writes']>[number]

export const transaction: Writing<'transaction'> = {
  name: 'transaction',
  right: 'write',
  shows: 'store',
  plan(message, session) {
    const { maxTransactionKeys } = session.shared.limits
    const asked = (message.checks?.length ?? 0) + (message.writes?.length ?? 0)
    if (asked > maxTransactionKeys) {
      const most = `at most ${maxTransactionKeys} are taken${optionNote('maxTransactionKeys')}`
      throw new KvassError(413, `The transaction has ${asked} checks and writes: ${most}.`)
    }
    const checks = (message.checks ?? []).map((check) => checkOf(check, session))
    const writes = (message.writes ?? []).map((write) => writeOf(write, session))
    refuseTwice(writes)
    const respond = (effect: Effect) => {
      if (effect.failed.length === 0) return writtenMany(session, effect)
      const failed = effect.failed.map(({ index }) => index)
      return { status: 409, message: `Checks that failed: ${failed.join(', ')}.`, failed }
    }
    return planOf(writes, respond, checks)
  },
}

function checkOf({ table, key, revision }: RequestedCheck, { shared: { limits } }: Session): Check {
  return { table: tableOf(table, limits), key: keyOf(key, limits), revision: Number(revision ?? 0) }
}

function writeOf(write: RequestedWrite, session: Session): PlannedWrite {
  const { expiry, limits } = session.shared
  const table = tableOf(write.table, limits)
  const key = keyOf(write.key, limits)
  const ttlMs = Number(write.ttlMs ?? 0)
  const hasIncrement = (write.increment?.length ?? 0) > 0
  const hasValue = (write.value?.length ?? 0) > 0
  if ([hasIncrement, write.delete, hasValue].filter(Boolean).length > 1) {
    throw new KvassError(400, `The write of "${textOf(key)}" takes one of value, delete and increment.`)
  }
  if (write.delete) return deletion(table, key)
  if (hasIncrement) {
    return addition(table, key, valueOf(write.increment, limits), expiry.expiresAt(ttlMs), write.keepType)
  }
  return setting(table, key, valueOf(write.value, limits), requestedLifetime(session, ttlMs, write.lease ?? false))
}

function refuseTwice(writes: readonly PlannedWrite[]): void {
  const seen = new Set<string>()
  for (const { table, key } of writes) {
    const place = placeKey(table, key)
    if (seen.has(place)) throw new KvassError(400, `The transaction writes key "${textOf(key)}" twice.`)
    seen.add(place)
  }
}
