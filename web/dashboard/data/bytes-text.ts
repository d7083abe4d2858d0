// Bytes as text and back: hex in rows of sixteen, and base64.

const rowBytes = 16

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Pairs of hex digits, sixteen in a line: "00 ff". */
export function toHex(bytes: Uint8Array): string {
  const rows: string[] = []
  for (let at = 0; at < bytes.length; at += rowBytes) {
    rows.push(Array.from(bytes.subarray(at, at + rowBytes), (byte) => hexPairs[byte]).join(' '))
  }
  return rows.join('\n')
}

export type Bytes = { readonly bytes: Uint8Array; readonly error?: undefined } | { readonly error: string }

export function fromHex(text: string): Bytes {
  const digits = text.replace(/\s+/g, '')
  const wrong = /[^0-9a-f]/iu.exec(digits)
  if (wrong) return { error: `“${wrong[0]}” is not a hex digit: use 0 to 9 and a to f.` }
  if (digits.length % 2 === 1) return { error: 'A byte has two hex digits: one is missing at the end.' }
  const bytes = new Uint8Array(digits.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16)
  return { bytes }
}

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  // A call takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 8_192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)))
  return btoa(parts.join(''))
}

export function fromBase64(text: string): Bytes {
  const digits = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/')
  try {
    return { bytes: Uint8Array.from(atob(digits), (char) => char.charCodeAt(0)) }
  } catch {
    return { error: 'Not base64: it has letters, digits, + and / only, and a length that bytes can have.' }
  }
}
