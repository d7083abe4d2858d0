// Conditions, lifetimes, increments and transactions as commands, against a gateway in this process.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kvass, type RunOptions } from '../../helpers/command-line.ts'
import { startGateway } from '../../helpers/gateway.ts'
import { startProxy } from '../../helpers/proxy.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { until } from '../../helpers/until.ts'

const { ws } = await startGateway()
const env = { KVASS_URL: ws }

const run = (args: readonly string[], options: RunOptions = {}) => kvass(args, { env, ...options })

/** Runs a command that must succeed and answers what it printed. */
async function ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, out, err } = await run(args, options)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

/** Runs a command that must fail and answers what it said. */
async function refused(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, out, err } = await run(args, options)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  return err
}

const revisionOf = async (table: string, key: string): Promise<number> =>
  JSON.parse(await ok(['get', table, key, '--json'])).revision

test('set --if-absent writes once', async () => {
  await ok(['set', 'locks', 'a', 'first', '--if-absent'])
  const revision = await revisionOf('locks', 'a')
  expect(await refused(['set', 'locks', 'a', 'second', '--if-absent'])).toBe(
    `kvass: The key has an entry of revision ${revision}.\n`,
  )
  expect(await ok(['get', 'locks', 'a'])).toBe('first\n')
})

test('set --if-revision writes over that revision only', async () => {
  await ok(['set', 'cas', 'a', '1'])
  const old = await revisionOf('cas', 'a')
  await ok(['set', 'cas', 'a', '2', '--if-revision', String(old)])
  expect(await refused(['set', 'cas', 'a', '3', '--if-revision', String(old)])).toMatch(
    /^kvass: The key has an entry of revision \d+\.\n$/,
  )
  expect(await refused(['set', 'cas', 'none', '3', '--if-revision', String(old)])).toBe(
    'kvass: The key has no entry.\n',
  )
  expect(await ok(['scan', 'cas'])).toBe('a\t2\n')
})

test('del --if-revision deletes that revision only', async () => {
  await ok(['set', 'del', 'a', '1'])
  const old = await revisionOf('del', 'a')
  await ok(['set', 'del', 'a', '2'])
  expect(await refused(['del', 'del', 'a', '--if-revision', String(old)])).toMatch(/^kvass: The key has an entry of/)
  expect(await ok(['del', 'del', 'a', '--if-revision', String(await revisionOf('del', 'a'))])).toBe('deleted 1\n')
  expect(await refused(['del', 'del', 'a', '--if-revision', String(old)])).toBe('kvass: The key has no entry.\n')
})

test('an entry with --ttl tells what it has left, and goes', async () => {
  await ok(['set', 'ttl', 'long', 'x', '--ttl', '1h30m'])
  const { ttl, ...entry } = JSON.parse(await ok(['get', 'ttl', 'long', '--json']))
  expect(entry).toEqual({ key: 'long', value: 'x', type: 'string', revision: expect.any(Number) })
  expect(ttl).toBeGreaterThan(5_390_000)
  expect(ttl).toBeLessThanOrEqual(5_400_000)
  expect(JSON.parse(await ok(['scan', 'ttl', '--json']))).toMatchObject({ key: 'long', ttl: expect.any(Number) })
  await ok(['set', 'ttl', 'long', 'x'])
  expect(await ok(['get', 'ttl', 'long', '--json'])).not.toContain('ttl')
  await ok(['set', 'ttl', 'short', 'x', '--ttl', '20ms'])
  await until('the end of the entry', async () => (await run(['get', 'ttl', 'short'])).code === 1)
})

test('incr adds what it is told and prints the new value', async () => {
  expect(await ok(['incr', 'n', 'a'])).toBe('1\n')
  expect(await ok(['incr', 'n', 'a', '41'])).toBe('42\n')
  expect(await ok(['incr', 'n', 'a', '-2', '--json'])).toMatch(
    /^\{"key":"a","value":40,"type":"integer","revision":\d+\}\n$/,
  )
  expect(await ok(['incr', 'n', 'f', '2.0'])).toBe('2.0\n')
  expect(await ok(['incr', 'n', 'f', '-0.5'])).toBe('1.5\n')
  await ok(['set', 'n', 'big', '9223372036854775806'])
  expect(await ok(['incr', 'n', 'big'])).toBe('9223372036854775807\n')
})

test('incr refuses what it cannot add to, and changes nothing', async () => {
  await ok(['set', 'bad', 'text', 'abc'])
  expect(await refused(['incr', 'bad', 'text'])).toMatch(/^kvass: The entry does not hold a number/)
  await ok(['set', 'bad', 'big', '9223372036854775807'])
  expect(await refused(['incr', 'bad', 'big'])).toMatch(/^kvass: The increment would leave the 64 bits/)
  expect(await refused(['incr', 'bad', 'big', '1.0'])).toMatch(/^kvass: The sum of an integer and a float is not exact/)
  expect(await ok(['scan', 'bad'])).toBe('big\t9223372036854775807\ntext\t"abc"\n')
})

test('incr by a fraction makes a float of an integer, but for who asks it to keep its type', async () => {
  await ok(['set', 'balances', 'ann', '10'])
  expect(await refused(['incr', 'balances', 'ann', '0.5', '--keep-type'])).toMatch(/^kvass: The entry holds an integer/)
  expect(await refused(['txn'], { input: 'incr balances ann 0.5 keep=type' })).toMatch(/The entry holds an integer/)
  expect(await ok(['incr', 'balances', 'ann', '2', '--keep-type'])).toBe('12\n')
  expect(await ok(['incr', 'balances', 'ann', '0.5'])).toBe('12.5\n')
  expect(await ok(['incr', 'balances', 'ann', '1', '--keep-type'])).toBe('13.5\n')
  expect(await ok(['txn'], { input: 'incr balances ann 0.5' })).toMatch(/^0 checks, 1 write/)
  expect(await ok(['get', 'balances', 'ann'])).toBe('14.0\n')
})

test('incr keeps an expiry, and --ttl sets one', async () => {
  const ttl = async (key: string) => JSON.parse(await ok(['get', 'limits', key, '--json'])).ttl
  await ok(['incr', 'limits', 'a', '--ttl', '1h'])
  expect(await ttl('a')).toBeGreaterThan(3_590_000)
  await ok(['incr', 'limits', 'a'])
  expect(await ttl('a')).toBeGreaterThan(3_500_000)
  await ok(['incr', 'limits', 'a', '--ttl', '1m'])
  expect(await ttl('a')).toBeLessThanOrEqual(60_000)
  expect(await ok(['get', 'limits', 'a'])).toBe('3\n')
})

test.each(['incr', 'txn'])(
  'an increment by %s whose reply is lost counts once',
  async (command) => {
    let lost = 0
    // The welcome ends before the 265th byte, and the reply follows. A connection that is cut before its welcome is none.
    for (let bytes = 240; bytes < 300; bytes += 2) {
      const { port } = await startProxy(Number(new URL(ws).port), { fromServer: [bytes] })
      const key = `${command}-cut-after-${bytes}`
      const args = command === 'incr' ? ['incr', 'once', key, '7'] : ['txn']
      const { code, err } = await kvass([...args, '--url', `ws://127.0.0.1:${port}/ws`], {
        input: `incr once ${key} 7`,
      })
      if (err.includes('connecting again')) lost++
      expect((await run(['get', 'once', key])).out).toBe(code === 0 ? '7\n' : '')
    }
    expect(lost).toBeGreaterThan(0)
  },
  30_000,
)

test.each([
  [['set', 'a', 'b', 'c', '--ttl', '5'], /'5' is invalid\. A duration is a number and a unit.*30s/],
  [['set', 'a', 'b', 'c', '--ttl', '0s'], /is invalid\. A duration/],
  [['set', 'a', 'b', 'c', '--if-revision', '0'], /A number above 0 is needed/],
  [['set', 'a', 'b', 'c', '--if-revision', '5', '--if-absent'], /cannot be used with option/],
  [['del', 'a', 'b', '--if-revision', '5', '--force'], /cannot be used with option/],
  [['del', 'a', 'b', 'c', '--if-revision', '5'], /--if-revision takes one key, not 2: for several use kvass txn/],
  [['incr', 'a', 'b', 'many'], /'many' is invalid.*Not a number: "many"/],
  [['incr', 'a', 'b', 'Infinity'], /Not a number/],
  [['incr', 'a', 'b', '9223372036854775808'], /is beyond 64 bits/],
  [['watch', 'a', '--since', 'yesterday'], /A position is REVISION, REVISION@EPOCH or the word now/],
  [['watch', 'a', '--since', '5@'], /A position is/],
  [['watch', 'a', 'b', '--key', 'c'], /a prefix or --key, not both/],
  [['watch', 'a', '--key', ''], /--key is empty/],
  [['watch', 'a', '--count', '0'], /A number above 0 is needed/],
])('%j is a wrong use, with exit code 2', async (args, message) => {
  expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) })
})

test.each(['incr', 'watch', 'txn'])('%s has help with an example', async (name) => {
  const { code, out } = await run([name, '--help'])
  expect(code).toBe(0)
  expect(out).toContain(`$ kvass ${name}`)
  expect(out).toContain('--url')
})

test('the example of the help of txn works', async () => {
  const help = await ok(['txn', '--help'])
  const [, script = ''] = /<<'EOF'\n([\s\S]*?)\n *EOF/.exec(help) ?? []
  await ok(['set', 'accounts', 'ann', '100'])
  const revision = await revisionOf('accounts', 'ann')
  expect(script).toContain('check accounts ann 17')
  const out = await ok(['txn'], { input: script.replace('17', String(revision)) })
  expect(out).toBe(`1 check, 3 writes, revision ${await revisionOf('accounts', 'ann')}\n`)
  expect(await ok(['scan', 'accounts'])).toBe('ann\t90\nbob\t10\n')
  expect(await ok(['scan', 'log'])).toBe('2026-01-01 10:00\t{"from": "ann", "to": "bob"}\n')
  expect(await revisionOf('log', '2026-01-01 10:00')).toBe(await revisionOf('accounts', 'bob'))
})

test('txn writes every kind of value, deletes, and reads a file', async () => {
  const folder = temporaryFolder()
  await ok(['set', 'kinds', 'gone', '1'])
  writeFileSync(
    join(folder, 'script'),
    'delete kinds gone\nset kinds null null\nset kinds text "5"\nset kinds bytes AP8= type=binary\nincr kinds float 1.5 ttl=1h\n',
  )
  const out = JSON.parse(await ok(['txn', 'script', '--json'], { cwd: folder }))
  expect(out).toEqual({ revision: await revisionOf('kinds', 'text'), checks: 0, writes: 5 })
  expect(await ok(['scan', 'kinds'])).toBe('bytes\t{"$binary":"AP8="}\nfloat\t1.5\nnull\tnull\ntext\t"5"\n')
  expect(JSON.parse(await ok(['get', 'kinds', 'float', '--json']))).toMatchObject({ ttl: expect.any(Number) })
})

test('a transaction with failed checks writes nothing and names their lines', async () => {
  await ok(['set', 'checks', 'a', '1'])
  const revision = await revisionOf('checks', 'a')
  const input = `check checks a ${revision}\n# two that fail\ncheck checks a absent # no\ncheck checks b 5\nset checks b 1\n`
  expect(await refused(['txn'], { input })).toBe(
    'kvass: nothing was written: 2 checks of standard input failed:\n  line 3: check checks a absent\n  line 4: check checks b 5\n',
  )
  expect(await ok(['ls', 'checks'])).toBe('a\n')
})

test('a transaction of checks alone tells whether they hold', async () => {
  expect(await ok(['txn'], { input: 'check alone a absent' })).toMatch(/^1 check, 0 writes, revision \d+\n$/)
  expect(await refused(['txn'], { input: 'check alone a 1' })).toMatch(/line 1: check alone a 1\n$/)
})

test('an increment that cannot be refuses its transaction and is named', async () => {
  await ok(['set', 'mixed', 'text', 'abc'])
  expect(await refused(['txn'], { input: 'set mixed other 1\nincr mixed text\n' })).toMatch(
    /^kvass: nothing was written: standard input: line 2: The entry does not hold a number/,
  )
  expect(await refused(['txn'], { input: 'incr mixed other\nincr mixed text\n' })).toMatch(
    /: one of the lines 1, 2: The entry does not hold/,
  )
  expect(await ok(['ls', 'mixed'])).toBe('text\n')
})

test('a script that is wrong is not sent', async () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'wrong'), 'set wrong a 1\nput wrong b 2\n')
  writeFileSync(join(cwd, 'bytes'), Uint8Array.of(0xff, 0xfe))
  expect(await refused(['txn', 'wrong'], { cwd })).toBe(
    'kvass: wrong: line 2: "put" is no operation: check, set, delete and incr are\n',
  )
  expect(await ok(['ls', 'wrong'])).toBe('')
  expect(await refused(['txn', 'bytes'], { cwd })).toBe('kvass: bytes: not UTF-8: convert the script first\n')
  expect(await refused(['txn', 'none'], { cwd })).toMatch(/^kvass: cannot read none: ENOENT/)
  expect(await refused(['txn'], { input: '# nothing\n' })).toBe(
    'kvass: standard input: no operation: see kvass txn --help\n',
  )
})

test('a transaction that is too long is refused with the bound', async () => {
  const input = Array.from({ length: 129 }, (_, index) => `set long ${index} x\n`).join('')
  expect(await refused(['txn'], { input })).toMatch(/^kvass: The transaction has 129 checks and writes: at most 128/)
})
