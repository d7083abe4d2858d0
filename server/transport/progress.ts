// Sees a slow reader take bytes. A stream tells only when a whole write is done, and one write may be a megabyte: a reader
// that takes it bit by bit would look as if it took nothing.
import type { Duplex } from 'node:stream'

export class Progress {
  readonly #socket: Duplex & { _handle?: { writeQueueSize?: number } | null }
  #left = 0

  constructor(socket: Duplex) {
    this.#socket = socket
  }

  /** Whether the system took bytes since the last call, as far as the socket's handle knows. */
  moved(): boolean {
    const before = this.#left
    this.#left = this.#socket.writableLength === 0 ? 0 : (this.#socket._handle?.writeQueueSize ?? 0)
    return before > 0 && this.#left !== before
  }
}
