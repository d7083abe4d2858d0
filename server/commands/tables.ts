// The commands on whole tables: tables, drop and flush.

import { clientTables } from '../data/own-tables.ts'
import { bytesOf } from '../store/bytes/latin1.ts'
import { type Command, durabilityMark, type Session } from './command.ts'
import { boundOf, tableOf } from './names.ts'

export const tables: Command<'tables'> = {
  name: 'tables',
  right: 'read',
  shows: 'store',
  run(message, { shared: { store, limits } }) {
    const prefix = boundOf('prefix', message.prefix, limits) ?? ''
    const found = clientTables(store).filter(({ name }) => name.startsWith(prefix))
    return {
      status: 200,
      tables: found.map(({ name, count, revision }) => ({ name: bytesOf(name), count, revision })),
    }
  },
}

export const drop: Command<'drop'> = {
  name: 'drop',
  right: 'admin',
  shows: 'store',
  run(message, session) {
    const { store, limits } = session.shared
    return dropped(session, store.drop(tableOf(message.table, limits)))
  },
}

export const flush: Command<'flush'> = {
  name: 'flush',
  right: 'admin',
  shows: 'store',
  run(_message, session) {
    const { store } = session.shared
    return dropped(
      session,
      clientTables(store).reduce((count, { name }) => count + store.drop(name), 0),
    )
  },
}

function dropped({ shared: { store } }: Session, count: number) {
  return { status: 200, count, revision: store.revision, durability: durabilityMark(store.durability) }
}
