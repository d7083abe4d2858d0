// YCSB's core workloads as it publishes them: what share of the operations is what, and which records are asked for.

export type Workload = 'load' | 'A' | 'B' | 'C' | 'D' | 'E' | 'F'

export interface Mix {
  readonly read: number
  readonly update: number
  readonly insert: number
  readonly scan: number
  readonly readModifyWrite: number
  /** Whether the records inserted last are the likeliest; else likely ones are spread over all. */
  readonly latest: boolean
  readonly meaning: string
}

const none = { read: 0, update: 0, insert: 0, scan: 0, readModifyWrite: 0, latest: false }

export const mixes: Readonly<Record<Workload, Mix>> = {
  load: { ...none, insert: 1, meaning: 'load: all inserted' },
  A: { ...none, read: 0.5, update: 0.5, meaning: 'A: half updates' },
  B: { ...none, read: 0.95, update: 0.05, meaning: 'B: 5 % updates' },
  C: { ...none, read: 1, meaning: 'C: reads' },
  D: { ...none, read: 0.95, insert: 0.05, latest: true, meaning: 'D: reads of the latest, 5 % inserts' },
  E: { ...none, scan: 0.95, insert: 0.05, meaning: 'E: scans of 1 to 100, 5 % inserts' },
  F: { ...none, read: 0.5, readModifyWrite: 0.5, meaning: 'F: half read-modify-write' },
}

export interface YcsbOptions {
  readonly port: number
  readonly protocol: 'kvass' | 'redis'
  readonly workload: Workload
  /** Records of the load; likely ones are drawn from these. */
  readonly records: number
  /** Records that are there as this begins. */
  readonly present: number
  readonly connections: number
  /** Operations under way on each connection. */
  readonly depth: number
  readonly valueBytes: number
  readonly warmupSeconds: number
  readonly seconds: number
  readonly seed: number
}

export interface YcsbResult {
  readonly perSecond: number
  /** In microseconds, of whole operations. */
  readonly p50: number
  readonly p99: number
  /** Share of one core that the load took. */
  readonly cpu: number
  readonly wrong: number
  /** The first wrong reply. */
  readonly problem: string
  readonly present: number
}
