// The loop: bytes -> frames -> commands -> replies -> bytes, for one client on any transport. It decides when to go on
// and when the stream ends; the replies' way out is responder.ts and outbox.ts. Guarded by `npm run bench -- commands`.
import { decodeRequest } from '../../proto/codec.ts'
import { FrameDecoder } from '../../proto/frame.ts'
import type { Limits } from '../../proto/limits.ts'
import { type CloseCode, closeCodes, StreamError } from '../../proto/status.ts'
import { nextTurn, type Session } from '../commands/command.ts'
import type { Log, Service } from '../service/service.ts'
import { copyOf } from '../store/bytes/copy.ts'
import { batch } from './batch.ts'
import type { Budget } from './budget.ts'
import { inflate } from './gzip.ts'
import type { Heartbeat, HeartbeatMember } from './heartbeat.ts'
import type { HotPath } from './hot.ts'
import { Outbox, type OutboxListener } from './outbox.ts'
import { Responder, type ResponderLoop } from './responder.ts'
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
  /** Other connections are served before the rest of a long chunk. */
  slice: 32,
} as const

/** Plain commands between two looks at the clock, about 0.05 ms of work. Any other command is followed by a look. */
const plainCommandsPerLook = 64

export interface ConnectionOptions {
  readonly service: Service
  readonly limits: Limits
  readonly hot: HotPath
  readonly budget: Budget
  readonly log: Log
  /** Calls the connection while something is under way that no event ends. */
  readonly heartbeat: Heartbeat
  /** Called once, when the transport is closed. */
  readonly onClose: (connection: Connection) => void
}

export class Connection implements TransportListener, HeartbeatMember, OutboxListener, ResponderLoop {
  heartbeatIndex = 0
  readonly #transport: Transport
  readonly #service: Service
  readonly #limits: Limits
  readonly #hot: HotPath
  readonly #log: Log
  readonly #heartbeat: Heartbeat
  readonly #onClose: (connection: Connection) => void
  readonly #session: Session
  readonly #outbox: Outbox
  readonly #responder: Responder
  readonly #decoder: FrameDecoder
  /** Chunks that came while the loop was blocked. */
  readonly #inbox: Uint8Array[] = []
  #blocked = 0
  /** Requests that wait for their outcome while others run. */
  #unfinished = 0
  /** Since when the frame has been coming that is not complete yet, in monotonic milliseconds. */
  #frameSince: number | undefined
  /** Set: the stream ends with this code once nothing is under way any more. */
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
    this.#outbox = new Outbox(transport, shared.store, meter, budget, this)
    this.#responder = new Responder(this, service, this.#session, this.#outbox)
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
    this.#outbox.onProgress()
    if (this.#blocked & blocks.full && !this.#outbox.full) this.#unblock(blocks.full)
    this.#responder.onRoom()
    this.#endWhenIdle()
  }

  /** Wakes what waits for room in the outbox, after the call in which bytes have left. */
  onWritten(): void {
    const { isAwaited } = this.#outbox
    if (isAwaited || this.#draining !== undefined) queueMicrotask(() => this.onProgress())
  }

  /** From now on the heartbeat has to see whether the client reads. */
  onBlocked(): void {
    this.wake()
  }

  wake(): void {
    this.#heartbeat.wake(this)
  }

  get hasEnded(): boolean {
    return (this.#blocked & blocks.ended) !== 0
  }

  onEnd(): void {
    this.drain(1000)
  }

  onClose(): void {
    this.#blocked |= blocks.ended
    this.#inbox.length = 0
    this.#service.closeSession(this.#session)
    this.#outbox.dispose()
    this.#responder.close()
    this.#onClose(this)
  }

  /** Runs what has come in to its end, then closes. */
  drain(code: CloseCode): void {
    this.#draining ??= code
    this.#endWhenIdle()
  }

  terminate(): void {
    this.#transport.terminate()
  }

  /** Ends the stream for a frame that does not end or a client that does not read, and calls the watches' own checks. */
  beat(now: number): number {
    if (this.#blocked & blocks.ended) return Number.POSITIVE_INFINITY
    if (this.#outbox.stalledMs(now) >= this.#limits.stallTimeoutMs && !this.#isCheap()) this.#end(4420)
    const idleUntil = this.#responder.beat(now)
    // While the loop is blocked nothing is read: the rest of the frame may well be there.
    if (this.#blocked === 0 && this.#frameSince !== undefined) {
      if (now - this.#frameSince >= this.#limits.frameTimeoutMs) this.#end(4408)
      return 0
    }
    return this.#transport.queuedBytes > 0 ? 0 : idleUntil
  }

  /** Whether a client that does not read costs nothing: it has only watches, which wait as cursors in the store. */
  #isCheap(): boolean {
    const { watches, running, subscriptions } = this.#session
    return watches > 0 && running.size === watches && subscriptions.size === 0 && !this.#outbox.full
  }

  /** Runs the frames of a chunk, and of those that wait behind it, until there are no more or something blocks. */
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
          this.#limitBatch()
        }
      } while (this.#blocked === 0 && this.#pushNext())
      // The transport will overwrite the chunk's memory. (Those of the inbox are copies already.)
      if (this.#blocked !== 0 && bytes !== undefined) decoder.push(copyOf(bytes, decoder.position, decoder.limit))
    } catch (error) {
      this.fail(error)
    }
    if (!decoder.unfinished) this.#frameSince = undefined
    else if (frames > 0 || this.#frameSince === undefined) {
      this.#frameSince = batch.startedAt
      this.wake()
    }
    this.#flush()
    if (this.#outbox.full) this.#block(blocks.full)
  }

  /** Pauses the loop when it has run too long for others, or has more replies than may be queued. */
  #limitBatch(): void {
    if (batch.commandsSinceClock >= plainCommandsPerLook) {
      batch.commandsSinceClock = 0
      if (performance.now() - batch.startedAt >= this.#limits.sliceMs) this.#yield()
    }
    if (this.#outbox.batchFull) this.#yield()
  }

  /** Goes on in a later turn of the event loop, when others were served. */
  #yield(): void {
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
    this.runBefore(payload.then((inflated) => this.#requestAlone(inflated)))
  }

  /** Runs the request in `bytes[start, end)`, behind which others may follow up to `chunkEnd`. */
  #request(bytes: Uint8Array, start: number, end: number, chunkEnd: number): void {
    batch.commandsSinceClock++
    if (this.#service.plain && this.#hot.run(bytes, start, end, chunkEnd, this.#session, this.#outbox)) return
    batch.commandsSinceClock = plainCommandsPerLook
    // What a command keeps, or reads later, are views on its request: they need memory of their own.
    const own = copyOf(bytes, start, end)
    const request = decodeRequest(own, 0, own.length, this.#limits.maxElements)
    this.#responder.respond(request, this.#service.execute(this.#session, request))
  }

  /** Runs a request that was inflated in the thread pool, as a batch of its own. */
  #requestAlone(bytes: Uint8Array): void {
    if (this.hasEnded) return
    this.#outbox.begin()
    try {
      this.#request(bytes, 0, bytes.length, bytes.length)
    } finally {
      this.#flush()
    }
  }

  #flush(): void {
    const { wrote } = batch
    this.#outbox.flush()
    if (wrote) this.#awaitPressure()
  }

  runBefore(work: Promise<void>): void {
    this.#block(blocks.order)
    void work.catch((error) => this.fail(error)).then(() => this.#unblock(blocks.order))
  }

  runBeside(work: Promise<void>): void {
    if (++this.#unfinished >= this.#limits.maxRequests) this.#block(blocks.busy)
    void work
      .catch((error) => this.fail(error))
      .then(() => {
        this.#unfinished--
        if (this.#blocked & blocks.busy) this.#unblock(blocks.busy)
        this.#endWhenIdle()
      })
  }

  /** Reads on only when the store wants more writes. */
  #awaitPressure(): void {
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
  fail(error: unknown): void {
    if (error instanceof StreamError) {
      this.#log.debug({ peer: this.#transport.peer, code: error.code, detail: error.message }, 'stream refused')
      this.#end(error.code)
    } else {
      this.#log.error({ err: error, peer: this.#transport.peer }, 'connection failed unexpectedly')
      this.#end(1011)
    }
  }

  /** Ends the stream with a code, once what is in the outbox has left. */
  #end(code: CloseCode): void {
    if (this.hasEnded) return
    this.#blocked |= blocks.ended
    this.#inbox.length = 0
    this.#transport.pause()
    this.#service.meter.close(code)
    this.#service.closeSession(this.#session)
    // Without close codes a last response carries it.
    if (!this.#transport.hasCloseCodes && code !== 1000) {
      this.#outbox.send({ status: code, message: closeCodes[code].reason }, 0, 0)
    }
    this.#outbox.close(code)
  }
}
