// One input of a fuzzer: a few frames, most of them damaged in some way. A seed and a number give it again.
import { gzipSync } from 'node:zlib'
import { Random } from '../helpers/random.ts'
import { payload } from './corpus.ts'
import * as mutate from './mutate.ts'

/** The bytes of input `index` of a run. */
export function input(seed: number, index: number): Uint8Array {
  const random = new Random((Math.imul(seed, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b)) | 0)
  const count = random.pick([1, 1, 1, 1, 1, 1, 2, 4])
  return Buffer.concat(Array.from({ length: count }, () => oneFrame(random)))
}

function oneFrame(random: Random): Uint8Array {
  const kind = random.below(1_000)
  if (kind < 200) return mutate.frame(payload(random), false, random, 1_000)
  if (kind < 600) return mutate.frame(mutate.message(payload(random), random), false, random, 50)
  if (kind < 790) return mutate.frame(mutate.bytes(payload(random), random), false, random, 50)
  if (kind < 870) return mutate.bytes(mutate.frame(payload(random), false, random), random)
  if (kind < 910) return mutate.frame(payload(random), false, random, 1)
  if (kind < 930) return mutate.frame(gzipSync(mutate.message(payload(random), random), { level: 1 }), true, random, 50)
  if (kind < 970) return mutate.frame(mutate.member(payload(random), random), true, random, 50)
  if (kind < 985) return mutate.frame(random.bytes(random.below(60)), random.chance(2), random)
  if (kind < 999) return random.bytes(random.below(200))
  return flood(random)
}

/** Requests that are cheap to send and dear to take. */
function flood(random: Random): Uint8Array {
  const count = random.pick([1_000, 4_096, 4_097, 10_000])
  const content = random.pick(['1200', '120012', '0a00', '7801', 'a00601', '8a0100', '0b'])
  const body = Buffer.from(content.repeat(count), 'hex')
  if (random.chance(2)) return mutate.frame(body, false, random, 50)
  const length = Uint8Array.from([(body.length & 0x7f) | 0x80, ((body.length >>> 7) & 0x7f) | 0x80, body.length >>> 14])
  return mutate.frame(
    Buffer.concat([Uint8Array.of(random.pick([0x1a, 0x2a, 0x3a, 0x4a, 0x62])), length, body]),
    false,
    random,
    50,
  )
}
