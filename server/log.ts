// The log of a gateway that nobody gave one.
import type { Log } from './service/service.ts'

const nothing = (): void => {}

/** Logs nothing: the default of a gateway inside of another program. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
