// The messages of the wire as objects, for the parts of them that the SDK sends and reads. No code.
import type { ValueMessage } from '../../proto/value.ts'

/** A request without its id: one command and its fields, both named as in kv.proto. */
export type Request = { readonly [command: string]: { readonly [field: string]: unknown } }

export interface Pair {
  key?: string
  value?: ValueMessage
  revision?: number
}

export interface ChangeMessage {
  key?: string
  value?: ValueMessage
  revision?: number
  deleted?: boolean
}

export interface Response {
  id?: number
  status?: number
  message?: string
  values?: ValueMessage[]
  pairs?: Pair[]
  revisions?: number[]
  count?: number
  more?: boolean
  cursor?: Uint8Array
  missed?: number
  tables?: { name?: string; count?: number; revision?: number }[]
  welcome?: {
    version?: number
    server?: string
    session?: string
    epoch?: string
    durability?: number
    leaseGraceMs?: number
    mutationWindowMs?: number
    mutationWindow?: number
    limits?: { [name: string]: number }
  }
  retryAfterMs?: number
  revision?: number
  failed?: number[]
  changes?: ChangeMessage[]
  phase?: number
  /** Not on the wire: how many responses a paged reply came in. Absent: one. */
  pages?: number
}
