// The commands on entries: get, set, del, ls and scan.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { exitCodes, type Io } from './io.ts'
import { printing } from './output.ts'
import { clientCommand, type Entry, type GatewayFlags, type Range, readAll, withSession } from './session.ts'
import { type ArgumentType, argumentTypes, fromArgument, toJson, toText, typeOf } from './values.ts'

interface JsonFlag {
  readonly json?: boolean
}

export function registerEntryCommands(program: Command, io: Io): void {
  registerGet(program, io)
  registerSet(program, io)
  registerDel(program, io)
  registerLs(program, io)
  registerScan(program, io)
}

/** A whole number that is not negative, from an option. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('A whole number is needed.')
  return Number(text)
}

/** A whole number above 0, from an option. */
export function positiveNumber(text: string): number {
  if (wholeNumber(text) === 0) throw new InvalidArgumentError('A number above 0 is needed.')
  return Number(text)
}

export function typeOption(): Option {
  return new Option('--type <type>', 'type of the value; auto: what a JSON text says, and a string otherwise')
    .choices(argumentTypes)
    .default('auto')
}

/** One object on one line, its values exact. */
function entryLine({ key, value, revision }: Entry): string {
  return `{"key":${JSON.stringify(key)},"value":${toJson(value)},"type":"${typeOf(value)}","revision":${revision}}`
}

const getHelp = `
Prints the value and a line break; of a binary value the bytes alone, on a terminal in base64. With --json one
object: key, value (in the form of export, see kvass export --help), type and revision. No entry: exit code 1.

Examples:
  $ kvass get todos 1
  $ kvass get photos cat > cat.jpg`

function registerGet(program: Command, io: Io): void {
  clientCommand(program, 'get', 'Print the value of an entry.', getHelp)
    .argument('<table>')
    .argument('<key>')
    .option('--json', 'print key, value, type and revision as one JSON object')
    .action(async (table: string, key: string, flags: GatewayFlags & JsonFlag) => {
      const { values, revision = 0 } = await withSession(io, flags, (session) =>
        session.call({ hget: { table, key } }, 'read'),
      )
      const entry = { key, value: values?.[0] ?? {}, revision }
      const isRaw = entry.value.binary !== undefined && !flags.json && !io.stdout.isTTY
      await printing(io.stdout, async (out) => {
        await (isRaw ? out.bytes(entry.value.binary!) : out.line(flags.json ? entryLine(entry) : toText(entry.value)))
      })
    })
}

const setHelp = `
Of - the value is all of standard input. By default 5 is stored as an integer, 5.0 as a float, true as a bool, null as
the empty value, {"a":1} as JSON, and everything that is no JSON text as a string: a script that stores text which it
does not know says --type string. Binary values are given in base64, or as bytes with -. Prints the type stored and
the revision.

Examples:
  $ kvass set todos 1 '{"title":"milk"}'
  $ kvass set config name --type string 007
  $ kvass set photos cat --type binary - < cat.jpg`

function registerSet(program: Command, io: Io): void {
  clientCommand(program, 'set', 'Write an entry.', setHelp)
    .argument('<table>')
    .argument('<key>')
    .argument('<value>', 'the value, or - for standard input')
    .addOption(typeOption())
    .option('--json', 'print key, type and revision as one JSON object')
    .action(
      async (table: string, key: string, text: string, flags: GatewayFlags & JsonFlag & { type: ArgumentType }) => {
        const value = fromArgument(text === '-' ? await readAll(io) : text, flags.type)
        const { revision = 0 } = await withSession(io, flags, (session) =>
          session.call({ hset: { table, pair: { key, value } } }, 'write'),
        )
        const json = `{"key":${JSON.stringify(key)},"type":"${typeOf(value)}","revision":${revision}}`
        await printing(io.stdout, async (out) => out.line(flags.json ? json : `${typeOf(value)}, revision ${revision}`))
      },
    )
}

const delHelp = `
Prints how many entries there were. Where a key had none the exit code is 1, unless --force.

Example:
  $ kvass del todos 1 2 3`

/** Keys in one request; a request is all or nothing, so fewer requests make fewer halves. */
const keysAtOnce = 1_000

function registerDel(program: Command, io: Io): void {
  clientCommand(program, 'del', 'Delete entries.', delHelp)
    .argument('<table>')
    .argument('<key...>')
    .option('-f, --force', 'exit with 0 also where there was no entry')
    .action(async (table: string, keys: string[], flags: GatewayFlags & { force?: boolean }) => {
      const missing: string[] = []
      await withSession(io, flags, async (session) => {
        for (let at = 0; at < keys.length; at += keysAtOnce) {
          const some = keys.slice(at, at + keysAtOnce)
          const { revisions = [] } = await session.call({ hmdel: { table, keys: some } }, 'write', some.length)
          missing.push(...some.filter((_, index) => !revisions[index]))
        }
      })
      io.stdout.write(`deleted ${keys.length - missing.length}\n`)
      if (missing.length === 0 || flags.force) return
      for (const key of missing)
        io.stderr.write(`kvass: no entry ${JSON.stringify(key)} in table ${JSON.stringify(table)}\n`)
      io.setExitCode(exitCodes.failed)
    })
}

interface RangeFlags {
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
    .option('--limit <number>', 'entries at the most', wholeNumber)
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
      async (
        table: string,
        prefix: string | undefined,
        flags: GatewayFlags & RangeFlags & JsonFlag & { count?: boolean },
      ) => {
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
key, value, type and revision.

Examples:
  $ kvass scan cities NO/ --limit 10
  $ kvass scan events --start 2026-01-01 --end 2026-02-01 --reverse --json`

function registerScan(program: Command, io: Io): void {
  withRange(clientCommand(program, 'scan', 'List the entries of a table.', scanHelp))
    .option('--json', 'print each entry as a JSON object')
    .action(async (table: string, prefix: string | undefined, flags: GatewayFlags & RangeFlags & JsonFlag) => {
      await withSession(io, flags, (session) =>
        printing(io.stdout, async (out) => {
          for await (const page of session.pages(table, rangeOf(prefix, flags))) {
            for (const entry of page)
              await out.line(flags.json ? entryLine(entry) : `${entry.key}\t${toJson(entry.value)}`)
          }
        }),
      )
    })
}
