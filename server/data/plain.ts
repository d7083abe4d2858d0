// Plain gets and sets on any engine: of one entry whose table and key are checked, without a lifetime or a condition,
// and with the record of a mutation where the set has a number. Nothing is copied but into the store, and no object is
// made. What is not plain is for data/entries.ts, whose outcome is the same. Guarded by `npm run bench -- commands`.
import {
  beginReply,
  longestPlainBytes,
  type PlainRequest,
  replyOverheadBytes,
  writeDurability,
} from '../../proto/plain.ts'
import { copyViewed, noBytes, viewOf, viewOn } from '../store/bytes/copy.ts'
import type { Engine, Entry, Key } from '../store/engine.ts'
import type { Clients } from './clients.ts'
import type { Entries } from './entries.ts'
import { valueEnd } from './lifetime.ts'
import { RecordBytes } from './mutations.ts'

/** What stands for the entry before where there was none: an empty value. In the form of the engines' own views. */
const noEntry: Entry = { bytes: noBytes, data: viewOn(noBytes), start: 0, end: 0, revision: 0 }

export class PlainEntries {
  readonly #store: Engine
  readonly #entries: Entries
  readonly #clients: Clients
  /** What replies to sets are marked with; 0 for nothing. */
  readonly #durability: number
  readonly #record = new RecordBytes(longestPlainBytes + replyOverheadBytes)

  constructor(store: Engine, entries: Entries, clients: Clients, durability: number) {
    this.#store = store
    this.#entries = entries
    this.#clients = clients
    this.#durability = durability
  }

  /** The entry that a get asks for, `hash` being its key's; undefined where there is none, or it is not plain. */
  get(table: Key, bytes: Uint8Array, { key, keyEnd }: PlainRequest, hash: number): Entry | undefined {
    const entry = this.#store.direct!.lookup(table, bytes, key, keyEnd, hash)
    return entry === undefined || hasLifetime(entry) ? undefined : entry
  }

  /** Makes a set without a number and returns the entry before; undefined where nothing was done. */
  set(table: Key, bytes: Uint8Array, request: PlainRequest, hash: number): Entry | undefined {
    const { key, keyEnd, value, valueEnd } = request
    let previous: Entry | undefined
    try {
      previous = this.#store.direct!.put(table, bytes, key, keyEnd, hash, bytes, value, valueEnd)
    } catch {
      return undefined // The readable path meets the same error and says what it is.
    }
    if (previous === undefined) return noEntry
    return hasLifetime(previous) ? this.#visible(previous) : previous
  }

  /**
   * Makes a set with a number that is above all before it, and returns the record of the reply; undefined where nothing
   * was done, because the mutation or the entry before is not plain.
   */
  setOnce(
    table: Key,
    bytes: Uint8Array,
    request: PlainRequest,
    hash: number,
    clientId: string,
  ): RecordBytes | undefined {
    const { key, keyEnd, value, valueEnd, mutation } = request
    if (clientId === '' || !this.#clients.isNew(clientId, mutation)) return undefined
    const previous = this.#store.direct!.lookup(table, bytes, key, keyEnd, hash) ?? noEntry
    if (!isShort(previous) || hasLifetime(previous)) return undefined
    const record = this.#record
    record.begin(clientId, mutation)
    record.end = writeReply(record.bytes, record.data, record.end, previous, this.#durability)
    try {
      this.#store.direct!.putWith(table, bytes, key, keyEnd, hash, bytes, value, valueEnd, record)
    } catch {
      return undefined // The readable path meets the same error and says what it is.
    }
    this.#clients.took(clientId, mutation)
    return record
  }

  #visible(entry: Entry): Entry {
    const visible = this.#entries.visible(entry)
    if (visible === undefined) return noEntry
    const { value, revision } = visible
    return { bytes: value, data: viewOf(value), start: 0, end: value.length, revision }
  }
}

/** Whether a reply with the value of this entry is never compressed. */
export function isShort({ start, end }: Entry): boolean {
  return end - start <= longestPlainBytes
}

/** Whether an entry may expire or is leased. */
function hasLifetime({ bytes, start, end }: Entry): boolean {
  return valueEnd(bytes, start, end) !== end
}

/** Writes a reply but for its revision and its id, as it is remembered for a mutation, and returns where that ends. */
export function writeReply(into: Uint8Array, view: DataView, at: number, entry: Entry, durability: number): number {
  const { bytes, start, end } = entry
  at = beginReply(into, at, end - start)
  copyViewed(bytes, entry.data ?? viewOf(bytes), start, end, into, view, at)
  return writeDurability(into, at + end - start, durability)
}
