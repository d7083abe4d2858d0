// Arithmetic on encoded Values: integers are exact over 64 bits, floats are doubles, and neither overflows.
import { Buffer } from 'node:buffer'
import { KvassError } from '../../proto/status.ts'

const integerTag = 0x18
const floatTag = 0x21
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
  const sum = readInteger(value) + readInteger(by)
  if (sum < least || sum > most) throw new KvassError(409, 'The increment would leave the 64 bits of an integer.')
  const bytes = [integerTag]
  for (let rest = BigInt.asUintN(64, sum); ; rest >>= 7n) {
    if (rest < 0x80n) return Uint8Array.from([...bytes, Number(rest)])
    bytes.push(Number(rest & 0x7fn) | 0x80)
  }
}

function readInteger(value: Uint8Array): bigint {
  let integer = 0n
  for (let at = value.length - 1; at > 0; at--) integer = (integer << 7n) | BigInt(value[at]! & 0x7f)
  return BigInt.asIntN(64, integer)
}

function addFloats(value: Uint8Array, by: Uint8Array): Uint8Array {
  const sum = Buffer.from(value).readDoubleLE(1) + Buffer.from(by).readDoubleLE(1)
  if (!Number.isFinite(sum)) throw new KvassError(409, 'The increment would leave the range of a float.')
  const bytes = Buffer.alloc(9)
  bytes[0] = floatTag
  bytes.writeDoubleLE(sum, 1)
  return bytes
}
