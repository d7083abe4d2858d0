// The bytes of WebSocket frames, as RFC 6455 shows them. Each case is also tried with every part of its bytes that is
// there before the rest, and at every alignment in the memory around it.
import { describe, expect, test } from 'vitest'
import {
  emptyPing,
  endOfPong,
  findMessage,
  largestShortMessage,
  unmask,
  withHeadroom,
  writeMessageHeader,
} from '../../../server/transport/ws-frame.ts'
import { hex } from '../../helpers/bytes.ts'

const mask = '37fa213d'
/** "Hello" under that mask: the example of section 5.7. */
const hello = '7f9f4d5158'
const masked = (payload: Uint8Array) => payload.map((byte, at) => byte ^ hex(mask)[at & 3]!)
const counted = (length: number) => Uint8Array.from({ length }, (_none, at) => at)

interface Case {
  readonly frame: Uint8Array
  /** What the message holds; undefined where the bytes are none. */
  readonly payload: Uint8Array | undefined
}

const message = (head: string, payload: Uint8Array): Case => {
  return { frame: Buffer.concat([hex(head), hex(mask), masked(payload)]), payload }
}
const none = (frame: string): Case => ({ frame: hex(frame), payload: undefined })

const cases: Record<string, Case> = {
  'five bytes': { frame: hex(`82 85 ${mask} ${hello}`), payload: Buffer.from('Hello') },
  'no bytes': message('82 80', counted(0)),
  'one byte': message('82 81', counted(1)),
  '125 bytes': message('82 fd', counted(125)),
  '126 bytes': message('82 fe 007e', counted(126)),
  '256 bytes': message('82 fe 0100', counted(256)),
  '65,535 bytes': message('82 fe ffff', counted(65_535)),
  '65,536 bytes': message('82 ff 0000000000010000', counted(65_536)),
  'five bytes in the long form': message('82 ff 0000000000000005', counted(5)),
  'a mask of zeros': { frame: hex('82 85 00000000 0102030405'), payload: hex('0102030405') },
  'not masked': none('82 05 48656c6c6f 0000000000'),
  'the first of some fragments': none(`02 85 ${mask} ${hello}`),
  'the last of some fragments': none(`80 85 ${mask} ${hello}`),
  text: none(`81 85 ${mask} ${hello}`),
  'a ping': none(`89 85 ${mask} ${hello}`),
  'a pong': none(`8a 85 ${mask} ${hello}`),
  'a close': none(`88 85 ${mask} ${hello}`),
  'a reserved bit': none(`c2 85 ${mask} ${hello}`),
  'a length past 2^32': none(`82 ff 0000000100000005 ${mask} ${hello}`),
  'a length past 2^63': none(`82 ff 8000000000000005 ${mask} ${hello}`),
  'a length past 2^31 of which nothing is there': none(`82 ff 0000000080000000 ${mask} ${hello}`),
}

const digits = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** What `findMessage` makes of `bytes[at, end)`: the payload in hex, unmasked, and where it ends. */
function found(bytes: Uint8Array, at: number, end: number): { payload: string; end: number } | undefined {
  const span = { start: -1, end: -1 }
  if (!findMessage(bytes, at, end, span)) {
    expect(span).toEqual({ start: -1, end: -1 })
    return undefined
  }
  const around = bytes.slice()
  unmask(bytes, span.start, span.end)
  // Nothing beside the payload was changed.
  expect(Buffer.compare(bytes.subarray(0, span.start), around.subarray(0, span.start))).toBe(0)
  expect(Buffer.compare(bytes.subarray(span.end), around.subarray(span.end))).toBe(0)
  return { payload: digits(bytes.subarray(span.start, span.end)), end: span.end }
}

/** The frame behind `before` other bytes, and before more of the same message. */
function placed(frame: Uint8Array, before: number): Uint8Array {
  return Buffer.concat([Buffer.alloc(before, 0x82), frame, hex(`82 85 ${mask} ${hello}`)])
}

describe.each(Object.entries(cases))('%s', (_name, { frame, payload }) => {
  test('at every alignment', () => {
    for (let before = 0; before < 8; before++) {
      const expected = payload && { payload: digits(payload), end: before + frame.length }
      const bytes = placed(frame, before)
      expect(found(bytes, before, bytes.length)).toEqual(expected)
    }
  })

  test('byte by byte: there is no message before the last byte has come', () => {
    const step = frame.length > 1_000 ? 251 : 1
    for (let end = 0; end < frame.length; end += step) expect(found(placed(frame, 3), 3, 3 + end)).toBeUndefined()
    expect(found(placed(frame, 3), 3, 3 + frame.length - 1)).toBeUndefined()
    expect(found(placed(frame, 3), 3, 3 + frame.length)?.end).toBe(payload && 3 + frame.length)
  })
})

describe('pongs', () => {
  test.each([
    ['an empty one', hex(`8a 80 ${mask}`), true],
    ['one with content', hex(`8a 85 ${mask} ${hello}`), true],
    ['one with as much content as there may be', Buffer.concat([hex(`8a fd ${mask}`), Buffer.alloc(125)]), true],
    ['one with more content', Buffer.concat([hex(`8a fe 007e ${mask}`), Buffer.alloc(126)]), false],
    ['one that is not masked', hex('8a 05 48656c6c6f 0000000000'), false],
    ['a fragment', hex(`0a 85 ${mask} ${hello}`), false],
    ['a ping', hex(`89 85 ${mask} ${hello}`), false],
    ['a message', hex(`82 85 ${mask} ${hello}`), false],
  ])('%s, whole and byte by byte', (_name, frame, isPong) => {
    for (let end = 0; end < frame.length; end++) expect(endOfPong(placed(frame, 3), 3, 3 + end)).toBe(0)
    const bytes = placed(frame, 3)
    expect(endOfPong(bytes, 3, 3 + frame.length)).toBe(isPong ? 3 + frame.length : 0)
    expect(endOfPong(bytes, 3, bytes.length)).toBe(isPong ? 3 + frame.length : 0)
  })
})

describe('headers of the gateway', () => {
  test.each([
    [0, '82 00'],
    [1, '82 01'],
    [125, '82 7d'],
    [126, '82 7e 007e'],
    [256, '82 7e 0100'],
    [largestShortMessage, '82 7e ffff'],
  ])('of %i bytes', (length, header) => {
    const bytes = new Uint8Array(4 + length + 3).fill(0xee)
    const start = writeMessageHeader(bytes, 4, 4 + length)
    expect(Buffer.from(bytes.subarray(start, 4)).toString('hex')).toBe(header.replace(/ /g, ''))
    expect(bytes.subarray(0, start).every((byte) => byte === 0xee)).toBe(true)
    expect(bytes.subarray(4).every((byte) => byte === 0xee)).toBe(true)
  })

  test('go into the memory in front of a view', () => {
    const memory = hex('00112233 44556677 8899')
    const bytes = withHeadroom(memory.subarray(4), 1, 3)
    expect(Buffer.from(bytes).toString('hex')).toBe('112233445566')
    writeMessageHeader(bytes, 4, bytes.length)
    expect(memory.toString('hex')).toBe('00112282025566778899')
  })

  test('an empty ping', () => {
    expect(Buffer.from(emptyPing).toString('hex')).toBe('8900')
  })
})
