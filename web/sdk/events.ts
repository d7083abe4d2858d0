// The state and the events of a connection, and how a listener of the user is called.
import type { ConnectionEvents, ConnectionState } from './types.ts'

type Listener<Name extends keyof ConnectionEvents> = (detail: ConnectionEvents[Name]) => void

export class Events {
  state: ConnectionState = 'connecting'

  readonly #listeners = { state: new Set(), open: new Set(), disconnect: new Set() } as {
    [Name in keyof ConnectionEvents]: Set<Listener<Name>>
  }

  on<Name extends keyof ConnectionEvents>(event: Name, listener: Listener<Name>): () => void {
    this.#listeners[event].add(listener)
    return () => {
      this.#listeners[event].delete(listener)
    }
  }

  protected setState(state: ConnectionState): void {
    if (this.state === state) return
    this.state = state
    this.emit('state', state)
  }

  protected emit<Name extends keyof ConnectionEvents>(event: Name, detail: ConnectionEvents[Name]): void {
    for (const listener of [...this.#listeners[event]]) guarded(listener, detail)
  }
}

/** Calls a listener of the user: what it throws is reported as uncaught and disturbs nobody else. */
export function guarded<Detail>(listener: (detail: Detail) => void, detail: Detail): void {
  try {
    listener(detail)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
