// Cuts the power at many calls of a recording: makes what the disk may hold then, opens it as the store would, judges
// what is there, and cuts the power again while that store recovers.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../../../server/testing/random.ts'
import { Disk, type Model } from './disk.ts'
import type { Fate } from './file.ts'
import { writeImage } from './images.ts'
import type { Dump, OpenJob } from './opener.ts'
import { Opener } from './openers.ts'
import { type Call, kinds } from './record.ts'
import type { Recording } from './recording.ts'

export interface PowerReport {
  images: number
  /** Of them, those of a cut while another image recovered. */
  again: number
  readonly wrong: string[]
}

export interface PowerOptions {
  readonly recording: Recording
  /** Images to make, those of cuts during a recovery included. */
  readonly images: number
  readonly seed: number
  readonly shim: string
  /** The translated opener.ts. */
  readonly opener: string
  readonly stopWhenWrong?: boolean
  /** Called now and then with how many images were judged. */
  readonly onProgress?: (images: number) => void
}

/** Of the images, one in so many is cut again while it recovers. */
const againShare = 0.5
const deepest = 3
/** Calls that a cut shortly before or after tells most of. */
const turning = new Set<number>([
  kinds.syncBegin,
  kinds.syncEnd,
  kinds.rename,
  kinds.unlink,
  kinds.open,
  kinds.mkdir,
  kinds.send,
])
/** A folder in memory is fast, and what it is asked to sync nobody asks of it. */
const memory = '/dev/shm'

export async function cutPower(options: PowerOptions): Promise<PowerReport> {
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'kvass-power-'))
  const run = new Run(options, folder)
  try {
    return await run.all()
  } finally {
    run.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What must be there after a cut. */
interface Due {
  /** Revisions up to this one were told. */
  readonly told: number
  /** What is there may be no newer than this revision, but for what an opener wrote. */
  readonly newest: number
  readonly at: bigint
}

class Run {
  readonly #options: PowerOptions
  readonly #folder: string
  readonly #opener: Opener
  readonly #report: PowerReport = { images: 0, again: 0, wrong: [] }

  constructor(options: PowerOptions, folder: string) {
    this.#options = options
    this.#folder = folder
    this.#opener = new Opener(options.opener, options.shim, folder)
  }

  close(): void {
    this.#opener.close()
  }

  async all(): Promise<PowerReport> {
    const { images, seed } = this.#options
    for (let round = 0; this.#report.images < images && !this.#isOver; round++) {
      await this.#pass(Math.ceil((images - this.#report.images) / 1.6), new Random(seed + round))
    }
    return this.#report
  }

  get #isOver(): boolean {
    return this.#options.stopWhenWrong === true && this.#report.wrong.length > 0
  }

  /** Goes through the recording once, and cuts the power at so many calls. */
  async #pass(count: number, random: Random): Promise<void> {
    const { calls, told, root } = this.#options.recording
    const disk = new Disk()
    let made = 0
    for (const cut of chooseCuts(this.#options.recording, count, random)) {
      while (made < cut) disk.make(calls[made++]!)
      const at = calls[Math.min(cut, calls.length - 1)]!.nanoseconds
      const due = { told: told[cut]!, newest: Number.POSITIVE_INFINITY, at }
      await this.#image(disk, root, due, random, `cut ${cut}`, 1)
      if (this.#isOver) return
    }
  }

  /** Makes an image of a disk, opens and judges it, and may cut the power again while it recovers. */
  async #image(disk: Disk, root: string, due: Due, random: Random, name: string, depth: number): Promise<void> {
    const number = ++this.#report.images
    if (depth > 1) this.#report.again++
    const folder = join(this.#folder, `image-${number}`)
    const model: Model = random.chance(0.5) ? 'ordered' : 'strict'
    const { fate, fateOf } = chooseFates(random)
    const image = disk.image(random, model, fateOf)
    const after = writeImage(image, root, folder, (length) => this.#mappedContent(length, random))
    const what = `${name} (${model}, ${fate})`
    const { result, calls } = await this.#opener.open(this.#job(folder, number, random))
    const wrong = 'refused' in result ? [`refused: ${result.refused}`] : this.#judge(result.dump, due)
    this.#report.wrong.push(...wrong.map((text) => `${this.#options.recording.story}, ${what}: ${text}`))
    if (number % 100 === 0) this.#options.onProgress?.(number)
    if (wrong.length === 0 && 'dump' in result && depth < deepest && calls.length > 1 && random.chance(againShare)) {
      const cut = random.below(calls.length + 1)
      for (const call of calls.slice(0, cut)) after.make(call)
      const next = dueAfter(due, result.dump, calls.slice(0, cut))
      await this.#image(after, folder, next, random, `${what}, then cut ${cut} of ${calls.length}`, depth + 1)
    }
    rmSync(folder, { recursive: true, force: true })
  }

  #job(folder: string, number: number, random: Random): OpenJob {
    const keys = ['a', 'b', 'c']
    // With the first, a checkpoint is due at once.
    const checkpointBytes = random.chance(0.1) ? 32 << 10 : 64 << 20
    return { directory: join(folder, 'data'), checkpointBytes, write: { table: 'recovery', keys, value: `${number}` } }
  }

  #judge({ revision, tables, written }: Dump, due: Due): string[] {
    const { history } = this.#options.recording
    const recovery = tables.find(({ name }) => name === 'recovery')?.rows ?? []
    const others = tables.filter(({ name }) => name !== 'recovery')
    const states = new Set(recovery.map(({ value }) => value.toString()))
    const torn = recovery.length % 3 !== 0 || states.size > 1 ? ['the writes of an opener are torn'] : []
    const lost = revision < due.told ? [`lost: it is at revision ${revision}, and ${due.told} was told`] : []
    const shown = { revision: Math.min(revision, due.newest), tables: others, written }
    return [...lost, ...torn, ...history.judge(shown, 0, due.at)]
  }

  #mappedContent(length: number, random: Random): Buffer {
    const { mapped } = this.#options.recording
    return random.chance(0.5) ? Buffer.alloc(length) : mapped.subarray(0, length)
  }
}

/** What must be there when the power goes again after these calls of an opener. */
function dueAfter(due: Due, { revision, written }: Dump, calls: readonly Call[]): Due {
  const marks = new Set(calls.filter(({ kind }) => kind === kinds.mark).map(({ path }) => path))
  const told = marks.has('written') ? written : marks.has('opened') ? revision : due.told
  return { told, newest: Math.min(due.newest, revision), at: due.at }
}

/** Calls before which the power goes, in their order: more of them where a restart may have built on something lost. */
function chooseCuts({ calls, started }: Recording, count: number, random: Random): number[] {
  const turns = [...calls.keys()].filter((index) => turning.has(calls[index]!.kind))
  const later = turns.filter((index) => index >= started)
  const cuts = Array.from({ length: count }, () => {
    if (random.chance(0.3)) return random.below(calls.length + 1)
    return random.pick(random.chance(0.2) ? turns : later) + random.below(2)
  })
  return cuts.sort((a, b) => a - b)
}

/** One fate for all, or one for each file and one for the names. */
function chooseFates(random: Random): { fate: string; fateOf: (path: string) => Fate } {
  const fates: Fate[] = ['dropped', 'kept', 'sectors', 'pages']
  if (random.chance(0.5)) {
    const fate = random.pick(fates)
    return { fate, fateOf: () => fate }
  }
  return { fate: 'mixed', fateOf: () => random.pick(fates) }
}
