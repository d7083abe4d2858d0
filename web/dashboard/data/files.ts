// Values to files of the user and back.
import type { Stored } from '../../sdk/stored.ts'
import { fromFile, type Parsed, toFile, type ValueType } from './drafts.ts'

/** Gives a value to the user as a file. */
export function download(value: Stored, name: string): void {
  const url = URL.createObjectURL(new Blob([toFile(value) as BlobPart]))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** What a file holds, as a value of that type. */
export async function read(file: File, type: ValueType): Promise<Parsed> {
  try {
    return fromFile(type, new Uint8Array(await file.arrayBuffer()))
  } catch {
    return { error: `${file.name} cannot be read.` }
  }
}
