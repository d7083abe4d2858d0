// `kvass check` finds what was planted, says where, and changes nothing.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDisk } from '../../../../server/store/disk/engine.ts'
import { checkDirectory } from '../../../../server/store/disk/verify.ts'
import { Base } from '../../../../server/store/lmdb/base.ts'
import { put } from '../../../../server/testing/place.ts'
import { settled } from '../../../helpers/settled.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'
import { logEnd, safe } from './helpers.ts'

/** A closed store with entries and tombstones in its tables, and a few groups in its log. */
async function store(): Promise<{ directory: string; epoch: string }> {
  const directory = temporaryFolder()
  const engine = await openDisk({ directory, durability: 'flush', checkpointBytes: 1 })
  for (let index = 0; index < 200; index++) put(engine, `t${index % 2}`, `k${index}`, `v${index}`)
  for (let index = 0; index < 20; index++) engine.delete('t0', `k${index * 2}`)
  await settled(engine)
  await engine.close()
  const again = await openDisk({ directory, durability: 'flush' })
  for (const key of ['x', 'y', 'z']) {
    put(again, 't0', key, 'in the log')
    await safe(again)
  }
  await again.close()
  return { directory, epoch: again.epoch }
}

/** Changes the tables behind the store's back. */
async function tamper(directory: string, change: (base: Base, table: (name: string) => number) => void): Promise<void> {
  const base = new Base(join(directory, 'lmdb'))
  const id = (name: string) => base.tables().find((record) => record.name === name)!.id
  base.transaction(() => change(base, id))
  await base.close()
}

async function check(directory: string): Promise<{ sound: boolean; lines: string }> {
  const lines: string[] = []
  const sound = await checkDirectory(directory, (line) => lines.push(line))
  return { sound, lines: lines.join('\n') }
}

function fingerprint(directory: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.log$|data\.mdb$|FORMAT$/.test(name)) continue
    hash.update(name).update(readFileSync(join(directory, name)))
  }
  return hash.digest('hex')
}

test('a sound store is sound, and is not changed', async () => {
  const { directory } = await store()
  const before = fingerprint(directory)
  const { sound, lines } = await check(directory)
  expect(lines).toContain('tables: 2 with 180 entries')
  expect(lines).toMatch(/log: 1 segments, \d+ bytes, 3 records/)
  expect(sound).toBe(true)
  expect(fingerprint(directory)).toBe(before)
})

test('a flipped byte in the log', async () => {
  const { directory, epoch } = await store()
  const { path, offset } = await logEnd(directory, epoch)
  const bytes = readFileSync(path)
  bytes[offset - 120]! ^= 1
  writeFileSync(path, bytes)
  const before = fingerprint(directory)
  const { sound, lines } = await check(directory)
  expect(sound).toBe(false)
  expect(lines).toMatch(/\d\.log, offset \d+: the log is damaged here/)
  expect(fingerprint(directory)).toBe(before)
})

test('an entry that the index does not have', async () => {
  const { directory } = await store()
  await tamper(directory, (base, table) => {
    base.find(table('t1'), 'k7')
    base.unindex({ table: table('t1'), revision: base.found.revision, key: 'k7' }, false)
  })
  const { sound, lines } = await check(directory)
  expect(sound).toBe(false)
  expect(lines).toMatch(/table "t1": the entry of key "k7" at revision \d+ is not in the index/)
  expect(lines).toContain('table "t1": it has 100 rows, and its index of revisions has 99')
})

test('a row of the index without its entry', async () => {
  const { directory } = await store()
  await tamper(directory, (base, table) => base.removeRow({ table: table('t1'), key: 'k9' }))
  const { sound, lines } = await check(directory)
  expect(sound).toBe(false)
  expect(lines).toMatch(/table "t1": the index of revisions has key "k9" at revision \d+, and the entry is not so/)
  expect(lines).toContain('table "t1": it says that it has 100 entries, and has 99')
})

test('a wrong count, and a tombstone that nobody will trim', async () => {
  const { directory } = await store()
  await tamper(directory, (base, table) => {
    base.putTable({ ...base.table(table('t1'))!, count: 101 })
    base.putTable({ ...base.table(table('t0'))!, tombstones: 19 })
  })
  const { sound, lines } = await check(directory)
  expect(sound).toBe(false)
  expect(lines).toContain('table "t1": it says that it has 101 entries, and has 100')
  expect(lines).toContain('table "t0": it says that it has 19 tombstones, and has 20')
})

test('rows of no table', async () => {
  const { directory } = await store()
  await tamper(directory, (base) => base.putRow({ table: 77, revision: 5, key: 'lost' }, Buffer.from('v'), false))
  const { sound, lines } = await check(directory)
  expect(sound).toBe(false)
  expect(lines).toContain('1 rows of data belong to no table')
})

test('a file of tables whose pages are garbage', async () => {
  const { directory } = await store()
  const file = join(directory, 'lmdb', 'data.mdb')
  const bytes = readFileSync(file)
  for (let at = 8192; at < bytes.length; at += 4096) bytes.fill(0xa5, at, at + 64)
  writeFileSync(file, bytes)
  const { sound, lines } = await check(directory)
  expect(sound).toBe(false)
  expect(lines).toMatch(/data\.mdb is damaged/)
})
