// What the engine on disk is given, with its defaults.
import type { TableWriter } from '../lmdb/writer.ts'
import type { LogFiles } from '../log/files.ts'

/** What the engine needs of a logger; pino's have it. */
export interface DiskLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface DiskOptions {
  /** The data directory; made where there is none. */
  readonly directory: string
  /** What an acknowledged write survives: power loss (`flush`) or the death of the process (`commit`). */
  readonly durability: 'flush' | 'commit'
  /** Bytes of log after which a checkpoint begins. Default 64 MiB. */
  readonly checkpointBytes?: number | undefined
  /** Bytes of memory for what is not in LMDB yet, and of log; past it writers wait. Default 256 MiB. */
  readonly maxOverlayBytes?: number | undefined
  /** Bytes of the cache in front of LMDB; 0 for none. Default 256 MiB. */
  readonly cacheBytes?: number | undefined
  /** Seconds that a tombstone is kept. Default 3600. */
  readonly tombstoneSeconds?: number | undefined
  /** Tombstones kept for a table. Default 100,000. */
  readonly maxTombstones?: number | undefined
  /** Monotonic seconds. */
  readonly clock?: (() => number) | undefined
  readonly log?: DiskLogger | undefined
  /** The calls to the file system that the log makes; tests make them fail. */
  readonly files?: LogFiles | undefined
  /** Makes the one who writes to LMDB in an LMDB folder; tests make one that fails. */
  readonly writer?: ((path: string) => TableWriter) | undefined
}
