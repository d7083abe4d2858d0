// The records that the next group will hold, encoded behind the space for its header. Two buffers take turns: while one
// is on its way to the disk, records go to the other.
import { viewOn } from '../bytes/copy.ts'
import type { Key } from '../engine.ts'
import { groupHeaderBytes, markFresh, recordKinds, writeSet, writeShort } from './format.ts'

const startBytes = 1 << 18
/** A buffer that one burst made larger than this is not kept. */
const largestKeptBytes = 8 << 20

export class Records {
  /** Revision of the last record taken. */
  revision: number
  /** Where the last record ends: the length of the group so far. */
  length = groupHeaderBytes
  /** Records that count as writes. */
  writes = 0
  #buffer: Buffer = Buffer.allocUnsafeSlow(startBytes)
  #view = viewOn(this.#buffer)
  #spare: Buffer = Buffer.allocUnsafeSlow(startBytes)
  /** Where the last set record begins. */
  #last = 0

  constructor(revision: number) {
    this.revision = revision
  }

  /** Bytes of records. */
  get bytes(): number {
    return this.length - groupHeaderBytes
  }

  /** Makes room for `bytes` more. */
  reserve(bytes: number): void {
    if (this.length + bytes <= this.#buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, this.length + bytes))
    this.#buffer.copy(grown, 0, 0, this.length)
    this.#use(grown)
  }

  /** Takes a set record, for which there is room; returns its revision. `shared`: that of the record before. */
  set(
    table: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    start: number,
    end: number,
    shared: boolean,
  ): number {
    this.#last = this.length
    this.length = writeSet(
      this.#buffer,
      this.#view,
      this.length,
      table,
      key,
      keyStart,
      keyEnd,
      value,
      start,
      end,
      shared,
    )
    return this.#taken(shared)
  }

  /** Says of the set record just taken that its key had no entry. */
  markFresh(): void {
    markFresh(this.#buffer, this.#last)
  }

  delete(table: number, key: Key, shared: boolean): number {
    this.length = writeShort(this.#buffer, this.length, recordKinds.delete, table, key, shared)
    return this.#taken(shared)
  }

  drop(table: number): number {
    this.length = writeShort(this.#buffer, this.length, recordKinds.drop, table, '', false)
    return this.#taken(false)
  }

  /** Takes the record of a new table's number. It has no revision of its own, the write that follows has. */
  create(table: number, name: Key): void {
    this.length = writeShort(this.#buffer, this.length, recordKinds.create, table, name, false)
  }

  /** Returns the buffer that holds the group, and begins the next group in the other one. */
  cut(): Buffer {
    const cut = this.#buffer
    this.#use(this.#spare)
    this.length = groupHeaderBytes
    this.writes = 0
    return cut
  }

  /** Takes back the buffer that `cut` returned. */
  giveBack(buffer: Buffer): void {
    this.#spare = buffer.length > largestKeptBytes ? Buffer.allocUnsafeSlow(startBytes) : buffer
  }

  #use(buffer: Buffer): void {
    this.#buffer = buffer
    this.#view = viewOn(buffer)
  }

  #taken(shared: boolean): number {
    if (!shared) this.revision++
    this.writes++
    return this.revision
  }
}
