// What is remembered of a mutation: the reply that it got, in a table of the gateway's own. A client has a ring of
// records, which its mutations take in turn, so that remembering one writes one record and forgets another with it.
//
//   key    client (16)   slot u16        value   sequence f64   the response, encoded
import { Buffer } from 'node:buffer'
import { encodeResponse, type Response, responseOf } from '../../proto/codec.ts'
import { mutationSlots } from '../../proto/limits.ts'
import { viewOn } from '../store/bytes/copy.ts'
import { writeKey } from '../store/bytes/latin1.ts'
import { afterPrefix, type Engine, type Entry, type Key, type Write } from '../store/engine.ts'

export const mutationTable = '\0mutations'

const clientBytes = 16

/** Bytes of the sequence in front of a record's response. */
export const sequenceBytes = 8

/** A write's number, under which it is remembered. */
export interface Mutation {
  /** 16 bytes as a binary string. */
  readonly client: string
  readonly sequence: number
  /** Whether its record was written, with the write itself. */
  recorded: boolean
}

function keyOf(client: string, sequence: number): Key {
  const slot = sequence % mutationSlots
  return client + String.fromCharCode(slot >>> 8, slot & 0xff)
}

/** A record under way as bytes, for those who write one after another: the response is for them to add. */
export class RecordBytes {
  readonly table = mutationTable
  readonly key = new Uint8Array(clientBytes + 2)
  readonly bytes: Buffer
  readonly data: DataView
  end = 0
  #client = ''

  constructor(responseBytes: number) {
    this.bytes = Buffer.alloc(sequenceBytes + responseBytes)
    this.data = viewOn(this.bytes)
  }

  /** Begins the record of a mutation. */
  begin(client: string, sequence: number): void {
    if (client !== this.#client) {
      writeKey(this.key, 0, client)
      this.#client = client
    }
    const slot = sequence % mutationSlots
    this.key[clientBytes] = slot >>> 8
    this.key[clientBytes + 1] = slot
    this.bytes.writeDoubleLE(sequence)
    this.end = sequenceBytes
  }
}

/** The write that remembers the reply to a mutation; without a revision, the record's own is meant. */
export function recordOf({ client, sequence }: Mutation, response: Response): Write {
  const encoded = encodeResponse(response)
  const value = Buffer.allocUnsafe(sequenceBytes + encoded.length)
  value.writeDoubleLE(sequence)
  value.set(encoded, sequenceBytes)
  return { table: mutationTable, key: keyOf(client, sequence), value }
}

/** The reply that a mutation got, if its record is there; its own write's revision is that of the record. */
export function recordedReply(store: Engine, client: string, sequence: number): Response | undefined {
  const record = store.get(mutationTable, keyOf(client, sequence))
  if (record === undefined || sequenceIn(record) !== sequence) return undefined
  const reply = responseOf(record.bytes, record.start + sequenceBytes, record.end)
  return reply.status === 200 ? { ...reply, revision: reply.revision || record.revision } : reply
}

/** The highest mutation of a client that is remembered; 0 for none. */
export function highestOf(store: Engine, client: string): number {
  let highest = 0
  let after: Key | undefined
  do {
    const bounds = { start: client, end: afterPrefix(client), after }
    const page = store.range(mutationTable, { ...bounds, limit: mutationSlots, maxBytes: 1 << 20 })
    for (const { value } of page.entries) {
      highest = Math.max(highest, sequenceIn({ bytes: value, start: 0, end: value.length, revision: 0 }))
    }
    after = page.next
  } while (after !== undefined)
  return highest
}

function sequenceIn({ bytes, start }: Entry): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(start, true)
}
