// The recorded conversation with the reference server, replayed over each transport, on each engine, cut in each way.
import { describe, expect, test } from 'vitest'
import { startGateway } from '../helpers/gateway.ts'
import { dial, type Plain, response, type Wire } from '../helpers/wire.ts'
import transcript from '../proto/vectors/wire-transcript.json' with { type: 'json' }

const requests = transcript.exchanges.map(({ request }) => Buffer.from(request, 'hex'))
const expected = transcript.exchanges.map(({ response: hex }) => essence(response(Buffer.from(hex, 'hex'))))
const seed = Math.floor(Math.random() * 2 ** 31)

/** What must agree: status, values and pairs. */
function essence({ status, values, pairs }: Plain): Plain {
  return { status, values, pairs }
}

const whole = requests
const bytewise = [...Buffer.concat(requests)].map((byte) => Buffer.of(byte))
const together = [Buffer.concat(requests)]

function randomly(): Buffer[] {
  const bytes = Buffer.concat(requests)
  const pieces: Buffer[] = []
  let state = seed
  for (let at = 0; at < bytes.length; ) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    const end = at + 1 + ((state >> 8) % 40)
    pieces.push(bytes.subarray(at, end))
    at = end
  }
  return pieces
}

const ways = {
  'frames whole': whole,
  'one byte at a time': bytewise,
  'all in one message': together,
  'split at random': randomly(),
}

describe.each(['memory', 'disk'] as const)('on the %s engine', (store) => {
  describe.each(['ws', 'tcp', 'memory'] as const)('over %s', (transport) => {
    test.each(Object.entries(ways))(`%s (seed ${seed})`, async (_way, pieces) => {
      const started = await startGateway({ store })
      const wires: Record<typeof transport, () => Promise<Wire>> = {
        ws: () => dial.ws(started.ws),
        tcp: () => dial.tcp(started.tcpPort),
        memory: async () => dial.duplex(started.gateway.connect()),
      }
      const wire = await wires[transport]()
      for (const piece of pieces) wire.send(piece)
      for (const [index, agreed] of expected.entries()) {
        const command = transcript.exchanges[index]!.command
        expect([command, essence(await wire.next())]).toEqual([command, agreed])
      }
    })
  })
})
