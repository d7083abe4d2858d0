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
/** The first fault of a text, or undefined where it is a JSON document. */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    walk(text)
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error.fault
    throw error
  }
}

/** Passes over one document without recursion: a text may be nested deeper than the stack. Throws a Fault. */
function walk(text: string): void {
  /** What closes each array and object that is open. */
  const closers: string[] = []
  let at = value(text, skip(text, 0), closers)
  for (;;) {
    at = skip(text, at)
    const closer = closers.at(-1)
    if (closer === undefined) {
      if (at < text.length) throw new Fault(at, 'the end')
      return
    }
    if (text[at] === closer) {
      closers.pop()
      at++
      continue
    }
    if (text[at] !== ',') throw new Fault(at, `a comma or ${closer}`)
    at = skip(text, at + 1)
    at = value(text, closer === '}' ? memberValue(text, at) : at, closers)
  }
}

/** The index after what `pattern` matches at `at`; `at` where it matches nothing. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

const skip = (text: string, at: number): number => after(space, text, at)

/** Passes over a value, or over what opens arrays and objects before the first value within, which it notes. */
function value(text: string, from: number, closers: string[]): number {
  for (let at = from; ; ) {
    if (text[at] === '"') return string(text, at)
    if (text[at] !== '{' && text[at] !== '[') {
      const end = after(literal, text, at)
      if (end === at) throw new Fault(at, 'a value')
      return end
    }
    const closer = text[at] === '{' ? '}' : ']'
    at = skip(text, at + 1)
    if (text[at] === closer) return at + 1
    closers.push(closer)
    if (closer === '}') at = memberValue(text, at)
  }
}

/** Passes over a member's name and its colon. */
function memberValue(text: string, at: number): number {
  if (text[at] !== '"') throw new Fault(at, 'a name in double quotes')
  const colon = skip(text, string(text, at))
  if (text[colon] !== ':') throw new Fault(colon, 'a colon')
  return skip(text, colon + 1)
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
