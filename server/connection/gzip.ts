// Inflates and deflates payloads, within bounds: small ones at once, large ones in the thread pool, where the process has
// at most four inflations at a time.
import { constants, crc32, gzip, gzipSync, inflateRaw, inflateRawSync } from 'node:zlib'
import { StreamError } from '../../proto/status.ts'
import { contentOf } from './content.ts'

/** Up to this size zlib runs on the main thread: it takes about 0.1 ms, less than the way to the thread pool and back. */
export const syncBytes = 65_536
const maxInflations = 4
const { Z_BEST_SPEED, Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY } = constants

/** The smallest piece of memory that zlib accepts for its output. */
const leastChunkBytes = 64

const trailerBytes = 8
const fixedHeaderBytes = 10
const flags = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 }

/**
 * Inflates one gzip member of at most `maxBytes`. The member must fill the payload: what follows it, a second
 * member included, is refused, because a megabyte of empty members would be cheap to send and expensive to skip.
 * Throws, or rejects with, StreamError 1009 for a larger one and 4400 for a broken one.
 */
export function inflate(payload: Uint8Array, maxBytes: number): Uint8Array | Promise<Uint8Array> {
  const start = headerEnd(payload)
  const declared = view(payload).getUint32(payload.length - 4, true)
  if (declared > maxBytes)
    throw new StreamError(1009, `a payload that inflates to ${declared} bytes, ${maxBytes} are allowed`)
  const deflated = payload.subarray(start)
  const bounded = { maxOutputLength: Math.max(1, maxBytes), info: true as const }
  if (payload.length <= syncBytes) {
    try {
      return verified(payload, deflated, inflateRawSync(deflated, bounded) as unknown as Inflated)
    } catch (error) {
      throw inflationError(error, maxBytes)
    }
  }
  return inflateLater(payload, deflated, bounded, maxBytes)
}

/**
 * Compresses a payload; undefined where that does not make it smaller. It is not tried on what looks random, and what
 * does not repeat itself is not searched for repetitions: that takes a third of the time (`npm run bench -- ycsb`, E).
 */
export function deflate(payload: Uint8Array): Uint8Array | undefined | Promise<Uint8Array | undefined> {
  const content = contentOf(payload)
  if (content === 'random') return undefined
  const strategy = content === 'repeated' ? Z_DEFAULT_STRATEGY : Z_HUFFMAN_ONLY
  // One piece of memory of the payload's size: with zlib's default of 64 KiB, 1.7 KB took 46 us in place of 13.
  const options = { level: Z_BEST_SPEED, strategy, chunkSize: Math.max(leastChunkBytes, payload.length) }
  if (payload.length <= syncBytes) return smaller(gzipSync(payload, options), payload)
  return new Promise((resolve, reject) => {
    gzip(payload, options, (error, result) => (error ? reject(error) : resolve(smaller(result, payload))))
  })
}

interface Inflated {
  readonly buffer: Uint8Array
  readonly engine: { readonly bytesWritten: number }
}

let inflations = 0
const waiting: (() => void)[] = []

async function inflateLater(payload: Uint8Array, deflated: Uint8Array, bounded: object, maxBytes: number) {
  // One that ends hands its place over, so that no later one takes it.
  if (inflations >= maxInflations) await new Promise<void>((resolve) => waiting.push(resolve))
  else inflations++
  try {
    const result = await new Promise<Inflated>((resolve, reject) => {
      inflateRaw(deflated, bounded, (error, done) => (error ? reject(error) : resolve(done as unknown as Inflated)))
    })
    return verified(payload, deflated, result)
  } catch (error) {
    throw inflationError(error, maxBytes)
  } finally {
    const next = waiting.shift()
    if (next === undefined) inflations--
    else next()
  }
}

/** Checks what follows the deflated data: checksum, length, and nothing else. */
function verified(payload: Uint8Array, deflated: Uint8Array, { buffer, engine }: Inflated): Uint8Array {
  if (engine.bytesWritten + trailerBytes !== deflated.length) throw new StreamError(4400, 'more than one gzip member')
  const trailer = view(payload)
  const at = payload.length - trailerBytes
  if (trailer.getUint32(at, true) !== crc32(buffer)) throw new StreamError(4400, 'a gzip checksum that is wrong')
  if (trailer.getUint32(at + 4, true) !== buffer.length) throw new StreamError(4400, 'a gzip length that is wrong')
  return buffer
}

/** Where the deflated data begins (RFC 1952, section 2.3). */
function headerEnd(payload: Uint8Array): number {
  const flag = payload[3]!
  const isGzip = payload[0] === 0x1f && payload[1] === 0x8b && payload[2] === 8 && (flag & flags.reserved) === 0
  if (payload.length < fixedHeaderBytes + trailerBytes || !isGzip) throw new StreamError(4400, 'not gzip')
  let at = fixedHeaderBytes
  if (flag & flags.extra) at += 2 + (payload[at]! | (payload[at + 1]! << 8))
  for (const text of [flags.name, flags.comment]) {
    if (flag & text) at = payload.indexOf(0, at) + 1 || payload.length
  }
  if (flag & flags.headerCrc) at += 2
  if (at > payload.length - trailerBytes) throw new StreamError(4400, 'a gzip header without data')
  return at
}

function inflationError(error: unknown, maxBytes: number): StreamError {
  if (error instanceof StreamError) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ERR_BUFFER_TOO_LARGE')
    return new StreamError(1009, `a payload that inflates to more than ${maxBytes} bytes`)
  return new StreamError(4400, `broken gzip: ${code}`)
}

function smaller(compressed: Uint8Array, payload: Uint8Array): Uint8Array | undefined {
  return compressed.length < payload.length ? compressed : undefined
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
