// Copying bytes: what every part of the store does most.

export const noBytes = new Uint8Array(0)

/** Copies bytes; a loop beats a call into the runtime up to about a hundred of them. */
export function copy(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): void {
  if (end - start > 96) {
    into.set(from.subarray(start, end), at)
    return
  }
  for (let index = start; index < end; index++) into[at++] = from[index]!
}
