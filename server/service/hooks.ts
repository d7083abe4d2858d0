// Hooks: the four places where a program that embeds the gateway can see, refuse or change what it serves.
import type { Request, Response } from '../../proto/codec.ts'
import type { Session } from '../commands/command.ts'

/**
 * Each is optional, and costs nothing when absent. They run in the order of their list, for every command and every
 * response of a stream. A hook that throws a KvassError turns the reply into that error.
 */
export interface Hooks {
  /** A request came in; nothing has been done yet. Throw to refuse it. */
  received?(session: Session, request: Request): void
  /** A command has run and returned a response; of a paged reply or a stream, called for each one. */
  executed?(session: Session, request: Request, response: Response): void
  /** A response is about to be encoded; it may be changed in place. */
  beforeSend?(session: Session, response: Response): void
  /** A response was given to the connection's queue. */
  afterSend?(session: Session, response: Response): void
}

/** All hooks of a place as one function; undefined where there are none. */
export interface ComposedHooks {
  readonly received: Hooks['received']
  readonly executed: Hooks['executed']
  readonly beforeSend: Hooks['beforeSend']
  readonly afterSend: Hooks['afterSend']
}

/** Makes one function for each place from a list of hooks. */
export function compose(hooks: readonly Hooks[]): ComposedHooks {
  function each<Name extends keyof Hooks>(name: Name): ComposedHooks[Name] {
    const functions = hooks.map((hook) => hook[name]?.bind(hook)).filter((one) => one !== undefined)
    if (functions.length === 0) return undefined
    return ((...values: [never, never, never]) => {
      for (const one of functions) one(...values)
    }) as ComposedHooks[Name]
  }
  return {
    received: each('received'),
    executed: each('executed'),
    beforeSend: each('beforeSend'),
    afterSend: each('afterSend'),
  }
}
