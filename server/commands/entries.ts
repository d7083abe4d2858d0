// The commands on single entries and on lists of keys: hget, hset, hdel, hexist and their many-key forms.
import type { Response } from '../../proto/codec.ts'
import { KvassError } from '../../proto/status.ts'
import type { Entry, Key, Write } from '../store/engine.ts'
import { valueOf as storedValue } from '../store/table.ts'
import { type Command, durabilityMark, type Session } from './command.ts'
import { keyOf, tableOf, textOf, valueOf } from './names.ts'

const noValue = new Uint8Array(0)
const yes = Uint8Array.of(0x28, 1)
const no = Uint8Array.of(0x28, 0)

export const hget: Command<'hget'> = {
  name: 'hget',
  right: 'read',
  shows: 'revision',
  run(message, { shared: { store, limits } }) {
    const table = tableOf(message.table, limits)
    const key = keyOf(message.key, limits)
    const entry = store.get(table, key)
    if (entry === undefined) throw new KvassError(404, `There is no key "${textOf(key)}" in table "${textOf(table)}".`)
    return { status: 200, values: [storedValue(entry)], revision: entry.revision }
  },
}

export const hset: Command<'hset'> = {
  name: 'hset',
  right: 'write',
  shows: 'revision',
  run(message, session) {
    const { store, limits } = session.shared
    if (!message.pair) throw new KvassError(400, 'hset takes a pair.')
    const table = tableOf(message.table, limits)
    const value = valueOf(message.pair.value, limits)
    const previous = store.set(table, keyOf(message.pair.key, limits), value, 0, value.length)
    return written(session, [previous])
  },
}

export const hdel: Command<'hdel'> = {
  name: 'hdel',
  right: 'write',
  shows: 'store',
  run(message, session) {
    const { store, limits } = session.shared
    return written(session, [store.delete(tableOf(message.table, limits), keyOf(message.key, limits))])
  },
}

export const hexist: Command<'hexist'> = {
  name: 'hexist',
  right: 'read',
  shows: 'store',
  run(message, { shared: { store, limits } }) {
    const entry = store.get(tableOf(message.table, limits), keyOf(message.key, limits))
    return { status: 200, values: [entry === undefined ? no : yes], revision: entry?.revision }
  },
}

export const hmget: Command<'hmget'> = {
  name: 'hmget',
  right: 'read',
  shows: 'store',
  run(message, session) {
    const { store, limits } = session.shared
    const values: Uint8Array[] = []
    const revisions: number[] = []
    let bytes = 0
    forKeys(message, session, (table, key) => {
      const entry = store.get(table, key)
      values.push(entry === undefined ? noValue : storedValue(entry))
      revisions.push(entry?.revision ?? 0)
      bytes += entry === undefined ? 0 : entry.end - entry.start
      if (bytes > limits.maxReplyBytes) {
        throw new KvassError(413, `The values sum to more than ${limits.maxReplyBytes} bytes: ask for fewer keys at once.`)
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
    const { store, limits } = session.shared
    const table = tableOf(message.table, limits)
    const writes = (message.pairs ?? []).map(({ key, value }) => {
      return { table, key: keyOf(key, limits), value: valueOf(value, limits) }
    })
    return written(session, store.apply(writes), true)
  },
}

export const hmdel: Command<'hmdel'> = {
  name: 'hmdel',
  right: 'write',
  shows: 'store',
  run(message, session) {
    const writes: Write[] = []
    forKeys(message, session, (table, key) => writes.push({ table, key, value: undefined }))
    return written(session, session.shared.store.apply(writes), true)
  },
}

export const hmexist: Command<'hmexist'> = {
  name: 'hmexist',
  right: 'read',
  shows: 'store',
  run(message, session) {
    const { store } = session.shared
    const values: Uint8Array[] = []
    forKeys(message, session, (table, key) => values.push(store.get(table, key) === undefined ? no : yes))
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

/** The reply to a write: the entries before it, and the revision that it has now. */
function written(session: Session, previous: (Entry | undefined)[], many = false): Response {
  const { store, limits } = session.shared
  let bytes = 0
  const values = previous.map((entry) => {
    const value = entry === undefined ? noValue : storedValue(entry)
    bytes += value.length
    // The write stands; only values that would not fit a reply are left out.
    return bytes > limits.maxReplyBytes ? noValue : value
  })
  const response: Response = {
    status: 200,
    values,
    revision: store.revision,
    durability: durabilityMark(store.durability),
  }
  if (many) response.revisions = previous.map((entry) => entry?.revision ?? 0)
  return response
}
