// The data directory: its layout, and its format file with the epoch. It knows nothing of what the tables hold.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { DirectoryError, toDirectoryError } from './error.ts'
import { lockDirectory, lockForReading } from './lock.ts'

/** Version of the layout of the directory and of all files in it. */
const formatVersion = 1
const formatName = 'FORMAT'
const temporaryName = 'FORMAT.new'
/** What the directory holds of ours before the format file is there. */
const firstNames = ['lock', 'log', 'lmdb', temporaryName]
/** Bytes of the LMDB file of a store that was never begun, at the most. */
const mostFirstBytes = 131_072
/** Bytes of the header of a log file: behind it are groups. */
const logHeaderBytes = 4_096
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
  /** Says that the store has begun, with all of it durable. Before that nothing may be acknowledged. Idempotent. */
  begun(): void
  /** Lets go of the lock. */
  release(): void
}

/** Locks a data directory, making a new one where there is none. Throws DirectoryError where that cannot be. */
export function openDirectory(path: string): Directory {
  try {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 })
    refuseStranger(path)
    return withLock(path, lockDirectory, (release) => {
      const epoch = readFormat(path) ?? beginAfresh(path)
      const directory = directoryOf(path, epoch, release)
      for (const folder of [directory.log, directory.lmdb]) fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
      return directory
    })
  } catch (error) {
    throw toDirectoryError(path, error)
  }
}

/** Opens a data directory that no gateway uses, to read it; writes nothing. Throws DirectoryError where it cannot. */
export function openToRead(path: string): Directory {
  try {
    return withLock(path, lockForReading, (release) => {
      const epoch = readFormat(path)
      if (epoch === undefined) throw new DirectoryError(`${path} is not a Kvass data directory`)
      return directoryOf(path, epoch, release)
    })
  } catch (error) {
    throw toDirectoryError(path, error)
  }
}

/** Opens under a lock, which is let go of where that fails. */
function withLock(path: string, lock: typeof lockDirectory, open: (release: () => void) => Directory): Directory {
  const release = lock(path)
  try {
    return open(release)
  } catch (error) {
    release()
    throw error
  }
}

function directoryOf(path: string, epoch: string, release: () => void): Directory {
  const begun = () => {
    if (!fs.existsSync(join(path, formatName))) writeFormat(path, epoch)
  }
  return { path, log: join(path, 'log'), lmdb: join(path, 'lmdb'), epoch, begun, release }
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

/**
 * Makes sure that a directory without a format file holds no data; returns the epoch of the new store. A first start that
 * was cut off leaves files of ours: nothing was acknowledged, so they go.
 */
function beginAfresh(path: string): string {
  if (holdsData(path)) {
    throw new DirectoryError(
      `${path} is not a Kvass data directory: it holds a log or tables, and ${formatName} is missing: put it back from a copy of the directory`,
    )
  }
  for (const name of fs.readdirSync(path)) if (name !== 'lock') fs.rmSync(join(path, name), { recursive: true })
  return randomBytes(16).toString('hex')
}

/** Refuses a directory without a format file that holds anything of others, before a file of ours is made in it. */
function refuseStranger(path: string): void {
  if (fs.existsSync(join(path, formatName))) return
  const stranger = fs.readdirSync(path).find((name) => !firstNames.includes(name))
  if (stranger === undefined) return
  throw new DirectoryError(
    `${path} is not a Kvass data directory and not empty (it holds ${stranger}): name an empty or a new directory`,
  )
}

/** Whether more is there than a first start leaves that was cut off. */
function holdsData(path: string): boolean {
  const tables = join(path, 'lmdb', 'data.mdb')
  if (fs.existsSync(tables) && fs.statSync(tables).size > mostFirstBytes) return true
  const log = join(path, 'log')
  const files = fs.existsSync(log) ? fs.readdirSync(log) : []
  return files.some(
    (name) => name !== '1.log' || fs.readFileSync(join(log, name)).subarray(logHeaderBytes).some(Boolean),
  )
}

/** The format file comes last: where it is, all that a store begins with is durable. */
function writeFormat(path: string, epoch: string): void {
  const temporary = join(path, temporaryName)
  const fd = fs.openSync(temporary, 'w', 0o600)
  fs.writeSync(fd, `${JSON.stringify({ format: formatVersion, epoch })}\n`)
  fs.fsyncSync(fd)
  fs.closeSync(fd)
  fs.renameSync(temporary, join(path, formatName))
  for (const folder of [path, dirname(path)]) syncFolder(folder)
}

function syncFolder(path: string): void {
  const fd = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/**
 * Looks at the head of the LMDB file, because a damaged one can end the process that maps it. Returns whether
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
