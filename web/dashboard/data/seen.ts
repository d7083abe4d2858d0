// An entry as it was seen: what a write is conditional on. Where somebody else wrote meanwhile, that is told as what
// is there now.
import { type Entry, KvassError } from '../../sdk/index.ts'
import type { Stored } from '../../sdk/stored.ts'

export interface Seen {
  readonly key: string
  readonly value: Stored
  readonly revision: number
  /** When it expires (`performance.now()`); undefined: it stays. */
  readonly endsAt: number | undefined
  /** Whether it goes with a client's session. */
  readonly leased: boolean
}

/** What is there now: an entry, or none. */
export type Other = Seen | 'gone'

/** An entry that was just read. */
export function seen({ key, value, revision, ttl, leased }: Entry<Stored>): Seen {
  const endsAt = ttl === undefined ? undefined : performance.now() + ttl
  return { key, value, revision, endsAt, leased: leased === true }
}

/** What stood in the way of a conditional write; undefined where it failed for another reason. */
export function otherOf(error: unknown): Other | undefined {
  if (!(error instanceof KvassError) || error.status !== 409) return undefined
  return error.entry === undefined ? 'gone' : seen(error.entry as Entry<Stored>)
}
