// Import and export through a gateway in this process: every type comes back as it was in every format, bad records
// are named, connections that break do no harm, and progress is shown to people only.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kvass, type RunOptions, startCommand } from '../../helpers/command-line.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { startProxy } from '../../helpers/proxy.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { until } from '../../helpers/until.ts'

const { ws } = await startGateway({ store: 'memory' })
const env = { KVASS_URL: ws }
const folder = temporaryFolder()

const run = (args: readonly string[], options: RunOptions = {}) => kvass(args, { env, cwd: folder, ...options })

async function imported(table: string, input: string | Uint8Array, ...args: string[]): Promise<string> {
  const { code, err } = await run(['import', table, '-', ...args], { input })
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^imported [\d,]+ records into /) })
  return err
}

async function exported(table: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await run(['export', table, ...args])
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^exported [\d,]+ records of /) })
  return out
}

const everything = `{"key":"\\"\\n,\\r","value":"a\\tb\\r\\n\\"c\\""}
{"key":"big","value":-9223372036854775808}
{"key":"bool","value":true}
{"key":"bytes","value":{"$binary":"AP8="}}
{"key":"document","value":{"a": [1.50, 12345678901234567890, {"b":"\\u00e9\\ud83c\\udf09"}]}}
{"key":"empty","value":""}
{"key":"float","value":2.0}
{"key":"integer","value":2}
{"key":"laid out","value":{"$json":"{\\n  \\"a\\": 1\\n}"}}
{"key":"like a wrapper","value":{"$json":"{\\"$binary\\":\\"AA==\\"}"}}
{"key":"nan","value":{"$float":"NaN"}}
{"key":"null","value":null}
{"key":"scalar document","value":{"$json":"\\"text\\""}}
{"key":"ü/€","value":-0.0}
`

test.each(['ndjson', 'json', 'csv'] as const)('every type survives an export and an import as %s', async (format) => {
  await imported(`all-${format}`, everything)
  expect(await exported(`all-${format}`)).toBe(everything)
  const text = await exported(`all-${format}`, '--format', format)
  await imported(`again-${format}`, text, '--format', format)
  expect(await exported(`again-${format}`)).toBe(everything)
})

test.each(['ndjson', 'json', 'csv'] as const)(
  'any entries survive as %s, in small chunks and batches',
  async (format) => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => text !== '')
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.json().map((json) => ({ $json: json })),
      fc.integer(),
      fc.boolean(),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, value, { minKeys: 1, noNullPrototype: false }), async (entries) => {
        const table = `any-${format}-${run++}`
        await imported(table, JSON.stringify(entries), '--format', 'json', '--batch', '3')
        const first = await exported(table)
        await imported(`${table}-again`, await exported(table, '--format', format), '--format', format)
        expect(await exported(`${table}-again`)).toBe(first)
        expect(first.split('\n')).toHaveLength(Object.keys(entries).length + 1)
      }),
      { numRuns: 25 },
    )
  },
)

const people = [
  { id: 1, name: 'Åse', tags: ['a', 'b'], age: 31.5 },
  { id: 2, name: 'Bo, "the"\nsecond', tags: [], age: null },
  { id: 10, name: '', tags: ['c'], age: 7 },
]

test('records with a key come back with --values, in the order of their keys', async () => {
  await imported('people', JSON.stringify(people, null, 2), '--format', 'json', '--key', 'id')
  const inOrder = [people[0], people[2], people[1]]
  expect(JSON.parse(await exported('people', '--values', '--format', 'json'))).toEqual(inOrder)
  const lines = (await exported('people', '--values')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(inOrder)
  const csv = await exported('people', '--values', '--format', 'csv')
  await imported('people-csv', csv, '--format', 'csv', '--key', 'id', '--infer')
  expect(JSON.parse(await exported('people-csv', '--values', '--format', 'json'))).toEqual(inOrder)
})

test('CSV takes columns, a delimiter, and prefixes as any export', async () => {
  const args = ['--values', '--format', 'csv', '--columns', 'name,missing,id', '--delimiter', ';']
  expect(await exported('people', ...args, '--prefix', '1')).toBe('name;missing;id\nÅse;;1\n"";;10\n'.replace('""', ''))
  writeFileSync(join(folder, 'people.tsv'), 'id\tname\n7\tx, y\n')
  expect(await run(['import', 'tsv', 'people.tsv', '--key', '{name}/{id}'])).toMatchObject({ code: 0 })
  expect(await exported('tsv')).toBe('{"key":"x, y/7","value":{"id":"7","name":"x, y"}}\n')
})

test('CSV of values refuses what has no place in its columns', async () => {
  await imported('mixed', '{"key":"a","value":{"x":1}}\n{"key":"b","value":{"x":1,"y":2}}\n')
  expect(await run(['export', 'mixed', '--values', '--format', 'csv'])).toMatchObject({
    code: 1,
    err: 'kvass: the document "b" has a property "y" that the first one lacks: name all with --columns\n',
  })
  await imported('scalars', '{"key":"a","value":1}\n')
  expect(await run(['export', 'scalars', '--values', '--format', 'csv'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/the value of "a" is no JSON object/),
  })
})

test('the later record of a key stays, also across batches', async () => {
  const input = Array.from({ length: 1_000 }, (_, index) => `{"key":"k${index % 7}","value":${index}}\n`).join('')
  expect(await imported('twice', input, '--batch', '1')).toContain('imported 1,000 records')
  expect((await exported('twice')).split('\n')[0]).toBe('{"key":"k0","value":994}')
})

test.each([
  ['ndjson', '{"key":"a","value":1}\n\n{"key":"b"}\n', /line 3: a record without --key/],
  ['ndjson', '{"key":"a","value":1}\n{"key":"b","value":', /line 2: not JSON/],
  [
    'ndjson',
    `{"key":"a","value":1}\n{"key":"${'k'.repeat(1025)}","value":1}`,
    /line 2: the key has 1025 bytes: the gateway takes 1024 \(--max-key-bytes\)/,
  ],
  [
    'ndjson',
    `{"key":"a","value":1}\n{"key":"b","value":"${'v'.repeat(524_288)}"}`,
    /line 2: the value of "b" has 524292 bytes: the gateway takes 524288 \(--max-value-bytes\)/,
  ],
  ['ndjson', '{"key":"a","value":1}\n{"key":"","value":1}', /line 2: the key is empty/],
  ['json', '{"a":1,\n"b":18446744073709551616}', /line 2: 18446744073709551616 is beyond 64 bits/],
  ['json', '{"a":1}\n{"b":1}', /line 2: text after the end/],
  ['csv', 'key,value\na,1\nb,2,3\n', /line 3: Invalid Record Length/],
  ['csv', 'key,type,value\na,integer,1\nb,integer,two\n', /line 3: not an integer: "two"/],
])('a bad record of %s is named, and what stands before it is imported', async (format, input, message) => {
  const table = `bad-${format}-${message.source.length}`
  const { code, err } = await run(['import', table, '-', '--format', format], { input })
  expect(code).toBe(1)
  expect(err).toMatch(message)
  expect(err).toMatch(/^kvass: standard input: line .*; imported before that: 1 records\n$/)
  expect(JSON.parse(await exported(table))).toMatchObject({ key: 'a' })
})

test('a file that is not there or cannot be written is named', async () => {
  expect(await run(['import', 't', 'no.ndjson'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^kvass: cannot read no\.ndjson: ENOENT/),
  })
  expect(await run(['import', 't', '.'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^kvass: cannot read \.: it is a folder/),
  })
  expect(await run(['export', 'people', 'no/file.ndjson'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^kvass: cannot write .*no\/file\.ndjson: ENOENT/),
  })
})

test('connections that break in the middle lose nothing and change no order', async () => {
  const proxy = await startProxy(Number(new URL(ws).port), { fromClient: [30_000, 70_000, 150_000] })
  const url = `ws://127.0.0.1:${proxy.port}/ws`
  const input = Array.from(
    { length: 5_000 },
    (_, index) => `{"id":${100_000 + (index % 4_000)},"turn":${index},"text":"${'x'.repeat(50)}"}\n`,
  )
  const { code, err } = await run(['import', 'broken', '-', '--key', 'id', '--batch', '100', '--url', url], {
    input: input.join(''),
  })
  expect(code).toBe(0)
  expect(proxy.cuts).toBe(3)
  expect(err).toMatch(/connecting again\n[\s\S]*imported 5,000 records/)
  const values = (await exported('broken', '--values')).trimEnd().split('\n')
  expect(values).toEqual([...input.slice(4_000), ...input.slice(1_000, 4_000)].map((line) => line.trimEnd()))
})

test('an export goes on over connections that break', async () => {
  // Text that does not compress much: what counts is how many bytes the gateway sends.
  const text = (index: number) => Array.from({ length: 10 }, (_, part) => digest(`${index} ${part}`)).join('')
  const lines = Array.from({ length: 3_000 }, (_, index) => `{"id":${100_000 + index},"text":"${text(index)}"}\n`)
  await imported('long', lines.join(''), '--key', 'id')
  const proxy = await startProxy(Number(new URL(ws).port), { fromServer: [200_000, 400_000, 600_000] })
  const { code, out } = await run(['export', 'long', '--values', '--url', `ws://127.0.0.1:${proxy.port}/ws`])
  expect([code, proxy.cuts]).toEqual([0, 3])
  expect(out).toBe(lines.join(''))
})

const digest = (text: string) => createHash('sha512').update(text).digest('base64')

test('a file appears when it is complete, and an interrupted export leaves none', async () => {
  expect(await run(['export', 'people', 'people.ndjson'])).toMatchObject({ code: 0, out: '' })
  expect(readFileSync(join(folder, 'people.ndjson'), 'utf8')).toBe(await exported('people'))
  const input = Array.from({ length: 20_000 }, (_, index) => `{"id":${index},"text":"${'x'.repeat(500)}"}\n`).join('')
  await imported('interrupted', input, '--key', 'id')
  const command = startCommand(['export', 'interrupted', 'gone.ndjson'], { env, cwd: folder })
  await until('the first page', () => readdirSync(folder).some((name) => /^gone\.ndjson\..*part$/.test(name)))
  command.interrupt()
  expect(await command.finished).toMatchObject({
    code: 1,
    err: expect.stringMatching(/interrupted after [\d,]+ records/),
  })
  expect(readdirSync(folder).filter((name) => name.startsWith('gone'))).toEqual([])
})

test('an import that waits for its input, or for a gateway, ends when it is interrupted', async () => {
  const input = new PassThrough()
  const command = startCommand(['import', 'waiting', '-'], { env, input })
  input.write('{"key":"a","value":1}\n{"key":')
  // The connection is there before anything is read.
  await until('the first record', () => input.readableLength === 0 && input.writableLength === 0)
  command.interrupt()
  expect(await command.finished).toMatchObject({
    code: 1,
    err: expect.stringMatching(/imported 1 records.*\n.*interrupted/),
  })

  const { ws: going, gateway } = await startGateway({ store: 'memory' })
  const waiting = startCommand(['import', 'waiting', '-', '--batch', '10', '--url', going], {
    input: Readable.from(endless()),
  })
  await until('records', async () => (await run(['ls', 'waiting', '--count', '--url', going])).out !== '0\n')
  await gateway.close()
  await until('a lost connection', () => waiting.err.includes('connecting again'))
  waiting.interrupt()
  expect(await waiting.finished).toMatchObject({
    code: 1,
    err: expect.stringMatching(/imported before that: [\d,]+ records/),
  })
})

/** Records without end, at the pace at which they are taken. */
async function* endless() {
  for (let index = 0; ; index++) {
    await new Promise((resolve) => setImmediate(resolve))
    yield Buffer.from(`{"key":"k${index}","value":${index}}\n`)
  }
}

test('progress is for terminals', async () => {
  const input = `{"key":"a","value":1}\n`
  writeFileSync(join(folder, 'one.ndjson'), input.repeat(1_000))
  const onTerminal = await run(['import', 'progress', 'one.ndjson'], { isTerminal: true })
  expect(onTerminal.err).toMatch(/% \| /)
  expect(onTerminal.err).toMatch(/imported 1,000 records into progress in /)
  const inPipe = await run(['import', 'progress', 'one.ndjson'])
  expect(inPipe.err).toMatch(/^imported 1,000 records into progress in \d+\.\d s \([\d,]+\/s\)\n$/)
})
