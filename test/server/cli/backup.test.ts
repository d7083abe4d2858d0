// Export and import as the whole truth: lifetimes, leases, tables, revisions and types, through a gateway in this process
// into another one and back.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { connect } from '../../../web/sdk/node.ts'
import { whenOver } from '../../helpers/cleanup.ts'
import { kvass, type RunOptions } from '../../helpers/command-line.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const folder = temporaryFolder()
const hourMs = 3_600_000

/** A gateway of its own, and `kvass` on it: what it printed, and what it said besides. */
async function start() {
  const { ws } = await startGateway({ store: 'memory' })
  const env = { KVASS_URL: ws }
  const run = (args: readonly string[], options: RunOptions = {}) => kvass(args, { env, cwd: folder, ...options })
  const ok = async (args: readonly string[], options: RunOptions = {}) => {
    const { code, out, err } = await run(args, options)
    expect([code, err]).toEqual([0, expect.not.stringContaining('kvass:')])
    return { out, err }
  }
  /** All entries of a table, lifetimes in whole hours, without revisions: two at different times compare. */
  const entries = async (table: string) => {
    const { out } = await ok(['scan', table, '--json'])
    const lines = out.trimEnd().split('\n').filter(Boolean)
    return lines.map((line) => line.replace(/,"revision":\d+/, '').replace(/"ttl":(\d+)/, (_, ttl) => hoursOf(ttl)))
  }
  return { ws, run, ok, entries }
}

const hoursOf = (ttl: string) => `"ttl":"${Math.ceil(Number(ttl) / hourMs)} h"`

async function filled() {
  const from = await start()
  await from.ok(['set', 'todos', 'stays', '9007199254740993'])
  await from.ok(['set', 'todos', 'soon', '2.0', '--ttl', '1h'])
  await from.ok(['set', 'todos', 'soon too', 'a\rb', '--ttl', '1h'])
  await from.ok(['set', 'todos', 'later', '{"n": 12345678901234567890}', '--ttl', '9h'])
  await from.ok(['set', 'todos/old', 'cr', 'ends in CR\r'])
  const kv = connect(from.ws)
  whenOver(() => kv.close())
  await kv.table('todos').set('here', 'while I am', { lease: true })
  await kv.table('todos').set('here too', 1, { lease: true })
  return from
}

describe.each(['ndjson', 'json', 'csv'])('as %s', (format) => {
  test('a table comes back with its lifetimes and without leases, which is said', async () => {
    const [from, to] = [await filled(), await start()]
    const { out, err } = await from.ok(['export', 'todos', '--format', format])
    expect(err).toMatch(
      /^exported 4 records of todos in .*\nleft out 2 leased entries: a lease ends with the client that holds it\n$/,
    )
    await to.ok(['import', 'todos', '--format', format], { input: out })
    const kept = (await from.entries('todos')).filter((line) => !line.includes('"leased":true'))
    expect(kept).toHaveLength(4)
    expect(kept.join()).toMatch(/"9 h".*"1 h".*"1 h"/)
    expect(await to.entries('todos')).toEqual(kept)
  })

  test('every table comes back with --all', async () => {
    const [from, to] = [await filled(), await start()]
    const file = `all.${format}`
    const { err } = await from.ok(['export', '--all', file])
    expect(err).toMatch(/^exported 5 records of 2 tables in .*\nleft out 2 leased/)
    expect((await to.ok(['import', '--all', file])).err).toMatch(/^imported 5 records into 2 tables in /)
    for (const table of ['todos', 'todos/old']) {
      const kept = (await from.entries(table)).filter((line) => !line.includes('"leased":true'))
      expect(await to.entries(table)).toEqual(kept)
    }
    expect((await to.run(['import', 'todos', file])).err).toMatch(/the record names its table: import it with --all/)
  })

  test('--revisions writes them, and an import passes over them', async () => {
    const [from, to] = [await filled(), await start()]
    const { revision } = JSON.parse((await from.ok(['get', 'todos/old', 'cr', '--json'])).out)
    const { out } = await from.ok(['export', 'todos/old', '--format', format, '--revisions'])
    expect(out).toContain(format === 'csv' ? `,,${revision}\n` : `,"revision":${revision}}`)
    await to.ok(['import', 'todos/old', '--format', format], { input: out })
    expect(await to.entries('todos/old')).toEqual(await from.entries('todos/old'))
  })
})

test('what scan --json and get --json print can be imported; a lease is left out, which is said', async () => {
  const [from, to] = [await filled(), await start()]
  const scanned = await from.ok(['scan', 'todos', '--json'])
  const { err } = await to.ok(['import', 'todos'], { input: scanned.out })
  expect(err).toMatch(/^imported 4 records into todos in .*\nleft out 2 leased entries/)
  expect(await to.entries('todos')).toEqual((await from.entries('todos')).filter((line) => !line.includes('leased')))
  await to.ok(['import', 'one'], { input: (await from.ok(['get', 'todos', 'later', '--json'])).out })
  expect(await to.entries('one')).toEqual([expect.stringMatching(/"later".*12345678901234567890.*"9 h"/)])
})

test('a type that is named is kept, also where a program wrote the number in another way', async () => {
  const { run, ok, entries } = await start()
  await ok(['import', 't'], { input: '{"key":"a","value":2,"type":"float"}\n{"key":"b","value":null,"type":"null"}\n' })
  expect(await entries('t')).toEqual([
    '{"key":"a","value":2.0,"type":"float"}',
    '{"key":"b","value":null,"type":"null"}',
  ])
  expect((await run(['import', 't'], { input: '{"key":"a","value":"2","type":"integer"}' })).err).toMatch(
    /line 1: the value is of type string, and "type" says "integer"/,
  )
})

test('entries of many lifetimes in one batch keep their order and their own', async () => {
  const { ok, entries } = await start()
  const hours = Array.from({ length: 300 }, (_, index) => (index * 7) % 11)
  const input = hours.map((count, index) => {
    const ttl = count === 0 ? '' : `,"ttl":${count * hourMs}`
    return `{"key":"${100 + (index % 250)}","value":${index}${ttl}}\n`
  })
  await ok(['import', 't', '--batch', '64'], { input: input.join('') })
  const found = await entries('t')
  expect(found).toHaveLength(250)
  for (const [place, line] of found.entries()) {
    const index = place < 50 ? place + 250 : place
    const ttl = hours[index] === 0 ? '' : `,"ttl":"${hours[index]} h"`
    expect(line).toBe(`{"key":"${100 + place}","value":${index},"type":"integer"${ttl}}`)
  }
})

test('an entry with less than a millisecond left is not made one that stays', async () => {
  const { run, ok } = await start()
  await ok(['import', 't'], { input: '{"key":"a","value":1,"ttl":0}\n' })
  await expect.poll(async () => (await run(['get', 't', 'a'])).code).toBe(1)
})

test('a table that does not exist is an error, and the file of an earlier export stays', async () => {
  const { run, ok } = await start()
  writeFileSync(join(folder, 'kept.ndjson'), 'kept')
  for (const file of ['-', 'kept.ndjson', 'none.ndjson']) {
    expect(await run(['export', 'todo', file])).toMatchObject({ code: 1, out: '', err: 'kvass: no table "todo"\n' })
  }
  await ok(['set', 'todo', 'a', '1'])
  await ok(['del', 'todo', 'a'])
  expect((await ok(['export', 'todo'])).err).toMatch(/^exported 0 records of todo in /)
})

test.each([
  [['export'], /a table is needed, or --all/],
  [['import'], /a table is needed, or --all/],
  [['export', '--all', 'todos', 'file'], /--all is every table: leave "todos" out/],
  [['export', '--all', '--prefix', 'a'], /'--all' cannot be used with option '--prefix <text>'/],
  [['import', '--all', '--key', 'a'], /'--all' cannot be used with option '--key <name>'/],
  [['export', 't', '--values', '--revisions'], /leave --revisions out/],
])('%j is a wrong use, with exit code 2', async (args, message) => {
  expect(await kvass(args, { cwd: folder })).toMatchObject({ code: 2, err: expect.stringMatching(message) })
})

test.each([
  [[], '{"key":"a","value":1,"ttl":-1}', /line 1: "ttl" is a whole number of milliseconds, not -1/],
  [[], '{"key":"a","value":1,"ttl":"1h"}', /line 1: "ttl" is a whole number of milliseconds, not "1h"/],
  [['--format', 'csv'], 'key,value,ttl\na,1,1h\n', /line 2: "ttl" is a whole number of milliseconds, not "1h"/],
  [['--format', 'csv'], 'key,value,note\na,1,b\n', /line 1: the column "note" is none of "table", "key", "value"/],
])('import %j of %j is refused', async (args, input, message) => {
  const { run } = await start()
  expect(await run(['import', 't', '-', ...args], { input })).toMatchObject({
    code: 1,
    err: expect.stringMatching(message),
  })
})

test('with --all each record must name its table', async () => {
  const { run } = await start()
  const all = async (input: string, ...args: string[]) => (await run(['import', '--all', '-', ...args], { input })).err
  expect(await all('{"key":"a","value":1}')).toMatch(/line 1: .*form \{"table": …, "key": …, "value": …\};/)
  expect(await all('{"table":"","key":"a","value":1}')).toMatch(/line 1: "table" is the name of a table, not ""/)
  expect(await all('{"a":1}', '--format', 'json')).toMatch(/line 1: .*with --all each record names its table/)
  expect(await all('key,value\na,1\n', '--format', 'csv')).toMatch(/line 1: the header has no column "table"/)
})
