// Where an export goes: into a file, which appears, or changes, when all is there; or into whatever else a path names, as
// a device or a pipe, which is written to as it is.
import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, type Stats } from 'node:fs'
import { chmod, chown, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'

type Write = (stream: Writable) => Promise<void>

/**
 * Runs `write` on a stream into what the path names. A file that is there keeps its mode, its owner and its other names,
 * and its content until the new one is complete and on the disk; links are followed. Rejects with a sentence.
 */
export async function writeTo(path: string, write: Write): Promise<void> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isDirectory()) throw new Error(`cannot write ${path}: it is a folder`)
  if (stats === undefined || stats.isFile()) return toFile(path, stats, write)
  const stream = createWriteStream(path)
  await throughout(stream, path, () => write(stream))
}

/** Runs `write` and ends the stream. What the stream says of itself explains best why that failed. */
async function throughout(stream: Writable, path: string, write: () => Promise<void>): Promise<void> {
  stream.on('error', () => {}) // It is met below.
  try {
    await write()
    stream.end()
    await finished(stream)
  } catch (error) {
    const failure: NodeJS.ErrnoException | null = stream.errored
    stream.destroy()
    throw failure === null || failure.code === 'EPIPE' ? error : cannotWrite(path, failure)
  }
}

const cannotWrite = (path: string, error: Error) => new Error(`cannot write ${path}: ${error.message}`)

async function toFile(path: string, stats: Stats | undefined, write: Write): Promise<void> {
  const target = await targetOf(path).catch((error) => Promise.reject(cannotWrite(path, error)))
  const partial = `${target}.${randomBytes(4).toString('hex')}.part`
  // Nobody may read the new content meanwhile who may not read it in the end.
  const mode = stats === undefined ? 0o666 : 0o600
  const stream = createWriteStream(partial, { flags: 'wx', mode, flush: true })
  try {
    await throughout(stream, path, () => write(stream))
    const replaces = stats === undefined || (stats.nlink === 1 && (await takesOver(partial, stats)))
    if (replaces) await rename(partial, target)
    else await pipeline(createReadStream(partial), createWriteStream(target, { flush: true }))
    await syncFolder(dirname(target))
  } finally {
    await rm(partial, { force: true })
  }
}

/** Where the links of a path lead, be there a file or not yet. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const link = await readlink(path).catch(() => undefined)
  return link === undefined ? path : targetOf(resolve(dirname(path), link))
}

/** Gives a new file the owner and the mode of the one that it replaces; false where it may not. */
async function takesOver(path: string, { uid, gid, mode }: Stats): Promise<boolean> {
  try {
    const own = await stat(path)
    if (own.uid !== uid || own.gid !== gid) await chown(path, uid, gid)
    await chmod(path, mode & 0o7777)
    return true
  } catch {
    return false
  }
}

/** So that the file's new name is there after a power loss; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
