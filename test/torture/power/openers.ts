// The other end of opener.ts: has one process open many images, and starts another where an image ended it.
import { type ChildProcess, fork, type StdioOptions } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenJob, OpenResult } from './opener.ts'
import { type Call, callsIn } from './record.ts'
import { recorded } from './shim.ts'

export interface Opened {
  readonly result: OpenResult
  /** What the process did. */
  readonly calls: readonly Call[]
}

/** Milliseconds after which an open hangs. */
const longestOpenMs = 20_000

export class Opener {
  readonly #file: string
  readonly #shim: string
  readonly #root: string
  #record = ''
  #read = 0
  #records = 0
  /** What the process wrote to stderr. */
  #errors = ''
  #child: ChildProcess | undefined

  /** Images lie below the folder `root`; `file` is the translated opener.ts. */
  constructor(file: string, shim: string, root: string) {
    this.#file = file
    this.#shim = shim
    this.#root = root
  }

  /** Opens an image. What is wrong with it is part of the result; it never throws for that. */
  async open(job: OpenJob): Promise<Opened> {
    this.#child ??= this.#start()
    const result = await this.#ask(this.#child, job)
    return { result, calls: this.#newCalls() }
  }

  close(): void {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  #start(): ChildProcess {
    this.#record = join(this.#root, `opener-${++this.#records}.record`)
    this.#read = 0
    const env = recorded(this.#shim, this.#root, this.#record)
    const stdio: StdioOptions = ['ignore', 'inherit', 'pipe', 'ipc']
    const child = fork(this.#file, [], { execArgv: [], serialization: 'advanced', env, stdio })
    this.#errors = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    return child
  }

  #ask(child: ChildProcess, job: OpenJob): Promise<OpenResult> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        done({ refused: `the store did not open within ${longestOpenMs} ms` })
        this.close()
      }, longestOpenMs)
      const onClose = (code: number | null, signal: string | null): void => {
        this.#child = undefined
        done({ refused: `the process ended with ${signal ?? code}: ${this.#errors.slice(0, 400)}` })
      }
      const done = (result: OpenResult): void => {
        clearTimeout(timer)
        child.off('message', done)
        child.off('close', onClose)
        resolve(result)
      }
      child.on('message', done)
      child.on('close', onClose)
      child.send(job)
    })
  }

  #newCalls(): Call[] {
    const fd = openSync(this.#record, 'r')
    const bytes = Buffer.alloc(fstatSync(fd).size - this.#read)
    readSync(fd, bytes, 0, bytes.length, this.#read)
    closeSync(fd)
    this.#read += bytes.length
    return callsIn(bytes)
  }
}
