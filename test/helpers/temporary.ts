// Temporary folders that remove themselves.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty folder; it goes with all in it when the test that asked for it ends. Only to be called in a test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kvass-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}
