// Reads the text that is generated from kv.proto, in which a line is a message and its fields. Text is half the size of
// the arrays that come out of it, in a bundle that counts bytes.

/**
 * A type is a letter (s string, b bytes, u uint32, U uint64, i int64, d double, t bool) or a message's name. A form of
 * 1 is a repeated field, one of 2 a member of the message's oneof, 0 any other.
 */
export type Field = readonly [number: number, name: string, type: string, form: 0 | 1 | 2]

/** The forms of a field. */
export const repeatedField = 1
export const oneofMember = 2

/**
 * A field is its number where that is not one more than the last one's, its name, a mark (`:` for form 0, `+` for 1, `|`
 * for 2) and its type; no type is the message that is called as the field is.
 */
export function fieldTables(text: string): Readonly<Record<string, readonly Field[]>> {
  const tables: Record<string, Field[]> = {}
  for (const line of text.split('\n')) {
    const fields: Field[] = []
    let last = 0
    for (const [, number, name, mark, type] of line.matchAll(/ (\d*)(\w+)(\W)(\w*)/g)) {
      last = Number(number) || last + 1
      const form = ':+|'.indexOf(mark!) as Field[3]
      fields.push([last, name!, type || name![0]!.toUpperCase() + name!.slice(1), form])
    }
    tables[line.split(' ')[0]!] = fields
  }
  return tables
}
