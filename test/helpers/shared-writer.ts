// One thread that writes to LMDB for all stores of a test file: starting one from sources for each store takes half a second.
import { Worker } from 'node:worker_threads'
import type { Jobs } from '../../server/store/lmdb/jobs.ts'
import { sourceLoader } from '../../server/store/lmdb/source-loader.ts'
import type { TableWriter } from '../../server/store/lmdb/writer.ts'
import type { SharedAnswer, SharedRequest } from './shared-writer-thread.ts'

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

let worker: Worker | undefined
let lastId = 0
const waiting = new Map<number, Waiting>()

function start(): Worker {
  const thread = new URL('./shared-writer-thread.ts', import.meta.url).href
  const code = `import { register } from '${sourceLoader()}'; register(); await import('${thread}')`
  const started = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
  started.on('message', ({ id, result, message }: SharedAnswer) => {
    const { resolve, reject } = waiting.get(id)!
    waiting.delete(id)
    if (message === undefined) resolve(result as never)
    else reject(new Error(message))
  })
  started.unref()
  return started
}

function send(request: Omit<SharedRequest, 'id'>): Promise<unknown> {
  worker ??= start()
  const id = ++lastId
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    worker!.postMessage({ id, ...request })
  })
}

/** The writer of one store, in the thread that it shares. */
export class SharedWriter implements TableWriter {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  run<Name extends keyof Jobs>(name: Name, job: Parameters<Jobs[Name]>[0]): Promise<ReturnType<Jobs[Name]>> {
    return send({ path: this.#path, name, job: job as never }) as Promise<ReturnType<Jobs[Name]>>
  }

  async close(): Promise<void> {
    if (worker !== undefined) await send({ path: this.#path, name: 'close', job: undefined as never })
  }
}
