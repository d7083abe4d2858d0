// Temporary folders that remove themselves.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenOver } from './cleanup.ts'

/** Path of a new empty folder; it is removed when the test, or the file, that asked for it is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kvass-test-'))
  whenOver(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}
