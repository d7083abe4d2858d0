// Real gateways on free ports with a store of their own: in this process, or as the built binary in a child process.
// Both end when the test, or the file, that asked for them is over.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type Addresses, createGateway, type Gateway, type GatewayOptions } from '../../server/index.ts'
import { binary } from './binary.ts'
import { whenOver } from './cleanup.ts'
import { queue } from './queue.ts'
import { temporaryFolder } from './temporary.ts'

export interface StartedGateway extends Addresses {
  readonly gateway: Gateway
  readonly tcpPort: number
}

/** A gateway in this process, on disk in a temporary folder unless told otherwise; `tcpPort` serves plain TCP. */
export async function startGateway(options: GatewayOptions = {}): Promise<StartedGateway> {
  const gateway = await createGateway({ port: 0, tcpPort: 0, data: temporaryFolder(), ...options })
  whenOver(() => gateway.close())
  const addresses = await gateway.listen()
  return { gateway, ...addresses, tcpPort: Number(new URL(addresses.tcp!).port) }
}

export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Child {
  readonly process: ChildProcessWithoutNullStreams
  /** The next line of its stdout. Fails when none comes in time. */
  nextLine(withinMs?: number): Promise<string>
  /** All that it wrote to stderr so far: a gateway's log. */
  readonly stderr: string
  /** Settles when it has ended, and all that it wrote was read. */
  readonly exit: Promise<ChildExit>
}

/** Runs `kvass ARGS` as a child process; what is left of it in the end is killed. `main`: another copy of the binary. */
export function spawnKvass(args: readonly string[], env: NodeJS.ProcessEnv = process.env, main = binary): Child {
  const child = spawn(process.execPath, [main, ...args], { env, stdio: 'pipe' })
  const exit = once(child, 'close').then(([code, signal]): ChildExit => ({ code, signal }))
  whenOver(() => {
    child.kill('SIGKILL')
    return exit
  })
  const lines = queue<string>('line of stdout')
  createInterface(child.stdout).on('line', lines.push)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return {
    process: child,
    nextLine: lines.next,
    get stderr() {
      return stderr
    },
    exit,
  }
}

export interface SpawnedGateway extends Child {
  readonly http: string
  readonly ws: string
  /** Host and port of its plain TCP port. */
  readonly tcp: { readonly host: string; readonly port: number }
  /** Its data directory. */
  readonly data: string
}

/** `kvass serve` as a child process, ready to serve. Give `data` to open what an earlier one left. */
export async function spawnGateway(args: readonly string[] = [], data = temporaryFolder()): Promise<SpawnedGateway> {
  const child = spawnKvass(['serve', '--port', '0', '--tcp-port', '0', '--data', data, ...args])
  const ended = child.exit.then(({ code, signal }) => {
    throw new Error(`kvass serve ended at once (${signal ?? code}):\n${child.stderr}`)
  })
  const line = await Promise.race([child.nextLine(15_000), ended])
  const [, http, ws, tcp] = /^kvass listening on (\S+) \((\S+), (\S+)\)$/.exec(line) ?? []
  if (!http || !ws || !tcp) throw new Error(`kvass serve printed another line than expected: ${line}`)
  const { hostname, port } = new URL(tcp.replace(/^\w+:/, 'http:'))
  return Object.assign(child, { http, ws, tcp: { host: hostname, port: Number(port) }, data })
}
