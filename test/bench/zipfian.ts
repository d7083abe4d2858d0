// Numbers with a zipfian distribution, by the algorithm of Gray et al., "Quickly Generating Billion-Record Synthetic
// Databases" (SIGMOD 1994): the rank r of n comes with a probability in proportion to 1 / (r + 1)^theta.

/** The sum of 1 / i^theta over i from `from + 1` to `to`. */
function zeta(from: number, to: number, theta: number): number {
  let sum = 0
  for (let i = from + 1; i <= to; i++) sum += 1 / i ** theta
  return sum
}

export class Zipfian {
  readonly #theta: number
  readonly #uniform: () => number
  readonly #alpha: number
  readonly #secondAt: number
  #count = 0
  #zeta = 0
  #eta = 0

  /** Ranks of `count`; `uniform` returns numbers in [0, 1). */
  constructor(count: number, theta: number, uniform: () => number) {
    this.#theta = theta
    this.#uniform = uniform
    this.#alpha = 1 / (1 - theta)
    this.#secondAt = 1 + 0.5 ** theta
    this.grow(count)
  }

  /** From now on there are more ranks: costs what is added. */
  grow(count: number): void {
    if (count === this.#count) return
    this.#zeta += zeta(this.#count, count, this.#theta)
    this.#count = count
    const firstTwo = zeta(0, 2, this.#theta)
    this.#eta = (1 - (2 / count) ** (1 - this.#theta)) / (1 - firstTwo / this.#zeta)
  }

  /** How likely the first rank is, which is the likeliest. */
  get top(): number {
    return 1 / this.#zeta
  }

  /** A rank, from 0. */
  next(): number {
    const u = this.#uniform()
    const scaled = u * this.#zeta
    if (scaled < 1) return 0
    if (scaled < this.#secondAt) return 1
    return Math.min(this.#count - 1, Math.floor(this.#count * (this.#eta * u - this.#eta + 1) ** this.#alpha))
  }
}

/** A number below `count` for a rank, so that ranks near each other are far apart. */
export function scramble(rank: number, count: number): number {
  let mixed = Math.imul(rank ^ (rank >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) % count
}
