// A histogram of latencies in whole microseconds, with an error below 1 % at any size: 128 buckets to each power of
// two. Recording is an addition in an array.

const subBits = 7
const exact = 2 << subBits

function bucketOf(microseconds: number): number {
  if (microseconds < exact) return microseconds
  const shift = 31 - Math.clz32(microseconds) - subBits
  return (shift << subBits) + (microseconds >>> shift)
}

/** The middle of a bucket. */
function middleOf(bucket: number): number {
  if (bucket < exact) return bucket
  const shift = (bucket >> subBits) - 1
  return (bucket - (shift << subBits) + 0.5) * 2 ** shift
}

export class Histogram {
  readonly #counts = new Float64Array(bucketOf(0x7fffffff) + 1)
  count = 0
  #sum = 0
  /** In microseconds. */
  min = Number.POSITIVE_INFINITY
  max = 0

  /** Records `count` latencies of the same length. */
  record(microseconds: number, count: number): void {
    const whole = microseconds < 0 ? 0 : microseconds > 0x7fffffff ? 0x7fffffff : Math.round(microseconds)
    this.#counts[bucketOf(whole)]! += count
    this.count += count
    this.#sum += whole * count
    if (whole < this.min) this.min = whole
    if (whole > this.max) this.max = whole
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.#sum / this.count
  }

  /** The latency that `share` (0 to 1) of all are not above, in microseconds; 0 where there is none. */
  percentile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.count))
    let seen = 0
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket]!
      if (seen >= rank) return Math.min(this.max, Math.max(this.min, middleOf(bucket)))
    }
    return 0
  }
}
