// The servers that Kvass is compared with and that are no packages of npm: finds them on the machine, installs them
// from Debian's packages where that can be done, and starts each with a folder of its own. One that cannot be had is
// undefined, and is named with the reason in what the bench prints.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onCore, type Server, started } from './processes.ts'
import { printSkipped } from './report.ts'

export interface Peer extends Server {
  readonly version: string
}

/** What a command is found by: daemons are not on every user's PATH. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin`, DEBIAN_FRONTEND: 'noninteractive' }
const readyMs = 10_000

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { env, stdio: 'ignore' }).status === 0
}

const isThere = (command: string) => succeeds('sh', '-c', `command -v ${command}`)

/** Whether a command is there; installs the package of Debian that has its name where the process may. */
function isHad(name: string): boolean {
  if (isThere(name)) return true
  const reason = whyNotInstalled(name)
  if (reason !== undefined) printSkipped(name, reason)
  return reason === undefined
}

function whyNotInstalled(name: string): string | undefined {
  if (!isThere('apt-get')) return 'it is not installed, and there is no apt-get'
  if (process.getuid?.() !== 0) return `it is not installed, and only root may: apt-get install ${name}`
  console.log(`  installing ${name} …`)
  const install = () => succeeds('apt-get', 'install', '--yes', '--no-install-recommends', name)
  // Only an old list of packages needs a new one.
  if (!install() && !(succeeds('apt-get', 'update') && install())) return `apt-get could not install ${name}`
  return isThere(name) ? undefined : `the package ${name} has no such command`
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kvass-bench-'))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

/** Sends bytes until a reply comes; returns its first chunk. */
async function ask(port: number, request: string): Promise<string> {
  for (const deadline = performance.now() + readyMs; ; ) {
    try {
      const socket = connect({ port, host: '127.0.0.1' })
      await once(socket, 'connect')
      socket.write(request)
      const [reply] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      return reply.toString()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(20)
    }
  }
}

/** A daemon on the core of the servers, and its reply to `request`; undefined if it does not start. */
async function startDaemon(
  { command, args, port, folder }: { command: string; args: readonly string[]; port: number; folder: string },
  request: string,
): Promise<{ server: Server; reply: string } | undefined> {
  const child = spawn(...onCore(0, command, args), { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const server = started(child, port, folder)
  try {
    return { server, reply: await ask(port, request) }
  } catch (error) {
    printSkipped(command, `it did not start: ${(error as Error).message}`)
    await server.stop()
    return undefined
  }
}

const httpGet = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

/** redis-server without persistence, or with the given options. */
export async function startRedis(...options: string[]): Promise<Peer | undefined> {
  if (!isHad('redis-server')) return undefined
  const folder = temporaryFolder()
  const port = await freePort()
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const daemon = { command: 'redis-server', args: [...fixed, ...options], port, folder }
  const is = await startDaemon(daemon, 'INFO server\r\n')
  return is && { ...is.server, version: /redis_version:(\S+)/.exec(is.reply)![1]! }
}

/** nats-server with JetStream, whose port speaks NATS over WebSocket. */
export async function startNats(): Promise<Peer | undefined> {
  if (!isHad('nats-server')) return undefined
  const folder = temporaryFolder()
  const [port, tcpPort] = [await freePort(), await freePort()]
  const file = join(folder, 'nats.conf')
  writeFileSync(
    file,
    `host: "127.0.0.1"\nport: ${tcpPort}\njetstream { store_dir: "${folder}" }\n` +
      `websocket { host: "127.0.0.1", port: ${port}, no_tls: true }\n`,
  )
  const args = ['--config', file, '--log', join(folder, 'log')]
  const is = await startDaemon({ command: 'nats-server', args, port, folder }, httpGet('/'))
  const version = spawnSync('nats-server', ['--version'], { env, encoding: 'utf8' }).stdout
  return is && { ...is.server, version: /v(\d\S*)/.exec(version)![1]! }
}

/** webdis in front of a Redis. */
export async function startWebdis(redisPort: number): Promise<Peer | undefined> {
  if (!isHad('webdis')) return undefined
  const folder = temporaryFolder()
  const port = await freePort()
  const file = join(folder, 'webdis.json')
  const hosts = { redis_host: '127.0.0.1', redis_port: redisPort, http_host: '127.0.0.1', http_port: port }
  writeFileSync(file, JSON.stringify({ ...hosts, threads: 1, daemonize: false, logfile: join(folder, 'log') }))
  const is = await startDaemon({ command: 'webdis', args: [file], port, folder }, httpGet('/PING'))
  // It does not tell its version itself.
  const { stdout } = spawnSync('dpkg-query', ['--status', 'webdis'], { encoding: 'utf8' })
  return is && { ...is.server, version: /^Version: (.*)/m.exec(stdout)?.[1] ?? 'unknown' }
}
