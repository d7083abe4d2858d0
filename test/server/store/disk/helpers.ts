// What the tests of the engine on disk share: stores that crash, file systems that fail, and where the log ends.

import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDisk } from '../../../../server/store/disk/engine.ts'
import type { DiskOptions } from '../../../../server/store/disk/options.ts'
import type { Engine } from '../../../../server/store/engine.ts'
import { Base } from '../../../../server/store/lmdb/base.ts'
import type { Jobs } from '../../../../server/store/lmdb/jobs.ts'
import { type TableWriter, ThreadWriter } from '../../../../server/store/lmdb/writer.ts'
import { type LogFiles, realFiles } from '../../../../server/store/log/files.ts'
import { replayLog } from '../../../../server/store/log/replay.ts'
import { whenOver } from '../../../helpers/cleanup.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'

/** Opens a store that closes when the test is over. */
export async function opened(directory: string, options: Partial<DiskOptions> = {}): Promise<Engine> {
  const engine = await openDisk({ directory, durability: 'flush', ...options })
  whenOver(() => engine.close())
  return engine
}

/** The directory as the death of its process at this moment leaves it: a copy, whose lock nobody holds. */
export function crashed(directory: string): string {
  const copy = join(temporaryFolder(), 'data')
  cpSync(directory, copy, { recursive: true })
  rmSync(join(copy, 'lock'), { force: true })
  return copy
}

export function safe(engine: Engine): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.whenSafe('t', engine.revisionOf('t'), (error) => (error === undefined ? resolve() : reject(error)))
  })
}

/** File and offset at which the log of a directory ends. */
export async function logEnd(directory: string, epoch: string): Promise<{ path: string; offset: number }> {
  const base = new Base(join(directory, 'lmdb'))
  const state = base.state()!
  await base.close()
  const nothing = () => {}
  const sink = { set: nothing, delete: nothing, create: nothing, drop: nothing }
  const end = replayLog(join(directory, 'log'), { ...state, epoch }, sink, realFiles)
  return { path: end.slot!.path, offset: end.offset }
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wanted`), { code })
}

/** Writes to LMDB while `broken` is not set; then every job fails with it, and leaves nothing. */
export class FaultyWriter implements TableWriter {
  broken: Error | undefined
  /** Jobs that failed. */
  readonly failed: string[] = []
  readonly #real: TableWriter
  readonly #failsAt: (name: string) => boolean

  constructor(path: string, failsAt: (name: string) => boolean = () => true) {
    this.#real = new ThreadWriter(path)
    this.#failsAt = failsAt
  }

  async run<Name extends keyof Jobs>(name: Name, job: Parameters<Jobs[Name]>[0]) {
    if (this.broken === undefined || !this.#failsAt(name)) return await this.#real.run(name, job)
    this.failed.push(name)
    throw this.broken
  }

  close(): Promise<void> {
    return this.#real.close()
  }
}

/** A file system whose calls fail when told to. `fill`: the zeros that take space ahead of need. */
export class FaultyFiles implements LogFiles {
  readonly broken: { fill?: Error | undefined; write?: Error | undefined; sync?: Error | undefined } = {}
  /** Calls that reached the system, by kind. */
  readonly calls = { fill: 0, write: 0, sync: 0 }
  readonly open = realFiles.open
  readonly close = realFiles.close
  readonly size = realFiles.size
  readonly read = realFiles.read
  readonly unlink = realFiles.unlink
  readonly syncDirectory = realFiles.syncDirectory
  /** Set: writes and syncs in the pool wait for it. */
  gate: Promise<void> | undefined

  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
    this.#try(isFill(bytes, offset) ? 'fill' : 'write')
    return realFiles.writeSync(fd, bytes, offset, length, position)
  }

  write(...[fd, bytes, offset, length, position, done]: Parameters<LogFiles['write']>): void {
    try {
      this.#try(isFill(bytes, offset) ? 'fill' : 'write')
    } catch (error) {
      setImmediate(() => done(error as Error, 0))
      return
    }
    realFiles.write(fd, bytes, offset, length, position, done)
  }

  datasync(fd: number, done: (error: Error | null) => void): void {
    const go = (): void => {
      try {
        this.#try('sync')
      } catch (error) {
        setImmediate(() => done(error as Error))
        return
      }
      realFiles.datasync(fd, done)
    }
    if (this.gate === undefined) go()
    else void this.gate.then(go)
  }

  datasyncSync(fd: number): void {
    this.#try('sync')
    realFiles.datasyncSync(fd)
  }

  #try(kind: 'fill' | 'write' | 'sync'): void {
    const error = this.broken[kind]
    if (error !== undefined) throw error
    this.calls[kind]++
  }
}

/** A group begins with its salt, a segment with its name. */
function isFill(bytes: Uint8Array, offset: number): boolean {
  return bytes.subarray(offset, offset + 8).every((byte) => byte === 0)
}
