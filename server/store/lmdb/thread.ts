// The writer's thread: runs the jobs that change the tables, one after another, away from the main thread.
// Its other end is writer.ts.
import { parentPort, workerData } from 'node:worker_threads'
import { Base } from './base.ts'
import { type Jobs, jobsOf } from './jobs.ts'

export interface ThreadData {
  readonly path: string
}

export interface Request {
  readonly id: number
  readonly name: keyof Jobs | 'close'
  readonly job: never
}

export interface JobResult {
  readonly id: number
  readonly result?: unknown
  readonly error?: { message: string; code: unknown }
}

const { path } = workerData as ThreadData
const port = parentPort!
const base = new Base(path)
const jobs = jobsOf(base)

port.on('message', ({ id, name, job }: Request) => {
  if (name === 'close') {
    void base.close().then(() => {
      port.postMessage({ id } satisfies JobResult)
      port.close()
    })
    return
  }
  try {
    port.postMessage({ id, result: jobs[name](job) } satisfies JobResult)
  } catch (error) {
    const { message, code } = error as Error & { code?: unknown }
    port.postMessage({ id, error: { message, code } } satisfies JobResult)
  }
})
