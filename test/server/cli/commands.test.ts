// The commands on entries, tables and topics, against a gateway in this process: what they print, what they store,
// and what they end with.
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { kvass, type RunOptions, startCommand } from '../../helpers/command-line.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { until } from '../../helpers/until.ts'

const { ws } = await startGateway({ store: 'memory' })
const env = { KVASS_URL: ws }

/** Runs a command that must succeed and answers what it printed. */
async function ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, out, err } = await kvass(args, { env, ...options })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

const run = (args: readonly string[], options: RunOptions = {}) => kvass(args, { env, ...options })

test('what set stored, get prints', async () => {
  expect(await ok(['set', 'entries', 'milk', 'two litres'])).toMatch(/^string, revision \d+\n$/)
  expect(await ok(['get', 'entries', 'milk'])).toBe('two litres\n')
  await ok(['set', 'entries', 'n', '9007199254740993'])
  expect(await ok(['get', 'entries', 'n', '--json'])).toMatch(
    /^\{"key":"n","value":9007199254740993,"type":"integer","revision":\d+\}\n$/,
  )
  await ok(['set', 'entries', 'n', '--type', 'string', '007'])
  expect(JSON.parse(await ok(['get', 'entries', 'n', '--json']))).toMatchObject({ value: '007', type: 'string' })
  expect(JSON.parse(await ok(['set', 'entries', 'f', '2.0', '--json']))).toMatchObject({ key: 'f', type: 'float' })
  expect(await ok(['get', 'entries', 'f'])).toBe('2.0\n')
})

test('a document keeps its text', async () => {
  await ok(['set', 'entries', 'doc', '{"b": 1.50, "a": 12345678901234567890}'])
  expect(await ok(['get', 'entries', 'doc'])).toBe('{"b": 1.50, "a": 12345678901234567890}\n')
})

test('bytes go in through standard input and come out as they are', async () => {
  const bytes = Uint8Array.of(0, 255, 10, 13, 200)
  await ok(['set', 'entries', 'cat', '-', '--type', 'binary'], { input: bytes })
  expect([...(await run(['get', 'entries', 'cat'])).outBytes]).toEqual([...bytes])
  expect(await ok(['get', 'entries', 'cat'], { isTerminal: true })).toBe('AP8KDcg=\n')
  expect(await run(['set', 'entries', 'cat', '-'], { input: bytes })).toMatchObject({
    code: 1,
    err: 'kvass: the value is not UTF-8 text: use --type binary\n',
  })
})

test('stored text cannot command a terminal', async () => {
  await ok(['set', 'control', 'a\u001b[2Jb', 'x\u001b[31m\ty\u009b'])
  expect(await ok(['get', 'control', 'a\u001b[2Jb'], { isTerminal: true })).toBe('x\\u001b[31m\ty\\u009b\n')
  expect(await ok(['ls', 'control'], { isTerminal: true })).toBe('a\\u001b[2Jb\n')
  expect(await ok(['ls', 'control'])).toBe('a\u001b[2Jb\n')
})

test('negative numbers are values, not options', async () => {
  expect(await ok(['set', 'entries', 'minus', '-5'])).toMatch(/^integer, /)
  expect(await ok(['get', 'entries', 'minus'])).toBe('-5\n')
})

test('a missing entry is named, with exit code 1', async () => {
  expect(await run(['get', 'entries', 'none'])).toMatchObject({
    code: 1,
    out: '',
    err: 'kvass: There is no key "none" in table "entries".\n',
  })
})

test('del counts, names what was missing, and may be told not to mind', async () => {
  for (const key of ['1', '2', '3']) await ok(['set', 'del', key, 'x'])
  expect(await run(['del', 'del', '1', '2', '9'])).toEqual({
    code: 1,
    out: 'deleted 2\n',
    outBytes: expect.anything(),
    err: 'kvass: no entry "9" in table "del"\n',
  })
  expect(await ok(['del', 'del', '--force', '3', '9'])).toBe('deleted 1\n')
  expect(await ok(['ls', 'del'])).toBe('')
})

test('ls and scan take a prefix, bounds, a limit and a direction', async () => {
  for (const key of ['a/1', 'a/2', 'a/3', 'b/1', 'ü']) await ok(['set', 'range', key, `"${key}"`])
  const keys = async (...args: string[]) => (await ok(['ls', 'range', ...args])).split('\n').slice(0, -1)
  expect(await keys()).toEqual(['a/1', 'a/2', 'a/3', 'b/1', 'ü'])
  expect(await keys('a/')).toEqual(['a/1', 'a/2', 'a/3'])
  expect(await keys('--start', 'a/2', '--end', 'b/1')).toEqual(['a/2', 'a/3'])
  expect(await keys('--reverse', '--limit', '2')).toEqual(['ü', 'b/1'])
  expect(await keys('--limit', '0')).toEqual([])
  expect(await keys('--json', 'ü')).toEqual(['"ü"'])
  expect(await ok(['ls', 'range', 'a/', '--count'])).toBe('3\n')
  expect(await ok(['scan', 'range', 'a/', '--limit', '1'])).toBe('a/1\t"a/1"\n')
  expect(await ok(['scan', 'range', 'b', '--json'])).toMatch(
    /^\{"key":"b\/1","value":"b\/1","type":"string","revision":\d+\}\n$/,
  )
})

test('a range of many pages is complete and in order', async () => {
  const input = Array.from(
    { length: 3_000 },
    (_, index) => `{"id":${10_000 + index},"text":"${'x'.repeat(index % 500)}"}\n`,
  ).join('')
  await run(['import', 'pages', '-', '--key', 'id'], { input })
  const keys = (await ok(['ls', 'pages'])).split('\n').slice(0, -1)
  expect(keys).toEqual(Array.from({ length: 3_000 }, (_, index) => String(10_000 + index)))
  expect((await ok(['scan', 'pages', '--reverse', '--limit', '2500'])).split('\n')).toHaveLength(2_501)
})

test('tables lists, and drop needs a yes', async () => {
  await ok(['set', 'going', 'k', 'v'])
  expect(await ok(['tables', 'going'])).toMatch(/^table\s+entries\s+revision\ngoing\s+1\s+\d+\n$/)
  expect(JSON.parse(await ok(['tables', 'going', '--json']))).toMatchObject({ name: 'going', count: 1 })
  expect(await run(['drop', 'going'])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
  expect(await run(['drop', 'going'], { input: 'n\n', isTerminal: true })).toMatchObject({
    code: 1,
    err: expect.stringContaining('nothing was removed'),
  })
  const answered = await run(['drop', 'going'], { input: 'y\n', isTerminal: true })
  expect(answered).toMatchObject({ code: 0, out: expect.stringContaining('dropped "going" with 1 entries\n') })
  expect(await run(['drop', 'going', '--yes'])).toMatchObject({ code: 1, err: 'kvass: no table "going"\n' })
})

test('what pub sends, sub prints', async () => {
  const subscriber = startCommand(['sub', 'chat', '--count', '3'], { env })
  await until('a subscription', () => subscriber.err.includes('subscribed'))
  expect(await ok(['pub', 'chat', 'hello', '-', '2.0'], { input: 'two\nlines' })).toBe('reached 1 subscriber\n')
  expect(await subscriber.finished).toMatchObject({ code: 0, out: 'hello\ntwo\nlines\n2.0\n' })
})

test('sub ends in order when it is interrupted', async () => {
  const subscriber = startCommand(['sub', 'news', '--json'], { env })
  await until('a subscription', () => subscriber.err.includes('subscribed'))
  await ok(['pub', 'news', 'a\nb'])
  await until('a message', () => subscriber.out !== '')
  subscriber.interrupt()
  expect(await subscriber.finished).toMatchObject({ code: 0, out: '"a\\nb"\n' })
  expect(await ok(['pub', 'news', 'late'])).toBe('reached 0 subscribers\n')
})

test('ping measures, and sums up also when it is interrupted', async () => {
  expect(await ok(['ping', '--count', '2', '--interval', '0'])).toMatch(
    /^(kvass\/\S+: time=\d+\.\d{3} ms\n){2}2 round trips: min .* ms, mean .* ms, max .* ms\n$/,
  )
  const ping = startCommand(['ping', '--interval', '3600000'], { env })
  await until('a round trip', () => ping.out.includes('time='))
  ping.interrupt()
  expect(await ping.finished).toMatchObject({ code: 0, out: expect.stringContaining('\n1 round trips: ') })
})

test('where no gateway is, the sentence says what to do', async () => {
  const url = await unusedUrl()
  const { code, err } = await kvass(['get', 'a', 'b', '--url', url])
  expect(code).toBe(1)
  expect(err).toMatch(
    /^kvass: no gateway answers at ws:\/\/127\.0\.0\.1:\d+\/ws \(.*ECONNREFUSED.*\): start one with "npx kvass serve"/,
  )
})

/** The URL of a port that nothing listens on. */
async function unusedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return `ws://127.0.0.1:${port}/ws`
}

test('another server than a gateway is said to refuse', async () => {
  const { code, err } = await kvass(['get', 'a', 'b', '--url', ws.replace('/ws', '/elsewhere')])
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/^kvass: the gateway at .*\/elsewhere refuses the connection: /),
  ])
})

test.each([
  [['get', 'a', 'b', '--url', 'nowhere'], /the gateway's URL is one like ws:.*not "nowhere"/],
  [['get', 'a'], /missing required argument 'key'/],
  [['set', 'a', 'b', 'c', '--type', 'number'], /'number' is invalid.*auto/],
  [['ls', 'a', '--limit', '-1'], /A whole number is needed/],
  [['sub', 'a', '--count', '0'], /A number above 0 is needed/],
  [['gett', 'a', 'b'], /Did you mean get\?/],
  [['import', 'a', '--value', 'v'], /--value needs --key/],
  [['import', 'a', '--infer'], /--infer is for CSV/],
  [['export', 'a', '--columns', 'x'], /--columns is for CSV with --values/],
  [['export', 'a', 'f.csv', '--delimiter', '||'], /--delimiter is one character/],
  [['bench', '--tcp', 'nowhere'], /--tcp is HOST:PORT/],
  [['bench', '--op', 'fly'], /'fly' is invalid/],
])('%j is a wrong use, with exit code 2', async (args, message) => {
  expect(await run(args)).toMatchObject({ code: 2, err: expect.stringMatching(message) })
})

test('each command has help with an example', async () => {
  for (const name of [
    'get',
    'set',
    'del',
    'ls',
    'scan',
    'tables',
    'drop',
    'pub',
    'sub',
    'ping',
    'import',
    'export',
    'bench',
  ]) {
    const { code, out } = await kvass([name, '--help'])
    expect(code).toBe(0)
    expect(out).toContain(`$ kvass ${name}`)
    expect(out).toContain('--url')
  }
})

test('bench writes its keys, loads the gateway and reports', async () => {
  const args = [
    'bench',
    '--op',
    'mixed',
    '--clients',
    '3',
    '--depth',
    '5',
    '--keys',
    '50',
    '--requests',
    '1003',
    '--warmup',
    '0',
    '--json',
  ]
  const { code, out, err } = await run(args)
  expect([code, err]).toEqual([0, 'writing 50 keys into bench first\n'])
  const result = JSON.parse(out)
  expect(result).toMatchObject({ operation: 'mixed', clients: 3, depth: 5, requests: 1003, failures: [] })
  expect(result.latencyMs.p50).toBeLessThanOrEqual(result.latencyMs.max)
  expect(await ok(['ls', 'bench', '--count'])).toBe('50\n')
  const again = await run(['bench', '--keys', '50', '--requests', '10', '--warmup', '0'])
  expect(again).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/requests +[\d,]+ a second \(10 in /) })
})

test('bench counts what the gateway refuses, and fails', async () => {
  const { ws: url } = await startGateway({ store: 'memory', maxValueBytes: 64 })
  const args = [
    'bench',
    '--url',
    url,
    '--op',
    'set',
    '--keys',
    '1',
    '--requests',
    '4',
    '--warmup',
    '0',
    '--json',
    '--size',
  ]
  expect((await kvass([...args, '60'])).code).toBe(0)
  const { code, out } = await kvass([...args, '65'])
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ requests: 4, failures: [{ status: 413, count: 4 }] })
})

test('bench runs over TCP', async () => {
  const { tcpPort, ws: url } = await startGateway({ store: 'memory' })
  const args = [
    'bench',
    '--url',
    url,
    '--tcp',
    `127.0.0.1:${tcpPort}`,
    '--op',
    'ping',
    '--requests',
    '100',
    '--warmup',
    '0',
    '--json',
  ]
  expect(JSON.parse((await kvass(args)).out)).toMatchObject({
    url: `tcp://127.0.0.1:${tcpPort}`,
    requests: 100,
    failures: [],
  })
})
