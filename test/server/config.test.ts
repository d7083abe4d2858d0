// The configuration: sources and their order, and the sentence that each wrong option gets.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kebab, limitTable } from '../../proto/limits.ts'
import { ConfigError, checkOptions, loadConfig, UnsafeConfigError } from '../../server/config.ts'
import { optionSchemas, variable } from '../../server/options.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

function tomlFile(text: string): string {
  const path = join(temporaryFolder(), 'kvass.toml')
  writeFileSync(path, text)
  return path
}

describe('sources', () => {
  test('without any, all defaults', () => {
    const config = loadConfig({ cwd: '/srv' })
    expect(config).toMatchObject({ host: '127.0.0.1', port: 5827, store: 'disk', data: '/srv/kvass-data' })
    expect(config).toMatchObject({ durability: 'flush', dashboard: true, insecure: false, allowOrigin: [] })
    expect(config.tcpPort).toBeUndefined()
    for (const [name, limit] of Object.entries(limitTable)) expect(config).toHaveProperty(name, limit.default)
  })

  test('a flag wins over the environment, that over the file, and that over the default', () => {
    const path = tomlFile('port = 1\nmax-requests = 11\nmax-streams = 111\nallow-origin = ["https://a.example"]\n')
    const env = { KVASS_CONFIG: path, KVASS_PORT: '2', KVASS_MAX_REQUESTS: '22' }
    expect(loadConfig({ env, flags: { port: '3' } })).toMatchObject({
      port: 3,
      maxRequests: 22,
      maxStreams: 111,
      allowOrigin: ['https://a.example'],
      maxElements: limitTable.maxElements.default,
    })
  })

  test('the file of the flag wins over the file of the environment', () => {
    const [flag, env] = [tomlFile('port = 1'), tomlFile('port = 2')]
    expect(loadConfig({ flags: { config: flag }, env: { KVASS_CONFIG: env } }).port).toBe(1)
  })

  test('every option can come from the environment under its name', () => {
    const samples: Record<string, [text: string, value: unknown]> = {
      host: ['localhost', 'localhost'],
      tcpHost: ['127.0.0.2', '127.0.0.2'],
      dashboard: ['false', false],
      insecure: ['1', true],
      store: ['memory', 'memory'],
      data: ['/d', '/d'],
      pages: ['/p', '/p'],
      durability: ['commit', 'commit'],
      allowOrigin: ['https://a.example, https://b.example:8443', ['https://a.example', 'https://b.example:8443']],
      tlsCert: ['/c', '/c'],
      tlsKey: ['/k', '/k'],
      tlsClientCa: ['/a', '/a'],
      logLevel: ['debug', 'debug'],
    }
    const env: Record<string, string> = {}
    const expected: Record<string, unknown> = {}
    for (const [name, schema] of Object.entries(optionSchemas)) {
      const value =
        Number(schema.default ?? schema.minimum) + (name.startsWith('max') ? 0 : name === 'mutationWindow' ? -1 : 1)
      ;[env[variable(name)], expected[name]] = samples[name] ?? [String(value), value]
    }
    expect(loadConfig({ env })).toEqual(expected)
  })

  test('what Kubernetes sets for a Service of our name is passed over, and nothing else is', () => {
    const env = {
      KVASS_SERVICE_HOST: '10.0.0.1',
      KVASS_SERVICE_PORT: '5827',
      KVASS_SERVICE_PORT_HTTP: '5827',
      KVASS_PORT: 'tcp://10.0.0.1:5827',
      KVASS_PORT_5827_TCP: 'tcp://10.0.0.1:5827',
      KVASS_PORT_5827_TCP_PROTO: 'tcp',
      KVASS_PORT_5827_TCP_PORT: '5827',
      KVASS_PORT_5827_TCP_ADDR: '10.0.0.1',
      KVASS_TCP_PORT: 'tcp://10.0.0.2:5828',
      KVASS_GATEWAY_V2_SERVICE_HOST: '10.0.0.3',
      KVASS_GATEWAY_V2_SERVICE_PORT_KV_TLS: '5828',
      KVASS_GATEWAY_V2_PORT: 'udp://10.0.0.3:5828',
      KVASS_GATEWAY_V2_PORT_5828_UDP_ADDR: '10.0.0.3',
    }
    expect(loadConfig({ env, cwd: '/srv' })).toEqual(loadConfig({ cwd: '/srv' }))
    for (const name of ['KVASS_SERVICE_HOSTS', 'KVASS_PORT_TCP', 'KVASS_PORTS', 'KVASS_MAX_SERVICE']) {
      expect(refusal(() => loadConfig({ env: { [name]: 'tcp://10.0.0.1:5827' } }))).toContain(name)
    }
    expect(refusal(() => loadConfig({ env: { KVASS_PORT: 'http://10.0.0.1' } }))).toContain('KVASS_PORT must be')
  })

  test('an empty variable is no variable, and those of other programs are none of ours', () => {
    const env = { KVASS_PORT: '', KVASS_URL: 'ws://x/ws', KVASS_TOKEN: 't', PATH: '/bin', KVASSPORT: '1' }
    expect(loadConfig({ env }).port).toBe(5827)
  })
})

/** The message with which a configuration is refused. */
function refusal(load: () => unknown): string {
  try {
    load()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('the configuration was taken')
}

describe('refusals name what is wrong and what would be right', () => {
  test.each([
    [{ port: '99999' }, '--port must be a whole number from 0 to 65535, not 99999'],
    [{ port: '80a' }, '--port must be a whole number from 0 to 65535, not "80a"'],
    [{ port: '-1' }, '--port must be a whole number from 0 to 65535, not -1'],
    [{ store: 'redis' }, '--store must be "disk" or "memory", not "redis"'],
    [{ maxKeyBytes: '2048' }, '--max-key-bytes must be a whole number of bytes from 1 to 1024, not 2048'],
    [{ sliceMs: '5s' }, '--slice-ms must be a whole number of ms from 1 to 2147483647, not "5s"'],
    [{ data: '' }, '--data must be a text that is not empty, not ""'],
    [
      { maxFrameBytes: '1024', maxValueBytes: '1024' },
      '--max-value-bytes must be smaller than --max-frame-bytes (1024), not 1024',
    ],
    [{ tlsCert: 'c.pem' }, '--tls-cert needs tls-key as well: TLS takes a certificate and its key'],
    [{ tlsKey: 'k.pem' }, '--tls-key needs tls-cert as well: TLS takes a certificate and its key'],
    [{ tlsClientCa: 'a.pem' }, '--tls-client-ca needs tls-cert and tls-key: client certificates are a part of TLS'],
    [{ tcpHost: '127.0.0.1' }, '--tcp-host needs tcp-port: without it there is no TCP port'],
  ])('flags %j', (flags, message) => {
    expect(refusal(() => loadConfig({ flags }))).toBe(message)
  })

  test.each([
    ['*', 'an origin such as https://example.com'],
    ['null', 'an origin such as https://example.com'],
    ['example.com', 'an origin such as https://example.com'],
    ['https://example.com/', '"https://example.com"'],
    ['https://Example.com:443', '"https://example.com"'],
    ['https://user@example.com', '"https://example.com"'],
  ])('the origin %s', (origin, advice) => {
    const message = `--allow-origin must be ${advice}, not ${JSON.stringify(origin)}`
    expect(refusal(() => loadConfig({ flags: { allowOrigin: [origin] } }))).toBe(message)
  })

  test('an unknown variable, with the nearest name', () => {
    const load = () => loadConfig({ env: { KVASS_PROT: '1' } })
    expect(refusal(load)).toBe('unknown environment variable KVASS_PROT: did you mean KVASS_PORT?')
    expect(refusal(() => loadConfig({ env: { KVASS_ZZZZZZZZZ: '1' } }))).toBe(
      'unknown environment variable KVASS_ZZZZZZZZZ',
    )
  })

  test('a wrong variable', () => {
    expect(refusal(() => loadConfig({ env: { KVASS_INSECURE: 'maybe' } }))).toBe(
      'KVASS_INSECURE must be true or false, not "maybe"',
    )
  })

  test('unknown and wrong keys of a file', () => {
    const path = tomlFile('prot = 1')
    expect(refusal(() => loadConfig({ flags: { config: path } }))).toBe(
      `unknown option in ${path} prot: did you mean port?`,
    )
    const typed = tomlFile('port = "5827"')
    expect(refusal(() => loadConfig({ flags: { config: typed } }))).toBe(
      `port in ${typed} must be a whole number from 0 to 65535, not "5827"`,
    )
    const nested = tomlFile('[limits]\nmax-requests = 1')
    expect(refusal(() => loadConfig({ flags: { config: nested } }))).toContain('unknown option in')
  })

  test('a file that is missing or is no TOML', () => {
    expect(refusal(() => loadConfig({ flags: { config: '/nowhere/kvass.toml' } }))).toBe(
      'cannot read the configuration file /nowhere/kvass.toml: there is no such file',
    )
    const path = tomlFile('port = = 1')
    expect(refusal(() => loadConfig({ flags: { config: path } }))).toContain(
      `cannot read the configuration file ${path}: `,
    )
  })

  test('options of a program, by their names there', () => {
    expect(refusal(() => checkOptions({ prot: 1 }))).toBe('unknown option prot: did you mean port?')
    expect(refusal(() => checkOptions({ port: '1' }))).toBe('port must be a whole number from 0 to 65535, not "1"')
    expect(checkOptions({ port: 1, host: undefined })).toMatchObject({ port: 1, host: '127.0.0.1' })
  })
})

describe('exposure', () => {
  test.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('%s is loopback', (host) => {
    expect(loadConfig({ flags: { host } }).host).toBe(host)
  })

  test.each(['0.0.0.0', '::', '192.168.1.2', 'example.com', '127.0.0.1.example.com'])('%s is refused', (host) => {
    expect(() => loadConfig({ flags: { host } })).toThrow(UnsafeConfigError)
    expect(refusal(() => loadConfig({ flags: { host } }))).toMatch(/^--host \S+ is not loopback, and anybody/)
    expect(loadConfig({ flags: { host, insecure: true } }).host).toBe(host)
  })

  test('the TCP port counts as well, and client certificates make both safe', () => {
    const flags = { tcpPort: '0', tcpHost: '0.0.0.0' }
    expect(() => loadConfig({ flags })).toThrow(UnsafeConfigError)
    const tls = { tlsCert: 'c', tlsKey: 'k', tlsClientCa: 'a' }
    expect(loadConfig({ flags: { ...flags, ...tls } }).tcpHost).toBe('0.0.0.0')
  })
})

test('the limit of a value follows a smaller frame, unless it was given', () => {
  expect(checkOptions({ maxFrameBytes: 4_096 }).maxValueBytes).toBe(2_048)
  expect(checkOptions({ maxFrameBytes: 4_096, maxValueBytes: 4_000 }).maxValueBytes).toBe(4_000)
})

test('a number out of its range is refused by the option, its unit and its range', () => {
  const numbers = Object.entries(optionSchemas).filter(([, { type }]) => type === 'integer')
  for (const [name, { unit, minimum, maximum }] of numbers) {
    const what = unit === 'port' ? '' : `of ${unit} `
    expect(refusal(() => loadConfig({ flags: { [name]: String(maximum! + 1) } }))).toBe(
      `--${kebab(name)} must be a whole number ${what}from ${minimum} to ${maximum}, not ${maximum! + 1}`,
    )
  }
})

test('every option that takes a value says in which unit, or what it names', () => {
  for (const [name, { type, unit, enum: names }] of Object.entries(optionSchemas)) {
    expect([name, unit !== undefined]).toEqual([name, type !== 'boolean' && names === undefined])
    const inName = /(Bytes|Ms|Seconds)$/.exec(name)?.[1]?.toLowerCase()
    if (inName !== undefined) expect([name, unit]).toEqual([name, inName])
    else expect(['bytes', 'ms', 'seconds']).not.toContain(unit)
  }
})

test('every option has prose, and a name of its own in each place', () => {
  const names = Object.keys(optionSchemas)
  for (const name of names) expect(optionSchemas[name as keyof typeof optionSchemas].description).toMatch(/\.$/)
  expect(new Set(names.map(kebab)).size).toBe(names.length)
})
