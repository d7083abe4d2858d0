// Which tombstones in LMDB are too many or too old, and their removal, a few at a time.
import type { Base } from '../lmdb/base.ts'
import type { TableWriter } from '../lmdb/writer.ts'
import type { Log } from '../log/log.ts'
import type { Catalog } from './catalog.ts'
import type { CheckpointParts } from './checkpoints.ts'
import type { DiskTable } from './disk-table.ts'

/** Tombstones that one step looks at. */
const stepKeys = 2_000
/** A tombstone's age is known to an eighth of the longest one, and to a minute. */
const shortestTickMs = 10
const longestTickMs = 60_000
const highestRevision = 2 ** 47

export interface TombstoneLimits {
  /** Seconds that a tombstone is kept. */
  readonly tombstoneSeconds: number
  /** Tombstones kept for a table. */
  readonly maxTombstones: number
  /** Monotonic seconds. */
  readonly clock: () => number
}

export class Tombstones {
  readonly #limits: TombstoneLimits
  readonly #base: Base
  readonly #writer: TableWriter
  readonly #log: Log
  readonly #catalog: Catalog
  /** Tables that may have some to remove. */
  readonly #due = new Set<DiskTable>()
  /** Revisions by age, oldest first. */
  readonly #marks: { seconds: number; revision: number }[] = []

  constructor(limits: TombstoneLimits, { base, writer, log, catalog }: CheckpointParts) {
    this.#limits = limits
    this.#base = base
    this.#writer = writer
    this.#log = log
    this.#catalog = catalog
  }

  /** Milliseconds between two calls of `tick`. */
  get tickMs(): number {
    return Math.min(Math.max(this.#limits.tombstoneSeconds * 125, shortestTickMs), longestTickMs)
  }

  get isTrimDue(): boolean {
    return this.#due.size > 0
  }

  /** Has a table looked at that has too many. */
  note(table: DiskTable): void {
    if (table.baseTombstones > this.#limits.maxTombstones && !table.isDropped) this.#due.add(table)
  }

  /** Notes which revision the store has now, and which tables have tombstones that have become too old. */
  tick(): void {
    const before = this.#agedRevision()
    const { revision } = this.#log
    const { clock, tombstoneSeconds } = this.#limits
    if (this.#marks[this.#marks.length - 1]?.revision !== revision) this.#marks.push({ seconds: clock(), revision })
    const oldest = clock() - tombstoneSeconds
    while (this.#marks.length > 1 && this.#marks[1]!.seconds <= oldest) this.#marks.shift()
    if (this.#agedRevision() === 0 && before === 0) return
    for (const table of this.#catalog.tables()) if (table.baseTombstones > 0) this.#due.add(table)
  }

  /** Removes some tombstones of one table. The floor rises first: no reader may miss a deletion unknowingly. */
  async trim(): Promise<void> {
    const { maxTombstones } = this.#limits
    const [table] = this.#due
    const aged = this.#agedRevision()
    let upTo = 0
    let count = table!.baseTombstones
    for (const { revision } of this.#base.tombstones(table!.id, highestRevision, stepKeys)) {
      if (count <= maxTombstones && revision > aged) break
      upTo = revision
      count--
    }
    if (upTo === 0 || table!.isDropped) {
      this.#due.delete(table!)
      return
    }
    table!.floor = Math.max(table!.floor, upTo)
    table!.baseTombstones = (await this.#writer.run('trim', { table: table!.id, upTo })).tombstones
    this.#base.refresh()
  }

  /** Tombstones up to this revision are too old. */
  #agedRevision(): number {
    const [mark] = this.#marks
    if (mark === undefined || mark.seconds > this.#limits.clock() - this.#limits.tombstoneSeconds) return 0
    return mark.revision
  }
}
