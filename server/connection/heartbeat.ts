// One timer for all sockets of a gateway: it lets each look, about once a second, at what no event tells it.
// It does not know what they look at.

/** Who wants to be woken. */
export interface Beating {
  /** `now` is monotonic, in milliseconds. */
  beat(now: number): void
}

/** Members that one turn of a beat wakes: of 15,000 at once the last reply would wait for ten milliseconds. */
const membersAtOnce = 100

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

  /** Wakes all members, some now and then, over no longer than until the next beat. */
  #beat(): void {
    if (this.#left !== undefined) return
    this.#left = this.#members.values()
    const turns = Math.ceil(this.#members.size / membersAtOnce)
    this.#wakeSome(Math.floor(this.#intervalMs / (turns + 1)))
  }

  #wakeSome(pauseMs: number): void {
    this.now = performance.now()
    for (let count = 0; count < membersAtOnce; count++) {
      const { value, done } = this.#left!.next()
      if (done) {
        this.#left = undefined
        return
      }
      value.beat(this.now)
    }
    setTimeout(() => this.#wakeSome(pauseMs), pauseMs).unref()
  }
}
