// Topics: values to whoever subscribes now, in order. Nothing is stored.
import { encodeResponse, type Response } from '../../proto/codec.ts'
import type { Key } from '../store/engine.ts'

/** One who subscribes to a topic. */
interface Receiver {
  deliver(response: Response): void
}

/** All subscribers of the gateway, by topic. */
export class Topics {
  readonly #receivers = new Map<Key, Set<Receiver>>()

  add(topic: Key, receiver: Receiver): void {
    const known = this.#receivers.get(topic)
    if (known === undefined) this.#receivers.set(topic, new Set([receiver]))
    else known.add(receiver)
  }

  remove(topic: Key, receiver: Receiver): void {
    const known = this.#receivers.get(topic)
    if (known?.delete(receiver) && known.size === 0) this.#receivers.delete(topic)
  }

  /** Hands a response, encoded once, to all subscribers of a topic; returns how many there are. */
  publish(topic: Key, response: Response): number {
    const receivers = this.#receivers.get(topic)
    if (receivers === undefined) return 0
    const reached = receivers.size
    response.body = encodeResponse(response)
    // One that fails meanwhile takes itself out.
    for (const receiver of receivers) receiver.deliver(response)
    return reached
  }
}
