// What a data directory that cannot be used is refused with.

/** A directory that cannot be used; the message says why and what to do. */
export class DirectoryError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DirectoryError'
  }
}

const reasons: Record<string, string> = {
  EACCES: 'it may not be read and written by this user: give the user its rights, or name another directory',
  EPERM: 'it may not be read and written by this user: give the user its rights, or name another directory',
  EROFS: 'its file system is read-only: mount it for writing, or name another directory',
  ENOENT: 'it cannot be made: look whether the folder that it is to lie in may be written',
  ENOTDIR: 'a part of the path is a file: name another directory',
  EEXIST: 'it is a file: name another directory',
  ENOSPC: 'there is no room for it: make room, or name another directory',
  EMFILE: 'too many files are open: raise `ulimit -n`',
}

/** An error of the file system as a sentence about the directory; any other as it is. */
export function toDirectoryError(path: string, error: unknown): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return error
  const reason = reasons[code] ?? (error as Error).message
  return new DirectoryError(`${path} cannot be the data directory: ${reason}`)
}
