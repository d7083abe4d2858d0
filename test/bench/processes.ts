// Starts what is compared - gateways and controls, and Redis's own load - each alone on the first core, and the load on the second.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { binary } from '../helpers/binary.ts'
import type { LoadOptions, LoadResult } from './workload.ts'

const here = import.meta.dirname
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0

/** Whether servers and load have a core each. */
export const pinned = canPin

/** A command line that runs on one core where the system can do that. */
export function onCore(core: number, command: string, args: readonly string[]): [string, string[]] {
  return canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, [...args]]
}

export interface Server {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

/** A server whose process is up; its folder goes with it. */
export function started(child: ChildProcess, port: number, folder?: string): Server {
  const ended = once(child, 'exit')
  return {
    port,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM')
      await ended
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = await once(createInterface(child.stdout!), 'line')
  return line as string
}

/** Of the gateway in dist/. */
export function gatewayVersion(): string {
  return spawnSync(process.execPath, [binary, '--version'], { encoding: 'utf8' }).stdout.trim()
}

/** `kvass serve` from dist/, with a data directory of its own. */
export async function startGateway(...options: string[]): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'kvass-bench-'))
  const args = [binary, 'serve', '--port', '0', '--data', folder, '--log-level', 'warn', ...options]
  const child = spawn(...onCore(0, process.execPath, args), { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await firstLine(child)
  return started(child, Number(/:(\d+) /.exec(line)![1]), folder)
}

/** A script of this folder that prints its port, on the core of the servers. */
export async function startScript(script: string, ...args: string[]): Promise<Server> {
  const all = ['--expose-gc', '--import', 'tsx', join(here, script), ...args]
  const child = spawn(...onCore(0, process.execPath, all), { stdio: ['ignore', 'pipe', 'inherit'] })
  return started(child, Number(await firstLine(child)))
}

/** Runs a script of this folder on the core of the load; returns the JSON that it prints. */
export async function runScript<Result>(script: string, options: object): Promise<Result> {
  const args = ['--import', 'tsx', join(here, script), JSON.stringify(options)]
  const { stdout } = await promisify(execFile)(...onCore(1, process.execPath, args))
  return JSON.parse(stdout)
}

/** Starts a script of this folder that stays, on the core of the load; settles when it says that it is ready. */
export async function holdScript(script: string, options: object): Promise<Server> {
  const args = ['--import', 'tsx', join(here, script), JSON.stringify(options)]
  const child = spawn(...onCore(1, process.execPath, args), { stdio: ['ignore', 'pipe', 'inherit'] })
  return started(child, Number(await firstLine(child)))
}

/** Bare `ws` that replies to each request of `requestBytes` with `replyBytes`. */
export async function startControl(requestBytes: number, replyBytes: number): Promise<Server> {
  const args = ['--import', 'tsx', join(here, 'control.ts'), String(requestBytes), String(replyBytes)]
  const child = spawn(...onCore(0, process.execPath, args), { stdio: ['ignore', 'pipe', 'inherit'] })
  return started(child, Number(await firstLine(child)))
}

/** Runs the load generator to its end. */
export async function load(options: LoadOptions & { readonly seedOnly?: boolean }): Promise<LoadResult> {
  const args = ['--import', 'tsx', join(here, 'generator.ts'), JSON.stringify(options)]
  const { stdout } = await promisify(execFile)(...onCore(1, process.execPath, args))
  return JSON.parse(stdout)
}

/** Runs redis-benchmark with a command; returns requests per second and the 99th percentile in microseconds. */
export async function redisBenchmark(
  port: number,
  args: readonly string[],
): Promise<{ readonly perSecond: number; readonly p99: number }> {
  const all = ['-p', String(port), '--csv', ...args]
  const { stdout } = await promisify(execFile)(...onCore(1, 'redis-benchmark', all), { maxBuffer: 1 << 26 })
  const [head, row] = stdout
    .trim()
    .split('\n')
    .slice(-2)
    .map((line) => line.slice(1, -1).split('","')) as [string[], string[]]
  const value = (name: string) => Number(row[head.indexOf(name)])
  return { perSecond: value('rps'), p99: 1000 * value('p99_latency_ms') }
}
