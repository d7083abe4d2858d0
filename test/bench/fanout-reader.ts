// What one watcher of the fan-out reads: WebSocket messages taken apart into the changes that they deliver. Each change is
// the value of one write: four bytes that mean nothing, the write's number, and the moment it was made. Each is checked
// to follow on the one before it. It measures nothing.
import { gunzipSync } from 'node:zlib'
import { decode } from '../../proto/compact.ts'
import { FrameDecoder } from '../../proto/frame.ts'
import { messageBytes, messageStart } from './wire.ts'

export const valueBytes = 16
const maxFrameBytes = 1 << 25
const binary = 0x82

/** Told the moments of the writes that came, and how many of these were no right ones. */
type OnChanges = (moments: readonly number[], wrong: number) => void

let lastPart: Buffer = Buffer.alloc(0)

/** `bytes[start, end)`: the same object as the last time where it is the same memory. */
function part(bytes: Buffer, start: number, end: number): Buffer {
  const isSame =
    lastPart.buffer === bytes.buffer &&
    lastPart.byteOffset === bytes.byteOffset + start &&
    lastPart.length === end - start
  if (!isSame) lastPart = bytes.subarray(start, end)
  return lastPart
}

export abstract class Reader {
  /** Of the content of the last message that delivered a change. */
  bytes = 0
  /** The number of the last write that came; 0 before the first. */
  protected last = 0
  protected readonly onChanges: OnChanges
  #held: Buffer | undefined

  constructor(onChanges: OnChanges) {
    this.onChanges = onChanges
  }

  /** Takes a chunk, whose bytes are there until it returns. */
  push(chunk: Buffer): void {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk])
    let at = 0
    for (;;) {
      const start = messageStart(bytes, at)
      if (start < 0) break
      const end = start + messageBytes(bytes, at)
      if (end > bytes.length) break
      if (bytes[at] === binary) this.content(part(bytes, start, end))
      at = end
    }
    this.#held = at === bytes.length ? undefined : Buffer.from(bytes.subarray(at))
  }

  protected abstract content(bytes: Buffer): void

  /** Takes the number of the next write that came; returns 1 if it is out of order. A watcher that lags skips some. */
  protected follows(number: number): 0 | 1 {
    const isWrong = number <= this.last
    this.last = Math.max(this.last, number)
    return isWrong ? 1 : 0
  }
}

/** What bare `ws` sends: the number and the moment, and filler. */
export class BareReader extends Reader {
  protected content(bytes: Buffer): void {
    const number = bytes.readUInt32BE(0)
    if (number === 0) return
    this.bytes = bytes.length
    this.onChanges([bytes.readDoubleBE(4)], this.follows(number))
  }
}

/** What one message held, and which writes. */
interface Content {
  readonly bytes: Buffer
  readonly last: number
  readonly moments: readonly number[]
}

/** How many contents are remembered. */
const remembered = 10_000
/** The last contents that were decoded and right, by the number of the write before their first. */
const contents = new Map<number, Content>()

/**
 * A stream of frames. The watchers of a table mostly get the same bytes: these are decoded and checked at the first of
 * them, and compared at the others.
 */
export class FrameReader extends Reader {
  readonly #key: string
  readonly #decoder = new FrameDecoder(maxFrameBytes)

  constructor(key: string, onChanges: OnChanges) {
    super(onChanges)
    this.#key = key
  }

  protected content(bytes: Buffer): void {
    const known = this.#decoder.unfinished ? undefined : contents.get(this.last)
    if (known?.bytes.equals(bytes)) {
      this.last = known.last
      this.bytes = bytes.length
      return this.onChanges(known.moments, 0)
    }
    const isWhole = !this.#decoder.unfinished
    const before = this.last
    const moments: number[] = []
    let wrong = 0
    this.#decoder.push(bytes)
    while (this.#decoder.next()) wrong += this.#frame(moments)
    if (moments.length === 0) return
    this.bytes = bytes.length
    if (isWhole && !this.#decoder.unfinished && wrong === 0) {
      contents.set(before, { bytes: Buffer.from(bytes), last: this.last, moments })
      if (contents.size > remembered) contents.delete(contents.keys().next().value!)
    }
    this.onChanges(moments, wrong)
  }

  /** Adds the moments of a frame's changes; returns how many were wrong. */
  #frame(moments: number[]): number {
    const { bytes, start, end, gzip } = this.#decoder
    const payload = bytes.subarray(start, end)
    const response = decode('CommandResponse', gzip ? gunzipSync(payload) : payload)
    if (response.status !== 200) throw new Error(response.message)
    let wrong = 0
    for (const { key, value } of response.changes ?? []) {
      const content = Buffer.from(value?.binary ?? [])
      if (key !== this.#key || content.length !== valueBytes) throw new Error(`an unknown change of "${key}"`)
      wrong += this.follows(content.readUInt32BE(4))
      moments.push(content.readDoubleBE(8))
    }
    return wrong
  }
}
