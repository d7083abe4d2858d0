// JSON documents and the JavaScript values in them. Nothing is lost between the two in silence: what JSON cannot hold is
// refused with its path, and so is a number that was rounded when it was read.
import { KvassError } from './status.ts'

/** The class of any value, of another realm (a frame, a worker's test) as well. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

/** Stands before the digits of a bigint while it is a string, and in no document by chance. */
const mark = `${Math.random()}:`

const jsonTags = /^(Object|Array|String|Boolean|Null)$/

/**
 * A value as `JSON.stringify` writes it, with `exact` also bigints, as integers. Throws KvassError 400 where something of
 * it would be lost. A property that is undefined is none.
 */
export function textOf(value: unknown, exact: boolean): string {
  const paths = new Map<unknown, string>()
  // It is asked for each item in turn, what holds it first, and in the place of its holder.
  const checked = function (this: Record<string, unknown>, name: string, item: unknown) {
    if (typeof item === 'string') return item
    if (exact && typeof item === 'bigint') return mark + item
    const path = `${paths.get(this) ?? ''}.${name}`
    paths.set(item, path)
    const given = tagOf(this[name])
    // Bytes of Node, and a date that is none, would say something else.
    const tag = given === 'Uint8Array' || item === null ? given : tagOf(item)
    const isFinite = Number.isFinite(item)
    const isAbsent = this[name] === undefined && name !== '' && !Array.isArray(this)
    if (isFinite ? !wasRounded(item as number) : isAbsent || jsonTags.test(tag)) return item
    const what = tag === 'Number' ? item : tag
    const problem = isFinite ? "was rounded: connect with json: 'exact'" : `is ${what}: JSON cannot hold it`
    throw new KvassError(400, `value${path.slice(1)} ${problem}.`)
  }
  try {
    return JSON.stringify(value, checked).replaceAll(new RegExp(`"${mark}(.*?)"`, 'g'), '$1')
  } catch (cause) {
    throw cause instanceof KvassError ? cause : new KvassError(400, `The value is no JSON: ${cause}`, { cause })
  }
}

/** So many digits may be more than a number holds. */
const manyDigits = /\d{16}/
/** A string, or a number. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[-+.\deE]*/g

/** A document's value. An integer beyond +-2^53 is with `exact` a bigint; without it, it is rounded. */
export function valueOf(text: string, exact: boolean): unknown {
  if (!manyDigits.test(text)) return JSON.parse(text)
  const marked = text.replace(tokens, (token) => {
    const number = Number(token)
    if (token[0] === '"' || Number.isSafeInteger(number)) return token
    if (!/^-?\d+$/.test(token)) return token
    if (exact) return `"${mark}${token}"`
    if (BigInt(token) !== BigInt(number) && rounded.size < mostRounded) rounded.add(number)
    return token
  })
  return JSON.parse(marked, (_name, item) =>
    typeof item === 'string' && item.startsWith(mark) ? BigInt(item.slice(mark.length)) : item,
  )
}

/** Numbers that were rounded. When there is no room for more, any that may have been one counts as rounded. */
const rounded = new Set<number>()
const mostRounded = 20_000

function wasRounded(number: number): boolean {
  return (
    rounded.has(number) || (rounded.size === mostRounded && Number.isInteger(number) && !Number.isSafeInteger(number))
  )
}
