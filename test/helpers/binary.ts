// Where the build puts the `kvass` binary.
import { join } from 'node:path'

/** `npm test` and `npm run bench` build it first. */
export const binary = join(import.meta.dirname, '../../dist/server/main.js')
