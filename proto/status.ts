// Every status of a reply and every close code of a stream, in one table each, and the one error class.
// A request that fails gets a status and the connection lives; a stream that breaks gets a close code.

/**
 * Statuses of replies: HTTP's numbers. `retryable` says whether the same request may succeed later, unchanged, and
 * `outcome` what became of it: `none`, it had no effect, or `unknown`, a write may have had its effect.
 */
export const statuses = {
  200: { name: 'ok', retryable: false, outcome: 'done' },
  400: { name: 'bad request', retryable: false, outcome: 'none' },
  401: { name: 'not authenticated', retryable: false, outcome: 'none' },
  403: { name: 'forbidden', retryable: false, outcome: 'none' },
  404: { name: 'not found', retryable: false, outcome: 'none' },
  409: { name: 'condition failed', retryable: false, outcome: 'none' },
  410: { name: 'revision no longer known', retryable: false, outcome: 'none' },
  413: { name: 'too large', retryable: false, outcome: 'none' },
  429: { name: 'too many requests', retryable: true, outcome: 'none' },
  500: { name: 'internal error', retryable: false, outcome: 'unknown' },
  501: { name: 'not supported', retryable: false, outcome: 'none' },
  503: { name: 'unavailable', retryable: true, outcome: 'none' },
  504: { name: 'outcome unknown', retryable: false, outcome: 'unknown' },
  507: { name: 'storage full or failed', retryable: true, outcome: 'none' },
} as const

export type Status = keyof typeof statuses

/** Codes that end a stream. The reason is sent as it stands here: no input is echoed. */
export const closeCodes = {
  1000: { reason: 'normal closure', reconnect: false },
  1001: { reason: 'going away', reconnect: true },
  1002: { reason: 'WebSocket protocol error', reconnect: false },
  1003: { reason: 'text messages are refused: send binary', reconnect: false },
  1008: { reason: 'WebSocket limit exceeded', reconnect: false },
  1009: { reason: 'frame too big', reconnect: false },
  1011: { reason: 'internal error', reconnect: true },
  1013: { reason: 'overloaded', reconnect: true },
  4400: { reason: 'bad frame', reconnect: false },
  4401: { reason: 'not authenticated', reconnect: false },
  4403: { reason: 'forbidden', reconnect: false },
  4408: { reason: 'hello or idle timeout', reconnect: true },
  4420: { reason: 'slow consumer', reconnect: true },
  4426: { reason: 'protocol version not supported', reconnect: false },
  4429: { reason: 'rate limit', reconnect: true },
} as const

export type CloseCode = keyof typeof closeCodes

/**
 * The reasons of 4403 for a page that may not connect because of its origin, by whether the page has one: those of
 * files and of sandboxed frames have none.
 */
export const originReasons = {
  foreign: "this page's origin is not allowed: start the gateway with --allow-origin and that origin",
  none: 'a page of a file or a sandboxed frame may not connect: serve it over HTTP, as --pages does',
} as const

/** What else is known of a failure. */
export interface ErrorDetails {
  cause?: unknown
  /** How long to wait before the next try, in milliseconds; with 429 and 503. */
  retryAfterMs?: number | undefined
  /** With 409: the entry in the way of a conditional write; absent where there is none. */
  entry?: { table: string; key: string; value: unknown; revision: number } | undefined
  /** With 409: the checks of a transaction that failed. */
  failed?: readonly { table: string; key: string; revision: number }[]
}

/** A request that failed: the status of its reply and a sentence that names what was wrong. */
export class KvassError extends Error {
  readonly status: Status
  declare readonly retryAfterMs: ErrorDetails['retryAfterMs']
  declare readonly entry: ErrorDetails['entry']
  declare readonly failed: ErrorDetails['failed']

  constructor(status: Status, message: string, { cause, ...details }: ErrorDetails = {}) {
    super(message, { cause })
    this.name = 'KvassError'
    this.status = status
    Object.assign(this, details)
  }

  // Both as `statuses` says; told apart by their numbers, so that the SDK's bundle goes without the table.

  /** Whether the same request may succeed later, unchanged. */
  get retryable(): boolean {
    return [429, 503, 507].includes(this.status)
  }

  /** What became of a write: `none`, it had no effect, or `unknown`, it may have had its effect. */
  get outcome(): 'none' | 'unknown' {
    return [500, 504].includes(this.status) ? 'unknown' : 'none'
  }
}

/** A stream that broke: the code it is closed with. The detail is for the log, never for the peer. */
export class StreamError extends Error {
  readonly code: CloseCode

  constructor(code: CloseCode, detail: string) {
    super(detail)
    this.name = 'StreamError'
    this.code = code
  }
}
