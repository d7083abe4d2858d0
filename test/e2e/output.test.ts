// What the built `kvass` does when its output is not taken: a full device, a file that may not grow, a reader that has
// gone. One sentence and an exit code, never a stack trace and never a part that passes for all.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { binary } from '../helpers/binary.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { spawnGateway } from '../helpers/gateway.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const { ws, data, process: gateway, exit } = await spawnGateway()

/** Runs a line of shell in which `kvass` is the built binary; its last command's exit code, and all that was printed. */
async function shell(line: string, cwd = temporaryFolder()) {
  const env = { ...process.env, KVASS_URL: ws, MAIN: binary, NODE: process.execPath }
  const script = `kvass() { "$NODE" "$MAIN" "$@"; }\nset -o pipefail\n${line}`
  const child = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  whenOver(() => child.kill('SIGKILL'))
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

const full = { code: 1, stderr: 'kvass: cannot write standard output: ENOSPC: no space left on device, write\n' }

const printing = [
  ['set t a 1', 'get t a', 'get t a --json', 'ls t', 'ls t --count', 'scan t', 'tables'],
  ['incr t n', 'del t x --force', 'drop other --yes', 'pub topic hi', 'ping --count 1', 'export t'],
  ['txn script', 'watch t --count 1', 'bench --op ping --requests 1 --warmup 0 --clients 1'],
  ['--help', 'ls --help', '--version', 'help'],
]

test.each(printing)('a full device is one sentence and exit code 1: %s, %s, %s …', async (...commands) => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'script'), 'set t b 1\n')
  expect((await shell('kvass set t a 1 && kvass set other a 1')).code).toBe(0)
  const ends = await Promise.all(commands.map((command) => shell(`kvass ${command} > /dev/full`, folder)))
  expect(ends).toEqual(commands.map(() => ({ ...full, stdout: '', stderr: expect.stringContaining(full.stderr) })))
  for (const { stderr } of ends) expect(stderr).not.toMatch(/^\s+at /m)
})

test('a subscription whose output is not taken ends', async () => {
  const listening = shell('kvass sub news > /dev/full')
  await expect.poll(async () => (await shell('kvass pub news hi')).stdout).toContain('reached 1')
  expect(await listening).toMatchObject({ code: 1, stderr: `subscribed to news\n${full.stderr}` })
})

test('a file that takes a part of the output is no success', async () => {
  const folder = temporaryFolder()
  await shell('kvass set part a "$(head -c 3000 /dev/zero | tr "\\0" x)"')
  for (const command of ['get part a', 'export part']) {
    const { code, stderr } = await shell(`ulimit -f 2; kvass ${command} > part.txt`, folder)
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^kvass: cannot write standard output: EFBIG: .*\n$/)])
    expect(readFileSync(join(folder, 'part.txt')).length).toBeLessThan(3000)
  }
})

test('a reader that goes away ends a listing in silence, and an export as a failure', async () => {
  const folder = temporaryFolder()
  const line = `${JSON.stringify({ text: 'x'.repeat(1_000) })}\n`
  const lines = Array.from({ length: 5_000 }, (_, id) => line.replace('{', `{"id":${id},`))
  writeFileSync(join(folder, 'many.ndjson'), lines.join(''))
  expect((await shell('kvass import many many.ndjson --key id', folder)).code).toBe(0)
  for (const command of ['ls many', 'scan many', 'scan many --json']) {
    // The list of keys fits a pipe: it is not cut off, but must not complain either.
    expect(await shell(`kvass ${command} | head -n 1 > /dev/null`)).toEqual({ code: 0, stdout: '', stderr: '' })
  }
  expect(await shell('kvass export many | head -n 1 > /dev/null')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'kvass: the reader went away before the end: the export is not complete\n',
  })
})

test('what a command is told by its arguments is checked: exit code 2; what by its input: 1', async () => {
  expect(await shell('kvass set t a 1.5 --type integer')).toMatchObject({
    code: 2,
    stderr: 'kvass: not an integer: "1.5"\n',
  })
  expect(await shell('kvass pub t yes --type bool')).toMatchObject({ code: 2, stderr: expect.stringContaining('yes') })
  expect(await shell('printf 1.5 | kvass set t a - --type integer')).toMatchObject({ code: 1 })
  expect((await shell('kvass set t a - < .')).stderr).toMatch(/^kvass: cannot read standard input: EISDIR/)
  const endless = await shell('kvass set t a - < /dev/zero')
  expect(endless).toMatchObject({ code: 1, stderr: expect.stringMatching(/^kvass: cannot read .*: it has more than/) })
})

test('check says on a full device that it could not say', async () => {
  gateway.kill('SIGTERM')
  await exit
  expect(await shell(`kvass check '${data}' > /dev/full`)).toMatchObject(full)
})

test('a gateway whose line nobody takes, and whose log nobody reads any longer, serves', async () => {
  const line = '"$0" "$1" serve --port 0 --store memory --log-level info 2>&1 > /dev/full'
  const child = spawn('bash', ['-c', `exec ${line}`, process.execPath, binary], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  whenOver(() => child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const { http } = JSON.parse((await lines.next()).value)
  expect(JSON.parse((await lines.next()).value).msg).toMatch(/^cannot write standard output: ENOSPC/)
  child.stdout.destroy()
  // Each refused upgrade is a line of the log.
  for (let count = 0; count < 3; count++) {
    expect(
      (await fetch(`${http}/ws?token=a`, { headers: { upgrade: 'websocket' } }).catch(() => undefined))?.ok,
    ).not.toBe(true)
    expect((await fetch(`${http}/healthz`)).status).toBe(200)
  }
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})
