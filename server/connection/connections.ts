// All connections of a gateway: accepts them, shares one heartbeat and one budget among them, and drains them.
import type { Limits } from '../../proto/limits.ts'
import { durabilityMark } from '../commands/command.ts'
import type { Meter } from '../service/meter.ts'
import type { Log, Service } from '../service/service.ts'
import type { Engine } from '../store/engine.ts'
import { Budget } from './budget.ts'
import { Connection } from './connection.ts'
import { Heartbeat } from './heartbeat.ts'
import { HotPath } from './hot.ts'
import type { Transport } from './transport.ts'

export interface ConnectionsOptions {
  readonly service: Service
  readonly store: Engine
  readonly limits: Limits
  readonly meter: Meter
  readonly log: Log
}

export class Connections {
  readonly #options: ConnectionsOptions
  readonly #hot: HotPath
  readonly #budget: Budget
  readonly #open = new Set<Connection>()
  /** For the connections and their transports. */
  readonly heartbeat: Heartbeat
  #drained: (() => void) | undefined

  constructor(options: ConnectionsOptions) {
    const { service, store, meter, limits } = options
    this.#options = options
    this.#budget = new Budget(limits)
    this.#hot = new HotPath(service.shared, meter, limits, durabilityMark(store.durability))
    const { pingIntervalMs, pingTimeoutMs, frameTimeoutMs, stallTimeoutMs, bookmarkMs } = limits
    this.heartbeat = new Heartbeat(pingIntervalMs, pingTimeoutMs, frameTimeoutMs, stallTimeoutMs, bookmarkMs)
  }

  get count(): number {
    return this.#open.size
  }

  /** Bytes of replies that wait in all connections, each as of its last change. */
  get queuedBytes(): number {
    return this.#budget.queuedBytes
  }

  accept(transport: Transport): void {
    const { service, limits, log, meter } = this.#options
    meter.connectionsOpened++
    const onClose = (closed: Connection) => this.#closed(closed)
    const connection = new Connection(transport, {
      service,
      limits,
      log,
      hot: this.#hot,
      budget: this.#budget,
      heartbeat: this.heartbeat,
      onClose,
    })
    this.#open.add(connection)
    this.heartbeat.add(connection)
  }

  /** Finishes what is under way and closes all with 1001. What is left after drainTimeoutMs is terminated. */
  async drain(): Promise<void> {
    if (this.#open.size === 0) return
    const timer = setTimeout(() => {
      for (const connection of this.#open) connection.terminate()
    }, this.#options.limits.drainTimeoutMs)
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve
    })
    for (const connection of this.#open) connection.drain(1001)
    await drained
    clearTimeout(timer)
  }

  #closed(connection: Connection): void {
    this.#open.delete(connection)
    this.heartbeat.delete(connection)
    if (this.#open.size === 0) this.#drained?.()
  }
}
