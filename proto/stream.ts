// A duplex of bytes as a duplex of messages: an async iterable of what comes in and a sink for what goes out, with
// partial reads and writes handled inside. Generic over both types: the client's end and the gateway's end are the
// same class with the types swapped. Exported as `kvass/stream`, for clients on any transport.
import { decode, encode, type Message } from './compact.ts'
import { FrameDecoder, frame } from './frame.ts'
import { compressAboveBytes, defaultLimits } from './limits.ts'
import { StreamError } from './status.ts'

/** Anything that reads and writes bytes. */
export interface ByteDuplex {
  /** Bytes as they come, cut anywhere; ends with the stream. */
  readonly input: AsyncIterable<Uint8Array>
  /** Writes bytes; a promise settles when more may be written. */
  write(bytes: Uint8Array): void | Promise<void>
  /** Ends the writing side after what was written. */
  end(): void | Promise<void>
}

/** How messages become payloads and payloads messages. `decode` throws StreamError 4400. */
export interface MessageCodec<In, Out> {
  decode(payload: Uint8Array): In
  encode(message: Out): Uint8Array
}

/** gzip, which every runtime offers in another way. */
export interface Compression {
  /** Inflates to at most `maxBytes`, or fails with StreamError 1009 or 4400. */
  inflate(payload: Uint8Array, maxBytes: number): Uint8Array | Promise<Uint8Array>
  /** Compresses; undefined where that does not make it smaller. */
  deflate(payload: Uint8Array): Uint8Array | undefined | Promise<Uint8Array | undefined>
}

export interface MessageStreamOptions {
  /** Absent: nothing is compressed, and a compressed frame ends the stream with StreamError 4400. */
  readonly compression?: Compression
  /** The largest frame accepted, as sent and inflated. Default 16 MiB, the largest reply of a gateway. */
  readonly maxFrameBytes?: number
}

/** The client's end: requests out, responses in. Messages are plain objects with the field names of kv.proto. */
export const clientCodec: MessageCodec<Message, Message> = {
  decode: (payload) => decode('CommandResponse', payload),
  encode: (message) => encode('CommandRequest', message),
}

/** The gateway's end: requests in, responses out. */
export const serverCodec: MessageCodec<Message, Message> = {
  decode: (payload) => decode('CommandRequest', payload),
  encode: (message) => encode('CommandResponse', message),
}

export class MessageStream<In, Out> implements AsyncIterable<In> {
  readonly #duplex: ByteDuplex
  readonly #codec: MessageCodec<In, Out>
  readonly #compression: Compression | undefined
  readonly #maxFrameBytes: number
  /** The end of the line of writes: each waits for the one before, so that compressing keeps the order. */
  #written: Promise<void> = Promise.resolve()

  constructor(duplex: ByteDuplex, codec: MessageCodec<In, Out>, options: MessageStreamOptions = {}) {
    this.#duplex = duplex
    this.#codec = codec
    this.#compression = options.compression
    this.#maxFrameBytes = options.maxFrameBytes ?? defaultLimits.maxReplyBytes
  }

  /** The messages as they come. Fails with a StreamError on a broken frame, also one that the end cut off. */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, void> {
    const decoder = new FrameDecoder(this.#maxFrameBytes)
    for await (const chunk of this.#duplex.input) {
      decoder.push(chunk)
      while (decoder.next()) yield this.#codec.decode(await this.#payload(decoder))
    }
    if (decoder.unfinished) throw new StreamError(4400, 'the stream ended within a frame')
  }

  /** Sends a message behind those sent before; settles when more may be sent. One that cannot be encoded fails alone. */
  async send(message: Out): Promise<void> {
    const payload = this.#codec.encode(message)
    this.#written = this.#written.then(() => this.#write(payload))
    return this.#written
  }

  /** Ends the writing side behind what was sent. */
  async end(): Promise<void> {
    await this.#written
    await this.#duplex.end()
  }

  /** What comes in, as a Web Stream; use it or the iterator, not both. */
  get readable(): ReadableStream<In> {
    const messages = this[Symbol.asyncIterator]()
    return new ReadableStream<In>(
      {
        async pull(controller) {
          const { done, value } = await messages.next()
          if (done) controller.close()
          else controller.enqueue(value)
        },
        async cancel() {
          await messages.return()
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** What goes out, as a Web Stream. */
  get writable(): WritableStream<Out> {
    return new WritableStream<Out>({
      write: (message) => this.send(message),
      close: () => this.end(),
      abort: () => this.end(),
    })
  }

  async #payload({ bytes, start, end, gzip }: FrameDecoder): Promise<Uint8Array> {
    const payload = bytes.subarray(start, end)
    if (!gzip) return payload
    if (this.#compression === undefined) throw new StreamError(4400, 'a compressed frame where none was agreed')
    return this.#compression.inflate(payload, this.#maxFrameBytes)
  }

  async #write(payload: Uint8Array): Promise<void> {
    const compressed = payload.length > compressAboveBytes ? await this.#compression?.deflate(payload) : undefined
    await this.#duplex.write(frame(compressed ?? payload, compressed !== undefined))
  }
}
