// The version of this package, read from its package.json: one folder up from the sources, two from the build, three
// from the files of the built binary.
import { readFileSync } from 'node:fs'

function read(path: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
    return name === 'kvass' ? version : undefined
  } catch {
    return undefined
  }
}

/** As "0.1.0". */
export const version: string =
  read('../package.json') ?? read('../../package.json') ?? read('../../../package.json') ?? '0.0.0'
