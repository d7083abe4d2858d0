// The table of requests that wait for their answers. It numbers them and the writes among them, matches replies with
// requests, gathers the pages of long replies, and says what a deadline or a lost connection means for each. It does
// no I/O and has no timer.
import { KvassError, type Status } from '../../proto/status.ts'
import type { Request, Response } from './messages.ts'

/**
 * What a lost connection does to a request that was sent. A read is sent again; so is a write, whose number lets the
 * gateway see that it had its effect; what has no such number fails once it was sent; a stream is opened again.
 */
export type Effect = 'read' | 'write' | 'once' | 'stream'

/** A request as the API asks for it. */
export interface Command {
  /** Read anew each time that it is sent. */
  readonly request: Request
  readonly effect: Effect
  /** Repeated elements in the request, which the gateway limits. Default 1. */
  readonly elements?: number
  /** A status that is an answer as good as 200. */
  readonly answer?: 404 | 409
}

/** One request from its call to its last response. */
export class Call {
  /** Set when it is added to the table. */
  id = 0
  /** The number of a write, set with the id: the gateway does none twice. 0: it has none. */
  mutation = 0
  readonly command: Command
  readonly timeoutMs: number
  /** When it fails for want of an answer: whole milliseconds on the clock of `performance.now()`. */
  deadline: number
  /**
   * Takes the whole of a reply, or each response of a stream; `first` is true for the response that opened the
   * stream, also when it was opened again.
   */
  readonly onResponse: (response: Response, first: boolean, call: Call) => void
  readonly onError: (error: unknown, call: Call) => void
  /** Whether it was given to a connection that still stands. */
  sent = false
  /** When it was first given to a connection, in whole milliseconds on the same clock; 0: never. */
  leftAt = 0
  /** Whether the stream is open. */
  answered = false
  /** Responses so far to a request whose reply comes in pages. */
  pages: Response[] | undefined = undefined
  /** Lets go of what else knows the call; called once it is out of the table. */
  release: (() => void) | undefined = undefined
  /** Of a call that settles a promise: what reads its reply, and what takes that. */
  read: ((response: Response, command: Command) => unknown) | undefined = undefined
  resolve: ((result: unknown) => void) | undefined = undefined

  constructor(
    command: Command,
    timeoutMs: number,
    deadline: number,
    onResponse: Call['onResponse'],
    onError: Call['onError'],
  ) {
    this.command = command
    this.timeoutMs = timeoutMs
    this.deadline = deadline
    this.onResponse = onResponse
    this.onError = onError
  }

  /** Fails it for want of an answer: a write that has left may have had its effect. */
  fail(error: KvassError): void {
    const isUnknown = this.leftAt > 0 && (this.mutation > 0 || this.command.effect === 'once')
    this.onError(isUnknown ? new KvassError(504, `${error.message} The outcome of the write is unknown.`) : error, this)
  }
}

const initialSlots = 256

export class Pending {
  /** Each call at its id modulo the length, a power of two; at least half of the slots are free. */
  #slots: (Call | undefined)[] = emptySlots(initialSlots)
  #size = 0
  #lastId: number
  #lastMutation = 0
  #firstMutation = 1
  /** Mutations above the first that are over: empty where replies come in the order of their requests. */
  readonly #over = new Set<number>()

  constructor(lastId = 0) {
    this.#lastId = lastId
  }

  get size(): number {
    return this.#size
  }

  /** The number of the earliest write that has no answer yet or, where there is none, of the next. */
  get firstMutation(): number {
    return this.#firstMutation
  }

  add(call: Call): void {
    if (2 * this.#size >= this.#slots.length) this.#grow()
    const slots = this.#slots
    // 0 stands for no id; an id whose slot is taken (it may be that very id, after 2^32 others) is passed over.
    do this.#lastId = (this.#lastId + 1) >>> 0
    while (this.#lastId === 0 || slots[this.#slot(this.#lastId)] !== undefined)
    call.id = this.#lastId
    slots[this.#slot(call.id)] = call
    this.#size++
    if (call.command.effect === 'write') call.mutation = ++this.#lastMutation
  }

  has(call: Call): boolean {
    return this.#slots[this.#slot(call.id)] === call
  }

  /** Forgets a call; answers whether it was there. A response that still comes is nobody's. */
  remove(call: Call): boolean {
    if (!this.has(call)) return false
    this.#slots[this.#slot(call.id)] = undefined
    this.#size--
    if (call.mutation > 0) this.#writeIsOver(call.mutation)
    call.release?.()
    return true
  }

  #writeIsOver(mutation: number): void {
    if (mutation !== this.#firstMutation) this.#over.add(mutation)
    else
      do this.#firstMutation++
      while (this.#over.size > 0 && this.#over.delete(this.#firstMutation))
  }

  /** Hands a response to its request. One that nobody waits for (late, or of a wrong id) is dropped. */
  settle(response: Response): void {
    const { id = 0, status = 0, more } = response
    const call = this.#slots[this.#slot(id)]
    if (call?.id !== id) return
    const { effect, answer } = call.command
    if (status !== 200 && status !== answer) {
      this.remove(call)
      call.onError(replyError(status, response), call)
    } else if (effect === 'stream') {
      const first = !call.answered
      call.answered = true
      call.onResponse(response, first, call)
    } else if (more) {
      call.pages ??= []
      call.pages.push(response)
    } else {
      this.remove(call)
      call.onResponse(call.pages ? joined(call.pages, response) : response, true, call)
    }
  }

  /** Whether a call that left before `time` has no answer, of a stream not even its first. */
  awaits(time: number): boolean {
    return this.#slots.some((call) => call?.sent && !call.answered && call.leftAt <= time)
  }

  /** Calls that the connection has not been given yet, in order. */
  unsent(): Call[] {
    return this.#inOrder().filter((call) => !call.sent)
  }

  /** The connection is lost: everything is unsent again, but what must not be sent twice fails with `error`. */
  lost(error: KvassError): void {
    for (const call of this.#inOrder()) {
      if (!call.sent) continue
      call.sent = call.answered = false
      call.pages = undefined
      if (call.command.effect === 'once' && this.remove(call)) call.fail(error)
    }
  }

  /** The store is another one than those writes were sent to. */
  failWritesThatLeft(error: KvassError): void {
    for (const call of this.#inOrder()) if (call.mutation > 0 && call.leftAt > 0 && this.remove(call)) call.fail(error)
  }

  /** Takes out the calls whose deadline has passed. */
  expire(now: number): Call[] {
    return this.#inOrder().filter((call) => call.deadline <= now && this.remove(call))
  }

  /** Gives every call more time. */
  postpone(ms: number): void {
    for (const call of this.#inOrder()) call.deadline += ms
  }

  /** The earliest deadline; Infinity where there is none. */
  nextDeadline(): number {
    let next = Number.POSITIVE_INFINITY
    for (const call of this.#slots) if (call && call.deadline < next) next = call.deadline
    return next
  }

  /** Fails everything. */
  fail(error: KvassError): void {
    for (const call of this.#inOrder()) if (this.remove(call)) call.fail(error)
  }

  /** All calls, the earliest first. */
  #inOrder(): Call[] {
    const age = ({ id }: Call) => (this.#lastId - id) >>> 0
    return this.#slots.filter((call) => call !== undefined).sort((a, b) => age(b) - age(a))
  }

  #slot(id: number): number {
    return id & (this.#slots.length - 1)
  }

  #grow(): void {
    const calls = this.#slots
    this.#slots = emptySlots(2 * calls.length)
    for (const call of calls) if (call) this.#slots[this.#slot(call.id)] = call
  }
}

function emptySlots(count: number): (Call | undefined)[] {
  return new Array(count).fill(undefined)
}

function replyError(status: number, { message, retryAfterMs }: Response): KvassError {
  return new KvassError((status || 500) as Status, message || `Status ${status}.`, {
    retryAfterMs,
  })
}

/** One response with what all pages brought; the rest is the last one's. */
function joined(pages: readonly Response[], last: Response): Response {
  const all = [...pages, last]
  return { ...last, pairs: all.flatMap(({ pairs = [] }) => pairs), pages: all.length }
}
