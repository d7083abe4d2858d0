// The calls to the file system that the log makes, in one object, so that a test can make any of them fail.
import fs from 'node:fs'

export interface LogFiles {
  open(path: string, flags: number): number
  close(fd: number): void
  size(fd: number): number
  read(fd: number, into: Uint8Array, offset: number, length: number, position: number): number
  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number
  write(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, written: number) => void,
  ): void
  datasync(fd: number, done: (error: Error | null) => void): void
  datasyncSync(fd: number): void
  unlink(path: string): void
  /** Makes new and removed names in a directory durable. */
  syncDirectory(path: string): void
}

export const realFiles: LogFiles = {
  open: (path, flags) => fs.openSync(path, flags, 0o600),
  close: fs.closeSync,
  size: (fd) => fs.fstatSync(fd).size,
  read: (fd, into, offset, length, position) => fs.readSync(fd, into, offset, length, position),
  writeSync: (fd, bytes, offset, length, position) => fs.writeSync(fd, bytes, offset, length, position),
  write: (fd, bytes, offset, length, position, done) => fs.write(fd, bytes, offset, length, position, done),
  datasync: fs.fdatasync,
  datasyncSync: fs.fdatasyncSync,
  unlink: fs.unlinkSync,
  syncDirectory(path) {
    const fd = fs.openSync(path, 'r')
    try {
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  },
}

/** Writes all of `bytes` at `position`, however many calls that takes. */
export function writeAllSync(files: LogFiles, fd: number, bytes: Uint8Array, length: number, position: number): void {
  for (let done = 0; done < length; ) {
    done += files.writeSync(fd, bytes, done, length - done, position + done)
  }
}
