// Entries as clients see them, on top of an engine: not expired, and a Value apart from its lifetime.
import { Buffer } from 'node:buffer'
import { lifeBytes, writeLeased, writeTtl } from '../../proto/value-bytes.ts'
import { copyOf } from '../store/bytes/copy.ts'
import type { Engine, Entry, Key } from '../store/engine.ts'
import type { StoreClock } from './clock.ts'
import { type Lifetime, lifetimeAt, noLifetime, valueEnd } from './lifetime.ts'

/** An entry that is there: not expired. */
export interface Visible {
  /** A copy of the encoded Value, without the lifetime. */
  readonly value: Uint8Array
  readonly revision: number
  readonly lifetime: Lifetime
}

export class Entries {
  readonly #store: Engine
  readonly #clock: StoreClock

  constructor(store: Engine, clock: StoreClock) {
    this.#store = store
    this.#clock = clock
  }

  get(table: Key, key: Key): Visible | undefined {
    return this.visible(this.#store.get(table, key))
  }

  /** What a client may see of an engine's entry: nothing once it has expired. */
  visible(entry: Entry | undefined): Visible | undefined {
    if (entry === undefined) return undefined
    const { bytes, start, end, revision } = entry
    const plainEnd = valueEnd(bytes, start, end)
    const lifetime = lifetimeAt(bytes, plainEnd, end)
    if (lifetime.expiresAt !== 0 && lifetime.expiresAt <= this.#clock.now()) return undefined
    return { value: copyOf(bytes, start, plainEnd), revision, lifetime }
  }

  /** A value as it is sent: with what is left of its life. Undefined where it has expired. It may be `bytes` itself. */
  sent(bytes: Uint8Array): Uint8Array | undefined {
    const end = bytes.length
    if (valueEnd(bytes, 0, end) === end) return bytes
    const visible = this.visible({ bytes, start: 0, end, revision: 0 })
    return visible && this.sentValue(visible)
  }

  sentValue({ value, lifetime }: Visible): Uint8Array {
    if (lifetime === noLifetime) return value
    const out = Buffer.alloc(value.length + lifeBytes)
    out.set(value)
    let at = value.length
    if (lifetime.expiresAt !== 0) {
      at = writeTtl(out, at, Math.max(0, Math.floor(lifetime.expiresAt - this.#clock.now())))
    }
    if (lifetime.client !== '') at = writeLeased(out, at)
    return out.subarray(0, at)
  }
}
