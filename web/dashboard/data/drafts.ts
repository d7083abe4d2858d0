// A value while it is being edited: as text of a chosen type, and back. What is not edited comes back as it was, to
// the byte. It knows no table and no element.
import type { Stored } from '../../sdk/stored.ts'
import { type Bytes, fromBase64, fromHex, toBase64, toHex } from './bytes-text.ts'
import { type JsonFault, jsonFault } from './json-fault.ts'
import { compacted, laidOut } from './json-text.ts'

export const valueTypes = ['string', 'integer', 'float', 'bool', 'json', 'binary', 'null'] as const
export type ValueType = (typeof valueTypes)[number]
export type BinaryForm = 'hex' | 'base64'

export interface Draft {
  readonly type: ValueType
  /** What the editor shows: the string, the digits, "true" or "false", the JSON text, hex or base64. */
  readonly text: string
  /** How `text` writes bytes; for `binary` only. */
  readonly form: BinaryForm
  /** Whether the string's lines all end in CR LF, which the editor shows as LF. */
  readonly crlf: boolean
  /** Whether the document is stored without space between its parts, which the editor lays out. */
  readonly compact: boolean
}

/** Either the value that a draft stands for, or a sentence that says what is wrong with it. */
export type Parsed =
  | { readonly value: Stored; readonly error?: undefined }
  | { readonly error: string; readonly value?: undefined }

const minimum = -(2n ** 63n)
const maximum = 2n ** 63n - 1n
const utf8 = new TextEncoder()

export const emptyDraft: Draft = { type: 'string', text: '', form: 'hex', crlf: false, compact: true }

export function typeOf(value: Stored): ValueType {
  return valueTypes.find((type) => type !== 'null' && value[type] !== undefined) ?? 'null'
}

export function draftOf(value: Stored): Draft {
  const type = typeOf(value)
  if (value.binary !== undefined) return { ...emptyDraft, type, text: toHex(value.binary) }
  if (value.json !== undefined) return { ...emptyDraft, type, ...shownDocument(value.json) }
  if (value.string !== undefined) return { ...emptyDraft, type, ...shownString(value.string) }
  if (value.float !== undefined) return { ...emptyDraft, type, text: floatText(value.float) }
  return { ...emptyDraft, type, text: type === 'null' ? '' : String(value.integer ?? value.bool) }
}

/** A layout more times as long as its document hides it: it is nested too deep. */
const mostLayout = 8

/** A document without space is laid out; with space it is somebody's layout, and stays. */
function shownDocument(json: string): { text: string; compact: boolean } {
  if (compacted(json) !== json) return { text: json, compact: false }
  const { text, whole } = laidOut(json, mostLayout * json.length + 64)
  return { text: whole ? text : json, compact: true }
}

/** An editor shows each CR; where each line ends in one, it is said once. */
function shownString(text: string): { text: string; crlf: boolean } {
  const crlf = text.includes('\r\n') && !/\r(?!\n)|(?<!\r)\n/.test(text)
  return { text: crlf ? text.replaceAll('\r\n', '\n') : text, crlf }
}

/** A float's digits, with a fraction where they would be an integer's. */
function floatText(float: number): string {
  const text = Object.is(float, -0) ? '-0' : String(float)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

export function parse(draft: Draft): Parsed {
  switch (draft.type) {
    case 'string':
      return { value: { string: draft.crlf ? draft.text.replaceAll('\n', '\r\n') : draft.text } }
    case 'integer':
      return parseInteger(draft.text.trim())
    case 'float':
      return parseFloating(draft.text.trim())
    case 'bool':
      return { value: { bool: draft.text === 'true' } }
    case 'json':
      return parseJson(draft)
    case 'binary':
      return binaryOf(draft.form === 'hex' ? fromHex(draft.text) : fromBase64(draft.text))
    case 'null':
      return { value: {} }
  }
}

/** The same draft as another type, keeping as much of its meaning as the type can hold. */
export function convert(draft: Draft, type: ValueType): Draft {
  if (type === draft.type) return draft
  const { value } = parse(draft)
  const text = value?.binary !== undefined ? decoded(value.binary) : draft.text
  const next = { ...emptyDraft, type, text }
  if (type === 'null') return { ...next, text: '' }
  if (type === 'binary') return { ...next, text: toHex(utf8.encode(text)) }
  if (type === 'bool') return { ...next, text: String(/^\s*(true|yes|on|1)\s*$/i.test(text)) }
  if (type === 'json') return { ...next, text: toJsonText(draft, text), compact: !/\n/.test(text) }
  if (type === 'string' && draft.type === 'json') return { ...next, text: stringOf(value?.json) ?? text }
  return { ...next, text: type === 'string' ? text : text.trim() }
}

/** What a document that is a string says. */
function stringOf(json: string | undefined): string | undefined {
  return json !== undefined && /^\s*"/.test(json) ? JSON.parse(json) : undefined
}

function toJsonText(draft: Draft, text: string): string {
  if (draft.type === 'null') return 'null'
  if (draft.type !== 'string' && draft.type !== 'binary') return text
  // What begins like a document was meant as one, even where it has a fault yet.
  return /^\s*[{[]/.test(text) || !faultOf(text) ? text : JSON.stringify(text)
}

const binaryOf = (read: Bytes): Parsed => (read.error === undefined ? { value: { binary: read.bytes } } : read)

function parseInteger(text: string): Parsed {
  if (!/^[+-]?\d+$/.test(text)) return { error: 'An integer has digits only, and perhaps a sign: -42.' }
  const integer = BigInt(text)
  if (integer < minimum || integer > maximum) {
    return { error: `An integer lies between ${minimum} and ${maximum}; for a larger one use a string.` }
  }
  return { value: { integer: Number.isSafeInteger(Number(integer)) ? Number(integer) : integer } }
}

function parseFloating(text: string): Parsed {
  if (/^(NaN|[+-]?Infinity)$/.test(text)) return { value: { float: Number(text) } }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    return { error: 'A float looks like 3.14, -2e10, NaN or Infinity.' }
  }
  const float = Number(text)
  return Number.isFinite(float) ? { value: { float } } : { error: 'A float lies between -1.8e308 and 1.8e308.' }
}

function parseJson({ text, compact }: Draft): Parsed {
  if (text.trim() === '') return { error: 'A JSON document is not empty: try {} or [].' }
  const fault = faultOf(text)
  if (!fault) return { value: { json: compact ? compacted(text) : text } }
  const before = text.slice(0, fault.at).split('\n')
  const found = fault.at < text.length ? `“${String.fromCodePoint(text.codePointAt(fault.at)!)}”` : 'the end'
  return {
    error: `Not valid JSON in line ${before.length}, column ${before.at(-1)!.length + 1}: expected ${fault.expected}, found ${found}.`,
  }
}

/** The browser's parser is the fastest to say that there is none; it may also refuse what is nested deep. */
function faultOf(text: string): JsonFault | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    return jsonFault(text)
  }
}

/** The draft with its document laid out; one that is wrong, or nested too deep for that, stays as it is. */
export function formatted(draft: Draft): Draft {
  return faultOf(draft.text) ? draft : { ...draft, text: shownDocument(compacted(draft.text)).text }
}

/** The same bytes in the other form; a draft that is wrong stays as it is. */
export function reform(draft: Draft, form: BinaryForm): Draft {
  const { value } = parse(draft)
  if (value?.binary === undefined) return draft
  return { ...draft, form, text: form === 'hex' ? toHex(value.binary) : toBase64(value.binary) }
}

/** Bytes as a value of a type that has text or bytes, as a file gives them. */
export function fromFile(type: ValueType, bytes: Uint8Array): Parsed {
  if (type === 'binary') return { value: { binary: bytes } }
  const text = utf8Text(bytes)
  if (text === undefined) return { error: 'The file is not UTF-8: its bytes can be kept as Binary.' }
  return type === 'json' ? parseJson({ ...emptyDraft, text, compact: false }) : { value: { string: text } }
}

/** What a file of the value holds: its bytes, or its text as it is stored. */
export function toFile(value: Stored): Uint8Array | string {
  return value.binary ?? value.string ?? value.json ?? draftOf(value).text
}

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const decoded = (bytes: Uint8Array): string => utf8Text(bytes) ?? toHex(bytes)

/** Bytes that a value takes, without the few that name its type. */
export function sizeOf({ string, json, binary, integer, float, bool }: Stored): number {
  const text = string ?? json
  if (text !== undefined) return utf8.encode(text).length
  if (binary !== undefined) return binary.length
  return (integer ?? float) !== undefined ? 8 : bool !== undefined ? 1 : 0
}

/** The first characters of a value as an editor would show it. */
export function beginningOf(value: Stored, characters: number): string {
  const { binary, string, json } = value
  if (binary !== undefined) return toHex(binary.subarray(0, Math.ceil(characters / 3)))
  if (json !== undefined) {
    const beginning = compacted(json) === json ? laidOut(json, characters).text : json
    return beginning.slice(0, characters)
  }
  return (string ?? draftOf(value).text).slice(0, characters)
}

/** Whether two drafts stand for the same text. */
export const sameDraft = (a: Draft, b: Draft): boolean =>
  a.type === b.type &&
  a.text === b.text &&
  a.crlf === b.crlf &&
  a.compact === b.compact &&
  (a.type !== 'binary' || a.form === b.form)
