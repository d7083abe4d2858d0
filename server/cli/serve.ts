// `kvass serve`: a gateway in this process, until it is told to end.
import { type Command, Option } from 'commander'
import { loadConfig } from '../config.ts'
import { defaultText, flag, type OptionName, optionGroups, optionSchemas, variable } from '../options.ts'
import type { Io } from './io.ts'
import { printing } from './output.ts'

/** Milliseconds that the store and the ports have to close after the drain. */
const closeTimeoutMs = 1_500

const help = `
Each option may also come from the environment, under the name in brackets, or from a TOML file under its own name
without the dashes (port = 5827, allow-origin = ["https://example.com"]). A flag wins over the environment, and that
over the file. An option that is unknown or wrong is refused; the variables that Kubernetes sets for a Service (such as
KVASS_SERVICE_HOST, KVASS_PORT=tcp://…) are passed over. Paths are relative to the working directory.

Example:
  $ kvass serve --port 8080 --data /var/lib/kvass --allow-origin https://example.com`

export function registerServe(program: Command, io: Io): void {
  const command = program.command('serve').description('Run a gateway until SIGTERM or SIGINT.')
  command.addOption(new Option('--config <file>', 'TOML file with options (KVASS_CONFIG)').helpGroup('Listening:'))
  for (const [group, schemas] of Object.entries(optionGroups)) {
    for (const name of Object.keys(schemas)) command.addOption(helpOption(name as OptionName).helpGroup(`${group}:`))
  }
  command.addHelpText('after', help)
  command.action((flags: Record<string, unknown>) => serve(flags, io))
}

function helpOption(name: OptionName): Option {
  const { type, description, default: value } = optionSchemas[name]
  const shown = defaultText(name)
  const note = `${shown === undefined ? '' : `default ${shown}; `}${variable(name)}`
  const option = new Option(flag(name), `${description} (${note})`)
  // Without defaults of commander's, "not given" can be told from "given as the default".
  if (type === 'array') option.argParser((text: string, before: string[] = []) => [...before, text])
  return type === 'boolean' && value === true ? option.default(undefined) : option
}

async function serve(flags: Record<string, unknown>, io: Io): Promise<void> {
  const config = loadConfig({ flags, env: io.env, cwd: io.cwd })
  // What only a gateway needs is loaded here: the other commands start without it.
  const [{ createGateway }, { default: pino }] = await Promise.all([import('../gateway.ts'), import('pino')])
  const formatters = { level: (label: string) => ({ level: label }) }
  const log = pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters },
    io.stderr,
  )
  const gateway = await createGateway({ ...config, log })
  io.onShutdown(async ({ signal, error }) => {
    if (error !== undefined) log.fatal({ err: error }, 'an error that nobody caught: closing')
    else log.info({ signal }, 'draining')
    await gateway.close()
    log.info({}, 'closed')
  }, config.drainTimeoutMs + closeTimeoutMs)
  const { http, ws, tcp } = await gateway.listen()
  const { store } = gateway
  log.info({ http, ws, tcp, store: store.kind, durability: store.durability, epoch: store.epoch }, 'listening')
  const line = `kvass listening on ${http} (${tcp === undefined ? ws : `${ws}, ${tcp}`})`
  // Clients are served all the same where nobody takes the line.
  await printing(io.stdout, async (out) => out.line(line)).catch((error: Error) => log.warn({}, error.message))
}
