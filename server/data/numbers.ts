// Arithmetic on encoded Values: integers are exact over 64 bits, floats are doubles, neither overflows, and a sum of
// both is exact or refused.
import { KvassError } from '../../proto/status.ts'
import { floatIn, floatTag, floatValue, integerIn, integerTag, integerValue } from '../../proto/value-bytes.ts'

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

/**
 * The sum of two encoded Values; `by` alone where there is no value. An integer and a float make a float, where no more
 * is lost than between floats. With `keepType` an integer stays one. Throws KvassError 400 or 409.
 */
export function add(value: Uint8Array | undefined, by: Uint8Array, keepType: boolean): Uint8Array {
  if (!isNumber(by)) throw new KvassError(400, 'An increment takes an integer or a float.')
  if (value === undefined) return Uint8Array.from(by)
  if (!isNumber(value)) throw new KvassError(409, 'The entry does not hold a number: nothing can be added.')
  if (value[0] !== by[0]) return addMixed(value, by, keepType)
  return by[0] === integerTag ? addIntegers(value, by) : finite(floatIn(value) + floatIn(by))
}

function isNumber(value: Uint8Array): boolean {
  return value[0] === integerTag || value[0] === floatTag
}

/** Above 2^53 floats skip integers: there a sum of both kinds would lose what was added, or the integer itself. */
function addMixed(value: Uint8Array, by: Uint8Array, keepType: boolean): Uint8Array {
  if (keepType && value[0] === integerTag) {
    throw new KvassError(409, 'The entry holds an integer, which a float would make a float: it was to keep its type.')
  }
  const [integer, float] = value[0] === integerTag ? [value, by] : [by, value]
  const whole = Number(integerIn(integer))
  const sum = whole + floatIn(float)
  if (Number.isSafeInteger(whole) && Math.abs(sum) <= Number.MAX_SAFE_INTEGER) return floatValue(sum)
  throw new KvassError(409, 'The sum of an integer and a float is not exact beyond 2^53.')
}

function addIntegers(value: Uint8Array, by: Uint8Array): Uint8Array {
  const sum = integerIn(value) + integerIn(by)
  if (sum < least || sum > most) throw new KvassError(409, 'The increment would leave the 64 bits of an integer.')
  return integerValue(sum)
}

function finite(sum: number): Uint8Array {
  if (!Number.isFinite(sum)) throw new KvassError(409, 'The increment would leave the range of a float.')
  return floatValue(sum)
}
