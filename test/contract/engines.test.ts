// Every engine under the contract suite, one line each.
import { openDisk } from '../../server/store/disk/engine.ts'
import { MemoryEngine } from '../../server/store/memory/engine.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { engineContract } from './engine.contract.ts'
import type { Place } from './place.ts'

const memory = (): Place => ({ open: async () => new MemoryEngine(), durable: false, settles: false })

const disk = (durability: 'flush' | 'commit', checkpointBytes?: number, cacheBytes?: number) => (): Place => {
  let directory: string | undefined
  return {
    durable: true,
    settles: checkpointBytes === 1,
    open: () => {
      directory ??= temporaryFolder()
      return openDisk({ directory, durability, checkpointBytes, cacheBytes })
    },
  }
}

engineContract('memory', memory)
engineContract('disk, flush', disk('flush'))
engineContract('disk, commit', disk('commit'))
engineContract('disk, checkpoints all the time', disk('flush', 1))
engineContract('disk, checkpoints all the time and no cache', disk('flush', 1, 0))
engineContract(
  'disk, commit, a checkpoint now and then, a cache that is mostly too small',
  disk('commit', 20_000, 30_000),
)
engineContract('disk, commit, a checkpoint now and then', disk('commit', 20_000))
