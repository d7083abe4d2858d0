// How fast the SDK is on one connection: 1,024 concurrent calls that are repeated as they finish, against a gateway in
// a process of its own with the memory store. Prints calls a second. Run it with: npx tsx test/bench/sdk.ts [SECONDS]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect } from '../../web/sdk/node.ts'
import type { Kvass } from '../../web/sdk/types.ts'

const concurrency = 1_024
const keys = Array.from({ length: 10_000 }, (_, number) => `key:${String(number).padStart(6, '0')}`)
const value = 'x'.repeat(64)
const seconds = Number(process.argv[2] ?? 3)

async function main(): Promise<void> {
  const main = join(import.meta.dirname, '../../dist/server/main.js')
  const gateway = spawn(process.execPath, [main, 'serve', '--port', '0', '--store', 'memory'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(gateway.stdout), 'line')
  const kv = connect(/ws:\/\/[^\s,)]+/.exec(line)![0])
  try {
    const table = kv.table<string>('bench')
    for (let at = 0; at < keys.length; at += 1_000) {
      await table.setMany(keys.slice(at, at + 1_000).map((key) => [key, value] as const))
    }
    await measure(kv, 'get', (key) => table.get(key))
    await measure(kv, 'set', (key) => table.set(key, value))
    await measure(kv, 'has', (key) => table.has(key))
  } finally {
    await kv.close()
    gateway.kill('SIGTERM')
    await once(gateway, 'exit')
  }
}

/** Keeps `concurrency` calls under way for a second to warm up, then for the time to measure. */
async function measure(kv: Kvass, name: string, call: (key: string) => Promise<unknown>): Promise<void> {
  let done = 0
  let isOver = false
  const worker = async (first: number): Promise<void> => {
    for (let at = first; !isOver; at = (at + 7) % keys.length) {
      await call(keys[at]!)
      done++
    }
  }
  const workers = Array.from({ length: concurrency }, (_, number) => worker(number))
  await sleep(1_000)
  done = 0
  const start = performance.now()
  await sleep(seconds * 1_000)
  const rate = done / ((performance.now() - start) / 1_000)
  isOver = true
  await Promise.all(workers)
  console.log(
    `${name}: ${Math.round(rate).toLocaleString('en')} calls/s, ${concurrency} under way, session ${kv.state}`,
  )
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

await main()
