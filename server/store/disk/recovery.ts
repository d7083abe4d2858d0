// Brings the tables of a store on disk to where its log ends, when it is opened. A checkpoint that did not finish may
// have brought a part of the log to LMDB, the drop of a table too: so records of a table that is gone are passed over.
import type { Key } from '../engine.ts'
import type { Base } from '../lmdb/base.ts'
import type { LogFiles } from '../log/files.ts'
import type { RecordSink } from '../log/format.ts'
import { DamageError, type LogEnd, listSlots, replayLog } from '../log/replay.ts'
import type { Catalog, CatalogState } from './catalog.ts'
import type { Directory } from './directory.ts'
import type { DiskTable } from './disk-table.ts'

/** What a store is opened with. */
export interface Recovered {
  readonly end: LogEnd
  /** Revision up to which LMDB holds everything. */
  readonly baseRevision: number
}

/** Loads the tables into an empty catalog and replays the log. */
export function recover(directory: Directory, base: Base, catalog: Catalog, files: LogFiles): Recovered {
  const state = base.state()
  if (state === undefined) return { end: beginning(directory.log, files), baseRevision: 0 }
  const replay = new Replay(catalog, state)
  const end = replayLog(directory.log, { ...state, epoch: directory.epoch }, replay, files)
  return { end, baseRevision: state.revision }
}

/** The end of a log that has not begun. Groups in it without tables behind them mean that the tables were lost. */
function beginning(log: string, files: LogFiles): LogEnd {
  const slots = listSlots(log, files)
  const used = slots.find((slot) => slot.header !== undefined && (slot.header.sequence > 1 || slot.used))
  if (used !== undefined) {
    throw new DamageError(
      `${used.path} holds writes, but the tables in lmdb/ are missing: restore the data directory from a copy`,
    )
  }
  return {
    slot: undefined,
    offset: 0,
    revision: 0,
    chain: 0,
    logBytes: 0,
    live: [],
    unproven: [],
    slots,
    cut: [],
    torn: false,
  }
}

class Replay implements RecordSink {
  readonly #catalog: Catalog
  readonly #byId: Map<number, DiskTable>

  constructor(catalog: Catalog, state: CatalogState) {
    this.#catalog = catalog
    this.#byId = catalog.load(state)
  }

  set(
    id: number,
    bytes: Buffer,
    keyStart: number,
    keyEnd: number,
    start: number,
    end: number,
    revision: number,
    isFresh: boolean,
  ): void {
    this.#byId.get(id)?.replaySet(bytes, keyStart, keyEnd, start, end, revision, isFresh)
  }

  delete(id: number, key: Key, revision: number): void {
    this.#byId.get(id)?.replayDelete(key, revision)
  }

  create(id: number, name: Key): void {
    this.#byId.set(id, this.#catalog.restore(id, name, this.#byId.get(id)))
  }

  drop(id: number, revision: number): void {
    const table = this.#byId.get(id)
    this.#catalog.lastDrop = revision
    if (table === undefined) return
    this.#byId.delete(id)
    this.#catalog.drop(table, revision)
  }
}
