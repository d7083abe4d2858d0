// How long an entry lives, kept behind its encoded Value in the store: two fields that Value itself does not have,
// so that one engine format serves entries with and without. Most entries have neither, and a look at the first
// bytes tells.
import { Buffer } from 'node:buffer'
import { fieldEnd } from '../../proto/value-bytes.ts'
import type { Entry } from '../store/engine.ts'

/** When and with whom an entry ends. */
export interface Lifetime {
  /** Milliseconds of the store's clock; 0: it does not expire. */
  readonly expiresAt: number
  /** Client whose lease it is: 16 bytes as a binary string; '': none. */
  readonly client: string
}

/** Field 30, eight bytes: the expiry as a double. */
const expiryHead = [0xf1, 0x01] as const
const clientBytes = 16
/** Field 31, sixteen bytes: the client. */
const clientHead = [0xfa, 0x01, clientBytes] as const

/** Where the Value proper ends in `bytes[start, end)`: at `end`, unless a lifetime follows it. */
export function valueEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return end
  const first = bytes[start]
  return first === expiryHead[0] || first === clientHead[0] ? start : fieldEnd(bytes, start)
}

/** A Value with a lifetime behind it; the Value itself where it has none. */
export function withLifetime(value: Uint8Array, { expiresAt, client }: Lifetime): Uint8Array {
  if (expiresAt === 0 && client === '') return value
  const bytes = Buffer.alloc(value.length + (expiresAt === 0 ? 0 : 10) + (client === '' ? 0 : 3 + clientBytes))
  bytes.set(value)
  let at = value.length
  if (expiresAt !== 0) {
    bytes.set(expiryHead, at)
    bytes.writeDoubleLE(expiresAt, at + 2)
    at += 10
  }
  if (client !== '') {
    bytes.set(clientHead, at)
    bytes.write(client, at + 3, 'latin1')
  }
  return bytes
}

/** Reads the lifetime in `bytes[start, end)`, where `start` is what `valueEnd` returned. */
export function lifetimeAt(bytes: Uint8Array, start: number, end: number): Lifetime {
  if (start === end) return noLifetime
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = start
  let expiresAt = 0
  if (view[at] === expiryHead[0]) {
    expiresAt = view.readDoubleLE(at + 2)
    at += 10
  }
  return { expiresAt, client: at === end ? '' : view.toString('latin1', at + 3, end) }
}

/** The lifetime of an engine's entry; none where there is no entry. */
export function lifetimeOf(entry: Entry | undefined): Lifetime {
  if (entry === undefined) return noLifetime
  return lifetimeAt(entry.bytes, valueEnd(entry.bytes, entry.start, entry.end), entry.end)
}

export const noLifetime: Lifetime = { expiresAt: 0, client: '' }
