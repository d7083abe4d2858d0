// The append-only log: takes the records of writes, has them written in groups, and says when they are safe.
// It knows no tables, only their numbers. Its parts: the records that wait, the groups in which they are committed, the
// slots of files where they lie, and what is safe.
import type { Key } from '../engine.ts'
import { groupHeaderBytes } from './format.ts'
import { type GroupOptions, Groups, type LogListener } from './groups.ts'
import { Records } from './records.ts'
import type { LogEnd } from './replay.ts'
import { Safety } from './safety.ts'
import { type SlotOptions, Slots } from './slots.ts'

export type LogOptions = SlotOptions & GroupOptions

export class Log {
  readonly #options: LogOptions
  readonly #records: Records
  readonly #slots: Slots
  readonly #groups: Groups
  readonly #safety: Safety

  /** Continues the log at its end, or begins one where there is none. */
  constructor(options: LogOptions, end: LogEnd) {
    this.#options = options
    this.#records = new Records(end.revision)
    this.#safety = new Safety(end.revision)
    this.#slots = new Slots(options, end)
    this.#groups = new Groups(options, end, this.#records, this.#slots, this.#safety)
  }

  /** Who is told when a group is safe, and when the log has failed. */
  set listener(listener: LogListener) {
    this.#groups.listener = listener
  }

  /** Revision of the last record taken. */
  get revision(): number {
    return this.#records.revision
  }

  /** All records up to this revision are safe. */
  get safeRevision(): number {
    return this.#safety.revision
  }

  /** Why no record is taken any more, and no more of them becomes safe. */
  get failure(): Error | undefined {
    return this.#safety.failure
  }

  /** Bytes of groups in segments that are still needed, those that wait included. */
  get liveBytes(): number {
    return this.#slots.liveBytes + this.#records.bytes
  }

  /** Bytes of all files. */
  get fileBytes(): number {
    return this.#slots.fileBytes
  }

  /** Bytes of records that wait for the group in flight. */
  get pendingBytes(): number {
    return this.#records.bytes
  }

  /** Makes sure that `bytes` more of records can be taken; throws KvassError 507 where not. */
  reserve(bytes: number, fromReserve: boolean): void {
    if (this.#safety.failure !== undefined) throw this.#safety.failure
    this.#slots.reserve(this.#records.length + bytes + groupHeaderBytes, fromReserve)
    this.#records.reserve(bytes)
  }

  /** Takes a set record, for which space is reserved; returns its revision. `shared`: that of the record before. */
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
    this.#groups.schedule()
    return this.#records.set(table, key, keyStart, keyEnd, value, start, end, shared)
  }

  /** Says of the set record just taken that its key had no entry. */
  markFresh(): void {
    this.#records.markFresh()
  }

  delete(table: number, key: Key, shared: boolean): number {
    this.#groups.schedule()
    return this.#records.delete(table, key, shared)
  }

  drop(table: number): number {
    this.#groups.schedule()
    return this.#records.drop(table)
  }

  /** Takes the record of a new table's number. It has no revision of its own, the write that follows has. */
  create(table: number, name: Key): void {
    this.#records.create(table, name)
  }

  /**
   * Calls back when the log is safe up to `revision`, or with the error when it never will be. Callbacks run in the
   * order of these calls, never within one.
   */
  whenSafe(revision: number, callback: (error?: Error) => void): void {
    this.#safety.whenSafe(revision, callback)
  }

  /**
   * Starts a new segment: all records taken when `onCut` is called are in the segments before it, all later ones in
   * it. Resolves once everything before it and its own header are on disk.
   */
  rotate(onCut: (sequence: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) throw this.failure
      this.#groups.rotate({ onCut, resolve, reject })
    })
  }

  /** Resolves once all records taken so far are on disk, whatever `durability` waits for. */
  async sync(): Promise<void> {
    const { revision } = this
    await new Promise<void>((resolve, reject) => {
      this.whenSafe(revision, (error) => (error === undefined ? resolve() : reject(error)))
    })
    if (this.#options.durability === 'flush') return
    await new Promise<void>((resolve, reject) => {
      this.#options.files.datasync(this.#slots.segment.fd, (error) => (error === null ? resolve() : reject(error)))
    })
  }

  /** Lets the files be used again that hold only segments before `sequence`; called when nothing needs them. */
  release(sequence: number): void {
    this.#slots.release(sequence)
  }

  /** Makes all records safe, marks the log as closed, and lets go of the file. */
  async close(): Promise<void> {
    await this.#groups.close()
    this.#slots.close()
    this.#safety.failure = new Error('the store is closed')
    this.#safety.drain()
  }
}
