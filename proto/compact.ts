// A small protobuf codec that walks the field tables generated from kv.proto, for the browser: no eval, and a tenth
// of the size of a general one. It knows the shapes of messages, but neither what they mean nor where they go.
import { noBytes, shortText, varintBytes, writeVarint } from './bytes.ts'
import { headerBytes, writeHeader } from './frame.ts'
import { type FieldPlan, type MessagePlan, plans } from './plans.ts'
import { StreamError } from './status.ts'
import { bytesWire, fixed32Wire, fixed64Wire, varintWire } from './tags.ts'

/**
 * A message as an object: field names as in kv.proto in camelCase, absent fields undefined. Strings, `Uint8Array`,
 * booleans and doubles are themselves; uint32 and uint64 are numbers (uint64 exact to 2^53); int64 is a number where
 * that is exact and a bigint elsewhere; a nested message is an object, a repeated field an array.
 */
// biome-ignore lint/suspicious/noExplicitAny: the tables know the type of each field, the compiler cannot.
export type Message = any

const encoder = new TextEncoder()
// A byte order mark is a character of the value like any other.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const double = new DataView(new ArrayBuffer(8))
const doubleBytes = new Uint8Array(double.buffer)

const initialBytes = 4096
/** A buffer that one large batch made longer than this is let go of. */
const longestKept = 0x10_0000

/** Encodes messages one behind the other into one buffer that grows; what is written lies in `bytes[0, length)`. */
export class Writer {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(initialBytes)
  length = 0

  /**
   * Appends a frame, its header included, and returns the length of its payload. Fields beside those of the message
   * come last; 0 stands for none.
   */
  frame(name: string, message: Message, id = 0, mutation = 0, ageMs = 0): number {
    const start = this.length
    this.reserve(headerBytes)
    this.length += headerBytes
    const plan = plans[name]!
    this.#fields(plan, message)
    if (ageMs > 0) this.#field(plan.byName.ageMs!, ageMs)
    if (mutation > 0) this.#field(plan.byName.mutation!, mutation)
    if (id > 0) this.#field(plan.byName.id!, id)
    const payload = this.length - start - headerBytes
    writeHeader(this.bytes, start, payload, false)
    return payload
  }

  #raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** A copy of what was written from `start` on. */
  copy(start = 0): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(start, this.length)
  }

  /** Starts again. */
  clear(): void {
    this.length = 0
    if (this.bytes.length > longestKept) this.bytes = new Uint8Array(initialBytes)
  }

  #fields(plan: MessagePlan, message: Message): void {
    for (const name in message) {
      const value = message[name]
      if (value === undefined) continue
      const field = plan.byName[name]!
      if (!field.repeated) this.#field(field, value)
      else for (const item of value) this.#field(field, item)
    }
  }

  #field(field: FieldPlan, value: Message): void {
    // A tag and a number; what may be longer makes room for itself.
    this.reserve(20)
    this.#varint(field.tag)
    switch (field.type) {
      case 's':
        this.#string(value)
        break
      case 'u':
        this.#varint(value)
        break
      case 'U':
      case 'i':
        if (value < 0 || typeof value === 'bigint') this.#bigint(BigInt(value))
        else this.#varint(value)
        break
      case 't':
        this.#varint(value ? 1 : 0)
        break
      case 'b':
        this.#varint(value.length)
        this.#raw(value)
        break
      case 'd':
        double.setFloat64(0, value, true)
        this.#raw(doubleBytes)
        break
      default: {
        const start = ++this.length
        this.#fields(field.message!, value)
        this.#prefix(start)
      }
    }
  }

  /** Writes the length of what stands from `start` on before it; one byte was left for it, more make it move. */
  #prefix(start: number, room = 1): void {
    const size = this.length - start
    const extra = varintBytes(size) - room
    if (extra > 0) {
      this.reserve(extra)
      this.bytes.copyWithin(start + extra, start, this.length)
    }
    this.length = start - room
    this.#varint(size)
    this.length += size
  }

  #string(text: string): void {
    const count = text.length
    this.reserve(5 + 3 * count)
    const room = varintBytes(count)
    const bytes = this.bytes
    const start = this.length + room
    let at = 0
    if (count <= shortText) {
      for (; at < count; at++) {
        const code = text.charCodeAt(at)
        if (code > 0x7f) break
        bytes[start + at] = code
      }
    }
    this.length = start + at
    if (at < count) {
      this.length += encoder.encodeInto(text.slice(at), bytes.subarray(this.length)).written
    }
    this.#prefix(start, room)
  }

  /** A safe integer that is not negative. */
  #varint(value: number): void {
    this.length = writeVarint(this.bytes, this.length, value)
  }

  /** Any integer of 64 bits; a negative one takes ten bytes, as protobuf has it. */
  #bigint(value: bigint): void {
    for (value = BigInt.asUintN(64, value); value > 0x7fn; value >>= 7n)
      this.bytes[this.length++] = Number(value & 0x7fn) | 0x80
    this.#varint(Number(value))
  }

  /** Makes room for so many bytes behind what is written. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}

/** Decodes one message at a time from bytes that nobody else checked. */
class Reader {
  #bytes: Uint8Array = noBytes
  #at = 0
  #end = 0
  /** The upper 32 bits of the last varint. */
  #high = 0

  read(plan: MessagePlan, bytes: Uint8Array, start: number, end: number): Message {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    try {
      return this.#message(plan)
    } finally {
      this.#bytes = noBytes
    }
  }

  #message(plan: MessagePlan): Message {
    const message: Message = {}
    let member = ''
    while (this.#at < this.#end) {
      const tag = this.#varint()
      const number = tag >>> 3
      if (number === 0 || this.#high !== 0) throw malformed()
      const field = number < plan.byNumber.length ? plan.byNumber[number] : undefined
      if (field?.tag === tag) {
        if (field.member) {
          if (member !== '') delete message[member]
          member = field.name
        }
        const value = this.#value(field)
        if (field.repeated) append(message, field.name, value)
        else message[field.name] = value
      } else if (field?.packedTag === tag) this.#packed(field, message)
      else this.#skip(tag & 7)
    }
    return message
  }

  #value(field: FieldPlan): Message {
    switch (field.type) {
      case 'u':
        return this.#varint()
      case 's': {
        const end = this.#length()
        const start = this.#at
        this.#at = end
        return text(this.#bytes, start, end)
      }
      case 'U': {
        const low = this.#varint()
        return this.#high * 0x1_0000_0000 + low
      }
      case 'i':
        return this.#integer()
      case 't':
        return this.#varint() !== 0 || this.#high !== 0
      case 'b': {
        const end = this.#length()
        // Not slice: that of a Buffer is a view, and would hold the whole chunk.
        const bytes = new Uint8Array(this.#bytes.subarray(this.#at, end))
        this.#at = end
        return bytes
      }
      case 'd':
        return this.#double()
      default: {
        const outer = this.#end
        this.#end = this.#length()
        const message = this.#message(field.message!)
        this.#end = outer
        return message
      }
    }
  }

  #packed(field: FieldPlan, message: Message): void {
    const outer = this.#end
    this.#end = this.#length()
    while (this.#at < this.#end) append(message, field.name, this.#value(field))
    this.#end = outer
  }

  #integer(): number | bigint {
    const low = this.#varint()
    const high = this.#high | 0
    const number = high * 0x1_0000_0000 + low
    return Number.isSafeInteger(number) ? number : (BigInt(high) << 32n) | BigInt(low)
  }

  #double(): number {
    this.#pass(8)
    doubleBytes.set(this.#bytes.subarray(this.#at - 8, this.#at))
    return double.getFloat64(0, true)
  }

  /** Reads a length and returns where what follows ends. */
  #length(): number {
    const length = this.#varint()
    if (this.#high !== 0) throw malformed()
    this.#need(length)
    return this.#at + length
  }

  /** The lower 32 bits of a varint of at most 64; the upper ones are left in `#high`. */
  #varint(): number {
    const bytes = this.#bytes
    this.#high = 0
    if (this.#at < this.#end && bytes[this.#at]! < 0x80) return bytes[this.#at++]!
    let low = 0
    for (let shift = 0; shift < 70; shift += 7) {
      this.#need(1)
      const byte = bytes[this.#at++]!
      const bits = byte & 0x7f
      if (shift <= 28) low |= bits << shift
      if (shift === 28) this.#high = bits >>> 4
      if (shift > 28) this.#high |= bits << (shift - 32)
      if (byte < 0x80) {
        this.#high >>>= 0
        return low >>> 0
      }
    }
    throw malformed()
  }

  /** Passes over a field that the tables do not know. Groups, which proto3 no longer has, are malformed. */
  #skip(wire: number): void {
    if (wire === varintWire) this.#varint()
    else if (wire === fixed64Wire) this.#pass(8)
    else if (wire === bytesWire) this.#at = this.#length()
    else if (wire === fixed32Wire) this.#pass(4)
    else throw malformed()
  }

  #pass(count: number): void {
    this.#need(count)
    this.#at += count
  }

  #need(count: number): void {
    if (count > this.#end - this.#at) throw malformed()
  }
}

const reader = new Reader()

function malformed(): StreamError {
  return new StreamError(4400, 'malformed protobuf')
}

function append(message: Message, name: string, value: unknown): void {
  message[name] ??= []
  message[name].push(value)
}

/** The text whose UTF-8 is `bytes[start, end)`. */
export function text(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= shortText) {
    let short = ''
    let at = start
    for (; at < end && bytes[at]! < 0x80; at++) short += String.fromCharCode(bytes[at]!)
    if (at === end) return short
  }
  return decoder.decode(bytes.subarray(start, end))
}

/** Encodes one message. */
export function encode(name: string, message: Message): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
  writer.frame(name, message)
  return writer.copy(headerBytes)
}

/**
 * Decodes the message `name` from `bytes[start, end)`. Unknown fields are passed over, text that is not UTF-8 gets
 * replacement characters, bytes are copied. Throws StreamError 4400 on malformed input.
 */
export function decode(name: string, bytes: Uint8Array, start = 0, end = bytes.length): Message {
  return reader.read(plans[name]!, bytes, start, end)
}
