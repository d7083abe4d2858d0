// Arithmetic on encoded Values: integers are exact over 64 bits, floats are doubles, and neither overflows.
import { KvassError } from '../../proto/status.ts'
import { floatIn, floatTag, floatValue, integerIn, integerTag, integerValue } from '../../proto/value-bytes.ts'

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

/** The sum of two encoded Values of the same kind; `by` alone where there is no value. Throws KvassError 400 or 409. */
export function add(value: Uint8Array | undefined, by: Uint8Array): Uint8Array {
  if (by[0] !== integerTag && by[0] !== floatTag) throw new KvassError(400, 'An increment takes an integer or a float.')
  if (value === undefined) return Uint8Array.from(by)
  if (value[0] !== by[0]) {
    const asked = by[0] === integerTag ? 'an integer' : 'a float'
    throw new KvassError(409, `The entry does not hold ${asked}, by which it was to be incremented.`)
  }
  return by[0] === integerTag ? addIntegers(value, by) : addFloats(value, by)
}

function addIntegers(value: Uint8Array, by: Uint8Array): Uint8Array {
  const sum = integerIn(value) + integerIn(by)
  if (sum < least || sum > most) throw new KvassError(409, 'The increment would leave the 64 bits of an integer.')
  return integerValue(sum)
}

function addFloats(value: Uint8Array, by: Uint8Array): Uint8Array {
  const sum = floatIn(value) + floatIn(by)
  if (!Number.isFinite(sum)) throw new KvassError(409, 'The increment would leave the range of a float.')
  return floatValue(sum)
}
