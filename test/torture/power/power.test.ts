// The power-loss torture in the test run: 300 crash images of recorded gateways, and faults that it must find out.
// Longer: node --import tsx test/torture/power/long.ts --images 20000
import { beforeAll, expect, test } from 'vitest'
import { whenOver } from '../../helpers/cleanup.ts'
import { runScale, runSeed } from '../../helpers/random.ts'
import { stories } from './recording.ts'
import { describe, Stories } from './stories.ts'

/** Images of each story. */
const images = (300 / stories.length) * runScale
let torture: Stories

beforeAll(async () => {
  torture = await Stories.open()
  whenOver(() => torture.close())
}, 180_000)

test.each(stories)(
  '%s: what was told survives a power loss at any call, and another one while it recovers',
  async (story) => {
    const report = await torture.run({ story, images, seed: runSeed(), writes: 250 })
    console.log(describe(report))
    expect(report.wrong).toEqual([])
    expect(report.images).toBeGreaterThanOrEqual(images)
    expect(report.again).toBeGreaterThan(images / 8)
  },
  180_000 * runScale,
)

test.each([
  ['files are never synced', 'whole', 'no-datasync'],
  ['replies leave before the sync', 'whole', 'late-sync'],
  ['directories are never synced', 'whole', 'no-dirsync'],
  ['what a start read back is not written again', 'failed sync', 'no-rewrite'],
] as const)(
  'found out: %s',
  async (_, story, plant) => {
    // Whether a recording can show it, the machine decides with how it groups the writes.
    for (let recordings = 1; recordings <= 5; recordings++) {
      const report = await torture.run({
        story,
        plant,
        images: 80,
        seed: runSeed(),
        writes: 150,
        stopWhenWrong: true,
      })
      if (report.wrong.length === 0) continue
      const where = `recording ${recordings}, image ${report.images}: ${report.wrong[0]}`
      console.log(`found out in ${where}; FUZZ_SEED=${report.seed}`)
      return
    }
    expect.unreachable(`${plant} was not found out`)
  },
  180_000,
)
