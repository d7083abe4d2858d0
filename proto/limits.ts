// Every limit of Kvass, its default and the reason for it. Each is an option of the gateway under the same name.

export interface Limit {
  readonly default: number
  readonly minimum: number
  /** What it counts, as the help shows it: bytes, ms, or a noun in the plural. */
  readonly unit: string
  /** One sentence: what is limited, and what happens past it. */
  readonly meaning: string
}

/** Records that are kept of a client's mutations: those that are this far apart share one, so no window is larger. */
export const mutationSlots = 1_024

export const limitTable = {
  maxFrameBytes: {
    default: 1_048_576,
    minimum: 1_024,
    unit: 'bytes',
    meaning: 'Bytes of one request frame, as sent and inflated; a larger one closes the stream with 1009.',
  },
  maxReplyBytes: {
    default: 16_777_216,
    minimum: 65_536,
    unit: 'bytes',
    meaning: 'Bytes of one reply frame, inflated; a reply that would be larger is refused with 413.',
  },
  maxKeyBytes: {
    default: 1_024,
    minimum: 1,
    unit: 'bytes',
    meaning: 'Bytes of UTF-8 in a key, at most 1024 because the store indexes them; a longer one gets 400.',
  },
  maxTableBytes: {
    default: 255,
    minimum: 1,
    unit: 'bytes',
    meaning: 'Bytes of UTF-8 in the name of a table or topic, at most 512; a longer one gets 400.',
  },
  maxValueBytes: {
    default: 524_288,
    minimum: 64,
    unit: 'bytes',
    meaning: 'Bytes of one encoded value, half a frame so that any entry fits a page; a larger one gets 413.',
  },
  maxElements: {
    default: 4_096,
    minimum: 1,
    unit: 'elements',
    meaning: 'Repeated elements in one request, counted before decoding; more close the stream with 4400.',
  },
  maxRequests: {
    default: 256,
    minimum: 1,
    unit: 'requests',
    meaning: 'Unfinished requests of a connection; past it reading stops until one ends.',
  },
  maxStreams: {
    default: 256,
    minimum: 1,
    unit: 'subscriptions',
    meaning: 'Open subscriptions of a connection; one more gets 429.',
  },
  maxWatches: {
    default: 256,
    minimum: 1,
    unit: 'watches',
    meaning: 'Open watches of a connection; one more gets 429.',
  },
  maxTransactionKeys: {
    default: 128,
    minimum: 1,
    unit: 'operations',
    meaning: 'Checks and writes of one transaction; a longer one gets 413.',
  },
  leaseGraceMs: {
    default: 10_000,
    minimum: 0,
    unit: 'ms',
    meaning: 'Milliseconds that leased entries outlive the last connection of their client.',
  },
  mutationWindow: {
    default: 1_024,
    minimum: 1,
    unit: 'mutations',
    meaning: 'Mutations remembered for a client; one sent again after more of them gets 504: its outcome is unknown.',
  },
  mutationWindowMs: {
    default: 600_000,
    minimum: 1_000,
    unit: 'ms',
    meaning: 'Milliseconds that the mutations of an idle client are remembered; one sent again later gets 504.',
  },
  bookmarkMs: {
    default: 5_000,
    minimum: 50,
    unit: 'ms',
    meaning: 'Milliseconds after which a watch without changes tells how far it is.',
  },
  maxSubscriberMessages: {
    default: 128,
    minimum: 1,
    unit: 'messages',
    meaning: 'Publications waiting for one slow subscriber; later ones are dropped and counted for it.',
  },
  maxQueuedBytes: {
    default: 1_048_576,
    minimum: 65_536,
    unit: 'bytes',
    meaning: 'Reply bytes queued for one connection; past it reading from that connection stops.',
  },
  maxTotalQueuedBytes: {
    default: 268_435_456,
    minimum: 1_048_576,
    unit: 'bytes',
    meaning: 'Reply bytes queued in the whole process; past it connections with a queue are not read.',
  },
  maxConnections: {
    default: 20_000,
    minimum: 1,
    unit: 'connections',
    meaning: 'Open connections; one more is answered 503 with Retry-After, or closed on TCP.',
  },
  pageBytes: {
    default: 65_536,
    minimum: 1_024,
    unit: 'bytes',
    meaning: 'Bytes of one page of a long reply: small enough that encoding it delays nobody.',
  },
  sliceMs: {
    default: 5,
    minimum: 1,
    unit: 'ms',
    meaning: 'Milliseconds that a long command runs before others get their turn.',
  },
  pingIntervalMs: {
    default: 25_000,
    minimum: 100,
    unit: 'ms',
    meaning:
      'Milliseconds without input after which a WebSocket has been pinged, some up to 40 % sooner; middleboxes drop idle ones after 30 s.',
  },
  pingTimeoutMs: {
    default: 10_000,
    minimum: 100,
    unit: 'ms',
    meaning: 'Milliseconds that a ping may stay unanswered; after that the peer is gone.',
  },
  frameTimeoutMs: {
    default: 10_000,
    minimum: 100,
    unit: 'ms',
    meaning: 'Milliseconds that a frame may stay unfinished; after that the stream closes with 4408.',
  },
  headersTimeoutMs: {
    default: 5_000,
    minimum: 100,
    unit: 'ms',
    meaning: 'Milliseconds for the head of an HTTP request, and for a TLS handshake.',
  },
  stallTimeoutMs: {
    default: 10_000,
    minimum: 100,
    unit: 'ms',
    meaning: 'Milliseconds in which a peer with queued replies takes none; after that it is closed with 4420.',
  },
  drainTimeoutMs: {
    default: 8_000,
    minimum: 0,
    unit: 'ms',
    meaning: 'Milliseconds that a drain waits for replies to leave before it ends connections.',
  },
} as const satisfies Record<string, Limit>

export type Limits = { -readonly [Name in keyof typeof limitTable]: number }

/** `maxFrameBytes` as in flags and in TOML: `max-frame-bytes`. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The option that sets a limit, for the end of a message: ` (--max-frame-bytes)`. */
export const optionNote = (name: keyof Limits): string => ` (--${kebab(name)})`

/** All limits at their defaults. Marked as pure, so that the SDK's bundle goes without the table. */
export const defaultLimits: Limits = /* @__PURE__ */ defaultsOf(limitTable)

function defaultsOf(table: Record<string, Limit>): Limits {
  return Object.fromEntries(Object.entries(table).map(([name, limit]) => [name, limit.default])) as Limits
}

/** A payload longer than this is compressed where that makes it smaller; the reference server's number. */
export const compressAboveBytes = 1436

/** How deep messages may nest in a request, groups and unknown fields included. */
export const maxDepth = 16
