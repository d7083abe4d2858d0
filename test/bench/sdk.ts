// Bench "sdk": what a program in Node gets over one connection with 1,024 calls under way, beside what a browser's
// developer might take in its place: NATS KV with its official client over WebSocket, webdis in front of Redis,
// Socket.IO with a map behind it; and bare `ws` that sends the same bytes back, one message a call.
import { readFileSync } from 'node:fs'
import { startNats, startRedis, startWebdis } from './peers.ts'
import { gatewayVersion, runScript, type Server, startGateway, startScript } from './processes.ts'
import { atLeast, median, percent, printSettings, printTable, short, spread } from './report.ts'
import { httpConnections, type System } from './sdk-clients.ts'
import type { SdkOptions, SdkResult } from './sdk-load.ts'

const settings = { concurrency: 1_024, keysPerCaller: 4, valueBytes: 64, warmupSeconds: 0.4, seconds: 1 }
const goalOfNats = 10

interface Side {
  readonly system: System
  readonly server: Server
  readonly results: SdkResult[]
}

const { dependencies, devDependencies } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
)

/** The exact one that package.json asks for. */
function packageVersion(name: string): string {
  return { ...dependencies, ...devDependencies }[name]
}

/** Starts all that can be had; what has to be stopped goes into `servers`. */
async function start(servers: Server[]): Promise<Side[]> {
  const sides: Side[] = []
  const add = (system: System, server: Server, settings: string) => {
    servers.push(server)
    sides.push({ system, server, results: [] })
    printSettings(system, settings)
  }
  add('kvass', await startGateway('--store', 'memory'), `${gatewayVersion()}, serve --store memory`)
  const nats = await startNats()
  const natsClient = `@nats-io/kv ${packageVersion('@nats-io/kv')}`
  if (nats !== undefined) add('nats', nats, `nats-server ${nats.version}, bucket in memory; ${natsClient} over ws`)
  const redis = await startRedis()
  if (redis !== undefined) servers.push(redis)
  const webdis = redis && (await startWebdis(redis.port))
  if (webdis !== undefined) {
    const http = `HGET and PUT HSET over ${httpConnections} HTTP connections kept alive`
    add('webdis', webdis, `${webdis.version}, one thread, redis ${redis!.version} without persistence; ${http}`)
  }
  const socketIo = `${packageVersion('socket.io')}, a map, events with acknowledgements, transport websocket`
  add('socket.io', await startScript('sdk-peer.ts', 'socket.io'), socketIo)
  add('ws', await startScript('sdk-peer.ts', 'ws'), `${packageVersion('ws')}, echo of key and value`)
  return sides
}

async function measure({ system, server, results }: Side): Promise<void> {
  const options: SdkOptions = { system, port: server.port, ...settings }
  const result = await runScript<SdkResult>('sdk-load.ts', options)
  if (result.wrong > 0) throw new Error(`${system}: ${result.wrong} wrong values`)
  results.push(result)
}

function rowsOf(sides: readonly Side[], call: 'get' | 'set') {
  const perSecond = ({ results }: Side) => results.map((result) => result[call].perSecond)
  const kvass = median(perSecond(sides[0]!))
  return sides.map((side) => {
    const rates = perSecond(side)
    return {
      call,
      system: side.system,
      perSecond: rates,
      median: median(rates),
      spread: spread(rates),
      cpu: median(side.results.map((result) => result[call].cpu)),
      ratio: kvass / median(rates),
    }
  })
}

/** Runs all in turn, `rounds` times, and prints them. */
export async function benchSdk(rounds: number): Promise<object> {
  const servers: Server[] = []
  const sides: Side[] = []
  const { concurrency, valueBytes } = settings
  printSettings('load', `${concurrency} calls under way on one connection, ${valueBytes}-byte values`)
  try {
    sides.push(...(await start(servers)))
    for (let round = 0; round < rounds; round++) for (const side of sides) await measure(side)
  } finally {
    for (const server of servers) await server.stop()
  }
  const rows = [...rowsOf(sides, 'get'), ...rowsOf(sides, 'set')]
  printTable([
    ['call, system', 'a second', 'spread', "client's core", 'kvass is', 'goal'],
    ...rows.map(({ call, system, median, spread, cpu, ratio }) => [
      `${call} ${system}`,
      short(median),
      percent(spread),
      percent(cpu),
      system === 'kvass' ? '' : `${ratio.toFixed(2)} x`,
      system === 'nats' ? atLeast(goalOfNats, ratio) : '',
    ]),
  ])
  return { settings, rows }
}
