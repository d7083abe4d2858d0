// One timer for all sockets of a gateway: it lets each look, about once a second, at what no event tells it.
// It does not know what they look at.

/** Who wants to be woken. */
export interface Beating {
  /** `now` is monotonic, in milliseconds. */
  beat(now: number): void
}

/** Members that one turn of a beat wakes at the least. */
const fewestAtOnce = 4

export class Heartbeat {
  /** Monotonic milliseconds at the last beat: a clock that costs nothing to read. */
  now = performance.now()
  readonly #intervalMs: number
  readonly #members = new Set<Beating>()
  #timer: NodeJS.Timeout | undefined
  /** Who is still to be woken in the beat under way. */
  #left: Iterator<Beating> | undefined

  /** Beats often enough to keep the shortest of the given times to about a quarter, at most once a second. */
  constructor(...timesMs: number[]) {
    this.#intervalMs = Math.max(10, Math.min(1_000, ...timesMs.map((time) => time / 4)))
  }

  add(member: Beating): void {
    this.#members.add(member)
    if (this.#timer !== undefined) return
    this.now = performance.now()
    this.#timer = setInterval(() => this.#beat(), this.#intervalMs)
    this.#timer.unref()
  }

  delete(member: Beating): void {
    this.#members.delete(member)
    if (this.#members.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /**
   * Wakes all members, a few every other millisecond, over no longer than until the next beat. Each may have to write
   * a ping, and replies wait for as long as a turn takes: with 100 members in a turn those beside 15,000 idle
   * connections were late by half (`npm run bench -- growth`).
   */
  #beat(): void {
    if (this.#left !== undefined) return
    this.#left = this.#members.values()
    const { size } = this.#members
    const atOnce = Math.max(fewestAtOnce, Math.ceil((2 * size) / this.#intervalMs))
    this.#wakeSome(atOnce, Math.floor(this.#intervalMs / (Math.ceil(size / atOnce) + 1)))
  }

  #wakeSome(atOnce: number, pauseMs: number): void {
    this.now = performance.now()
    for (let count = 0; count < atOnce; count++) {
      const { value, done } = this.#left!.next()
      if (done) {
        this.#left = undefined
        return
      }
      value.beat(this.now)
    }
    setTimeout(() => this.#wakeSome(atOnce, pauseMs), pauseMs).unref()
  }
}
