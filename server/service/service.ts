// Runs a decoded request: finds its command, calls the hooks, and turns whatever is thrown into a reply, here alone. It
// knows sessions, not sockets.
import { randomBytes } from 'node:crypto'
import type { Request, Response } from '../../proto/codec.ts'
import type { Limits } from '../../proto/limits.ts'
import { KvassError, StreamError } from '../../proto/status.ts'
import type { Outcome, Session, Shared, Writing } from '../commands/command.ts'
import { commandTable } from '../commands/registry.ts'
import { Changes } from '../data/changes.ts'
import { Clients } from '../data/clients.ts'
import { systemTime, type TimeSource } from '../data/clock.ts'
import { LocalCommitter } from '../data/committer.ts'
import { Entries } from '../data/entries.ts'
import { Expiry } from '../data/expiry.ts'
import { type MutationRequest, refusal } from '../data/plan.ts'
import { Topics } from '../data/topics.ts'
import { anyTable, type Engine } from '../store/engine.ts'
import { type ComposedHooks, compose, type Hooks } from './hooks.ts'
import type { Meter } from './meter.ts'

/** The part of a logger that the service and the connections use; pino's fits. */
export interface Log {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface ServiceOptions {
  readonly store: Engine
  readonly limits: Limits
  readonly meter: Meter
  readonly log: Log
  /** As "0.1.0". */
  readonly version: string
  readonly hooks?: readonly Hooks[]
  /** The clock for expiry. Default: the system's. */
  readonly time?: TimeSource
  /** By how much entries age at the most while the machine is off. Default: 7 days. */
  readonly maxDowntimeMs?: number
}

export class Service {
  readonly meter: Meter
  readonly shared: Shared
  readonly hooks: ComposedHooks
  /** Whether a command may run without the service: there are no hooks, and the store can be used directly. */
  readonly plain: boolean
  readonly #log: Log

  constructor({
    store,
    limits,
    meter,
    log,
    version,
    hooks = [],
    time = systemTime,
    maxDowntimeMs = 604_800_000,
  }: ServiceOptions) {
    this.meter = meter
    this.#log = log
    const expiry = new Expiry(store, time, maxDowntimeMs)
    const { skippedMs } = expiry.clock
    if (skippedMs > 0) {
      const details = { skippedSeconds: Math.round(skippedMs / 1000), maxDowntimeSeconds: maxDowntimeMs / 1000 }
      log.warn(details, 'the wall clock says that the machine was off for longer than max-downtime-seconds')
    }
    const entries = new Entries(store, expiry.clock)
    const changes = new Changes(store, entries, limits)
    store.observer = changes
    const clients = new Clients(store, limits)
    const committer = new LocalCommitter(store, entries, expiry, clients)
    this.shared = { store, limits, version, topics: new Topics(), entries, expiry, clients, committer, changes }
    this.hooks = compose(hooks)
    this.plain = hooks.length === 0 && store.direct !== undefined
  }

  openSession(): Session {
    return {
      id: randomBytes(16).toString('hex'),
      shared: this.shared,
      client: undefined,
      running: new Map(),
      subscriptions: new Map(),
      lastSubscription: 0,
      watches: 0,
      clientId: '',
    }
  }

  /** Ends what the session left open. */
  closeSession(session: Session): void {
    for (const running of [...session.running.values(), ...session.subscriptions.values()]) running.cancel()
    if (session.clientId !== '') this.shared.clients.detach(session.clientId)
    session.clientId = ''
  }

  /** Stops all timers. Whoever opened the store closes it after this. */
  close(): void {
    this.shared.clients.close()
    this.shared.changes.close()
    this.shared.expiry.close()
  }

  /** Runs a request. One that fails returns an outcome like any other; only a StreamError is thrown. */
  execute(session: Session, request: Request): Outcome {
    try {
      this.hooks.received?.(session, request)
      const command = commandTable[request.command]
      if (command === undefined) throw new KvassError(400, 'The request has no command that this gateway knows.')
      if (request.id !== 0 && session.running.has(request.id)) {
        throw new KvassError(400, `A request with id ${request.id} is still under way on this connection.`)
      }
      if ('plan' in command) return this.#write(command, request, session)
      return command.run(request.message[command.name] as never, session, request.id)
    } catch (error) {
      return this.failure(error)
    }
  }

  #write(command: Writing, { message }: Request, session: Session): Outcome {
    const makePlan = () => command.plan(message[command.name] as never, session)
    return this.shared.committer.commit(mutationOf(message, session), makePlan)
  }

  /** Whether a command changes the store, so that its connection waits while the store takes no more writes. */
  writes(command: number): boolean {
    const found = commandTable[command]
    return found !== undefined && 'plan' in found
  }

  /** The revision up to which a response shows the store: it must be safe before the response leaves. */
  shows(command: number, { status, revision }: Response): number {
    // That a key is missing, or a condition does not hold, shows the store as well.
    if (status !== 200 && status !== 404 && status !== 409) return 0
    const shows = commandTable[command]?.shows ?? 'nothing'
    if (shows === 'nothing') return 0
    return shows === 'revision' && revision ? revision : this.shared.store.revisionOf(anyTable)
  }

  /** Shows a response to the hooks, which may change it or refuse. Returns the one to send. */
  beforeSend(session: Session, request: Request, response: Response): Response {
    const { executed, beforeSend } = this.hooks
    try {
      executed?.(session, request, response)
      if (beforeSend === undefined) return response
      // What several receivers share must not change for one of them.
      const { body: _body, frames: _frames, ...own } = response
      beforeSend(session, own)
      return own
    } catch (error) {
      return this.failure(error)
    }
  }

  /** Shows a response that has been sent to the hooks: too late for them to refuse, so what they throw is logged. */
  afterSend(session: Session, response: Response): void {
    try {
      this.hooks.afterSend?.(session, response)
    } catch (error) {
      this.#log.error({ err: error }, 'a hook failed after its response was sent')
    }
  }

  /** The reply for what was thrown. The cause of an unexpected error goes only to the log; a StreamError is thrown on. */
  failure(error: unknown): Response {
    if (error instanceof StreamError) throw error
    if (error instanceof KvassError) return refusal(error)
    this.#log.error({ err: error }, 'a command failed unexpectedly')
    return { status: 500, message: 'The gateway met an unexpected error; its log has the cause.' }
  }
}

/** The number under which a request's write is remembered; undefined where it has none. Throws KvassError 400. */
function mutationOf({ mutation, ageMs }: Request['message'], { clientId }: Session): MutationRequest | undefined {
  const sequence = Number(mutation ?? 0)
  if (sequence === 0) return undefined
  if (clientId === '') throw new KvassError(400, 'A mutation needs a client id, which the hello names.')
  if (sequence > Number.MAX_SAFE_INTEGER)
    throw new KvassError(400, 'A mutation counts up from 1, to 2^53 - 1 at the most.')
  return { client: clientId, sequence, ageMs: ageMs ?? 0 }
}
