// The data directory: its lock, its format, and what is refused.

import { execFileSync, fork, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDisk } from '../../../../server/store/disk/engine.ts'
import { checkDirectory } from '../../../../server/store/disk/verify.ts'
import { get, put } from '../../../../server/testing/place.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'
import { opened, safe } from './helpers.ts'

const flush = (directory: string) => openDisk({ directory, durability: 'flush' })

test('a directory in use is refused, within one process too, and free again after the close', async () => {
  const directory = temporaryFolder()
  const engine = await flush(directory)
  await expect(flush(directory)).rejects.toThrow(
    `${directory} is in use by another gateway (process ${process.pid} on ${hostname()}, since 2`,
  )
  await expect(checkDirectory(directory, () => {})).rejects.toThrow('is in use by another gateway')
  put(engine, 't', 'k', 'v')
  await safe(engine)
  await engine.close()
  expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe('')
  expect(get(await opened(directory), 't', 'k')).toBe('v')
})

test('a lock whose process was killed is taken over at once', async () => {
  const directory = temporaryFolder()
  const holder = fork(join(import.meta.dirname, 'hold-lock.ts'), [directory], { execArgv: ['--import', 'tsx'] })
  await new Promise((resolve) => holder.once('message', resolve))
  await expect(flush(directory)).rejects.toThrow(`in use by another gateway (process ${holder.pid} on`)
  const ended = new Promise((resolve) => holder.once('exit', resolve))
  holder.kill('SIGKILL')
  await ended
  expect(readFileSync(join(directory, 'lock'), 'utf8')).toContain(`"pid":${holder.pid}`)
  const engine = await opened(directory)
  expect(get(engine, 't', 'k')).toBe('held')
})

test('a gateway in another PID namespace, as in another container, is refused at once, and named', async () => {
  const directory = temporaryFolder()
  const command = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', process.execPath, '--import', 'tsx']
  if (process.getuid?.() !== 0) command.splice(1, 0, '--user', '--map-root-user')
  const holder = spawn(command[0]!, [...command.slice(1), join(import.meta.dirname, 'hold-lock.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => holder.once('exit', resolve))
  onTestFinished(async () => {
    holder.kill('SIGKILL')
    await ended
  })
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  // There it is process 1 or the like: its number says nothing here.
  await expect(flush(directory)).rejects.toThrow(/is in use by another gateway \(process \d{1,2} on/)
})

test('a copy of a directory in use is refused; one of a directory at rest is opened', async () => {
  const directory = temporaryFolder()
  const engine = await flush(directory)
  put(engine, 't', 'k', 'v')
  await safe(engine)
  const copy = join(temporaryFolder(), 'copy')
  cpSync(directory, copy, { recursive: true, preserveTimestamps: true })
  await expect(flush(copy)).rejects.toThrow(
    `${copy} is a copy of a directory that a gateway was using (process ${process.pid} on ${hostname()}`,
  )
  await engine.close()
  const atRest = join(temporaryFolder(), 'copy')
  cpSync(directory, atRest, { recursive: true, preserveTimestamps: true })
  expect(get(await opened(atRest), 't', 'k')).toBe('v')
  // Whoever has looked at the copy says so by removing the file.
  rmSync(join(copy, 'lock'))
  expect(get(await opened(copy), 't', 'k')).toBe('v')
})

test('the lock of an earlier version, a link to nowhere, is not followed', async () => {
  const directory = temporaryFolder()
  await (await flush(directory)).close()
  rmSync(join(directory, 'lock'))
  symlinkSync(`${process.ppid} another-boot 12345`, join(directory, 'lock'))
  await opened(directory)
  expect(readdirSync(directory).sort()).toEqual(['FORMAT', 'lmdb', 'lock', 'log'])
})

test('a directory that cannot be used is refused in a sentence', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'file'), '')
  await expect(flush(join(folder, 'file'))).rejects.toThrow(/file cannot be the data directory: it is a file/)
  await expect(flush(join(folder, 'file', 'data'))).rejects.toThrow('a part of the path is a file')
  const readOnly = join(folder, 'read-only')
  mkdirSync(readOnly)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', readOnly])
  onTestFinished(() => void execFileSync('umount', [readOnly]))
  await expect(flush(readOnly)).rejects.toThrow('its file system is read-only')
  await expect(flush(join(readOnly, 'data'))).rejects.toThrow('it cannot be made: look whether the folder')
})

test('a read-only directory at rest is checked, and nothing is written', async () => {
  const directory = temporaryFolder()
  await (await flush(directory)).close()
  execFileSync('mount', ['--bind', '-o', 'ro', directory, directory])
  onTestFinished(() => void execFileSync('umount', [directory]))
  expect(await checkDirectory(directory, () => {})).toBe(true)
})

test('a directory of another format is refused and says which', async () => {
  const directory = temporaryFolder()
  await (await flush(directory)).close()
  writeFileSync(join(directory, 'FORMAT'), JSON.stringify({ format: 7, epoch: 'x' }))
  await expect(flush(directory)).rejects.toThrow('has the format 7, this version of Kvass reads format 1')
  writeFileSync(join(directory, 'FORMAT'), 'garbage')
  await expect(flush(directory)).rejects.toThrow('FORMAT is damaged')
})

test('a directory of something else is refused and left alone', async () => {
  const directory = temporaryFolder()
  mkdirSync(join(directory, 'photos'))
  await expect(flush(directory)).rejects.toThrow('not a Kvass data directory and not empty (it holds photos)')
  expect(readdirSync(directory)).toEqual(['photos'])
  await expect(checkDirectory(directory, () => {})).rejects.toThrow('is not a Kvass data directory')
})

test('a store that lost its format file is refused, not overwritten', async () => {
  const directory = temporaryFolder()
  const engine = await flush(directory)
  put(engine, 't', 'k', 'v')
  await engine.close()
  const format = readFileSync(join(directory, 'FORMAT'))
  rmSync(join(directory, 'FORMAT'))
  await expect(flush(directory)).rejects.toThrow('not a Kvass data directory')
  writeFileSync(join(directory, 'FORMAT'), format)
  expect(get(await opened(directory), 't', 'k')).toBe('v')
})

test('a log of another store is refused', async () => {
  const [one, other] = [temporaryFolder(), temporaryFolder()]
  for (const directory of [one, other]) await (await flush(directory)).close()
  writeFileSync(join(one, 'log', '1.log'), readFileSync(join(other, 'log', '1.log')))
  await expect(flush(one)).rejects.toThrow(/1\.log belongs to another store/)
})

test.each([
  ['an empty log folder', ['log/']],
  ['both folders', ['log/', 'lmdb/']],
  ['tables that LMDB has just made', ['log/', 'lmdb/data.mdb', 'lmdb/lock.mdb']],
  ['a log file of zeros', ['log/1.log', 'lmdb/data.mdb']],
  ['a format file that was being written', ['log/', 'lmdb/', 'FORMAT.new']],
])('a first start that was cut off and left %s is begun again', async (_what, names) => {
  const directory = temporaryFolder()
  for (const name of names) {
    mkdirSync(dirname(join(directory, `${name}.`)), { recursive: true })
    if (!name.endsWith('/')) writeFileSync(join(directory, name), new Uint8Array(65_536))
  }
  const engine = await opened(directory)
  put(engine, 't', 'k', 'v')
  expect(engine.revisionOf('t')).toBe(1)
})

test('a start that was interrupted before the store began is begun again', async () => {
  const directory = temporaryFolder()
  await (await flush(directory)).close()
  // The tables do not know the store yet; the log has a segment without groups.
  rmSync(join(directory, 'lmdb'), { recursive: true })
  writeFileSync(join(directory, 'log', '1.log'), readFileSync(join(directory, 'log', '1.log')).fill(0, 4096))
  const engine = await opened(directory)
  put(engine, 't', 'k', 'v')
  expect(engine.revisionOf('t')).toBe(1)
})
