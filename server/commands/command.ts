// What a command is: a record of facts and a function, and what that function may use and return.
// A command never holds a socket and never sees a frame.
import type { CommandName, RequestMessage, Response } from '../../proto/codec.ts'
import type { Limits } from '../../proto/limits.ts'
import type { Changes } from '../data/changes.ts'
import type { Clients } from '../data/clients.ts'
import type { Entries } from '../data/entries.ts'
import type { Expiry } from '../data/expiry.ts'
import type { Committer, Plan } from '../data/plan.ts'
import type { Topics } from '../data/topics.ts'
import type { Durability, Engine } from '../store/engine.ts'

/** What the commands of all connections share. */
export interface Shared {
  readonly store: Engine
  readonly limits: Limits
  readonly topics: Topics
  readonly entries: Entries
  readonly expiry: Expiry
  readonly clients: Clients
  readonly committer: Committer
  readonly changes: Changes
  /** As "0.1.0". */
  readonly version: string
}

/** One connection, as the commands know it. */
export interface Session {
  /** 32 hex digits, new for each connection. */
  readonly id: string
  readonly shared: Shared
  /** What the client calls itself; undefined until its hello. */
  client: string | undefined
  /** What is under way and has no end of its own, or a late one, by request id. */
  readonly running: Map<number, Running>
  /** Open subscriptions by the id in the reply to their subscribe. */
  readonly subscriptions: Map<number, Running>
  lastSubscription: number
  /** Open watches. */
  watches: number
  /** The id that the client chose, 16 bytes as a binary string; '' until its hello, or for good. */
  clientId: string
}

/** A stream or a paged reply under way. */
export interface Running {
  readonly topic?: string
  cancel(): void
}

/** Where a stream's responses go. */
export interface Sink {
  /** Whether the client is behind: what is sent now waits in memory. */
  readonly full: boolean
  /** Whether as much waits as may: nothing more should be sent, not even of what belongs together. */
  readonly overfull: boolean
  /** Called when a full sink has room again. */
  onRoom: (() => void) | undefined
  send(response: Response): void
  /** As `send`, out of turns, where nothing else comes for this client at the moment: it need not be waited for. */
  publish(response: Response): void
}

/** A reply that ends only when it is cancelled: `start` sends its first response before it returns. */
export interface Stream extends Running {
  start(sink: Sink): void
  /**
   * Called about once a second, with monotonic milliseconds; not for all connections at once. Returns the moment until
   * which it need not be called, 0 for none.
   */
  beat?(now: number): number
}

/** One reply, one reply later, pages until the iterable ends, or a stream. */
export type Outcome = Response | Promise<Response> | AsyncIterable<Response> | Stream

interface Facts<Name extends CommandName> {
  readonly name: Name
  /** The right that a caller needs for the table or topic. */
  readonly right: 'none' | 'read' | 'write' | 'admin' | 'subscribe' | 'publish'
  /**
   * What a reply shows of the store: `nothing`, the entry or write of its `revision`, or the `store` as it is.
   * A reply leaves once that much is safe.
   */
  readonly shows: 'nothing' | 'revision' | 'store'
}

type Message<Name extends CommandName> = NonNullable<RequestMessage[Name]>

/** A command that changes nothing in the store. */
export interface Reading<Name extends CommandName = CommandName> extends Facts<Name> {
  /** Returns the outcome, or throws a KvassError. `id` is the request's, 0 where it has none. */
  run(message: Message<Name>, session: Session, id: number): Outcome
}

/** A command that changes the store: it says what is to be done, and the committer does it. */
export interface Writing<Name extends CommandName = CommandName> extends Facts<Name> {
  /** Returns the plan, or throws a KvassError; it writes nothing. */
  plan(message: Message<Name>, session: Session): Plan
}

export type Command<Name extends CommandName = CommandName> = Reading<Name> | Writing<Name>

/** What a write's reply is marked with; undefined where it survives power loss. */
export function durabilityMark(durability: Durability): number | undefined {
  return durability === 'flush' ? undefined : durability === 'commit' ? 1 : 2
}

/** What the reply to a write of this session is marked with. */
export function durabilityOf({ shared: { store } }: Session): number | undefined {
  return durabilityMark(store.durability)
}

/** Who waits for a turn of the event loop. */
const waiting: (() => void)[] = []

/**
 * Settles in a later turn of the event loop, after others had theirs: first come, first served, one in each turn,
 * so that many long commands together delay nobody by more than one of their slices.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(giveTurn)
  })
}

function giveTurn(): void {
  waiting.shift()!()
  if (waiting.length > 0) setImmediate(giveTurn)
}
