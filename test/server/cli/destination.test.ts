// Where an export lands: a plain file is replaced when all is there and keeps what it was; anything else is written to.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { writeTo } from '../../../server/cli/destination.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const put = (text: string) => (stream: Writable) =>
  new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })

const owner = (path: string) => (({ uid, gid, mode }) => ({ uid, gid, mode: mode & 0o7777 }))(statSync(path))

test('a file that is replaced keeps its mode and its owner', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'backup')
  writeFileSync(file, 'old')
  chmodSync(file, 0o640)
  // Only root may give a file away; others keep their own.
  if (process.getuid!() === 0) chownSync(file, 12_345, 54_321)
  const before = owner(file)
  await writeTo(file, put('new'))
  expect([readFileSync(file, 'utf8'), owner(file), readdirSync(folder)]).toEqual(['new', before, ['backup']])
})

test('until it is complete, and where it fails, the old content stays, and a new file is not there', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'old'), 'old', { mode: 0o600 })
  for (const name of ['old', 'new']) {
    const failing = writeTo(join(folder, name), async (stream) => {
      await put('half')(stream)
      const [partial] = readdirSync(folder).filter((file) => /^\w+\.\w+\.part$/.test(file))
      if (name === 'old') expect(owner(join(folder, partial!)).mode).toBe(0o600)
      expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('old')
      throw new Error('no more')
    })
    await expect(failing).rejects.toThrow('no more')
  }
  expect(readdirSync(folder)).toEqual(['old'])
})

test('links are followed, also one that leads to no file yet; other names of the file stay its names', async () => {
  const folder = temporaryFolder()
  const path = (name: string) => join(folder, name)
  writeFileSync(path('file'), 'old')
  linkSync(path('file'), path('hard'))
  symlinkSync('file', path('soft'))
  symlinkSync('dangling', path('further'))
  symlinkSync('fresh', path('dangling'))
  await writeTo(path('soft'), put('new'))
  await writeTo(path('further'), put('first'))
  expect(readFileSync(path('hard'), 'utf8')).toBe('new')
  expect(readFileSync(path('fresh'), 'utf8')).toBe('first')
  expect(['soft', 'further', 'dangling'].map((name) => lstatSync(path(name)).isSymbolicLink())).toEqual([
    true,
    true,
    true,
  ])
})

test('a device is written to and stays a device', async () => {
  const device = join(temporaryFolder(), 'null')
  // Whoever could replace the machine's own tries on another one.
  if (process.getuid!() === 0) execFileSync('mknod', [device, 'c', '1', '3'])
  else symlinkSync('/dev/null', device)
  await writeTo(device, put('away'))
  expect(statSync(device).isCharacterDevice()).toBe(true)
})

test('a pipe is written to, and stays one', async () => {
  const pipe = join(temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const read = readFile(pipe, 'utf8')
  await writeTo(pipe, put('through'))
  expect(await read).toBe('through')
  expect(statSync(pipe).isFIFO()).toBe(true)
})

test('what cannot be written is named', async () => {
  const folder = temporaryFolder()
  await expect(writeTo(folder, put('x'))).rejects.toThrow(`cannot write ${folder}: it is a folder`)
  const absent = join(folder, 'no/file')
  await expect(writeTo(absent, put('x'))).rejects.toThrow(`cannot write ${absent}: ENOENT`)
  const full = join(folder, 'full')
  symlinkSync('/dev/full', full)
  await expect(writeTo(full, put('x'))).rejects.toThrow(`cannot write ${full}: ENOSPC`)
})
