// Kills a store at random moments under pipelined writes, with checkpoints under way, and looks each time whether
// everything acknowledged is there, nothing is torn or doubled, and it is ready again in time.
// As a script: node --import tsx test/torture/kill.ts --kills 10000 [--victim engine|tcp|ws] [--durability flush|commit]
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { checkDirectory } from '../../server/store/disk/verify.ts'
import { Random } from '../../server/testing/random.ts'
import { runSeed } from '../helpers/random.ts'
import { gatewayOver } from './gateway-victim.ts'
import { Ledger } from './ledger.ts'
import { buildVictim, type Dump, engineIn, type Victim, type VictimOptions } from './victims.ts'

export type Starter = (options: VictimOptions) => Promise<Victim>

export interface KillOptions {
  readonly kills: number
  readonly durability: 'flush' | 'commit'
  readonly start: Starter
  readonly seed?: number
  readonly fault?: 'early' | undefined
  /** Kills from one check of the whole directory to the next. Default 20. */
  readonly checkEvery?: number
  /** Stop at the first thing that is wrong. */
  readonly stopWhenWrong?: boolean
}

export interface KillReport {
  readonly seed: number
  kills: number
  acked: number
  /** What was lost, torn or doubled, or damaged; empty when all is well. */
  readonly wrong: string[]
  readonly openMs: number[]
  readonly readyMs: number[]
}

/** Small, so that a checkpoint is under way most of the time. */
const checkpointBytes = 64 << 10
/** Ops sent and not acknowledged, at the most. */
const pipeline = 128
const longestLifeMs = 150
const tables = ['t', 'scratch']

export async function torture(options: KillOptions): Promise<KillReport> {
  const { kills, durability, start, seed = runSeed(), fault, checkEvery = 20 } = options
  const random = new Random(seed)
  const ledger = new Ledger(random)
  const report: KillReport = { seed, kills: 0, acked: 0, wrong: [], openMs: [], readyMs: [] }
  const folder = mkdtempSync(join(tmpdir(), 'kvass-kill-'))
  const directory = join(folder, 'data')
  let pump = (): void => {}
  const onAck = (id: number, revision: number): void => {
    ledger.ack(id, revision)
    pump()
  }
  try {
    for (; report.kills <= kills; report.kills++) {
      const victim = await start({ directory, durability, checkpointBytes, fault, onAck })
      report.openMs.push(victim.openMs)
      report.readyMs.push(victim.readyMs)
      report.wrong.push(...ledger.judge(await dumpAll(victim)))
      const over = report.kills === kills || (options.stopWhenWrong === true && report.wrong.length > 0)
      pump = () => {
        while (!over && ledger.waiting < pipeline) victim.send(ledger.next())
      }
      pump()
      await delay(random.below(longestLifeMs))
      pump = () => {}
      await victim.kill()
      if (over || report.kills % checkEvery === checkEvery - 1) report.wrong.push(...(await checked(directory, folder)))
      if (over) break
    }
  } finally {
    report.acked = ledger.acked
    rmSync(folder, { recursive: true, force: true })
  }
  return report
}

async function dumpAll(victim: Victim): Promise<Map<string, Dump>> {
  const dumps = new Map<string, Dump>()
  for (const table of tables) dumps.set(table, await victim.dump(table))
  return dumps
}

/** Checks a copy, since a check takes the lock that the next start is to find as the kill left it. */
async function checked(directory: string, folder: string): Promise<string[]> {
  const copy = join(folder, 'copy')
  cpSync(directory, copy, { recursive: true, verbatimSymlinks: true })
  const lines: string[] = []
  const sound = await checkDirectory(copy, (line) => lines.push(line))
  rmSync(copy, { recursive: true })
  return sound ? [] : lines
}

/** Median, 99th percentile and maximum, for people. */
export function summary(name: string, values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0)
  return `${name} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`
}

export function describe(report: KillReport): string {
  const { kills, acked, wrong, seed, openMs, readyMs } = report
  const times = `${summary('store opened:', openMs)}; ${summary('process ready:', readyMs)}`
  return `${kills} kills, ${acked} writes acknowledged, ${wrong.length} wrong; ${times}; FUZZ_SEED=${seed}`
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '1000' },
      durability: { type: 'string' },
      victim: { type: 'string', default: 'engine' },
    },
  })
  const built = await buildVictim()
  const starters: Record<string, Starter> = {
    engine: engineIn(built.file),
    tcp: gatewayOver('tcp'),
    ws: gatewayOver('ws'),
  }
  const start = starters[values.victim]
  if (start === undefined) throw new Error(`--victim ${values.victim}: one of ${Object.keys(starters).join(', ')}`)
  for (const durability of ['flush', 'commit'] as const) {
    if (values.durability !== undefined && values.durability !== durability) continue
    const report = await torture({ kills: Number(values.kills), durability, start })
    console.log(`${values.victim}, ${durability}: ${describe(report)}`)
    for (const line of report.wrong.slice(0, 20)) console.log(`  ${line}`)
    if (report.wrong.length > 0) process.exitCode = 1
  }
  built.remove()
}
