// The contract of the observer: it is told of every write, however it is made, in its order and as it is made.
import { expect } from 'vitest'
import { hashOf } from '../../server/store/bytes/hash.ts'
import type { BytesWrite, Engine, Key, WriteObserver } from '../../server/store/engine.ts'
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
    expect(notes.take()).toEqual([`t/a = one @${revision + 1}`])
    expect(put(reached, 't', 'a', 'two')).toBe('one')
    expect(notes.take()).toEqual([`t/a = two @${revision + 2}`])
    expect(text(copy(reached.delete('t', 'before')))).toBe('v')
    expect(notes.take()).toEqual([`t/before deleted @${revision + 3}`])
    reached.delete('t', 'before')
    reached.delete('t', 'never')
    reached.delete('nowhere', 'a')
    expect(() => put(reached, 't', '', 'no key')).toThrow('0 bytes')
    expect(notes.take()).toEqual([])
    expect(reached.drop('t')).toBe(1)
    expect(notes.take()).toEqual([`t dropped @${revision + 4}`])
    expect(reached.drop('t')).toBe(0)
    expect(notes.take()).toEqual([])
  })

  promise('the observer is told of writes whose keys are bytes', async (_engine, stage) => {
    const bytes = Buffer.from('..a\xff..value..', 'latin1')
    const hash = hashOf(bytes, 2, 4)
    const reached = await stage()
    if (reached.direct === undefined) return
    const notes = observe(reached, 't', 'u')
    const revision = reached.revisionOf('t')
    reached.direct!.put('t', bytes, 2, 4, hash, bytes, 6, 11)
    expect(notes.take()).toEqual([`t/a\xff = value @${revision + 1}`])
    const also: BytesWrite = { table: 'u', key: value('of both'), bytes: value('record..'), end: 6 }
    reached.direct!.putWith('t', bytes, 2, 4, hash, bytes, 6, 9, also)
    expect(notes.take()).toEqual([`t/a\xff = val @${revision + 2}`, `u/of both = record @${revision + 2}`])
    expect(reached.revisionOf('t')).toBe(revision + 2)
    observe(reached, 'u')
    reached.direct!.putWith('t', bytes, 2, 4, hash, bytes, 6, 9, also)
    expect((reached.observer as Notes).take()).toEqual([`u/of both = record @${revision + 3}`])
  })

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
    expect(notes.take()).toEqual([`t/a = a1 ${at}`, `u/c = c1 ${at}`, `t/a deleted ${at}`, `t/d =  ${at}`])
    reached.apply([{ table: 't', key: 'missing', value: undefined }])
    expect(notes.take()).toEqual([])
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
      expect(notes.take()).toEqual([])
      put(reached, 'u', 'a', 'v')
      expect(notes.take()).toHaveLength(1)
      reached.observer = undefined
      put(reached, 'u', 'a', 'w')
      reached.drop('u')
      expect(notes.take()).toEqual([])
      expect(get(reached, 'u', 'a')).toBeUndefined()
    },
  )
}
