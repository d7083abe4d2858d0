// Tags: how the fields of kv.proto are announced on the wire, from the tables that are generated from it.
import { tables } from './gen/tables.ts'

export const varintWire = 0
export const fixed64Wire = 1
export const bytesWire = 2
export const fixed32Wire = 5

/** The wire type of a field whose type is as proto/fields.ts has it: a letter, or a message's name. */
export function wireOf(type: string): number {
  return 'uUit'.includes(type) ? varintWire : type === 'd' ? fixed64Wire : bytesWire
}

/** The byte in front of a field. Throws where there is no such field, or where its number takes two bytes (16 and up). */
export function tagOf(message: string, field: string): number {
  const found = tables[message]?.find(([, name]) => name === field)
  if (found === undefined) throw new Error(`kv.proto has no field ${field} in a message ${message}`)
  const [number, , type] = found
  if (number > 15) throw new Error(`the tag of ${message}.${field} takes two bytes`)
  return number * 8 + wireOf(type)
}
