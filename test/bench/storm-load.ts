// The clients that come back, a process of its own: all open a connection, say hello and watch a table; all are cut off at
// once by their side; a write happens; then all come back, so many at a time, resume the watch where it was and must get
// exactly that write. Against bare `ws` a client is back when its connection is open and one message was echoed.
// Run with one JSON argument (StormOptions); prints one JSON line (StormResult).
import { readFileSync } from 'node:fs'
import {
  greeting,
  inWindow,
  message,
  openSocket,
  openWatcher,
  Receiver,
  receiveFrames,
  requestFrame,
  resetAll,
} from './client.ts'
import { keyOf, table } from './workload.ts'

export interface StormOptions {
  readonly port: number
  readonly pid: number
  readonly clients: number
  /** Clients between the first byte of their connection and being back; a server's queue of new connections has 511. */
  readonly window: number
  /** For bare `ws`: how long the echo is. */
  readonly replyBytes?: number
}

export interface StormResult {
  /** From the first connect to the last client that is back. */
  readonly ms: number
  /** Time of its core that the server, and this process, took meanwhile. */
  readonly serverMs: number
  readonly loadMs: number
}

const options = JSON.parse(process.argv[2]!) as StormOptions
const { port, pid, clients, window, replyBytes } = options
/** The system counts a process's time in hundredths of a second. */
const tickMs = 10
const positions: { epoch: string; since: number }[] = []
const written = `written ${process.pid}`

function processorMs(): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return tickMs * (Number(fields[11]) + Number(fields[12]))
}

/** Opens and sends as many bytes as a client of the gateway does. */
async function openBare(number: number): Promise<void> {
  const wire = await openSocket(port, number)
  await new Promise<void>((resolve) => {
    let left = replyBytes!
    new Receiver(wire, (content) => {
      left -= content.length
      if (left === 0) resolve()
    })
    wire.socket.write(message(greeting([{ table }])))
  })
}

async function openFirst(number: number): Promise<void> {
  const { epoch, revision } = await openWatcher(port, number, [{ table }])
  positions[number] = { epoch, since: revision }
}

async function resume(number: number): Promise<void> {
  const { changes } = await openWatcher(port, number, [{ table, ...positions[number]! }])
  if (changes.length !== 1 || changes[0].value?.string !== written) {
    throw new Error(`a client that came back got ${JSON.stringify(changes)} in place of the one change`)
  }
}

/** Writes one entry, over a connection of its own. */
async function write(): Promise<void> {
  const wire = await openSocket(port)
  const pair = { key: keyOf(0), value: { string: written } }
  await new Promise<void>((resolve) => {
    receiveFrames(wire, () => resolve())
    wire.socket.write(message(requestFrame({ hset: { table, pair } })))
  })
  wire.socket.destroy()
}

await inWindow(clients, window, replyBytes === undefined ? openFirst : openBare)
resetAll()
if (replyBytes === undefined) await write()
const [begun, server, load] = [performance.now(), processorMs(), process.cpuUsage()]
await inWindow(clients, window, replyBytes === undefined ? resume : openBare)
const used = process.cpuUsage(load)
const result: StormResult = {
  ms: performance.now() - begun,
  serverMs: processorMs() - server,
  loadMs: (used.user + used.system) / 1000,
}
resetAll()
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
