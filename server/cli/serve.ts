// `kvass serve`: a gateway in this process, until it is told to end.
import { type Command, Option } from 'commander'
import { loadConfig } from '../config.ts'
import { kebab, type OptionName, optionGroups, optionSchemas, variable } from '../options.ts'
import type { Io } from './io.ts'

/** Milliseconds that the store and the ports have to close after the drain. */
const closeTimeoutMs = 1_500

const help = `
Each option may also come from the environment, under the name in brackets, or from a TOML file under its own name
without the dashes (port = 5827, allow-origin = ["https://example.com"]). A flag wins over the environment, and that
over the file. An option that is unknown or wrong is refused. Paths are relative to the working directory.

Example:
  $ kvass serve --port 8080 --data /var/lib/kvass --allow-origin https://example.com`

export function registerServe(program: Command, io: Io): void {
  const command = program.command('serve').description('Run a gateway until SIGTERM or SIGINT.')
  command.addOption(new Option('--config <file>', 'TOML file with options (KVASS_CONFIG)').helpGroup('Listening:'))
  for (const [group, schemas] of Object.entries(optionGroups)) {
    for (const name of Object.keys(schemas)) command.addOption(optionOf(name as OptionName).helpGroup(`${group}:`))
  }
  command.addHelpText('after', help)
  command.action((flags: Record<string, unknown>) => serve(flags, io))
}

/** What stands for an option's value in the help. */
function placeholder(name: OptionName): string {
  const { type, enum: names } = optionSchemas[name]
  if (names !== undefined) return names.join('|')
  const [, unit] = /(Port|Bytes|Seconds|Ms|Host|Cert|Key|Ca|Origin)$/i.exec(name) ?? []
  const units: Record<string, string> = {
    port: 'port',
    bytes: 'bytes',
    seconds: 'seconds',
    ms: 'ms',
    host: 'address',
    origin: 'origin',
  }
  if (name === 'data' || name === 'pages') return 'directory'
  return units[unit?.toLowerCase() ?? ''] ?? (type === 'integer' ? 'number' : 'file')
}

function optionOf(name: OptionName): Option {
  const { type, description, default: value } = optionSchemas[name]
  const isOff = type === 'boolean' && value === true
  const flag = type !== 'boolean' ? `--${kebab(name)} <${placeholder(name)}>` : `--${isOff ? 'no-' : ''}${kebab(name)}`
  const shown = value === undefined || value === false || type === 'array' ? '' : `default ${value}; `
  const option = new Option(flag, `${description} (${shown}${variable(name)})`)
  // Without defaults of commander's, "not given" can be told from "given as the default".
  if (type === 'array') option.argParser((text: string, before: string[] = []) => [...before, text])
  return isOff ? option.default(undefined) : option
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
  io.stdout.write(`kvass listening on ${http} (${tcp === undefined ? ws : `${ws}, ${tcp}`})\n`)
}
