// Reads the text that is generated from kv.proto, in which a line is a message: its fields. The first two are CommandRequest
// and CommandResponse, and what follows are the others in the order in which fields name them. Text is half the size of
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
 * for 2) and its type; no type is the message that is called as the field is, and no mark a string of form 0.
 */
export function fieldTables(text: string): Readonly<Record<string, readonly Field[]>> {
  const tables: Record<string, Field[]> = { CommandRequest: [], CommandResponse: [] }
  for (const [index, line] of text.split('\n').entries()) {
    const fields = Object.values(tables)[index]!
    let last = 0
    for (const [, number, name, mark, type] of line.matchAll(/ (\d*)(\w+)([:+|]?)(\w*)/g)) {
      last = Number(number) || last + 1
      const form = ':+|'.indexOf(mark!) as Field[3]
      const named = !mark ? 's' : type || name![0]!.toUpperCase() + name!.slice(1)
      fields.push([last, name!, named, form])
      // A scalar's letter is the name of none.
      if (named[1]) tables[named] ??= []
    }
  }
  return tables
}
