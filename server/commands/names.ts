// Keys, table names and values as they come in a request: checked here, once, before anything else sees them.

import { isUtf8 } from 'node:buffer'
import { type Limits, optionNote } from '../../proto/limits.ts'
import { KvassError } from '../../proto/status.ts'
import { contentOf, fieldEnd, isContentTag, isTextTag, jsonTag, noValue } from '../../proto/value-bytes.ts'
import { internalMark } from '../data/own-tables.ts'
import { asBuffer } from '../store/bytes/latin1.ts'
import type { Key } from '../store/engine.ts'
import { isJson } from './json.ts'

/** A key from its bytes. Throws KvassError 400. */
export function keyOf(bytes: Uint8Array | null | undefined, limits: Limits): Key {
  return name('key', bytes, 'maxKeyBytes', limits)
}

/** A table's name from its bytes. Throws KvassError 400. */
export function tableOf(bytes: Uint8Array | null | undefined, limits: Limits): Key {
  const table = name('table name', bytes, 'maxTableBytes', limits)
  if (table.startsWith(internalMark))
    throw new KvassError(400, 'The table name begins with NUL, which is kept for the gateway.')
  return table
}

/** A topic's name from its bytes. Throws KvassError 400. */
export function topicOf(bytes: Uint8Array | null | undefined, limits: Limits): Key {
  return name('topic name', bytes, 'maxTableBytes', limits)
}

/** A bound or prefix, which may be absent. Throws KvassError 400. */
export function boundOf(what: string, bytes: Uint8Array | null | undefined, limits: Limits): Key | undefined {
  return bytes && bytes.length > 0 ? name(what, bytes, 'maxKeyBytes', limits) : undefined
}

function name(
  what: string,
  bytes: Uint8Array | null | undefined,
  limit: 'maxKeyBytes' | 'maxTableBytes',
  limits: Limits,
): Key {
  const length = bytes?.length ?? 0
  if (!bytes || length === 0 || length > limits[limit]) {
    const found = length === 0 ? 'is empty' : `has ${length} bytes`
    throw new KvassError(
      400,
      `The ${what} ${found}: it takes 1 to ${limits[limit]} bytes of UTF-8${optionNote(limit)}.`,
    )
  }
  if (!isUtf8(bytes)) throw new KvassError(400, `The ${what} is not UTF-8.`)
  return asBuffer(bytes).toString('latin1')
}

/**
 * Checks an encoded Value, known to be well-formed protobuf: its size, and that its text is UTF-8 and its JSON
 * parses, so that no reader trips over it. Returns its field: of several, the last one counts. Throws KvassError 413
 * or 400.
 */
export function valueOf(value: Uint8Array | null | undefined, limits: Limits): Uint8Array {
  if (!value || value.length === 0) return noValue
  if (value.length > limits.maxValueBytes) {
    throw new KvassError(
      413,
      `The value has ${value.length} bytes: at most ${limits.maxValueBytes} are stored${optionNote('maxValueBytes')}.`,
    )
  }
  let last = 0
  for (let at = 0; at < value.length; ) {
    last = at
    at = checkField(value, at)
  }
  return last === 0 ? value : value.subarray(last)
}

/** Checks one field of a Value and returns where the next begins. */
function checkField(value: Uint8Array, at: number): number {
  const tag = value[at]!
  if (!isContentTag(tag)) throw new KvassError(400, 'The value has a field that Value does not.')
  const end = fieldEnd(value, at)
  if (isTextTag(tag)) checkText(contentOf(value, at, end), tag === jsonTag)
  return end
}

function checkText(text: Uint8Array, json: boolean): void {
  if (!isUtf8(text))
    throw new KvassError(400, `The ${json ? 'JSON' : 'string'} value is not UTF-8; send bytes as binary.`)
  if (json && !isJson(text)) throw new KvassError(400, 'The json value does not parse as a JSON document.')
}
