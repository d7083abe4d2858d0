// The `kvass` command: collects its subcommands and turns what they throw into one sentence and an exit code.
import { Command, CommanderError } from 'commander'
import { ConfigError, UnsafeConfigError } from '../config.ts'
import { version } from '../version.ts'
import { registerCheck } from './check.ts'
import { exitCodes, type Io } from './io.ts'
import { Output, ReaderGoneError } from './output.ts'
import { registerServe } from './serve.ts'
import { TextError } from './values.ts'

const exitHelp = `
Exit codes:
  0   done; a gateway ended by SIGTERM or SIGINT has finished its replies
  1   failed, refused by the gateway, or not found; also an export whose reader went away
  2   an option or an argument is unknown or wrong
  78  the gateway would be exposed without access control (see serve --insecure)`

async function buildProgram(io: Io, help: Output): Promise<Command> {
  const program = new Command('kvass')
    .description('A gateway that serves durable, live key-value tables to web pages, terminals and TCP clients.')
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Print help for the command.')
    .helpCommand('help [command]', 'Print help for the command.')
    .addHelpText('after', exitHelp)
    .showHelpAfterError('(add --help for all options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => help.text(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => io.stdout.isTTY === true && !io.env.NO_COLOR,
      getErrHasColors: () => io.stderr.isTTY === true && !io.env.NO_COLOR,
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    })
  registerServe(program, io)
  registerCheck(program, io)
  // A gateway is ready sooner without the modules of the commands that it is not.
  if (io.argv[0] !== 'serve') {
    const { registerClientCommands } = await import('./client.ts')
    registerClientCommands(program, io)
  }
  for (const command of program.commands) command.copyInheritedSettings(program)
  return program
}

/** Runs the command that the arguments name, and sets the exit code. Never throws. */
export async function run(io: Io): Promise<void> {
  // What cannot be written fails the write; what standard error does not take, there is nobody to tell.
  for (const stream of [io.stdout, io.stderr]) stream.on('error', () => {})
  const help = new Output(io.stdout)
  try {
    const program = await buildProgram(io, help)
    await program.parseAsync([...io.argv], { from: 'user' }).finally(() => help.flush())
  } catch (error) {
    const code = report(error, io)
    if (code !== undefined) io.setExitCode(code)
  }
}

/** Says what was thrown, and answers the exit code that it makes; undefined: the command's own stays. */
function report(error: unknown, io: Io): number | undefined {
  if (error instanceof ReaderGoneError) return undefined
  // Commander has printed its own.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  const isSlip = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  io.stderr.write(`kvass: ${isSlip ? error.stack : error instanceof Error ? error.message : String(error)}\n`)
  if (error instanceof UnsafeConfigError) return exitCodes.unsafe
  return error instanceof ConfigError || error instanceof TextError ? exitCodes.usage : exitCodes.failed
}
