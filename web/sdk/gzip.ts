// Compression of payloads through the platform's own streams. Asynchronous by nature: its caller keeps the order.
import { StreamError } from '../../proto/status.ts'

/** Bytes whole or, where there are none or compressing fails, undefined. */
export function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return through('CompressionStream', bytes, bytes.length).catch(() => undefined)
}

/** Throws StreamError 1009 when there is more than `maxBytes`, and 4400 when the bytes are no gzip. */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = await through('DecompressionStream', bytes, maxBytes).catch(() => {
    throw new StreamError(4400, 'not gzip')
  })
  if (inflated === undefined) throw new StreamError(1009, `a frame above ${maxBytes} bytes`)
  return inflated
}

/** Puts bytes through a stream of that class; undefined when more than `maxBytes` come out. */
async function through(
  platform: 'CompressionStream' | 'DecompressionStream',
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const stream = new globalThis[platform]('gzip')
  const writer = stream.writable.getWriter()
  // Both fail with the reader's error, which is the one that counts.
  writer.write(bytes).catch(() => {})
  writer.close().catch(() => {})
  const reader = stream.readable.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return concatenate(parts)
    parts.push(value)
    length += value.length
    if (length > maxBytes) {
      reader.cancel().catch(() => {})
      return undefined
    }
  }
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
