// Every engine under the contract suite, one line each.
import { openDisk } from '../../server/store/disk.ts'
import { MemoryEngine } from '../../server/store/memory.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { engineContract, type Place } from './engine.contract.ts'

const memory = (): Place => ({ open: async () => new MemoryEngine(), durable: false, settles: false })

const disk = (durability: 'flush' | 'commit', checkpointBytes?: number) => (): Place => {
  let directory: string | undefined
  return {
    durable: true,
    settles: checkpointBytes === 1,
    open: () => {
      directory ??= temporaryFolder()
      return openDisk({ directory, durability, checkpointBytes })
    },
  }
}

engineContract('memory', memory)
engineContract('disk, flush', disk('flush'))
engineContract('disk, commit', disk('commit'))
engineContract('disk, checkpoints all the time', disk('flush', 1))
engineContract('disk, commit, a checkpoint now and then', disk('commit', 20_000))
