// The four places where an embedder can look at, refuse or change what passes through the service.
import type { Request, Response } from '../../proto/codec.ts'
import type { Session } from '../commands/command.ts'

/**
 * Each is optional and free when absent. They run in the order of the list that holds them, for every command and
 * every response of a stream. A hook that throws a KvassError turns the reply into that error.
 */
export interface Hooks {
  /** A request came in; nothing has been done yet. Throw to refuse it. */
  received?(session: Session, request: Request): void
  /** A command has run and answered; for a paged reply or a stream, once for each response. */
  executed?(session: Session, request: Request, response: Response): void
  /** A response is about to be encoded; it may be changed in place. */
  beforeSend?(session: Session, response: Response): void
  /** A response was given to the connection's queue. */
  afterSend?(session: Session, response: Response): void
}

/** One function for each place that somebody has hooked; undefined for the others. */
export interface Hooked {
  readonly received: Hooks['received']
  readonly executed: Hooks['executed']
  readonly beforeSend: Hooks['beforeSend']
  readonly afterSend: Hooks['afterSend']
}

/** Makes one function of each place from a list of hooks. */
export function compose(hooks: readonly Hooks[]): Hooked {
  function each<Name extends keyof Hooks>(name: Name): Hooked[Name] {
    const functions = hooks.map((hook) => hook[name]?.bind(hook)).filter((one) => one !== undefined)
    if (functions.length === 0) return undefined
    return ((...values: [never, never, never]) => {
      for (const one of functions) one(...values)
    }) as Hooked[Name]
  }
  return {
    received: each('received'),
    executed: each('executed'),
    beforeSend: each('beforeSend'),
    afterSend: each('afterSend'),
  }
}
