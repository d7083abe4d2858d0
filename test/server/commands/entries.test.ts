// The commands on entries through real sockets: what each answers, values kept as sent, and bad input.
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../../proto/compact.ts'
import { frame } from '../../../proto/frame.ts'
import { hex } from '../../helpers/bytes.ts'
import { askAll, socketKinds, talk } from '../../helpers/talk.ts'
import { framed, type Plain, request, response } from '../../helpers/wire.ts'

const table = 't'
const set = (key: string, value: Plain) => ({ hset: { table, pair: { key, value } } })
const get = (key: string) => ({ hget: { table, key } })
const text = (string: string) => ({ string })
const volatileWrite = (values: Plain[], revision: number) => {
  return { status: 200, values, durability: 2, revision: String(revision) }
}

describe.each(socketKinds)('over %s', (kind) => {
  test('hget, hset, hdel and hexist', async () => {
    const { wire } = await talk(kind)
    expect(await wire.ask(get('a'))).toEqual({ status: 404, message: 'There is no key "a" in table "t".' })
    expect(await wire.ask(set('a', text('1')))).toEqual(volatileWrite([{}], 1))
    expect(await wire.ask(set('a', text('2')))).toEqual(volatileWrite([text('1')], 2))
    expect(await wire.ask(get('a'))).toEqual({ status: 200, values: [text('2')], revision: '2' })
    expect(await wire.ask({ hexist: { table, key: 'a' } })).toEqual({
      status: 200,
      values: [{ bool: true }],
      revision: '2',
    })
    expect(await wire.ask({ hexist: { table, key: 'b' } })).toEqual({ status: 200, values: [{ bool: false }] })
    expect(await wire.ask({ hdel: { table, key: 'a' } })).toEqual(volatileWrite([text('2')], 3))
    // Nothing to delete is no write.
    expect(await wire.ask({ hdel: { table, key: 'a' } })).toEqual(volatileWrite([{}], 3))
    expect(await wire.ask(get('a'))).toMatchObject({ status: 404 })
  })

  test('hmget, hmset, hmdel and hmexist answer for each key, in order', async () => {
    const { wire } = await talk(kind)
    const pairs = [
      { key: 'b', value: text('1') },
      { key: 'a', value: text('2') },
      { key: 'b', value: text('3') },
    ]
    expect(await wire.ask({ hmset: { table, pairs } })).toEqual({
      ...volatileWrite([{}, {}, text('1')], 1),
      revisions: ['0', '0', '1'],
    })
    expect(await wire.ask(set('c', {}))).toMatchObject({ revision: '2' })
    const keys = ['a', 'none', 'b', 'c', 'a']
    expect(await wire.ask({ hmget: { table, keys } })).toEqual({
      status: 200,
      values: [text('2'), {}, text('3'), {}, text('2')],
      revisions: ['1', '0', '1', '2', '1'],
    })
    expect(await wire.ask({ hmexist: { table, keys } })).toEqual({
      status: 200,
      values: [true, false, true, true, true].map((bool) => ({ bool })),
    })
    expect(await wire.ask({ hmdel: { table, keys } })).toEqual({
      ...volatileWrite([text('2'), {}, text('3'), {}, {}], 3),
      revisions: ['1', '0', '1', '2', '0'],
    })
    expect(await wire.ask({ hmget: { table, keys: ['a', 'b', 'c'] } })).toMatchObject({ values: [{}, {}, {}] })
    for (const empty of [{ hmget: { table } }, { hmset: { table } }, { hmdel: { table } }, { hmexist: { table } }]) {
      expect(await wire.ask(empty)).toMatchObject({ status: 200 })
    }
  })

  test('a group of writes is all or none', async () => {
    const { wire } = await talk(kind)
    const pairs = [
      { key: 'a', value: text('1') },
      { key: '', value: text('2') },
    ]
    expect(await wire.ask({ hmset: { table, pairs } })).toMatchObject({ status: 400 })
    expect(await wire.ask(get('a'))).toMatchObject({ status: 404 })
    await wire.ask(set('a', text('1')))
    expect(await wire.ask({ hmdel: { table, keys: ['a', ''] } })).toMatchObject({ status: 400 })
    expect(await wire.ask(get('a'))).toMatchObject({ status: 200, revision: '1' })
  })

  test('values come back as the bytes that were sent', async () => {
    const { wire } = await talk(kind)
    const values = {
      'an empty string': '0a00',
      'a string': '0a0b 68c3a96c6c6f20f09f9880',
      'bytes that are no UTF-8': '1203 fffe80',
      'the largest integer': '18 ffffffffffffffff7f',
      'the smallest integer': '18 80808080808080808001',
      '2^53 + 1': '18 8180808080808010',
      'minus one': '18 ffffffffffffffffff01',
      'minus zero': '21 0000000000000080',
      'a NaN with a payload': '21 010000000000f87f',
      infinity: '21 000000000000f07f',
      false: '28 00',
      'JSON with spaces and a number that no double holds': '3218 7b20226122203a2031323334353637383930313233347d20',
      'an integer longer than it need be': '18 818000',
    }
    // A value of several fields is its last one.
    const severalFields = { 'a field twice': ['0a0161 0a0162', '0a0162'], 'two kinds': ['1801 0a0162', '0a0162'] }
    const same = Object.entries(values).map(([name, digits]) => [name, [digits, digits]] as const)
    for (const [name, [given, kept]] of [...same, ...Object.entries(severalFields)]) {
      const value = hex(given!)
      const pair = Buffer.concat([hex('0a016b 12'), Buffer.of(value.length), value])
      const message = Buffer.concat([hex('0a0174 12'), Buffer.of(pair.length), pair])
      wire.send(framed(Buffer.concat([hex('22'), Buffer.of(message.length), message])))
      expect(await wire.next(), name).toMatchObject({ status: 200 })
      wire.send(request(get('k')))
      const reply = await wire.nextFrame()
      const back = hex(kept!)
      const sent = Buffer.concat([hex('1a'), Buffer.of(back.length), back])
      expect([name, reply.includes(sent)]).toEqual([name, true])
    }
  })

  test('64-bit integers are exact at both ends of the range', async () => {
    const { wire } = await talk(kind)
    for (const integer of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, -(2n ** 53n) - 1n, 0n, -1n]) {
      // Through the clients' codec: protobufjs in this process has its 64-bit integers as numbers, as the gateway's.
      wire.send(frame(encode('CommandRequest', set('n', { integer }))))
      wire.send(frame(encode('CommandRequest', get('n'))))
      await wire.next()
      const { values } = decode('CommandResponse', (await wire.nextFrame()).subarray(4)) as Plain
      expect(BigInt(values[0].integer)).toBe(integer)
    }
  })

  test('keys of any UTF-8 up to 1024 bytes, in any table', async () => {
    const { wire } = await talk(kind)
    const keys = [
      '\0',
      ' ',
      'é',
      '😀',
      '__proto__',
      'constructor',
      'k'.repeat(1_024),
      'é'.repeat(512),
      'a\u0000b',
      '\uffff',
    ]
    for (const [index, key] of keys.entries()) {
      for (const name of ['t', '__proto__', 'Tabelle ü']) {
        const value = text(`${name} ${index}`)
        await wire.ask({ hset: { table: name, pair: { key, value } } })
        expect(await wire.ask({ hget: { table: name, key } })).toMatchObject({ status: 200, values: [value] })
      }
    }
    expect((await wire.ask({ hgetall: { table: 't' } })).pairs.map(({ key }: Plain) => key)).toEqual(
      [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    )
  })

  describe('bad input is one reply that names it, and the connection lives', () => {
    const long = 'k'.repeat(1_025)
    const raw = (digits: string) => framed(hex(digits))
    const cases: [string, Plain | Uint8Array, number, string][] = [
      ['an empty key', get(''), 400, 'The key is empty: it takes 1 to 1024 bytes of UTF-8 (--max-key-bytes).'],
      ['no key', { hget: { table } }, 400, 'The key is empty'],
      ['a key that is too long', get(long), 400, 'The key has 1025 bytes'],
      ['a key of too many bytes', get('é'.repeat(513)), 400, 'The key has 1026 bytes'],
      ['a key that is no UTF-8', raw('0a06 0a0174 1201ff'), 400, 'The key is not UTF-8.'],
      ['a key with half a surrogate pair', raw('0a08 0a0174 1203eda080'), 400, 'The key is not UTF-8.'],
      ['no table', { hget: { key: 'a' } }, 400, 'The table name is empty'],
      [
        'a table name that is too long',
        { hget: { table: 't'.repeat(256), key: 'a' } },
        400,
        'The table name has 256 bytes',
      ],
      ['a table name that is no UTF-8', raw('0a06 0a01c0 12016b'), 400, 'The table name is not UTF-8.'],
      ['no pair', { hset: { table } }, 400, 'hset takes a pair.'],
      ['a pair without a key', { hset: { table, pair: {} } }, 400, 'The key is empty'],
      [
        'a value that is too large',
        set('a', { binary: Buffer.alloc(524_288) }),
        413,
        'The value has 524292 bytes: at most 524288 are stored (--max-value-bytes).',
      ],
      ['a string that is no UTF-8', raw('220d 0a0174 1208 0a016b 1203 0a01ff'), 400, 'The string value is not UTF-8'],
      ['JSON that does not parse', set('a', { json: '{' }), 400, 'The json value does not parse'],
      ['no JSON at all', set('a', { json: '' }), 400, 'The json value does not parse'],
      ['JSON that is no UTF-8', raw('220f 0a0174 120a 0a016b 1205 3203 22ff22'), 400, 'The JSON value is not UTF-8'],
      ['a value of an unknown kind', raw('220c 0a0174 1207 0a016b 1202 3801'), 400, 'a field that Value does not'],
      ['one bad key of many', { hmget: { table, keys: ['a', ''] } }, 400, 'The key is empty'],
      [
        'one bad value of many',
        { hmset: { table, pairs: [{ key: 'a', value: { json: ']' } }] } },
        400,
        'does not parse',
      ],
      ['no command', {}, 400, 'no command that this gateway knows'],
      ['an empty payload', hex('00000000'), 400, 'no command that this gateway knows'],
      ['a command of a later gateway', raw('c20300'), 400, 'no command that this gateway knows'],
    ]

    test.each(cases)('%s', async (_name, bad, status, message) => {
      const { wire } = await talk(kind)
      const [refused, pong] = await askAll(wire, bad, { ping: {}, id: 9 })
      expect(refused).toEqual({ status, message: expect.stringContaining(message) })
      expect(pong).toEqual({ status: 200, id: 9 })
      expect(await wire.ask({ tables: {} })).toEqual({ status: 200 })
    })
  })

  test('the largest value goes in and comes out', async () => {
    const { wire } = await talk(kind)
    const value = { binary: Buffer.alloc(524_288 - 4, 'some bytes that shrink') }
    const [, read] = await askAll(wire, set('a', value), get('a'))
    expect(read.values[0].binary).toBe(value.binary.toString('base64'))
  })

  test('values that together are too many for a reply', async () => {
    const { wire } = await talk(kind, { maxReplyBytes: 70_000, maxValueBytes: 50_000 })
    const value = { binary: Buffer.alloc(40_000, 1) }
    const pairs = ['a', 'b'].map((key) => ({ key, value }))
    await wire.ask({ hmset: { table, pairs } })
    expect(await wire.ask({ hmget: { table, keys: ['a', 'b'] } })).toMatchObject({
      status: 413,
      message: expect.stringContaining('70000 bytes'),
    })
    // A write stands: only what does not fit is left out of its reply.
    const written = await wire.ask({ hmdel: { table, keys: ['a', 'b'] } })
    expect(written).toMatchObject({ status: 200, revision: '2', revisions: ['1', '1'] })
    expect(written.values.map(({ binary }: Plain) => binary?.length > 0)).toEqual([true, false])
    expect(await wire.ask({ count: { table } })).toEqual({ status: 200 })
  })

  test('replies longer than 1436 bytes are compressed where that makes them smaller', async () => {
    const { wire } = await talk(kind)
    const sizes: [number, boolean][] = [
      [1_400, false],
      [1_436, true],
      [60_000, true],
      [300_000, true],
    ]
    for (const [size, compressed] of sizes) {
      await wire.ask(set('a', text('x'.repeat(size))))
      wire.send(request(get('a')))
      const frame = await wire.nextFrame()
      expect(frame[0]! >= 0x80).toBe(compressed)
      expect(response(frame).values).toEqual([text('x'.repeat(size))])
    }
  })
})
