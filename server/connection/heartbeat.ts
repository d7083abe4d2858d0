// One timer for all sockets of a gateway. About once a second it calls those that have something to check which no event
// tells them: a deadline, a ping that is due. The others it skips: to call 15,000 idle connections each second took 2 to
// 4 % of the core (`npm run bench -- growth`). It does not know what they check.

/** What the heartbeat calls. */
export interface HeartbeatMember {
  /** The heartbeat's own note: where it keeps this member. */
  heartbeatIndex: number
  /**
   * `now` is monotonic, in milliseconds. Returns the moment before which there is nothing to check: 0 where there is
   * something now, Infinity where there will be only after `wake`.
   */
  beat(now: number): number
}

/** Members that one step of a beat goes over at the least, so that a beat over few members is soon done. */
const leastPerStep = 4
/** Members that are called before the requests that came meanwhile are served: each may write, which takes 10 to 20 us. */
const callsBetweenRequests = 2
/**
 * Milliseconds between two steps of a beat, and for which a step gives way to requests. With shorter ones the process
 * would never count as idle, and V8 would not use the time to collect garbage (`npm run bench -- growth`).
 */
const stepMs = 3
/** How many times as fast as planned a late beat may go, so that it does not catch up in one long step. */
const mostFaster = 3
/** Milliseconds between two steps from which on the process must have stood still: there is nothing to catch up. */
const pauseMs = 100
/** The part of the beat's interval after which all members were gone over: the rest is for steps that are late. */
const doneAfter = 0.95
/** In place of the moment until which a member is skipped: it is called in the next beat. */
const awake = -1

export class Heartbeat {
  /** Monotonic milliseconds at the last step of a beat: a clock that costs nothing to read. */
  now = performance.now()
  /** Set by connections when a request comes: then the next step gives way to requests. */
  requested = false
  readonly #intervalMs: number
  readonly #members: HeartbeatMember[] = []
  /** For each member until when it is skipped. */
  #idleUntil = new Float64Array(16)
  #timer: NodeJS.Timeout | undefined
  /** How many members the beat under way has not gone over yet; it goes from the last one down. */
  #left = 0
  /** How many there were when it began, and when that was. */
  #length = 0
  #begunAt = 0
  /** How many the step under way leaves to the next ones, and until when it gives way to requests. */
  #leftAfterStep = 0
  #givesWayUntil = 0
  /** When the last step ended. */
  #endedAt = 0
  /** Whether the next beat was due before this one was over. */
  #isDue = false

  /** Beats often enough to keep the shortest of the given times to about a quarter, at most once a second. */
  constructor(...timesMs: number[]) {
    this.#intervalMs = Math.max(10, Math.min(1_000, ...timesMs.map((time) => time / 4)))
  }

  add(member: HeartbeatMember): void {
    const index = this.#members.push(member) - 1
    member.heartbeatIndex = index
    if (index === this.#idleUntil.length) {
      const grown = new Float64Array(2 * index)
      grown.set(this.#idleUntil)
      this.#idleUntil = grown
    }
    this.#idleUntil[index] = awake
    if (this.#timer !== undefined) return
    this.now = performance.now()
    this.#timer = setInterval(() => this.#beat(), this.#intervalMs)
    this.#timer.unref()
  }

  /** Has a member called in the next beat: it has something to check. */
  wake(member: HeartbeatMember): void {
    this.#idleUntil[member.heartbeatIndex] = awake
  }

  /** Gives the place of a member to the last one, which this beat has gone over already. */
  delete(member: HeartbeatMember): void {
    const members = this.#members
    if (members[member.heartbeatIndex] !== member) return
    const last = members.pop()!
    if (last !== member) {
      members[member.heartbeatIndex] = last
      this.#idleUntil[member.heartbeatIndex] = this.#idleUntil[last.heartbeatIndex]!
      last.heartbeatIndex = member.heartbeatIndex
    }
    if (members.length > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /**
   * Goes over all members in steps of a few, spread over the time until the next beat. Each may have to write, and replies
   * wait meanwhile: beside 15,000 connections with two watches, for up to half a millisecond if a step did not give way
   * to requests (`npm run bench -- growth`). Without requests it does not: the process would never count as idle.
   */
  #beat(): void {
    this.#isDue = this.#left > 0
    if (this.#isDue) return
    this.#left = this.#length = this.#members.length
    this.#begunAt = performance.now()
    this.#step()
  }

  /**
   * Goes as far as the beat should be by the end of this step: a timer is late by what others do, and by a millisecond. A
   * beat that is late goes faster, the more so the fewer steps it gets; after a pause it takes all the time that it needs.
   */
  #step(): void {
    this.now = performance.now()
    const sinceMs = this.now - this.#endedAt
    const paceMs = sinceMs < pauseMs ? Math.max(stepMs, sinceMs) : stepMs
    const perMs = this.#length / (doneAfter * this.#intervalMs)
    const behind = this.#left - this.#length + (this.now - this.#begunAt + stepMs) * perMs
    const count = Math.max(leastPerStep, Math.ceil(Math.min(behind, mostFaster * paceMs * perMs)))
    this.#leftAfterStep = Math.max(0, this.#left - count)
    this.#givesWayUntil = this.requested ? this.now + stepMs : 0
    this.requested = false
    this.#goOn()
  }

  /** Calls the members that are left to this step. */
  readonly #goOn = (): void => {
    for (let called = 0; this.#left > this.#leftAfterStep; ) {
      if (called === callsBetweenRequests && performance.now() < this.#givesWayUntil) {
        setImmediate(this.#goOn)
        return
      }
      this.#left = Math.min(this.#left, this.#members.length) - 1
      if (this.#left < 0) break
      if (this.#idleUntil[this.#left]! > this.now) continue
      this.#call(this.#members[this.#left]!)
      called++
    }
    this.#endedAt = performance.now()
    if (this.#left > 0) setTimeout(() => this.#step(), stepMs).unref()
    else this.#endBeat()
  }

  #endBeat(): void {
    this.#left = 0
    if (this.#isDue) this.#beat()
  }

  #call(member: HeartbeatMember): void {
    this.#idleUntil[member.heartbeatIndex] = 0
    const idleUntil = member.beat(this.now)
    // It may be gone by now, or have been woken.
    const { heartbeatIndex } = member
    const isHere = this.#members[heartbeatIndex] === member
    if (isHere && this.#idleUntil[heartbeatIndex] !== awake) this.#idleUntil[heartbeatIndex] = idleUntil
  }
}
