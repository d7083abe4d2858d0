// How large the log and the overlays may become: what their size asks for, and whether writers have to wait.
import type { Log } from '../log/log.ts'
import type { OverlayKeys } from './disk-table.ts'

/** An overlay's own memory for each key it holds. */
export const overlayKeyBytes = 256
/**
 * New keys may take one part in so many of the bound, and begin a checkpoint at half of that: a start takes longest
 * to replay those, and is to be ready within a second (at 256 MiB, 260,000 new keys).
 */
const keyShare = 4

export interface BoundOptions {
  /** Bytes of log after which a checkpoint begins. */
  readonly checkpointBytes: number
  /** Bytes of memory for what is not in LMDB yet, and of log. */
  readonly maxOverlayBytes: number
}

/** What the length of the log and the size of the overlays ask for. */
export type Due = 'nothing' | 'mark' | 'checkpoint' | 'freeze'

export class Bounds {
  readonly #options: BoundOptions
  readonly #log: Log
  readonly #overlayKeys: OverlayKeys

  constructor(options: BoundOptions, log: Log, overlayKeys: OverlayKeys) {
    this.#options = options
    this.#log = log
    this.#overlayKeys = overlayKeys
  }

  /** Whether the log or the overlays are as large as they may become. */
  get isReached(): boolean {
    const { maxOverlayBytes } = this.#options
    const memory = (this.#overlayKeys.active + this.#overlayKeys.frozen) * overlayKeyBytes
    return this.#log.liveBytes + memory > maxOverlayBytes || memory * keyShare > maxOverlayBytes
  }

  due(isMarked: boolean): Due {
    const { checkpointBytes, maxOverlayBytes } = this.#options
    const memory = this.#overlayKeys.active * overlayKeyBytes
    if (memory * 2 * keyShare > maxOverlayBytes) return 'freeze'
    const { liveBytes } = this.#log
    if (liveBytes >= checkpointBytes) return 'checkpoint'
    return 2 * liveBytes >= checkpointBytes && !isMarked ? 'mark' : 'nothing'
  }
}
