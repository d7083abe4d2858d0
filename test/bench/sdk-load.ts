// One client with many calls under way, a process of its own: each is made again as it finishes, and each value that
// comes back is checked. Run with one JSON argument (SdkOptions); prints one JSON line (SdkResult).
import { type Client, clients, type System } from './sdk-clients.ts'

export interface SdkOptions {
  readonly system: System
  readonly port: number
  readonly concurrency: number
  readonly keysPerCaller: number
  readonly valueBytes: number
  readonly warmupSeconds: number
  readonly seconds: number
}

interface SdkRun {
  readonly perSecond: number
  /** Share of one core that the client took. */
  readonly cpu: number
}

export interface SdkResult {
  readonly get: SdkRun
  readonly set: SdkRun
  readonly wrong: number
}

const options = JSON.parse(process.argv[2]!) as SdkOptions
let writes = 0
let wrong = 0

interface Entry {
  readonly key: string
  /** What it was set to last. */
  value: string
}

/** Each caller has keys of its own, so that it knows what they hold. */
function entriesOf(caller: number): Entry[] {
  return Array.from({ length: options.keysPerCaller }, (_, number) => {
    return { key: `key.${String(caller * options.keysPerCaller + number).padStart(6, '0')}`, value: '' }
  })
}

async function get(client: Client, entry: Entry): Promise<void> {
  if ((await client.get(entry.key)) !== entry.value) wrong++
}

async function set(client: Client, entry: Entry): Promise<void> {
  const value = `${entry.key}:${++writes}:`.padEnd(options.valueBytes, 'x')
  await client.set(entry.key, value)
  entry.value = value
}

type Call = typeof get

/** Each caller makes its calls one after the other, until it is told that it is over. */
async function measure(client: Client, callers: readonly (readonly Entry[])[], call: Call): Promise<SdkRun> {
  let done = 0
  let isOver = false
  const caller = async (entries: readonly Entry[]): Promise<void> => {
    for (let at = 0; !isOver; at = (at + 1) % entries.length) {
      await call(client, entries[at]!)
      done++
    }
  }
  const all = callers.map(caller)
  await after(options.warmupSeconds)
  done = 0
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await after(options.seconds)
  const seconds = (performance.now() - begun) / 1000
  const perSecond = done / seconds
  const { user, system } = process.cpuUsage(cpu)
  isOver = true
  await Promise.all(all)
  return { perSecond, cpu: (user + system) / 1e6 / seconds }
}

/** Calls once for every key. */
async function sweep(client: Client, callers: readonly (readonly Entry[])[], call: Call): Promise<void> {
  await Promise.all(
    callers.map(async (entries) => {
      for (const entry of entries) await call(client, entry)
    }),
  )
}

function after(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

const client = await clients[options.system](options.port)
const callers = Array.from({ length: options.concurrency }, (_, caller) => entriesOf(caller))
await sweep(client, callers, set)
const result = { get: await measure(client, callers, get), set: await measure(client, callers, set) }
// What was set last is what is there.
await sweep(client, callers, get)
await client.close()
console.log(JSON.stringify({ ...result, wrong } satisfies SdkResult))
process.exit()
