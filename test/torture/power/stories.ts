// Runs stories of the power-loss torture: records each and cuts the power in it, with or without a planted fault.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../../../server/testing/random.ts'
import { buildVictim } from '../victims.ts'
import { cutPower, type PowerReport } from './power.ts'
import { recordStory, type Story } from './recording.ts'
import { buildShim } from './shim.ts'

export interface StoryOptions {
  readonly story: Story
  readonly images: number
  readonly seed: number
  /** A fault to plant: see shim.c. */
  readonly plant?: string
  readonly writes?: number
  readonly stopWhenWrong?: boolean
  readonly onProgress?: (images: number) => void
}

export interface StoryReport extends PowerReport {
  readonly story: Story
  readonly seed: number
  readonly calls: number
  readonly writes: number
}

/** Builds the shim and the process that opens images, and runs stories with them until it is closed. */
export class Stories {
  readonly #folder: string
  readonly #shim: string
  readonly #opener: { file: string; remove(): void }
  #stories = 0

  private constructor(folder: string, shim: string, opener: { file: string; remove(): void }) {
    this.#folder = folder
    this.#shim = shim
    this.#opener = opener
  }

  static async open(): Promise<Stories> {
    const folder = mkdtempSync(join(tmpdir(), 'kvass-power-'))
    return new Stories(folder, buildShim(folder), await buildVictim('power/opener'))
  }

  async run(options: StoryOptions): Promise<StoryReport> {
    const { story, seed, plant, writes } = options
    const folder = join(this.#folder, `story-${++this.#stories}`)
    mkdirSync(folder)
    try {
      const recording = await recordStory({ shim: this.#shim, folder, random: new Random(seed), story, plant, writes })
      const report = await cutPower({ ...options, recording, shim: this.#shim, opener: this.#opener.file })
      return { ...report, story, seed, calls: recording.calls.length, writes: recording.writes }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  close(): void {
    this.#opener.remove()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export function describe({ story, seed, calls, writes, images, again, wrong }: StoryReport): string {
  const what = `${images} images, ${again} of them of a cut during a recovery`
  return `${story}: ${writes} writes, ${calls} calls; ${what}: ${wrong.length} wrong; FUZZ_SEED=${seed}`
}
