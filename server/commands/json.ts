// Whether bytes are a JSON document (RFC 8259), found out in one pass that makes no object of it: an import of
// documents spends its time here. It knows only JSON; that the bytes are UTF-8 is known before.

const space = 0x20
const quote = 0x22
const plus = 0x2b
const comma = 0x2c
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const nine = 0x39
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const lowerE = 0x65
const lowerU = 0x75

const words = ['true', 'false', 'null'].map((word) => Uint8Array.from(word, (char) => char.charCodeAt(0)))
/** Bytes that may follow a backslash, but for u. */
const escapes = new Set(Array.from('"\\/bfnrt', (char) => char.charCodeAt(0)))

/** The bracket that closes each object or array around the value in hand. One list for all calls: none waits. */
const open: number[] = []

/** Whether JSON.parse would take it. */
export function isJson(bytes: Uint8Array): boolean {
  open.length = 0
  const end = documentEnd(bytes)
  return end >= 0 && skipSpace(bytes, end) === bytes.length
}

/** Where the first value ends, or -1. A loop instead of recursion: the nesting is bounded by the bytes alone. */
function documentEnd(bytes: Uint8Array): number {
  let at = skipSpace(bytes, 0)
  for (;;) {
    const byte = bytes[at]
    if (byte === openBrace || byte === openBracket) {
      const closing = byte + 2
      at = skipSpace(bytes, at + 1)
      if (bytes[at] !== closing) {
        open.push(closing)
        if (closing === closeBrace) at = nameEnd(bytes, at)
        if (at < 0) return -1
        continue
      }
      at++
    } else {
      at = scalarEnd(bytes, at)
      if (at < 0) return -1
    }
    at = nextValue(bytes, at)
    if (at < 0 || open.length === 0) return at
  }
}

/** After a value: closes what ends here, and returns where the next value begins, or the end, or -1. */
function nextValue(bytes: Uint8Array, at: number): number {
  while (open.length > 0) {
    at = skipSpace(bytes, at)
    const closing = open[open.length - 1]!
    if (bytes[at] === comma) {
      at = skipSpace(bytes, at + 1)
      return closing === closeBrace ? nameEnd(bytes, at) : at
    }
    if (bytes[at] !== closing) return -1
    open.pop()
    at++
  }
  return at
}

/** Reads a property's name and the colon; returns where its value begins, or -1. */
function nameEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== quote) return -1
  const end = stringEnd(bytes, at + 1)
  if (end < 0) return -1
  const after = skipSpace(bytes, end)
  return bytes[after] === colon ? skipSpace(bytes, after + 1) : -1
}

function scalarEnd(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!
  if (byte === quote) return stringEnd(bytes, at + 1)
  if (byte === minus || (byte >= zero && byte <= nine)) return numberEnd(bytes, at)
  const word = words.find((letters) => letters[0] === byte)
  return word?.every((letter, index) => bytes[at + index] === letter) ? at + word.length : -1
}

/** What a string does not go on with: its end, an escape, or what must be escaped. */
const special = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < space || byte === quote || byte === backslash ? 1 : 0,
)

/** One past the closing quote. Hot: most bytes of a document are in strings. */
function stringEnd(bytes: Uint8Array, at: number): number {
  for (;;) {
    while (special[bytes[at]!] === 0) at++
    if (bytes[at] === quote) return at + 1
    if (bytes[at] !== backslash) return -1
    const next = bytes[at + 1]!
    at += 2
    if (next === lowerU) {
      for (const last = at + 4; at < last; at++) if (!isHex(bytes[at]!)) return -1
    } else if (!escapes.has(next)) return -1
  }
}

function isHex(byte: number): boolean {
  const lower = byte | 0x20
  return (byte >= zero && byte <= nine) || (lower >= 0x61 && lower <= 0x66)
}

function numberEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === minus) at++
  at = bytes[at] === zero ? at + 1 : digitsEnd(bytes, at)
  if (at >= 0 && bytes[at] === point) at = digitsEnd(bytes, at + 1)
  if (at < 0 || (bytes[at]! | 0x20) !== lowerE) return at
  const sign = bytes[at + 1]
  return digitsEnd(bytes, sign === plus || sign === minus ? at + 2 : at + 1)
}

/** One past the digits, of which there must be one, or -1. */
function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at]! >= zero && bytes[at]! <= nine) at++
  return at > start ? at : -1
}

function skipSpace(bytes: Uint8Array, at: number): number {
  let byte = bytes[at]!
  while (byte <= space && (byte === space || byte === 0x0a || byte === 0x0d || byte === 0x09)) byte = bytes[++at]!
  return at
}
