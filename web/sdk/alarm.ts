// One timer for the earliest of many deadlines.
import { maxTimerMs } from './in-time.ts'

export class Alarm {
  /** Monotonic milliseconds. */
  #deadline = Number.POSITIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Called at the deadline with how late it is in milliseconds; before it, where no timer lasts that long. */
  readonly #ring: (lateMs: number) => void

  constructor(ring: (lateMs: number) => void) {
    this.#ring = ring
  }

  /** Takes a deadline, if it is earlier than the one that it has. */
  advance(deadline: number): void {
    if (deadline < this.#deadline) this.set(deadline)
  }

  /** Takes a deadline in place of the one that it has; none for Infinity. */
  set(deadline: number): void {
    clearTimeout(this.#timer)
    this.#deadline = deadline
    if (deadline === Number.POSITIVE_INFINITY) return
    const ring = () => this.#ring(performance.now() - deadline)
    this.#timer = setTimeout(ring, Math.min(deadline - performance.now(), maxTimerMs))
  }
}
