// A command that kv.proto has is everywhere that a command belongs: in the generated code, the table of commands, the
// SDK, the command line, the documents. What is left out is named. CONTRIBUTING.md has the steps in order.
import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { abi } from '../../proto/gen/kv.js'
import { tables } from '../../proto/gen/tables.ts'
import { commandTable } from '../../server/commands/registry.ts'
import { connect } from '../../web/sdk/node.ts'
import type { Kvass } from '../../web/sdk/types.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { kvass, startCommand } from '../helpers/command-line.ts'
import { startGateway } from '../helpers/gateway.ts'
import { tableOf } from '../helpers/protocol.ts'
import { until } from '../helpers/until.ts'

const schema = new protobuf.Root().loadSync('proto/kv.proto', { keepCase: false })
const commands = schema.lookupType('abi.CommandRequest').oneofs.requestData!.fieldsArray
/** Commands of the reference server have lower numbers, and need not be in the changelog by name. */
const firstOfOurs = 16

/** A call of the SDK that sends the command, or why there is none. */
type Call = ((kv: Kvass) => PromiseLike<unknown>) | string
const opened = (stream: { ready: Promise<void>; close(): Promise<void> }) => stream.ready.then(() => stream.close())

const sdkCalls: Record<string, Call> = {
  hget: (kv) => kv.table('t').get('k'),
  hgetall: 'range reads all entries too, in pages of any size',
  hmget: (kv) => kv.table('t').getMany(['k', 'l']),
  hset: (kv) => kv.table('t').set('k', 1),
  hmset: (kv) => kv.table('t').setMany([['k', 1]]),
  hdel: (kv) => kv.table('t').delete('k', { ifRevision: 1 }),
  hmdel: (kv) => kv.table('t').deleteMany(['k']),
  hexist: (kv) => kv.table('t').has('k'),
  hmexist: 'hmget tells it too, by the revisions',
  subscribe: (kv) => opened(kv.topic('t').subscribe()),
  unsubscribe: 'cancel ends every kind of stream',
  publish: (kv) => kv.topic('t').publish('hi'),
  hello: (kv) => kv.ready(),
  ping: (kv) => kv.ping(),
  range: (kv) => kv.table('t').page(),
  count: (kv) => kv.table('t').count(),
  tables: (kv) => kv.tables(),
  drop: (kv) => kv.table('t').drop(),
  flush: (kv) => kv.flush(),
  cancel: (kv) => opened(kv.topic('t').subscribe()),
  watch: (kv) => opened(kv.table('t').watch()),
  increment: (kv) => kv.table('t').increment('n'),
  transaction: (kv) => kv.transaction((tx) => tx.delete('t', 'k')),
}

/** Arguments of `kvass` that send the command, and its standard input; or why there are none. */
type Use = { readonly args: readonly string[]; readonly input?: string } | string

const commandLine: Record<string, Use> = {
  hget: { args: ['get', 't', 'k'] },
  hgetall: 'scan reads all entries with range, which goes on after a lost connection',
  hmget: 'a script calls get for each key, or scan',
  hset: { args: ['set', 't', 'k', '1'] },
  hmset: { args: ['import', 't'], input: '{"key":"k","value":1}' },
  hdel: { args: ['del', 't', 'k', '--if-revision', '1'] },
  hmdel: { args: ['del', 't', 'k', 'l', '--force'] },
  hexist: 'get tells it by its exit code',
  hmexist: 'get tells it by its exit code',
  subscribe: { args: ['sub', 't'] },
  unsubscribe: 'sub ends with its connection',
  publish: { args: ['pub', 't', 'hi'] },
  hello: { args: ['tables'] },
  ping: { args: ['ping', '--count', '1'] },
  range: { args: ['scan', 't'] },
  count: { args: ['ls', 't', '--count'] },
  tables: { args: ['tables'] },
  drop: { args: ['drop', 't', '--yes'] },
  flush: 'it removes everything, which is too much for a slip of the hand: drop takes one table',
  cancel: 'a command ends its streams with its connection',
  watch: { args: ['watch', 't'] },
  increment: { args: ['incr', 't', 'n'] },
  transaction: { args: ['txn'], input: 'set t k 1' },
}

/** A gateway that tells which commands it received. */
async function recordingGateway() {
  const received = new Set<string>()
  const hook = { received: (_session: unknown, { command }: { command: number }) => void received.add(nameOf(command)) }
  const { ws } = await startGateway({ store: 'memory', hooks: [hook] })
  return { ws, received }
}

const nameOf = (number: number) => commands.find(({ id }) => id === number)?.name ?? 'none'

let gateway: Awaited<ReturnType<typeof recordingGateway>>
beforeAll(async () => {
  gateway = await recordingGateway()
})

const changelog = readFileSync('CHANGELOG.md', 'utf8')

/** The places that do not know the command, as sentences. */
function unaware({ name, id }: protobuf.Field): string[] {
  const isGenerated = name in new abi.CommandRequest() && tables.CommandRequest!.some(([field]) => field === id)
  const places: [isAware: boolean, lack: string][] = [
    [isGenerated, 'proto/gen/ is older than kv.proto: run npm run generate'],
    [commandTable[id]?.name === name, 'the table in server/commands/registry.ts has no line for it'],
    [tableOf('command').some(([row]) => row === name), 'the table of commands in proto/PROTOCOL.md has no row for it'],
    [name in sdkCalls, `the SDK has no method: add one in web/sdk/, and its call here in sdkCalls; or say why not`],
    [
      name in commandLine,
      `kvass has no command: add one in server/cli/, and its use here in commandLine; or say why not`,
    ],
    [id < firstOfOurs || changelog.includes(`\`${name}\``), 'CHANGELOG.md does not name it'],
  ]
  return places.filter(([isAware]) => !isAware).map(([, lack]) => `${name}: ${lack}`)
}

test.each(commands.map((command) => [command.name, command] as const))('%s is everywhere', (_name, command) => {
  expect(unaware(command)).toEqual([])
})

test('what is nowhere is named', () => {
  expect(unaware(new protobuf.Field('juggle', 99, 'Juggle'))).toEqual([
    'juggle: proto/gen/ is older than kv.proto: run npm run generate',
    'juggle: the table in server/commands/registry.ts has no line for it',
    'juggle: the table of commands in proto/PROTOCOL.md has no row for it',
    'juggle: the SDK has no method: add one in web/sdk/, and its call here in sdkCalls; or say why not',
    'juggle: kvass has no command: add one in server/cli/, and its use here in commandLine; or say why not',
    'juggle: CHANGELOG.md does not name it',
  ])
})

describe('the SDK', () => {
  const calls = Object.entries(sdkCalls).filter((entry): entry is [string, Exclude<Call, string>] => {
    return typeof entry[1] !== 'string'
  })
  test.each(calls)('has a call that sends %s', async (name, call) => {
    const kv = connect(gateway.ws)
    whenOver(() => kv.close())
    gateway.received.clear()
    // Some are refused here, as what they are about is not there.
    await Promise.resolve(call(kv)).catch(() => {})
    await until(`${name} is received`, () => gateway.received.has(name))
  })
})

describe('the command line', () => {
  const uses = Object.entries(commandLine).filter((entry): entry is [string, Exclude<Use, string>] => {
    return typeof entry[1] !== 'string'
  })
  test.each(uses)('has a command that sends %s', async (name, { args, input }) => {
    const kv = connect(gateway.ws)
    await kv.table('t').set('k', 1)
    await kv.close()
    gateway.received.clear()
    const running = startCommand([...args, '--url', gateway.ws], { input })
    await until(`${name} is received`, () => gateway.received.has(name))
    running.interrupt()
    await running.finished
  })

  test('has help with an example for each of its commands', async () => {
    const { out } = await kvass(['--help'])
    const names = [...out.slice(out.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!)
    expect(names.length).toBeGreaterThan(15)
    const lacks: string[] = []
    for (const name of names.filter((name) => name !== 'help')) {
      const help = await kvass([name, '--help'])
      if (!help.out.includes(`$ kvass ${name}`)) lacks.push(`kvass ${name} --help has no example of it`)
    }
    expect(lacks).toEqual([])
  })
})
