// One timer for all sockets of a gateway: it lets each look, about once a second, at what no event tells it. Who has
// nothing to look at rests until it has: looking at all of 15,000 idle connections took 2 to 4 % of the core. It does
// not know what they look at.

/** Who wants to be woken. */
export interface Beating {
  /** The heartbeat's own note: where it keeps this member. */
  place: number
  /**
   * `now` is monotonic, in milliseconds. Answers the moment until which there is nothing to look at: 0 where there is
   * something now, Infinity where only a `touch` can bring it.
   */
  beat(now: number): number
}

/** Members that one turn of a beat wakes at the least. */
const fewestAtOnce = 4
/** Members that are woken before requests that came meanwhile have their turn: each may write, at 10 to 20 us. */
const mostBetweenRequests = 2
/**
 * Milliseconds between two turns of a long beat, and for which a turn gives way to requests: with more turns the process
 * would not count as idle, and keep garbage.
 */
const turnMs = 3
/** How much faster than planned a beat may go that is late. */
const mostFaster = 3
/** Milliseconds between two turns that others cannot have taken: the process stood still. */
const pauseMs = 100
/** Where in a beat the last of many are looked at. */
const lastTurnAt = 0.95
/** In place of the moment until which a member rests: woken in the next beat. */
const touched = -1

export class Heartbeat {
  /** Monotonic milliseconds at the last turn of a beat: a clock that costs nothing to read. */
  now = performance.now()
  /** Set by who takes requests: while some come, a turn gives way to them. */
  requested = false
  readonly #intervalMs: number
  readonly #members: Beating[] = []
  /** For each member until when it rests. */
  #rests = new Float64Array(16)
  #timer: NodeJS.Timeout | undefined
  /** How many are still to be looked at in the beat under way, from the last one down. */
  #left = 0
  /** How many there were as it began, and when that was. */
  #length = 0
  #begunAt = 0
  /** How many are left to the turns after this one, and until when it gives way. */
  #until = 0
  #givesWayUntil = 0
  /** When the last turn ended. */
  #endedAt = 0
  /** Whether the next beat was due before this one was over. */
  #isDue = false

  /** Beats often enough to keep the shortest of the given times to about a quarter, at most once a second. */
  constructor(...timesMs: number[]) {
    this.#intervalMs = Math.max(10, Math.min(1_000, ...timesMs.map((time) => time / 4)))
  }

  add(member: Beating): void {
    member.place = this.#members.push(member) - 1
    if (member.place === this.#rests.length) {
      const rests = new Float64Array(2 * member.place)
      rests.set(this.#rests)
      this.#rests = rests
    }
    this.#rests[member.place] = touched
    if (this.#timer !== undefined) return
    this.now = performance.now()
    this.#timer = setInterval(() => this.#beat(), this.#intervalMs)
    this.#timer.unref()
  }

  /** Ends a member's rest: it is woken in the next beat. */
  touch(member: Beating): void {
    this.#rests[member.place] = touched
  }

  /** Gives the place of a member to the last one, which has been looked at in this beat already. */
  delete(member: Beating): void {
    const members = this.#members
    if (members[member.place] !== member) return
    const last = members.pop()!
    if (last !== member) {
      members[member.place] = last
      this.#rests[member.place] = this.#rests[last.place]!
      last.place = member.place
    }
    if (members.length > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /**
   * Goes over all members, a few every some milliseconds, over no longer than until the next beat. Each may have to write,
   * and replies wait meanwhile: beside 15,000 connections with two watches, for up to half a millisecond if a turn did
   * not give way (`npm run bench -- growth`). Without requests it does not: the process would not count as idle.
   */
  #beat(): void {
    this.#isDue = this.#left > 0
    if (this.#isDue) return
    this.#left = this.#length = this.#members.length
    this.#begunAt = performance.now()
    this.#wakeSome()
  }

  /**
   * Goes so far as the beat should be by the end of this turn: a timer is late by what others do, and by a millisecond.
   * A beat that is late goes faster, and the more so the fewer turns it has; after a pause it has all the time it needs.
   */
  #wakeSome(): void {
    this.now = performance.now()
    const sinceMs = this.now - this.#endedAt
    const paceMs = sinceMs < pauseMs ? Math.max(turnMs, sinceMs) : turnMs
    const perMs = this.#length / (lastTurnAt * this.#intervalMs)
    const behind = this.#left - this.#length + (this.now - this.#begunAt + turnMs) * perMs
    const count = Math.max(fewestAtOnce, Math.ceil(Math.min(behind, mostFaster * paceMs * perMs)))
    this.#until = Math.max(0, this.#left - count)
    this.#givesWayUntil = this.requested ? this.now + turnMs : 0
    this.requested = false
    this.#goOn()
  }

  /** Wakes who is left to this turn. */
  readonly #goOn = (): void => {
    for (let woken = 0; this.#left > this.#until; ) {
      if (woken === mostBetweenRequests && performance.now() < this.#givesWayUntil) {
        setImmediate(this.#goOn)
        return
      }
      this.#left = Math.min(this.#left, this.#members.length) - 1
      if (this.#left < 0) break
      if (this.#rests[this.#left]! > this.now) continue
      this.#wake(this.#members[this.#left]!)
      woken++
    }
    this.#endedAt = performance.now()
    if (this.#left > 0) setTimeout(() => this.#wakeSome(), turnMs).unref()
    else this.#endBeat()
  }

  #endBeat(): void {
    this.#left = 0
    if (this.#isDue) this.#beat()
  }

  #wake(member: Beating): void {
    this.#rests[member.place] = 0
    const until = member.beat(this.now)
    // It may have gone meanwhile, or have been touched.
    const { place } = member
    if (this.#members[place] === member && this.#rests[place] !== touched) this.#rests[place] = until
  }
}
