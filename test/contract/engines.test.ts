// Every engine under the contract suite, one line each. Those that write to LMDB all the time share a thread for it; one
// has its own, as in production. One seed replays a run: FUZZ_SEED=… FUZZ_STEPS=….
import { describe, test } from 'vitest'
import { openDisk } from '../../server/store/disk/engine.ts'
import type { DiskOptions } from '../../server/store/disk/options.ts'
import type { Engine } from '../../server/store/engine.ts'
import { MemoryEngine } from '../../server/store/memory/engine.ts'
import { engineContract, type Place } from '../../server/testing/index.ts'
import { MapEngine } from '../helpers/map-engine.ts'
import { runScale, runSeed } from '../helpers/random.ts'
import { settled } from '../helpers/settled.ts'
import { SharedWriter } from '../helpers/shared-writer.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const steps = Number(process.env.FUZZ_STEPS ?? 1_500 * runScale)

function contract(name: string, place: () => Place): void {
  engineContract({
    name,
    place,
    describe,
    test: (what, body) => test(what, body, 60_000 * Math.max(1, steps / 1_500)),
    seed: runSeed(),
    steps,
  })
}

/** An engine that keeps nothing. */
const volatile = (make: () => Engine) => (): Place => ({ open: async () => make(), durable: false })

/** The engine on disk; it settles where a checkpoint follows every write. */
const disk = (options: Omit<DiskOptions, 'directory'>) => (): Place => {
  let directory: string | undefined
  return {
    durable: true,
    settle: options.checkpointBytes === 1 ? settled : undefined,
    open: () => {
      directory ??= temporaryFolder()
      return openDisk({ directory, ...options })
    },
  }
}

const writer = (path: string) => new SharedWriter(path)

contract(
  'maps',
  volatile(() => new MapEngine()),
)
contract(
  'memory',
  volatile(() => new MemoryEngine()),
)
contract('disk, flush', disk({ durability: 'flush', writer }))
contract('disk, commit', disk({ durability: 'commit', writer }))
contract('disk, checkpoints all the time', disk({ durability: 'flush', checkpointBytes: 1, writer }))
contract(
  'disk, checkpoints all the time and no cache',
  disk({ durability: 'flush', checkpointBytes: 1, cacheBytes: 0, writer }),
)
contract(
  'disk, commit, a checkpoint now and then, a cache that is mostly too small',
  disk({ durability: 'commit', checkpointBytes: 20_000, cacheBytes: 30_000, writer }),
)
contract(
  'disk, commit, a checkpoint now and then, a thread of its own',
  disk({ durability: 'commit', checkpointBytes: 20_000 }),
)
