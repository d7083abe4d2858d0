// How the tests run: every *.test.ts below test/, in as many processes as there are cores, the long files first.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Folders whose files run long: begun last, one of them alone would keep the others waiting. */
const long = /\/test\/(torture|contract|e2e|fuzz)\//

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = (file: TestSpecification) => long.test(file.moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
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
})
