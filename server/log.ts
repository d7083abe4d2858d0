// The log of a gateway that was given none.
import type { Log } from './service/service.ts'

const nothing = (): void => {}

/** Logs nothing: the default of a gateway that a program embeds. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
