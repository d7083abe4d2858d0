// The torture in the test run, 100 kills: of the engine, under both durabilities, and of the gateway over both
// sockets; and the same torture on an engine that acknowledges before it writes, which it must find out.
// Longer: node --import tsx test/torture/kill.ts --kills 10000
import { expect, test } from 'vitest'
import { whenOver } from '../helpers/cleanup.ts'
import { gatewayOver } from './gateway-victim.ts'
import { describe, type Starter, torture } from './kill.ts'
import { buildVictim, engineIn } from './victims.ts'

/** Kills of each kind; KVASS_KILLS is the number in all. */
const kills = Math.ceil(Number(process.env.KVASS_KILLS ?? 100) / 4)

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
  180_000,
)

test('an acknowledgement before the write is found out', async () => {
  const report = await torture({
    kills: 50,
    durability: 'flush',
    start: await engine(),
    fault: 'early',
    stopWhenWrong: true,
  })
  console.log(`found after ${report.kills} kills: ${report.wrong[0]}; KVASS_SEED=${report.seed}`)
  expect(report.wrong.length).toBeGreaterThan(0)
}, 120_000)
