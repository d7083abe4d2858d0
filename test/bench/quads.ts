// Decimal digits four at a time: a number of eight digits is written, or compared, as two words.

/** Numbers that four digits can say. */
export const perQuad = 10_000

/** The four digits of each number below 10,000, as the little-endian word that their bytes are. */
export const quads = Int32Array.from({ length: perQuad }, (_, number) =>
  Buffer.from(String(number).padStart(4, '0')).readInt32LE(),
)

/** Writes the last eight digits of a number at `at`, each word masked with `mask`. */
export function writeEight(into: DataView, at: number, number: number, mask: number): void {
  const upper = (number / perQuad) | 0
  into.setInt32(at, quads[upper % perQuad]! ^ mask, true)
  into.setInt32(at + 4, quads[number - upper * perQuad]! ^ mask, true)
}
