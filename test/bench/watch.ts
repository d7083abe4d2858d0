// Bench "watch": what a watcher that does not read costs the gateway, and what it gets when it reads again; and that a
// resume costs what changed, not what is there. WATCH_FREEZE_SECONDS sets for how long it is frozen at the least: 60, and 15
// in a run of all benches.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Message } from '../../proto/compact.ts'
import { Line } from '../helpers/line.ts'
import { requestFrame } from './client.ts'
import { startScript } from './processes.ts'
import { median, printTable, short } from './report.ts'

const table = 'w'
const freezeSeconds = { whole: 15, named: 60 }
/** Values that do not compress: the buffers of the system would hold all that is written otherwise. */
const noise = randomBytes(1 << 20)
const valueBytes = 64
const writes = 1_000_000
const keys = 10_000

interface Host {
  connect(): Promise<Line>
  /** Bytes that are in use, after a collection. */
  memory(): Promise<{ rss: number; used: number }>
  stop(): Promise<void>
}

async function startHost(store: 'memory' | 'disk'): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'kvass-bench-'))
  const server = await startScript('watch-host.ts', store, folder)
  const [port, http] = [Math.floor(server.port / 1e6), server.port % 1e6]
  return {
    connect: () => Line.open({ host: '127.0.0.1', port }),
    async memory() {
      const { rss, heapUsed, external } = (await (await fetch(`http://127.0.0.1:${http}/memory`)).json()) as Record<
        string,
        number
      >
      return { rss: rss!, used: heapUsed! + external! }
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Sets keys in a row, many under way. */
async function fill(line: Line, count: number, of: number): Promise<void> {
  const batch = 500
  for (let from = 0; from < count; from += batch) {
    const frames: Uint8Array[] = []
    for (let index = from; index < Math.min(count, from + batch); index++) {
      const value = { binary: noise.subarray(index % (noise.length - valueBytes)).subarray(0, valueBytes) }
      frames.push(requestFrame({ hset: { table, pair: { key: `key:${index % of}`, value } } }))
    }
    line.socket.write(Buffer.concat(frames))
    // Its reply comes behind theirs.
    await line.ask({ ping: {} })
  }
}

interface Received {
  changes: number
  /** Of these, before it was told that it lags. */
  live: number
  bytes: number
}

function watch(line: Line, message: Message, onPhase: (phase: number) => void, received: Received): void {
  line.socket.on('data', (chunk: Buffer) => {
    received.bytes += chunk.length
  })
  line.listen({ watch: { table, ...message } }, (response) => {
    if (response === undefined) return
    if (response.status !== 200) throw new Error(response.message)
    if (response.phase === lagged) received.live = received.changes
    received.changes += response.changes?.length ?? 0
    if (response.phase) onPhase(response.phase)
  })
}

const synced = 3
const lagged = 4

async function frozen(store: 'memory' | 'disk', freezeMs: number): Promise<{ row: string[]; result: object }> {
  const host = await startHost(store)
  const [writer, reader] = [await host.connect(), await host.connect()]
  // The same work before, so that what it leaves behind by itself is not counted.
  await fill(writer, writes, keys)
  const before = await host.memory()
  const received: Received = { changes: 0, live: 0, bytes: 0 }
  let onPhase: (phase: number) => void = () => {}
  const reached = (wanted: number) => {
    return new Promise<void>((resolve) => {
      onPhase = (phase) => {
        if (phase === wanted) resolve()
      }
    })
  }
  const first = reached(synced)
  watch(reader, {}, (phase) => onPhase(phase), received)
  await first
  received.changes = 0
  reader.socket.pause()
  const startedAt = performance.now()
  await fill(writer, writes, keys)
  const left = freezeMs - (performance.now() - startedAt)
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
  const seconds = (performance.now() - startedAt) / 1000
  const after = await host.memory()
  const lag = reached(lagged)
  reader.socket.resume()
  await lag
  await reached(synced)
  for (const line of [writer, reader]) line.socket.destroy()
  await host.stop()
  const mega = (bytes: number) => (bytes / 2 ** 20).toFixed(2)
  const buffered = received.live
  const caughtUp = received.changes - buffered
  const row = [
    store,
    seconds.toFixed(0),
    mega(after.used - before.used),
    mega(after.rss - before.rss),
    short(buffered),
    short(caughtUp),
  ]
  return { row, result: { store, seconds, before, after, buffered, caughtUp } }
}

async function resume(
  store: 'memory' | 'disk',
  entries: number,
  rounds: number,
): Promise<{ row: string[]; result: object }> {
  const host = await startHost(store)
  const writer = await host.connect()
  await fill(writer, entries, entries)
  const { revision } = await writer.ask({ hset: { table, pair: { key: 'key:0', value: { integer: 1 } } } })
  const changed = 100
  for (let index = 0; index < changed; index++) {
    await writer.ask({ hset: { table, pair: { key: `key:${(index * 7_919) % entries}`, value: { integer: index } } } })
  }
  const since = async (message: Message) => {
    const line = await host.connect()
    await line.ask({ ping: {} })
    const received: Received = { changes: 0, live: 0, bytes: 0 }
    const startedAt = performance.now()
    await new Promise<void>((resolve) => watch(line, message, (phase) => phase === synced && resolve(), received))
    const ms = performance.now() - startedAt
    line.socket.destroy()
    return { ms, ...received }
  }
  await since({ since: revision })
  const resumed = []
  for (let round = 0; round < Math.max(5, rounds); round++) resumed.push(await since({ since: revision }))
  const whole = await since({})
  await host.stop()
  const ms = median(resumed.map((one) => one.ms))
  const { changes, bytes } = resumed[0]!
  const row = [
    store,
    short(entries),
    String(changes),
    String(bytes),
    ms.toFixed(2),
    short(whole.bytes),
    whole.ms.toFixed(0),
  ]
  return { row, result: { store, entries, changes, bytes, ms, whole } }
}

/** Runs all and prints them. */
export async function benchWatch(rounds: number, isWholeSuite: boolean): Promise<object> {
  const seconds = isWholeSuite ? freezeSeconds.whole : freezeSeconds.named
  const freezeMs = 1000 * Number(process.env.WATCH_FREEZE_SECONDS ?? seconds)
  const freezes = []
  for (const store of ['memory', 'disk'] as const) freezes.push(await frozen(store, freezeMs))
  printTable([
    ['frozen for 1 M writes to 10 k keys', 's', 'heap grew MiB', 'rss grew MiB', 'sent before', 'caught up with'],
    ...freezes.map(({ row }) => row),
  ])
  const resumes = []
  for (const store of ['memory', 'disk'] as const) {
    for (const entries of [10_000, 1_000_000]) resumes.push(await resume(store, entries, rounds))
  }
  printTable([
    ['resume, 100 changed', 'entries', 'changes', 'bytes', 'ms', 'snapshot bytes', 'ms'],
    ...resumes.map(({ row }) => row),
  ])
  return { freezes: freezes.map(({ result }) => result), resumes: resumes.map(({ result }) => result) }
}
