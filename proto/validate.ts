// Walks the bytes of a request before anything is decoded: what is malformed, nested too deep or has too many
// elements is refused without an object made. A flood of empty elements costs 30 times its bytes once decoded.
import type { Field } from './fields.ts'
import { tables } from './gen/tables.ts'
import { maxDepth } from './limits.ts'
import { StreamError } from './status.ts'
import { bytesWire, fixed32Wire, fixed64Wire, tagOf, varintWire, wireOf } from './tags.ts'

/** What the walk learns: which command a request carries, and its id. */
export interface RequestHead {
  /** Field number of the command in CommandRequest; the last one where several are set; 0 where none is. */
  command: number
  /** 0 where the request has none. */
  id: number
}

/** Fields of any kind in one message tree: so many, and as many more for each element in it that is repeated. */
const mostFields = 64
const fieldsPerElement = 8

interface FieldRule {
  readonly wireType: number
  readonly repeated: boolean
  readonly message: Rule | undefined
}

/** The fields of one message by number. */
type Rule = (FieldRule | undefined)[]

const rules = new Map<string, Rule>()

function ruleOf(message: string): Rule {
  const known = rules.get(message)
  if (known !== undefined) return known
  const rule: Rule = []
  rules.set(message, rule)
  for (const field of tables[message]!) rule[field[0]] = fieldRule(field)
  return rule
}

function fieldRule([, , type, form]: Field): FieldRule {
  const message = type.length > 1 ? ruleOf(type) : undefined
  return { wireType: wireOf(type), repeated: form === 1, message }
}

const requestRule = ruleOf('CommandRequest')
const valueRule = ruleOf('Value')
const idNumber = tagOf('CommandRequest', 'id') >>> 3

/** Position, end and budgets of one walk; a module-wide object, because a walk never waits. */
const walk = { bytes: new Uint8Array(0) as Uint8Array, at: 0, elements: 0, fields: 0, command: 0, id: 0 }

/** Checks `bytes[start, end)` as a CommandRequest. Throws StreamError 4400 that says what is wrong. */
export function checkRequest(bytes: Uint8Array, start: number, end: number, maxElements: number): RequestHead {
  begin(bytes, start, maxElements)
  message(requestRule, end, 0)
  return { command: walk.command, id: walk.id }
}

/** Checks `bytes[start, end)` as a Value. Throws StreamError 4400 that says what is wrong. */
export function checkValue(bytes: Uint8Array, start: number, end: number): void {
  begin(bytes, start, 1)
  message(valueRule, end, 1)
}

function begin(bytes: Uint8Array, start: number, maxElements: number): void {
  walk.bytes = bytes
  walk.at = start
  walk.elements = maxElements
  walk.fields = mostFields
  walk.command = walk.id = 0
}

function message(rule: Rule, end: number, depth: number): void {
  if (depth > maxDepth) throw new StreamError(4400, `messages nested more than ${maxDepth} deep`)
  while (walk.at < end) {
    const tag = readVarint(end, 5)
    const number = Math.floor(tag / 8)
    if (number === 0 || tag > 0xffffffff) throw new StreamError(4400, 'a field with an impossible number')
    if (--walk.fields < 0) throw new StreamError(4400, 'too many fields')
    const field = rule[number]
    if (field?.repeated) {
      if (--walk.elements < 0) throw new StreamError(4400, 'too many elements')
      walk.fields += fieldsPerElement
    }
    if (field !== undefined && field.wireType !== tag % 8) {
      throw new StreamError(4400, `field ${number} with wire type ${tag % 8} in place of ${field.wireType}`)
    }
    content(field, number, tag % 8, end, depth)
  }
}

function content(field: FieldRule | undefined, number: number, wireType: number, end: number, depth: number): void {
  if (wireType === varintWire) {
    const value = readVarint(end, 10)
    if (depth === 0 && number === idNumber) walk.id = idOf(value)
  } else if (wireType === fixed64Wire || wireType === fixed32Wire) {
    walk.at += wireType === fixed64Wire ? 8 : 4
    if (walk.at > end) throw truncated()
  } else if (wireType === bytesWire) {
    const fieldEnd = readVarint(end, 5) + walk.at
    if (fieldEnd > end) throw truncated()
    if (depth === 0 && field !== undefined) walk.command = number
    if (field?.message !== undefined) message(field.message, fieldEnd, depth + 1)
    walk.at = fieldEnd
  } else {
    throw new StreamError(4400, `wire type ${wireType}: groups are not used`)
  }
}

function idOf(value: number): number {
  if (value > 0xffffffff) throw new StreamError(4400, 'an id of more than 32 bits')
  return value
}

/** A varint as a number; above 2^53 it is not exact, which only values may be and they are not read here. */
function readVarint(end: number, maxBytes: number): number {
  let value = 0
  for (let shift = 0; shift < 7 * maxBytes; shift += 7) {
    if (walk.at >= end) throw truncated()
    const byte = walk.bytes[walk.at++]!
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return value
  }
  throw new StreamError(4400, `a varint of more than ${maxBytes} bytes`)
}

function truncated(): StreamError {
  return new StreamError(4400, 'a field that ends after its message')
}
