// The changes of one table since a revision, over all its layers: LMDB has the oldest, then come those of the overlay
// that a checkpoint is writing, then those of the active one. A key that an upper layer knows has changed again there.
import { copyOf } from '../bytes/copy.ts'
import { type Change, type ChangePage, changeBytes, type Key } from '../engine.ts'
import type { Base } from '../lmdb/base.ts'
import type { MemoryTable } from '../memory/memory-table.ts'

/** Rows that one call looks at, at the most. */
const maxScan = 4096
/** Rows that are asked of LMDB at the least: most asking is for a few, and some of those have changed again. */
const fewestRows = 16

/** What changes are read from. */
export interface ChangeLayers {
  readonly active: MemoryTable | undefined
  readonly frozen: MemoryTable | undefined
  readonly base: Base
  /** Number of the table in LMDB; none where no row of it counts. */
  readonly baseTable: number | undefined
  /** What LMDB holds up to here is older than what any overlay holds. Rows above it the overlays have as well. */
  readonly baseRevision: number
}

export interface ChangeQuery {
  readonly since: number
  /** Changes at the most, about. */
  readonly limit: number
  /** Revision of the store: what the changes are complete up to. */
  readonly revision: number
}

/** A page of changes, in revision order. */
export function changesOf(layers: ChangeLayers, { since, limit, revision }: ChangeQuery): ChangePage {
  const { active, frozen } = layers
  const page = new Page(since, Math.min(limit, maxScan))
  const isCut = takeBase(layers, page, since, limit)
  if (isCut) return page.done(true, revision)
  frozen?.index.after(since, (cell, at) =>
    page.take(at, () => (active?.knows(frozen.cells.key(cell)) === true ? undefined : frozen.change(cell, at))),
  )
  if (!page.isFull) active?.index.after(since, (cell, at) => page.take(at, () => active.change(cell, at)))
  return page.done(false, revision)
}

/** Takes the changes that LMDB holds; returns whether there are more than it took. */
function takeBase(layers: ChangeLayers, page: Page, since: number, limit: number): boolean {
  const { base, baseTable, baseRevision } = layers
  if (baseTable === undefined || since >= baseRevision) return false
  for (let wanted = Math.min(Math.max(limit, fewestRows), maxScan) + 1; ; wanted *= 2) {
    const rows = base.changed(baseTable, since, baseRevision, wanted)
    const isCut = rows.length === wanted
    const last = rows[rows.length - 1]?.revision ?? 0
    // The revision at which the rows were cut off may be incomplete; if it is the only one, look further.
    if (isCut && rows[0]!.revision === last) continue
    for (const { key, revision } of rows) {
      if (isCut && revision === last) break
      if (!page.take(revision, () => baseChange(layers, baseTable, key, revision))) return true
    }
    return isCut
  }
}

function baseChange(
  { active, frozen, base }: ChangeLayers,
  table: number,
  key: Key,
  revision: number,
): Change | undefined {
  if (active?.knows(key) || frozen?.knows(key)) return undefined
  const { found } = base
  if (!base.find(table, key) || found.revision !== revision) return undefined
  return { key, revision, value: found.deleted ? undefined : copyOf(found.bytes, 0, found.length) }
}

/** A page under way: takes changes in revision order and never splits a revision. */
class Page {
  /** Whether it has refused a change. */
  isFull = false
  readonly #changes: Change[] = []
  #last: number
  #seen = 0
  #bytes = 0
  readonly #since: number
  readonly #limit: number

  constructor(since: number, limit: number) {
    this.#since = this.#last = since
    this.#limit = limit
  }

  /** Takes a change of `revision`, if `change` returns one; false where the page is full. */
  take(revision: number, change: () => Change | undefined): boolean {
    const isFull = this.#changes.length >= this.#limit || this.#seen >= maxScan || this.#bytes >= changeBytes
    if (isFull && revision > this.#last && this.#last > this.#since) {
      this.isFull = true
      return false
    }
    this.#last = revision
    this.#seen++
    const taken = change()
    if (taken === undefined) return true
    this.#changes.push(taken)
    this.#bytes += taken.value?.length ?? 0
    return true
  }

  /** `isCut`: LMDB holds more. */
  done(isCut: boolean, storeRevision: number): ChangePage {
    const complete = !isCut && !this.isFull
    return { changes: this.#changes, upTo: complete ? storeRevision : this.#last, complete }
  }
}
