// Disks that are full and disks that fail: writes are refused clearly and without effect, reads and deletes go on,
// a full disk recovers without a restart, a failed sync never does.

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { KvassError } from '../../../../proto/status.ts'
import { checkDirectory } from '../../../../server/store/disk/verify.ts'
import type { Engine } from '../../../../server/store/engine.ts'
import { get, keys, put } from '../../../../server/testing/place.ts'
import { whenOver } from '../../../helpers/cleanup.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'
import { until } from '../../../helpers/until.ts'
import { crashed, FaultyFiles, FaultyWriter, opened, safe, systemError } from './helpers.ts'

const kib = 'x'.repeat(1000)

/** Sets entries until one is refused; answers their keys and the refusal. */
async function fill(engine: Engine, content = kib): Promise<{ written: string[]; refusal: unknown }> {
  const written: string[] = []
  for (;;) {
    const key = `fill ${written.length}`
    try {
      put(engine, 't', key, content)
    } catch (refusal) {
      return { written, refusal }
    }
    written.push(key)
    if (written.length % 100 === 0) await safe(engine)
  }
}

test('a full disk refuses sets without effect, takes deletes, and recovers by itself', async () => {
  const files = new FaultyFiles()
  const directory = temporaryFolder()
  let seconds = 0
  const engine = await opened(directory, { files, clock: () => seconds })
  put(engine, 't', 'before', 'v')
  files.broken.fill = systemError('ENOSPC')
  const { written, refusal } = await fill(engine)
  expect(refusal).toBeInstanceOf(KvassError)
  expect(refusal).toMatchObject({ status: 507, message: expect.stringContaining('the disk is full') })
  expect(written.length).toBeGreaterThan(100)
  const revision = engine.revisionOf('t')
  expect(get(engine, 't', `fill ${written.length}`)).toBeUndefined()
  expect(() => engine.apply([{ table: 'u', key: 'k', value: Buffer.from(kib) }])).toThrow('the disk is full')
  expect(engine.tables().map(({ name }) => name)).toEqual(['t'])
  expect(engine.revisionOf('t')).toBe(revision)
  // Reads and deletes go on, and become safe.
  expect(get(engine, 't', 'before')).toBe('v')
  for (const key of written.slice(0, 99)) expect(engine.delete('t', key)).toBeDefined()
  expect(engine.apply([{ table: 't', key: written[99]!, value: undefined }])[0]).toBeDefined()
  await safe(engine)
  // Not asked again at every write, only once a second.
  files.broken.fill = undefined
  const { calls } = files
  const fills = calls.fill
  expect(() => put(engine, 't', 'again', kib)).toThrow('the disk is full')
  expect(calls.fill).toBe(fills)
  seconds += 1.1
  put(engine, 't', 'again', kib)
  await safe(engine)
  const reopened = await opened(crashed(directory))
  expect(keys(reopened, 't')).toEqual(['again', 'before', ...written.slice(100)].sort())
})

test('a failed sync stops all writes until a restart, and is never tried again', async () => {
  const files = new FaultyFiles()
  const directory = temporaryFolder()
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const engine = await opened(directory, { files, log })
  put(engine, 't', 'a', 'safe')
  await safe(engine)
  const safeRevision = engine.safeRevisionOf('t')
  files.broken.sync = systemError('EIO')
  put(engine, 't', 'a', 'lost')
  await expect(safe(engine)).rejects.toMatchObject({ status: 507, message: expect.stringContaining('until a restart') })
  files.broken.sync = undefined
  const { calls } = files
  const syncs = calls.sync
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  for (const write of [
    () => put(engine, 't', 'b', 'v'),
    () => engine.delete('t', 'a'),
    () => engine.apply([{ table: 't', key: 'c', value: Buffer.from('v') }]),
    () => engine.drop('t'),
  ]) {
    expect(write).toThrow('until a restart')
  }
  expect(engine.safeRevisionOf('t')).toBe(safeRevision)
  await expect(safe(engine)).rejects.toThrow('until a restart')
  expect(calls.sync).toBe(syncs)
  expect(engine.pressure()).toBeUndefined()
  expect(get(engine, 't', 'a')).toBe('lost')
  expect(log.error).toHaveBeenCalledOnce()
  // What was safe before is still answered as safe.
  await new Promise<void>((resolve, reject) =>
    engine.whenSafe('t', safeRevision, (error) => (error ? reject(error) : resolve())),
  )
  await engine.close()
  expect(['safe', 'lost']).toContain(get(await opened(directory), 't', 'a'))
})

test.each(['flush', 'commit'] as const)('a failed write of a group is as final (%s)', async (durability) => {
  const files = new FaultyFiles()
  const directory = temporaryFolder()
  const engine = await opened(directory, { files, durability })
  put(engine, 't', 'a', 'safe')
  await safe(engine)
  files.broken.write = systemError('EIO')
  put(engine, 't', 'a', 'lost')
  const outcomes: string[] = []
  const third = new Promise<void>((resolve) => {
    for (const name of ['one', 'two', 'three']) {
      engine.whenSafe('t', engine.revisionOf('t'), (error) => {
        outcomes.push(`${name}: ${error?.message.includes('until a restart')}`)
        if (name === 'three') resolve()
      })
    }
  })
  await third
  expect(outcomes).toEqual(['one: true', 'two: true', 'three: true'])
  files.broken.write = undefined
  expect(() => put(engine, 't', 'b', 'v')).toThrow('until a restart')
  await engine.close()
  expect(get(await opened(directory), 't', 'a')).toBe('safe')
})

test('nothing is safe before its sync is done', async () => {
  const files = new FaultyFiles()
  const engine = await opened(temporaryFolder(), { files })
  let open = (): void => {}
  files.gate = new Promise((resolve) => {
    open = resolve
  })
  put(engine, 't', 'a', 'v')
  let done = false
  const later = safe(engine).then(() => {
    done = true
  })
  await until('the group was written', () => files.calls.write > 1)
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(done).toBe(false)
  expect(engine.safeRevisionOf('t')).toBe(0)
  open()
  await later
  expect(engine.safeRevisionOf('t')).toBe(1)
})

test('tables that cannot be written: the log holds everything, sets end at the bound, and all recovers', async () => {
  const directory = temporaryFolder()
  let writer: FaultyWriter | undefined
  const engine = await opened(directory, {
    checkpointBytes: 20_000,
    maxOverlayBytes: 4 << 20,
    writer: (path) => {
      writer = new FaultyWriter(path)
      writer.broken = systemError('ENOSPC')
      return writer
    },
  })
  const { written, refusal } = await fill(engine)
  expect(refusal).toMatchObject({
    status: 507,
    message: expect.stringContaining('the tables on disk cannot take more'),
  })
  // Waiting would not help, so nobody is made to.
  expect(engine.pressure()).toBeUndefined()
  for (const key of written) expect(get(engine, 't', key)).toBe(kib)
  expect(engine.delete('t', written[0]!)).toBeDefined()
  await safe(engine)
  const reopened = await opened(crashed(directory))
  expect(keys(reopened, 't')).toEqual(written.slice(1).sort())
  writer!.broken = undefined
  await until('sets are taken again', () => attempt(engine))
  await until('the tables hold everything', () => engine.stats().disk!.logBytes < 40_000)
  expect(keys(engine, 't')).toEqual(['after', ...written.slice(1)].sort())
  await engine.close()
  expect(await checkDirectory(directory, () => {})).toBe(true)
})

test('writers wait at the bound until a checkpoint has made room', async () => {
  const engine = await opened(temporaryFolder(), { checkpointBytes: 100_000, maxOverlayBytes: 300_000 })
  let waits = 0
  for (let index = 0; index < 2000; index++) {
    const pressure = engine.pressure()
    if (pressure !== undefined) {
      waits++
      await pressure
      expect(engine.stats().disk!.logBytes).toBeLessThan(300_000)
    }
    put(engine, 't', `k${index}`, kib)
  }
  expect(waits).toBeGreaterThan(0)
  expect(engine.count('t')).toBe(2000)
})

/** A file system of a few megabytes; undefined where this process may not mount one. */
function smallDisk(bytes: number): string | undefined {
  const folder = join(temporaryFolder(), 'disk')
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'kvass-test', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  whenOver(() => execFileSync('umount', ['-l', folder], { stdio: 'ignore' }))
  return folder
}

test('a real disk that fills up, by the store and by others, and gets space again', async ({ annotate }) => {
  const disk = smallDisk(12 << 20)
  if (disk === undefined) {
    // Injected faults, above, show the same where nothing may be mounted.
    await annotate('not mounted: this process may not mount a tmpfs')
    return
  }
  const directory = join(disk, 'data')
  const ballast = join(disk, 'ballast')
  writeFileSync(ballast, Buffer.alloc(3 << 20))
  const engine = await opened(directory, { checkpointBytes: 1 << 20 })
  const { written, refusal } = await fill(engine)
  expect(refusal).toMatchObject({ status: 507 })
  expect(written.length).toBeGreaterThan(1000)
  for (const key of written) expect(get(engine, 't', key)).toBe(kib)
  expect(engine.delete('t', written[0]!)).toBeDefined()
  await safe(engine)
  rmSync(ballast)
  await until('sets are taken again', () => attempt(engine), 10_000)
  await safe(engine)
  expect(engine.count('t')).toBe(written.length)
  await engine.close()
  expect(await checkDirectory(directory, () => {})).toBe(true)
  const reopened = await opened(directory)
  expect(keys(reopened, 't')).toEqual([...written.slice(1), 'after'].sort())
}, 60_000)

function attempt(engine: Engine): boolean {
  try {
    put(engine, 't', 'after', kib)
    return true
  } catch {
    return false
  }
}

test('a store opens on a full disk, answers, and takes writes once there is space', async ({ annotate }) => {
  const disk = smallDisk(16 << 20)
  if (disk === undefined) {
    await annotate('not mounted: this process may not mount a tmpfs')
    return
  }
  const directory = join(disk, 'data')
  const first = await opened(directory)
  put(first, 't', 'k', 'v')
  await first.close()
  const ballast = join(disk, 'ballast')
  expect(() => writeFileSync(ballast, Buffer.alloc(20 << 20))).toThrow('ENOSPC')
  const engine = await opened(directory)
  expect(get(engine, 't', 'k')).toBe('v')
  await fill(engine)
  expect(engine.delete('t', 'k')).toBeDefined()
  rmSync(ballast)
  await until('sets are taken again', () => attempt(engine), 10_000)
  await safe(engine)
})
