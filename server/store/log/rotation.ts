// The change from one segment of the log to the next: it begins when a group is sealed, which becomes the last of the
// old segment, and ends when all of the old segment and the header of the new one are on disk.
import type { LogFiles } from './files.ts'
import type { LogPoint, Segment, Slots } from './slots.ts'

/** Who waits for the end of a rotation. */
export interface RotationCallbacks {
  /** The log has been cut: all later records are in the segment of this sequence, or in later ones. */
  readonly onCut: (sequence: number) => void
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export class Rotation {
  /** Whether records go to the new segment. */
  isCut = false
  readonly #files: LogFiles
  readonly #slots: Slots
  readonly #callbacks: RotationCallbacks
  /** Taken at once: a full disk is an error of the call, when nothing has changed yet. */
  readonly #taken: Segment

  constructor(files: LogFiles, slots: Slots, callbacks: RotationCallbacks) {
    this.#files = files
    this.#slots = slots
    this.#callbacks = callbacks
    this.#taken = slots.take()
  }

  /** From here on records go to the new segment. */
  cut(point: LogPoint): void {
    this.isCut = true
    this.#slots.switchTo(this.#taken, point)
    this.#callbacks.onCut(this.#slots.segment.sequence)
  }

  /** The last group of the old segment is written: brings both files to the disk, then calls `done`. */
  finish(old: Segment, done: (error?: Error) => void): void {
    this.#files.datasync(old.fd, (oldError) => {
      this.#files.close(old.fd)
      if (oldError !== null) done(oldError)
      else this.#files.datasync(this.#slots.segment.fd, (error) => done(error ?? undefined))
    })
  }

  resolve(): void {
    this.#callbacks.resolve()
  }

  reject(error: Error): void {
    this.#callbacks.reject(error)
  }
}
