// The commands on single entries and on lists of keys: hget, hset, hdel, hexist and their many-key forms.
import type { Response } from '../../proto/codec.ts'
import { optionNote } from '../../proto/limits.ts'
import { KvassError } from '../../proto/status.ts'
import { falseValue, noValue, trueValue } from '../../proto/value-bytes.ts'
import type { Visible } from '../data/entries.ts'
import { type Lifetime, noLifetime } from '../data/lifetime.ts'
import { type Check, deletion, type Effect, type PlannedWrite, planOf, replacement, setting } from '../data/plan.ts'
import { textOf } from '../store/bytes/latin1.ts'
import type { Key } from '../store/engine.ts'
import { durabilityOf, type Reading, type Session, type Writing } from './command.ts'
import { keyOf, tableOf, valueOf } from './names.ts'

export const hget: Reading<'hget'> = {
  name: 'hget',
  right: 'read',
  shows: 'revision',
  run(message, { shared: { entries, limits } }) {
    const table = tableOf(message.table, limits)
    const key = keyOf(message.key, limits)
    const entry = entries.get(table, key)
    if (entry === undefined) throw new KvassError(404, `There is no key "${textOf(key)}" in table "${textOf(table)}".`)
    return { status: 200, values: [entries.sentValue(entry)], revision: entry.revision }
  },
}

export const hset: Writing<'hset'> = {
  name: 'hset',
  right: 'write',
  shows: 'revision',
  plan(message, session) {
    const { limits } = session.shared
    if (!message.pair) throw new KvassError(400, 'hset takes a pair.')
    const table = tableOf(message.table, limits)
    const key = keyOf(message.pair.key, limits)
    const value = valueOf(message.pair.value, limits)
    const lifetime = requestedLifetime(session, Number(message.ttlMs ?? 0), message.lease ?? false)
    const checks = conditionOf(table, key, message.ifAbsent ?? false, Number(message.ifRevision ?? 0))
    if (message.keep && lifetime !== noLifetime) throw new KvassError(400, 'keep excludes ttl_ms and lease.')
    const write = message.keep ? replacement(table, key, value) : setting(table, key, value, lifetime)
    return planOf([write], (effect) => written(session, effect), checks)
  },
}

export const hdel: Writing<'hdel'> = {
  name: 'hdel',
  right: 'write',
  shows: 'store',
  plan(message, session) {
    const { limits } = session.shared
    const table = tableOf(message.table, limits)
    const key = keyOf(message.key, limits)
    const checks = conditionOf(table, key, false, Number(message.ifRevision ?? 0))
    return planOf([deletion(table, key)], (effect) => written(session, effect), checks)
  },
}

export const hexist: Reading<'hexist'> = {
  name: 'hexist',
  right: 'read',
  shows: 'store',
  run(message, { shared: { entries, limits } }) {
    const entry = entries.get(tableOf(message.table, limits), keyOf(message.key, limits))
    return { status: 200, values: [entry === undefined ? falseValue : trueValue], revision: entry?.revision }
  },
}

export const hmget: Reading<'hmget'> = {
  name: 'hmget',
  right: 'read',
  shows: 'store',
  run(message, session) {
    const { entries, limits } = session.shared
    const values: Uint8Array[] = []
    const revisions: number[] = []
    let bytes = 0
    forKeys(message, session, (table, key) => {
      const entry = entries.get(table, key)
      values.push(entry === undefined ? noValue : entries.sentValue(entry))
      revisions.push(entry?.revision ?? 0)
      bytes += entry?.value.length ?? 0
      if (bytes > limits.maxReplyBytes) {
        const over = `more than ${limits.maxReplyBytes} bytes${optionNote('maxReplyBytes')}`
        throw new KvassError(413, `The values sum to ${over}: ask for fewer keys at once.`)
      }
    })
    return { status: 200, values, revisions }
  },
}

export const hmset: Writing<'hmset'> = {
  name: 'hmset',
  right: 'write',
  shows: 'revision',
  plan(message, session) {
    const { limits } = session.shared
    const table = tableOf(message.table, limits)
    const lifetime = requestedLifetime(session, Number(message.ttlMs ?? 0), false)
    const writes = (message.pairs ?? []).map(({ key, value }) =>
      setting(table, keyOf(key, limits), valueOf(value, limits), lifetime),
    )
    return planOf(writes, (effect) => writtenMany(session, effect))
  },
}

export const hmdel: Writing<'hmdel'> = {
  name: 'hmdel',
  right: 'write',
  shows: 'store',
  plan(message, session) {
    const writes: PlannedWrite[] = []
    forKeys(message, session, (table, key) => writes.push(deletion(table, key)))
    return planOf(writes, (effect) => writtenMany(session, effect))
  },
}

export const hmexist: Reading<'hmexist'> = {
  name: 'hmexist',
  right: 'read',
  shows: 'store',
  run(message, session) {
    const { entries } = session.shared
    const values: Uint8Array[] = []
    forKeys(message, session, (table, key) =>
      values.push(entries.get(table, key) === undefined ? falseValue : trueValue),
    )
    return { status: 200, values }
  },
}

interface TableAndKeys {
  readonly table?: Uint8Array | null
  readonly keys?: Uint8Array[] | null
}

function forKeys(message: TableAndKeys, { shared: { limits } }: Session, visit: (table: Key, key: Key) => void): void {
  const table = tableOf(message.table, limits)
  for (const key of message.keys ?? []) visit(table, keyOf(key, limits))
}

/** A lifetime as a request asks for it. Throws KvassError 400 for a lease without a client id or too long a ttl. */
export function requestedLifetime(session: Session, ttlMs: number, lease: boolean): Lifetime {
  if (ttlMs === 0 && !lease) return noLifetime
  if (lease && session.clientId === '') throw new KvassError(400, 'A lease needs a client id, which the hello names.')
  return { expiresAt: session.shared.expiry.expiresAt(ttlMs), client: lease ? session.clientId : '' }
}

/** The condition under which an entry is written. Throws KvassError 400 for two at once. */
function conditionOf(table: Key, key: Key, ifAbsent: boolean, ifRevision: number): Check[] {
  if (ifAbsent && ifRevision !== 0) throw new KvassError(400, 'if_absent and if_revision exclude each other.')
  return ifAbsent || ifRevision !== 0 ? [{ table, key, revision: ifRevision }] : []
}

/** The reply to a write of one key: the entry before it, or the one that is in the way of its condition. */
function written(session: Session, effect: Effect): Response {
  const [failed] = effect.failed
  if (failed !== undefined) return conflict(session, failed.entry)
  return { status: 200, values: previousValues(session, effect), durability: durabilityOf(session) }
}

/** The reply to a write of several keys: the entries before it, with their revisions. */
export function writtenMany(session: Session, effect: Effect): Response {
  const revisions = effect.previous.map((entry) => entry?.revision ?? 0)
  return { status: 200, values: previousValues(session, effect), durability: durabilityOf(session), revisions }
}

function conflict({ shared: { entries } }: Session, entry: Visible | undefined): Response {
  const message = entry === undefined ? 'The key has no entry.' : `The key has an entry of revision ${entry.revision}.`
  return {
    status: 409,
    message,
    values: [entry === undefined ? noValue : entries.sentValue(entry)],
    revision: entry?.revision,
  }
}

/** The values before a write. The write stands: those that would not fit a reply are left out. */
function previousValues({ shared: { limits } }: Session, { previous }: Effect): Uint8Array[] {
  let bytes = 0
  return previous.map((entry) => {
    const value = entry?.value ?? noValue
    bytes += value.length
    return bytes > limits.maxReplyBytes ? noValue : value
  })
}
