// A topic as its user sees it: publishing, and subscriptions as async iterators or listeners. It knows no socket.
import type { KvassError } from '../../proto/status.ts'
import { fromValue, toValue } from '../../proto/value.ts'
import { type Client, guarded } from './client.ts'
import type { Response } from './messages.ts'
import type { Call } from './pending.ts'
import { checkName, countOf } from './table.ts'
import type { Message, SubscribeOptions, Subscription, Topic, Value } from './types.ts'

/** Messages that wait for a slow iteration; later ones are counted as missed. */
const maxWaitingMessages = 1_024

type Listener<T> = (message: Message<T>) => void
type ListenerOptions = SubscribeOptions & { onError?: (error: KvassError) => void }

export class SdkTopic<T = Value> implements Topic<T> {
  readonly name: string
  readonly #client: Client

  constructor(client: Client, name: string) {
    checkName(name, 'topic name')
    this.name = name
    this.#client = client
  }

  async publish(...values: T[]): Promise<number> {
    const request = { publish: { topic: this.name, data: values.map((value) => toValue(value)) } }
    return this.#client.call({ request, effect: 'write', elements: values.length }, undefined, countOf)
  }

  subscribe(first?: Listener<T> | SubscribeOptions, second?: ListenerOptions): Subscription<T> {
    const listener = typeof first === 'function' ? first : undefined
    const options: ListenerOptions = (listener ? second : (first as SubscribeOptions | undefined)) ?? {}
    return new SdkSubscription(this.#client, this.name, listener, options)
  }
}

type Taken<T> = IteratorResult<Message<T>, undefined>

class SdkSubscription<T> implements Subscription<T> {
  readonly ready: Promise<void>
  readonly #client: Client
  readonly #listener: Listener<T> | undefined
  readonly #options: ListenerOptions
  readonly #call: Call
  readonly #waiting: Message<T>[] = []
  /** Messages that found no room and are not told of yet. */
  #missed = 0
  /** Iterations that wait for the next message. */
  readonly #takers: { resolve: (taken: Taken<T>) => void; reject: (error: unknown) => void }[] = []
  #ended = false
  #error: unknown

  constructor(client: Client, topic: string, listener: Listener<T> | undefined, options: ListenerOptions) {
    this.#client = client
    this.#listener = listener
    this.#options = options
    let opened = () => {}
    let refused: (error: unknown) => void = () => {}
    this.ready = new Promise((resolve, reject) => {
      opened = resolve
      refused = reject
    })
    // Whoever does not ask for it learns of the failure from the iteration or from onError.
    this.ready.catch(() => {})
    this.#call = client.start(
      { request: { subscribe: { topic } }, effect: 'stream' },
      Number.POSITIVE_INFINITY,
      (response, first) => (first ? opened() : this.#onResponse(response)),
      (error) => {
        refused(error)
        this.#end(error)
      },
    )
    if (options.signal?.aborted) void this.close()
    else options.signal?.addEventListener('abort', this.#onAbort)
  }

  next(): Promise<Taken<T>> {
    const value = this.#waiting.shift() ?? this.#gap()
    if (value) return Promise.resolve({ value, done: false })
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#ended) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }))
  }

  /** Leaving an iteration waits for nothing: the connection may be gone. */
  async return(): Promise<Taken<T>> {
    void this.close()
    return { value: undefined, done: true }
  }

  async close(): Promise<void> {
    if (this.#ended) return
    this.#waiting.length = this.#missed = 0
    this.#end(undefined)
    await this.#client.stop(this.#call)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #onResponse({ missed = 0, values = [] }: Response): void {
    if (missed > 0) this.#deliver({ values: [], missed })
    if (values.length > 0) this.#deliver({ values: values.map(fromValue) as T[], missed: 0 })
  }

  #deliver(message: Message<T>): void {
    if (this.#listener) {
      guarded(this.#listener, message)
    } else if (this.#takers.length > 0) {
      this.#takers.shift()!.resolve({ value: message, done: false })
    } else if (this.#waiting.length >= maxWaitingMessages) {
      this.#missed += message.missed || 1
    } else {
      const gap = this.#gap()
      if (gap) this.#waiting.push(gap)
      this.#waiting.push(message)
    }
  }

  /** What tells of the messages that found no room, once there is some. */
  #gap(): Message<T> | undefined {
    if (this.#missed === 0) return undefined
    const gap = { values: [], missed: this.#missed }
    this.#missed = 0
    return gap
  }

  readonly #onAbort = (): void => {
    void this.close()
  }

  #end(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    for (const { resolve, reject } of this.#takers.splice(0)) {
      if (error === undefined) resolve({ value: undefined, done: true })
      else reject(error)
    }
    if (error !== undefined && this.#options.onError) guarded(this.#options.onError, error as KvassError)
  }
}
