// The contract of server/store/engine.ts as a suite for any test runner: an engine passes it, or it is not one.
import { changesContract } from './changes.ts'
import { entriesContract } from './entries.ts'
import { lifeContract } from './life.ts'
import { modelTest } from './model.ts'
import { observerContract } from './observer.ts'
import type { Place } from './place.ts'
import { rangesContract } from './ranges.ts'
import { contractOf } from './stages.ts'

/** An engine to try, and the test runner to try it with. */
export interface EngineContractOptions {
  /** What the group of tests is called. */
  readonly name: string
  /** Makes a place with an empty store: called for each test. */
  readonly place: () => Place
  /** Of the test runner, such as node:test, vitest, jest or mocha: groups the tests that `body` declares. */
  readonly describe: (name: string, body: () => void) => unknown
  /** Of the test runner: declares a test. Nothing should take longer than a few seconds on an engine in memory. */
  readonly test: (name: string, body: () => Promise<void>) => unknown
  /** Replays the random commands of a run that printed it, from 0 to 2^32 - 1. Default: another one in each run. */
  readonly seed?: number | undefined
  /** Random commands that are compared with a model. Default 1,500. */
  readonly steps?: number | undefined
}

/**
 * Declares the contract of an engine as tests: every promise of `Engine` at each stage of its store, and random commands
 * compared with a model of plain maps. It is for engines whose tables are one group, with revisions that go up by one. What
 * `Engine` calls optional may be missing. A test that fails throws an AssertionError of node:assert.
 */
export function engineContract({ name, place, describe, test, seed, steps }: EngineContractOptions): void {
  describe(name, () => {
    const contract = contractOf(place, test)
    entriesContract(contract)
    rangesContract(contract)
    changesContract(contract)
    observerContract(contract)
    lifeContract(contract)
    modelTest(contract, { seed, steps })
  })
}
