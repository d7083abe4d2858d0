// The thread of shared-writer.ts: runs the jobs of many stores, one after another.
import { parentPort } from 'node:worker_threads'
import { Base } from '../../server/store/lmdb/base.ts'
import { type Jobs, jobsOf } from '../../server/store/lmdb/jobs.ts'

export interface SharedRequest {
  readonly id: number
  /** LMDB's folder of the store. */
  readonly path: string
  readonly name: keyof Jobs | 'close'
  readonly job: never
}

export interface SharedAnswer {
  readonly id: number
  readonly result?: unknown
  /** Why the job failed. */
  readonly message?: string
}

const port = parentPort!
const bases = new Map<string, Base>()

async function run({ path, name, job }: SharedRequest): Promise<unknown> {
  const base = bases.get(path) ?? new Base(path)
  bases.set(path, base)
  if (name !== 'close') return jobsOf(base)[name](job)
  bases.delete(path)
  return base.close()
}

port.on('message', (request: SharedRequest) => {
  const { id } = request
  run(request).then(
    (result) => port.postMessage({ id, result } satisfies SharedAnswer),
    ({ message }: Error) => port.postMessage({ id, message } satisfies SharedAnswer),
  )
})
