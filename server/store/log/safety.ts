// What of the log is safe, and who waits for more of it to be. It knows neither records nor files.

interface Waiter {
  readonly revision: number
  readonly callback: (error?: Error) => void
}

/** Waiters that have been called are dropped from the front of the list once there are more of them than this. */
const mostCalled = 4096

export class Safety {
  /** All records up to this revision are safe. */
  revision: number
  /** Why nothing becomes safe any more. */
  failure: Error | undefined
  readonly #waiting: Waiter[] = []
  /** The first of `#waiting` that has not been called. */
  #head = 0
  #isDrainDue = false

  constructor(revision: number) {
    this.revision = revision
  }

  /**
   * Calls back when the log is safe up to `revision`, or with the error when it never will be. Callbacks run in the
   * order of these calls, never within one.
   */
  whenSafe(revision: number, callback: (error?: Error) => void): void {
    this.#waiting.push({ revision, callback })
    if ((revision <= this.revision || this.failure !== undefined) && !this.#isDrainDue) {
      this.#isDrainDue = true
      queueMicrotask(this.drain)
    }
  }

  /** Calls those back who wait for no more than what is safe. */
  readonly drain = (): void => {
    this.#isDrainDue = false
    const waiting = this.#waiting
    while (this.#head < waiting.length) {
      const { revision, callback } = waiting[this.#head]!
      const isSafe = revision <= this.revision
      if (!isSafe && this.failure === undefined) break
      this.#head++
      callback(isSafe ? undefined : this.failure)
    }
    if (this.#head === waiting.length) waiting.length = this.#head = 0
    else if (this.#head > mostCalled && this.#head * 2 > waiting.length) {
      waiting.splice(0, this.#head)
      this.#head = 0
    }
  }
}
