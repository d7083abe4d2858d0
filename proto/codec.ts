// Messages <-> payloads on the gateway's side, through protobufjs's static code (gen/kv.js). That code is generated
// from a variant of kv.proto in which a Value, a key and a name are bytes: they go from the socket to the store
// and back without being decoded. Clients use compact.ts instead, which is smaller.
import './no-long.ts'

import protobuf from 'protobufjs/minimal.js'
import { varintBytes, writeNumber } from './bytes.ts'
import { oneofMember } from './fields.ts'
import { abi } from './gen/kv.js'
import { tables } from './gen/tables.ts'
import { StreamError } from './status.ts'
import { tagOf } from './tags.ts'
import { checkRequest } from './validate.ts'

export type RequestMessage = abi.CommandRequest

/** The message of a request of which nothing more is needed. */
export const noMessage: RequestMessage = new abi.CommandRequest()

/** A request as the service sees it. */
export interface Request {
  /** Field number of the command in CommandRequest; 0 where there is none. */
  readonly command: number
  /** 0: the client gave none. */
  readonly id: number
  readonly message: RequestMessage
}

/** Any fields of CommandResponse; `status` is always there. Keys, names and values are bytes. */
export interface Response {
  status: number
  message?: string
  values?: Uint8Array[]
  pairs?: { key: Uint8Array; value?: Uint8Array; revision?: number }[]
  revisions?: number[]
  count?: number
  more?: boolean
  cursor?: Uint8Array
  missed?: number
  tables?: { name: Uint8Array; count: number; revision: number }[]
  welcome?: abi.Welcome.$Properties
  retryAfterMs?: number
  durability?: number
  revision?: number
  failed?: number[]
  changes?: { key: Uint8Array; value?: Uint8Array; revision: number; deleted?: boolean }[]
  phase?: number
  /** The encoded response, without an id, where many receivers share it or it was encoded in steps. Not a field. */
  body?: Uint8Array
  /** The frames of a shared body by request id, each made for the first receiver that needs it. Not a field. */
  frames?: Map<number, Uint8Array | Promise<Uint8Array>>
}

/**
 * Decodes `bytes[start, end)`; its bytes fields are views on the input. Throws StreamError 4400 on anything that
 * is not a well-formed request within `maxElements`.
 */
export function decodeRequest(bytes: Uint8Array, start: number, end: number, maxElements: number): Request {
  const { command, id } = checkRequest(bytes, start, end, maxElements)
  const reader = protobuf.Reader.create(bytes)
  reader.pos = start
  reader.len = end
  return { command, id, message: decoded(reader) }
}

/** What the check let pass fails for one reason: a text of the hello, the one message with texts, is not UTF-8. */
function decoded(reader: protobuf.Reader): RequestMessage {
  try {
    return abi.CommandRequest.decode(reader)
  } catch (error) {
    throw new StreamError(4400, `a request that cannot be decoded: ${(error as Error).message}`)
  }
}

const idTag = tagOf('CommandResponse', 'id')

/** The one writer: a new one would grow from 128 bytes on with each large response. */
let writer = protobuf.Writer.create()
/** A writer whose memory has grown past this is let go of. */
const writerBytes = 1 << 20

/** Encodes a response; what the writer holds then is there until the next call. */
function written(response: Partial<Response>): protobuf.Writer {
  const used = writer.reset()
  try {
    abi.CommandResponse.encode(response as abi.CommandResponse.$Properties, used)
  } catch (error) {
    // What it has begun stays open.
    writer = protobuf.Writer.create()
    throw error
  }
  if (used.pos > writerBytes) writer = protobuf.Writer.create()
  return used
}

/** Encodes a response without its id. */
export function encodeResponse(response: Partial<Response>): Uint8Array {
  return response.body ?? written(response).finish()
}

/** Encodes a response that has no body yet, with its id, into memory that the next call uses again. */
export function encodeBriefly(response: Response, id: number): Uint8Array {
  const whole = written(response)
  if (id !== 0) whole.uint32(idTag).uint32(id)
  return whole.finish(true)
}

/** Decodes a response, for those who read back what was sent: tests, and the outbox when a write failed. */
export function decodeResponse(bytes: Uint8Array): abi.CommandResponse {
  return abi.CommandResponse.decode(bytes)
}

/** Decodes `bytes[start, end)` as a response to be sent again, its fields copied. */
export function responseOf(bytes: Uint8Array, start: number, end: number): Response {
  return { ...abi.CommandResponse.decode(Uint8Array.prototype.slice.call(bytes, start, end)) } as Response
}

/** The names of the commands: the members of CommandRequest's oneof. */
export type CommandName = NonNullable<abi.CommandRequest['requestData']>

const commandFields = tables.CommandRequest!.filter(([, , , form]) => form === oneofMember)

/** Field numbers of the commands in CommandRequest, by name. */
export const commandNumbers = Object.fromEntries(commandFields.map(([number, name]) => [name, number])) as Readonly<
  Record<CommandName, number>
>

/** Length of a list with a place for each command's number, and for 0, which is no command. */
export const commandSlots = 1 + Math.max(...commandFields.map(([number]) => number))

/** Bytes that an id takes behind an encoded response: 0 for none. */
export function idBytes(id: number): number {
  return id === 0 ? 0 : 1 + varintBytes(id)
}

/** Appends the id to an encoded response: in protobuf, to append a field is to set it. Returns the new end. */
export function writeId(into: Uint8Array, at: number, id: number): number {
  return writeNumber(into, at, idTag, id)
}
