// The connection loop without sockets: a service on a store, and transports that a test holds in its hands. It can
// freeze a reader, and have writes wait to be safe.
import type { Response } from '../../proto/codec.ts'
import { defaultLimits, type Limits } from '../../proto/limits.ts'
import type { CloseCode } from '../../proto/status.ts'
import { Connections } from '../../server/connection/connections.ts'
import type { Transport, TransportListener } from '../../server/connection/transport.ts'
import type { TimeSource } from '../../server/data/clock.ts'
import type { Committer } from '../../server/data/plan.ts'
import type { Hooks } from '../../server/service/hooks.ts'
import { Meter } from '../../server/service/meter.ts'
import { type Log, Service } from '../../server/service/service.ts'
import type { Engine, Key } from '../../server/store/engine.ts'
import { MemoryEngine } from '../../server/store/memory/engine.ts'
import { type Plain, request, response } from './wire.ts'

/** A transport whose other side is the test. What is written is taken right after, unless the reader is frozen. */
export class HeldTransport implements Transport {
  readonly hasCloseCodes: boolean
  readonly peer = 'test'
  listener: TransportListener | undefined
  queuedBytes = 0
  frozen = false
  paused = false
  /** The code with which the gateway closed it; -1 when it was ended by force. */
  closed: CloseCode | -1 | undefined
  /** One item a write. */
  readonly writes: Buffer[] = []
  #seen = 0
  #rest: Buffer = Buffer.alloc(0)
  readonly #frames: Buffer[] = []
  readonly #replies: Plain[] = []

  constructor(hasCloseCodes = true) {
    this.hasCloseCodes = hasCloseCodes
  }

  /** A frozen client takes nothing; another one now and then takes all at once, and else a moment later. */
  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.closed !== undefined) return true
    this.writes.push(Buffer.from(bytes.subarray(start, end)))
    if (!this.frozen && this.queuedBytes === 0 && this.writes.length % 2 === 0) return true
    this.queuedBytes += end - start
    if (!this.frozen) queueMicrotask(() => this.take(end - start))
    return false
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  close(code: CloseCode): void {
    this.closed ??= code
  }

  terminate(): void {
    this.closed ??= -1
    this.gone()
  }

  /** Bytes from the client, as one chunk. */
  receive(...requests: (Plain | Uint8Array)[]): void {
    const frames = requests.map((one) => (one instanceof Uint8Array ? one : request(one)))
    const bytes = Buffer.concat(frames)
    this.listener!.onData(bytes, 0, bytes.length)
    // The memory is for the next chunk: whoever still looks at it sees that.
    bytes.fill(0xdd)
  }

  /** The client takes so many of the bytes that wait, by default all. */
  take(count = this.queuedBytes): void {
    this.queuedBytes -= count
    this.listener?.onProgress()
  }

  /** The client is gone. */
  gone(): void {
    this.listener?.onClose()
    this.listener = undefined
  }

  /** All frames written so far, or since `forget`, in order. */
  get frames(): Buffer[] {
    this.#cut()
    return this.#frames
  }

  /** All messages written so far, or since `forget`, in order. */
  get replies(): Plain[] {
    const { frames } = this
    while (this.#replies.length < frames.length) this.#replies.push(response(frames[this.#replies.length]!))
    return this.#replies
  }

  /** Leaves out what was written so far. */
  forget(): void {
    this.#cut()
    this.writes.length = this.#seen = this.#frames.length = this.#replies.length = 0
  }

  /** Cuts into frames what was written since the last time; a long frame comes in several writes. */
  #cut(): void {
    let bytes = Buffer.concat([this.#rest, ...this.writes.slice(this.#seen)])
    this.#seen = this.writes.length
    while (bytes.length >= 4) {
      const end = 4 + (bytes.readUInt32BE() & 0x7fffffff)
      if (end > bytes.length) break
      this.#frames.push(bytes.subarray(0, end))
      bytes = bytes.subarray(end)
    }
    this.#rest = bytes
  }
}

/** A memory engine whose writes become safe, or fail to, when the test says so. */
export class HeldEngine extends MemoryEngine {
  #safe = 0
  #failed: Error | undefined
  readonly #waiting: { revision: number; callback: (error?: Error) => void }[] = []
  #pressure: { promise: Promise<void>; settle: () => void } | undefined

  override safeRevisionOf(_table: Key): number {
    return this.#safe
  }

  override whenSafe(_table: Key, revision: number, callback: (error?: Error) => void): void {
    this.#waiting.push({ revision, callback })
    if (this.#failed !== undefined || revision <= this.#safe) queueMicrotask(() => this.#release())
  }

  /** Makes writes safe, up to `revision`; by default all. */
  sync(revision = this.revisionOf('t')): void {
    this.#safe = revision
    this.#release()
  }

  /** What is not safe now never will be. */
  fail(): void {
    this.#failed = new Error('the disk is gone')
    this.#release()
  }

  /** Asks writers to wait until it is released. */
  press(): void {
    let settle: () => void = () => {}
    const promise = new Promise<void>((resolve) => {
      settle = resolve
    })
    this.#pressure = { promise, settle }
  }

  ease(): void {
    const held = this.#pressure
    this.#pressure = undefined
    held?.settle()
  }

  override pressure(): undefined {
    return this.#pressure?.promise as unknown as undefined
  }

  #release(): void {
    while (this.#waiting.length > 0) {
      const { revision, callback } = this.#waiting[0]!
      if (revision > this.#safe && this.#failed === undefined) return
      this.#waiting.shift()
      callback(revision > this.#safe ? this.#failed : undefined)
    }
  }
}

/** A committer that carries out a plan at once, and replies when the test says so. */
export class HeldCommitter implements Committer {
  readonly #local: Committer
  readonly #held: (() => void)[] = []

  constructor(local: Committer) {
    this.#local = local
  }

  commit(...plan: Parameters<Committer['commit']>): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#held.push(() => {
        try {
          resolve(this.#local.commit(...plan))
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  /** How many plans wait. */
  get waiting(): number {
    return this.#held.length
  }

  /** Carries out the plans that wait, in order or the other way round. */
  release(order: 'first' | 'last' = 'first'): void {
    const held = this.#held.splice(0)
    for (const carryOut of order === 'first' ? held : held.reverse()) carryOut()
  }
}

export interface Logged {
  readonly level: keyof Log
  readonly message: string
  readonly details: object
}

export interface LoopOptions {
  readonly store?: Engine
  readonly limits?: Partial<Limits>
  readonly hooks?: readonly Hooks[]
  readonly time?: TimeSource
  /** Stands between the commands and the committer of this process. */
  readonly committer?: (local: Committer) => Committer
}

export function startLoop({
  store = new MemoryEngine(),
  limits: some = {},
  hooks = [],
  time,
  committer,
}: LoopOptions = {}) {
  // A slow machine must not cut the turns of a test that is not about that.
  const limits = { ...defaultLimits, sliceMs: 60_000, ...some }
  const meter = new Meter()
  const logged: Logged[] = []
  const level = (name: keyof Log) => (details: object, message: string) =>
    void logged.push({ level: name, message, details })
  const log: Log = { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') }
  const service = new Service({ store, limits, meter, log, version: '0.0.0', hooks, ...(time && { time }) })
  if (committer) Object.assign(service.shared, { committer: committer(service.shared.committer) })
  const connections = new Connections({ service, store, limits, meter, log })
  return {
    store,
    meter,
    service,
    connections,
    logged,
    /** Opens a connection, by default on a transport as WebSocket's. */
    connect({ hasCloseCodes = true } = {}): HeldTransport {
      const transport = new HeldTransport(hasCloseCodes)
      connections.accept(transport)
      return transport
    },
  }
}

/** Settles when what is under way in this process, without I/O, has had its turns. */
export async function turns(count = 20): Promise<void> {
  for (let index = 0; index < count; index++) await new Promise((resolve) => setImmediate(resolve))
}
