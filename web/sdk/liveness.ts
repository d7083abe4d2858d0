// Whether the other side of an open connection is still there: it asks for a sign of life when there is a reason to,
// and ends a connection that gives none. It knows nothing of what is asked and answered otherwise.
import type { Socket } from './socket.ts'

const tickMs = 500
/** After so long without input the gateway is asked for a sign of life; middleboxes forget idle connections at 30 s. */
const idleMs = 20_000
/** A request that has waited for so long in silence, and up to a tick more, makes the connection doubtful. */
const silentMs = 2_500
/** How long a doubtful connection has to give a sign of life … */
const aliveMs = 2_000
/** … and in a millisecond more so many bytes may leave before the question does, on a slow line. */
const slowBytesPerMs = 32
/** A timer that is so late means that nothing ran meanwhile. */
export const frozenMs = 1_000

export interface Liveness {
  /** There is reason to doubt. */
  doubt(): void
  stop(): void
}

/**
 * Watches over an open connection. `ping` settles when the gateway has answered, and `awaits` says whether a request
 * that left before then has no answer.
 */
export function watchOver(socket: Socket, ping: () => Promise<unknown>, awaits: (before: number) => boolean): Liveness {
  let verdict: ReturnType<typeof setTimeout> | undefined
  /** By the clock of the wall: a machine that slept has jumped ahead. */
  let tickedAt = Date.now()

  const ticker = setInterval(() => {
    const sleptMs = Date.now() - tickedAt - tickMs
    tickedAt = Date.now()
    const now = performance.now()
    const quietMs = now - socket.lastInputAt
    if (sleptMs > frozenMs || (quietMs >= silentMs && awaits(now - silentMs))) doubt()
    else if (quietMs >= idleMs && !awaits(now)) void ping()
  }, tickMs)

  const settle = () => {
    clearTimeout(verdict)
    verdict = undefined
  }

  function doubt(): void {
    if (verdict) return
    const waitMs = aliveMs + socket.unansweredBytes / slowBytesPerMs
    verdict = setTimeout(() => {
      settle()
      // Something may have come late, from before the silence; while much else comes, the answer may be behind it.
      const isSilent = performance.now() - socket.lastInputAt > waitMs / 2
      if (isSilent) socket.end(4408, `no sign of life within ${waitMs | 0} ms`)
    }, waitMs)
    void ping().then(settle)
  }

  return {
    doubt,
    stop() {
      clearInterval(ticker)
      settle()
    },
  }
}
