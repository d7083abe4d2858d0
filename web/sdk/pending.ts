// The table of requests that wait for their answers. It matches replies with requests, gathers the pages of long
// replies, and says what a deadline or a lost connection means for each. It does no I/O and has no timer.
import { KvassError, type Status, statuses } from '../../proto/status.ts'
import type { Request, Response } from './messages.ts'

/**
 * What a lost connection does to a request that was sent. A read is sent again; the outcome of a write is unknown,
 * so it fails; a stream is opened again and goes on.
 */
export type Effect = 'read' | 'write' | 'stream'

/**
 * Takes the whole of a reply, or each response of a stream; `first` is true for the response that opened the stream,
 * also when it was opened again.
 */
export type OnResponse = (response: Response, first: boolean) => void

/** One request from its call to its last response. */
export class Call {
  readonly effect: Effect
  /** Repeated elements in the request, which the gateway limits. */
  readonly elements: number
  readonly timeoutMs: number
  /** When it fails for want of an answer, on the clock of `performance.now()`. */
  readonly deadline: number
  readonly onResponse: OnResponse
  readonly onError: (error: unknown) => void
  readonly request: { [command: string]: unknown; id: number }
  /** The request as a frame where it waits for a connection: what the caller does to its arguments changes nothing. */
  frame: Uint8Array | undefined
  /** Whether it was given to a connection that still stands. */
  sent = false
  /** Responses so far to a request whose reply comes in pages. */
  pages: Response[] = []
  /** Whether a response came: the first one of a stream opens it. */
  answered = false

  constructor(
    request: Request,
    effect: Effect,
    elements: number,
    timeoutMs: number,
    deadline: number,
    onResponse: OnResponse,
    onError: (error: unknown) => void,
  ) {
    this.request = { ...request, id: 0 }
    this.effect = effect
    this.elements = elements
    this.timeoutMs = timeoutMs
    this.deadline = deadline
    this.onResponse = onResponse
    this.onError = onError
  }

  get id(): number {
    return this.request.id
  }
}

export class Pending {
  /** In the order of the calls. */
  readonly #calls = new Map<number, Call>()
  #lastId: number

  constructor(lastId = 0) {
    this.#lastId = lastId
  }

  get size(): number {
    return this.#calls.size
  }

  /** An id that nothing has: 32 bits, never 0, which stands for none. */
  nextId(): number {
    do this.#lastId = (this.#lastId + 1) >>> 0
    while (this.#lastId === 0 || this.#calls.has(this.#lastId))
    return this.#lastId
  }

  add(call: Call): void {
    call.request.id = this.nextId()
    this.#calls.set(call.id, call)
  }

  /** Forgets a call; answers whether it was there. A response that still comes is nobody's. */
  remove(call: Call): boolean {
    return this.#calls.get(call.id) === call && this.#calls.delete(call.id)
  }

  /** Hands a response to its request. One that nobody waits for (late, or of a wrong id) is dropped. */
  settle(response: Response): void {
    const call = this.#calls.get(response.id ?? 0)
    if (call === undefined) return
    const { status = 0 } = response
    if (status !== 200) {
      this.#calls.delete(call.id)
      call.onError(replyError(status, response))
    } else if (call.effect === 'stream') {
      const first = !call.answered
      call.answered = true
      call.onResponse(response, first)
    } else if (response.more) {
      call.pages.push(response)
    } else {
      this.#calls.delete(call.id)
      call.onResponse(call.pages.length === 0 ? response : joined(call.pages, response), true)
    }
  }

  /** Calls that no connection has been given yet, in order. */
  unsent(): Call[] {
    return [...this.#calls.values()].filter((call) => !call.sent)
  }

  /** The connection is lost: writes under way fail with `error`, everything else is unsent again. */
  lost(error: KvassError): void {
    for (const call of [...this.#calls.values()]) {
      if (!call.sent) continue
      if (call.effect === 'write') {
        this.#calls.delete(call.id)
        call.onError(error)
      } else {
        call.sent = false
        call.answered = false
        call.pages = []
      }
    }
  }

  /** Takes out the calls whose deadline has passed. */
  expire(now: number): Call[] {
    const expired = [...this.#calls.values()].filter((call) => call.deadline <= now)
    for (const call of expired) this.#calls.delete(call.id)
    return expired
  }

  /** The earliest deadline; Infinity where there is none. */
  nextDeadline(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { deadline } of this.#calls.values()) if (deadline < next) next = deadline
    return next
  }

  /** Fails everything. */
  fail(error: KvassError): void {
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    for (const call of calls) call.onError(error)
  }
}

function replyError(status: number, { message, retryAfterMs }: Response): KvassError {
  const known = status in statuses ? (status as Status) : 500
  return new KvassError(known, message || `The gateway answered with status ${status}.`, { retryAfterMs })
}

/** One response with what all pages brought; the rest is the last one's. */
function joined(pages: readonly Response[], last: Response): Response {
  const all = [...pages, last]
  return { ...last, pairs: all.flatMap(({ pairs = [] }) => pairs), pages: all.length }
}
