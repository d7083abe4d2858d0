// Finds where a text stops being JSON: browsers tell the place of some faults and not of others.

export interface JsonFault {
  /** Index of the first character that cannot be where it is; the text's length where it ends too early. */
  readonly at: number
  /** What would have been right there. */
  readonly expected: string
}

class Fault extends Error {
  readonly fault: JsonFault
  constructor(at: number, expected: string) {
    super(expected)
    this.fault = { at, expected }
  }
}

const space = /[ \t\n\r]*/y
const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a JSON string must not hold.
const plainCharacters = /[^"\\\u0000-\u001f]*/y
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
/** Deeper than any document that people edit, and shallow enough for every stack. */
const maxDepth = 1_000

/** The first fault of a text, or undefined where it is a JSON document. */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    const end = skip(text, value(text, skip(text, 0), 0))
    if (end < text.length) throw new Fault(end, 'the end')
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error.fault
    throw error
  }
}

/** The index after what `pattern` matches at `at`; `at` where it matches nothing. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

const skip = (text: string, at: number): number => after(space, text, at)

function value(text: string, at: number, depth: number): number {
  if (depth > maxDepth) throw new Fault(at, `at most ${maxDepth} levels`)
  if (text[at] === '{') return list(text, at, '}', (from) => member(text, from, depth + 1))
  if (text[at] === '[') return list(text, at, ']', (from) => value(text, from, depth + 1))
  if (text[at] === '"') return string(text, at)
  const end = after(literal, text, at)
  if (end === at) throw new Fault(at, 'a value')
  return end
}

/** Items between commas, up to `close`. */
function list(text: string, open: number, close: string, item: (at: number) => number): number {
  let at = skip(text, open + 1)
  if (text[at] === close) return at + 1
  for (;;) {
    at = skip(text, item(at))
    if (text[at] === close) return at + 1
    if (text[at] !== ',') throw new Fault(at, `a comma or ${close}`)
    at = skip(text, at + 1)
  }
}

function member(text: string, at: number, depth: number): number {
  if (text[at] !== '"') throw new Fault(at, 'a name in double quotes')
  const colon = skip(text, string(text, at))
  if (text[colon] !== ':') throw new Fault(colon, 'a colon')
  return value(text, skip(text, colon + 1), depth)
}

function string(text: string, open: number): number {
  let at = open + 1
  for (;;) {
    at = after(plainCharacters, text, at)
    if (text[at] === '"') return at + 1
    if (text[at] !== '\\')
      throw new Fault(at, at < text.length ? 'no line break or control character' : 'a closing quote')
    const end = after(escape, text, at)
    if (end === at) throw new Fault(at, 'an escape like \\n or \\u00e4')
    at = end
  }
}
