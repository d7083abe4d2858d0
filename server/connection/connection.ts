// The loop: bytes -> frames -> commands -> replies -> bytes, for one client on any transport.
import { decodeRequest, noMessage, type Request, type Response } from '../../proto/codec.ts'
import { FrameDecoder } from '../../proto/frame.ts'
import type { Limits } from '../../proto/limits.ts'
import { type CloseCode, closeCodes, StreamError } from '../../proto/status.ts'
import type { Outcome, Running, Session, Sink, Stream } from '../commands/command.ts'
import { nextTurn } from '../commands/command.ts'
import type { Log, Service } from '../service/service.ts'
import { copyOf } from '../store/bytes/copy.ts'
import { inflate } from './gzip.ts'
import type { Beating, Heartbeat } from './heartbeat.ts'
import type { HotPath } from './hot.ts'
import { type Budget, Outbox, type OutboxOwner, turn } from './outbox.ts'
import type { Transport, TransportListener } from './transport.ts'

/** Why the loop does not go on; bits, because several may hold at once. */
const blocks = {
  /** A request without an id, or an inflation, must finish before what comes behind it. */
  order: 1,
  /** The client does not take its replies. */
  full: 2,
  /** The store asks writers to wait. */
  pressure: 4,
  /** Too many requests are unfinished. */
  busy: 8,
  /** The stream is over. */
  ended: 16,
  /** Others have their turn before the rest of a long chunk. */
  slice: 32,
} as const

/** Hot commands between two looks at the clock, about 0.05 ms; any other command is followed by one. */
const hotCommandsPerLook = 64

export interface ConnectionOptions {
  readonly service: Service
  readonly limits: Limits
  readonly hot: HotPath
  readonly budget: Budget
  readonly log: Log
  /** Who wakes it; it rests until something is under way. */
  readonly heartbeat: Heartbeat
  /** Hears once that the transport is closed. */
  readonly onClose: (connection: Connection) => void
}

export class Connection implements TransportListener, Beating, OutboxOwner {
  place = 0
  readonly #transport: Transport
  readonly #service: Service
  readonly #limits: Limits
  readonly #hot: HotPath
  readonly #log: Log
  readonly #heartbeat: Heartbeat
  readonly #onClose: (connection: Connection) => void
  readonly #session: Session
  readonly #outbox: Outbox
  readonly #decoder: FrameDecoder
  /** Chunks that came while the loop was blocked. */
  readonly #inbox: Uint8Array[] = []
  #blocked = 0
  /** Requests whose outcome is not there yet. */
  #unfinished = 0
  /** Where streams send to, which are woken by the heartbeat, and who else waits for room in the outbox. */
  readonly #sinks = new Set<Sink & { readonly stream?: Stream }>()
  #frameSince: number | undefined
  /** Set: nothing new is awaited, and the stream ends with this code once it is idle. */
  #draining: CloseCode | undefined

  constructor(transport: Transport, options: ConnectionOptions) {
    const { service, limits, hot, budget, log, heartbeat, onClose } = options
    this.#transport = transport
    this.#service = service
    this.#limits = limits
    this.#hot = hot
    this.#log = log
    this.#heartbeat = heartbeat
    this.#onClose = onClose
    this.#session = service.openSession()
    const { shared, meter } = service
    this.#outbox = new Outbox(transport, shared.store, meter, limits, budget, this)
    this.#decoder = new FrameDecoder(limits.maxFrameBytes)
    transport.listener = this
  }

  onData(bytes: Uint8Array, start: number, end: number): void {
    if (this.#blocked & blocks.ended) return
    this.#service.meter.bytesIn += end - start
    this.#heartbeat.requested = true
    if (this.#blocked !== 0) this.#inbox.push(copyOf(bytes, start, end))
    else this.#run(bytes, start, end)
  }

  onProgress(): void {
    this.#outbox.progressed()
    if (this.#blocked & blocks.full && !this.#outbox.full) this.#unblock(blocks.full)
    if (this.#sinks.size > 0 && !this.#outbox.streamFull) for (const sink of this.#sinks) sink.onRoom?.()
    this.#endWhenIdle()
  }

  /** Replies that had waited were written: who waits for room hears of it, once this call is over. */
  written(): void {
    const { isAwaited } = this.#outbox
    if (isAwaited || this.#draining !== undefined) queueMicrotask(() => this.onProgress())
  }

  /** A reader that does not read is looked at from now on. */
  waits(): void {
    this.#heartbeat.touch(this)
  }

  onEnd(): void {
    this.drain(1000)
  }

  onClose(): void {
    this.#blocked |= blocks.ended
    this.#inbox.length = 0
    this.#service.closeSession(this.#session)
    this.#outbox.dispose()
    for (const sink of this.#sinks) sink.onRoom?.()
    this.#onClose(this)
  }

  /** Finishes what has come in, then closes. */
  drain(code: CloseCode): void {
    this.#draining ??= code
    this.#endWhenIdle()
  }

  terminate(): void {
    this.#transport.terminate()
  }

  /** Looks for a frame that does not end and a reader that does not read. */
  beat(now: number): number {
    if (this.#blocked & blocks.ended) return Number.POSITIVE_INFINITY
    if (this.#outbox.stalledMs(now) >= this.#limits.stallTimeoutMs && !this.#isPatient()) this.#end(4420)
    let rest = Number.POSITIVE_INFINITY
    if (this.#sinks.size > 0) {
      for (const { stream } of this.#sinks) if (stream?.beat !== undefined) rest = Math.min(rest, stream.beat(now))
    }
    // While the loop is blocked nothing is read: the rest of the frame may well be there.
    if (this.#blocked === 0 && this.#frameSince !== undefined) {
      if (now - this.#frameSince >= this.#limits.frameTimeoutMs) this.#end(4408)
      return 0
    }
    return this.#transport.queuedBytes > 0 ? 0 : rest
  }

  /** Whether a reader that does not read is no burden: it has but watches, which wait as cursors in the store. */
  #isPatient(): boolean {
    const { watches, running, subscriptions } = this.#session
    return watches > 0 && running.size === watches && subscriptions.size === 0 && !this.#outbox.full
  }

  /** Takes a chunk, and what waits behind it, to frames until there is no more or something blocks. */
  #run(bytes?: Uint8Array, start = 0, end = 0): void {
    this.#outbox.begin()
    this.#hot.begin()
    const decoder = this.#decoder
    let frames = 0
    try {
      if (bytes !== undefined) decoder.push(bytes, start, end)
      do {
        while (this.#blocked === 0 && decoder.next()) {
          frames++
          this.#frame()
          this.#limitTurn()
        }
      } while (this.#blocked === 0 && this.#pushNext())
      // The transport needs its memory for something else. (What comes from the inbox is a copy already.)
      if (this.#blocked !== 0 && bytes !== undefined) decoder.push(copyOf(bytes, decoder.position, decoder.limit))
    } catch (error) {
      this.#fail(error)
    }
    if (!decoder.unfinished) this.#frameSince = undefined
    else if (frames > 0 || this.#frameSince === undefined) {
      this.#frameSince = turn.startedAt
      this.#heartbeat.touch(this)
    }
    const { wrote } = turn
    this.#outbox.flush()
    if (wrote) this.#heedPressure()
    if (this.#outbox.full) this.#block(blocks.full)
  }

  /** Cuts a turn that lasts too long for others, or whose replies are more than may be queued. */
  #limitTurn(): void {
    if (turn.effort >= hotCommandsPerLook) {
      turn.effort = 0
      if (performance.now() - turn.startedAt >= this.#limits.sliceMs) this.#breathe()
    }
    if (this.#outbox.turnFull) this.#breathe()
  }

  #breathe(): void {
    if (this.#blocked !== 0) return
    this.#block(blocks.slice)
    void nextTurn().then(() => this.#unblock(blocks.slice))
  }

  #pushNext(): boolean {
    const chunk = this.#inbox.shift()
    if (chunk === undefined) return false
    this.#decoder.push(chunk)
    return true
  }

  #frame(): void {
    const { bytes, start, end, gzip, limit } = this.#decoder
    if (!gzip) return this.#request(bytes, start, end, limit)
    const payload = inflate(copyOf(bytes, start, end), this.#limits.maxFrameBytes)
    if (!(payload instanceof Promise)) return this.#request(payload, 0, payload.length, payload.length)
    this.#inOrder(
      payload.then((inflated) => this.#inTurn(() => this.#request(inflated, 0, inflated.length, inflated.length))),
    )
  }

  /** Runs the request in `bytes[start, end)`; up to `chunkEnd` others may follow. */
  #request(bytes: Uint8Array, start: number, end: number, chunkEnd: number): void {
    turn.effort++
    if (this.#service.plain && this.#hot.run(bytes, start, end, chunkEnd, this.#session, this.#outbox)) return
    turn.effort = hotCommandsPerLook
    // What a command keeps, or reads later, are views on its request: they need memory of their own.
    const own = copyOf(bytes, start, end)
    const request = decodeRequest(own, 0, own.length, this.#limits.maxElements)
    this.#answer(request, this.#service.execute(this.#session, request))
  }

  #answer(request: Request, outcome: Outcome): void {
    if ('status' in outcome) this.#reply(request, outcome)
    else if ('then' in outcome) this.#replyLater(request, outcome)
    else if ('start' in outcome) this.#stream(request, outcome)
    else this.#pages(request, outcome)
  }

  /** Sends one response, past the hooks. */
  #reply(request: Request, response: Response): void {
    turn.replies[request.command]! += 1
    if (this.#service.writes(request.command)) turn.wrote = true
    this.#send(request, response)
  }

  /**
   * Sends a response of any kind, past the hooks; answers whether it is one that lets a stream go on. `isAlone`: out of
   * turns, and all that this connection gets for now.
   */
  #send(request: Request, outcome: Response, isAlone = false): boolean {
    // Before a hook can change the revision: what the reply shows of the store remains.
    const shows = this.#service.shows(request.command, outcome)
    const response = this.#service.beforeSend(this.#session, request, outcome)
    this.#service.meter.reply(request.command, response.status)
    if (isAlone) this.#outbox.publish(response, request.id, shows)
    else this.#outbox.send(response, request.id, shows)
    this.#service.afterSend(this.#session, response)
    return response.status === 200
  }

  #replyLater(request: Request, outcome: Promise<Response>): void {
    const { startedAt } = turn
    const task = this.#begin(request)
    const answered = outcome
      .catch((error) => this.#service.failure(error))
      .then((response) => {
        if (task.cancelled || this.#blocked & blocks.ended) return
        task.end()
        this.#send(request, response)
        this.#service.meter.observe(request.command, (performance.now() - startedAt) / 1000, 1)
      })
    if (request.id === 0) this.#inOrder(answered)
    else this.#meanwhile(answered)
  }

  /** Opens a stream, which ends when it is cancelled, or with a response that is an error. */
  #stream(request: Request, stream: Stream): void {
    const sink = new StreamSink(this.#outbox, stream, request, this.#service.plain, (response, isAlone) => {
      try {
        if (!this.#send(sink, response, isAlone)) stream.cancel()
      } catch (error) {
        // Whoever publishes is not concerned by what goes wrong here.
        this.#fail(error)
      }
    })
    this.#sinks.add(sink)
    this.#heartbeat.touch(this)
    const cancel = stream.cancel.bind(stream)
    stream.cancel = () => {
      this.#sinks.delete(sink)
      cancel()
    }
    if (request.id !== 0) this.#session.running.set(request.id, stream)
    turn.replies[request.command]! += 1
    stream.start(sink)
  }

  /** Sends page after page, each when the one before has gone far enough and others had their turn. */
  #pages(request: Request, pages: AsyncIterable<Response>): void {
    const { startedAt } = turn
    const task = this.#begin(request)
    const drive = async () => {
      try {
        for await (const response of pages) {
          if (task.cancelled) return
          // The id is free before the client can know that the reply is complete.
          if (!response.more) task.end()
          if (!this.#send(request, response)) return
          do {
            while (this.#outbox.streamFull && !task.cancelled) await this.#room()
            await nextTurn()
          } while (this.#outbox.streamFull && !task.cancelled)
        }
        this.#service.meter.observe(request.command, (performance.now() - startedAt) / 1000, 1)
      } catch (error) {
        if (!task.cancelled) this.#send(request, this.#service.failure(error))
      } finally {
        task.end()
      }
    }
    this.#meanwhile(drive())
  }

  #begin(request: Request): Task {
    const task = new Task(this.#session.running, request.id)
    if (request.id !== 0) this.#session.running.set(request.id, task)
    return task
  }

  /** Settles when the outbox has room for streams, or the stream is over. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      const sink: Sink = {
        full: true,
        overfull: true,
        send: () => {},
        publish: () => {},
        onRoom: () => {
          this.#sinks.delete(sink)
          resolve()
        },
      }
      this.#sinks.add(sink)
    })
  }

  /** Holds what comes behind until the work is done. */
  #inOrder(work: Promise<void>): void {
    this.#block(blocks.order)
    void work.catch((error) => this.#fail(error)).then(() => this.#unblock(blocks.order))
  }

  /** Lets what comes behind go on, unless too much is under way. */
  #meanwhile(work: Promise<void>): void {
    if (++this.#unfinished >= this.#limits.maxRequests) this.#block(blocks.busy)
    void work
      .catch((error) => this.#fail(error))
      .then(() => {
        this.#unfinished--
        if (this.#blocked & blocks.busy) this.#unblock(blocks.busy)
        this.#endWhenIdle()
      })
  }

  #inTurn(action: () => void): void {
    if (this.#blocked & blocks.ended) return
    this.#outbox.begin()
    try {
      action()
    } finally {
      const { wrote } = turn
      this.#outbox.flush()
      if (wrote) this.#heedPressure()
    }
  }

  #heedPressure(): void {
    const pressure = this.#service.shared.store.pressure()
    if (pressure === undefined || this.#blocked & blocks.pressure) return
    this.#block(blocks.pressure)
    void pressure.then(() => this.#unblock(blocks.pressure))
  }

  #block(reason: number): void {
    if (this.#blocked === 0) this.#transport.pause()
    this.#blocked |= reason
  }

  #unblock(reason: number): void {
    if ((this.#blocked & reason) === 0) return
    this.#blocked &= ~reason
    if (this.#blocked !== 0) return
    this.#frameSince = undefined
    this.#run(undefined)
    if (this.#blocked === 0) this.#transport.resume()
    this.#endWhenIdle()
  }

  #endWhenIdle(): void {
    if (this.#draining === undefined) return
    if (this.#blocked !== 0 || this.#inbox.length > 0 || this.#unfinished > 0 || !this.#outbox.empty) return
    const cutOff = this.#draining === 1000 && this.#decoder.unfinished
    this.#end(cutOff ? 4400 : this.#draining)
  }

  /** Turns anything thrown by the loop into the end of the stream. */
  #fail(error: unknown): void {
    if (error instanceof StreamError) {
      this.#log.debug({ peer: this.#transport.peer, code: error.code, detail: error.message }, 'stream refused')
      this.#end(error.code)
    } else {
      this.#log.error({ err: error, peer: this.#transport.peer }, 'connection failed unexpectedly')
      this.#end(1011)
    }
  }

  /** Ends the stream with a code; what is in the outbox leaves before. */
  #end(code: CloseCode): void {
    if (this.#blocked & blocks.ended) return
    this.#blocked |= blocks.ended
    this.#inbox.length = 0
    this.#transport.pause()
    this.#service.meter.close(code)
    this.#service.closeSession(this.#session)
    // TCP has no close codes, so a last response carries it.
    if (this.#transport.kind !== 'ws' && code !== 1000) {
      this.#outbox.send({ status: code, message: closeCodes[code].reason }, 0, 0)
    }
    this.#outbox.close(code)
  }
}

/**
 * Where a stream sends to, and what is kept of its request: a class, because an object with getters of its own takes
 * half a kilobyte. A stream may be open for days, and only hooks need more of its request than the id and the command.
 */
class StreamSink implements Sink, Request {
  onRoom: (() => void) | undefined = undefined
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
