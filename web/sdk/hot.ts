// The requests and the replies of a plain get and set, without an object in between: proto/plain.ts writes and reads
// them for calls, and what looks otherwise is left to the codec. It runs anywhere, but only Node's entry brings it: a
// page's bundle has no room for it. Guarded by `npm run bench -- sdk`: without it a set costs a fifth more.
import { noBytes } from '../../proto/bytes.ts'
import { text, type Writer } from '../../proto/compact.ts'
import { headerBytes, writeHeader } from '../../proto/frame.ts'
import {
  absentTag,
  emptyTag,
  plainReply,
  readReply,
  requestOverheadBytes,
  writeGet,
  writeSet,
} from '../../proto/plain.ts'
import type { ValueMessage } from '../../proto/value.ts'
import { binaryTag, jsonTag, stringTag } from '../../proto/value-bytes.ts'
import type { Response } from './messages.ts'
import type { Call } from './pending.ts'
import type { Shortcut } from './socket.ts'

/** Longer texts are left to the codec: beside them the rest costs little. */
const longText = 0x1000

interface PlainRequest {
  readonly hget?: { readonly table: string; readonly key: string }
  readonly hset?: { readonly table: string; readonly pair: { readonly key: string; readonly value: ValueMessage } }
}

/** Whether a set says nothing but table, key and value. */
function isPlain(hset: object): boolean {
  for (const name in hset) if (name !== 'table' && name !== 'pair') return false
  return true
}

/** Appends the frame of a plain get or set and returns the length of its payload; 0: nothing was written. */
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
  writer.reserve(requestOverheadBytes + most)
  const { bytes, length: start } = writer
  const tag = value?.string === undefined ? jsonTag : stringTag
  const at = start + headerBytes
  const end =
    content === undefined
      ? writeGet(bytes, at, table, key, id)
      : writeSet(bytes, at, table, key, tag, content, mutation, id)
  if (end === 0) return 0
  writeHeader(bytes, start, end - at, false)
  writer.length = end
  return end - at
}

/** A reply with status 200 and at most one value, of text, which is decoded when it is asked for. */
class TextReply implements Response {
  readonly status = 200
  id = 0
  revision: number | undefined
  #bytes: Uint8Array = noBytes
  /** Of the value's text, or what `PlainReply` has in place of it. */
  #tag = absentTag
  #start = 0
  #end = 0

  get values(): ValueMessage[] | undefined {
    if (this.#tag === absentTag) return undefined
    if (this.#tag === emptyTag) return [{}]
    const content = text(this.#bytes, this.#start, this.#end)
    return [this.#tag === stringTag ? { string: content } : { json: content }]
  }

  /** Takes the reply in `bytes[start, end)` until it takes the next; false: it has another form. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    if (!readReply(bytes, start, end)) return false
    const { tag, id, revision } = plainReply
    if (id === 0 || tag === binaryTag) return false
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      // A chunk is read in one go, and must not live for longer.
      queueMicrotask(this.#letGo)
    }
    this.id = id
    this.revision = revision < 0 ? undefined : revision
    this.#tag = tag
    this.#start = plainReply.content
    this.#end = plainReply.contentEnd
    return true
  }

  readonly #letGo = (): void => {
    this.#bytes = noBytes
  }
}

const reply = new TextReply()

export const hot: Shortcut = {
  write,
  read: (bytes, start, end) => (reply.take(bytes, start, end) ? reply : undefined),
}
