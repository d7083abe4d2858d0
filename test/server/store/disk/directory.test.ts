// The data directory: its lock, its format, and what is refused.

import { fork } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDisk } from '../../../../server/store/disk/engine.ts'
import { checkDirectory } from '../../../../server/store/disk/verify.ts'
import { get, put } from '../../../contract/place.ts'
import { temporaryFolder } from '../../../helpers/temporary.ts'
import { opened, safe } from './helpers.ts'

const flush = (directory: string) => openDisk({ directory, durability: 'flush' })

test('a directory in use is refused, within one process too, and free again after the close', async () => {
  const directory = temporaryFolder()
  const engine = await flush(directory)
  await expect(flush(directory)).rejects.toThrow(`${directory} is in use by another gateway (process ${process.pid})`)
  await expect(checkDirectory(directory, () => {})).rejects.toThrow('is in use by another gateway')
  put(engine, 't', 'k', 'v')
  await safe(engine)
  await engine.close()
  expect(readdirSync(directory)).not.toContain('lock')
  expect(get(await opened(directory), 't', 'k')).toBe('v')
})

test('a lock whose process was killed is taken over at once', async () => {
  const directory = temporaryFolder()
  const holder = fork(join(import.meta.dirname, 'hold-lock.ts'), [directory], { execArgv: ['--import', 'tsx'] })
  await new Promise((resolve) => holder.once('message', resolve))
  await expect(flush(directory)).rejects.toThrow(`in use by another gateway (process ${holder.pid})`)
  const ended = new Promise((resolve) => holder.once('exit', resolve))
  holder.kill('SIGKILL')
  await ended
  expect(readdirSync(directory)).toContain('lock')
  const engine = await opened(directory)
  expect(get(engine, 't', 'k')).toBe('held')
})

test('a lock of a process number that was given to another since is stale', async () => {
  const directory = temporaryFolder()
  await (await flush(directory)).close()
  symlinkSync(`${process.ppid} another-boot 12345`, join(directory, 'lock'))
  await opened(directory)
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
  expect(existsSync(join(directory, 'photos'))).toBe(true)
  expect(readdirSync(directory)).not.toContain('lock')
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

test('a start that was interrupted before the store began is begun again', async () => {
  const directory = temporaryFolder()
  await (await flush(directory)).close()
  // The tables do not know the store yet; the log has a segment without groups.
  rmSync(join(directory, 'lmdb'), { recursive: true })
  writeFileSync(join(directory, 'log', '1.log'), readFileSync(join(directory, 'log', '1.log')).fill(0, 4096))
  const engine = await opened(directory)
  put(engine, 't', 'k', 'v')
  expect(engine.revision).toBe(1)
})
