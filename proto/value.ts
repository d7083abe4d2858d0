// JavaScript values and the Value message: what is stored as what, and read back as what. No bytes, no I/O.
import { varintBytes } from './bytes.ts'
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
  throw new KvassError(400, `The ${what} has half a surrogate pair, which UTF-8 cannot hold.`)
}

/** Bytes of the UTF-8 of `text`. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length
}

/**
 * Strings, booleans and bytes stay what they are, null is the empty value. Whole numbers within +-2^53 and bigints
 * within 64 bits are integers, all other numbers (-0 too) floats. Arrays, objects and what has a `toJSON` are JSON
 * as `JSON.stringify` writes it. Nothing of the message changes when the value does. Throws KvassError 400 for anything else, and for what would be lost in JSON.
 */
export function toValue(value: unknown): ValueMessage {
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
      throw new KvassError(400, `The integer ${value} does not fit into 64 bits: store it as a string.`)
    case 'object':
      return objectValue(value)
    default:
      throw unsupported(typeof value)
  }
}

function objectValue(value: object | null): ValueMessage {
  if (value === null) return {}
  // The tag instead of instanceof: bytes of another realm (a frame, a worker's test) are bytes as well.
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  if (tag === 'Uint8Array') return { binary: new Uint8Array(value as Uint8Array) }
  const isJson = tag === 'Object' || tag === 'Array' || typeof (value as { toJSON?: unknown }).toJSON === 'function'
  // A Map, a Set or a promise would become "{}" in silence.
  if (!isJson) throw unsupported(tag)
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw new KvassError(400, `The value is no JSON: ${(cause as Error).message}`, { cause })
  }
  if (json === undefined) throw unsupported('undefined (its toJSON gives nothing)')
  return { json }
}

function unsupported(what: string): KvassError {
  const allowed = 'strings, numbers, bigints, booleans, null, Uint8Array, arrays and plain objects'
  return new KvassError(400, `A value cannot be of type ${what}: ${allowed} can be stored.`)
}

/** The value that `toValue` was given; a bigint only where the integer is beyond +-2^53. Absent: null. */
export function fromValue(message: ValueMessage | undefined): unknown {
  if (message === undefined) return null
  if (message.string !== undefined) return message.string
  if (message.json !== undefined) return JSON.parse(message.json)
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
