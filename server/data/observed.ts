// An engine that tells one observer of every write as it is made, whoever makes it. It changes nothing else.

import { readKey } from '../store/bytes/latin1.ts'
import type {
  BytesWrite,
  ChangePage,
  Engine,
  EngineEvents,
  EngineStats,
  Entry,
  Key,
  RangePage,
  RangeQuery,
  TableStats,
  Write,
} from '../store/engine.ts'

/** Hears of writes in their order. The bytes are only valid during the call. */
export interface WriteObserver {
  /** Whether it wants to hear of writes to this table. */
  watches(table: Key): boolean
  wrote(table: Key, key: Key, revision: number, bytes: Uint8Array, start: number, end: number): void
  deleted(table: Key, key: Key, revision: number): void
  /** The table is gone with all its entries. */
  dropped(table: Key, revision: number): void
}

export class ObservedEngine implements Engine {
  readonly inner: Engine
  observer: WriteObserver | undefined

  constructor(inner: Engine) {
    this.inner = inner
  }

  get kind(): Engine['kind'] {
    return this.inner.kind
  }

  get durability(): Engine['durability'] {
    return this.inner.durability
  }

  get epoch(): string {
    return this.inner.epoch
  }

  get revision(): number {
    return this.inner.revision
  }

  get safeRevision(): number {
    return this.inner.safeRevision
  }

  get events(): EngineEvents {
    return this.inner.events
  }

  whenSafe(revision: number, callback: (error?: Error) => void): void {
    this.inner.whenSafe(revision, callback)
  }

  pressure(): Promise<void> | undefined {
    return this.inner.pressure()
  }

  get(table: Key, key: Key): Entry | undefined {
    return this.inner.get(table, key)
  }

  set(table: Key, key: Key, bytes: Uint8Array, start: number, end: number): Entry | undefined {
    const previous = this.inner.set(table, key, bytes, start, end)
    const { observer } = this
    if (observer?.watches(table)) observer.wrote(table, key, this.inner.revision, bytes, start, end)
    return previous
  }

  lookup(table: Key, key: Uint8Array, start: number, end: number, hash: number): Entry | undefined {
    return this.inner.lookup(table, key, start, end, hash)
  }

  warm(table: Key, hashes: Int32Array, count: number): void {
    this.inner.warm(table, hashes, count)
  }

  put(
    table: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Entry | undefined {
    const previous = this.inner.put(table, key, keyStart, keyEnd, hash, bytes, start, end)
    const { observer } = this
    if (observer?.watches(table)) {
      observer.wrote(table, readKey(key, keyStart, keyEnd), this.inner.revision, bytes, start, end)
    }
    return previous
  }

  putWith(
    table: Key,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    also: BytesWrite,
  ): void {
    this.inner.putWith(table, key, keyStart, keyEnd, hash, bytes, start, end, also)
    const { observer } = this
    if (observer === undefined) return
    const { revision } = this.inner
    if (observer.watches(table)) {
      observer.wrote(table, readKey(key, keyStart, keyEnd), revision, bytes, start, end)
    }
    if (observer.watches(also.table)) {
      observer.wrote(also.table, readKey(also.key, 0, also.key.length), revision, also.bytes, 0, also.end)
    }
  }

  delete(table: Key, key: Key): Entry | undefined {
    const previous = this.inner.delete(table, key)
    if (previous !== undefined && this.observer?.watches(table)) this.observer.deleted(table, key, this.inner.revision)
    return previous
  }

  apply(writes: readonly Write[]): (Entry | undefined)[] {
    const previous = this.inner.apply(writes)
    const { observer } = this
    if (observer === undefined) return previous
    const { revision } = this.inner
    for (const [index, { table, key, value }] of writes.entries()) {
      if (!observer.watches(table)) continue
      if (value !== undefined) observer.wrote(table, key, revision, value, 0, value.length)
      else if (previous[index] !== undefined) observer.deleted(table, key, revision)
    }
    return previous
  }

  range(table: Key, query: RangeQuery): RangePage {
    return this.inner.range(table, query)
  }

  count(table: Key): number {
    return this.inner.count(table)
  }

  tables(): TableStats[] {
    return this.inner.tables()
  }

  drop(table: Key): number {
    const count = this.inner.drop(table)
    if (this.observer?.watches(table)) this.observer.dropped(table, this.inner.revision)
    return count
  }

  changes(table: Key, since: number, limit: number): ChangePage | undefined {
    return this.inner.changes(table, since, limit)
  }

  stats(): EngineStats {
    return this.inner.stats()
  }

  close(): Promise<void> {
    return this.inner.close()
  }
}
