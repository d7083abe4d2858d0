// The contract of the observer: it is told of every write, however it is made, in its order and as it is made.
import assert from 'node:assert/strict'
import { hashOf } from '../store/bytes/hash.ts'
import type { BytesWrite, Engine, Key, WriteObserver } from '../store/engine.ts'
import { copy, get, put, text, value } from './place.ts'
import type { Contract } from './stages.ts'

/** Notes what it is told, and that the store's revision is the one of the write. */
class Notes implements WriteObserver {
  readonly told: string[] = []
  readonly #engine: Engine
  readonly #tables: readonly Key[]

  constructor(engine: Engine, ...tables: readonly Key[]) {
    this.#engine = engine
    this.#tables = tables
  }

  /** What it was told since the last time. */
  take(): string[] {
    return this.told.splice(0)
  }

  watches(table: Key): boolean {
    return this.#tables.includes(table)
  }

  wrote(table: Key, key: Key, revision: number, bytes: Uint8Array, start: number, end: number): void {
    this.#note(`${table}/${key} = ${text(bytes.slice(start, end))}`, revision)
  }

  deleted(table: Key, key: Key, revision: number): void {
    this.#note(`${table}/${key} deleted`, revision)
  }

  dropped(table: Key, revision: number): void {
    this.#note(`${table} dropped`, revision)
  }

  #note(what: string, revision: number): void {
    this.told.push(`${what} @${revision}${revision === this.#engine.revisionOf('t') ? '' : ' too late'}`)
  }
}

function observe(engine: Engine, ...tables: readonly Key[]): Notes {
  const notes = new Notes(engine, ...tables)
  engine.observer = notes
  return notes
}

export function observerContract({ promise }: Contract): void {
  promise('the observer is told of each single write, and of none that changed nothing', async (engine, stage) => {
    put(engine, 't', 'before', 'v')
    const reached = await stage()
    const notes = observe(reached, 't')
    const revision = reached.revisionOf('t')
    reached.set('t', 'a', value('..one..'), 2, 5)
    assert.deepEqual(notes.take(), [`t/a = one @${revision + 1}`])
    assert.equal(put(reached, 't', 'a', 'two'), 'one')
    assert.deepEqual(notes.take(), [`t/a = two @${revision + 2}`])
    assert.equal(text(copy(reached.delete('t', 'before'))), 'v')
    assert.deepEqual(notes.take(), [`t/before deleted @${revision + 3}`])
    reached.delete('t', 'before')
    reached.delete('t', 'never')
    reached.delete('nowhere', 'a')
    assert.throws(() => put(reached, 't', '', 'no key'), /0 bytes/)
    assert.deepEqual(notes.take(), [])
    assert.equal(reached.drop('t'), 1)
    assert.deepEqual(notes.take(), [`t dropped @${revision + 4}`])
    assert.equal(reached.drop('t'), 0)
    assert.deepEqual(notes.take(), [])
  })

  promise(
    'the observer is told of writes whose keys are bytes, of an engine with direct access',
    async (_engine, stage) => {
      const bytes = Buffer.from('..a\xff..value..', 'latin1')
      const hash = hashOf(bytes, 2, 4)
      const reached = await stage()
      if (reached.direct === undefined) return
      const notes = observe(reached, 't', 'u')
      const revision = reached.revisionOf('t')
      reached.direct!.put('t', bytes, 2, 4, hash, bytes, 6, 11)
      assert.deepEqual(notes.take(), [`t/a\xff = value @${revision + 1}`])
      const also: BytesWrite = { table: 'u', key: value('of both'), bytes: value('record..'), end: 6 }
      reached.direct!.putWith('t', bytes, 2, 4, hash, bytes, 6, 9, also)
      assert.deepEqual(notes.take(), [`t/a\xff = val @${revision + 2}`, `u/of both = record @${revision + 2}`])
      assert.equal(reached.revisionOf('t'), revision + 2)
      observe(reached, 'u')
      reached.direct!.putWith('t', bytes, 2, 4, hash, bytes, 6, 9, also)
      assert.deepEqual((reached.observer as Notes).take(), [`u/of both = record @${revision + 3}`])
    },
  )

  promise('the observer is told of a group in its order, when all of it is done', async (engine, stage) => {
    put(engine, 't', 'a', 'a0')
    const reached = await stage()
    const notes = observe(reached, 't', 'u')
    const revision = reached.revisionOf('t')
    reached.apply([
      { table: 't', key: 'a', value: value('a1') },
      { table: 'u', key: 'missing', value: undefined },
      { table: 'quiet', key: 'b', value: value('b1') },
      { table: 'u', key: 'c', value: value('c1') },
      { table: 't', key: 'a', value: undefined },
      { table: 't', key: 'a', value: undefined },
      { table: 't', key: 'd', value: value('') },
    ])
    const at = `@${revision + 1}`
    assert.deepEqual(notes.take(), [`t/a = a1 ${at}`, `u/c = c1 ${at}`, `t/a deleted ${at}`, `t/d =  ${at}`])
    reached.apply([{ table: 't', key: 'missing', value: undefined }])
    assert.deepEqual(notes.take(), [])
  })

  promise(
    'the observer is told of no table that it does not watch, and of nothing once it is gone',
    async (_engine, stage) => {
      const reached = await stage()
      const notes = observe(reached, 'u')
      put(reached, 't', 'a', 'v')
      reached.apply([{ table: 't', key: 'b', value: value('v') }])
      reached.delete('t', 'a')
      reached.drop('t')
      assert.deepEqual(notes.take(), [])
      put(reached, 'u', 'a', 'v')
      assert.equal(notes.take().length, 1)
      reached.observer = undefined
      put(reached, 'u', 'a', 'w')
      reached.drop('u')
      assert.deepEqual(notes.take(), [])
      assert.equal(get(reached, 'u', 'a'), undefined)
    },
  )
}
