// What a store on disk is made of, opened and put together: from LMDB and the log up to what has writers wait.
import { dirname } from 'node:path'
import { Base } from '../lmdb/base.ts'
import { type TableWriter, ThreadWriter } from '../lmdb/writer.ts'
import { type LogFiles, realFiles } from '../log/files.ts'
import { Log } from '../log/log.ts'
import { Background } from './background.ts'
import { Bounds } from './bounds.ts'
import { CacheBound } from './cache.ts'
import { Catalog } from './catalog.ts'
import { Checkpoints } from './checkpoints.ts'
import type { Directory } from './directory.ts'
import { Garbage } from './garbage.ts'
import type { DiskOptions } from './options.ts'
import { Pressure } from './pressure.ts'
import { recover } from './recovery.ts'
import { Tombstones } from './tombstones.ts'

export interface DiskParts {
  readonly base: Base
  readonly writer: TableWriter
  readonly cache: CacheBound
  readonly catalog: Catalog
  readonly log: Log
  readonly checkpoints: Checkpoints
  readonly background: Background
  readonly pressure: Pressure
}

/** Opens them, with the tables where the log ends. Nothing runs yet. */
export function openParts(options: DiskOptions, directory: Directory): DiskParts {
  const { files = realFiles, clock = monotonicSeconds, durability, log: logger } = options
  const { checkpointBytes = 64 << 20, maxOverlayBytes = 256 << 20, cacheBytes = 256 << 20 } = options
  const { tombstoneSeconds = 3600, maxTombstones = 100_000 } = options
  const base = new Base(directory.lmdb)
  const writer = options.writer?.(directory.lmdb) ?? new ThreadWriter(directory.lmdb)
  const cache = new CacheBound(cacheBytes)
  const catalog = new Catalog(base, cache)
  const { end, baseRevision } = recover(directory, base, catalog, files)
  const aheadBytes = Math.min(4 << 20, Math.max(1 << 16, checkpointBytes >> 2))
  const log = new Log({ directory: directory.log, files, epoch: directory.epoch, durability, aheadBytes, clock }, end)
  if (end.slot === undefined) begin(directory, base, files)
  if (end.torn) logger?.warn({ offset: end.offset }, 'a torn write at the end of the log was cut off')
  const store = { base, writer, log, catalog }
  const bounds = new Bounds({ checkpointBytes, maxOverlayBytes }, log, catalog.overlayKeys)
  const checkpoints = new Checkpoints(store, baseRevision)
  const tombstones = new Tombstones({ tombstoneSeconds, maxTombstones, clock }, store)
  const garbage = new Garbage(base, writer)
  const background = new Background({ log, catalog, bounds, checkpoints, tombstones, garbage, logger })
  return { ...store, cache, checkpoints, background, pressure: new Pressure(bounds, log, background) }
}

/** Makes the names of a new store's files durable, and says that its log begins with the first segment. */
function begin(directory: Directory, base: Base, files: LogFiles): void {
  for (const path of [directory.lmdb, directory.path, dirname(directory.path)]) files.syncDirectory(path)
  base.transaction(() => base.putState({ sequence: 1, revision: 0, nextTable: 1, lastDrop: 0 }))
  directory.begun()
}

function monotonicSeconds(): number {
  return performance.now() / 1000
}
