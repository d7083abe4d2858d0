// The commands that use a running gateway, as one list.
import type { Command } from 'commander'
import { registerBench } from './bench.ts'
import { registerEntryCommands } from './entries.ts'
import { registerExport } from './export.ts'
import { registerImport } from './import.ts'
import type { Io } from './io.ts'
import { registerRangeCommands } from './ranges.ts'
import { addGatewayOptions } from './session.ts'
import { registerTableCommands } from './tables.ts'
import { registerTopicCommands } from './topics.ts'
import { registerTxn } from './txn.ts'
import { registerWatch } from './watch.ts'

/** Adds get, set, del, incr, ls, scan, watch, txn, tables, drop, pub, sub, ping, import, export and bench. */
export function registerClientCommands(program: Command, io: Io): void {
  const others = program.commands.length
  registerEntryCommands(program, io)
  registerRangeCommands(program, io)
  registerWatch(program, io)
  registerTxn(program, io)
  registerTableCommands(program, io)
  registerTopicCommands(program, io)
  registerImport(program, io)
  registerExport(program, io)
  registerBench(program, io)
  for (const command of program.commands.slice(others)) addGatewayOptions(command)
}
