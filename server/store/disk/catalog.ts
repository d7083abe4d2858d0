// The tables of a store on disk, by name, and what the next checkpoint is to tell LMDB of them: which were made, which
// were dropped. It knows neither the log nor when a checkpoint runs.
import type { Key, TableStats } from '../engine.ts'
import type { Base, BaseState } from '../lmdb/base.ts'
import type { NewTable } from '../lmdb/jobs.ts'
import type { CacheBound } from './cache.ts'
import { DiskTable, OverlayKeys, type TableOrigin } from './disk-table.ts'

/** The part of a checkpoint's state that the catalog keeps. */
export type CatalogState = Pick<BaseState, 'nextTable' | 'lastDrop'>

export class Catalog {
  /** Keys in the overlays of all tables. */
  readonly overlayKeys = new OverlayKeys()
  /** Whether a table was dropped whose space only a checkpoint gives back. */
  isDropDue = false
  /** Revision of the last drop: of a table that does not exist, nothing older is known. */
  lastDrop = 0
  readonly #base: Base
  readonly #cache: CacheBound
  #byName = new Map<Key, DiskTable>()
  #nextTable = 1
  #made: DiskTable[] = []
  #dropped: DiskTable[] = []

  constructor(base: Base, cache: CacheBound) {
    this.#base = base
    this.#cache = cache
  }

  get size(): number {
    return this.#byName.size
  }

  get state(): CatalogState {
    return { nextTable: this.#nextTable, lastDrop: this.lastDrop }
  }

  /** Tables that were dropped since the last cut. */
  get dropped(): readonly DiskTable[] {
    return this.#dropped
  }

  get(name: Key): DiskTable | undefined {
    return this.#byName.get(name)
  }

  tables(): Iterable<DiskTable> {
    return this.#byName.values()
  }

  stats(): TableStats[] {
    return [...this.#byName.values()]
      .map(({ name, count, revision }) => ({ name, count, revision }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  create(name: Key): DiskTable {
    return this.#make(this.#nextTable++, name)
  }

  /** Removes a table with all its entries, at this revision. */
  drop(table: DiskTable, revision: number): void {
    if (this.#byName.get(table.name) === table) this.#byName.delete(table.name)
    this.lastDrop = revision
    table.forget()
    this.#dropped.push(table)
    this.overlayKeys.active -= table.active?.size ?? 0
    this.overlayKeys.frozen -= table.frozen?.size ?? 0
    // The space of a table that LMDB knows nothing of comes back with the overlay.
    if (table.hasBase || table.frozen !== undefined) this.isDropDue = true
  }

  /** The tables that LMDB does not know and that are still there. */
  newTables(): NewTable[] {
    return this.#made.filter((table) => !table.isDropped).map(({ id, name, floor }) => ({ id, name, floor }))
  }

  /** LMDB knows these tables from now on. */
  known(tables: readonly NewTable[]): void {
    this.#made = this.#made.filter(({ id }) => !tables.some((other) => other.id === id))
  }

  /** The log is cut for a checkpoint, which has all that was made and dropped so far. */
  freeze(): void {
    for (const table of this.#byName.values()) table.freeze()
    this.overlayKeys.freeze()
    this.#made = []
    this.#dropped = []
    this.isDropDue = false
  }

  /** Takes the tables as LMDB has them, and returns them by their numbers. */
  load({ nextTable, lastDrop }: CatalogState): Map<number, DiskTable> {
    this.#nextTable = nextTable
    this.lastDrop = lastDrop
    return new Map(this.#base.tables().map((record) => [record.id, this.#add(record)]))
  }

  /** Makes a table as the log says. It is `known` where LMDB has it already, from a checkpoint that did not finish. */
  restore(id: number, name: Key, known: DiskTable | undefined): DiskTable {
    this.#nextTable = Math.max(this.#nextTable, id + 1)
    if (known === undefined) return this.#make(id, name)
    this.#byName.set(name, known)
    return known
  }

  /** The store is closed: there are no tables any more. */
  close(): void {
    this.#byName = new ClosedTables()
  }

  #make(id: number, name: Key): DiskTable {
    const table = this.#add({ id, name, floor: this.lastDrop })
    this.#made.push(table)
    return table
  }

  #add(origin: TableOrigin): DiskTable {
    const table = new DiskTable(this.#base, this.overlayKeys, this.#cache, origin)
    this.#byName.set(table.name, table)
    return table
  }
}

/** What is there once the store is closed. */
class ClosedTables extends Map<Key, DiskTable> {
  override get(): never {
    throw new Error('the store is closed')
  }

  override values(): never {
    return this.get()
  }
}
