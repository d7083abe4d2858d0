// How the tests run: every *.test.ts below test/, in as many processes as there are cores, the long files first. The
// mode `quick` leaves out the slow lane.
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { rank, slowGlobs } from './helpers/lanes.ts'

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId))
  }
}

export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    exclude: mode === 'quick' ? [...configDefaults.exclude, ...slowGlobs] : configDefaults.exclude,
    reporters: ['default', './test/helpers/reporter.ts'],
    sequence: { sequencer: LongFirst },
    pool: 'forks',
    maxWorkers: '100%', // The default leaves one core out, which is half of two.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    allowOnly: false,
    coverage: {
      include: ['proto/*.ts', 'server/**', 'web/sdk/**'],
      reporter: ['text', 'html'],
      reportsDirectory: 'coverage',
    },
  },
}))
