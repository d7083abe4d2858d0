// The lock of a data directory: one of the kernel, on an open file, so that it holds across containers and goes with the
// process that has it. The file says who that is, and which file it was: so a copy of a directory in use is told apart.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { tryLock } from 'fs-native-extensions'
import { DirectoryError } from './error.ts'

const lockName = 'lock'

/** What the file holds while the lock is held, and after its holder was killed; it is empty after a clean end. */
interface Holder {
  readonly pid: number
  readonly host: string
  /** When the lock was taken, in ISO 8601. */
  readonly since: string
  readonly inode: number
  readonly bornMs: number
}

/** Takes the lock of a directory for a gateway; returns what lets go of it. Throws DirectoryError where it cannot. */
export function lockDirectory(path: string): () => void {
  const file = join(path, lockName)
  if (isLink(file)) fs.rmSync(file) // The lock of a version before, which was none of the kernel.
  const fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600)
  try {
    if (!tryLock(fd)) throw inUse(path, readHolder(fd))
    refuseCopy(path, file, fd)
    writeHolder(fd)
  } catch (error) {
    fs.closeSync(fd)
    throw error
  }
  return () => {
    fs.ftruncateSync(fd)
    fs.closeSync(fd)
  }
}

/** As `lockDirectory`, for who only reads: it keeps gateways out, writes nothing, and takes read-only directories. */
export function lockForReading(path: string): () => void {
  const file = join(path, lockName)
  if (!fs.existsSync(file)) return () => {}
  const fd = fs.openSync(file, 'r')
  if (tryLock(fd, { shared: true })) return () => fs.closeSync(fd)
  const error = inUse(path, readHolder(fd))
  fs.closeSync(fd)
  throw error
}

function isLink(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function inUse(path: string, holder: Holder | undefined): DirectoryError {
  const who = holder === undefined ? '' : ` (process ${holder.pid} on ${holder.host}, since ${holder.since})`
  return new DirectoryError(`${path} is in use by another gateway${who}: stop it, or name another directory`)
}

/** A copy that was taken of a directory in use may hold a part of a write: nobody knows until it was checked. */
function refuseCopy(path: string, file: string, fd: number): void {
  const holder = readHolder(fd)
  const { ino, birthtimeMs } = fs.fstatSync(fd)
  // Some file systems number their files anew when they are mounted, and some do not tell when a file was made.
  if (holder === undefined || holder.inode === ino || holder.bornMs === birthtimeMs) return
  throw new DirectoryError(
    `${path} is a copy of a directory that a gateway was using (process ${holder.pid} on ${holder.host}, since ${holder.since}), so it may hold a part of a write: ` +
      `copy the directory of a gateway that was stopped, or take this copy as it is once \`kvass check ${path}\` finds it sound, by removing ${file}`,
  )
}

function readHolder(fd: number): Holder | undefined {
  const text = Buffer.alloc(1_024)
  const length = fs.readSync(fd, text, 0, text.length, 0)
  try {
    return JSON.parse(text.toString('utf8', 0, length)) as Holder
  } catch {
    return undefined // Nobody had it, or its holder could not write.
  }
}

/** Says who has the lock. On a full disk it cannot: the lock is held all the same. */
function writeHolder(fd: number): void {
  const { ino, birthtimeMs } = fs.fstatSync(fd)
  const holder: Holder = {
    pid: ownPid(),
    host: hostname(),
    since: new Date().toISOString(),
    inode: ino,
    bornMs: birthtimeMs,
  }
  try {
    fs.ftruncateSync(fd)
    fs.writeSync(fd, `${JSON.stringify(holder)}\n`, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

function ownPid(): number {
  // Where there is no /proc, a child's parent is this process.
  return fs.existsSync('/proc/self')
    ? Number(fs.readlinkSync('/proc/self'))
    : Number(spawnSync('sh', ['-c', 'echo $PPID'], { encoding: 'utf8' }).stdout)
}
