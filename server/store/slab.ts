// Memory for the values of one table: slots in a few large buffers instead of one buffer a value.
// A small value in a buffer of its own costs more in headers than in bytes, and a view on the socket's chunk would
// keep 64 KB alive for 40 bytes. A slot's size is its class; freed slots are used again by values of their class.

/** Where a value lies. `Slab` fills and reads these fields; the owner keeps them in its own object. */
export interface Place {
  bytes: Uint8Array
  start: number
  end: number
}

export const noBytes = new Uint8Array(0)

/** Values above this get a buffer of their own: then its header does not matter. */
const largestSlotBytes = 4096
const largestChunkBytes = 262_144
const smallestChunkBytes = 4096

/** Slot sizes: steps of 16 to 256, then four sizes to each doubling, so that at most a fifth of a large slot is lost. */
const slotBytes: number[] = []
for (let size = 16; size < 256; size += 16) slotBytes.push(size)
for (let size = 256; size < largestSlotBytes; size *= 2) {
  for (let quarter = 0; quarter < 4; quarter++) slotBytes.push(size + (size / 4) * quarter)
}
slotBytes.push(largestSlotBytes)

/** Class of a length in units of 16 bytes, rounded up. */
const classOf = new Uint8Array(largestSlotBytes / 16 + 1)
for (let units = 0, slot = 0; units < classOf.length; units++) {
  if (units * 16 > slotBytes[slot]!) slot++
  classOf[units] = slot
}

interface SizeClass {
  chunk: Uint8Array
  /** Where the next fresh slot of the chunk begins. */
  fresh: number
  readonly freeBytes: Uint8Array[]
  readonly freeStarts: number[]
}

export class Slab {
  /** Bytes reserved for slots. */
  reservedBytes = 0
  readonly #classes: SizeClass[] = slotBytes.map(() => ({ chunk: noBytes, fresh: 0, freeBytes: [], freeStarts: [] }))

  /** Copies `from[start, end)` into a slot and notes it in `place`. A slot freed before may be overwritten by this. */
  put(place: Place, from: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length > largestSlotBytes) {
      place.bytes = Uint8Array.prototype.slice.call(from, start, end)
      place.start = 0
      place.end = length
      this.reservedBytes += length
      return
    }
    this.#take(place, classOf[(length + 15) >> 4]!)
    place.end = place.start + length
    copy(from, start, end, place.bytes, place.start)
  }

  /** Gives a slot back. Its bytes stay as they are until the next `put`. */
  free(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length > largestSlotBytes) {
      this.reservedBytes -= length
      return
    }
    const size = this.#classes[classOf[(length + 15) >> 4]!]!
    size.freeBytes.push(bytes)
    size.freeStarts.push(start)
  }

  #take(place: Place, index: number): void {
    const size = this.#classes[index]!
    const bytes = size.freeBytes.pop()
    if (bytes !== undefined) {
      place.bytes = bytes
      place.start = size.freeStarts.pop()!
      return
    }
    const width = slotBytes[index]!
    if (size.fresh + width > size.chunk.length) {
      const next = Math.min(largestChunkBytes, Math.max(smallestChunkBytes, 2 * size.chunk.length))
      size.chunk = new Uint8Array(next)
      size.fresh = 0
      this.reservedBytes += next
    }
    place.bytes = size.chunk
    place.start = size.fresh
    size.fresh += width
  }
}

/** Copies bytes; a loop beats a call into the runtime up to about a hundred of them. */
export function copy(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): void {
  if (end - start > 96) {
    into.set(from.subarray(start, end), at)
    return
  }
  for (let index = start; index < end; index++) into[at++] = from[index]!
}
