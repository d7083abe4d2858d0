// The commands on single entries: get, set, del and incr.
import { type Command, Option } from 'commander'
import { ConfigError } from '../config.ts'
import { addend, positiveNumber, ttlOption, typeOption } from './arguments.ts'
import { valueFrom } from './input.ts'
import { exitCodes, type Io } from './io.ts'
import { printing } from './output.ts'
import { clientCommand, type GatewayFlags, type Session, withSession } from './session.ts'
import { type ArgumentType, entryProperties, toText, typeOf } from './values.ts'

interface JsonFlag {
  readonly json?: boolean
}

export function registerEntryCommands(program: Command, io: Io): void {
  registerGet(program, io)
  registerSet(program, io)
  registerDel(program, io)
  registerIncr(program, io)
}

const getHelp = `
Prints the value and a line break; of a binary value the bytes alone, on a terminal in base64. With --json one
object: key, value (in the form of export, see kvass export --help), type and revision; of an entry that expires also
ttl, the milliseconds that it has left, and "leased": true of one that goes with a client. No entry: exit code 1.

Examples:
  $ kvass get todos 1
  $ kvass get photos cat > cat.jpg`

function registerGet(program: Command, io: Io): void {
  clientCommand(program, 'get', 'Print the value of an entry.', getHelp)
    .argument('<table>')
    .argument('<key>')
    .option('--json', 'print key, value, type, revision and ttl as one JSON object')
    .action(async (table: string, key: string, flags: GatewayFlags & JsonFlag) => {
      const { values, revision = 0 } = await withSession(io, flags, (session) =>
        session.call({ hget: { table, key } }, 'read'),
      )
      const value = values?.[0] ?? {}
      const isRaw = value.binary !== undefined && !flags.json && !io.stdout.isTTY
      const text = () => (flags.json ? `{${entryProperties(key, value, revision)}}` : toText(value))
      await printing(io.stdout, async (out) => {
        await (isRaw ? out.bytes(value.binary!) : out.line(text()))
      })
    })
}

const setHelp = `
Of - the value is all of standard input. By default 5 is stored as an integer, 5.0 as a float, true as a bool, null as
the empty value, {"a":1} as JSON, and everything that is no JSON text as a string: a script that stores text which it
does not know says --type string. Binary values are given in base64, or as bytes with -. Prints the type stored and
the revision.

With --if-absent or --if-revision nothing is written where the condition fails, and the exit code is 1. An entry that
was written with --ttl stays for good when it is written again without.

Examples:
  $ kvass set todos 1 '{"title":"milk"}'
  $ kvass set sessions 4f2a alice --ttl 30m
  $ kvass set locks report "$HOSTNAME" --if-absent --ttl 5m
  $ kvass set config name --type string 007
  $ kvass set photos cat --type binary - < cat.jpg`

interface SetFlags extends GatewayFlags, JsonFlag {
  readonly type: ArgumentType
  /** Milliseconds. */
  readonly ttl?: number
  readonly ifAbsent?: boolean
  readonly ifRevision?: number
}

function registerSet(program: Command, io: Io): void {
  clientCommand(program, 'set', 'Write an entry.', setHelp)
    .argument('<table>')
    .argument('<key>')
    .argument('<value>', 'the value, or - for standard input')
    .addOption(typeOption())
    .addOption(ttlOption())
    .addOption(new Option('--if-absent', 'only if the key has no entry').conflicts('ifRevision'))
    .addOption(ifRevisionOption())
    .option('--json', 'print key, type and revision as one JSON object')
    .action(async (table: string, key: string, text: string, flags: SetFlags) => {
      const value = await valueFrom(text, flags.type, io)
      const { ttl: ttlMs, ifAbsent, ifRevision } = flags
      const request = { hset: { table, pair: { key, value }, ttlMs, ifAbsent, ifRevision } }
      const { revision = 0 } = await withSession(io, flags, (session) => session.call(request, 'write'))
      const json = `{"key":${JSON.stringify(key)},"type":"${typeOf(value)}","revision":${revision}}`
      await printing(io.stdout, async (out) => out.line(flags.json ? json : `${typeOf(value)}, revision ${revision}`))
    })
}

function ifRevisionOption(): Option {
  return new Option('--if-revision <revision>', 'only if the entry still has this revision').argParser(positiveNumber)
}

const delHelp = `
Prints how many entries there were. Where a key had none the exit code is 1, unless --force. With --if-revision, which
takes one key, nothing is deleted where the entry has another revision or is gone, and the exit code is 1.

Examples:
  $ kvass del todos 1 2 3
  $ kvass del todos 1 --if-revision 17`

/** Keys in one request; a request is all or nothing, so fewer requests make fewer halves. */
const keysAtOnce = 1_000

interface DelFlags extends GatewayFlags {
  readonly force?: boolean
  readonly ifRevision?: number
}

function registerDel(program: Command, io: Io): void {
  clientCommand(program, 'del', 'Delete entries.', delHelp)
    .argument('<table>')
    .argument('<key...>')
    .option('-f, --force', 'exit with 0 also where there was no entry')
    .addOption(ifRevisionOption().conflicts('force'))
    .action(async (table: string, keys: string[], flags: DelFlags) => {
      const { ifRevision } = flags
      if (ifRevision !== undefined && keys.length > 1) {
        throw new ConfigError(`--if-revision takes one key, not ${keys.length}: for several use kvass txn`)
      }
      const missing = await withSession(io, flags, async (session) => {
        if (ifRevision === undefined) return deleteAll(session, table, keys)
        await session.call({ hdel: { table, key: keys[0], ifRevision } }, 'write')
        return []
      })
      if (missing.length > 0 && !flags.force) {
        io.setExitCode(exitCodes.failed)
        for (const key of missing)
          io.stderr.write(`kvass: no entry ${JSON.stringify(key)} in table ${JSON.stringify(table)}\n`)
      }
      await printing(io.stdout, async (out) => out.line(`deleted ${keys.length - missing.length}`))
    })
}

/** Returns the keys that had no entry. */
async function deleteAll(session: Session, table: string, keys: readonly string[]): Promise<string[]> {
  const missing: string[] = []
  for (let at = 0; at < keys.length; at += keysAtOnce) {
    const some = keys.slice(at, at + keysAtOnce)
    const { revisions = [] } = await session.call({ hmdel: { table, keys: some } }, 'write', some.length)
    missing.push(...some.filter((_, index) => !revisions[index]))
  }
  return missing
}

const incrHelp = `
Adds to a number in one step, and prints the new value; several at once lose nothing. A missing key counts from 0. BY
of digits only is an integer, one with a point or an exponent a float. Integers are exact over 64 bits; an integer and a
float make a float, but with --keep-type an integer stays one. Where the entry is no number, where the sum leaves the
range, and where an integer and a float would not be exact, beyond 2^53, nothing changes and the exit code is 1. An
expiry stays as it is unless --ttl sets another.

Examples:
  $ kvass incr visits /index.html
  $ kvass incr stock apples -3
  $ kvass incr balances ann 0.5
  $ kvass incr limits 203.0.113.7 --ttl 1m`

function registerIncr(program: Command, io: Io): void {
  clientCommand(program, 'incr', 'Add to a number.', incrHelp)
    .argument('<table>')
    .argument('<key>')
    .argument('[by]', 'the number to add (default 1)', addend)
    .addOption(ttlOption())
    .option('--keep-type', 'refuse to make a float of an integer')
    .option('--json', 'print key, value, type and revision as one JSON object')
    .action(async (table: string, key: string, by: ReturnType<typeof addend> | undefined, flags: IncrFlags) => {
      const request = { increment: { table, key, by, ttlMs: flags.ttl, keepType: flags.keepType } }
      const { values, revision = 0 } = await withSession(io, flags, (session) => session.call(request, 'write'))
      const value = values?.[0] ?? {}
      const text = flags.json ? `{${entryProperties(key, value, revision)}}` : toText(value)
      await printing(io.stdout, async (out) => out.line(text))
    })
}

interface IncrFlags extends GatewayFlags, JsonFlag {
  readonly keepType?: boolean
  /** Milliseconds. */
  readonly ttl?: number
}
