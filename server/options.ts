// Every option of a gateway: its name, meaning, default, and what it may be. Where its value comes from, and how it is
// checked, is config.ts.
import { kebab, type Limits, limitTable, mutationSlots } from '../proto/limits.ts'

/** One option, as JSON Schema with prose. An option without a default is absent where nobody gives it. */
export interface OptionSchema {
  readonly type: 'string' | 'integer' | 'boolean' | 'array'
  readonly description: string
  /** What stands for its value in the help: the unit of a number, or what a text names. A boolean has none. */
  readonly unit?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: readonly string[]
}

const listening = {
  host: {
    type: 'string',
    unit: 'address',
    default: '127.0.0.1',
    description: 'Address to listen on. Anything but loopback is refused without insecure or tls-client-ca.',
  },
  port: {
    type: 'integer',
    unit: 'port',
    minimum: 0,
    maximum: 65_535,
    default: 5827,
    description: 'Port of HTTP and WebSocket; 0 picks a free one.',
  },
  tcpPort: {
    type: 'integer',
    unit: 'port',
    minimum: 0,
    maximum: 65_535,
    description: 'Port that serves the same stream on plain TCP (TLS when configured); absent: none.',
  },
  tcpHost: { type: 'string', unit: 'address', description: 'Address of the TCP port; absent: the same as host.' },
  dashboard: { type: 'boolean', default: true, description: 'Whether the dashboard is served at /.' },
  pages: {
    type: 'string',
    unit: 'directory',
    description: 'Folder of web pages of your own, served below /pages/; absent: none.',
  },
} as const satisfies Record<string, OptionSchema>

const storing = {
  store: {
    type: 'string',
    enum: ['disk', 'memory'],
    default: 'disk',
    description: 'Where entries live: disk is durable; memory forgets all when the process ends.',
  },
  data: {
    type: 'string',
    unit: 'directory',
    default: './kvass-data',
    description: 'Directory of the disk store, relative to the working directory; made when it is missing.',
  },
  durability: {
    type: 'string',
    enum: ['flush', 'commit'],
    default: 'flush',
    description: 'What an acknowledged write survives: flush, power loss; commit, only the death of the process.',
  },
  checkpointBytes: {
    type: 'integer',
    unit: 'bytes',
    minimum: 4_096,
    maximum: 2 ** 32,
    default: 2 ** 26,
    description: 'Bytes of log after which the disk store moves it into its tables; more: fewer, longer checkpoints.',
  },
  maxOverlayBytes: {
    type: 'integer',
    unit: 'bytes',
    minimum: 65_536,
    maximum: 2 ** 40,
    default: 2 ** 28,
    description: 'Bytes of memory for entries not yet in the tables of the disk store; past it writes wait.',
  },
  cacheBytes: {
    type: 'integer',
    unit: 'bytes',
    default: 268_435_456,
    minimum: 0,
    maximum: 2 ** 46,
    description: 'Bytes of memory for entries that were read from the tables on disk; 0 for none.',
  },
  tombstoneSeconds: {
    type: 'integer',
    unit: 'seconds',
    minimum: 0,
    maximum: 2 ** 31 - 1,
    default: 3_600,
    description: 'Seconds that a deletion is remembered, so that whoever was away that long can catch up.',
  },
  maxTombstones: {
    type: 'integer',
    unit: 'deletions',
    minimum: 0,
    maximum: 2 ** 31 - 1,
    default: 100_000,
    description: 'Deletions remembered for one table; past it the oldest are forgotten early.',
  },
  maxDowntimeSeconds: {
    type: 'integer',
    unit: 'seconds',
    minimum: 0,
    maximum: 2 ** 31 - 1,
    default: 604_800,
    description: 'Seconds by which entries with a ttl age at the most while the machine is off.',
  },
} as const satisfies Record<string, OptionSchema>

const safety = {
  insecure: {
    type: 'boolean',
    default: false,
    description: 'Listen beyond loopback although anybody who reaches the port can read and write everything.',
  },
  allowOrigin: {
    type: 'array',
    unit: 'origin',
    default: [],
    description: 'Origin of web pages that may connect, such as https://example.com, besides the own; repeatable.',
  },
  tlsCert: { type: 'string', unit: 'file', description: 'PEM file of the certificate; turns on TLS on both ports.' },
  tlsKey: { type: 'string', unit: 'file', description: 'PEM file of the private key of tls-cert.' },
  tlsClientCa: {
    type: 'string',
    unit: 'file',
    description: 'PEM file of the authority whose client certificates are let in; without one a client is refused.',
  },
  logLevel: {
    type: 'string',
    enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    description: 'The least level that is logged, as JSON on stderr.',
  },
} as const satisfies Record<string, OptionSchema>

/** The largest values of limits that are not 2^31 - 1, which timers and frame lengths allow: what the store has room for. */
const limitMaxima: Partial<Limits> = {
  maxKeyBytes: 1_024,
  maxTableBytes: 512,
  mutationWindow: mutationSlots,
  maxTotalQueuedBytes: 2 ** 53 - 1,
}

const limits = Object.fromEntries(
  Object.entries(limitTable).map(([name, { minimum, unit, default: value, meaning }]) => {
    const maximum = limitMaxima[name as keyof Limits] ?? 2 ** 31 - 1
    return [name, { type: 'integer', unit, minimum, maximum, default: value, description: meaning }]
  }),
) as Record<keyof Limits, OptionSchema & { readonly type: 'integer'; readonly default: number }>

/** The options in the groups that `kvass serve --help` shows. */
export const optionGroups = { Listening: listening, Store: storing, Safety: safety, Limits: limits }

const options = { ...listening, ...storing, ...safety, ...limits }
type Options = typeof options
export type OptionName = keyof Options

type ValueOf<Option> = Option extends { readonly enum: readonly (infer Name)[] }
  ? Name
  : Option extends { readonly type: 'integer' }
    ? number
    : Option extends { readonly type: 'boolean' }
      ? boolean
      : Option extends { readonly type: 'array' }
        ? string[]
        : string

type Defaulted = {
  [Name in OptionName]: Options[Name] extends { readonly default: unknown } ? Name : never
}[OptionName]

/** A checked configuration: every option that has a default is present. */
export type Config = { -readonly [Name in Defaulted]: ValueOf<Options[Name]> } & {
  -readonly [Name in Exclude<OptionName, Defaulted>]?: ValueOf<Options[Name]>
}

/** Each option's schema, by name. */
export const optionSchemas: Readonly<Record<OptionName, OptionSchema>> = options
export const optionNames = Object.keys(options) as OptionName[]

/** The option as `kvass serve` takes it, with what stands for its value: `--max-frame-bytes <bytes>`, `--no-dashboard`. */
export function flag(name: OptionName): string {
  const { type, unit, enum: names, default: value } = optionSchemas[name]
  if (type === 'boolean') return `--${value === true ? 'no-' : ''}${kebab(name)}`
  return `--${kebab(name)} <${names?.join('|') ?? unit}>`
}

/** The default as text; undefined where there is none, or where it is that nothing is on. */
export function defaultText(name: OptionName): string | undefined {
  const { type, default: value } = optionSchemas[name]
  return value === undefined || value === false || type === 'array' ? undefined : String(value)
}

/** `maxFrameBytes` as in the environment: `KVASS_MAX_FRAME_BYTES`. */
export const variable = (name: string): string => `KVASS_${kebab(name).replaceAll('-', '_').toUpperCase()}`
