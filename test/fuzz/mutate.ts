// What the fuzzers do to good bytes: to the protobuf in a payload, to a gzip member, to a frame and its header.
import { constants, gzipSync } from 'node:zlib'
import type { Random } from '../helpers/random.ts'

/** A field as it stands in a message; `children` where its content is a message too. */
interface Node {
  tag: number
  content: Uint8Array
  children: Node[] | undefined
}

function varint(value: number, padding = 0): number[] {
  const bytes: number[] = []
  let left = value
  while (left > 0x7f) {
    bytes.push((left % 128) | 0x80)
    left = Math.floor(left / 128)
  }
  bytes.push(left)
  for (let index = 0; index < padding; index++) {
    bytes[bytes.length - 1]! |= 0x80
    bytes.push(0)
  }
  return bytes
}

/** The fields of a message, or undefined where it is none. */
function parse(bytes: Uint8Array, depth = 0): Node[] | undefined {
  let at = 0
  const number = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= bytes.length || shift > 63) return Number.NaN
      const byte = bytes[at++]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  const nodes: Node[] = []
  while (at < bytes.length) {
    const tag = number()
    const start = at
    const wireType = tag % 8
    if (wireType === 0) number()
    else if (wireType === 1) at += 8
    else if (wireType === 5) at += 4
    else if (wireType === 2) {
      const length = number()
      const from = at
      at += length
      if (!(at <= bytes.length)) return undefined
      const content = bytes.subarray(from, at)
      nodes.push({ tag, content, children: depth < 4 ? parse(content, depth + 1) : undefined })
      continue
    } else return undefined
    if (!(at <= bytes.length)) return undefined
    nodes.push({ tag, content: bytes.subarray(start, at), children: undefined })
  }
  return nodes
}

const scratch = Buffer.alloc(2 ** 22)

/** Writes fields again; now and then a length or a tag lies, or is longer than it need be. */
function write(nodes: readonly Node[], random: Random, lies: number): Uint8Array {
  return Buffer.from(scratch.subarray(writeBefore(scratch.length, nodes, random, lies)))
}

/** Writes fields so that they end at `end`, from the last to the first, and answers where they begin. */
function writeBefore(end: number, nodes: readonly Node[], random: Random, lies: number): number {
  let at = end
  for (let index = nodes.length - 1; index >= 0; index--) {
    const { tag, content, children } = nodes[index]!
    const bodyEnd = at
    if (children === undefined) {
      at -= content.length
      scratch.set(content, at)
    } else at = writeBefore(at, children, random, lies)
    const lie = lies > 0 && random.chance(lies)
    if (tag % 8 === 2) {
      const length = bodyEnd - at
      const declared = lie && random.chance(2) ? random.pick([0, 1, length + 1, 2 ** 28, 2 ** 32 - 1]) : length
      at = varintBefore(at, declared, lie && random.chance(3) ? random.below(11) : 0)
    }
    at = varintBefore(at, tag, lie && random.chance(3) ? random.below(11) : 0)
  }
  return at
}

function varintBefore(at: number, value: number, padding: number): number {
  if (value < 0x80 && padding === 0) {
    scratch[at - 1] = value
    return at - 1
  }
  const bytes = varint(value, padding)
  scratch.set(bytes, at - bytes.length)
  return at - bytes.length
}

/** One change to the tree of a message. */
function change(nodes: Node[], random: Random): void {
  const at = random.below(nodes.length + 1)
  const node = nodes[at]
  if (node?.children !== undefined && node.children.length > 0 && random.chance(2)) return change(node.children, random)
  switch (random.below(9)) {
    case 0:
      nodes.splice(at, 1)
      break
    case 1:
      if (node !== undefined) nodes.splice(random.below(nodes.length), 0, node)
      break
    case 2:
      nodes.splice(at, 0, unknownField(random))
      break
    case 3:
      if (node !== undefined)
        node.tag = random.pick([node.tag ^ 1, node.tag ^ 2, node.tag + 8, random.below(256), random.next()])
      break
    case 4:
      if (node !== undefined) node.children = undefined
      if (node !== undefined) node.content = bytes(node.content, random)
      break
    case 5:
      if (node?.children !== undefined) node.children = [...node.children, ...node.children]
      break
    case 6:
      nodes.splice(at, 0, {
        tag: 0x78,
        content: Uint8Array.from(varint(random.next(), random.below(6))),
        children: undefined,
      })
      break
    case 7:
      nodes.reverse()
      break
    default:
      if (node !== undefined)
        node.children = Array.from({ length: random.chance(100) ? 5_000 : random.pick([2, 20]) }, () => ({
          ...node,
          children: undefined,
          content: new Uint8Array(0),
          tag: 0x12,
        }))
  }
}

function unknownField(random: Random): Node {
  const wireType = random.pick([0, 1, 2, 5, 3, 4, 6, 7])
  const tag = (40 + random.below(1_000)) * 8 + wireType
  const content = wireType === 0 ? Uint8Array.from(varint(random.next())) : random.bytes(wireType === 1 ? 8 : 4)
  return { tag, content, children: undefined }
}

/** Flips, drops, doubles or puts in some bytes, or cuts the end off. */
export function bytes(good: Uint8Array, random: Random): Uint8Array {
  const bad = Buffer.from(good)
  const at = random.below(bad.length + 1)
  switch (random.below(6)) {
    case 0:
      if (at < bad.length) bad[at]! ^= 1 << random.below(8)
      return bad
    case 1:
      if (at < bad.length) bad[at] = random.pick([0, 1, 0x7f, 0x80, 0xff])
      return bad
    case 2:
      return bad.subarray(0, at)
    case 3:
      return Buffer.concat([bad.subarray(0, at), random.bytes(1 + random.below(5)), bad.subarray(at)])
    case 4:
      return Buffer.concat([bad.subarray(0, at), bad.subarray(at + 1 + random.below(5))])
    default:
      return Buffer.concat([bad, bad.subarray(at)])
  }
}

/** A message changed where its structure is. */
export function message(good: Uint8Array, random: Random): Uint8Array {
  const tree = parse(good)
  if (tree === undefined) return bytes(good, random)
  for (let times = 1 + random.below(3); times > 0; times--) change(tree, random)
  return write(tree, random, random.chance(2) ? 0 : 4)
}

/** A gzip member of a payload, right or wrong in one of the ways in which it can be. */
export function member(payload: Uint8Array, random: Random): Uint8Array {
  const good = gzipSync(payload, {
    level: random.below(10),
    strategy: random.pick([constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED]),
  })
  switch (random.below(12)) {
    case 0:
      return Buffer.concat([good, good])
    case 1:
      return Buffer.concat([good, random.bytes(1 + random.below(20))])
    case 2:
      return good.subarray(0, random.below(good.length))
    case 3: // The header: method, flags, and what follows them.
      good[random.below(10)] = random.next()
      return good
    case 4: // The checksum and the length.
      good[good.length - 1 - random.below(8)]! ^= 1 << random.below(8)
      return good
    case 5:
      return bytes(good, random)
    case 6:
      return withHeader(good, random)
    case 7:
      return random.chance(20) ? random.pick(bombs) : good
    default:
      return good
  }
}

/** What shrinks to about a thousandth: within the bound, at it, over it. */
const bombs = [2_000, 70_000, 1_048_576, 1_048_577, 2_000_000].map((size) => gzipSync(Buffer.alloc(size)))

/** The same member with optional parts in its header. */
function withHeader(good: Uint8Array, random: Random): Uint8Array {
  const head = Buffer.from(good.subarray(0, 10))
  const flags = random.pick([2, 4, 8, 16, 30, 31, 28])
  head[3] = flags
  const parts: Uint8Array[] = [head]
  if (flags & 4) parts.push(Buffer.from([3, 0, 1, 2, 3]))
  if (flags & 8) parts.push(Buffer.from(random.chance(5) ? 'name' : 'name\0'))
  if (flags & 16) parts.push(Buffer.from('comment\0'))
  if (flags & 2) parts.push(random.bytes(2))
  return Buffer.concat([...parts, good.subarray(10)])
}

/** A frame around a payload, whose header now and then lies. */
export function frame(payload: Uint8Array, gzip: boolean, random: Random, lies = 12): Uint8Array {
  const header = Buffer.alloc(4)
  header.writeUInt32BE((payload.length | (gzip ? 0x80000000 : 0)) >>> 0)
  if (random.chance(lies)) {
    if (random.chance(3)) header[0]! ^= 0x80
    else if (random.chance(2)) header[random.below(4)] = random.next()
    else header.writeUInt32BE((payload.length + random.pick([-1, 1, 2, 100])) >>> 0)
  }
  return Buffer.concat([header, payload])
}
