// Many connections that stay and do nothing, a process of its own; with a hello and watches, or bare. With the id of the
// server's process it tells how much resident memory they cost it and ends; without, it says "0" and holds them until it
// is told to end. Run with one JSON argument (IdleOptions); prints one JSON line (IdleResult).
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { inWindow, openSocket, openWatcher, resetAll } from './client.ts'

export interface IdleOptions {
  readonly port: number
  readonly connections: number
  /** Tables that each connection watches. */
  readonly watches: readonly string[]
  /** A server that knows no hello. */
  readonly bare: boolean
  readonly pid?: number
}

export interface IdleResult {
  /** Resident bytes of the server, before the first connection and with all of them. */
  readonly before: number
  readonly after: number
  /** Whether the memory came to rest within its deadline. */
  readonly atRest: boolean
  readonly openSeconds: number
}

const window = 200
/** V8 gives back what was opened with when little has happened for eight seconds. */
const settling = { pollMs: 1_000, quietPolls: 10, share: 0.002, deadlineMs: 30_000 }
const options = JSON.parse(process.argv[2]!) as IdleOptions

function residentBytes(pid: number): number {
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
}

/** The memory of a process once it changes no more, or at the deadline. */
async function atRest(pid: number): Promise<{ bytes: number; atRest: boolean }> {
  const deadline = performance.now() + settling.deadlineMs
  let bytes = residentBytes(pid)
  for (let quiet = 0; performance.now() < deadline; ) {
    await sleep(settling.pollMs)
    const now = residentBytes(pid)
    quiet = Math.abs(now - bytes) <= settling.share * bytes ? quiet + 1 : 0
    bytes = now
    if (quiet === settling.quietPolls) return { bytes, atRest: true }
  }
  return { bytes, atRest: false }
}

async function openAll(): Promise<void> {
  await inWindow(options.connections, window, async (number) => {
    const { port, bare, watches } = options
    const { socket } = bare
      ? await openSocket(port, number)
      : await openWatcher(
          port,
          number,
          watches.map((table) => ({ table })),
        )
    socket.once('close', () => {
      throw new Error('the server closed an idle connection')
    })
  })
}

const { pid } = options
if (pid === undefined) {
  process.once('SIGTERM', () => {
    resetAll()
    process.exit()
  })
  await openAll()
  console.log(0)
} else {
  const before = await atRest(pid)
  const begun = performance.now()
  await openAll()
  const openSeconds = (performance.now() - begun) / 1000
  const after = await atRest(pid)
  const result: IdleResult = { before: before.bytes, after: after.bytes, atRest: after.atRest, openSeconds }
  resetAll()
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
}
