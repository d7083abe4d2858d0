// Tells, at a tenth of what compression costs, what it would gain: nothing on what looks random - media, what is
// compressed or encrypted already - and on what does not repeat itself only what Huffman's code gains, for which nothing
// has to be searched. It may take such bytes for others, which costs an attempt or a search; the other way round it goes
// wrong only where a few hundredths would be gained.
import { viewOn } from '../store/bytes/copy.ts'

/** Bytes that are counted: 64 runs of 64, spread evenly. */
const runs = 64
const runBytes = 64
/** How much more often than random bytes those that Huffman's code makes shorter meet their like; text does tenfold. */
const excess = 1.25
/** Bytes that are searched for repetitions, in so many pieces, spread evenly; shorter content is not judged by them. */
const searchedBytes = 16_384
const pieces = 4
/** One place of 64 is remembered: a repetition of some times that length is seen, wherever it lies. */
const anchorSlots = 4_096
/** Which share of the remembered places must have occurred before; by chance some do. */
const repeatedShare = 1 / 32
/** Knuth's multiplicative hashing; the upper bits are the good ones. */
const factor = 0x9e3779b1 | 0

const counts = new Int32Array(256)
const anchors = new Int32Array(anchorSlots)

/** What `bytes`, some hundreds at the least, look like. */
export function contentOf(bytes: Uint8Array): 'random' | 'unrepeated' | 'repeated' {
  const isRandom = isFlat(bytes)
  if (!isRandom && bytes.length < searchedBytes) return 'repeated'
  if (repeats(bytes)) return 'repeated'
  return isRandom ? 'random' : 'unrepeated'
}

/** Whether all values of a byte are about as frequent. */
function isFlat(bytes: Uint8Array): boolean {
  const length = Math.min(runBytes, Math.floor(bytes.length / runs))
  const step = (bytes.length - length) / (runs - 1)
  counts.fill(0)
  for (let run = 0; run < runs; run++) {
    const start = Math.floor(run * step)
    for (let at = start; at < start + length; at++) counts[bytes[at]!]!++
  }
  let pairs = 0
  for (const count of counts) pairs += count * (count - 1)
  const sampled = runs * length
  return 256 * pairs < excess * sampled * (sampled - 1)
}

/** Whether there are stretches that occur more than once. */
function repeats(bytes: Uint8Array): boolean {
  const data = viewOn(bytes)
  const length = Math.floor(Math.min(bytes.length, searchedBytes) / pieces)
  const step = (bytes.length - length) / (pieces - 1)
  let seen = 0
  let repeated = 0
  anchors.fill(0)
  for (let piece = 0; piece < pieces; piece++) {
    const start = Math.floor(piece * step)
    const end = start + length - 4
    for (let at = start; at <= end; at++) {
      const word = data.getInt32(at, true)
      const hash = Math.imul(word, factor)
      // Places are chosen by their content, so that a copy has the same ones.
      if (hash >>> 26 !== 0) continue
      const slot = (hash >>> 14) & (anchorSlots - 1)
      seen++
      if (anchors[slot] === word) repeated++
      else anchors[slot] = word
    }
  }
  return repeated > repeatedShare * seen
}
