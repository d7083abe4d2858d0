// The contract of server/store/engine.ts as a suite: an engine passes it, or it is not one.
import { describe } from 'vitest'
import { changesContract } from './changes.contract.ts'
import { entriesContract } from './entries.contract.ts'
import { lifeContract } from './life.contract.ts'
import { modelTest } from './model.ts'
import { observerContract } from './observer.contract.ts'
import { type Place, settled } from './place.ts'
import { rangesContract } from './ranges.contract.ts'
import { contractOf } from './stages.ts'

export function engineContract(name: string, place: () => Place): void {
  describe(name, () => {
    const contract = contractOf(place)
    entriesContract(contract)
    rangesContract(contract)
    changesContract(contract)
    observerContract(contract)
    lifeContract(contract)
    modelTest(place, settled)
  })
}
