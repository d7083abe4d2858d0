// The bytes of WebSocket frames (RFC 6455, section 5): finds a client's messages in what was read, undoes their mask, and
// writes the headers of the gateway's own. It knows bytes only: no socket, and no state of a connection.
import { headroomBytes } from '../connection/transport.ts'

/** A final binary frame: a whole message. */
const binaryMessage = 0x82
const ping = 0x89
const pong = 0x8a
/** In the second byte: a mask follows, and the length. */
const maskBit = 0x80
/** Lengths that say: it stands in the next two bytes, or in the next eight. */
const length16 = 126
const length64 = 127
const maskBytes = 4
/** Header and mask of a frame of less than 126 bytes. */
const shortHeadBytes = 2 + maskBytes

/** Payloads up to this size have a header of at most four bytes, which fits into the headroom in front of them. */
export const largestShortMessage = 65_535

/** An unmasked ping without content. */
export const emptyPing: Uint8Array = Uint8Array.of(ping, 0)

/** Where something lies in bytes: `[start, end)`. */
export interface Span {
  start: number
  end: number
}

/**
 * Whether `bytes[at, end)` begins with a whole message: a final, masked binary frame. If so, `payload` is set to where its
 * payload lies, still masked; the caller uses one object again and again.
 */
export function findMessage(bytes: Uint8Array, at: number, end: number, payload: Span): boolean {
  if (end - at < shortHeadBytes || bytes[at] !== binaryMessage) return false
  let length = bytes[at + 1]! - maskBit
  let start = at + shortHeadBytes
  if (length === length16) {
    length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    start += 2
  } else if (length === length64) {
    start += 8
    // The upper half of a length that could be whole here is zero.
    if (start > end || uint32(bytes, at + 2) !== 0) return false
    length = uint32(bytes, at + 6)
  }
  if (length < 0 || start + length > end) return false
  payload.start = start
  payload.end = start + length
  return true
}

/** Where the pong ends that is whole at the front of `bytes[at, end)`; 0: there is none. Its content does not matter. */
export function endOfPong(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < shortHeadBytes || bytes[at] !== pong) return 0
  const length = bytes[at + 1]! - maskBit
  const pongEnd = at + shortHeadBytes + length
  return length >= 0 && length < length16 && pongEnd <= end ? pongEnd : 0
}

/**
 * Writes the header of an unmasked binary message in front of `bytes[start, end)`, where there must be headroom and at
 * most `largestShortMessage` bytes. Returns where the header begins.
 */
export function writeMessageHeader(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length < length16) {
    bytes[start - 2] = binaryMessage
    bytes[start - 1] = length
    return start - 2
  }
  bytes[start - 4] = binaryMessage
  bytes[start - 3] = length16
  bytes[start - 2] = length >>> 8
  bytes[start - 1] = length
  return start - 4
}

/** `bytes[start, end)` together with the headroom that lies in front of them in their memory. */
export function withHeadroom({ buffer, byteOffset }: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + start - headroomBytes, headroomBytes + end - start)
}

/** The memory of the bytes that were unmasked last, four at a time: nearly always the one that all sockets share. */
let words: Int32Array = new Int32Array(0)

/** Undoes the mask, whose four bytes lie in front of `bytes[start, end)`: word by word, in a quarter of the time. */
export function unmask(bytes: Uint8Array, start: number, end: number): void {
  const first = bytes[start - 4]!
  const second = bytes[start - 3]!
  const third = bytes[start - 2]!
  const fourth = bytes[start - 1]!
  const mask = first | (second << 8) | (third << 16) | (fourth << 24)
  if (mask === 0) return
  const offset = bytes.byteOffset
  let at = start
  for (let index = 0; at < end && ((offset + at) & 3) !== 0; index++) bytes[at++]! ^= mask >>> (index << 3)
  const turned = (at - start) << 3
  const word = turned === 0 ? mask : (mask >>> turned) | (mask << (32 - turned))
  if (words.buffer !== bytes.buffer) words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >>> 2)
  const lastWord = (offset + end) >> 2
  for (let index = (offset + at) >> 2; index < lastWord; index++) words[index]! ^= word
  const from = Math.max(at, (lastWord << 2) - offset)
  for (let index = from, shift = 0; index < end; index++, shift += 8) bytes[index]! ^= word >>> shift
}

function uint32(bytes: Uint8Array, at: number): number {
  return bytes[at]! * 0x100_0000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!)
}
