// The stages at which an engine must keep what the contract promises: at once, settled on disk, closed and opened again.
// Each body writes, moves the store to a stage, and reads there.
import type { Engine } from '../store/engine.ts'
import { type Place, visit } from './place.ts'

type Stage = 'at once' | 'once settled' | 'opened again' | 'settled and opened again'

/** What a part of the contract is written with. */
export interface Contract {
  readonly place: () => Place
  /** Runs `body` once. */
  test(what: string, body: () => Promise<void>): void
  /** Runs `body` at each stage: what it gets is the engine and the way to the stage. */
  promise(what: string, body: (engine: Engine, stage: () => Promise<Engine>) => Promise<void> | void): void
}

export function contractOf(place: () => Place, test: Contract['test']): Contract {
  const { durable, settle } = place()
  const stages: Stage[] = ['at once']
  if (settle) stages.push('once settled')
  if (durable) stages.push('opened again')
  if (durable && settle) stages.push('settled and opened again')
  const promise: Contract['promise'] = (what, body) => {
    for (const stage of stages) test(`${what} (${stage})`, () => tryAt(stage, place(), body))
  }
  return { place, test, promise }
}

function tryAt(stage: Stage, place: Place, body: Parameters<Contract['promise']>[1]): Promise<void> {
  return visit(place, async (open) => {
    let engine = await open()
    await body(engine, async () => {
      if (stage.includes('settled')) await place.settle!(engine)
      if (stage.includes('opened')) {
        await engine.close()
        engine = await open()
      }
      return engine
    })
  })
}
