// JavaScript values and the Value message: what is stored as what, and read back as what. No bytes, no I/O.
import { varintBytes } from './bytes.ts'
import { tagOf, textOf, valueOf } from './document.ts'
import { KvassError } from './status.ts'

/** A `Value` of kv.proto as an object: at most one member is set; none is the empty value. */
export interface ValueMessage {
  string?: string
  binary?: Uint8Array
  integer?: number | bigint
  float?: number
  bool?: boolean
  json?: string
  /** Read only: what is left of the entry's life. */
  ttlMs?: number
  /** Read only: the entry is bound to a session. */
  leased?: boolean
}

const minInteger = -(2n ** 63n)
const maxInteger = 2n ** 63n - 1n
const encoder = new TextEncoder()

/** Throws KvassError 400 where `text` has no UTF-8; `what` names it in the message. */
export function checkText(text: string & { isWellFormed?(): boolean }, what: string): void {
  // A platform of 2023 or later has it, at a tenth of the price: it need not look into text of one byte a character.
  // The expression matches half of a surrogate pair that stands alone: UTF-8 cannot say it.
  if (text.isWellFormed?.() ?? !/\p{Surrogate}/u.test(text)) return
  throw new KvassError(400, `The ${what} has half a surrogate pair: UTF-8 cannot hold it.`)
}

/** Bytes of the UTF-8 of `text`. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length
}

/**
 * Strings, booleans and bytes stay what they are, null is the empty value. Whole numbers within +-2^53 and bigints
 * within 64 bits are integers, all other numbers (-0 too) floats. Arrays, objects and what has a `toJSON` are JSON as
 * `JSON.stringify` writes it, with `exact` also bigints inside. Nothing of the message changes when the value does.
 * Throws KvassError 400 for anything else, and with its path for what would be lost in JSON.
 */
export function toValue(value: unknown, exact = false): ValueMessage {
  switch (typeof value) {
    case 'string':
      checkText(value, 'value')
      return { string: value }
    case 'boolean':
      return { bool: value }
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? { integer: value } : { float: value }
    case 'bigint':
      if (value >= minInteger && value <= maxInteger) return { integer: value }
      throw new KvassError(400, `The integer ${value} has more than 64 bits: store it as a string.`)
    default:
      if (value === null) return {}
      if (tagOf(value) === 'Uint8Array') return { binary: new Uint8Array(value as Uint8Array) }
      return { json: textOf(value, exact) }
  }
}

/**
 * The value that `toValue` was given; a bigint only where the integer is beyond +-2^53, and in JSON only with `exact`.
 * Absent: null.
 */
export function fromValue(message: ValueMessage | undefined, exact = false): unknown {
  if (message === undefined) return null
  if (message.string !== undefined) return message.string
  if (message.json !== undefined) return valueOf(message.json, exact)
  return message.integer ?? message.float ?? message.bool ?? message.binary ?? null
}

/** Bytes of the encoded message where that is over `limit`, 0 elsewhere; costs nothing for what is clearly shorter. */
export function bytesOver(message: ValueMessage, limit: number): number {
  const text = message.string ?? message.json
  if (text !== undefined && text.length * 3 + 6 <= limit) return 0
  const content = text === undefined ? (message.binary?.length ?? 0) : utf8Length(text)
  const size = 1 + varintBytes(content) + content
  return size > limit ? size : 0
}
