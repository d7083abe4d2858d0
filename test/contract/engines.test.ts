// Every engine under the contract suite, one line each. Those that write to LMDB all the time share a thread for it; one
// has its own, as in production.
import { openDisk } from '../../server/store/disk/engine.ts'
import type { DiskOptions } from '../../server/store/disk/options.ts'
import { MemoryEngine } from '../../server/store/memory/engine.ts'
import { SharedWriter } from '../helpers/shared-writer.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { engineContract } from './engine.contract.ts'
import type { Place } from './place.ts'

const memory = (): Place => ({ open: async () => new MemoryEngine(), durable: false, settles: false })

/** The engine on disk; it settles where a checkpoint follows every write. */
const disk = (options: Omit<DiskOptions, 'directory'>) => (): Place => {
  let directory: string | undefined
  return {
    durable: true,
    settles: options.checkpointBytes === 1,
    open: () => {
      directory ??= temporaryFolder()
      return openDisk({ directory, ...options })
    },
  }
}

const writer = (path: string) => new SharedWriter(path)

engineContract('memory', memory)
engineContract('disk, flush', disk({ durability: 'flush', writer }))
engineContract('disk, commit', disk({ durability: 'commit', writer }))
engineContract('disk, checkpoints all the time', disk({ durability: 'flush', checkpointBytes: 1, writer }))
engineContract(
  'disk, checkpoints all the time and no cache',
  disk({ durability: 'flush', checkpointBytes: 1, cacheBytes: 0, writer }),
)
engineContract(
  'disk, commit, a checkpoint now and then, a cache that is mostly too small',
  disk({ durability: 'commit', checkpointBytes: 20_000, cacheBytes: 30_000, writer }),
)
engineContract(
  'disk, commit, a checkpoint now and then, a thread of its own',
  disk({ durability: 'commit', checkpointBytes: 20_000 }),
)
