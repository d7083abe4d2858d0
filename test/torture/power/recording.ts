// Records one life of a data directory, or several: a real gateway under load, and under the shim, which ends in order,
// or is killed, or whose disk fails once, and is started again on what it left.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Random } from '../../../server/testing/random.ts'
import { binary } from '../../helpers/binary.ts'
import { Frames, type Reply } from '../gateway-victim.ts'
import { LoadClient } from './client.ts'
import { Disk } from './disk.ts'
import { History } from './history.ts'
import { type Call, kinds, readRecord } from './record.ts'
import { recorded } from './shim.ts'

/**
 * How the lives of a directory go: `whole`, one that ends in order; `killed`, a kill at any call; `failed sync`, an
 * fdatasync of the log fails and the gateway is started again; `new file`, a kill when a file of the log was just made.
 */
export const stories = ['whole', 'killed', 'failed sync', 'new file'] as const
export type Story = (typeof stories)[number]

export interface Recording {
  readonly story: Story
  readonly calls: readonly Call[]
  /** The folder that the data directory was in. */
  readonly root: string
  readonly history: History
  /** By call: the highest revision that anyone had been told of before it. */
  readonly told: Float64Array
  /** First call after the last gateway had started. */
  readonly started: number
  /** What a file held, while a gateway ran, that changes through a map. */
  readonly mapped: Buffer
  readonly writes: number
}

export interface RecordingOptions {
  readonly shim: string
  /** A new folder for the data directory and the record. */
  readonly folder: string
  readonly random: Random
  readonly story: Story
  /** A fault to plant in every life: see shim.c. */
  readonly plant?: string
  /** Writes of each client where no fault ends them. Default 400. */
  readonly writes?: number
}

const clients = 3
const checkpointBytes = 96 << 10
/** A client's writes in a life that a fault ends: more than it takes. Its numbers are remembered for 1,024 of them. */
const untilFault = 800
/** And in each later life. */
const afterwards = 150

/** Runs the story and returns what it left. Throws where the gateway does not do what it must. */
export async function recordStory(options: RecordingOptions): Promise<Recording> {
  const { folder, random, story, shim, plant = '' } = options
  const root = join(folder, 'root')
  mkdirSync(root)
  const record = join(folder, 'record')
  const load = new Load(random, story !== 'whole', story === 'whole' ? (options.writes ?? 400) : untilFault)
  const fault = [plant, faultOf(story, random)].filter((text) => text !== '').join(',')
  const lives = fault === plant ? [plant] : [fault, plant]
  for (const planted of lives) {
    const data = join(root, 'data')
    const gateway = startGateway(data, recorded(shim, root, record, planted))
    const isLast = planted === lives[lives.length - 1]
    try {
      await load.run(gateway, data, isLast)
    } finally {
      gateway.kill('SIGKILL')
    }
  }
  const calls = readRecord(record)
  compareFiles(calls, root)
  const { told, replies } = toldBy(calls)
  const lastPid = calls[calls.length - 1]!.pid
  load.compareReplies(replies)
  return {
    story,
    calls,
    root,
    told,
    history: new History(load.ops),
    started: calls.findIndex(({ kind, pid }) => kind === kinds.accept && pid === lastPid),
    mapped: load.mapped,
    writes: load.ops.length,
  }
}

function faultOf(story: Story, random: Random): string {
  if (story === 'killed') return `die-at=${100 + random.below(600)}`
  if (story === 'failed sync') return `fail-sync=${1 + random.below(12)}`
  return story === 'new file' ? `die-create=${2 + random.below(2)}` : ''
}

/** The clients over all lives of a directory. */
class Load {
  mapped = Buffer.alloc(0)
  readonly #clients: LoadClient[]
  #target: number

  constructor(random: Random, numbered: boolean, writes: number) {
    this.#clients = Array.from({ length: clients }, (_, index) => new LoadClient(random, index, numbered))
    this.#target = writes
  }

  get ops() {
    return this.#clients.flatMap(({ ops }) => ops)
  }

  /** Runs until all is written and answered, or the gateway is gone or refuses; the last gateway must not be. */
  async run(gateway: ChildProcess, data: string, isLast: boolean): Promise<void> {
    const ended = endOf(gateway)
    const port = await Promise.race([listeningOn(gateway), ended.then(() => undefined)])
    if (port !== undefined) await Promise.race([this.#write(port), ended])
    for (const client of this.#clients) client.disconnect()
    if (port !== undefined) this.mapped = readFileSync(join(data, 'lmdb/lock.mdb'))
    gateway.kill('SIGTERM')
    const end = await ended
    if (isLast) {
      const left = this.#clients.reduce((sum, { waiting }) => sum + waiting, 0)
      if (left > 0 || end.how !== '0')
        throw new Error(`the gateway left ${left} requests, and ended with ${end.how}: ${end.errors}`)
    }
    this.#target = Math.max(...this.#clients.map(({ ops }) => ops.length)) + afterwards
  }

  /** What the gateway says that it sent must be what came. A connection that broke may have lost the last of it. */
  compareReplies(sent: ReadonlyMap<number, number>): void {
    for (const { replies } of this.#clients) {
      for (const [port, count] of replies) {
        if (count > (sent.get(port) ?? 0))
          throw new Error(`${count} replies came, and the record has ${sent.get(port)}`)
      }
    }
  }

  async #write(port: number): Promise<void> {
    await Promise.all(this.#clients.map((client, index) => client.connect(port, index === 0)))
    await new Promise<void>((resolve) => {
      const go = (): void => {
        for (const client of this.#clients) if (client.ops.length < this.#target) client.pump()
        if (this.#clients.some(({ failed }) => failed) || this.#clients.every(({ waiting }) => waiting === 0)) resolve()
      }
      for (const client of this.#clients) client.onReply = go
      go()
    })
  }
}

function startGateway(data: string, env: NodeJS.ProcessEnv): ChildProcess {
  const args = [
    'serve',
    '--port',
    '0',
    '--tcp-port',
    '0',
    '--data',
    data,
    '--checkpoint-bytes',
    String(checkpointBytes),
  ]
  return spawn(process.execPath, [binary, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** How a process ended, and what it wrote to stderr. */
async function endOf(child: ChildProcess): Promise<{ how: string; errors: string }> {
  let errors = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const [code, signal] = await once(child, 'close')
  return { how: String(signal ?? code), errors }
}

/** The TCP port of a gateway, once it listens. */
async function listeningOn(child: ChildProcess): Promise<number> {
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string]
  return Number(/tcp:\/\/[^:]+:(\d+)/.exec(line)![1])
}

/** The record must tell all: played back, it gives the files as they are, byte for byte. */
function compareFiles(calls: readonly Call[], root: string): void {
  const disk = new Disk()
  for (const call of calls) disk.make(call)
  const there = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name))
  const names = [...disk.names.keys()]
  if (there.sort().join() !== names.sort().join()) throw new Error(`the record has ${names}, and there is ${there}`)
  for (const [path, node] of disk.names) {
    if (!('file' in node) || node.file.mapped) continue
    if (!readFileSync(path).equals(node.file.content)) throw new Error(`the record gives another ${path} than there is`)
  }
}

/** By call, what was told before it; and the replies on each connection, by the port of its peer. */
function toldBy(calls: readonly Call[]): { told: Float64Array; replies: Map<number, number> } {
  const told = new Float64Array(calls.length + 1)
  const replies = new Map<number, number>()
  const streams = new Map<string, Frames>()
  let highest = 0
  for (const [index, call] of calls.entries()) {
    told[index] = highest
    const id = `${call.pid} ${call.fd}`
    if (call.kind === kinds.accept) {
      const onReply = (reply: Reply): void => {
        replies.set(call.inode, (replies.get(call.inode) ?? 0) + 1)
        highest = Math.max(highest, highestIn(reply))
      }
      streams.set(id, new Frames(onReply))
    } else if (call.kind === kinds.send) streams.get(id)!.push(call.data)
  }
  told[calls.length] = highest
  return { told, replies }
}

/** The highest revision that a reply tells. */
function highestIn({ revision, revisions = [], changes = [], pairs = [] }: Reply): number {
  const told = [revision ?? '0', ...revisions, ...[...changes, ...pairs].map((one) => one.revision ?? '0')]
  return told.reduce((highest, text) => Math.max(highest, Number(text)), 0)
}
