// The commands on single entries and on lists of keys: hget, hset, hdel, hexist and their many-key forms.

import type { Response } from '../../proto/codec.ts'
import { KvassError } from '../../proto/status.ts'
import type { Planned, Visible } from '../data/entries.ts'
import { type Lifetime, noLifetime } from '../data/lifetime.ts'
import { textOf } from '../store/bytes/latin1.ts'
import type { Key, Write } from '../store/engine.ts'
import { type Command, durabilityMark, type Session } from './command.ts'
import { keyOf, tableOf, valueOf } from './names.ts'

const noValue = new Uint8Array(0)
const yes = Uint8Array.of(0x28, 1)
const no = Uint8Array.of(0x28, 0)

export const hget: Command<'hget'> = {
  name: 'hget',
  right: 'read',
  shows: 'revision',
  run(message, { shared: { keeper, limits } }) {
    const table = tableOf(message.table, limits)
    const key = keyOf(message.key, limits)
    const entry = keeper.get(table, key)
    if (entry === undefined) throw new KvassError(404, `There is no key "${textOf(key)}" in table "${textOf(table)}".`)
    return { status: 200, values: [keeper.sentValue(entry)], revision: entry.revision }
  },
}

export const hset: Command<'hset'> = {
  name: 'hset',
  right: 'write',
  shows: 'revision',
  run(message, session) {
    const { store, keeper, limits } = session.shared
    if (!message.pair) throw new KvassError(400, 'hset takes a pair.')
    const table = tableOf(message.table, limits)
    const key = keyOf(message.pair.key, limits)
    const value = valueOf(message.pair.value, limits)
    const lifetime = lifetimeOf(session, Number(message.ttlMs ?? 0), message.lease ?? false)
    const condition = conditionOf(message.ifAbsent ?? false, Number(message.ifRevision ?? 0))
    if (condition === undefined && lifetime === noLifetime && session.mutation === undefined) {
      const previous = keeper.visible(store.set(table, key, value, 0, value.length))
      return written(session, [previous], store.revision)
    }
    return write(session, [{ table, key, value, lifetime }], condition)
  },
}

export const hdel: Command<'hdel'> = {
  name: 'hdel',
  right: 'write',
  shows: 'store',
  run(message, session) {
    const { limits } = session.shared
    const planned = { table: tableOf(message.table, limits), key: keyOf(message.key, limits), value: undefined }
    return write(session, [planned], conditionOf(false, Number(message.ifRevision ?? 0)))
  },
}

export const hexist: Command<'hexist'> = {
  name: 'hexist',
  right: 'read',
  shows: 'store',
  run(message, { shared: { keeper, limits } }) {
    const entry = keeper.get(tableOf(message.table, limits), keyOf(message.key, limits))
    return { status: 200, values: [entry === undefined ? no : yes], revision: entry?.revision }
  },
}

export const hmget: Command<'hmget'> = {
  name: 'hmget',
  right: 'read',
  shows: 'store',
  run(message, session) {
    const { keeper, limits } = session.shared
    const values: Uint8Array[] = []
    const revisions: number[] = []
    let bytes = 0
    forKeys(message, session, (table, key) => {
      const entry = keeper.get(table, key)
      values.push(entry === undefined ? noValue : keeper.sentValue(entry))
      revisions.push(entry?.revision ?? 0)
      bytes += entry?.value.length ?? 0
      if (bytes > limits.maxReplyBytes) {
        throw new KvassError(
          413,
          `The values sum to more than ${limits.maxReplyBytes} bytes: ask for fewer keys at once.`,
        )
      }
    })
    return { status: 200, values, revisions }
  },
}

export const hmset: Command<'hmset'> = {
  name: 'hmset',
  right: 'write',
  shows: 'revision',
  run(message, session) {
    const { store, keeper, limits } = session.shared
    const table = tableOf(message.table, limits)
    const lifetime = lifetimeOf(session, Number(message.ttlMs ?? 0), false)
    const planned = (message.pairs ?? []).map(({ key, value }) => {
      return { table, key: keyOf(key, limits), value: valueOf(value, limits), lifetime }
    })
    if (lifetime !== noLifetime || session.mutation !== undefined) return write(session, planned, undefined, true)
    const previous = store.apply(planned as Write[]).map((entry) => keeper.visible(entry))
    return written(session, previous, store.revision, true)
  },
}

export const hmdel: Command<'hmdel'> = {
  name: 'hmdel',
  right: 'write',
  shows: 'store',
  run(message, session) {
    const planned: Planned[] = []
    forKeys(message, session, (table, key) => planned.push({ table, key, value: undefined }))
    return write(session, planned, undefined, true)
  },
}

export const hmexist: Command<'hmexist'> = {
  name: 'hmexist',
  right: 'read',
  shows: 'store',
  run(message, session) {
    const { keeper } = session.shared
    const values: Uint8Array[] = []
    forKeys(message, session, (table, key) => values.push(keeper.get(table, key) === undefined ? no : yes))
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
export function lifetimeOf(session: Session, ttlMs: number, lease: boolean): Lifetime {
  if (ttlMs === 0 && !lease) return noLifetime
  if (lease && session.clientId === '') throw new KvassError(400, 'A lease needs a client id, which the hello names.')
  return { expiresAt: session.shared.keeper.expiresAt(ttlMs), client: lease ? session.clientId : '' }
}

/** Whether an entry may be written over; undefined: always. */
type Condition = ((entry: Visible | undefined) => boolean) | undefined

function conditionOf(ifAbsent: boolean, ifRevision: number): Condition {
  if (ifAbsent && ifRevision !== 0) throw new KvassError(400, 'if_absent and if_revision exclude each other.')
  if (ifAbsent) return (entry) => entry === undefined
  return ifRevision === 0 ? undefined : (entry) => entry?.revision === ifRevision
}

function write(session: Session, planned: readonly Planned[], condition: Condition, many = false): Response {
  const { store, keeper } = session.shared
  if (condition !== undefined) {
    const entry = keeper.get(planned[0]!.table, planned[0]!.key)
    if (!condition(entry)) return conflict(session, entry)
  }
  // Deletes of missing keys are no writes, and the store keeps its revision.
  return keeper.write(planned, session.mutation, (previous) => written(session, previous, store.revision, many))
}

function conflict({ shared: { keeper } }: Session, entry: Visible | undefined): Response {
  const message = entry === undefined ? 'The key has no entry.' : `The key has an entry of revision ${entry.revision}.`
  return {
    status: 409,
    message,
    values: [entry === undefined ? noValue : keeper.sentValue(entry)],
    revision: entry?.revision,
  }
}

/** The reply to a write: the entries before it, and the revision that it has now. */
export function written(session: Session, previous: (Visible | undefined)[], revision: number, many = false): Response {
  const { store, limits } = session.shared
  let bytes = 0
  const values = previous.map((entry) => {
    const value = entry?.value ?? noValue
    bytes += value.length
    // The write stands; only values that would not fit a reply are left out.
    return bytes > limits.maxReplyBytes ? noValue : value
  })
  const response: Response = { status: 200, values, revision, durability: durabilityMark(store.durability) }
  if (many) response.revisions = previous.map((entry) => entry?.revision ?? 0)
  return response
}
