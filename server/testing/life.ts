// The contract of a store's life: what becomes safe, its epoch, its end.
import assert from 'node:assert/strict'
import { put, visit } from './place.ts'
import type { Contract } from './stages.ts'

export function lifeContract({ promise, test, place }: Contract): void {
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
      assert.deepEqual(calls, [], 'no callback is called within whenSafe')
    })
    await called
    assert.deepEqual(calls, ['first', 'second', 'third'])
    assert.equal(engine.safeRevisionOf('t'), engine.revisionOf('t'))
    const order: string[] = []
    const again = new Promise<void>((resolve) => {
      engine.whenSafe('t', 1, () => {
        order.push('called back')
        resolve()
      })
    })
    order.push('returned')
    await again
    assert.deepEqual(order, ['returned', 'called back'])
  })

  promise('the epoch is 32 hex digits and lives as long as the store', async (engine, stage) => {
    assert.match(engine.epoch, /^[0-9a-f]{32}$/)
    assert.equal((await stage()).epoch, engine.epoch)
    await visit(place(), async (open) => assert.notEqual((await open()).epoch, engine.epoch))
  })

  test('a write to a store that was closed is refused, and it may be closed again', () =>
    visit(place(), async (open) => {
      const engine = await open()
      put(engine, 't', 'k', 'v')
      await engine.close()
      assert.throws(() => put(engine, 't', 'k', 'later'), /closed/)
      await engine.close()
    }))
}
