// Waiting for the user's own code, for as long as for a call.
import { KvassError } from '../../proto/status.ts'

/** Longer timers fire at once. */
export const maxTimerMs = 2 ** 31 - 1

/** What the user's code gives; rejects with KvassError 503 after `timeoutMs`. */
export function inTime<T>(work: T | Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const late = () => reject(new KvassError(503, `No answer within ${timeoutMs} ms.`))
    const timer = setTimeout(late, Math.min(timeoutMs, maxTimerMs))
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}
