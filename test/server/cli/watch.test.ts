// `kvass watch` against gateways in this process: what it prints, over lost connections, restarts and drops, to
// slow readers and to people.
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { kvass, type Running, type RunOptions, startCommand } from '../../helpers/command-line.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { startProxy } from '../../helpers/proxy.ts'
import { Random } from '../../helpers/random.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { until } from '../../helpers/until.ts'

const { ws } = await startGateway()
const env = { KVASS_URL: ws }

async function ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, out, err } = await kvass(args, { env, ...options })
  expect({ code, err }).toEqual({ code: 0, err: expect.any(String) })
  return out
}

/** Starts a watch and waits until it has what there is. */
async function watching(args: readonly string[], options: RunOptions = {}): Promise<Running> {
  const watch = startCommand(['watch', ...args], { env, ...options })
  await until('a synced watch', () => watch.err.includes('synced'))
  return watch
}

/** Interrupts a watch and answers what it printed. */
async function ended(watch: Running): Promise<string> {
  watch.interrupt()
  const { code, out } = await watch.finished
  expect(code).toBe(0)
  return out
}

const lines = (text: string) => text.split('\n').slice(0, -1)
/** Lines without their revisions. */
const bare = (text: string) => lines(text).map((line) => line.replace(/^\d+\t/, ''))
const objects = (text: string) => lines(text).map((line) => JSON.parse(line))

test('what is there comes first, then each change', async () => {
  await ok(['set', 'todos', '1', '{"title": "milk"}'])
  await ok(['set', 'todos', '2', 'eggs'])
  const watch = await watching(['todos'])
  expect(bare(watch.out)).toEqual(['set\t1\t{"title": "milk"}', 'set\t2\t"eggs"'])
  await ok(['set', 'todos', '3', '5.0'])
  await ok(['del', 'todos', '1'])
  await until('two changes', () => lines(watch.out).length === 4)
  const out = await ended(watch)
  expect(bare(out).slice(2)).toEqual(['set\t3\t5.0', 'delete\t1'])
  const revisions = lines(out).map((line) => Number(line.split('\t')[0]))
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
  expect(watch.err).toMatch(/^synced at revision \d+\nto go on from here: --since \d+@\S+\n$/)
})

test('with --json the marks stand among the changes', async () => {
  await ok(['set', 'json', 'a', '1', '--ttl', '1h'])
  const watch = await watching(['json', '--json'])
  await ok(['set', 'json', 'b\n', '-', '--type', 'binary'], { input: Uint8Array.of(0, 255) })
  await ok(['del', 'json', 'a'])
  await until('the changes', () => lines(watch.out).length === 5)
  const revision = expect.any(Number)
  const ttl = expect.any(Number)
  expect(objects(await ended(watch))).toEqual([
    { change: 'reset' },
    { change: 'set', key: 'a', value: 1, type: 'integer', revision, ttl },
    { change: 'synced', revision, epoch: expect.stringMatching(/./) },
    { change: 'set', key: 'b\n', value: { $binary: 'AP8=' }, type: 'binary', revision },
    { change: 'delete', key: 'a', revision },
  ])
})

test('a prefix, a key, and keys alone', async () => {
  for (const key of ['a/1', 'a/2', 'b/1']) await ok(['set', 'filter', key, 'x'])
  const prefix = await watching(['filter', 'a/', '--keys-only'])
  const key = await watching(['filter', '--key', 'a/1', '--keys-only', '--json'])
  for (const name of ['b/1', 'a/3', 'a/11', 'a/1']) await ok(['set', 'filter', name, 'y'])
  await until('the changes', () => lines(prefix.out).length === 5 && lines(key.out).length === 4)
  expect(bare(await ended(prefix))).toEqual(['set\ta/1', 'set\ta/2', 'set\ta/3', 'set\ta/11', 'set\ta/1'])
  const change = { change: 'set', key: 'a/1', revision: expect.any(Number) }
  expect(objects(await ended(key)).filter((object) => object.change === 'set')).toEqual([change, change])
})

test('an entry that expires is a removal', async () => {
  const watch = await watching(['expiry'])
  await ok(['set', 'expiry', 'a', '1', '--ttl', '20ms'])
  await until('the removal', () => lines(watch.out).length === 2)
  expect(bare(await ended(watch))).toEqual(['set\ta\t1', 'delete\ta'])
})

test('--since now leaves out what is there, and --count ends', async () => {
  await ok(['set', 'now', 'a', '1'])
  const watch = await watching(['now', '--since', 'now', '--count', '2'])
  for (const key of ['b', 'c', 'd']) await ok(['set', 'now', key, '1'])
  const { code, out } = await watch.finished
  expect(code).toBe(0)
  expect(bare(out)).toEqual(['set\tb\t1', 'set\tc\t1'])
})

test('a watch says where it ended, and --since goes on from there', async () => {
  for (const key of ['a', 'b', 'c']) await ok(['set', 'since', key, '1'])
  const first = await watching(['since'])
  await ended(first)
  const [, position = ''] = /--since (\S+)/.exec(first.err) ?? []
  await ok(['set', 'since', 'b', '2'])
  await ok(['del', 'since', 'c'])
  const next = await watching(['since', '--since', position])
  expect(next.err).not.toContain('again')
  expect(bare(await ended(next))).toEqual(['set\tb\t2', 'delete\tc'])
  // Without the epoch the revision is one of this store.
  expect(bare(await ended(await watching(['since', '--since', position.split('@')[0]!])))).toHaveLength(2)
})

test('an interrupted transaction is printed again when it is gone on from', async () => {
  const input = 'set half a 1\nset half b 1\nset half c 1\n'
  const watch = await watching(['half', '--count', '2'])
  await ok(['txn'], { input })
  expect(bare((await watch.finished).out)).toEqual(['set\ta\t1', 'set\tb\t1'])
  const [, position = ''] = /--since (\S+)/.exec((await watch.finished).err) ?? []
  expect(bare(await ended(await watching(['half', '--since', position])))).toHaveLength(3)
})

test('a position of another store starts from a snapshot, and says so', async () => {
  await ok(['set', 'other', 'a', '1'])
  const watch = await watching(['other', '--since', '1@another', '--json'])
  expect(watch.err).toContain('kvass: starting again from a snapshot: what was printed before is void\n')
  expect(objects(await ended(watch)).map(({ change }) => change)).toEqual(['reset', 'set', 'synced'])
})

test('in the middle of a snapshot there is no position to go on from', async () => {
  for (const key of ['a', 'b']) await ok(['set', 'middle', key, '1'])
  const { code, out, err } = await startCommand(['watch', 'middle', '--since', '1@another', '--count', '1'], { env })
    .finished
  expect([code, bare(out)]).toEqual([0, ['set\ta\t1']])
  expect(err).toBe('kvass: starting again from a snapshot: what was printed before is void\n')
})

test('a table that is dropped starts again from a snapshot', async () => {
  await ok(['set', 'drop', 'a', '1'])
  const watch = await watching(['drop', '--json'])
  await ok(['drop', 'drop', '--yes'])
  await until('a second sync', () => watch.err.match(/synced/g)?.length === 2)
  await ok(['set', 'drop', 'b', '1'])
  await until('the new entry', () => watch.out.includes('"b"'))
  expect(watch.err).toContain('starting again from a snapshot')
  expect(objects(await ended(watch)).map(({ change }) => change)).toEqual([
    'reset',
    'set',
    'synced',
    'reset',
    'synced',
    'set',
  ])
})

test('a gateway that restarts is met again, and nothing is missed or repeated', async () => {
  const data = temporaryFolder()
  const first = await startGateway({ data })
  const options = { env: { KVASS_URL: first.ws } }
  await ok(['set', 't', 'a', '1'], options)
  const watch = await watching(['t'], options)
  await ok(['set', 't', 'live', '1'], options)
  await until('a change', () => watch.out.includes('live'))
  await first.gateway.close()
  await until('the loss', () => watch.err.includes('the connection was lost'))
  const port = Number(new URL(first.ws).port)
  const second = await startGateway({ data, port })
  expect(second.ws).toBe(first.ws)
  await ok(['set', 't', 'b', '2'], options)
  await until('the change', () => watch.out.includes('b'))
  expect(bare(await ended(watch))).toEqual(['set\ta\t1', 'set\tlive\t1', 'set\tb\t2'])
  expect(watch.err).not.toContain('snapshot')
})

test('a store without a write yet is watched as any other', async () => {
  const data = temporaryFolder()
  const first = await startGateway({ data })
  const options = { env: { KVASS_URL: first.ws } }
  const [watch, lost] = [await watching(['t'], options), await watching(['t', '--since', 'now'], options)]
  expect(watch.err).toBe('synced at revision 0\n')
  await ok(['set', 't', 'a', '1'], options)
  await until('the change', () => lines(watch.out).length === 1 && lines(lost.out).length === 1)
  expect([bare(await ended(watch)), bare(await ended(lost))]).toEqual([['set\ta\t1'], ['set\ta\t1']])
})

test('what is written first while the connection is lost is not missed', async () => {
  const data = temporaryFolder()
  const first = await startGateway({ data })
  const watch = await watching(['t', '--json'], { env: { KVASS_URL: first.ws } })
  await first.gateway.close()
  await until('the loss', () => watch.err.includes('the connection was lost'))
  const elsewhere = await startGateway({ data })
  await ok(['set', 't', 'a', '1'], { env: { KVASS_URL: elsewhere.ws } })
  await elsewhere.gateway.close()
  await startGateway({ data, port: Number(new URL(first.ws).port) })
  await until('a second sync', () => watch.err.match(/synced/g)?.length === 2)
  // A snapshot that is cut off could not be gone on from, so it is announced as one.
  const changes = objects(await ended(watch)).map(({ change }) => change)
  expect(changes).toEqual(['reset', 'synced', 'reset', 'set', 'synced'])
})

test('a drop is noticed also where the watch began without a write', async () => {
  const options = { env: { KVASS_URL: (await startGateway({ store: 'memory' })).ws } }
  const watch = await watching(['t', '--json'], options)
  await ok(['set', 't', 'a', '1'], options)
  await until('the change', () => watch.out.includes('"a"'))
  await ok(['drop', 't', '--yes'], options)
  await until('a second sync', () => watch.err.match(/synced/g)?.length === 2)
  expect(objects(await ended(watch)).map(({ change }) => change)).toEqual(['reset', 'synced', 'set', 'reset', 'synced'])
})

test('another store in its place starts again from a snapshot', async () => {
  const first = await startGateway({ store: 'memory' })
  const options = { env: { KVASS_URL: first.ws } }
  await ok(['set', 't', 'a', '1'], options)
  const watch = await watching(['t', '--json'], options)
  await first.gateway.close()
  await startGateway({ store: 'memory', port: Number(new URL(first.ws).port) })
  await until('a second sync', () => watch.err.match(/synced/g)?.length === 2)
  await ok(['set', 't', 'b', '2'], options)
  await until('the change', () => watch.out.includes('"b"'))
  expect(watch.err).toContain('starting again from a snapshot')
  const changes = objects(await ended(watch))
  expect(changes.map(({ change }) => change)).toEqual(['reset', 'set', 'synced', 'reset', 'synced', 'set'])
  expect(changes[4].epoch).not.toBe(changes[2].epoch)
  expect(watch.err).toContain(`--since ${changes[5].revision}@${changes[4].epoch}\n`)
})

test('a connection that is cut in the middle, again and again, loses and repeats nothing', async () => {
  // Hexadecimal noise is not compressed to less than a half.
  const random = new Random(7)
  const record = (_: unknown, index: number) =>
    `{"id":"k${index}","text":"${Buffer.from(random.bytes(100)).toString('hex')}"}\n`
  const input = Array.from({ length: 2_000 }, record).join('')
  await ok(['import', 'cut', '-', '--key', 'id'], { input })
  const proxy = await startProxy(Number(new URL(ws).port), { fromServer: [60_000, 90_000, 20_000, 150_000, 40_000] })
  const watch = startCommand(['watch', 'cut', '--json'], { env: { KVASS_URL: `ws://127.0.0.1:${proxy.port}/ws` } })
  await until('the first entries', () => lines(watch.out).length > 100)
  await ok(['import', 'cut', '-', '--key', 'id'], { input })
  await ok(['set', 'cut', 'last', '1'])
  await until('the last change', () => watch.out.includes('"last"'), 20_000)
  expect(proxy.cuts).toBeGreaterThan(2)
  const seen = new Map<string, number>()
  for (const { change, key, revision } of objects(await ended(watch))) {
    if (change !== 'set') continue
    expect(revision).toBeGreaterThan(seen.get(key) ?? 0)
    seen.set(key, revision)
  }
  const entries = objects(await ok(['scan', 'cut', '--json'])).map(({ key, revision }) => [key, revision])
  expect([...seen].sort()).toEqual(entries.sort())
}, 30_000)

test('a reader that is slow holds back the watch, is told so, and ends with the latest states', async () => {
  const text = 'x'.repeat(10_000)
  const input = (round: number) =>
    Array.from({ length: 200 }, (_, index) => `{"key":"k${index}","value":"${round} ${text}"}\n`).join('')
  const stdout = new PassThrough({ highWaterMark: 1_000 })
  const watch = startCommand(['watch', 'slow', '--json'], { env, stdout })
  await until('a synced watch', () => watch.err.includes('synced'))
  // 20 MB of changes, which nobody reads.
  for (let round = 0; round < 10; round++) await ok(['import', 'slow', '-'], { input: input(round) })
  let out = ''
  stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  await ok(['set', 'slow', 'last', '1'])
  await until('the last change', () => out.includes('"last"'), 20_000)
  watch.interrupt()
  await watch.finished
  expect(watch.err).toContain('kvass: this reader is slow')
  const changes = objects(out).filter(({ change }) => change === 'set')
  expect(changes.length).toBeLessThan(2_000)
  const states = changes.map(({ key, revision }) => `${key} ${revision}`)
  expect(new Set(states).size).toBe(states.length)
  const latest = new Map(changes.map(({ key, value }) => [key, String(value).split(' ')[0]]))
  expect(latest.size).toBe(201)
  for (const [key, round] of latest) expect([key, round]).toEqual([key, key === 'last' ? '1' : '9'])
}, 60_000)

test('on a terminal there is colour, and stored text cannot command it', async () => {
  await ok(['set', 'colour', 'a\u001b[2J', 'x'])
  const watch = await watching(['colour'], { isTerminal: true })
  await ok(['del', 'colour', 'a\u001b[2J'])
  await until('the removal', () => lines(watch.out).length === 2)
  const out = await ended(watch)
  const [dim, bold, red, green, end, plainColour] = [2, 1, 31, 32, 22, 39].map((code) => `\u001b[${code}m`)
  const key = `${bold}a\\u001b[2J${end}`
  const cells = lines(out).map((line) => line.split('\t'))
  expect(cells).toEqual([
    [expect.stringContaining(dim!), `${green}set${plainColour}`, key, '"x"'],
    [expect.stringContaining(dim!), `${red}delete${plainColour}`, key],
  ])
  await ok(['set', 'colour', 'b', 'x'])
  const plain = await watching(['colour'], { isTerminal: true, env: { ...env, NO_COLOR: '1' } })
  expect(bare(await ended(plain))).toEqual(['set\tb\t"x"'])
})

test('it ends in order while there is no gateway', async () => {
  const { ws: url, gateway } = await startGateway({ store: 'memory' })
  const watch = await watching(['t'], { env: { KVASS_URL: url } })
  await gateway.close()
  await until('the loss', () => watch.err.includes('the connection was lost'))
  await ended(watch)
})

test('it ends in order while a snapshot waits for a gateway', async () => {
  const { ws: url, gateway } = await startGateway({ store: 'memory' })
  const options = { env: { KVASS_URL: url } }
  const input = Array.from({ length: 2_000 }, (_, index) => `{"key":"k${index}","value":"${'x'.repeat(5_000)}"}\n`)
  await ok(['import', 't', '-'], { ...options, input: input.join('') })
  const stdout = new PassThrough({ highWaterMark: 1_000 })
  const watch = startCommand(['watch', 't'], { ...options, stdout })
  await until('a first page', () => stdout.readableLength > 0)
  await gateway.close()
  await until('the loss', () => watch.err.includes('was lost'))
  let size = 0
  stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
  })
  // The pages that have come are printed, and the next one is waited for.
  let before = -1
  await until('the last page', () => {
    const isSame = size === before
    before = size
    return isSame
  })
  watch.interrupt()
  expect(await watch.finished).toMatchObject({ code: 0 })
  expect(size).toBeLessThan(2_000 * 5_000)
}, 30_000)

test('what the gateway refuses is said, with exit code 1', async () => {
  const { ws: url } = await startGateway({ store: 'memory', maxWatches: 1, maxKeyBytes: 10 })
  const options = { env: { KVASS_URL: url } }
  expect(await kvass(['watch', 't', '12345678901'], options)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^kvass: The (key|prefix) has 11 bytes/),
  })
  // One watch is all that it needs at a time.
  await ended(await watching(['t'], options))
})
