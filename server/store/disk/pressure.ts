// Has writers wait while the log or the overlays are as large as they may become, and says when waiting would not help.
import { KvassError } from '../../../proto/status.ts'
import type { Log } from '../log/log.ts'
import type { Background } from './background.ts'
import type { Bounds } from './bounds.ts'

/** Bytes of records that may wait for a group in flight before writers wait. */
const maxPendingBytes = 16 << 20

export class Pressure {
  readonly #bounds: Bounds
  readonly #log: Log
  readonly #background: Background
  #relief: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined

  constructor(bounds: Bounds, log: Log, background: Background) {
    this.#bounds = bounds
    this.#log = log
    this.#background = background
  }

  /** Undefined: writes are taken now. Otherwise a promise that settles when they are again. */
  wait(): Promise<void> | undefined {
    if (!this.#bounds.isReached && this.#log.pendingBytes <= maxPendingBytes) return undefined
    // Where waiting would not help, writes are refused instead.
    if (this.#isFailed) return undefined
    if (this.#relief === undefined) {
      let resolve = (): void => {}
      const promise = new Promise<void>((settle) => {
        resolve = settle
      })
      this.#relief = { promise, resolve }
      this.#background.wake()
    }
    return this.#relief.promise
  }

  /** Throws KvassError 507 where a write could not be kept: the bound is reached, and LMDB takes no more. */
  admit(): void {
    const cause = this.#background.failure
    if (cause === undefined || !this.#bounds.isReached) return
    this.#background.wake()
    throw new KvassError(507, 'the tables on disk cannot take more: reads and deletes go on', { cause })
  }

  /** Has those who wait go on, where there is room again or never will be. */
  ease(): void {
    if (this.#relief !== undefined && (this.#isFailed || !this.#bounds.isReached)) this.end()
  }

  /** Has those who wait go on. */
  end(): void {
    this.#relief?.resolve()
    this.#relief = undefined
  }

  get #isFailed(): boolean {
    return this.#background.failure !== undefined || this.#log.failure !== undefined
  }
}
