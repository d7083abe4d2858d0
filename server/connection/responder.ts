// Sends the outcomes of commands to the outbox: one response, one that comes later, pages, or a stream. It keeps the open
// streams and wakes what waits for room; whether the loop has to wait meanwhile, the loop decides. Guarded by
// `npm run bench -- fanout` (streams) and `growth` (their memory); plain commands do not come here (hot.ts).
import { noMessage, type Request, type Response } from '../../proto/codec.ts'
import { nextTurn, type Outcome, type Running, type Session, type Sink, type Stream } from '../commands/command.ts'
import type { Service } from '../service/service.ts'
import { batch } from './batch.ts'
import { type Outbox, untimed } from './outbox.ts'

/** The loop that a responder belongs to. */
export interface ResponderLoop {
  /** Whether the stream is over: nothing is sent any more. */
  readonly hasEnded: boolean
  /** Runs no further request until `work` is done. */
  runBefore(work: Promise<void>): void
  /** Runs further requests while `work` is under way, unless too much is. */
  runBeside(work: Promise<void>): void
  /** Ends the stream for what was thrown. */
  fail(error: unknown): void
  /** Has the heartbeat call the loop from now on. */
  wake(): void
}

export class Responder {
  readonly #loop: ResponderLoop
  readonly #service: Service
  readonly #session: Session
  readonly #outbox: Outbox
  /** The open streams. */
  readonly #streams = new Set<StreamSink>()
  /** Continues the paged replies that wait for room in the outbox. */
  readonly #waiting: (() => void)[] = []

  constructor(loop: ResponderLoop, service: Service, session: Session, outbox: Outbox) {
    this.#loop = loop
    this.#service = service
    this.#session = session
    this.#outbox = outbox
  }

  /** Sends what a command has returned, or will. Called while the connection's batch is open. */
  respond(request: Request, outcome: Outcome): void {
    if ('status' in outcome) {
      if (this.#service.writes(request.command)) batch.wrote = true
      this.#send(request, outcome, request.command)
    } else if ('then' in outcome) this.#sendLater(request, outcome)
    else if ('start' in outcome) this.#open(request, outcome)
    else this.#sendPages(request, outcome)
  }

  /** Wakes what waits for room in the outbox, if there is room. */
  onRoom(): void {
    if (this.#streams.size === 0 && this.#waiting.length === 0) return
    if (!this.#outbox.streamFull) this.#wakeAll()
  }

  /** Wakes what waits for room, as the stream is over. */
  close(): void {
    this.#wakeAll()
  }

  /** Calls `beat` of each stream. Returns the moment before which none needs it again: Infinity for never. */
  beat(now: number): number {
    let idleUntil = Number.POSITIVE_INFINITY
    if (this.#streams.size === 0) return idleUntil
    for (const { stream } of this.#streams) {
      if (stream.beat !== undefined) idleUntil = Math.min(idleUntil, stream.beat(now))
    }
    return idleUntil
  }

  #wakeAll(): void {
    for (const sink of this.#streams) sink.onRoom?.()
    for (const resume of this.#waiting.splice(0)) resume()
  }

  /**
   * Sends a response of any kind, past the hooks. With a `command` it is the one by which its request is timed, from
   * `startedAt` on. `isAlone`: outside of a batch, and all that this client gets for now. Returns whether a stream may go
   * on behind it.
   */
  #send(request: Request, response: Response, command: number, startedAt = batch.startedAt, isAlone = false): boolean {
    // Taken before a hook can change the revision: what the response shows of the store remains.
    const shows = this.#service.shows(request.command, response)
    const sent = this.#service.beforeSend(this.#session, request, response)
    this.#service.meter.reply(request.command, sent.status)
    if (isAlone && command === untimed) this.#outbox.sendAlone(sent, request.id, shows)
    else this.#outbox.send(sent, request.id, shows, command, startedAt)
    this.#service.afterSend(this.#session, sent)
    return sent.status === 200
  }

  #sendLater(request: Request, outcome: Promise<Response>): void {
    const { startedAt } = batch
    const task = this.#begin(request)
    const sent = outcome
      .catch((error) => this.#service.failure(error))
      .then((response) => {
        if (task.cancelled || this.#loop.hasEnded) return
        task.end()
        this.#send(request, response, request.command, startedAt)
      })
    if (request.id === 0) this.#loop.runBefore(sent)
    else this.#loop.runBeside(sent)
  }

  /** Opens a stream. It ends when it is cancelled, or with a response that is an error. */
  #open(request: Request, stream: Stream): void {
    const sink = new StreamSink(this.#outbox, stream, request, this.#service.plain, (response, isAlone) => {
      try {
        if (!this.#sendFromStream(sink, response, isAlone)) stream.cancel()
      } catch (error) {
        // Not for whoever published: it is this stream's connection that failed.
        this.#loop.fail(error)
      }
    })
    this.#streams.add(sink)
    this.#loop.wake()
    const cancel = stream.cancel.bind(stream)
    stream.cancel = () => {
      this.#streams.delete(sink)
      cancel()
    }
    if (request.id !== 0) this.#session.running.set(request.id, stream)
    stream.start(sink)
  }

  /** The first response is the one by which the request is timed: a stream sends it while it starts. */
  #sendFromStream(sink: StreamSink, response: Response, isAlone: boolean): boolean {
    const isFirst = !sink.hasSent
    sink.hasSent = true
    return this.#send(sink, response, isFirst ? sink.command : untimed, batch.startedAt, isAlone)
  }

  /**
   * Sends page after page, each when the one before has gone far enough and others had their turn. The last one is the
   * one by which the request is timed.
   */
  #sendPages(request: Request, pages: AsyncIterable<Response>): void {
    const { startedAt } = batch
    const task = this.#begin(request)
    const sendAll = async () => {
      try {
        for await (const response of pages) {
          if (task.cancelled) return
          // The id is free before the client can know that the reply is complete.
          if (!response.more) task.end()
          if (!this.#send(request, response, response.more ? untimed : request.command, startedAt)) return
          do {
            while (this.#outbox.streamFull && !task.cancelled) await this.#room()
            await nextTurn()
          } while (this.#outbox.streamFull && !task.cancelled)
        }
      } catch (error) {
        if (!task.cancelled) this.#send(request, this.#service.failure(error), request.command, startedAt)
      } finally {
        task.end()
      }
    }
    this.#loop.runBeside(sendAll())
  }

  #begin(request: Request): Task {
    const task = new Task(this.#session.running, request.id)
    if (request.id !== 0) this.#session.running.set(request.id, task)
    return task
  }

  /** Settles when the outbox has room for a page, or the stream is over. */
  #room(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}

/**
 * Where a stream sends to, and what is kept of its request: a class, because an object with getters of its own takes
 * half a kilobyte. A stream may be open for days, and only hooks need more of its request than the id and the command.
 */
class StreamSink implements Sink, Request {
  onRoom: (() => void) | undefined = undefined
  hasSent = false
  readonly id: number
  readonly command: number
  readonly message: Request['message']
  readonly stream: Stream
  readonly #outbox: Outbox
  readonly #send: (response: Response, isAlone: boolean) => void

  constructor(
    outbox: Outbox,
    stream: Stream,
    { id, command, message }: Request,
    isPlain: boolean,
    send: (response: Response, isAlone: boolean) => void,
  ) {
    this.#outbox = outbox
    this.stream = stream
    this.id = id
    this.command = command
    this.message = isPlain ? noMessage : message
    this.#send = send
  }

  get full(): boolean {
    return this.#outbox.streamFull
  }

  get overfull(): boolean {
    return this.#outbox.full
  }

  send(response: Response): void {
    this.#send(response, false)
  }

  publish(response: Response): void {
    this.#send(response, true)
  }
}

/** A reply under way: its id is taken until it ends or is cancelled. */
class Task implements Running {
  cancelled = false
  readonly #running: Map<number, Running>
  readonly #id: number

  constructor(running: Map<number, Running>, id: number) {
    this.#running = running
    this.#id = id
  }

  end(): void {
    if (this.#running.get(this.#id) === this) this.#running.delete(this.#id)
  }

  cancel(): void {
    this.cancelled = true
    this.end()
  }
}
