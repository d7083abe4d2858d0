// The policy of a connection: when to connect and connect again, what to send when, how long to wait. It moves calls
// between the table of pending requests and the socket, and knows nothing of tables, topics or values.
import { KvassError, type Status } from '../../proto/status.ts'
import { Alarm } from './alarm.ts'
import { alwaysTaken, assumedLimits, assumedWindow, welcomeOf } from './assumed.ts'
import { Events } from './events.ts'
import { inTime } from './in-time.ts'
import { frozenMs, type Liveness, watchOver } from './liveness.ts'
import type { Response } from './messages.ts'
import { onPage, type PageEvent } from './page.ts'
import { Call, type Command, Pending } from './pending.ts'
import { Queue } from './queue.ts'
import { lostCode, type Shortcut, Socket } from './socket.ts'
import type { CallOptions, ConnectOptions, WebSocketClass, Welcome } from './types.ts'
import { version } from './version.ts'

/** Longer than a gateway may be away, the longest wait between attempts and the attempt itself together. */
const defaultTimeoutMs = 20_000
/** How long an attempt to connect may take at the most, its token included … */
const attemptMs = 10_000
/** … and once the network is another one, or the page was frozen meanwhile. */
const wakeMs = 2_000
/** A connection that lasted this long was a good one: the next attempt waits as little as the first. */
const stableMs = 5_000
/** Time in which nothing ran does not count, and there is some to catch up. */
const thawMs = 5_000
/** Close codes after which another attempt would end the same; all others are worth one. */
const finalCodes = [1000, 1002, 1003, 1008, 1009, 4400, 4401, 4403, 4426]
/** Statuses that have a close code of their own, 4000 above them. */
const refusals = [400, 401, 403, 429]
type Timer = ReturnType<typeof setTimeout> | undefined

export class Client extends Events {
  welcome: Welcome | undefined
  /** Whether integers beyond +-2^53 inside of JSON are bigints. */
  readonly exact: boolean

  readonly #url: string
  readonly #options: ConnectOptions
  readonly #timeoutMs: number
  readonly #WebSocket: WebSocketClass
  readonly #compress: boolean
  readonly #shortcut: Shortcut | undefined
  readonly #pending = new Pending()
  /** Calls that wait for a connection which takes them, in order; some may be over already. */
  readonly #queue = new Queue<Call>()
  /** Leases and mutations belong to it. */
  readonly #clientId = randomHex(16)
  readonly #leavePage: () => void
  /** The socket of this attempt, from its construction to its end. */
  #socket: Socket | undefined
  /** Whether the socket is open and hello on its way: calls leave at once. */
  #flowing = false
  /** Of an open connection. */
  #liveness: Liveness | undefined
  /** What the gateway takes, once this connection's welcome has said so. */
  #limits: Welcome['limits'] | undefined
  /** Attempts since the last good connection. */
  #attempt = 0
  /** Changes with each attempt and at its end: a token that comes later is nobody's. */
  #attemptId = 0
  /** Whether the page is frozen, so that it had better have no connection. */
  #isFrozen = false
  #openedAt = Number.POSITIVE_INFINITY
  #lastReason = 'no answer'
  #closeError: KvassError | undefined
  #connectTimer: Timer
  readonly #alarm = new Alarm((lateMs) => this.#onDeadline(lateMs))

  constructor(url: string, options: ConnectOptions, WebSocket: WebSocketClass, shortcut?: Shortcut) {
    super()
    this.#url = url
    this.exact = options.json === 'exact'
    this.#shortcut = shortcut
    this.#options = options
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs
    this.#WebSocket = WebSocket
    this.#compress = options.compress ?? !isLoopback(url)
    this.#leavePage = onPage(this.#onPage)
    void this.#connect()
  }

  /** What the gateway takes, as far as is known. */
  get limits(): Welcome['limits'] {
    return this.welcome?.limits ?? assumedLimits
  }

  /**
   * Sends a request and answers what `read` makes of its reply. Rejects with KvassError, or the signal's reason.
   * Hot, as is what it calls (test/bench/sdk.ts): one promise and one call, and no closure that lives as long
   * as they do, but for a signal.
   */
  call<Result>(
    command: Command,
    options: CallOptions | undefined,
    read: (response: Response, command: Command) => Result,
  ): Promise<Result> {
    const signal = options?.signal
    if (signal?.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const call = this.start(command, options?.timeoutMs, answer, reject)
      call.resolve = resolve as typeof call.resolve
      call.read = read
      if (signal && this.#pending.has(call)) cancelOnAbort(this, call, signal)
    })
  }

  /** Sends a request whose responses go to `onResponse`, until `onError`, or until it is cancelled. */
  start(
    command: Command,
    timeoutMs: number | undefined,
    onResponse: Call['onResponse'],
    onError: Call['onError'],
  ): Call {
    timeoutMs ??= this.#timeoutMs
    const now = Math.ceil(performance.now())
    const deadline = now + timeoutMs
    const call = new Call(command, timeoutMs, deadline, onResponse, onError)
    if (this.#closeError) {
      onError(this.#closeError, call)
      return call
    }
    this.#pending.add(call)
    if (this.#queue.length > 0 || !this.#send(call, now)) this.#queue.push(call)
    this.#alarm.advance(deadline)
    return call
  }

  /** Forgets a call; the gateway is told to end what may take longer. A write that has left is not undone. */
  cancel(call: Call): void {
    void this.stop(call)
  }

  /** Does the same, and settles when the gateway has answered, or never will. */
  async stop(call: Call): Promise<void> {
    if (this.#pending.remove(call) && call.sent && call.mutation === 0) await this.#tellEnd(call)
  }

  async #tellEnd({ id }: Call): Promise<void> {
    await this.call({ request: { cancel: { request: id } }, effect: 'once' }, undefined, () => {}).catch(() => {})
  }

  /** Waits for the user's own code, as long as for a call. */
  within<T>(work: T | Promise<T>, { timeoutMs = this.#timeoutMs }: CallOptions = {}): Promise<T> {
    return inTime(work, timeoutMs)
  }

  /** Fails what is under way and closes; settles when the socket is closed. */
  async close(): Promise<void> {
    const socket = this.#socket
    this.#end(new KvassError(503, 'The client was closed.'))
    await socket?.close()
  }

  /** Gives a call to the socket; false: it has to wait, as has all that comes after it. */
  #send(call: Call, now: number): boolean {
    const isWriteAgain = call.leftAt > 0 && call.mutation > 0
    if (!this.#flowing || !this.#mayLeave(call, isWriteAgain)) return false
    const { maxElements, maxFrameBytes } = this.#limits ?? alwaysTaken
    const { elements = 1 } = call.command
    // Whole milliseconds on both sides, so that it is never less than it was.
    const ageMs = isWriteAgain ? now - call.leftAt + 1 : 0
    const bytes = elements > maxElements ? 0 : this.#socket!.send(call, maxFrameBytes, ageMs)
    if (elements <= maxElements && bytes <= maxFrameBytes) {
      call.sent = true
      call.leftAt ||= now
      return true
    }
    if (!this.#limits) return false
    this.#pending.remove(call)
    refuse(call, bytes > 0 ? `${bytes} bytes` : `${elements} elements`, bytes > 0 ? maxFrameBytes : maxElements)
    return true
  }

  /**
   * A write is sent again once the welcome has shown that the store is still the same. And none leaves before all but
   * the last of what the gateway remembers are answered, so that each could be sent again.
   */
  #mayLeave({ mutation }: Call, isWriteAgain: boolean): boolean {
    if (mutation === 0) return true
    if (isWriteAgain && !this.#limits) return false
    return mutation - this.#pending.firstMutation < (this.welcome?.mutationWindow ?? assumedWindow)
  }

  #sendQueued(): void {
    const now = Math.ceil(performance.now())
    for (let call = this.#queue.first; call; call = this.#queue.first) {
      if (this.#pending.has(call) && !this.#send(call, now)) return
      this.#queue.shift()
    }
  }

  async #connect(): Promise<void> {
    this.setState('connecting')
    const id = ++this.#attemptId
    this.#endAttemptIn(Math.min(this.#timeoutMs, attemptMs))
    let { token } = this.#options
    try {
      if (typeof token === 'function') token = await token()
    } catch (error) {
      if (id === this.#attemptId) this.#onClose(lostCode, `no token: ${(error as Error)?.message}`)
    }
    if (id !== this.#attemptId) return
    try {
      const listener = {
        onOpen: () => this.#onOpen(socket, token as string | undefined),
        onResponse: (response: Response) => {
          this.#pending.settle(response)
          if (this.#limits && this.#queue.length > 0) this.#sendQueued()
        },
        onClose: (code: number, reason: string) => this.#onClose(code, reason),
      }
      const socket: Socket = new Socket(this.#WebSocket, this.#url, this.#compress, listener, this.#shortcut)
      this.#socket = socket
    } catch (error) {
      // The platform refuses the URL itself (mixed content, say): it would again.
      this.#giveUp(lostCode, (error as Error).message)
    }
  }

  #endAttemptIn(ms: number): void {
    clearTimeout(this.#connectTimer)
    this.#connectTimer = setTimeout(() => {
      if (this.#socket) this.#socket.end(4408, `no welcome within ${ms} ms`)
      else this.#onClose(lostCode, `no token within ${ms} ms`)
    }, ms)
  }

  /** Says hello and, in the same message, everything that waits. */
  #onOpen(socket: Socket, token: string | undefined): void {
    const request = { hello: { version: 1, token, client: `kvass-js/${version}`, clientId: this.#clientId } }
    const onResponse = ({ welcome }: Response) => this.#onWelcome(welcome ?? {})
    const onError = (error: unknown) => {
      if (this.#socket === socket) endRefused(socket, error as KvassError)
    }
    const hello = new Call({ request, effect: 'once' }, 0, Number.POSITIVE_INFINITY, onResponse, onError)
    this.#pending.add(hello)
    socket.send(hello, Number.POSITIVE_INFINITY, 0, false)
    hello.sent = true
    this.#flowing = true
    this.#sendQueued()
  }

  #onWelcome(welcome: NonNullable<Response['welcome']>): void {
    clearTimeout(this.#connectTimer)
    this.#openedAt = performance.now()
    const epoch = this.welcome?.epoch ?? welcome.epoch
    this.welcome = welcomeOf(welcome)
    const ping = () => this.call({ request: { ping: {} }, effect: 'read' }, undefined, () => {}).catch(() => {})
    this.#liveness = watchOver(this.#socket!, ping, (before) => this.#pending.awaits(before))
    this.#limits = this.welcome.limits
    if (epoch !== welcome.epoch) this.#pending.failWritesThatLeft(new KvassError(503, 'The store is another one.'))
    this.#sendQueued()
    this.setState('open')
    this.emit('open', this.welcome)
  }

  #onClose(code: number, reason: string): void {
    const wasOpen = this.#stopSocket()
    reason ||= wasOpen ? 'the connection broke' : 'cannot connect'
    this.#lastReason = reason
    const isRetried = mayReconnect(this.#options, code, wasOpen)
    if (wasOpen || isRetried) {
      this.#pending.lost(new KvassError(503, `The connection was lost (${code}: ${reason}).`))
      this.#queue.replace(this.#pending.unsent())
    }
    if (!isRetried) return this.#giveUp(code, reason)
    const retryMs = this.#isFrozen ? Number.POSITIVE_INFINITY : waitMs(this.#options, this.#attempt++)
    if (!this.#isFrozen) this.#connectTimer = setTimeout(() => void this.#connect(), retryMs)
    this.setState('waiting')
    this.emit('disconnect', { code, reason, retryMs })
  }

  /** Answers whether it had been open. */
  #stopSocket(): boolean {
    const openMs = performance.now() - this.#openedAt
    if (openMs > stableMs) this.#attempt = 0
    this.#openedAt = Number.POSITIVE_INFINITY
    this.#socket = undefined
    this.#attemptId++
    this.#flowing = false
    this.#limits = undefined
    clearTimeout(this.#connectTimer)
    this.#liveness?.stop()
    return openMs >= 0
  }

  #giveUp(code: number, reason: string): void {
    const status = refusals.includes(code - 4000) ? ((code - 4000) as Status) : 503
    // A page of another origin is one that is being made: its author looks there first.
    if (code === 4403) console.error(reason)
    this.#end(new KvassError(status, `The connection to ${this.#url} is closed (${code}: ${reason}).`))
    this.emit('disconnect', { code, reason })
  }

  #end(error: KvassError): void {
    if (this.#closeError) return
    this.#closeError = error
    this.#stopSocket()
    this.#alarm.set(Number.POSITIVE_INFINITY)
    this.#leavePage()
    this.#queue.replace([])
    this.#pending.fail(error)
    this.setState('closed')
  }

  #onDeadline(lateMs: number): void {
    // The page was frozen: what came meanwhile is not read yet, and what was lost is to be sent again.
    if (lateMs > frozenMs) this.#pending.postpone(lateMs + thawMs)
    for (const call of this.#pending.expire(performance.now())) {
      const within = `within ${call.timeoutMs} ms`
      const away = `Not connected to ${this.#url} ${within}: ${this.#lastReason}.`
      call.fail(new KvassError(503, this.#flowing ? `No answer ${within}.` : away))
      // A reply that comes in pages may still be under way.
      if (call.pages) void this.#tellEnd(call)
    }
    this.#queue.replace(this.#pending.unsent())
    this.#sendQueued()
    this.#alarm.set(this.#pending.nextDeadline())
  }

  readonly #onPage = (event: PageEvent): void => {
    this.#isFrozen = event === 'frozen'
    if (event !== 'wake') this.#socket?.end(lostCode, `the page is ${event}`)
    // No reason to wait, and a good one to see who is still there.
    else if (this.state === 'waiting') void this.#connect()
    else if (this.state === 'open') this.#liveness!.doubt()
    else if (this.#socket) this.#endAttemptIn(wakeMs)
  }
}

/** Settles the promise of a call with what its reply says. */
const answer: Call['onResponse'] = (response, _first, call) => {
  try {
    call.resolve!(call.read!(response, call.command))
  } catch (error) {
    call.onError(error, call)
  }
}

/** Bytes of random, as hex digits. */
export function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => (byte + 256).toString(16).slice(1)).join(
    '',
  )
}

/** A connection that stays within the machine: compressing costs more than it saves there. */
function isLoopback(url: string): boolean {
  return /\/\/(localhost|127\.[\d.]+|\[::1])/.test(url)
}

function cancelOnAbort(client: Client, call: Call, signal: AbortSignal): void {
  const onAbort = () => {
    client.cancel(call)
    call.onError(signal.reason, call)
  }
  signal.addEventListener('abort', onAbort)
  call.release = () => signal.removeEventListener('abort', onAbort)
}

function mayReconnect({ reconnect, token }: ConnectOptions, code: number, wasOpen: boolean): boolean {
  if (reconnect === false) return false
  // The token grew stale in an open connection; the function gives a fresh one.
  if (code === 4401 && wasOpen && typeof token === 'function') return true
  return !finalCodes.includes(code)
}

/** Milliseconds until the next attempt. Full jitter: clients that were cut off together do not come back together. */
function waitMs({ reconnect }: ConnectOptions, attempt: number): number {
  const { baseMs, maxMs } = { baseMs: 100, maxMs: 4_000, ...reconnect }
  return Math.random() * Math.min(maxMs, baseMs * 2 ** attempt)
}

/** Ends a connection whose hello was refused. */
function endRefused(socket: Socket, { status, message }: KvassError): void {
  socket.end(refusals.includes(status) ? status + 4000 : 1011, message)
}

function refuse(call: Call, count: string, most: number): void {
  call.onError(new KvassError(413, `The request has ${count}: at most ${most} are taken.`), call)
}
