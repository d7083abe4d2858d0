// The stages at which an engine must keep what the contract promises: at once, settled on disk, closed and opened again.
// Each body writes, moves the store to a stage, and reads there.
import { test } from 'vitest'
import type { Engine } from '../../server/store/engine.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { type Place, settled } from './place.ts'

type Stage = 'at once' | 'once settled' | 'opened again' | 'settled and opened again'

/** What a part of the contract is written with. */
export interface Contract {
  readonly place: () => Place
  /** Runs `body` at each stage: what it gets is the engine and the way to the stage. */
  promise(what: string, body: (engine: Engine, stage: () => Promise<Engine>) => Promise<void> | void): void
}

export function contractOf(place: () => Place): Contract {
  const { durable, settles } = place()
  const stages: Stage[] = ['at once']
  if (settles) stages.push('once settled')
  if (durable) stages.push('opened again')
  if (durable && settles) stages.push('settled and opened again')
  const promise: Contract['promise'] = (what, body) => {
    test.each(stages)(`${what} (%s)`, async (stage) => {
      const here = place()
      let engine = await here.open()
      whenOver(() => engine.close())
      await body(engine, async () => {
        if (stage.includes('settled')) await settled(engine)
        if (stage.includes('opened')) {
          await engine.close()
          engine = await here.open()
        }
        return engine
      })
    })
  }
  return { place, promise }
}
