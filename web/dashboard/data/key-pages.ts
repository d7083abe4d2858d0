// The keys of a range, in order, loaded in pages where they are looked at. Pages are loaded from both ends; a place
// in the gap between is reached by walking from the nearer end. Keys far from the view are let go, their places are
// kept, so that memory stays small under any number of keys. It knows no table and no DOM.

export interface KeyQuery {
  /** First key, inclusive. Absent: from the first. */
  readonly start: string | undefined
  /** End, exclusive. Absent: to the last. */
  readonly end: string | undefined
  readonly reverse: boolean
  readonly limit: number
}

/** Answers the keys of a query in its direction: `limit` of them, or fewer where there are no more. */
export type KeyFetch = (query: KeyQuery, signal: AbortSignal) => Promise<string[]>

/** An interval of the range, [start, end), and the keys in it while they are held. */
interface Segment {
  start: string | undefined
  end: string | undefined
  count: number
  keys: string[] | undefined
  stale: boolean
}

interface Found {
  readonly segment: Segment
  readonly index: number
}

/** How many keys a segment has when it is made. */
const segmentKeys = 500
/** Keys asked at once on a long walk: 1,000,000 keys are 50 round trips. */
const walkKeys = 20_000
/** Segments whose keys are held. */
const heldSegments = 120

export class KeyPages {
  readonly #fetch: KeyFetch
  readonly #changed: () => void
  #front: Segment[] = []
  #back: Segment[] = []
  /** Whether there may be keys between the front and the back. */
  #gap = true
  #total: number | undefined
  #run: AbortController | undefined
  /** Places of the segments' first keys, front then back relative to their beginnings; undefined: to be computed. */
  #sums: { front: number[]; back: number[] } | undefined

  /** `changed` is called whenever keys or the length have changed. */
  constructor(fetch: KeyFetch, changed: () => void) {
    this.#fetch = fetch
    this.#changed = changed
  }

  /** How many keys there are, as far as is known. */
  get length(): number {
    const known = this.#frontCount + this.#backCount
    if (!this.#gap) return known
    return Math.max(known + (this.#front.length === 0 ? 0 : 1), this.#total ?? 0)
  }

  /** Whether every key was walked past. */
  get isComplete(): boolean {
    return !this.#gap
  }

  /** Whether `length` is a count, and not only how far the pages go. */
  get isCounted(): boolean {
    return !this.#gap || this.#total !== undefined
  }

  /** How many keys have been walked past. */
  get walked(): number {
    return this.#frontCount + this.#backCount
  }

  /** Tells how many keys there are, when somebody who counted knows. */
  setTotal(total: number): void {
    if (total === this.#total) return
    this.#total = total
    this.#changed()
  }

  /** The key at a place, or undefined while it is not loaded. */
  at(index: number): string | undefined {
    const found = this.#find(index)
    return found?.segment.keys?.[found.index]
  }

  /** The place of a key that is loaded. */
  indexOf(key: string): number | undefined {
    const sums = this.#offsets()
    const backStart = this.length - this.#backCount
    for (const [list, places, base] of [
      [this.#front, sums.front, 0],
      [this.#back, sums.back, backStart],
    ] as const) {
      for (const [place, segment] of list.entries()) {
        const index = segment.keys?.indexOf(key) ?? -1
        if (index >= 0) return base + places[place]! + index
      }
    }
    return undefined
  }

  /** Makes every page be read again when it is next looked at; what is held is shown until then. */
  expire(): void {
    for (const segment of [...this.#front, ...this.#back]) segment.stale = true
  }

  /**
   * Loads the keys of the places `first` to `last`, and forgets what an earlier call still wanted. Rejects when a
   * page cannot be read; the call may be made again.
   */
  async load(first: number, last: number): Promise<void> {
    this.#run?.abort()
    const run = new AbortController()
    this.#run = run
    // A page is one request, so this ends: each adds keys, closes the gap or makes a stale segment fresh.
    while (!run.signal.aborted) {
      const upTo = Math.min(last, this.#front.length === 0 ? last : this.length - 1)
      const work = this.#missing(Math.min(first, upTo), upTo)
      if (!work) break
      const apply = await work(run.signal).catch((error: unknown) => {
        if (run.signal.aborted) return undefined
        throw error
      })
      if (run.signal.aborted || !apply) return
      apply()
      this.#sums = undefined
      this.#release(first)
      this.#changed()
    }
  }

  /** Stops loading. */
  stop(): void {
    this.#run?.abort()
  }

  get #frontCount(): number {
    return total(this.#front, this.#offsets().front)
  }

  get #backCount(): number {
    return total(this.#back, this.#offsets().back)
  }

  #offsets(): { front: number[]; back: number[] } {
    this.#sums ??= { front: placesOf(this.#front), back: placesOf(this.#back) }
    return this.#sums
  }

  #find(index: number): Found | undefined {
    const { front, back } = this.#offsets()
    if (index < this.#frontCount) return locate(this.#front, front, index)
    const fromBack = index - (this.length - this.#backCount)
    return fromBack >= 0 ? locate(this.#back, back, fromBack) : undefined
  }

  /** The next page that the places `first` to `last` need, or undefined where they need none. */
  #missing(first: number, last: number): ((signal: AbortSignal) => Promise<() => void>) | undefined {
    if (this.#front.length === 0 && this.#back.length === 0) return (signal) => this.#extendFront(signal, segmentKeys)
    const empty = [...this.#front.slice(0, 1), ...this.#back.slice(0, 1)].find(
      ({ count, stale }) => count === 0 && stale,
    )
    if (empty) return (signal) => this.#read(signal, empty)
    let index = Math.max(0, first)
    while (index <= last) {
      const found = this.#find(index)
      if (!found) return (signal) => this.#walk(signal, first, last)
      const { segment } = found
      if (!segment.keys || segment.stale) return (signal) => this.#read(signal, segment)
      index += segment.count - found.index
    }
    return undefined
  }

  /** One step into the gap, from the nearer end. */
  #walk(signal: AbortSignal, first: number, last: number): Promise<() => void> {
    const fromFront = last + 1 - this.#frontCount
    const fromBack = this.length - this.#backCount - first
    const distance = Math.min(fromFront, fromBack)
    const limit = Math.min(walkKeys, Math.max(segmentKeys, distance))
    return this.#total !== undefined && fromBack < fromFront
      ? this.#extendBack(signal, limit)
      : this.#extendFront(signal, limit)
  }

  async #extendFront(signal: AbortSignal, limit: number): Promise<() => void> {
    const start = this.#front.at(-1)?.end
    const end = this.#back[0]?.start
    // One key more than wanted: where the next segment starts.
    const keys = await this.#fetch({ start, end, reverse: false, limit: limit + 1 }, signal)
    return () => {
      const next = keys.length > limit ? keys.pop() : undefined
      this.#gap = next !== undefined
      this.#front.push(...split(keys, start, next ?? end))
    }
  }

  async #extendBack(signal: AbortSignal, limit: number): Promise<() => void> {
    const start = this.#front.at(-1)?.end
    const end = this.#back[0]?.start
    const keys = await this.#fetch({ start, end, reverse: true, limit }, signal)
    return () => {
      this.#gap = keys.length === limit
      keys.reverse()
      this.#back.unshift(...split(keys, this.#gap ? keys[0] : start, end))
    }
  }

  /** Reads a segment again: keys may have come and gone within it. */
  async #read(signal: AbortSignal, segment: Segment): Promise<() => void> {
    const limit = Math.max(4 * segmentKeys, 2 * segment.count)
    const { start, end } = segment
    const keys = await this.#fetch({ start, end, reverse: false, limit: limit + 1 }, signal)
    return () => {
      const next = keys.length > limit ? keys.pop() : undefined
      const pieces = split(keys, start, next ?? end)
      // More came in than one read takes: the rest is a segment whose keys are read when they are looked at.
      if (next !== undefined) pieces.push({ start: next, end, count: segmentKeys, keys: undefined, stale: false })
      for (const list of [this.#front, this.#back]) {
        const at = list.indexOf(segment)
        if (at >= 0) list.splice(at, 1, ...pieces)
      }
      this.#dropEmpty()
    }
  }

  /** Gives the interval of a segment that has become empty to its neighbour, so that an empty one is never between. */
  #dropEmpty(): void {
    for (const list of [this.#front, this.#back]) {
      const at = list.findIndex(({ count }) => count === 0)
      if (at < 0 || list.length === 1) continue
      const [empty] = list.splice(at, 1) as [Segment]
      if (at > 0) list[at - 1]!.end = empty.end
      else list[0]!.start = empty.start
      list[Math.max(0, at - 1)]!.stale = true
    }
  }

  /** Lets go of the keys that are farthest from the view. */
  #release(view: number): void {
    const { front, back } = this.#offsets()
    const backStart = this.length - this.#backCount
    const held = [
      ...this.#front.map((segment, index) => ({ segment, place: front[index]! })),
      ...this.#back.map((segment, index) => ({ segment, place: backStart + back[index]! })),
    ].filter(({ segment }) => segment.keys)
    if (held.length <= heldSegments) return
    held.sort((a, b) => Math.abs(a.place - view) - Math.abs(b.place - view))
    for (const { segment } of held.slice(heldSegments)) segment.keys = undefined
  }
}

/** Cuts keys into segments that cover [start, end) without a hole. */
function split(keys: string[], start: string | undefined, end: string | undefined): Segment[] {
  const pieces: Segment[] = []
  for (let at = 0; at === 0 || at < keys.length; at += segmentKeys) {
    const piece = keys.slice(at, at + segmentKeys)
    const from = at === 0 ? start : piece[0]
    const to = at + segmentKeys < keys.length ? keys[at + segmentKeys] : end
    pieces.push({ start: from, end: to, count: piece.length, keys: piece, stale: false })
  }
  return pieces
}

function placesOf(list: readonly Segment[]): number[] {
  let sum = 0
  return list.map(({ count }) => {
    sum += count
    return sum - count
  })
}

function total(list: readonly Segment[], places: readonly number[]): number {
  const last = list.at(-1)
  return last ? places.at(-1)! + last.count : 0
}

/** The segment that holds the place `index`, by bisection; empty segments are passed over. */
function locate(list: readonly Segment[], places: readonly number[], index: number): Found | undefined {
  let low = 0
  let high = list.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (places[middle]! <= index) low = middle
    else high = middle
  }
  const segment = list[low]
  return segment && { segment, index: index - places[low]! }
}
