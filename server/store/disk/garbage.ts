// Rows of dropped tables that still take space in LMDB, and their removal, a few at a time.
import type { Base } from '../lmdb/base.ts'
import type { TableWriter } from '../lmdb/writer.ts'
import type { DiskTable } from './disk-table.ts'

export class Garbage {
  /** Entries that still take space. */
  entries: number
  /** Whether there are rows to remove. */
  isLeft: boolean
  readonly #base: Base
  readonly #writer: TableWriter

  /** Begins with what LMDB has of it. */
  constructor(base: Base, writer: TableWriter) {
    const tables = base.garbage()
    this.entries = tables.reduce((sum, { count }) => sum + count, 0)
    this.isLeft = tables.length > 0
    this.#base = base
    this.#writer = writer
  }

  /** A checkpoint has made garbage of these tables. */
  add(dropped: readonly DiskTable[]): void {
    this.entries += dropped.reduce((sum, table) => sum + table.baseCount, 0)
    this.isLeft ||= dropped.length > 0
  }

  /** Removes some rows. */
  async reclaim(): Promise<void> {
    const { left, done } = await this.#writer.run('reclaim', {})
    this.#base.refresh()
    this.entries = left
    this.isLeft = !done
  }
}
