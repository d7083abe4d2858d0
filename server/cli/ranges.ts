// The commands on ranges of entries: ls and scan.
import type { Command } from 'commander'
import { wholeNumber } from './arguments.ts'
import type { Io } from './io.ts'
import { printing } from './output.ts'
import { clientCommand, type GatewayFlags, type Range, withSession } from './session.ts'
import { entryProperties, toJson } from './values.ts'

export function registerRangeCommands(program: Command, io: Io): void {
  registerLs(program, io)
  registerScan(program, io)
}

interface RangeFlags {
  readonly json?: boolean
  readonly start?: string
  readonly end?: string
  readonly limit?: number
  readonly reverse?: boolean
}

function withRange(command: Command): Command {
  return command
    .argument('<table>')
    .argument('[prefix]', 'only keys that begin with it')
    .option('--start <key>', 'only keys not before it')
    .option('--end <key>', 'only keys before it')
    .option('--limit <entries>', 'so many at the most', wholeNumber)
    .option('--reverse', 'from the last key to the first')
}

const rangeOf = (prefix: string | undefined, { start, end, limit, reverse }: RangeFlags): Range => ({
  prefix,
  start,
  end,
  limit,
  reverse,
})

const lsHelp = `
Keys in order of their bytes, one a line; with --json as JSON strings, which keep line breaks apart.

Examples:
  $ kvass ls cities NO/
  $ kvass ls cities NO/ --count`

function registerLs(program: Command, io: Io): void {
  withRange(clientCommand(program, 'ls', 'List the keys of a table.', lsHelp))
    .option('--json', 'print each key as a JSON string')
    .option('--count', 'print how many keys there are instead')
    .action(
      async (table: string, prefix: string | undefined, flags: GatewayFlags & RangeFlags & { count?: boolean }) => {
        const range = rangeOf(prefix, flags)
        await withSession(io, flags, (session) =>
          printing(io.stdout, async (out) => {
            if (flags.count) {
              const count = await session.count(table, range)
              await out.line(String(Math.min(count, flags.limit ?? count)))
              return
            }
            for await (const page of session.pages(table, range, true)) {
              for (const { key } of page) await out.line(flags.json ? JSON.stringify(key) : key)
            }
          }),
        )
      },
    )
}

const scanHelp = `
Each line is a key, a tab and the value in the form of export (see kvass export --help); with --json an object with
key, value, type and revision, and where they are so ttl (milliseconds left) and leased, which kvass import reads.

Examples:
  $ kvass scan cities NO/ --limit 10
  $ kvass scan events --start 2026-01-01 --end 2026-02-01 --reverse --json`

function registerScan(program: Command, io: Io): void {
  withRange(clientCommand(program, 'scan', 'List the entries of a table.', scanHelp))
    .option('--json', 'print each entry as a JSON object')
    .action(async (table: string, prefix: string | undefined, flags: GatewayFlags & RangeFlags) => {
      await withSession(io, flags, (session) =>
        printing(io.stdout, async (out) => {
          for await (const page of session.pages(table, rangeOf(prefix, flags))) {
            for (const entry of page)
              await out.line(
                flags.json
                  ? `{${entryProperties(entry.key, entry.value, entry.revision)}}`
                  : `${entry.key}\t${toJson(entry.value)}`,
              )
          }
        }),
      )
    })
}
