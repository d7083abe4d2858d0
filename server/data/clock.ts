// The store's clock: milliseconds that go on over restarts and that no jump of the wall clock moves. Expiry is kept
// in it. While the machine stays up it follows the machine's monotonic clock, also between two processes; only the
// time that the machine itself was down is taken from the wall clock, because nothing else tells it.
import { readFileSync } from 'node:fs'

/** What the clock stood at, as kept in the store. */
export interface Anchor {
  readonly storeMs: number
  /** Of the machine's monotonic clock. */
  readonly monotonicMs: number
  readonly wallMs: number
  /** Id of the machine's boot; '' where the system tells none. */
  readonly boot: string
}

/** Where a clock gets its times from; tests pass their own. */
export interface TimeSource {
  /** Milliseconds since the machine's boot, or any other start that its boot id names. */
  monotonicMs(): number
  wallMs(): number
  boot(): string
}

/** Milliseconds from the machine's boot to the start of this process; 0 where the system does not tell. */
const startMs = readBootMs() - performance.now()

export const systemTime: TimeSource = {
  monotonicMs: () => startMs + performance.now(),
  wallMs: () => Date.now(),
  boot() {
    try {
      return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    } catch {
      return ''
    }
  },
}

export class StoreClock {
  /** Milliseconds that passed by the wall clock while the machine was off, and did not count: they are past the bound. */
  readonly skippedMs: number = 0
  readonly #source: TimeSource
  readonly #boot: string
  readonly #offset: number

  /**
   * Goes on from the anchor of an earlier process; without one it begins at 1. While the machine was off at most
   * `maxDowntimeMs` passed: a wall clock that is years ahead at one boot must not end all that has a ttl.
   */
  constructor(source: TimeSource, anchor: Anchor | undefined, maxDowntimeMs: number) {
    this.#source = source
    this.#boot = source.boot()
    const now = source.monotonicMs()
    if (anchor === undefined) this.#offset = 1 - now
    else if (anchor.boot !== '' && anchor.boot === this.#boot && now >= anchor.monotonicMs) {
      this.#offset = anchor.storeMs - anchor.monotonicMs
    } else {
      const downtimeMs = Math.max(0, source.wallMs() - anchor.wallMs)
      this.skippedMs = Math.max(0, downtimeMs - maxDowntimeMs)
      this.#offset = anchor.storeMs + downtimeMs - this.skippedMs - now
    }
  }

  /** Milliseconds, not below 1. */
  now(): number {
    return this.#source.monotonicMs() + this.#offset
  }

  anchor(): Anchor {
    const monotonicMs = this.#source.monotonicMs()
    return { storeMs: monotonicMs + this.#offset, monotonicMs, wallMs: this.#source.wallMs(), boot: this.#boot }
  }
}

function readBootMs(): number {
  try {
    return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1000
  } catch {
    return performance.now()
  }
}
