// Typed values as text, and back: the JSON form of files (exact for every type), what --type makes of an argument,
// and what a terminal shows. It knows no gateway, no file and no table.
import { isUtf8 } from 'node:buffer'
import type { ValueMessage } from '../../proto/value.ts'

export type ValueType = 'string' | 'binary' | 'integer' | 'float' | 'bool' | 'json' | 'null'

/** What --type takes: `auto` is a JSON literal's own type, and a string for any other text. */
export const argumentTypes = ['auto', 'string', 'integer', 'float', 'bool', 'json', 'binary', 'null'] as const
export type ArgumentType = (typeof argumentTypes)[number]

/** A text that is not what it should be; the message is one clause without a full stop, for "line 7: …". */
export class TextError extends Error {
  override readonly name = 'TextError'
}

const fields = ['string', 'binary', 'integer', 'float', 'bool', 'json'] as const

export function typeOf(value: ValueMessage): ValueType {
  return fields.find((field) => value[field] !== undefined) ?? 'null'
}

/**
 * The JSON form, on one line. Strings, booleans, null and documents are themselves; an integer has digits only, a
 * float a point or an exponent; what JSON lacks is an object with one property: {"$binary": base64},
 * {"$float": "NaN" | "Infinity" | "-Infinity"}, and {"$json": text} for a document whose text must be kept apart.
 */
export function toJson(value: ValueMessage): string {
  if (value.json !== undefined) return isPlainDocument(value.json) ? value.json : wrap('$json', value.json)
  if (value.string !== undefined) return JSON.stringify(value.string)
  if (value.integer !== undefined) return String(value.integer)
  if (value.float !== undefined) return floatText(value.float) ?? wrap('$float', String(value.float))
  if (value.bool !== undefined) return String(value.bool)
  if (value.binary !== undefined) return wrap('$binary', base64(value.binary))
  return 'null'
}

/**
 * An entry as the properties of a JSON object, its value exact: key, value, type and revision, and where they are so
 * `ttl` in milliseconds and `leased`.
 */
export function entryProperties(key: string, value: ValueMessage, revision: number): string {
  const ttl = value.ttlMs === undefined ? '' : `,"ttl":${value.ttlMs}`
  const leased = value.leased ? ',"leased":true' : ''
  return `"key":${JSON.stringify(key)},"value":${toJson(value)},"type":"${typeOf(value)}","revision":${revision}${ttl}${leased}`
}

const wrapperPattern = /^\{\s*"\$(binary|float|json)"/
const wrap = (name: string, text: string) => `{"${name}":${JSON.stringify(text)}}`

/** Whether a document stands in a line as it is and reads back as the same text: not a scalar, nor like a wrapper. */
function isPlainDocument(text: string): boolean {
  const first = text[0]
  const last = text[text.length - 1]
  if (!((first === '{' && last === '}') || (first === '[' && last === ']'))) return false
  return !text.includes('\n') && !text.includes('\r') && !wrapperPattern.test(text)
}

function floatText(float: number): string | undefined {
  if (!Number.isFinite(float)) return undefined
  const text = Object.is(float, -0) ? '-0' : String(float)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** The value that a valid JSON text, without space around it, stands for: the inverse of `toJson`. Throws TextError. */
export function fromJson(text: string): ValueMessage {
  switch (text[0]) {
    case '"':
      return { string: wellFormed(JSON.parse(text) as string) }
    case '{':
      return wrapperPattern.test(text) ? unwrap(text) : { json: text }
    case '[':
      return { json: text }
    case 't':
      return { bool: true }
    case 'f':
      return { bool: false }
    case 'n':
      return {}
    default:
      return fromNumber(text)
  }
}

/** A JSON string may escape half a surrogate pair, which UTF-8 cannot hold. */
export function wellFormed(text: string): string {
  if (/\p{Surrogate}/u.test(text))
    throw new TextError(`${JSON.stringify(text)} holds half a surrogate pair, which is not Unicode text`)
  return text
}

function fromNumber(text: string): ValueMessage {
  if (/^-?\d+$/.test(text) && text !== '-0') return { integer: parseInteger(text) }
  const float = Number(text)
  if (!Number.isFinite(float)) throw new TextError(`${text} is beyond the range of a 64-bit float`)
  return { float }
}

function parseInteger(text: string): number | bigint {
  const integer = BigInt(text)
  if (BigInt.asIntN(64, integer) !== integer) {
    throw new TextError(`${text} is beyond 64 bits: write ${text}.0 for a float, or "${text}" for a string`)
  }
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : integer
}

function unwrap(text: string): ValueMessage {
  const wrapped = JSON.parse(text) as Record<string, unknown>
  const name = Object.keys(wrapped)[0]!
  const content = wrapped[name]
  if (Object.keys(wrapped).length !== 1 || typeof content !== 'string') {
    throw new TextError(
      `a "${name}" object has one property, a string; for a document of that form write {"$json": TEXT}`,
    )
  }
  if (name === '$binary') return { binary: parseBase64(content) }
  if (name === '$json') return { json: parseDocument(content) }
  if (content !== 'NaN' && content !== 'Infinity' && content !== '-Infinity') {
    throw new TextError(`"$float" holds "NaN", "Infinity" or "-Infinity", not ${JSON.stringify(content)}`)
  }
  return { float: Number(content) }
}

function parseDocument(text: string): string {
  try {
    JSON.parse(text)
  } catch (error) {
    throw new TextError(`not JSON: ${(error as Error).message}`)
  }
  return text
}

function parseBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  const canonical = (form: string) => form.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')
  if (canonical(bytes.toString('base64')) !== canonical(text))
    throw new TextError(`not base64: ${JSON.stringify(text)}`)
  return bytes
}

/** Base64 of bytes, without a copy. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** What an argument, or what standard input held, is as a value of `type`. Throws TextError. */
export function fromArgument(input: string | Uint8Array, type: ArgumentType): ValueMessage {
  if (type === 'binary') return { binary: typeof input === 'string' ? parseBase64(input) : input }
  if (typeof input !== 'string' && !isUtf8(input)) throw new TextError('the value is not UTF-8 text: use --type binary')
  const text = typeof input === 'string' ? input : Buffer.from(input).toString()
  switch (type) {
    case 'auto':
      return guess(text)
    case 'string':
      return { string: text }
    case 'integer':
      if (!/^[+-]?\d+$/.test(text.trim())) throw new TextError(`not an integer: ${JSON.stringify(text)}`)
      return { integer: parseInteger(text.trim()) }
    case 'float':
      return { float: parseFloatText(text.trim()) }
    case 'bool':
      if (text !== 'true' && text !== 'false') throw new TextError(`not true or false: ${JSON.stringify(text)}`)
      return { bool: text === 'true' }
    case 'json':
      return { json: parseDocument(text) }
    case 'null':
      if (text !== '' && text !== 'null') throw new TextError(`not null: ${JSON.stringify(text)}`)
      return {}
  }
}

/** A number to add: digits only make an integer, a point or an exponent a float. Throws TextError. */
export function numberFrom(text: string): ValueMessage {
  if (/^[+-]?\d+$/.test(text)) return { integer: parseInteger(text) }
  const float = /^[+-]?\d*\.?\d+([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(float)) throw new TextError(`not a number: ${JSON.stringify(text)}`)
  return { float }
}

function parseFloatText(text: string): number {
  const float = Number(text)
  const isNumber = text !== '' && (!Number.isNaN(float) || text === 'NaN')
  if (!isNumber) throw new TextError(`not a number: ${JSON.stringify(text)}`)
  return float
}

/** A JSON text is what it says; anything else, and a number that 64 bits cannot hold, is a string. */
export function guess(text: string): ValueMessage {
  try {
    return isJson(text) ? fromJson(text.trim()) : { string: text }
  } catch (error) {
    if (error instanceof TextError) return { string: text }
    throw error
  }
}

const jsonScalar = /^[ \t\r\n]*(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)[ \t\r\n]*$/

/** Whether a text is JSON; most texts are not, and then it must not cost what an error of JSON.parse does. */
export function isJson(text: string): boolean {
  if (jsonScalar.test(text)) return true
  if (!/^[ \t\r\n]*["{[]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What `get` prints: a string and a document as they are, a number with all its digits. */
export function toText(value: ValueMessage): string {
  if (value.string !== undefined) return value.string
  if (value.json !== undefined) return value.json
  if (value.float !== undefined) return floatText(value.float) ?? String(value.float)
  if (value.binary !== undefined) return base64(value.binary)
  return toJson(value)
}
