// The contract of a store's life: what becomes safe, its epoch, its end.
import { expect, test } from 'vitest'
import { whenOver } from '../helpers/cleanup.ts'
import { put } from './place.ts'
import type { Contract } from './stages.ts'

export function lifeContract({ promise, place }: Contract): void {
  promise('everything becomes safe, and callbacks run in order and never within the call', async (engine) => {
    const calls: string[] = []
    const called = new Promise<void>((resolve) => {
      for (const name of ['first', 'second', 'third']) {
        put(engine, 't', name, name)
        const revision = engine.revisionOf('t')
        engine.whenSafe('t', revision, (error) => {
          calls.push(error === undefined && engine.safeRevisionOf('t') >= revision ? name : `${name} too early`)
          if (name === 'third') resolve()
        })
      }
      expect(calls).toEqual([])
    })
    await called
    expect(calls).toEqual(['first', 'second', 'third'])
    expect(engine.safeRevisionOf('t')).toBe(engine.revisionOf('t'))
    let within = true
    const again = new Promise<void>((resolve) => {
      engine.whenSafe('t', 1, () => {
        expect(within).toBe(false)
        resolve()
      })
    })
    within = false
    await again
  })

  promise('the epoch is 32 hex digits and lives as long as the store', async (engine, stage) => {
    expect(engine.epoch).toMatch(/^[0-9a-f]{32}$/)
    expect((await stage()).epoch).toBe(engine.epoch)
    const other = await place().open()
    whenOver(() => other.close())
    expect(other.epoch).not.toBe(engine.epoch)
  })

  test('a write to a store that was closed is refused', async () => {
    const engine = await place().open()
    put(engine, 't', 'k', 'v')
    await engine.close()
    expect(() => put(engine, 't', 'k', 'later')).toThrow('closed')
  })
}
