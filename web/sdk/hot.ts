// The requests and the replies of a plain get and set, written and read without an object in between. What looks
// otherwise is left to the codec, which writes the same bytes and reads the same. It runs anywhere, but only Node's
// entry brings it: a page's bundle has no room for it. Guarded by `npm run bench -- sdk`: without it a set costs a fifth more.
import { text, type Writer } from '../../proto/compact.ts'
import { headerBytes, writeHeader } from '../../proto/frame.ts'
import type { ValueMessage } from '../../proto/value.ts'
import type { Response } from './messages.ts'
import type { Call } from './pending.ts'
import type { Shortcut } from './socket.ts'

const hgetTag = 0x0a
const hsetTag = 0x22
const firstTag = 0x0a
const secondTag = 0x12
const stringTag = 0x0a
const jsonTag = 0x32
const valuesTag = 0x1a
const durabilityTag = 0x68
/** Of a request the mutation, of a reply the revision. */
const numberTag = 0x70
const idTag = 0x78

/** A call per text costs more than a turn per character up to here. */
const shortText = 32
/** Longer texts are left to the codec: beside them the rest costs little. And so no length takes more than two bytes. */
const longText = 0x1000
/** Bytes of a request beside its texts at the most: header, tags, lengths, mutation, id. */
const overheadBytes = 64

interface PlainRequest {
  readonly hget?: { readonly table: string; readonly key: string }
  readonly hset?: { readonly table: string; readonly pair: { readonly key: string; readonly value: ValueMessage } }
}

const encoder = new TextEncoder()
const noBytes = new Uint8Array(0)

/** Where what is written goes. */
let into: Uint8Array = noBytes
/** Where the next byte goes, or is read. */
let at = 0

function lengthSize(length: number): number {
  return length < 0x80 ? 1 : 2
}

/** A number of up to 2^53, seven bits a byte. */
function writeNumber(value: number): void {
  while (value > 0x7f) {
    into[at++] = (value & 0x7f) | 0x80
    value = value > 0x7fff_ffff ? Math.floor(value / 0x80) : value >>> 7
  }
  into[at++] = value
}

/** Writes a tag, a length and a text; false where that is not ASCII, so that it has another length. */
function writeText(tag: number, content: string): boolean {
  const { length } = content
  into[at++] = tag
  writeNumber(length)
  if (length > shortText) {
    const { read } = encoder.encodeInto(content, into.subarray(at, at + length))
    at += length
    return read === length
  }
  for (let index = 0; index < length; index++) {
    const code = content.charCodeAt(index)
    if (code > 0x7f) return false
    into[at++] = code
  }
  return true
}

function textSize({ length }: string): number {
  return 1 + lengthSize(length) + length
}

function writeGet(table: string, key: string): boolean {
  into[at++] = hgetTag
  writeNumber(textSize(table) + textSize(key))
  return writeText(firstTag, table) && writeText(secondTag, key)
}

function writeSet(table: string, key: string, tag: number, content: string): boolean {
  const value = textSize(content)
  const pair = textSize(key) + 1 + lengthSize(value) + value
  into[at++] = hsetTag
  writeNumber(textSize(table) + 1 + lengthSize(pair) + pair)
  if (!writeText(firstTag, table)) return false
  into[at++] = secondTag
  writeNumber(pair)
  if (!writeText(firstTag, key)) return false
  into[at++] = secondTag
  writeNumber(value)
  return writeText(tag, content)
}

/** Whether a set says nothing but table, key and value. */
function isPlain(hset: object): boolean {
  for (const name in hset) if (name !== 'table' && name !== 'pair') return false
  return true
}

/** Appends the frame of a plain get or set and answers the length of its payload; 0: nothing was written. */
function write(writer: Writer, { command, mutation, id }: Call): number {
  const { hget, hset } = command.request as PlainRequest
  if (hget === undefined && (hset === undefined || !isPlain(hset))) return 0
  const { table } = (hget ?? hset)!
  const key = hget?.key ?? hset!.pair.key
  const value = hset?.pair.value
  const content = value?.string ?? value?.json
  if (hset && content === undefined) return 0
  const most = table.length + key.length + (content?.length ?? 0)
  if (most > longText) return 0
  writer.reserve(overheadBytes + most)
  into = writer.bytes
  const start = writer.length
  at = start + headerBytes
  if (content === undefined) {
    if (!writeGet(table, key)) return 0
  } else {
    if (!writeSet(table, key, value!.string === undefined ? jsonTag : stringTag, content)) return 0
    into[at++] = numberTag
    writeNumber(mutation)
  }
  into[at++] = idTag
  writeNumber(id)
  const payload = at - start - headerBytes
  writeHeader(into, start, payload, false)
  writer.length = at
  return payload
}

/** A reply with status 200 and at most one value, of text, which is decoded when it is asked for. */
class PlainReply implements Response {
  readonly status = 200
  id = 0
  revision: number | undefined
  #bytes: Uint8Array = noBytes
  /** The tag of the value's text; 0: the value is empty, -1: there is none. */
  #tag = -1
  #start = 0
  #end = 0

  get values(): ValueMessage[] | undefined {
    if (this.#tag < 0) return undefined
    if (this.#tag === 0) return [{}]
    const content = text(this.#bytes, this.#start, this.#end)
    return [this.#tag === stringTag ? { string: content } : { json: content }]
  }

  /** Takes the reply in `bytes[start, end)` until it takes the next; false: it has another form. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes[start] !== 0x08 || bytes[start + 1] !== 0xc8 || bytes[start + 2] !== 0x01) return false
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      // A chunk is read in one go, and must not live for longer.
      queueMicrotask(this.#letGo)
    }
    at = start + 3
    this.#tag = -1
    this.revision = undefined
    if (bytes[at] === valuesTag && !this.#takeValue(bytes)) return false
    // A number of too many bytes is NaN, and no comparison with it holds.
    if (bytes[at] === durabilityTag && !(readNumber(bytes, 1) >= 0)) return false
    if (bytes[at] === numberTag) {
      const revision = readNumber(bytes, 7)
      if (!(revision >= 0)) return false
      this.revision = revision
    }
    if (bytes[at] !== idTag) return false
    this.id = readNumber(bytes, 5)
    return at === end && this.id > 0 && this.id <= 0xffff_ffff
  }

  readonly #letGo = (): void => {
    this.#bytes = noBytes
  }

  #takeValue(bytes: Uint8Array): boolean {
    const length = readNumber(bytes, 2)
    const end = at + length
    this.#tag = 0
    if (length === 0) return true
    const tag = bytes[at]!
    if (tag !== stringTag && tag !== jsonTag) return false
    const textLength = readNumber(bytes, 2)
    this.#tag = tag
    this.#start = at
    this.#end = at += textLength
    return at === end
  }
}

/** Passes a tag and reads a number of up to `most` bytes; NaN where it has more. */
function readNumber(bytes: Uint8Array, most: number): number {
  let byte = bytes[++at]!
  at++
  if (byte < 0x80) return byte
  let number = byte & 0x7f
  let scale = 0x80
  for (; --most > 0; scale *= 0x80) {
    byte = bytes[at++]!
    number += (byte & 0x7f) * scale
    if (byte < 0x80) return number
  }
  return Number.NaN
}

const reply = new PlainReply()

export const hot: Shortcut = {
  write,
  read: (bytes, start, end) => (reply.take(bytes, start, end) ? reply : undefined),
}
