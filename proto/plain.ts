// Plain gets and sets and their replies as bytes, at both ends: the layout that every encoder writes, without an object
// for a message. A plain get names a table and a key; a plain set a table, a key and a value; a mutation and an id may
// follow. Their replies have status 200, one value at the most, a durability, a revision and an id. Whatever looks
// otherwise is for the codecs, which read and write the same. What was read last lies in an object that is used again.
// Guarded by `npm run bench -- commands sdk`: objects for each command cost half of the throughput.
import {
  contentAt,
  lengthAt,
  readVarint,
  shortText,
  varintBytes,
  varintEnd,
  writeNumber,
  writeVarint,
} from './bytes.ts'
import { compressAboveBytes } from './limits.ts'
import { tagOf } from './tags.ts'
import { binaryTag, isTextTag } from './value-bytes.ts'

const hgetTag = tagOf('CommandRequest', 'hget')
const getTableTag = tagOf('Hget', 'table')
const getKeyTag = tagOf('Hget', 'key')
const hsetTag = tagOf('CommandRequest', 'hset')
const setTableTag = tagOf('Hset', 'table')
const pairTag = tagOf('Hset', 'pair')
const pairKeyTag = tagOf('Kvpair', 'key')
const pairValueTag = tagOf('Kvpair', 'value')
const mutationTag = tagOf('CommandRequest', 'mutation')
const requestIdTag = tagOf('CommandRequest', 'id')

const statusTag = tagOf('CommandResponse', 'status')
const valuesTag = tagOf('CommandResponse', 'values')
const durabilityTag = tagOf('CommandResponse', 'durability')
const revisionTag = tagOf('CommandResponse', 'revision')
const replyIdTag = tagOf('CommandResponse', 'id')

/** Status 200 as a varint. */
const okLow = (200 & 0x7f) | 0x80
const okHigh = 200 >>> 7
const okBytes = 3

/** Seven bytes hold 2^49: enough for a client, or a store, that writes a million times a second for seventeen years. */
const longestNumber = 7
/** Of the replies; above 2^32 there is none. */
const longestId = 5
/** Of the requests: longer ones are left to the codec, so that it stays a small integer of the runtime. */
const longestRequestId = 4

/** Bytes of a frame with a plain request beside its texts, at the most: header, tags, lengths, mutation, id. */
export const requestOverheadBytes = 64
/** Bytes of a frame with a plain reply beside its value, at the most: header, status, lengths, durability, revision, id. */
export const replyOverheadBytes = 40
/** The longest Value whose reply is never compressed. */
export const longestPlainBytes = compressAboveBytes - replyOverheadBytes

/** What `readRequest` has read: places in the bytes that it was given, and numbers. */
export interface PlainRequest {
  isSet: boolean
  table: number
  tableEnd: number
  key: number
  keyEnd: number
  /** Of a set: its Value. */
  value: number
  valueEnd: number
  /** 0 for none. */
  id: number
  /** 0 for none. */
  mutation: number
}

/** The request that was read last, until the next is. */
export const plainRequest: PlainRequest = {
  isSet: false,
  table: 0,
  tableEnd: 0,
  key: 0,
  keyEnd: 0,
  value: 0,
  valueEnd: 0,
  id: 0,
  mutation: 0,
}

/** Reads the request `bytes[start, end)` into `plainRequest`; false where it is not plain. Nothing of it is empty. */
export function readRequest(bytes: Uint8Array, start: number, end: number): boolean {
  const tag = bytes[start]
  if (tag !== hgetTag && tag !== hsetTag) return false
  const at = contentAt(bytes, start + 1)
  const messageEnd = at + lengthAt(bytes, start + 1)
  if (messageEnd > end || !readTail(bytes, messageEnd, end)) return false
  plainRequest.isSet = tag === hsetTag
  return tag === hgetTag ? readGet(bytes, at, messageEnd) : readSet(bytes, at, messageEnd)
}

function readGet(bytes: Uint8Array, at: number, end: number): boolean {
  return readTable(bytes, at, end, getTableTag) && readKey(bytes, plainRequest.tableEnd, end, getKeyTag) === end
}

function readSet(bytes: Uint8Array, at: number, end: number): boolean {
  if (!readTable(bytes, at, end, setTableTag)) return false
  at = plainRequest.tableEnd
  if (bytes[at] !== pairTag) return false
  const pair = contentAt(bytes, at + 1)
  if (pair + lengthAt(bytes, at + 1) !== end) return false
  at = readKey(bytes, pair, end, pairKeyTag)
  if (at === 0 || bytes[at] !== pairValueTag) return false
  const value = contentAt(bytes, at + 1)
  plainRequest.value = value
  plainRequest.valueEnd = end
  return value < end && value + lengthAt(bytes, at + 1) === end
}

function readTable(bytes: Uint8Array, at: number, end: number, tag: number): boolean {
  if (bytes[at] !== tag) return false
  const table = contentAt(bytes, at + 1)
  const tableEnd = table + lengthAt(bytes, at + 1)
  plainRequest.table = table
  plainRequest.tableEnd = tableEnd
  return table < tableEnd && tableEnd <= end
}

/** Reads a key and returns where it ends; 0 where there is none. */
function readKey(bytes: Uint8Array, at: number, end: number, tag: number): number {
  if (bytes[at] !== tag) return 0
  const key = contentAt(bytes, at + 1)
  const keyEnd = key + lengthAt(bytes, at + 1)
  plainRequest.key = key
  plainRequest.keyEnd = keyEnd
  return key < keyEnd && keyEnd <= end ? keyEnd : 0
}

/** Reads what may follow the command: a mutation's number, an id, both or neither. */
function readTail(bytes: Uint8Array, at: number, end: number): boolean {
  plainRequest.mutation = 0
  plainRequest.id = 0
  if (at === end) return true
  if (bytes[at] === mutationTag) {
    const numberEnd = varintEnd(bytes, at + 1)
    if (numberEnd > end || numberEnd - at > 1 + longestNumber) return false
    const mutation = readVarint(bytes, at + 1, numberEnd)
    if (mutation === 0) return false
    plainRequest.mutation = mutation
    if (numberEnd === end) return true
    at = numberEnd
  }
  const id = readId(bytes, at, end, requestIdTag, longestRequestId)
  plainRequest.id = id
  return id >= 0
}

/** Reads the id, of so many bytes at the most, that is all of `bytes[at, end)`; -1 where there is none. */
function readId(bytes: Uint8Array, at: number, end: number, tag: number, longest: number): number {
  if (bytes[at] !== tag || end - at > 1 + longest || varintEnd(bytes, at + 1) !== end) return -1
  return readVarint(bytes, at + 1, end)
}

/**
 * Where the key begins in `bytes[start, end)`, and above 24 bits how long it is, where that looks like a plain request
 * for the table with this name; 0 elsewhere. It is a hint, with less looked at than `readRequest` does: lengths of more
 * than a byte are passed over, but for those of the message and of a pair.
 */
export function findKey(bytes: Uint8Array, start: number, end: number, table: Uint8Array): number {
  const tag = bytes[start]
  if (tag !== hgetTag && tag !== hsetTag) return 0
  const isSet = tag === hsetTag
  const { length } = table
  let at = contentAt(bytes, start + 1)
  if (bytes[at] !== (isSet ? setTableTag : getTableTag) || bytes[at + 1] !== length || at + length + 5 > end) return 0
  at += 2
  for (let index = 0; index < length; index++) if (bytes[at + index] !== table[index]) return 0
  at += length
  if (bytes[at] !== (isSet ? pairTag : getKeyTag)) return 0
  if (isSet) {
    at = contentAt(bytes, at + 1)
    if (bytes[at] !== pairKeyTag) return 0
  }
  const keyBytes = bytes[at + 1]!
  return keyBytes === 0 || keyBytes >= 0x80 || at + 2 + keyBytes > end ? 0 : (keyBytes << 24) | (at + 2)
}

const encoder = new TextEncoder()

/**
 * Writes a plain get with its id and returns where it ends; 0 where a text is not ASCII, which makes it longer. There
 * must be room for `requestOverheadBytes` beside the texts.
 */
export function writeGet(into: Uint8Array, at: number, table: string, key: string, id: number): number {
  into[at++] = hgetTag
  at = writeVarint(into, at, textBytes(table.length) + textBytes(key.length))
  at = writeText(into, at, getTableTag, table)
  if (at > 0) at = writeText(into, at, getKeyTag, key)
  return at > 0 ? writeNumber(into, at, requestIdTag, id) : 0
}

/** Writes a plain set of a text, whose tag in Value is `tag`; otherwise as `writeGet`. 0 is no mutation. */
export function writeSet(
  into: Uint8Array,
  at: number,
  table: string,
  key: string,
  tag: number,
  content: string,
  mutation: number,
  id: number,
): number {
  const value = textBytes(content.length)
  const pair = textBytes(key.length) + textBytes(value)
  into[at++] = hsetTag
  at = writeVarint(into, at, textBytes(table.length) + textBytes(pair))
  at = writeText(into, at, setTableTag, table)
  if (at === 0) return 0
  into[at++] = pairTag
  at = writeText(into, writeVarint(into, at, pair), pairKeyTag, key)
  if (at === 0) return 0
  into[at++] = pairValueTag
  at = writeText(into, writeVarint(into, at, value), tag, content)
  if (at === 0) return 0
  return writeNumber(into, writeNumber(into, at, mutationTag, mutation), requestIdTag, id)
}

/** Bytes of a field with so many bytes of content. */
function textBytes(length: number): number {
  return 1 + varintBytes(length) + length
}

/** Writes a field of ASCII and returns where it ends, 0 where the text is none. */
function writeText(into: Uint8Array, at: number, tag: number, content: string): number {
  const { length } = content
  into[at++] = tag
  at = writeVarint(into, at, length)
  if (length > shortText) {
    const { read } = encoder.encodeInto(content, into.subarray(at, at + length))
    return read === length ? at + length : 0
  }
  for (let index = 0; index < length; index++) {
    const code = content.charCodeAt(index)
    if (code > 0x7f) return 0
    into[at++] = code
  }
  return at
}

/** Writes how a reply begins, up to where its Value of so many bytes is to be copied, and returns where that is. */
export function beginReply(into: Uint8Array, at: number, valueBytes: number): number {
  into[at++] = statusTag
  into[at++] = okLow
  into[at++] = okHigh
  into[at++] = valuesTag
  return writeVarint(into, at, valueBytes)
}

/** Writes what stands behind the value of a reply to a set, and returns where that ends; 0 writes nothing. */
export function writeDurability(into: Uint8Array, at: number, durability: number): number {
  return writeNumber(into, at, durabilityTag, durability)
}

/** Writes how a reply ends, and returns where that is; an id of 0 is none. */
export function endReply(into: Uint8Array, at: number, revision: number, id: number): number {
  into[at++] = revisionTag
  return writeNumber(into, writeVarint(into, at, revision), replyIdTag, id)
}

/** Whether the reply at `at` has status 200, which comes first. */
export function isOk(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === statusTag && bytes[at + 1] === okLow && bytes[at + 2] === okHigh
}

/** In place of the tag of a reply's value: it is empty. */
export const emptyTag = 0
/** In place of the tag of a reply's value: it has none. */
export const absentTag = -1

/** What `readReply` has read: places in the bytes that it was given, and numbers. */
export interface PlainReply {
  /** The value's tag in Value, `emptyTag` or `absentTag`. */
  tag: number
  /** The content of the value. */
  content: number
  contentEnd: number
  /** -1 for none. */
  revision: number
  /** 0 for none. */
  id: number
}

/** The reply that was read last, until the next is. */
export const plainReply: PlainReply = { tag: absentTag, content: 0, contentEnd: 0, revision: -1, id: 0 }

/** Reads the reply `bytes[start, end)`, whose value is text or bytes, into `plainReply`; false where it is not plain. */
export function readReply(bytes: Uint8Array, start: number, end: number): boolean {
  if (!isOk(bytes, start)) return false
  let at = start + okBytes
  plainReply.tag = absentTag
  if (bytes[at] === valuesTag) {
    at = readValue(bytes, at + 1, end)
    if (at === 0) return false
  }
  // A durability is below 3.
  if (bytes[at] === durabilityTag) {
    if (bytes[at + 1]! >= 0x80) return false
    at += 2
  }
  plainReply.revision = -1
  if (bytes[at] === revisionTag) {
    const numberEnd = varintEnd(bytes, at + 1)
    if (numberEnd > end || numberEnd - at > 1 + longestNumber) return false
    plainReply.revision = readVarint(bytes, at + 1, numberEnd)
    at = numberEnd
  }
  plainReply.id = 0
  if (at === end) return true
  const id = readId(bytes, at, end, replyIdTag, longestId)
  plainReply.id = id
  return id >= 0 && id <= 0xffff_ffff
}

/** Reads the value whose length is at `at` and returns where it ends; 0 where it is neither empty, text nor bytes. */
function readValue(bytes: Uint8Array, at: number, end: number): number {
  const length = lengthAt(bytes, at)
  const value = contentAt(bytes, at)
  const valueEnd = value + length
  plainReply.tag = emptyTag
  if (length === 0) return value
  const tag = bytes[value]!
  if (valueEnd > end || !(isTextTag(tag) || tag === binaryTag)) return 0
  const content = contentAt(bytes, value + 1)
  plainReply.tag = tag
  plainReply.content = content
  plainReply.contentEnd = valueEnd
  return content + lengthAt(bytes, value + 1) === valueEnd ? valueEnd : 0
}
