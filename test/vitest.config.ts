// How the tests run: every *.test.ts below test/, in as many processes as there are cores.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/helpers/reporter.ts'],
    pool: 'forks',
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
