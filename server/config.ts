// Makes one checked configuration of flags, KVASS_ variables and a TOML file, with a clear sentence for each mistake. It
// opens only that file, and knows no socket and no store.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { defaultLimits, kebab, type Limits } from '../proto/limits.ts'
import { type Config, type OptionName, type OptionSchema, optionNames, optionSchemas, variable } from './options.ts'

/** An option that is unknown or wrong; the message names it and what would be right. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError'
}

/** A configuration that would expose the gateway; the message says why, and what would make it safe. */
export class UnsafeConfigError extends ConfigError {
  override readonly name = 'UnsafeConfigError'
}

/** Variables with our prefix that commands other than `serve` read. */
const otherVariables = new Set(['KVASS_CONFIG', 'KVASS_URL', 'KVASS_TOKEN'])

/**
 * What Kubernetes sets in each container for a Service whose name begins with "kvass": where the Service is, by name
 * (KVASS_SERVICE_HOST) and as Docker's links did (KVASS_PORT=tcp://10.0.0.1:5827, KVASS_PORT_5827_TCP_ADDR).
 */
const isOfService = (name: string, value: string): boolean =>
  /^KVASS_(?:\w+_)?SERVICE_(?:HOST|PORT(?:_\w+)?)$/.test(name) ||
  /^KVASS_(?:\w+_)?PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(name) ||
  (/^KVASS_(?:\w+_)?PORT$/.test(name) && /^(?:tcp|udp|sctp):\/\//.test(value))

/** A value that was given, and under which name: a flag, a variable, a key of the file. */
interface Given {
  readonly value: unknown
  readonly source: string
}
type GivenOptions = Partial<Record<OptionName, Given>>

export interface ConfigSources {
  /** From the command line, by option name; absent where a flag was not given. */
  readonly flags?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths start from. */
  readonly cwd?: string
}

/**
 * The configuration that flags, then KVASS_ variables, then the TOML file (flag `config` or KVASS_CONFIG), then the
 * defaults make. Throws ConfigError for an option that is unknown or wrong, wherever it stands.
 */
export function loadConfig({ flags = {}, env = {}, cwd = '.' }: ConfigSources): Config {
  const file = (flags.config as string | undefined) ?? (env.KVASS_CONFIG || undefined)
  const given: GivenOptions = {
    ...(file === undefined ? {} : fromToml(resolve(cwd, file))),
    ...fromEnvironment(env),
    ...fromFlags(flags),
  }
  const config = complete(given)
  for (const name of ['data', 'pages', 'tlsCert', 'tlsKey', 'tlsClientCa'] as const) {
    if (config[name] !== undefined) config[name] = resolve(cwd, config[name])
  }
  return config
}

/** The same for options given by a program, under their camel-case names. Undefined ones count as absent. */
export function checkOptions(options: Readonly<Record<string, unknown>>): Config {
  const given: GivenOptions = {}
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (!Object.hasOwn(optionSchemas, name)) throw unknownOption(name, 'option', optionNames)
    given[name as OptionName] = { value, source: name }
  }
  return complete(given)
}

function fromFlags(flags: Readonly<Record<string, unknown>>): GivenOptions {
  const given: GivenOptions = {}
  for (const name of optionNames) {
    const value = flags[name]
    if (value !== undefined) given[name] = { value: parseText(name, value), source: `--${kebab(name)}` }
  }
  return given
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): GivenOptions {
  const known = new Map(optionNames.map((name) => [variable(name), name]))
  const given: GivenOptions = {}
  for (const [source, text = ''] of Object.entries(env)) {
    if (!source.startsWith('KVASS_') || otherVariables.has(source) || isOfService(source, text)) continue
    const name = known.get(source)
    if (name === undefined) throw unknownOption(source, 'environment variable', [...known.keys()])
    if (text) given[name] = { value: parseText(name, text), source }
  }
  return given
}

function fromToml(path: string): GivenOptions {
  let table: Record<string, unknown>
  try {
    table = parseToml(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message
    throw new ConfigError(`cannot read the configuration file ${path}: ${reason.trimEnd()}`)
  }
  const known = new Map(optionNames.map((name) => [kebab(name), name]))
  const given: GivenOptions = {}
  for (const [key, value] of Object.entries(table)) {
    const name = known.get(key)
    if (name === undefined) throw unknownOption(key, `option in ${path}`, [...known.keys()])
    given[name] = { value, source: `${key} in ${path}` }
  }
  return given
}

/** The value that a text stands for. Where it stands for none, the text itself, so that the check's error can name it. */
function parseText(name: OptionName, text: unknown): unknown {
  const { type } = optionSchemas[name]
  if (type === 'array')
    return [text].flat().flatMap((part) =>
      String(part)
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
  if (typeof text !== 'string') return text
  if (type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text
  if (type === 'boolean') return { true: true, 1: true, false: false, 0: false }[text] ?? text
  return text
}

/** Checks each option by itself and against the others, and fills in the defaults. */
function complete(given: GivenOptions): Config {
  const config: Record<string, unknown> = {}
  for (const name of optionNames) {
    const option = given[name]
    if (option === undefined) {
      if (optionSchemas[name].default !== undefined) config[name] = structuredClone(optionSchemas[name].default)
      continue
    }
    if (!fits(optionSchemas[name], option.value)) {
      throw new ConfigError(`${option.source} must be ${expectation(name)}, not ${JSON.stringify(option.value)}`)
    }
    config[name] = option.value
  }
  const checked = config as unknown as Config
  // A value must fit into a frame: where only the frame's limit was lowered, the value's follows.
  if (given.maxValueBytes === undefined) {
    checked.maxValueBytes = Math.min(checked.maxValueBytes, Math.floor(checked.maxFrameBytes / 2))
  }
  checkTogether(checked, (name) => given[name]?.source ?? kebab(name))
  return checked
}

function fits({ type, enum: names, minimum = -Infinity, maximum = Infinity }: OptionSchema, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value) && value.every((item) => typeof item === 'string')
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'integer') return Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum
  return typeof value === 'string' && value !== '' && (names === undefined || names.includes(value))
}

type IntegerName = keyof Limits | 'checkpointBytes' | 'maxOverlayBytes'

function checkTogether(config: Config, source: (name: OptionName) => string): void {
  const below = (small: IntegerName, large: IntegerName) => {
    if (config[small] < config[large]) return
    const bound = `${source(large)} (${config[large]})`
    throw new ConfigError(`${source(small)} must be smaller than ${bound}, not ${config[small]}`)
  }
  below('maxValueBytes', 'maxFrameBytes')
  below('maxValueBytes', 'maxReplyBytes')
  below('pageBytes', 'maxReplyBytes')
  below('maxQueuedBytes', 'maxTotalQueuedBytes')
  below('checkpointBytes', 'maxOverlayBytes')
  for (const origin of config.allowOrigin) {
    const right = serializedOrigin(origin)
    if (right === origin) continue
    const advice = right === undefined ? 'an origin such as https://example.com' : `"${right}"`
    throw new ConfigError(`${source('allowOrigin')} must be ${advice}, not ${JSON.stringify(origin)}`)
  }
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    const [has, lacks] =
      config.tlsKey === undefined ? (['tlsCert', 'tlsKey'] as const) : (['tlsKey', 'tlsCert'] as const)
    throw new ConfigError(`${source(has)} needs ${kebab(lacks)} as well: TLS takes a certificate and its key`)
  }
  if (config.tlsClientCa !== undefined && config.tlsCert === undefined) {
    throw new ConfigError(`${source('tlsClientCa')} needs tls-cert and tls-key: client certificates are a part of TLS`)
  }
  if (config.tcpHost !== undefined && config.tcpPort === undefined) {
    throw new ConfigError(`${source('tcpHost')} needs tcp-port: without it there is no TCP port`)
  }
  checkExposure(config, source)
}

/** Refuses to listen beyond loopback where nothing keeps strangers out, as client certificates would. */
function checkExposure(config: Config, source: (name: OptionName) => string): void {
  if (config.insecure || config.tlsClientCa !== undefined) return
  const hosts: [OptionName, string][] = [['host', config.host]]
  if (config.tcpHost !== undefined) hosts.push(['tcpHost', config.tcpHost])
  for (const [name, host] of hosts) {
    if (isLoopback(host)) continue
    throw new UnsafeConfigError(
      `${source(name)} ${host} is not loopback, and anybody who reaches it could read and write everything: ` +
        'listen on 127.0.0.1, require client certificates with --tls-client-ca, or accept that with --insecure',
    )
  }
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** The origin as a browser sends it; undefined where the text is not one. */
function serializedOrigin(text: string): string | undefined {
  // Packaged apps have origins with schemes of their own, which URL does not serialize.
  if (/^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+$/.test(text)) return text
  if (!URL.canParse(text)) return undefined
  const { origin } = new URL(text)
  return origin === 'null' ? undefined : origin
}

function expectation(name: OptionName): string {
  const { type, unit, minimum, maximum, enum: names } = optionSchemas[name]
  if (names !== undefined) return names.map((item) => `"${item}"`).join(' or ')
  if (type === 'integer') return `a whole number${unit === 'port' ? '' : ` of ${unit}`} from ${minimum} to ${maximum}`
  if (type === 'boolean') return 'true or false'
  if (type === 'array') return 'a list of texts'
  return 'a text that is not empty'
}

function unknownOption(name: string, kind: string, known: readonly string[]): ConfigError {
  const near = nearest(name, known)
  return new ConfigError(`unknown ${kind} ${name}${near === undefined ? '' : `: did you mean ${near}?`}`)
}

/** The known name that is the fewest edits away, where those are few enough to be a typing mistake. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, edits: editDistance(name, candidate) }))
  const best = ranked.reduce((a, b) => (b.edits < a.edits ? b : a))
  return best.edits <= Math.max(2, name.length / 3) ? best.candidate : undefined
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}

/** The limits in a configuration, for code that needs no other option. */
export function limitsOf(config: Config): Limits {
  const names = Object.keys(defaultLimits) as (keyof Limits)[]
  return Object.fromEntries(names.map((name) => [name, config[name]])) as Limits
}
