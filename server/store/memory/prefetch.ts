// Places in several large arrays that are to be read soon, put in order of the arrays. The processor overlaps as many
// misses of its caches as fit into the instructions that it looks ahead over, so the loops that read are short: one
// array each, whose checks are made once for several places. At 10,000,000 entries reading one word at each of 64
// places takes 27 ns a place so, and 40 in a loop that looks at one place at a time.

/** Arrays that an index or the cells of a table can have. */
const mostArrays = 64
/** Places that one array's list has room for. */
export const mostPrefetched = 256

class Prefetch {
  readonly #counts = new Int32Array(mostArrays)
  readonly #lists = new Int32Array(mostArrays * mostPrefetched)

  /** Adds a place in the array of a number. */
  add(array: number, place: number): void {
    this.#lists[array * mostPrefetched + this.#counts[array]!++] = place
  }

  /** Has `read` read at each place, and forgets them all; returns a number that nobody needs. */
  read(arrays: readonly Int32Array[], read: typeof readWords): number {
    const counts = this.#counts
    let sum = 0
    for (let number = 0; number < arrays.length; number++) {
      const first = number * mostPrefetched
      if (counts[number] !== 0) sum ^= read(arrays[number]!, this.#lists, first, first + counts[number]!)
      counts[number] = 0
    }
    return sum
  }
}

/** One for all: it is filled and read in one call. */
export const prefetch = new Prefetch()

/** Reads a word of `array` at each place in `list[at, end)`; returns a number that nobody needs. */
export function readWords(array: Int32Array, list: Int32Array, at: number, end: number): number {
  let sum = 0
  for (; at + 4 <= end; at += 4) {
    sum ^= array[list[at]!]! ^ array[list[at + 1]!]! ^ array[list[at + 2]!]! ^ array[list[at + 3]!]!
  }
  for (; at < end; at++) sum ^= array[list[at]!]!
  return sum
}

/** As `readWords`, and a word of each line of memory that the 128 bytes from a place on may lie in. */
export function readLines(array: Int32Array, list: Int32Array, at: number, end: number): number {
  const last = array.length - 1
  let sum = 0
  for (; at + 2 <= end; at += 2) {
    const [one, two] = [list[at]!, list[at + 1]!]
    sum ^= array[one]! ^ array[Math.min(one + 16, last)]! ^ array[Math.min(one + 27, last)]!
    sum ^= array[two]! ^ array[Math.min(two + 16, last)]! ^ array[Math.min(two + 27, last)]!
  }
  if (at < end)
    sum ^= array[list[at]!]! ^ array[Math.min(list[at]! + 16, last)]! ^ array[Math.min(list[at]! + 27, last)]!
  return sum
}
