// Requests for the fuzzers: any command of the schema with fields that mostly make sense, so that what is done to them
// later reaches deep. It walks the schema's tables: a new command or field is in the corpus without a change here.
import { encode, type Message } from '../../proto/compact.ts'
import type { Field } from '../../proto/fields.ts'
import { tables } from '../../proto/gen/tables.ts'
import type { Random } from '../helpers/random.ts'

const names = ['t', 't', 't', 'u', 'v', 'é', '', '😀', '__proto__', 'x'.repeat(256), '\0']
const numbers = [0, 1, 1, 2, 3, 5, 127, 128, 255, 300, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]
const bigger = [...numbers, 2 ** 32, 2 ** 48, 2 ** 53 - 1]
const doubles = [0, -0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, Number.MAX_VALUE]
const texts = ['', '{}', '[1,2]', '"a"', '{', 'nul', 'text', 'é', '😀'.repeat(10), 'y'.repeat(300)]
const clientIds = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210', 'x', '']
/** Fields that seldom are another value than these: most requests should get past the first check. */
const sensible: Record<string, (random: Random) => unknown> = {
  id: (random) => random.below(9),
  version: (random) => (random.chance(40) ? random.below(5) : random.below(2)),
  clientId: (random) => random.pick(clientIds),
  request: (random) => random.below(9),
  mutation: (random) => random.below(30),
  ageMs: (random) => random.pick([0, 5, 700_000]),
  limit: (random) => random.below(5),
  ttlMs: (random) => random.pick([0, 1, 1_000, 2 ** 40]),
  ifRevision: (random) => random.below(200),
  revision: (random) => random.below(200),
  since: (random) => random.below(200),
}
const commands = tables.CommandRequest!.filter(([, , type]) => type.length > 1)
const others = tables.CommandRequest!.filter(([, , type]) => type.length === 1)

function text(name: string, random: Random): string {
  const inside = name === 'string' || name === 'json' || name === 'message'
  if (inside) return random.pick(texts)
  return random.chance(4) ? `k${random.below(50)}` : random.pick(names)
}

function value([, name, type]: Field, random: Random): unknown {
  if (sensible[name] !== undefined && !random.chance(12)) return sensible[name](random)
  switch (type) {
    case 's':
      return text(name, random)
    case 'b':
      return random.bytes(random.chance(200) ? random.below(3_000) : random.below(12))
    case 'u':
      return random.pick(numbers)
    case 'U':
      return random.pick(bigger)
    case 'i':
      return random.chance(3) ? -random.pick(bigger) : random.pick(bigger)
    case 'd':
      return random.pick(doubles)
    case 't':
      return random.chance(2)
    default:
      return message(type, random)
  }
}

/** A message of the schema with some of its fields. */
function message(type: string, random: Random): Message {
  const fields = tables[type]!
  if (type === 'Value') {
    const kind = random.below(8)
    return kind >= 6 ? {} : { [fields[kind]![1]]: value(fields[kind]!, random) }
  }
  const made: Message = {}
  for (const field of fields) {
    if (random.chance(5)) continue
    const [, name, , repeated] = field
    if (!repeated) made[name] = value(field, random)
    else made[name] = Array.from({ length: random.chance(300) ? 300 : random.below(4) }, () => value(field, random))
  }
  return made
}

/** A payload: one command, seldom none or two, and an id in one of two. */
export function payload(random: Random): Uint8Array {
  const request: Message = {}
  for (let count = random.chance(50) ? random.below(3) : 1; count > 0; count--) {
    const field = random.pick(commands)
    request[field[1]] = message(field[2], random)
  }
  for (const field of others) if (random.chance(field[1] === 'id' ? 2 : 12)) request[field[1]] = value(field, random)
  return encode('CommandRequest', request)
}
