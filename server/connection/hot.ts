// The hot path: plain gets and sets, run straight from the chunk into the turn's output, without an object made. It
// reads the request, has data/plain.ts do it, and writes the reply. Whatever looks otherwise is left to the readable
// path, whose replies are the same. Guarded by `npm run bench -- commands`: objects for each command cost half of the
// throughput.

import type { Buffer } from 'node:buffer'
import { isAscii, noBytes } from '../../proto/bytes.ts'
import { commandNumbers } from '../../proto/codec.ts'
import { headerBytes, writeHeader } from '../../proto/frame.ts'
import type { Limits } from '../../proto/limits.ts'
import { endReply, plainRequest, readRequest, replyOverheadBytes } from '../../proto/plain.ts'
import { isPlainValue } from '../../proto/value-bytes.ts'
import type { Session, Shared } from '../commands/command.ts'
import { sequenceBytes } from '../data/mutations.ts'
import { isShort, PlainEntries, writeReply } from '../data/plain.ts'
import type { Meter } from '../service/meter.ts'
import { copyOf, copyViewed, viewOf } from '../store/bytes/copy.ts'
import { asBuffer } from '../store/bytes/latin1.ts'
import type { Engine, Entry, Key } from '../store/engine.ts'
import { batch } from './batch.ts'
import { Lookahead } from './lookahead.ts'

import type { Outbox } from './outbox.ts'

/** Buffer's method behind `toString('latin1')`, without its argument checks. */
type Sliceable = Buffer & { latin1Slice(start: number, end: number): string }

const hgetNumber = commandNumbers.hget
const hsetNumber = commandNumbers.hset

export class HotPath {
  readonly #store: Engine
  readonly #entries: PlainEntries
  readonly #meter: Meter
  readonly #limits: Limits
  /** What the replies to sets are marked with; 0 for nothing. */
  readonly #durability: number
  readonly #lookahead: Lookahead
  /** The last table's name as bytes and as a key: most requests in a row name the same. */
  #tableBytes: Uint8Array = noBytes
  #table: Key = ''

  constructor({ store, entries, clients }: Shared, meter: Meter, limits: Limits, durabilityMark: number | undefined) {
    this.#store = store
    this.#meter = meter
    this.#limits = limits
    this.#durability = durabilityMark ?? 0
    this.#entries = new PlainEntries(store, entries, clients, this.#durability)
    this.#lookahead = new Lookahead(store)
  }

  /** A new turn begins: its bytes were not seen before. */
  begin(): void {
    this.#lookahead.reset()
  }

  /**
   * Runs the request in `bytes[start, end)`, behind which others may follow up to `chunkEnd`, and writes its reply;
   * false: nothing was done, take the readable path.
   */
  run(bytes: Uint8Array, start: number, end: number, chunkEnd: number, session: Session, outbox: Outbox): boolean {
    if (!readRequest(bytes, start, end)) return false
    const { id } = plainRequest
    if (id !== 0 && session.running.size !== 0 && session.running.has(id)) return false
    const buffer = asBuffer(bytes) as Sliceable
    const view = viewOf(buffer)
    if (!this.#readTable(buffer, view) || !this.#isKey(buffer, view)) return false
    this.#lookahead.see(bytes, start, end, chunkEnd, this.#tableBytes, this.#table)
    return plainRequest.isSet ? this.#set(buffer, view, session, outbox) : this.#get(buffer)
  }

  #get(bytes: Buffer): boolean {
    if (plainRequest.mutation !== 0) return false
    const entry = this.#entries.get(this.#table, bytes, plainRequest, this.#hash(bytes))
    if (entry === undefined || !isShort(entry)) return false
    this.#reply(entry, entry.revision, 0, hgetNumber)
    this.#meter.reply(hgetNumber, 200)
    return true
  }

  #set(bytes: Buffer, view: DataView, session: Session, outbox: Outbox): boolean {
    const { value, valueEnd, mutation } = plainRequest
    if (valueEnd - value > this.#limits.maxValueBytes || !isPlainValue(bytes, view, value, valueEnd)) return false
    const isDone = mutation === 0 ? this.#setAlways(bytes, outbox) : this.#setOnce(bytes, session.clientId)
    if (!isDone) return false
    batch.wrote = true
    this.#meter.reply(hsetNumber, 200)
    return true
  }

  #setAlways(bytes: Buffer, outbox: Outbox): boolean {
    const previous = this.#entries.set(this.#table, bytes, plainRequest, this.#hash(bytes))
    if (previous === undefined) return false
    const revision = this.#store.revisionOf(this.#table)
    const durability = this.#durability
    if (isShort(previous)) {
      this.#reply(previous, revision, durability, hsetNumber)
    } else {
      const values = [copyOf(previous.bytes, previous.start, previous.end)]
      const response = { status: 200, values, revision, durability: durability || undefined }
      outbox.send(response, plainRequest.id, revision, hsetNumber)
    }
    return true
  }

  #setOnce(bytes: Buffer, clientId: string): boolean {
    const record = this.#entries.setOnce(this.#table, bytes, plainRequest, this.#hash(bytes), clientId)
    if (record === undefined) return false
    const revision = this.#store.revisionOf(this.#table)
    const length = record.end - sequenceBytes
    batch.reserve(length + replyOverheadBytes)
    batch.note(revision, this.#store.safeRevisionOf(this.#table))
    const at = batch.at + headerBytes
    copyViewed(record.bytes, record.data, sequenceBytes, record.end, batch.bytes, batch.data, at)
    this.#endReply(at + length, revision, hsetNumber)
    return true
  }

  #hash(bytes: Buffer): number {
    return this.#lookahead.hash(bytes, plainRequest.key, plainRequest.keyEnd)
  }

  /** Writes a reply with one value. */
  #reply(entry: Entry, revision: number, durability: number, command: number): void {
    batch.reserve(entry.end - entry.start + replyOverheadBytes)
    batch.note(revision, this.#store.safeRevisionOf(this.#table))
    this.#endReply(writeReply(batch.bytes, batch.data, batch.at + headerBytes, entry, durability), revision, command)
  }

  /**
   * Ends the reply that is written up to `at`: revision, id, and the header in front of it all. It is timed with its
   * batch, as those are that the outbox writes.
   */
  #endReply(at: number, revision: number, command: number): void {
    const end = endReply(batch.bytes, at, revision, plainRequest.id)
    writeHeader(batch.bytes, batch.at, end - batch.at - headerBytes, false)
    batch.at = end
    batch.replies[command]! += 1
  }

  /** Takes note of the request's table; false where its name is none that is taken here. */
  #readTable(bytes: Sliceable, view: DataView): boolean {
    const { table, tableEnd } = plainRequest
    if (equal(this.#tableBytes, bytes, table, tableEnd)) return true
    // A name that begins with NUL is of the gateway's own tables: the readable path refuses it.
    if (tableEnd - table > this.#limits.maxTableBytes || bytes[table] === 0) return false
    if (!isAscii(bytes, view, table, tableEnd)) return false
    this.#tableBytes = copyOf(bytes, table, tableEnd)
    this.#table = bytes.latin1Slice(table, tableEnd)
    return true
  }

  #isKey(bytes: Buffer, view: DataView): boolean {
    const { key, keyEnd } = plainRequest
    return keyEnd - key <= this.#limits.maxKeyBytes && isAscii(bytes, view, key, keyEnd)
  }
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = known
  if (length !== end - start) return false
  for (let at = 0; at < length; at++) if (known[at] !== bytes[start + at]) return false
  return true
}
