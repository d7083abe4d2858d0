// Publish and subscribe: values to whoever listens now, nothing stored, order kept. A subscriber that reads too
// slowly has a bounded queue of its own; what does not fit is dropped and counted for it, and nobody waits.
import type { Response } from '../../proto/codec.ts'
import { optionNote } from '../../proto/limits.ts'
import { KvassError } from '../../proto/status.ts'
import { integerValue } from '../../proto/value-bytes.ts'
import type { Key } from '../store/engine.ts'
import type { Reading, Session, Sink, Stream } from './command.ts'
import { topicOf, valueOf } from './names.ts'

/** One subscription: sends at once while its sink has room, queues up to the bound, then counts what it misses. */
class Subscriber implements Stream {
  readonly topic: Key
  readonly #session: Session
  readonly #subscription: number
  readonly #request: number
  #sink: Sink | undefined
  #queue: Response[] = []
  #missed = 0

  constructor(session: Session, topic: Key, request: number) {
    this.#session = session
    this.topic = topic
    this.#subscription = ++session.lastSubscription
    this.#request = request
  }

  start(sink: Sink): void {
    this.#sink = sink
    sink.onRoom = () => this.#drain()
    this.#session.subscriptions.set(this.#subscription, this)
    this.#session.shared.topics.add(this.topic, this)
    sink.send({ status: 200, values: [integerValue(BigInt(this.#subscription))] })
  }

  cancel(): void {
    this.#session.shared.topics.remove(this.topic, this)
    this.#session.subscriptions.delete(this.#subscription)
    if (this.#request !== 0) this.#session.running.delete(this.#request)
    if (this.#sink !== undefined) this.#sink.onRoom = undefined
    this.#queue = []
  }

  deliver(response: Response): void {
    if (this.#missed > 0) this.#missed++
    else if (!this.#sink!.full && this.#queue.length === 0) this.#sink!.send(response)
    else if (this.#queue.length < this.#session.shared.limits.maxSubscriberMessages) this.#queue.push(response)
    else this.#missed = 1
  }

  /** Sends what waited, then how many were missed after it, so that the gap is told where it is. */
  #drain(): void {
    const sink = this.#sink!
    let sent = 0
    while (sent < this.#queue.length && !sink.full) sink.send(this.#queue[sent++]!)
    this.#queue.splice(0, sent)
    if (this.#queue.length > 0 || this.#missed === 0 || sink.full) return
    sink.send({ status: 200, missed: this.#missed })
    this.#missed = 0
  }
}

export const subscribe: Reading<'subscribe'> = {
  name: 'subscribe',
  right: 'subscribe',
  shows: 'nothing',
  run(message, session, id) {
    const { limits } = session.shared
    if (session.subscriptions.size >= limits.maxStreams) {
      const most = `the most allowed${optionNote('maxStreams')}`
      throw new KvassError(429, `This connection has ${limits.maxStreams} subscriptions, ${most}: end one first.`)
    }
    return new Subscriber(session, topicOf(message.topic, limits), id)
  },
}

export const unsubscribe: Reading<'unsubscribe'> = {
  name: 'unsubscribe',
  right: 'none',
  shows: 'nothing',
  run(message, session) {
    const topic = topicOf(message.topic, session.shared.limits)
    const subscription = session.subscriptions.get(message.id ?? 0)
    if (subscription?.topic !== topic) {
      throw new KvassError(404, `This connection has no subscription ${message.id ?? 0} to that topic.`)
    }
    subscription.cancel()
    return { status: 200 }
  },
}

export const publish: Reading<'publish'> = {
  name: 'publish',
  right: 'publish',
  shows: 'nothing',
  run(message, { shared: { topics, limits } }) {
    const topic = topicOf(message.topic, limits)
    // The values are views on the request; subscribers may keep them longer than it lives.
    const values = (message.data ?? []).map((value) => valueOf(value, limits).slice())
    return { status: 200, count: topics.publish(topic, { status: 200, values }) }
  },
}
