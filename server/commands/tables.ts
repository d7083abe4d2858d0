// The commands on whole tables: tables, drop and flush.
import { clientTables } from '../data/own-tables.ts'
import { dropPlan, type Plan } from '../data/plan.ts'
import { bytesOf } from '../store/bytes/latin1.ts'
import type { Key } from '../store/engine.ts'
import { durabilityOf, type Reading, type Session, type Writing } from './command.ts'
import { boundOf, tableOf } from './names.ts'

export const tables: Reading<'tables'> = {
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

export const drop: Writing<'drop'> = {
  name: 'drop',
  right: 'admin',
  shows: 'store',
  plan(message, session) {
    return dropOf(session, [tableOf(message.table, session.shared.limits)])
  },
}

export const flush: Writing<'flush'> = {
  name: 'flush',
  right: 'admin',
  shows: 'store',
  plan(_message, session) {
    return dropOf(
      session,
      clientTables(session.shared.store).map(({ name }) => name),
    )
  },
}

function dropOf(session: Session, tables: readonly Key[]): Plan {
  return dropPlan(tables, ({ dropped }) => ({ status: 200, count: dropped, durability: durabilityOf(session) }))
}
