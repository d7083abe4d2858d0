// A value while it is being edited: as text of a chosen type, and back. It knows no table and no element.
import type { Value } from '../../sdk/index.ts'
import { jsonFault } from './json-fault.ts'

export const valueTypes = ['string', 'integer', 'float', 'bool', 'json', 'binary', 'null'] as const
export type ValueType = (typeof valueTypes)[number]
export type BinaryForm = 'hex' | 'base64'

export interface Draft {
  readonly type: ValueType
  /** What the editor shows: the string, the digits, "true" or "false", the JSON text, hex or base64. */
  readonly text: string
  /** How `text` writes bytes; for `binary` only. */
  readonly form: BinaryForm
  /** Whether the string's lines end in CR LF: an editor on a page knows LF only. */
  readonly crlf: boolean
}

/** Either the value that a draft stands for, or a sentence that says what is wrong with it. */
export type Parsed = { readonly value: Value; readonly error?: undefined } | { readonly error: string }

const minimum = -(2n ** 63n)
const maximum = 2n ** 63n - 1n
const utf8 = new TextEncoder()
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export const emptyDraft: Draft = { type: 'string', text: '', form: 'hex', crlf: false }

/** The type as which the gateway keeps a value. */
export function typeOf(value: Value): ValueType {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'float'
  return value instanceof Uint8Array ? 'binary' : 'json'
}

export function draftOf(value: Value): Draft {
  const type = typeOf(value)
  if (value instanceof Uint8Array) return { ...emptyDraft, type, text: toHex(value) }
  if (type === 'json') return { ...emptyDraft, type, text: JSON.stringify(value, undefined, 2) }
  if (type === 'null') return { ...emptyDraft, type }
  if (typeof value === 'string')
    return { ...emptyDraft, type, text: value.replaceAll('\r\n', '\n'), crlf: value.includes('\r\n') }
  return { ...emptyDraft, type, text: Object.is(value, -0) ? '-0' : String(value) }
}

export function parse(draft: Draft): Parsed {
  switch (draft.type) {
    case 'string':
      return { value: draft.crlf ? draft.text.replaceAll('\n', '\r\n') : draft.text }
    case 'integer':
      return parseInteger(draft.text.trim())
    case 'float':
      return parseFloating(draft.text.trim())
    case 'bool':
      return { value: draft.text === 'true' }
    case 'json':
      return parseJson(draft.text)
    case 'binary':
      return draft.form === 'hex' ? parseHex(draft.text) : parseBase64(draft.text)
    case 'null':
      return { value: null }
  }
}

/** The same draft as another type, keeping as much of its meaning as the type can hold. */
export function convert(draft: Draft, type: ValueType): Draft {
  if (type === draft.type) return draft
  const { value, error } = parse(draft) as { value?: Value; error?: string }
  const text = error !== undefined ? draft.text : value instanceof Uint8Array ? decode(value) : draft.text
  const next = { ...emptyDraft, type, text }
  if (type === 'null') return { ...next, text: '' }
  if (type === 'binary') return { ...next, text: toHex(utf8.encode(text)) }
  if (type === 'bool') return { ...next, text: String(/^\s*(true|yes|on|1)\s*$/i.test(text)) }
  if (type === 'json') return { ...next, text: toJsonText(draft, text) }
  if (type === 'string' && draft.type === 'json' && typeof value === 'string') return { ...next, text: value }
  return { ...next, text: type === 'string' ? text : text.trim() }
}

function toJsonText(draft: Draft, text: string): string {
  if (draft.type === 'null') return 'null'
  if (draft.type !== 'string' && draft.type !== 'binary') return text
  // What begins like a document was meant as one, even where it has a fault yet.
  return /^\s*[{[]/.test(text) || 'value' in parseJson(text) ? text : JSON.stringify(text)
}

function parseInteger(text: string): Parsed {
  if (!/^[+-]?\d+$/.test(text)) return { error: 'An integer has digits only, and perhaps a sign: -42.' }
  const value = BigInt(text)
  if (value < minimum || value > maximum) {
    return { error: `An integer lies between ${minimum} and ${maximum}; for a larger one use a string.` }
  }
  return { value: Number.isSafeInteger(Number(value)) ? Number(value) : value }
}

function parseFloating(text: string): Parsed {
  if (/^(NaN|[+-]?Infinity)$/.test(text)) return { value: Number(text) }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    return { error: 'A float looks like 3.14, -2e10, NaN or Infinity.' }
  }
  const value = Number(text)
  return Number.isFinite(value) ? { value } : { error: 'A float lies between -1.8e308 and 1.8e308.' }
}

function parseJson(text: string): Parsed {
  if (text.trim() === '') return { error: 'A JSON document is not empty: try {} or [].' }
  let value: Value
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { error: jsonProblem(text, (error as Error).message) }
  }
  const inexact = inexactNumber(text)
  if (inexact) return { error: `The number ${inexact} cannot be kept exactly in JSON here: write it as a string.` }
  return { value }
}

/** Says where a JSON text is wrong, and what would be right there. */
function jsonProblem(text: string, message: string): string {
  const fault = jsonFault(text)
  if (!fault) return `Not valid JSON: ${message}.`
  const before = text.slice(0, fault.at).split('\n')
  const found = fault.at < text.length ? `“${String.fromCodePoint(text.codePointAt(fault.at)!)}”` : 'the end'
  return `Not valid JSON in line ${before.length}, column ${before.at(-1)!.length + 1}: expected ${fault.expected}, found ${found}.`
}

/** The first whole number in a JSON text that a double cannot hold. */
function inexactNumber(text: string): string | undefined {
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    if (/^-?\d+$/.test(token) && BigInt(Number(token)) !== BigInt(token)) return token
  }
  return undefined
}

/** Bytes as pairs of hex digits with spaces between: "00 ff". */
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => hexPairs[byte]).join(' ')

function parseHex(text: string): Parsed {
  const digits = text.replace(/\s+/g, '')
  const wrong = /[^0-9a-f]/i.exec(digits)
  if (wrong) return { error: `“${wrong[0]}” is not a hex digit: use 0 to 9 and a to f.` }
  if (digits.length % 2 === 1) return { error: 'A byte has two hex digits: one is missing at the end.' }
  return {
    value: Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
      Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
    ),
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  // A call takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 8_192) binary += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(binary)
}

function parseBase64(text: string): Parsed {
  const digits = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/')
  try {
    return { value: Uint8Array.from(atob(digits), (char) => char.charCodeAt(0)) }
  } catch {
    return { error: 'Not base64: it has letters, digits, + and / only, and a length that bytes can have.' }
  }
}

/** The same bytes in the other form; a draft that is wrong stays as it is. */
export function reform(draft: Draft, form: BinaryForm): Draft {
  const { value } = parse(draft) as { value?: Value }
  if (!(value instanceof Uint8Array)) return draft
  return withBytes({ ...draft, form }, value)
}

export const withBytes = (draft: Draft, bytes: Uint8Array): Draft => ({
  ...draft,
  text: draft.form === 'hex' ? toHex(bytes) : toBase64(bytes),
})

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return toHex(bytes)
  }
}

/** Bytes that a value takes, without the few that name its type. */
export function sizeOf(value: Value): number {
  if (value === null) return 0
  if (value instanceof Uint8Array) return value.length
  if (typeof value === 'boolean') return 1
  if (typeof value === 'number' || typeof value === 'bigint') return 8
  return utf8.encode(typeof value === 'string' ? value : JSON.stringify(value)).length
}

/** Whether two drafts stand for the same text. */
export const sameDraft = (a: Draft, b: Draft): boolean =>
  a.type === b.type && a.text === b.text && a.crlf === b.crlf && (a.type !== 'binary' || a.form === b.form)
