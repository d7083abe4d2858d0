// JSON documents as text: laid out for reading and packed again, without a look at what they say. Numbers, names that
// come twice and the order of members stay as they were written. It takes texts that parse, of any depth; a text of
// megabytes takes tenths of a second, so what stays as it is is copied in one piece.

const [quote, backslash, comma, colon] = codes('"\\,:')
const [openObject, openArray, closeObject, closeArray] = codes('{[}]')
const [blank, lineFeed, carriageReturn, tab] = codes(' \n\r\t')

function codes(characters: string): number[] {
  return Array.from(characters, (character) => character.charCodeAt(0))
}

const isSpace = (code: number): boolean =>
  code === blank || code === lineFeed || code === carriageReturn || code === tab
const isOpen = (code: number): boolean => code === openObject || code === openArray
const isClose = (code: number): boolean => code === closeObject || code === closeArray

/** The document without the space between its parts. */
export function compacted(text: string): string {
  let out = ''
  /** Where begins what is not copied yet. */
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at)
    else if (isSpace(code)) {
      out += text.slice(from, at)
      at = spaceEnd(text, at)
      from = at + 1
    }
  }
  return from === 0 ? text : out + text.slice(from)
}

/** A line break and the space in front of what is nested so deep. */
const lineOf = (depth: number): string => `\n${' '.repeat(2 * depth)}`

/**
 * A document without space between its parts, with a line for each member and item, as `JSON.stringify` lays it out.
 * Where that is longer than `most` characters `whole` is false, and `text` its beginning.
 */
export function laidOut(text: string, most: number): { text: string; whole: boolean } {
  let out = ''
  let from = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at)
    if (code !== comma && code !== colon && !isOpen(code) && !isClose(code)) continue
    // An empty array or object stays on its line.
    if (isOpen(code) && isClose(text.charCodeAt(at + 1))) {
      at++
      continue
    }
    if (isOpen(code)) depth++
    if (isClose(code)) depth--
    const end = isClose(code) ? at : at + 1
    // The space of many levels may alone be longer than all that is asked for.
    if (out.length + (end - from) + (code === colon ? 1 : 2 * depth) > most) break
    out += text.slice(from, end) + (code === colon ? ' ' : lineOf(depth))
    from = end
  }
  const whole = depth === 0 && out.length + text.length - from <= most
  return { text: whole ? out + text.slice(from) : (out + text.slice(from, from + most)).slice(0, most), whole }
}

/** How deep the document's arrays and objects are nested. */
export function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at)
    else if (isOpen(code)) deepest = Math.max(deepest, ++depth)
    else if (isClose(code)) depth--
  }
  return deepest
}

/** The index of the quote that ends the string which opens at `open`. */
function stringEnd(text: string, open: number): number {
  let at = open + 1
  for (let code = text.charCodeAt(at); code !== quote && at < text.length; code = text.charCodeAt(++at)) {
    if (code === backslash) at++
  }
  return at
}

/** The index of the last of the space that begins at `start`. */
function spaceEnd(text: string, start: number): number {
  let at = start
  while (isSpace(text.charCodeAt(at + 1))) at++
  return at
}
