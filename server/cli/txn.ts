// `kvass txn`: makes the checks and writes of a script, all or none.
import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readAll } from './input.ts'
import { exitCodes, type Io } from './io.ts'
import { LineError } from './json.ts'
import { printing } from './output.ts'
import { parseScript, type Script, scriptHelp } from './script.ts'
import { clientCommand, type GatewayFlags, withSession } from './session.ts'

const help = `
Makes the checks and writes of a script as one transaction: all or none, over any tables, at most 128 together. Prints
the revision that the writes share. Where a check fails nothing is written, each failed check is named with its line,
and the exit code is 1. A script with a wrong line is not sent.

${scriptHelp}

Example:
  $ kvass txn <<'EOF'
  # Moves 10 from one account to the other, if the first is still as it was read.
  check accounts ann 17
  incr accounts ann -10
  incr accounts bob 10
  set log "2026-01-01 10:00" {"from": "ann", "to": "bob"} ttl=30d
  EOF`

interface TxnFlags extends GatewayFlags {
  readonly json?: boolean
}

export function registerTxn(program: Command, io: Io): void {
  clientCommand(program, 'txn', 'Make several checks and writes, all or none.', help)
    .argument('[file]', 'the script, or - for standard input', '-')
    .option('--json', 'print revision, checks and writes as one JSON object')
    .action((file: string, flags: TxnFlags) => runTxn(file, flags, io))
}

async function runTxn(file: string, flags: TxnFlags, io: Io): Promise<void> {
  const name = file === '-' ? 'standard input' : file
  const script = readScript(name, file === '-' ? await readAll(io) : await read(file, io))
  const [checks, writes] = [script.checks.length, script.writes.length]
  const {
    status,
    message,
    failed,
    revision = 0,
  } = await withSession(io, flags, (session) => session.call(requestOf(script), 'write', checks + writes, 409))
  if (status !== 200) {
    io.stderr.write(`kvass: ${refusal(name, script, message ?? '', failed)}\n`)
    io.setExitCode(exitCodes.failed)
    return
  }
  const text = `${plural(checks, 'check')}, ${plural(writes, 'write')}, revision ${revision}`
  const json = JSON.stringify({ revision, checks, writes })
  await printing(io.stdout, async (out) => out.line(flags.json ? json : text))
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

function read(file: string, io: Io): Promise<Buffer> {
  return readFile(resolve(io.cwd, file)).catch((error: Error) => {
    throw new Error(`cannot read ${file}: ${error.message}`)
  })
}

function readScript(name: string, bytes: Buffer): Script {
  if (!isUtf8(bytes)) throw new Error(`${name}: not UTF-8: convert the script first`)
  try {
    const script = parseScript(bytes.toString())
    if (script.checks.length + script.writes.length > 0) return script
  } catch (error) {
    throw error instanceof LineError ? new Error(`${name}: ${error.message}`) : error
  }
  throw new Error(`${name}: no operation: see kvass txn --help`)
}

function requestOf({ checks, writes }: Script) {
  return { transaction: { checks: checks.map(({ message }) => message), writes: writes.map(({ message }) => message) } }
}

/** Why nothing was written: the checks that failed, or else an increment that cannot be. */
function refusal(name: string, { checks, writes }: Script, message: string, failed: readonly number[] = []): string {
  if (failed.length > 0) {
    const lines = failed.map((index) => `\n  line ${checks[index]!.line}: ${checks[index]!.text}`)
    return `nothing was written: ${plural(failed.length, 'check')} of ${name} failed:${lines.join('')}`
  }
  const lines = writes.filter((write) => write.message.increment !== undefined).map(({ line }) => line)
  const where = lines.length === 1 ? `line ${lines[0]}` : `one of the lines ${lines.join(', ')}`
  return `nothing was written: ${name}: ${where}: ${message}`
}
