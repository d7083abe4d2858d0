// The one table of commands. A new command is a message in kv.proto, a function, and a line here.
import { type CommandName, commandNumbers } from '../../proto/codec.ts'
import type { Command } from './command.ts'
import { cancel, hello, ping } from './connection.ts'
import { hdel, hexist, hget, hmdel, hmexist, hmget, hmset, hset } from './entries.ts'
import { count, hgetall, range } from './ranges.ts'
import { drop, flush, tables } from './tables.ts'
import { publish, subscribe, unsubscribe } from './topics.ts'
import { increment, transaction } from './transactions.ts'
import { watch } from './watch.ts'

const commands: { readonly [Name in CommandName]: Command<Name> } = {
  hget,
  hgetall,
  hmget,
  hset,
  hmset,
  hdel,
  hmdel,
  hexist,
  hmexist,
  subscribe,
  unsubscribe,
  publish,
  hello,
  ping,
  range,
  count,
  tables,
  drop,
  flush,
  cancel,
  watch,
  increment,
  transaction,
}

/** The commands by their field number in CommandRequest. */
export const commandTable: readonly (Command | undefined)[] = Object.values(commands).reduce<Command[]>(
  (table, command) => {
    table[commandNumbers[command.name]] = command as unknown as Command
    return table
  },
  [],
)
