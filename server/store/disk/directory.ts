// The data directory: its layout, its format file with the epoch, and the lock that keeps a second gateway out.
// It knows nothing of what the log and the tables hold.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'

/** Version of the layout of the directory and of all files in it. */
const formatVersion = 1
const formatName = 'FORMAT'
const lockName = 'lock'
/** Magic number of an LMDB file, where its two meta pages hold it. */
const lmdbMagic = 0xbeefc0de
const lmdbMagicAt = 24
const lmdbPageSizeAt = 48
const lmdbLastPageAt = 144

export interface Directory {
  readonly path: string
  /** Folder of the log. */
  readonly log: string
  /** Folder of LMDB. */
  readonly lmdb: string
  /** Id of the store's life: 32 hex digits. */
  readonly epoch: string
  /** Lets go of the lock. */
  release(): void
}

/** A directory that cannot be used; the message says why and what to do. */
export class DirectoryError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DirectoryError'
  }
}

/** Locks a data directory, making a new one where there is none (unless `create` is false). */
export function openDirectory(path: string, create = true): Directory {
  if (create) fs.mkdirSync(path, { recursive: true, mode: 0o700 })
  else if (!fs.existsSync(join(path, formatName))) throw new DirectoryError(`${path} is not a Kvass data directory`)
  const release = lock(path)
  try {
    const epoch = readFormat(path) ?? makeFormat(path)
    const log = join(path, 'log')
    const lmdb = join(path, 'lmdb')
    if (create) for (const folder of [log, lmdb]) fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    return { path, log, lmdb, epoch, release }
  } catch (error) {
    release()
    throw error
  }
}

/** The epoch, or undefined where there is no format file. */
function readFormat(path: string): string | undefined {
  const file = join(path, formatName)
  if (!fs.existsSync(file)) return undefined
  const text = fs.readFileSync(file, 'utf8')
  let format: { format?: unknown; epoch?: unknown } = {}
  try {
    format = JSON.parse(text) as typeof format
  } catch {
    // Reported below, like every other text that is not ours.
  }
  if (typeof format?.format === 'number' && format.format !== formatVersion) {
    throw new DirectoryError(
      `${path} has the format ${format.format}, this version of Kvass reads format ${formatVersion}: use the version that wrote it`,
    )
  }
  if (format?.format !== formatVersion || typeof format.epoch !== 'string' || !/^[0-9a-f]{32}$/.test(format.epoch)) {
    throw new DirectoryError(`${file} is damaged: put it back from a copy of the directory`)
  }
  return format.epoch
}

/** Makes the format file of a new directory. It comes first: what is found without it is not ours. */
function makeFormat(path: string): string {
  const strangers = fs.readdirSync(path).filter((name) => !name.startsWith(lockName) && !name.startsWith(formatName))
  if (strangers.length > 0) {
    throw new DirectoryError(
      `${path} is not a Kvass data directory and not empty (it holds ${strangers[0]}): name an empty or a new directory`,
    )
  }
  const epoch = randomBytes(16).toString('hex')
  const temporary = join(path, `${formatName}.new`)
  const fd = fs.openSync(temporary, 'w', 0o600)
  fs.writeSync(fd, `${JSON.stringify({ format: formatVersion, epoch })}\n`)
  fs.fsyncSync(fd)
  fs.closeSync(fd)
  fs.renameSync(temporary, join(path, formatName))
  return epoch
}

/** Who holds the lock: a process and when it started, so that a number that was given again is not taken for it. */
interface Holder {
  readonly pid: number
  readonly started: string
}

/**
 * Takes the lock: a symbolic link whose target says who holds it. Making one is a single step, with its contents,
 * and needs no space on a full disk.
 */
function lock(path: string): () => void {
  const file = join(path, lockName)
  const { pid, started } = self()
  const mine = `${pid} ${started}`
  while (!linked(mine, file)) takeOver(path, file)
  return () => fs.rmSync(file, { force: true })
}

/** Makes the link; false where there is one. */
function linked(target: string, file: string): boolean {
  try {
    fs.symlinkSync(target, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

/** Removes a lock whose holder is gone; throws where it is not. */
function takeOver(path: string, file: string): void {
  const text = targetOf(file)
  const holder = parseHolder(text)
  if (holder !== undefined && startOf(holder.pid) === holder.started) {
    throw new DirectoryError(
      `${path} is in use by another gateway (process ${holder.pid}): stop it, or name another directory`,
    )
  }
  // Another process may do the same at this moment: whoever moved a lock that is not the stale one puts it back.
  const stale = `${file}.${randomBytes(8).toString('hex')}`
  try {
    fs.renameSync(file, stale)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = targetOf(stale)
  if (moved !== text) linked(moved, file)
  fs.rmSync(stale, { force: true })
}

function targetOf(file: string): string {
  try {
    return fs.readlinkSync(file)
  } catch {
    return ''
  }
}

function parseHolder(text: string): Holder | undefined {
  const [, pid, started] = /^(\d+) (.+)$/.exec(text) ?? []
  return pid === undefined || started === undefined ? undefined : { pid: Number(pid), started }
}

function self(): Holder {
  // Where there is no /proc, a child's parent is this process.
  const pid = fs.existsSync('/proc/self')
    ? Number(fs.readlinkSync('/proc/self'))
    : Number(spawnSync('sh', ['-c', 'echo $PPID'], { encoding: 'utf8' }).stdout)
  return { pid, started: startOf(pid) ?? '' }
}

/** When a process started, in whatever form the system says it; undefined where there is none of that number. */
function startOf(pid: number): string | undefined {
  try {
    if (fs.existsSync('/proc/self')) {
      // The name of the process, in parentheses, may hold anything; the start is the 20th field after it.
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
      const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
      return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${ticks}`
    }
    getPriority(pid)
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  } catch {
    return undefined
  }
}

/**
 * Looks at the head of the LMDB file, because a damaged one can end the process that maps it. Answers whether
 * the file is as long as it says it should be; a shorter one may be whole, but needs a closer look.
 */
export function lmdbHeadIsSound(folder: string): boolean {
  const file = join(folder, 'data.mdb')
  if (!fs.existsSync(file) || fs.statSync(file).size === 0) return true
  const fd = fs.openSync(file, 'r')
  try {
    const head = Buffer.alloc(65_536)
    const length = fs.readSync(fd, head, 0, head.length, 0)
    const pageSize = length < 256 ? 0 : head.readUInt32LE(lmdbPageSizeAt)
    const second = pageSize + lmdbMagicAt
    if (
      pageSize < 512 ||
      pageSize > 32_768 ||
      length < 2 * pageSize ||
      head.readUInt32LE(lmdbMagicAt) !== lmdbMagic ||
      head.readUInt32LE(second) !== lmdbMagic
    ) {
      throw new DirectoryError(
        `${file} is damaged at its beginning: run \`kvass check\` on the data directory, and restore it from a copy`,
      )
    }
    const lastPage = Math.max(
      Number(head.readBigUInt64LE(lmdbLastPageAt)),
      Number(head.readBigUInt64LE(pageSize + lmdbLastPageAt)),
    )
    return fs.fstatSync(fd).size >= (lastPage + 1) * pageSize
  } finally {
    fs.closeSync(fd)
  }
}
