// What the benches ask for: keys, values, and the options and results of one run of the load generator.

export type Operation = 'hget' | 'hset'

export interface LoadOptions {
  readonly port: number
  readonly clients: number
  readonly depth: number
  readonly operation: Operation
  readonly keys: number
  readonly valueBytes: number
  readonly warmupSeconds: number
  readonly seconds: number
  /** For a control that sends bytes of its own: replies are counted by this size and not decoded. */
  readonly replyBytes?: number
}

export interface LoadResult {
  readonly perSecond: number
  /** Requests that each whole second did. */
  readonly eachSecond: readonly number[]
  /** In microseconds. */
  readonly p50: number
  readonly p99: number
  /** Share of one core that the generator took. */
  readonly cpu: number
  /** The part of that share which is not the system's. */
  readonly cpuUser: number
  readonly wrong: number
}

/** Milliseconds between two looks at the sockets: at depth 64 there are replies for a few of fifty in that time. */
export const lookEveryMs = 0.25
export const table = 'bench'
export const keyPrefix = 'key:'
export const digits = 12

export function keyOf(index: number): string {
  return keyPrefix + String(index).padStart(digits, '0')
}

/** The value of a key: it begins with the key, so that a reply can be checked. */
export function valueOf(index: number, bytes: number): Buffer {
  return Buffer.from(keyOf(index).padEnd(bytes, 'x')).subarray(0, bytes)
}
