// A stream as its user sees it, of whatever the gateway sends under one request: iterated, or given to a listener. It
// knows neither topics nor watches.
import { KvassError } from '../../proto/status.ts'
import type { Client } from './client.ts'
import { guarded } from './events.ts'
import type { Response } from './messages.ts'
import type { Call, Command } from './pending.ts'
import { Queue } from './queue.ts'
import type { ListenerOptions, Stream, SubscribeOptions } from './types.ts'

export type FlowOptions = SubscribeOptions & ListenerOptions

type Taken<Event> = IteratorResult<Event, undefined>

/** What makes a stream of a request and its responses. */
export interface Source<Event> extends Command {
  readonly effect: 'stream'
  /** What a response says; `first` for the one that opened the stream. What it throws ends the stream. */
  read(response: Response, first: boolean): Event[]
  /** Whether the stream is ready when a response was read; without it the first makes it so. */
  isReady?(): boolean
  /** Makes room when more than `bound` events wait; answers the next bound. */
  makeRoom(waiting: Queue<Event>): number
}

/** Events that wait for an iteration before it counts as slow. */
export const maxWaiting = 1_024

export class Flow<Event> implements Stream<Event> {
  readonly ready: Promise<void>
  readonly #client: Client
  readonly #source: Source<Event>
  readonly #listener: ((event: Event) => void) | undefined
  readonly #options: FlowOptions
  readonly #call: Call
  readonly #waiting = new Queue<Event>()
  #bound = maxWaiting
  #onReady = () => {}
  #onNeverReady: (error: unknown) => void = () => {}
  /** Iterations that wait for the next event. */
  readonly #takers: { resolve: (taken: Taken<Event>) => void; reject: (error: unknown) => void }[] = []
  #ended = false
  #error: unknown

  /** The listener gets each event at once; without one it waits to be iterated. */
  constructor(
    client: Client,
    source: Source<Event>,
    listener: ((event: Event) => void) | undefined,
    options: FlowOptions,
  ) {
    this.#client = client
    this.#source = source
    this.#listener = listener
    this.#options = options
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = resolve
      this.#onNeverReady = reject
    })
    // Whoever does not ask for it learns of the failure from the iteration or from onError.
    this.ready.catch(() => {})
    this.#call = client.start(
      source,
      Number.POSITIVE_INFINITY,
      (response, first) => this.#onResponse(response, first),
      (error) => this.#end(error),
    )
    if (options.signal?.aborted) void this.close()
    else options.signal?.addEventListener('abort', this.#onAbort)
  }

  next(): Promise<Taken<Event>> {
    const value = this.#waiting.shift()
    if (value) return Promise.resolve({ value, done: false })
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#ended) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }))
  }

  /** Leaving an iteration waits for nothing: the connection may be gone. */
  async return(): Promise<Taken<Event>> {
    void this.close()
    return { value: undefined, done: true }
  }

  async close(): Promise<void> {
    if (this.#ended) return
    this.#waiting.replace([])
    this.#end(undefined)
    await this.#client.stop(this.#call)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #onResponse(response: Response, first: boolean): void {
    let events: Event[]
    try {
      events = this.#source.read(response, first)
    } catch (error) {
      this.#end(error)
      this.#client.cancel(this.#call)
      return
    }
    if (this.#source.isReady?.() ?? true) this.#onReady()
    for (const event of events) this.#deliver(event)
  }

  #deliver(event: Event): void {
    // A listener may have closed it in the middle of a response.
    if (this.#ended) return
    if (this.#listener) {
      guarded(this.#listener, event)
      return
    }
    const taker = this.#takers.shift()
    if (taker) {
      taker.resolve({ value: event, done: false })
      return
    }
    this.#waiting.push(event)
    if (this.#waiting.length > this.#bound) this.#bound = this.#source.makeRoom(this.#waiting)
  }

  readonly #onAbort = (): void => {
    void this.close()
  }

  #end(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#onNeverReady(error ?? new KvassError(503, 'The stream was closed.'))
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    for (const { resolve, reject } of this.#takers.splice(0)) {
      if (error === undefined) resolve({ value: undefined, done: true })
      else reject(error)
    }
    if (error !== undefined && this.#options.onError) guarded(this.#options.onError, error as KvassError)
  }
}

/** A stream from the arguments of `subscribe` or `watch`: options, or a listener and options. */
export function openFlow<Event, Options extends FlowOptions>(
  client: Client,
  source: (options: Options) => Source<Event>,
  first: ((event: Event) => void) | Options | undefined,
  second: Options | undefined,
): Flow<Event> {
  const isListener = typeof first === 'function'
  const options = (isListener ? second : first) ?? ({} as Options)
  return new Flow(client, source(options), isListener ? first : undefined, options)
}
