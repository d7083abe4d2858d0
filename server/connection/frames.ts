// Makes frames of responses: the id behind the encoded response, compression where that pays, the header, and in front
// room for a transport's own header. It also puts 504 in place of replies to writes that failed. It sends nothing.
import { Buffer } from 'node:buffer'
import { decodeResponse, encodeBriefly, encodeResponse, idBytes, type Response, writeId } from '../../proto/codec.ts'
import { frame, headerBytes, writeHeader } from '../../proto/frame.ts'
import { compressAboveBytes } from '../../proto/limits.ts'
import { copyOf } from '../store/bytes/copy.ts'
import { deflate, inflate, syncBytes } from './gzip.ts'
import { headroomBytes } from './transport.ts'

const failedWrite = 'The store could not make a write safe; what became of it shows after a restart of the gateway.'

/** Room for a transport's header, to be put in front of frames. */
export const headroom = Buffer.alloc(headroomBytes)

/**
 * The encoded response with its id behind it. It may lie in memory that the next call uses again, unless it is so long
 * that the thread pool would compress it.
 */
export function payloadOf(response: Response, id: number): Uint8Array {
  if (response.body !== undefined) return withId(response.body, id)
  const payload = encodeBriefly(response, id)
  return payload.length > syncBytes ? copyOf(payload, 0, payload.length) : payload
}

function withId(body: Uint8Array, id: number): Uint8Array {
  if (id === 0) return body
  const bytes = Buffer.allocUnsafe(body.length + idBytes(id))
  bytes.set(body)
  writeId(bytes, body.length, id)
  return bytes
}

/** The frame of a response that many receivers share, made once for each request id among them. */
export function sharedFrame(response: Response, body: Uint8Array, id: number): Uint8Array | Promise<Uint8Array> {
  const known = response.frames?.get(id)
  if (known !== undefined) return known
  const made = frameOf(withId(body, id))
  response.frames ??= new Map()
  response.frames.set(id, made)
  return made
}

/** The frame of a payload behind its headroom, compressed where that makes it smaller. */
export function frameOf(payload: Uint8Array): Uint8Array | Promise<Uint8Array> {
  const compressed = payload.length > compressAboveBytes ? deflate(payload) : undefined
  if (compressed instanceof Promise) return frameLater(compressed, payload)
  return withHeader(compressed ?? payload, compressed !== undefined)
}

/** The frame of a payload that is being compressed. */
export function frameLater(compressed: Promise<Uint8Array | undefined>, payload: Uint8Array): Promise<Uint8Array> {
  const settle = (bytes?: Uint8Array) => withHeader(bytes ?? payload, bytes !== undefined)
  // zlib fails on valid input only for want of memory: the payload can still leave as it is.
  return compressed.then(settle, () => settle())
}

function withHeader(bytes: Uint8Array, gzip: boolean): Uint8Array {
  const framed = Buffer.allocUnsafe(headroomBytes + headerBytes + bytes.length)
  writeHeader(framed, headroomBytes, bytes.length, gzip)
  framed.set(bytes, headroomBytes + headerBytes)
  return framed
}

/** Joins two rows of frames, each behind its headroom, into one behind one headroom. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(first.length + second.length - headroomBytes)
  bytes.set(first)
  bytes.set(second.subarray(headroomBytes), first.length)
  return bytes
}

/** The frame that says to the request `id` that its write failed. */
export function failureFrame(id: number): Uint8Array {
  return frame(withId(encodeResponse({ status: 504, message: failedWrite }), id))
}

/** A copy of a row of frames in which those at the given offsets say that the write failed. */
export function withFailures(bytes: Uint8Array, offsets: readonly number[]): Uint8Array {
  const failed = new Set(offsets)
  const frames: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; ) {
    const header = view.getUint32(at)
    const end = at + headerBytes + (header & 0x7fffffff)
    if (failed.has(at)) frames.push(failureFrame(requestId(bytes.subarray(at + headerBytes, end), header >>> 31 === 1)))
    else frames.push(bytes.subarray(at, end))
    at = end
  }
  return Buffer.concat(frames)
}

/** The id in a payload that was compressed at once, if at all: so it is small enough to be inflated at once. */
function requestId(payload: Uint8Array, gzip: boolean): number {
  return decodeResponse(gzip ? (inflate(payload, 0x7fffffff) as Uint8Array) : payload).id
}
