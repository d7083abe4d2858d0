// What the gateway was asked to write, at which revision it did, and so what a store may hold at any revision.
// It never looks into the store itself: revisions come from replies.
import type { Dump, Row } from './opener.ts'

/** What a request does to one key: sets it or, without a value, deletes it. */
export interface KeyWrite {
  readonly table: string
  readonly key: string
  readonly value: string | undefined
}

/** One request, all of which has one revision. */
export interface Op {
  readonly client: string
  /** The number of a write; 0 where it has none. */
  readonly mutation: number
  readonly writes: readonly KeyWrite[]
  readonly ttlMs: number
  /** A drop of a table: its number is recorded in the same group under a revision of its own. */
  readonly drops: boolean
  /** Just before it was sent, on the clock of the record. */
  sentAt: bigint
  /** 0: there was no reply yet. */
  revision: number
}

interface Version {
  readonly revision: number
  readonly value: string | undefined
  /** It may be gone from then on; undefined: never. */
  readonly until: bigint | undefined
}

const mutationTable = '\0mutations'
const idOf = (table: string, key: string): string => `${table}\0${key}`

export class History {
  readonly #versions = new Map<string, Version[]>()
  readonly #mutations: { readonly key: string; readonly op: Op }[] = []

  /** Ops of one client after another, those of each in their order; all have their revisions. */
  constructor(ops: readonly Op[]) {
    for (const op of ops) {
      const until = op.ttlMs === 0 ? undefined : op.sentAt + BigInt(op.ttlMs) * 1_000_000n
      for (const { table, key, value } of op.writes) {
        const id = idOf(table, key)
        const versions = this.#versions.get(id) ?? []
        this.#versions.set(id, versions)
        versions.push({ revision: op.revision, value, until })
      }
      if (op.mutation > 0) {
        const slot = String.fromCharCode(op.mutation >>> 8, op.mutation & 0xff)
        const key = Buffer.from(op.client, 'hex').toString('latin1') + slot
        this.#mutations.push({ key, op })
      }
    }
  }

  /**
   * What is wrong with a store that holds `dump`, where revisions up to `told` were told to anyone by the time
   * `at`. Empty where it holds all writes up to a revision from there on, and nothing else.
   */
  judge({ revision, tables }: Dump, told: number, at: bigint): string[] {
    const wrong: string[] = []
    if (revision < told) wrong.push(`lost: it is at revision ${revision}, and ${told} was told`)
    const rows = new Map<string, Row>()
    for (const { name, rows: all } of tables) for (const row of all) rows.set(idOf(name, row.key), row)
    for (const [id, versions] of this.#versions) {
      const version = versions[lastUpTo(versions, revision)]
      const problem = compare(version, rows.get(id), at)
      if (problem !== undefined) wrong.push(`${id.replace('\0', '/')}: ${problem}`)
      rows.delete(id)
    }
    wrong.push(...this.#judgeMutations(rows, revision))
    for (const id of rows.keys()) if (!id.startsWith('\0')) wrong.push(`${id.replace('\0', '/')} was never written`)
    return wrong
  }

  /** A write's number is remembered with the write, and not without it. */
  #judgeMutations(rows: ReadonlyMap<string, Row>, upTo: number): string[] {
    return this.#mutations.flatMap(({ key, op: { mutation, revision, drops } }) => {
      const row = rows.get(idOf(mutationTable, key))
      const isThere = row !== undefined && row.value.readDoubleLE(0) === mutation
      const name = `mutation ${mutation} at revision ${revision}`
      if (isThere !== revision <= upTo) return [`${name} is ${isThere ? 'there' : 'missing'} at revision ${upTo}`]
      return isThere && row.revision !== revision + (drops ? 1 : 0)
        ? [`${name} is recorded at revision ${row.revision}`]
        : []
    })
  }
}

/** Index of the last version up to a revision, or -1. */
function lastUpTo(versions: readonly Version[], revision: number): number {
  let low = 0
  let high = versions.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (versions[middle]!.revision <= revision) low = middle + 1
    else high = middle
  }
  return low - 1
}

function compare(version: Version | undefined, row: Row | undefined, at: bigint): string | undefined {
  if (version?.value === undefined) return row && `is there at revision ${row.revision}, and should not be`
  const { revision, value, until } = version
  const mayBeGone = until !== undefined && at >= until
  if (row === undefined) return mayBeGone ? undefined : `is missing, and was written at revision ${revision}`
  if (row.revision !== revision) return `is of revision ${row.revision}, and should be of ${revision}`
  const expected = encoded(value)
  // An expiry, of ten bytes, follows the value.
  const isWhole = row.value.length === expected.length + (until === undefined ? 0 : 10)
  return isWhole && row.value.subarray(0, expected.length).equals(expected) ? undefined : 'has a torn value'
}

/** A Value that holds a text. */
function encoded(text: string): Buffer {
  const bytes = Buffer.from(text)
  const head = bytes.length < 128 ? [0x0a, bytes.length] : [0x0a, (bytes.length & 0x7f) | 0x80, bytes.length >>> 7]
  return Buffer.concat([Buffer.from(head), bytes])
}
