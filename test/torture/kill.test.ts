// The torture in the test run, 40 kills: of the engine, under both durabilities, and of the gateway over both
// sockets; and the same torture on an engine that acknowledges before it writes, which it must find out.
// Longer: node --import tsx test/torture/kill.ts --kills 10000
import { expect, test } from 'vitest'
import { whenOver } from '../helpers/cleanup.ts'
import { runScale } from '../helpers/random.ts'
import { gatewayOver } from './gateway-victim.ts'
import { describe, type Starter, torture } from './kill.ts'
import { buildVictim, engineIn } from './victims.ts'

/** Kills of each kind; a kill and the start after it take most of a second. */
const kills = 10 * runScale

async function engine(): Promise<Starter> {
  const built = await buildVictim()
  whenOver(built.remove)
  return engineIn(built.file)
}

test.each([
  ['engine', 'flush', engine],
  ['engine', 'commit', engine],
  ['gateway over TCP', 'flush', async () => gatewayOver('tcp')],
  ['gateway over WebSocket', 'commit', async () => gatewayOver('ws')],
] as const)(
  '%s, %s: what was acknowledged survives SIGKILL at any moment',
  async (name, durability, starter) => {
    const report = await torture({ kills, durability, start: await starter() })
    console.log(`${name}, ${durability}: ${describe(report)}`)
    expect(report.wrong).toEqual([])
    expect(report.kills).toBe(kills)
    expect(report.acked).toBeGreaterThan(kills)
  },
  180_000 * runScale,
)

test('an acknowledgement before the write is found out', async () => {
  const report = await torture({
    kills: 50,
    durability: 'flush',
    start: await engine(),
    fault: 'early',
    stopWhenWrong: true,
  })
  console.log(`found after ${report.kills} kills: ${report.wrong[0]}; FUZZ_SEED=${report.seed}`)
  expect(report.wrong.length).toBeGreaterThan(0)
}, 120_000)
