// Conversations with a gateway in which replies come in any order: requests get ids, and a watch is a queue of the
// responses to its id. Over raw wires, apart from the SDK.
import { randomBytes } from 'node:crypto'
import { type Queue, queue } from './queue.ts'
import { type Plain, request, type Wire } from './wire.ts'

export const phases = { changes: 0, snapshot: 1, difference: 2, synced: 3, lagged: 4, bookmark: 5 } as const

export class Talker {
  readonly wire: Wire
  readonly #queues = new Map<number, Queue<Plain>>()
  #lastId = 0

  constructor(wire: Wire) {
    this.wire = wire
    void this.#read()
  }

  /** Sends a request under a new id; returns that id's queue of responses. */
  send(message: Plain): { readonly id: number; readonly responses: Queue<Plain> } {
    const id = ++this.#lastId
    const responses = queue<Plain>(`response to ${JSON.stringify(message).slice(0, 100)}`)
    this.#queues.set(id, responses)
    this.wire.send(request({ ...message, id }))
    return { id, responses }
  }

  /** Sends a request and returns its one response, without the id. */
  async ask(message: Plain, withinMs = 20_000): Promise<Plain> {
    const { id, ...response } = await this.send(message).responses.next(withinMs)
    this.#queues.delete(id)
    return response
  }

  async hello(clientId = newClientId()): Promise<Plain> {
    return (await this.ask({ hello: { clientId } })).welcome
  }

  watch(message: Plain): Watching {
    return new Watching(this, this.send({ watch: message }))
  }

  async #read(): Promise<void> {
    for (;;) {
      const response = await this.wire.next(600_000).catch(() => undefined)
      if (response === undefined) return
      this.#queues.get(response.id ?? 0)?.push(response)
    }
  }
}

/** One watch, and what a client that applies it holds. */
export class Watching {
  readonly id: number
  readonly responses: Queue<Plain>
  /** Values as messages by key. */
  readonly state = new Map<string, Plain>()
  /** All changes so far. */
  readonly changes: Plain[] = []
  readonly phases: number[] = []
  revision = 0
  readonly #talker: Talker

  constructor(talker: Talker, { id, responses }: { id: number; responses: Queue<Plain> }) {
    this.#talker = talker
    this.id = id
    this.responses = responses
  }

  /** The next response, applied. */
  async next(withinMs = 10_000): Promise<Plain> {
    const response = await this.responses.next(withinMs)
    if (response.phase) this.phases.push(response.phase)
    if (response.phase === phases.snapshot) this.state.clear()
    for (const change of response.changes ?? []) {
      this.changes.push(change)
      if (change.deleted) this.state.delete(change.key)
      else this.state.set(change.key, change.value ?? {})
    }
    if (response.revision !== undefined) this.revision = Number(response.revision)
    return response
  }

  /** Takes responses up to the first for which the condition holds, and returns that one. */
  async until(condition: (response: Plain) => boolean, withinMs?: number): Promise<Plain> {
    for (;;) {
      const response = await this.next(withinMs)
      if (condition(response)) return response
    }
  }

  synced(withinMs?: number): Promise<Plain> {
    return this.until(({ phase }) => phase === phases.synced, withinMs)
  }

  /** Takes responses until it has everything up to a revision. */
  async reach(revision: number, withinMs?: number): Promise<void> {
    while (this.revision < revision) await this.next(withinMs)
  }

  cancel(): Promise<Plain> {
    return this.#talker.ask({ cancel: { request: this.id } })
  }
}

export function newClientId(): string {
  return randomBytes(16).toString('hex')
}
