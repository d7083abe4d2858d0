// Message streams: both directions, both ends, any cut, compression, Web Streams, and streams that break.
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Message } from '../../proto/compact.ts'
import { frame } from '../../proto/frame.ts'
import { StreamError } from '../../proto/status.ts'
import { type ByteDuplex, type Compression, clientCodec, MessageStream, serverCodec } from '../../proto/stream.ts'
import { bytewise, everySplit, hex, randomly } from '../helpers/bytes.ts'
import { Random, runSeed } from '../helpers/random.ts'
import { request } from '../helpers/wire.ts'

const seed = runSeed()

const compression: Compression = {
  inflate: (payload, maxBytes) => gunzipSync(payload, { maxOutputLength: maxBytes }),
  deflate: async (payload) => {
    const compressed = gzipSync(payload)
    return compressed.length < payload.length ? compressed : undefined
  },
}

/** A duplex whose input is given and whose output is collected. */
function duplex(input: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  const written: Uint8Array[] = []
  let ended = 0
  const bytes: ByteDuplex = {
    input: (async function* () {
      yield* input
    })(),
    write: async (chunk) => void written.push(chunk),
    end: () => {
      ended++
    },
  }
  return {
    bytes,
    written,
    get output() {
      return Buffer.concat(written)
    },
    get ended() {
      return ended
    },
  }
}

const requests: Message[] = [
  { hset: { table: 't', pair: { key: 'k', value: { integer: 2n ** 63n - 1n } } }, id: 1 },
  { ping: {} },
  { publish: { topic: 'é', data: [{ string: 'x'.repeat(3_000) }, {}, { binary: new Uint8Array([0, 255]) }] }, id: 2 },
  { hmget: { table: 't', keys: ['a', 'b', ''] } },
]
const responses: Message[] = [
  { status: 200, values: [{ float: 0.5 }, {}], revision: 2 ** 40, id: 1 },
  { status: 404, message: 'There is none.' },
  { status: 200, pairs: [{ key: 'k', value: { json: `[${'1,'.repeat(2_000)}1]` }, revision: 3 }], more: true, id: 2 },
]

async function encoded(codec: typeof clientCodec, messages: readonly Message[], options = {}): Promise<Buffer> {
  const to = duplex([])
  const stream = new MessageStream(to.bytes, codec, options)
  for (const message of messages) await stream.send(message)
  await stream.end()
  expect(to.ended).toBe(1)
  return to.output
}

async function decoded(codec: typeof clientCodec, chunks: Iterable<Uint8Array>, options = {}): Promise<Message[]> {
  const all: Message[] = []
  for await (const message of new MessageStream(duplex(chunks).bytes, codec, options)) all.push(message)
  return all
}

describe.each([
  ['requests, client to gateway', clientCodec, serverCodec, requests],
  ['responses, gateway to client', serverCodec, clientCodec, responses],
] as const)('%s', (_name, from, to, messages) => {
  test.each([
    ['plain', {}],
    ['compressed', { compression }],
  ])('%s, at every cut', async (_how, options) => {
    const bytes = await encoded(from, messages, options)
    expect(await decoded(to, [bytes], options)).toEqual(messages)
    expect(await decoded(to, bytewise(bytes), options)).toEqual(messages)
    for (const chunks of everySplit(bytes.subarray(0, 300))) {
      expect(await decoded(to, [...chunks, bytes.subarray(300)], options)).toEqual(messages)
    }
  })

  test(`cut at random (seed ${seed})`, async () => {
    const bytes = await encoded(from, Array(20).fill(messages).flat(), { compression })
    const chunks = randomly(bytes, new Random(seed), 500)
    expect(await decoded(to, chunks, { compression })).toEqual(Array(20).fill(messages).flat())
  })
})

test('what it writes is what protobufjs writes in a frame', async () => {
  expect(await encoded(clientCodec, [{ hget: { table: 't', key: 'k' }, id: 9 }])).toEqual(
    request({ hget: { table: 't', key: 'k' }, id: 9 }),
  )
})

test('only what is longer than 1436 bytes and shrinks is compressed', async () => {
  const random = new Random(seed)
  const gzipBits = async (value: Message) => {
    const bytes = await encoded(clientCodec, [{ publish: { topic: 't', data: [value] } }], { compression })
    return bytes[0]! >= 0x80
  }
  expect(await gzipBits({ string: 'x'.repeat(1_400) })).toBe(false)
  expect(await gzipBits({ string: 'x'.repeat(1_437) })).toBe(true)
  expect(await gzipBits({ binary: random.bytes(3_000) })).toBe(false)
})

test('messages keep their order, however long one takes to compress', async () => {
  let letGo: () => void = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const slow: Compression = {
    ...compression,
    deflate: async () => {
      await held
      return undefined
    },
  }
  const to = duplex([])
  const stream = new MessageStream<Message, Message>(to.bytes, clientCodec, { compression: slow })
  const large = { publish: { topic: 't', data: [{ string: 'x'.repeat(2_000) }] } }
  const sent = [stream.send(large), stream.send({ ping: {} })]
  letGo()
  await Promise.all(sent)
  expect(await decoded(serverCodec, [to.output])).toEqual([large, { ping: {} }])
})

test('a message is taken as it is when it is sent', async () => {
  const to = duplex([])
  const stream = new MessageStream<Message, Message>(to.bytes, clientCodec)
  const message = { hget: { table: 't', key: 'before' } }
  const sent = stream.send(message)
  message.hget.key = 'after'
  await sent
  expect(await decoded(serverCodec, [to.output])).toEqual([{ hget: { table: 't', key: 'before' } }])
})

test('a sender waits until more may be written', async () => {
  const events: string[] = []
  let letGo: () => void = () => {}
  const room = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const stream = new MessageStream<Message, Message>(
    { input: duplex([]).bytes.input, write: () => room, end: () => {} },
    clientCodec,
  )
  const sent = stream.send({ ping: {} }).then(() => events.push('sent'))
  await new Promise((resolve) => setImmediate(resolve))
  events.push('room')
  letGo()
  await sent
  expect(events).toEqual(['room', 'sent'])
})

test('a message that cannot be encoded fails alone', async () => {
  const to = duplex([])
  const failing = {
    ...clientCodec,
    encode: (message: Message) => {
      if ('bad' in message) throw new TypeError('no such field')
      return clientCodec.encode(message)
    },
  }
  const stream = new MessageStream<Message, Message>(to.bytes, failing)
  await stream.send({ ping: {} })
  await expect(stream.send({ bad: 1 })).rejects.toThrow('no such field')
  await stream.send({ tables: {} })
  await stream.end()
  expect(await decoded(serverCodec, [to.output])).toEqual([{ ping: {} }, { tables: {} }])
})

describe('a stream that breaks', () => {
  const code = async (read: Promise<unknown>) => {
    const error = await read.then(
      () => undefined,
      (reason) => reason,
    )
    return error instanceof StreamError ? error.code : error
  }
  const ping = request({ ping: {} })

  test('an end within a frame, at any byte', async () => {
    for (let end = 1; end < ping.length; end++) {
      expect(await code(decoded(serverCodec, [ping, ping.subarray(0, end)]))).toBe(4400)
    }
    expect(await decoded(serverCodec, [ping, ping])).toHaveLength(2)
  })

  test('a frame that is larger than agreed, before it has come', async () => {
    expect(await code(decoded(serverCodec, [hex('00000401')], { maxFrameBytes: 1_024 }))).toBe(1009)
    expect(await code(decoded(clientCodec, [hex('01000001')]))).toBe(1009)
    expect(await code(decoded(clientCodec, [hex('01000000')]))).toBe(4400)
  })

  test('a compressed frame where none was agreed', async () => {
    expect(await code(decoded(serverCodec, [frame(gzipSync(hex('8a0100')), true)]))).toBe(4400)
  })

  test('bytes that are no message', async () => {
    expect(await code(decoded(serverCodec, [frame(hex('0a05'))]))).toBe(4400)
  })

  test('what came before it is delivered', async () => {
    const seen: Message[] = []
    const reading = async () => {
      for await (const message of new MessageStream<Message, Message>(
        duplex([Buffer.concat([ping, hex('00000001 0b')])]).bytes,
        serverCodec,
      )) {
        seen.push(message)
      }
    }
    expect(await code(reading())).toBe(4400)
    expect(seen).toEqual([{ ping: {} }])
  })
})

describe('as Web Streams', () => {
  test('two ends talk through readable and writable', async () => {
    const wire = new TransformStream<Uint8Array, Uint8Array>()
    const writer = wire.writable.getWriter()
    const client = new MessageStream<Message, Message>(
      { input: duplex([]).bytes.input, write: (bytes) => writer.write(bytes), end: () => writer.close() },
      clientCodec,
      { compression },
    )
    const server = new MessageStream<Message, Message>(
      { input: wire.readable as unknown as AsyncIterable<Uint8Array>, write: () => {}, end: () => {} },
      serverCodec,
      { compression },
    )
    const sink = client.writable.getWriter()
    const sending = (async () => {
      for (const message of requests) await sink.write(message)
      await sink.close()
    })()
    const received: Message[] = []
    for await (const message of server.readable as unknown as AsyncIterable<Message>) received.push(message)
    await sending
    expect(received).toEqual(requests)
  })

  test('reading takes no more than is asked for, and a cancel ends the input', async () => {
    let [pulled, ended] = [0, false]
    const input = (async function* () {
      try {
        for (;;) {
          pulled++
          yield request({ ping: {} })
        }
      } finally {
        ended = true
      }
    })()
    const stream = new MessageStream<Message, Message>({ input, write: () => {}, end: () => {} }, serverCodec)
    const reader = stream.readable.getReader()
    expect((await reader.read()).value).toEqual({ ping: {} })
    expect((await reader.read()).value).toEqual({ ping: {} })
    expect(pulled).toBe(2)
    await reader.cancel()
    expect(ended).toBe(true)
  })

  test('a broken stream is an error of the readable', async () => {
    const stream = new MessageStream<Message, Message>(duplex([hex('00000001 0b')]).bytes, serverCodec)
    await expect(stream.readable.getReader().read()).rejects.toThrow(StreamError)
  })

  test('an abort ends the writing side', async () => {
    const to = duplex([])
    await new MessageStream<Message, Message>(to.bytes, clientCodec).writable.abort()
    expect(to.ended).toBe(1)
  })
})
