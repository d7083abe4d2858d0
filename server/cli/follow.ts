// Follows a table: what it holds, and then every change, pulled one step at a time, so that a slow reader holds back
// the reading instead of filling memory. Over lost connections it goes on from its position. It prints nothing.
import type { ValueMessage } from '../../proto/value.ts'
import type { Request, Response } from '../../web/sdk/messages.ts'
import type { Session } from './session.ts'

/** Which keys are followed. */
export interface Filter {
  readonly table: string
  readonly key?: string | undefined
  readonly prefix?: string | undefined
  readonly keysOnly?: boolean | undefined
}

/** A place in the history of a store. */
export interface Position {
  readonly revision: number
  /** Revisions of another epoch mean nothing. */
  readonly epoch: string
}

/** The state of a key. */
export interface Change {
  readonly key: string
  /** Undefined: there is no entry any longer. */
  readonly value: ValueMessage | undefined
  readonly revision: number
}

/**
 * - `reset`: what came before is void, all entries follow. First of all, unless a position was given; `isAgain` when
 *   the table was dropped, or what changed since the position is not known (any longer).
 * - `lagged`: the reader was slow; of what changed meanwhile the latest state of each key follows.
 * - `synced`: everything up to the position has come; comes again after a lost connection. `bookmark`: it moved on.
 *
 * Whoever has taken a step with a position may go on from there.
 */
export type Step =
  | { readonly type: 'reset'; readonly isAgain: boolean }
  | { readonly type: 'lagged' }
  | { readonly type: 'changes'; readonly changes: readonly Change[]; readonly position?: Position | undefined }
  | { readonly type: 'synced' | 'bookmark'; readonly position: Position }

/** WatchPhase in kv.proto. */
const phases = { snapshot: 1, synced: 3, lagged: 4, bookmark: 5 } as const

/** As much may wait for a slow reader, in characters of keys and values, before the watch is ended until it is read. */
const mostWaiting = 4_194_304

export class Follower {
  readonly #session: Session
  readonly #filter: Filter
  readonly #signal: AbortSignal
  #position: Position | undefined

  /** From a position, or else from all that there is. The signal ends it. */
  constructor(session: Session, filter: Filter, position: Position | undefined, signal: AbortSignal) {
    this.#session = session
    this.#filter = filter
    this.#position = position
    this.#signal = signal
  }

  /** Ends when the signal aborts. Rejects when the gateway refuses. */
  async *steps(): AsyncGenerator<Step, void> {
    try {
      for (let isAgain = this.#position !== undefined; !this.#signal.aborted; isAgain = true) {
        if (this.#position === undefined) yield* this.#snapshot(isAgain)
        else yield* this.#changes(this.#position)
      }
    } catch (error) {
      // What is under way when the user ends it fails.
      if (!this.#signal.aborted) throw error
    }
  }

  /**
   * All entries as of a position, read in pages as the reader takes them. What was written since the position is
   * left to the changes after it.
   */
  async *#snapshot(isAgain: boolean): AsyncGenerator<Step, void> {
    const { table, key, prefix, keysOnly } = this.#filter
    const position = await currentPosition(this.#session, this.#filter, this.#signal)
    if (position === undefined) return
    yield { type: 'reset', isAgain }
    const range = key === undefined ? { prefix } : { start: key, end: `${key}\0` }
    for await (const page of this.#session.pages(table, range, keysOnly)) {
      const changes = page.filter(({ revision }) => revision <= position.revision)
      if (changes.length > 0) yield { type: 'changes', changes }
      if (this.#signal.aborted) return
    }
    this.#position = position
  }

  /** The changes after a position. Ends without one where they are not known, and with one where the reader is slow. */
  async *#changes(from: Position): AsyncGenerator<Step, void> {
    let received = from
    const filter = this.#filter
    const request = () => ({ watch: { ...filter, since: received.revision, epoch: received.epoch } })
    const onResponse = ({ revision }: Response) => {
      if (revision !== undefined) received = { revision, epoch: this.#session.epoch }
    }
    for await (const response of responses(this.#session, request, this.#signal, onResponse)) {
      if (response === 'full') {
        yield { type: 'lagged' }
        return
      }
      const { phase, changes = [] } = response
      // A store without a write is at revision 0, and replies with an empty snapshot.
      const isVoid = phase === phases.snapshot && (this.#position!.revision > 0 || changes.length > 0)
      if (isVoid) {
        this.#position = undefined
        return
      }
      const revision = phase === phases.synced ? (response.revision ?? 0) : response.revision
      const position = revision === undefined ? undefined : { revision, epoch: received.epoch }
      if (phase === phases.lagged) yield { type: 'lagged' }
      if (changes.length > 0) yield { type: 'changes', changes: changes.map(changeOf), position }
      if (position === undefined) continue
      this.#position = position
      if (phase === phases.synced) yield { type: 'synced', position }
      if (phase === phases.bookmark) yield { type: 'bookmark', position }
    }
  }
}

function changeOf({ key = '', value = {}, revision = 0, deleted }: NonNullable<Response['changes']>[number]): Change {
  return { key, value: deleted ? undefined : value, revision }
}

/** The store's position as it is now, which a watch of one key tells; undefined once the signal aborts. */
export async function currentPosition(
  session: Session,
  { table, key, prefix }: Filter,
  signal: AbortSignal,
): Promise<Position | undefined> {
  const request = () => ({ watch: { table, key: key || prefix || 'any', keysOnly: true } })
  for await (const response of responses(session, request, signal)) {
    if (response !== 'full' && response.phase === phases.synced) {
      return { revision: response.revision ?? 0, epoch: session.epoch }
    }
  }
  return undefined
}

/**
 * The responses of a stream, as they are asked for, until the signal aborts. `request` is what opens it, also after a
 * lost connection; `onResponse` sees each as it comes in. When too much waits the stream is ended, and 'full' is the last.
 */
async function* responses(
  session: Session,
  request: () => Request,
  signal: AbortSignal,
  onResponse: (response: Response) => void = () => {},
): AsyncGenerator<Response | 'full', void> {
  let waiting: Response[] = []
  let size = 0
  let error: unknown
  let state = 'open' as 'open' | 'full' | 'over'
  let wake = () => {}
  let stop = () => {}
  const end = (next: 'full' | 'over') => {
    if (state === 'open') stop()
    state = next
    wake()
  }
  const command = {
    get request() {
      return request()
    },
    effect: 'stream',
  } as const
  stop = session.stream(
    command,
    (response) => {
      onResponse(response)
      waiting.push(response)
      size += sizeOf(response)
      if (size > mostWaiting) end('full')
      else wake()
    },
    (reason) => {
      error = reason
      end('over')
    },
  )
  const onAbort = () => end('over')
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      if (waiting.length > 0) {
        const taken = waiting
        waiting = []
        size = 0
        yield* taken
      } else if (error !== undefined) {
        throw error
      } else if (state === 'full') {
        yield 'full'
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    end('over')
  }
}

function sizeOf({ changes = [] }: Response): number {
  let size = 0
  for (const { key = '', value = {} } of changes) {
    size += key.length + (value.string ?? value.json ?? value.binary ?? '').length + 64
  }
  return size
}
