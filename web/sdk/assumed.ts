// What a client takes for granted of a gateway until its welcome says it.
import type { Response } from './messages.ts'
import type { Welcome } from './types.ts'

/** What every gateway takes, whatever its limits, which its welcome says: a request of one element and few bytes. */
export const alwaysTaken = { maxElements: 1, maxFrameBytes: 1_024 }
/** How many writes a gateway remembers that does not say. */
export const assumedWindow = 1_024
/** What a gateway takes unless it is told otherwise, until it says; how large a value may be, it will say itself. */
export const assumedLimits = {
  maxFrameBytes: 1_048_576,
  maxKeyBytes: 1_024,
  maxValueBytes: Number.POSITIVE_INFINITY,
  maxElements: 4_096,
  maxRequests: 256,
}

const durabilities = ['flush', 'commit', 'volatile'] as const

/** A welcome with what the gateway left out. */
export function welcomeOf({ durability = 0, limits = {}, ...rest }: NonNullable<Response['welcome']>): Welcome {
  return {
    leaseGraceMs: 0,
    ...rest,
    durability: durabilities[durability],
    limits: { ...assumedLimits, ...limits },
  } as Welcome
}
