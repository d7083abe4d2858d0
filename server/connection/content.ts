// Estimates, at a tenth of the cost of compression, what compression would gain: nothing on bytes that look random, such
// as media and what is compressed or encrypted already; on bytes that do not repeat themselves only what Huffman coding
// gains, which needs no search. With it scans of such values are half again as fast (`npm run bench -- ycsb`, E). Random
// bytes taken for others cost an attempt or a search; others taken for random lose only where the gain is a few percent.
import { viewOn } from '../store/bytes/copy.ts'

/** Bytes that are counted: 64 runs of 64, spread evenly. */
const runs = 64
const runBytes = 64
/** How much more often than in random bytes two are equal in those that Huffman coding shortens; in text, ten times. */
const excess = 1.25
/** Bytes that are searched for repetitions, in pieces that are spread evenly. Shorter content is not searched. */
const searchedBytes = 16_384
const pieces = 4
/** One position of 64 is remembered: so a repetition of a few times that length is found, wherever it lies. */
const anchorSlots = 4_096
/** The share of remembered positions that must have occurred before; some do by chance. */
const repeatedShare = 1 / 32
/** Knuth's multiplicative hashing; the upper bits are the good ones. */
const factor = 0x9e3779b1 | 0

const counts = new Int32Array(256)
const anchors = new Int32Array(anchorSlots)

/** What some hundreds of bytes or more look like. */
export function contentOf(bytes: Uint8Array): 'random' | 'unrepeated' | 'repeated' {
  const isRandom = isFlat(bytes)
  if (!isRandom && bytes.length < searchedBytes) return 'repeated'
  if (repeats(bytes)) return 'repeated'
  return isRandom ? 'random' : 'unrepeated'
}

/** Whether all 256 values of a byte are about as frequent. */
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

/** Whether some sequences occur more than once. */
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
      // Positions are chosen by their content, so that a copy has the same ones.
      if (hash >>> 26 !== 0) continue
      const slot = (hash >>> 14) & (anchorSlots - 1)
      seen++
      if (anchors[slot] === word) repeated++
      else anchors[slot] = word
    }
  }
  return repeated > repeatedShare * seen
}
