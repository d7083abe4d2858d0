// Stores that are made to be killed: the engine alone in a child process, and the whole gateway. The torture speaks
// to both in the same words.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

/** One command of the torture. All of an op is applied or nothing. */
export interface Op {
  readonly id: number
  readonly kind: 'set' | 'delete' | 'group' | 'drop'
  readonly table: string
  /** Of a group, all keys get the value. */
  readonly keys: readonly string[]
  readonly value: string
}

/** What a table holds, by key. */
export type Dump = Map<string, { value: string; revision: number }>

export interface Victim {
  /** Milliseconds that opening the store took, and those from the start of the process to being ready. */
  readonly openMs: number
  readonly readyMs: number
  /** Sends ops without waiting; `onAck` of each is called once it was acknowledged. */
  send(ops: readonly Op[]): void
  /** What a table holds now. */
  dump(table: string): Promise<Dump>
  /** Kills it with SIGKILL and waits until all that it said has been heard. */
  kill(): Promise<void>
}

export interface VictimOptions {
  readonly directory: string
  readonly durability: 'flush' | 'commit'
  readonly checkpointBytes: number
  readonly onAck: (id: number, revision: number) => void
  /** `early`: ops are acknowledged before they are written. The torture must find that out. */
  readonly fault?: 'early' | undefined
}

export type ToEngine = { ops: readonly Op[] } | { dump: string }
export type FromEngine =
  | { ready: number }
  | { acks: [id: number, revision: number][] }
  | { dump: [key: string, value: string, revision: number][] }
  | { failed: string }

/** Translates the engine and a process that runs it, so that a start does not pay for it; returns its file. */
export async function buildVictim(entry = 'engine-victim'): Promise<{ file: string; remove(): void }> {
  const root = join(import.meta.dirname, '../..')
  const folder = mkdtempSync(join(tmpdir(), 'kvass-victim-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  await build({
    entryPoints: [join(import.meta.dirname, `${entry}.ts`), join(root, 'server/store/lmdb/thread.ts')],
    outdir: folder,
    entryNames: '[name]',
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
  return { file: join(folder, `${basename(entry)}.js`), remove: () => rmSync(folder, { recursive: true }) }
}

/** The engine in a child process, without a gateway around it. */
export const engineIn = (file: string) => (options: VictimOptions) => startEngine(file, options)

async function startEngine(file: string, options: VictimOptions): Promise<Victim> {
  const { directory, durability, checkpointBytes, onAck, fault } = options
  const started = performance.now()
  const args = [directory, durability, String(checkpointBytes), fault ?? '']
  const child = fork(file, args, { execArgv: [], serialization: 'advanced' })
  let onDump: (dump: Dump) => void = () => {}
  const openMs = await new Promise<number>((resolve, reject) => {
    child.on('message', (message: FromEngine) => {
      if ('ready' in message) resolve(message.ready)
      else if ('acks' in message) for (const [id, revision] of message.acks) onAck(id, revision)
      else if ('dump' in message)
        onDump(new Map(message.dump.map(([key, value, revision]) => [key, { value, revision }])))
      else reject(new Error(message.failed))
    })
    child.once('exit', (code, signal) => reject(new Error(`the engine's process ended with ${signal ?? code}`)))
  })
  const say = (message: ToEngine): void => void child.send(message, () => {})
  return {
    openMs,
    readyMs: performance.now() - started,
    send: (ops) => say({ ops }),
    dump: (table) =>
      new Promise((resolve) => {
        onDump = resolve
        say({ dump: table })
      }),
    kill: () => killed(child),
  }
}

async function killed(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
