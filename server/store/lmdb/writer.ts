// The main thread's end of the writer's thread: hands jobs over and brings the results back as promises.
// The thread starts with the first job; if it dies, its jobs fail and the next one starts another.
import { Worker } from 'node:worker_threads'
import type { Jobs } from './jobs.ts'
import { sourceLoader } from './source-loader.ts'
import type { JobResult, ThreadData } from './thread.ts'

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/** The writer's thread. From sources, as the tests run it, its module has to be translated on the way. */
function startThread(workerData: ThreadData): Worker {
  const loader = sourceLoader()
  if (loader === undefined) return new Worker(new URL('./thread.js', import.meta.url), { workerData })
  const thread = new URL('./thread.ts', import.meta.url).href
  const code = `import { register } from '${loader}'; register(); await import('${thread}')`
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData })
}

/** Whoever writes to LMDB. */
export interface TableWriter {
  /** Runs a job after those before it. */
  run<Name extends keyof Jobs>(name: Name, job: Parameters<Jobs[Name]>[0]): Promise<ReturnType<Jobs[Name]>>
  /** Ends after the last job. */
  close(): Promise<void>
}

export class ThreadWriter implements TableWriter {
  readonly #path: string
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #lastId = 0

  constructor(path: string) {
    this.#path = path
  }

  run<Name extends keyof Jobs>(name: Name, job: Parameters<Jobs[Name]>[0]): Promise<ReturnType<Jobs[Name]>> {
    return this.#send(name, job) as Promise<ReturnType<Jobs[Name]>>
  }

  async close(): Promise<void> {
    if (this.#worker === undefined) return
    // A thread that is lost on the way has nothing left to write either.
    await this.#send('close', {}).catch(() => {})
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  #send(name: keyof Jobs | 'close', job: object): Promise<unknown> {
    this.#worker ??= this.#start()
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      // While a job runs, the process waits for it.
      this.#worker!.ref()
      this.#worker!.postMessage({ id, name, job })
    })
  }

  #start(): Worker {
    const worker = startThread({ path: this.#path })
    worker.on('message', ({ id, result, error }: JobResult) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) worker.unref()
      if (error === undefined) waiting?.resolve(result as never)
      else waiting?.reject(Object.assign(new Error(error.message), { code: error.code }))
    })
    worker.on('error', (error) => this.#lost(worker, error as Error))
    worker.on('exit', () => this.#lost(worker, new Error("the writer's thread ended")))
    return worker
  }

  #lost(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
