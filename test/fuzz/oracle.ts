// Says, apart from the gateway's code, what a stream of bytes must come to: how many requests it holds, and the close
// code where it breaks. Written from PROTOCOL.md and kv.proto; it shares no code with what it judges.
import { isUtf8 } from 'node:buffer'
import { crc32, inflateRawSync } from 'node:zlib'
import protobuf from 'protobufjs'

const root = new protobuf.Root().loadSync('proto/kv.proto')
const requestType = root.lookupType('abi.CommandRequest')

export interface Bounds {
  readonly maxFrameBytes: number
  readonly maxElements: number
}

export interface Verdict {
  /** Requests before the break, each of which is answered. */
  readonly requests: number
  /** With which code the stream ends; undefined: it does not. */
  readonly code: number | undefined
  /** Whether the last frame is still to be completed. */
  readonly unfinished: boolean
}

class Broken extends Error {
  readonly code: number

  constructor(code: number) {
    super(`close ${code}`)
    this.code = code
  }
}

export function judge(stream: Uint8Array, bounds: Bounds): Verdict {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength)
  let requests = 0
  let at = 0
  try {
    while (bytes.length - at >= 4) {
      const header = bytes.readUInt32BE(at)
      const length = header % 0x80000000
      if (length > bounds.maxFrameBytes) throw new Broken(1009)
      if (bytes.length - at - 4 < length) break
      const sent = bytes.subarray(at + 4, at + 4 + length)
      const payload = header >= 0x80000000 ? inflated(sent, bounds.maxFrameBytes) : sent
      judgeRequest(payload, bounds)
      requests++
      at += 4 + length
    }
  } catch (error) {
    if (error instanceof Broken) return { requests, code: error.code, unfinished: false }
    throw error
  }
  return { requests, code: undefined, unfinished: at < bytes.length }
}

function inflated(gzip: Buffer, maxBytes: number): Buffer {
  if (gzip.length < 18 || gzip.readUInt16BE(0) !== 0x1f8b || gzip[2] !== 8) throw new Broken(4400)
  const flags = gzip[3]!
  if (flags > 0x1f) throw new Broken(4400)
  let at = 10
  if (flags & 4) at += 2 + gzip.readUInt16LE(at)
  for (const bit of [8, 16]) {
    if ((flags & bit) === 0) continue
    const end = at > gzip.length ? -1 : gzip.indexOf(0, at)
    if (end < 0) throw new Broken(4400)
    at = end + 1
  }
  if (flags & 2) at += 2
  if (at > gzip.length - 8) throw new Broken(4400)
  const length = gzip.readUInt32LE(gzip.length - 4)
  if (length > maxBytes) throw new Broken(1009)
  const deflated = gzip.subarray(at)
  let result: { buffer: Buffer; engine: { bytesWritten: number } }
  try {
    result = inflateRawSync(deflated, { maxOutputLength: maxBytes, info: true }) as never
  } catch (error) {
    throw new Broken((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 1009 : 4400)
  }
  const isWhole = result.engine.bytesWritten === deflated.length - 8
  const isRight = crc32(result.buffer) === gzip.readUInt32LE(gzip.length - 8) && result.buffer.length === length
  if (!isWhole || !isRight) throw new Broken(4400)
  return result.buffer
}

/** What a field of a message must be. */
interface Rule {
  readonly wireType: number
  readonly repeated: boolean
  readonly message: Map<number, Rule> | undefined
}

const wireTypes: Record<string, number> = { string: 2, bytes: 2, double: 1 }
const requestRules = rulesOf(requestType)
const [helloNumber, versionNumber, idNumber] = [16, 1, 15]

function rulesOf(type: protobuf.Type): Map<number, Rule> {
  return new Map(
    type.fieldsArray.map((field) => {
      const { resolvedType } = field.resolve()
      const message = resolvedType instanceof protobuf.Type ? rulesOf(resolvedType) : undefined
      return [field.id, { wireType: message ? 2 : (wireTypes[field.type] ?? 0), repeated: field.repeated, message }]
    }),
  )
}

function judgeRequest(payload: Buffer, { maxElements }: Bounds): void {
  const budget = { elements: maxElements, fields: 64, version: 0, command: 0 }
  judgeMessage(payload, requestRules, budget, 0, 0)
  if (budget.command === helloNumber && budget.version > 1) throw new Broken(4426)
}

interface Budget {
  elements: number
  fields: number
  /** Of the last hello, and which command is the last. */
  version: number
  command: number
}

/** `within` is the number of the command that the message is in; 0 for the request itself. */
function judgeMessage(bytes: Buffer, rules: Map<number, Rule>, budget: Budget, depth: number, within: number): void {
  let at = 0
  const varint = (maxBytes: number): number => {
    let value = 0
    for (let index = 0; index < maxBytes; index++) {
      if (at >= bytes.length) throw new Broken(4400)
      const byte = bytes[at++]!
      value += (byte % 128) * 128 ** index
      if (byte < 128) return value
    }
    throw new Broken(4400)
  }
  while (at < bytes.length) {
    const tag = varint(5)
    const number = Math.floor(tag / 8)
    const wireType = tag % 8
    const rule = rules.get(number)
    if (number === 0 || tag >= 2 ** 32 || --budget.fields < 0) throw new Broken(4400)
    if (rule !== undefined && wireType !== rule.wireType) throw new Broken(4400)
    if (rule?.repeated && --budget.elements < 0) throw new Broken(4400)
    if (rule?.repeated) budget.fields += 8
    const isHello = depth === 1 && within === helloNumber
    if (wireType === 0) {
      const start = at
      const value = varint(10)
      if (depth === 0 && number === idNumber && value >= 2 ** 32) throw new Broken(4400)
      if (isHello && number === versionNumber) budget.version = lowBits(bytes.subarray(start, at))
    } else if (wireType === 1) at += 8
    else if (wireType === 5) at += 4
    else if (wireType === 2) {
      const length = varint(5)
      if (length > bytes.length - at) throw new Broken(4400)
      const content = bytes.subarray(at, at + length)
      at += length
      if (depth === 0 && rule !== undefined) budget.command = number
      // Names and values that are no UTF-8 are requests that fail; a hello like that is no hello.
      if (isHello && rule !== undefined && !isUtf8(content)) throw new Broken(4400)
      if (rule?.message) judgeMessage(content, rule.message, budget, depth + 1, depth === 0 ? number : within)
    } else throw new Broken(4400)
    if (at > bytes.length) throw new Broken(4400)
  }
}

/** The 32 bits that a uint32 takes of a varint. */
function lowBits(varint: Uint8Array): number {
  let value = 0n
  for (const [index, byte] of varint.entries()) value |= BigInt(byte & 0x7f) << BigInt(7 * index)
  return Number(BigInt.asUintN(32, value))
}
