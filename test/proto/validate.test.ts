// The walk over a request's bytes: what it accepts, what it learns, and what it refuses before anything is decoded.
import { describe, expect, test } from 'vitest'
import { commandNumbers, decodeRequest } from '../../proto/codec.ts'
import { StreamError } from '../../proto/status.ts'
import { checkRequest, checkValue } from '../../proto/validate.ts'
import { hex } from '../helpers/bytes.ts'
import { request } from '../helpers/wire.ts'

const maxElements = 4_096
const payloadOf = (message: object) => request(message).subarray(4)

/** The close code and detail with which `bytes` are refused, or undefined. */
function refusal(check: () => unknown): string | undefined {
  try {
    check()
  } catch (error) {
    if (!(error instanceof StreamError)) throw error
    return `${error.code} ${error.message}`
  }
  return undefined
}

const refusedRequest = (digits: string, elements = maxElements) => {
  const bytes = hex(digits)
  return refusal(() => checkRequest(bytes, 0, bytes.length, elements))
}

describe('what a request is', () => {
  const head = (digits: string) => {
    const bytes = hex(digits)
    return checkRequest(bytes, 0, bytes.length, maxElements)
  }

  test('its command and its id, wherever they stand', () => {
    expect(head('0a06 0a0174 12016b')).toEqual({ command: 1, id: 0 })
    expect(head('7807 0a06 0a0174 12016b')).toEqual({ command: 1, id: 7 })
    expect(head('0a06 0a0174 12016b 78ffffffff0f')).toEqual({ command: 1, id: 0xffffffff })
    expect(head('8a0100 7801')).toEqual({ command: 17, id: 1 })
  })

  test('nothing at all is no command', () => {
    expect(head('')).toEqual({ command: 0, id: 0 })
    expect(head('7805')).toEqual({ command: 0, id: 5 })
  })

  test('of two commands the last is the one, of two ids as well', () => {
    expect(head('0a06 0a0174 12016b  12030a0174')).toEqual({ command: 2, id: 0 })
    expect(head('12030a0174  0a06 0a0174 12016b')).toEqual({ command: 1, id: 0 })
    expect(head('7801 8a0100 7802')).toEqual({ command: 17, id: 2 })
  })

  test('a command that it does not know is none, and unknown fields of every wire type are passed over', () => {
    expect(head('f20100')).toEqual({ command: 0, id: 0 })
    const unknown = 'a00601 a106 0102030405060708 a206 03 ffffff a506 01020304'
    expect(head(`${unknown} 8a0100 7803`)).toEqual({ command: 17, id: 3 })
    // Within a message too, and their content is not looked at.
    expect(head('0a0a 0a0174 12016b a2060100')).toEqual({ command: 1, id: 0 })
  })

  test('each command of the schema has its number', () => {
    for (const [name, number] of Object.entries(commandNumbers)) {
      const payload = payloadOf({ [name]: {}, id: 9 })
      expect(checkRequest(payload, 0, payload.length, maxElements), name).toEqual({ command: number, id: 9 })
    }
  })

  test('only the bytes within the bounds count', () => {
    const bytes = hex('ff 8a0100 ff')
    expect(checkRequest(bytes, 1, 4, maxElements)).toEqual({ command: 17, id: 0 })
    expect(refusal(() => checkRequest(bytes, 1, 3, maxElements))).toMatch(/^4400 .*ends after its message/)
  })
})

describe('what is refused with 4400', () => {
  const whole = payloadOf({
    hmset: {
      table: 't',
      pairs: [
        { key: 'k', value: { float: 1.5 } },
        { key: 'l', value: { integer: -1 } },
      ],
    },
    id: 300,
  })

  test('a request cut off at any byte that does not end a field', () => {
    const fieldEnds = [0, whole.length - 3]
    for (let end = 0; end < whole.length; end++) {
      const found = refusal(() => checkRequest(whole, 0, end, maxElements))
      expect([end, found?.slice(0, 4)]).toEqual([end, fieldEnds.includes(end) ? undefined : '4400'])
    }
  })

  test.each([
    ['a length past the end of the request', '0a07 0a0174 12016b', /ends after its message/],
    ['a length past the end of its message', '0a06 0a0174 12026b', /ends after its message/],
    ['a length of 4 GiB', '0a ffffffff0f 00', /ends after its message/],
    ['a length of six bytes', '0a 868080808000 0a0174 12016b', /varint of more than 5 bytes/],
    ['a tag of six bytes', '8a8080808000 06 0a0174 12016b', /varint of more than 5 bytes/],
    ['a tag of more than 32 bits', 'ffffffff7f 00', /impossible number/],
    ['field 0', '0000', /impossible number/],
    ['field 0 in a message', '0a02 0200', /impossible number/],
    ['a group', '0b 0c', /wire type 3/],
    ['an unknown group', 'a306 a406', /wire type 3|groups/],
    ['the end of a group', '0c', /wire type 4/],
    ['wire type 6', 'a606 00', /wire type 6/],
    ['wire type 7', 'a706 00', /wire type 7/],
    ['a command as a varint', '0801', /field 1 with wire type 0 in place of 2/],
    ['an id as bytes', '7a0101', /field 15 with wire type 2 in place of 0/],
    ['a key as a double', '0a0c 0a0174 11 0000000000000000', /field 2 with wire type 1 in place of 2/],
    ['an id of eleven bytes', '78 8080808080808080808001', /varint of more than 10 bytes/],
    ['an unknown varint of eleven bytes', 'a006 8080808080808080808001', /varint of more than 10 bytes/],
    ['an id of more than 32 bits', '78 808080801f', /id of more than 32 bits/],
    ['a varint that does not end', '78 8080', /ends after its message/],
    ['a double of seven bytes', '2212 0a0174 120d 0a016b 1208 2100000000000000', /ends after its message/],
    ['an unknown fixed64 that is cut off', 'a106 01020304050607', /ends after its message/],
    ['an unknown fixed32 that is cut off', 'a506 010203', /ends after its message/],
  ])('%s', (_name, digits, detail) => {
    expect(refusedRequest(digits)).toMatch(/^4400 /)
    expect(refusedRequest(digits)).toMatch(detail)
  })

  test('more elements than allowed, counted over the whole request', () => {
    const keys = (count: number) => payloadOf({ hmget: { table: 't', keys: Array(count).fill('') } })
    const refused = (payload: Uint8Array) => refusal(() => checkRequest(payload, 0, payload.length, 100))
    expect(refused(keys(100))).toBeUndefined()
    expect(refused(keys(101))).toBe('4400 too many elements')
    // Two commands of 60 each: the first is not run, and still was sent.
    expect(refused(Buffer.concat([keys(60), keys(60)]))).toBe('4400 too many elements')
    const pairs = payloadOf({ hmset: { table: 't', pairs: Array(101).fill({}) } })
    expect(refused(pairs)).toBe('4400 too many elements')
    const data = payloadOf({ publish: { topic: 't', data: Array(101).fill({}) } })
    expect(refused(data)).toBe('4400 too many elements')
  })

  test('a flood of fields that are no elements', () => {
    const flood = (count: number) => hex('7801'.repeat(count))
    expect(refusal(() => checkRequest(flood(64), 0, 128, maxElements))).toBeUndefined()
    expect(refusal(() => checkRequest(flood(65), 0, 130, maxElements))).toBe('4400 too many fields')
    // Each element brings eight of its own.
    const pair = { key: 'k', value: { string: 'v' } }
    const full = payloadOf({ hmset: { table: 't', pairs: Array(maxElements).fill(pair) }, id: 1 })
    expect(refusal(() => checkRequest(full, 0, full.length, maxElements))).toBeUndefined()
    const write = { table: 't', key: 'k', value: { string: 'v' }, ttlMs: 5, lease: true }
    const long = payloadOf({ transaction: { writes: Array(128).fill(write) }, id: 1 })
    expect(refusal(() => checkRequest(long, 0, long.length, maxElements))).toBeUndefined()
  })
})

describe('a Value', () => {
  const refused = (digits: string) => {
    const bytes = hex(digits)
    return refusal(() => checkValue(bytes, 0, bytes.length))
  }

  test.each([
    ['nothing', ''],
    ['a string', '0a0568656c6c6f'],
    ['bytes', '120300ff80'],
    ['the smallest integer', '18 80808080808080808001'],
    ['the largest integer', '18 ffffffffffffffff7f'],
    ['a double', '21 000000000000f87f'],
    ['a bool', '2801'],
    ['JSON', '32 02 7b7d'],
  ])('%s is well-formed', (_name, digits) => expect(refused(digits)).toBeUndefined())

  test.each([
    ['a string that is cut off', '0a0568656c6c'],
    ['a double of seven bytes', '21 00000000000000'],
    ['an integer of eleven bytes', '18 8080808080808080808001'],
    ['an integer as a double', '19 0000000000000000'],
    ['a string as a varint', '0801'],
    ['a group', '0b0c'],
  ])('%s is refused', (_name, digits) => expect(refused(digits)).toMatch(/^4400 /))
})

test('whatever it accepts protobufjs decodes to the same command', () => {
  // Odd but legal: lengths, tags and numbers longer than they need be, fields twice, out of order, unknown ones.
  const odd = [
    '0a8600 0a0174 12016b',
    '0a8680808000 0a0174 12016b',
    '8a80808000 06 0a0174 12016b',
    '0a06 12016b 0a0174',
    '0a0c 0a0175 12016c 0a0174 12016b',
    '78818000 0a06 0a0174 12016b',
    '0a0a 0a0174 12016b a2060100 a206 00',
  ]
  for (const digits of odd) {
    const bytes = hex(digits)
    const { command, message } = decodeRequest(bytes, 0, bytes.length, maxElements)
    const { table, key } = message.hget!
    expect([digits, command, Buffer.from(table!).toString(), Buffer.from(key!).toString()]).toEqual([
      digits,
      1,
      't',
      'k',
    ])
  }
})
