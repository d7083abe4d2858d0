// A topic as its user sees it: publishing, and subscriptions. It knows no socket.
import { fromValue, toValue } from '../../proto/value.ts'
import type { Client } from './client.ts'
import { checkName, countOf } from './entries.ts'
import { type FlowOptions, maxWaiting, openFlow, type Source } from './flow.ts'
import type { Message, Subscription, Topic, Value } from './types.ts'

export class SdkTopic<T = Value> implements Topic<T> {
  readonly name: string
  readonly #client: Client

  constructor(client: Client, name: string) {
    checkName(name, 'topic name')
    this.name = name
    this.#client = client
  }

  async publish(...values: T[]): Promise<number> {
    const request = { publish: { topic: this.name, data: values.map((value) => toValue(value, this.#client.exact)) } }
    return this.#client.call({ request, effect: 'once', elements: values.length }, undefined, countOf)
  }

  subscribe(first?: ((message: Message<T>) => void) | FlowOptions, second?: FlowOptions): Subscription<T> {
    const { exact } = this.#client
    const source: Source<Message<T>> = {
      request: { subscribe: { topic: this.name } },
      effect: 'stream',
      read({ missed = 0, values = [] }, first) {
        // The first response is the subscription's id.
        if (first) return []
        const messages: Message<T>[] = missed > 0 ? [{ values: [], missed }] : []
        if (values.length > 0)
          messages.push({ values: values.map((value) => fromValue(value, exact)) as T[], missed: 0 })
        return messages
      },
      // The latest message becomes one that tells how many found no room.
      makeRoom(waiting) {
        const { missed } = waiting.pop()!
        const { last } = waiting
        if (last!.missed > 0) last!.missed += missed || 1
        else waiting.push({ values: [], missed: missed || 1 })
        return maxWaiting
      },
    }
    return openFlow(this.#client, () => source, first, second)
  }
}
