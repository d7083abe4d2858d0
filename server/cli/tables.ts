// The commands on tables: tables and drop.
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { ConfigError } from '../config.ts'
import type { Io } from './io.ts'
import { printing } from './output.ts'
import { clientCommand, type GatewayFlags, type Session, withSession } from './session.ts'

export function registerTableCommands(program: Command, io: Io): void {
  registerTables(program, io)
  registerDrop(program, io)
}

const tablesHelp = `
Each line is a name, its number of entries and the revision of its last write.

Example:
  $ kvass tables`

function registerTables(program: Command, io: Io): void {
  clientCommand(program, 'tables', 'List the tables.', tablesHelp)
    .argument('[prefix]', 'only tables whose names begin with it')
    .option('--json', 'print each table as a JSON object')
    .action(async (prefix: string | undefined, flags: GatewayFlags & { json?: boolean }) => {
      const rows = await withSession(io, flags, (session) => session.tables(prefix))
      const width = Math.max(5, ...rows.map(({ name }) => name.length))
      const row = (name: string, count: string, revision: string) =>
        `${name.padEnd(width)}  ${count.padStart(12)}  ${revision.padStart(12)}`
      await printing(io.stdout, async (out) => {
        if (!flags.json && rows.length > 0) await out.line(row('table', 'entries', 'revision'))
        for (const table of rows) {
          await out.line(
            flags.json ? JSON.stringify(table) : row(table.name, String(table.count), String(table.revision)),
          )
        }
      })
    })
}

const dropHelp = `
Removes the table with all its entries, for good. Asks first on a terminal; elsewhere --yes is needed.

Example:
  $ kvass drop old-cities --yes`

function registerDrop(program: Command, io: Io): void {
  clientCommand(program, 'drop', 'Remove a table.', dropHelp)
    .argument('<table>')
    .option('-y, --yes', 'do not ask')
    .action(async (table: string, flags: GatewayFlags & { yes?: boolean }) => {
      const mayAsk = io.stdin.isTTY && io.stderr.isTTY
      if (!flags.yes && !mayAsk)
        throw new ConfigError('drop removes a table for good: say --yes where nobody can be asked')
      await withSession(io, flags, async (session) => {
        const info = (await session.tables(table)).find(({ name }) => name === table)
        if (info === undefined) throw new Error(`no table ${JSON.stringify(table)}`)
        if (
          !flags.yes &&
          !(await confirm(io, `Remove the table ${JSON.stringify(table)} with ${info.count} entries? [y/N] `))
        ) {
          throw new Error('nothing was removed')
        }
        await drop(session, table, io)
      })
    })
}

async function drop(session: Session, table: string, io: Io): Promise<void> {
  const { count = 0 } = await session.call({ drop: { table } }, 'write')
  const line = `dropped ${JSON.stringify(table)} with ${count} entries`
  await printing(io.stdout, async (out) => out.line(line))
}

async function confirm(io: Io, question: string): Promise<boolean> {
  const lines = createInterface({ input: io.stdin, output: io.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim())
  } finally {
    lines.close()
  }
}
