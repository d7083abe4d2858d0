// `kvass serve` and `kvass check` as a user runs them: the built binary in a process of its own.
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { flag, type OptionName, optionSchemas, variable } from '../../server/options.ts'
import { binary } from '../helpers/binary.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { spawnGateway, spawnKvass } from '../helpers/gateway.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { dial, request } from '../helpers/wire.ts'

/** Runs a command to its end; answers its exit code and all that it printed. */
async function run(args: string[], env: NodeJS.ProcessEnv = {}, main?: string) {
  const child = spawnKvass(args, { PATH: process.env.PATH, ...env }, main)
  let stdout = ''
  child.process.stdout.on('data', (text) => {
    stdout += text
  })
  const { code } = await child.exit
  return { code, stdout, stderr: child.stderr }
}

const set = (key: string, id: number) => request({ id, hset: { table: 't', pair: { key, value: { string: key } } } })

describe('a running gateway', () => {
  test.each(['disk', 'memory'])('prints one line, serves, and ends with 0 at SIGTERM (%s)', async (store) => {
    const gateway = await spawnGateway(['--store', store])
    const more: string[] = []
    gateway.process.stdout.on('data', (text) => more.push(String(text)))
    expect(await (await fetch(`${gateway.http}/readyz`)).json()).toMatchObject({ status: 'ready', store })
    const [socket, stream] = [await dial.ws(gateway.ws), await dial.tcp(gateway.tcp.port)]
    expect(await socket.ask({ id: 1, ping: {} })).toEqual({ status: 200, id: 1 })
    expect(await stream.ask({ id: 1, ping: {} })).toEqual({ status: 200, id: 1 })
    gateway.process.kill('SIGTERM')
    expect(await socket.closed).toEqual({ code: 1001, reason: 'going away' })
    expect(await stream.next()).toMatchObject({ status: 1001 })
    expect(await gateway.exit).toEqual({ code: 0, signal: null })
    expect(more).toEqual([])
  })

  test('SIGTERM under load: what was answered is there after a restart, and SIGINT ends it as well', async () => {
    const first = await spawnGateway()
    const client = await dial.ws(first.ws)
    const count = 5_000
    client.send(Buffer.concat(Array.from({ length: count }, (_, index) => set(`k${index}`, index + 1))))
    await client.next()
    first.process.kill('SIGTERM')
    await client.closed
    expect(await first.exit).toEqual({ code: 0, signal: null })
    const answered = client.frames.waiting.length + 1
    expect(answered).toBe(count)
    const second = await spawnGateway([], first.data)
    const again = await dial.ws(second.ws)
    expect(await again.ask({ count: { table: 't' } })).toMatchObject({ count: String(count) })
    second.process.kill('SIGINT')
    expect(await second.exit).toEqual({ code: 0, signal: null })
    const checked = await run(['check', first.data])
    expect([checked.code, checked.stderr]).toEqual([0, ''])
  })

  test('a second signal ends it at once', async () => {
    const gateway = await spawnGateway(['--store', 'memory', '--drain-timeout-ms', '60000'])
    const client = await dial.tcp(gateway.tcp.port)
    // A peer that takes no replies holds the drain up.
    const binary = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 2_654_435_761) >>> 13))
    await client.ask({ hset: { table: 't', pair: { key: 'k', value: { binary } } } })
    client.pause()
    const get = request({ hget: { table: 't', key: 'k' } })
    client.send(Buffer.concat(Array.from({ length: 100 }, () => get)))
    await expect
      .poll(async () => (await (await fetch(`${gateway.http}/metrics`)).text()).includes('command="hget"'))
      .toBe(true)
    gateway.process.kill('SIGTERM')
    await expect.poll(async () => (await fetch(`${gateway.http}/readyz`)).status).toBe(503)
    gateway.process.kill('SIGTERM')
    expect((await gateway.exit).code).toBe(1)
  })

  test('logs JSON to stderr, and no value, key or token', async () => {
    const child = spawnKvass(['serve', '--port', '0', '--store', 'memory', '--log-level', 'trace'])
    const [, ws] = /\((\S+)\)$/.exec(await child.nextLine()) ?? []
    const client = await dial.ws(ws!)
    client.send(request({ hello: { token: 'S3CRET-TOKEN', client: 'test/1' } }))
    await client.next()
    client.send(request({ hset: { table: 't', pair: { key: 'S3CRET-KEY', value: { string: 'S3CRET-VALUE' } } } }))
    await client.next()
    await fetch(`${ws!.replace('ws:', 'http:')}?token=S3CRET-QUERY`)
    await expect(dial.ws(`${ws}?token=S3CRET-QUERY`)).rejects.toThrow('400')
    client.send(Buffer.from('00000003ffffff', 'hex'))
    expect((await client.closed).code).toBe(4400)
    child.process.kill('SIGTERM')
    await child.exit
    const records = child.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const messages = records.map(({ msg }) => msg)
    expect(messages).toContain('listening')
    expect(messages.at(-1)).toBe('closed')
    expect(child.stderr).not.toContain('S3CRET')
    for (const record of records) expect(record).toMatchObject({ level: expect.any(String), time: expect.any(String) })
  })

  test('options come from flags, then the environment, then the file', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'kvass.toml')
    writeFileSync(file, 'store = "memory"\nport = 0\nmax-key-bytes = 3\nmax-table-bytes = 3\nmax-requests = 3\n')
    const env = { PATH: process.env.PATH, KVASS_MAX_TABLE_BYTES: '4', KVASS_MAX_REQUESTS: '4' }
    const child = spawnKvass(['serve', '--config', file, '--max-requests', '5'], env)
    const [, ws] = /\((\S+)\)$/.exec(await child.nextLine()) ?? []
    const { welcome } = await (await dial.ws(ws!)).ask({ hello: {} })
    expect(welcome.limits).toMatchObject({ maxKeyBytes: 3, maxRequests: 5 })
    const client = await dial.ws(ws!)
    expect(await client.ask({ hget: { table: 'four', key: 'k' } })).toMatchObject({ status: 404 })
    expect(await client.ask({ hget: { table: '5five', key: 'k' } })).toMatchObject({ status: 400 })
  })
})

/** A folder with what the binary is bundled to, the web files, and of all packages lmdb alone. */
function bareCopy(): string {
  const [from, folder] = [join(binary, '../..'), temporaryFolder()]
  for (const path of ['server/main.js', 'server/main', 'web/sdk.js', 'web/dashboard']) {
    cpSync(join(from, path), join(folder, 'dist', path), { recursive: true })
  }
  cpSync('package.json', join(folder, 'package.json'))
  mkdirSync(join(folder, 'node_modules'))
  // Those that have a binary of their own, and what the second needs to find it.
  const finders = ['require-addon', 'bare-addon-resolve', 'bare-module-resolve', 'bare-semver', 'which-runtime']
  for (const name of ['lmdb', 'fs-native-extensions', ...finders]) {
    symlinkSync(join(from, '../node_modules', name), join(folder, 'node_modules', name), 'dir')
  }
  return folder
}

test('the bundled binary needs no package but two with binaries of their own, and finds its version, pages, thread and check', async () => {
  const [main, data] = [join(bareCopy(), 'dist/server/main.js'), temporaryFolder()]
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect((await run(['--version'], {}, main)).stdout).toBe(`${version}\n`)
  const args = ['serve', '--port', '0', '--data', data, '--checkpoint-bytes', '4096']
  const child = spawnKvass(args, { PATH: process.env.PATH }, main)
  const [, http, ws] = /^kvass listening on (\S+) \((\S+)\)$/.exec(await child.nextLine()) ?? []
  const client = await dial.ws(ws!)
  expect((await client.ask({ id: 1, hello: {} })).welcome.server).toContain(version)
  const count = 200
  client.send(Buffer.concat(Array.from({ length: count }, (_, index) => set(`key ${index}`, index + 1))))
  const moved = async () => /^kvass_checkpoint_entries_total (\d+)/m.exec(await (await fetch(`${http}/metrics`)).text())
  await expect.poll(async () => Number((await moved())?.[1])).toBeGreaterThan(0)
  for (const path of ['/', '/sdk.js']) expect((await fetch(http + path)).status).toBe(200)
  child.process.kill('SIGTERM')
  expect(await child.exit).toEqual({ code: 0, signal: null })
  const checked = await run(['check', data], {}, main)
  expect([checked.code, checked.stderr]).toEqual([0, ''])
  expect(checked.stdout).toMatch(/^tables: 1 with \d+ entries$/m)
})

describe('refusals', () => {
  test.each([
    [['serve', '--prot', '1'], 2, "error: unknown option '--prot'\n(Did you mean --port?)"],
    [['serve', '--port', 'http'], 2, 'kvass: --port must be a whole number from 0 to 65535, not "http"\n'],
    [
      ['serve', '--config', '/nowhere.toml'],
      2,
      'kvass: cannot read the configuration file /nowhere.toml: there is no such',
    ],
    [['serve', '--host', '0.0.0.0'], 78, 'kvass: --host 0.0.0.0 is not loopback, and anybody who reaches it could'],
    [['serve', '--tcp-port', '0', '--tcp-host', '::'], 78, 'kvass: --tcp-host :: is not loopback'],
    [['serv'], 2, "error: unknown command 'serv'\n(Did you mean serve?)"],
    [['check'], 2, "error: missing required argument 'directory'"],
    [['check', '/nowhere'], 1, '/nowhere'],
  ])('%j ends with %i', async (args, code, sentence) => {
    const ended = await run(args)
    expect(ended.code).toBe(code)
    expect(ended.stdout + ended.stderr).toContain(sentence)
    expect(ended.stderr).not.toMatch(/^\s+at /m)
  })

  test('an unknown variable', async () => {
    const { code, stderr } = await run(['serve'], { KVASS_PROT: '1' })
    expect([code, stderr]).toEqual([2, 'kvass: unknown environment variable KVASS_PROT: did you mean KVASS_PORT?\n'])
  })

  test('--insecure listens anywhere', async () => {
    const gateway = await spawnGateway(['--host', '0.0.0.0', '--insecure', '--store', 'memory'])
    expect(gateway.http).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/)
  })

  test('a port in use ends with 1 and one sentence, and the data directory is free again', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    whenOver(() => other.close())
    const { port } = other.address() as { port: number }
    const data = temporaryFolder()
    const { code, stdout, stderr } = await run(['serve', '--data', data, '--port', String(port), '--log-level', 'warn'])
    expect([code, stdout]).toEqual([1, ''])
    const advice = 'choose another with --port, or end what listens there'
    expect(stderr).toBe(`kvass: cannot listen on 127.0.0.1:${port}: the port is in use; ${advice}\n`)
    expect((await run(['check', data])).code).toBe(0)
  })

  test('a data directory in use ends with 1, and the gateway that uses it is not disturbed', async () => {
    const gateway = await spawnGateway()
    const { code, stderr } = await run(['serve', '--port', '0', '--data', gateway.data])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^kvass: .+\n$/)
    expect(stderr).toContain(gateway.data)
    expect((await fetch(`${gateway.http}/readyz`)).status).toBe(200)
    expect((await run(['check', gateway.data])).code).toBe(1)
  })

  test('a data directory that is something else ends with 1 and leaves it as it is', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'photos'))
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    const { code, stderr } = await run(['serve', '--port', '0', '--data', folder])
    expect([code, stderr.startsWith('kvass: ')]).toEqual([1, true])
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'photos'])
  })
})

describe('help', () => {
  test('names every option, its variable and its default', async () => {
    const { code, stdout } = await run(['serve', '--help'])
    expect(code).toBe(0)
    for (const [name, schema] of Object.entries(optionSchemas)) {
      const help = stdout.replace(/\s+/g, ' ')
      expect(help).toContain(`${flag(name as OptionName)} ${schema.description}`)
      expect(stdout).toContain(variable(name))
      const shown = ['string', 'number'].includes(typeof schema.default)
      if (shown) expect(stdout.replace(/\s+/g, ' ')).toContain(`default ${schema.default}; ${variable(name)}`)
    }
  })

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('kvass --help lists the commands and the exit codes', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const word of ['serve', 'check', 'get', 'import', 'Exit codes', '78']) expect(stdout).toContain(word)
  })
})
