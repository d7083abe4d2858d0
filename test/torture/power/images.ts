// Crash images as folders: writes one out, and says of what a folder holds that the disk has it for certain.
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { Disk, type Image, type ImageFile, type Node } from './disk.ts'
import { CachedFile } from './file.ts'

const blockBytes = 65_536
const zeros = Buffer.alloc(blockBytes)
/** The store's lock says which file it is, so that a copy is told apart; a power loss makes no copy. */
const lockInode = /"inode":\d+/

/** What a file holds that is changed through a map, at a length. */
type MappedOf = (length: number) => Buffer

/**
 * Writes an image of what was in the folder `root` to the new folder `folder`, and returns the disk that holds it.
 */
export function writeImage(image: Image, root: string, folder: string, mapped: MappedOf): Disk {
  mkdirSync(folder, { recursive: true })
  const names = new Map<string, Node>()
  for (const [path, node] of image) {
    const copy = join(folder, relative(root, path))
    if ('directory' in node) {
      mkdirSync(copy)
      names.set(copy, node)
    } else if ('target' in node) {
      symlinkSync(node.target, copy)
      names.set(copy, node)
    } else {
      const fd = openSync(copy, 'wx', 0o600)
      const inode = fstatSync(fd).ino
      const content = contentOf(copy, node, inode, mapped)
      writeSparse(fd, content)
      closeSync(fd)
      names.set(copy, { file: new CachedFile(content), inode })
    }
  }
  return new Disk(names)
}

function contentOf(path: string, { content, mapped }: ImageFile, inode: number, mappedOf: MappedOf): Buffer {
  if (mapped) return mappedOf(content.length)
  return basename(path) === 'lock' ? Buffer.from(content.toString().replace(lockInode, `"inode":${inode}`)) : content
}

function writeSparse(fd: number, content: Buffer): void {
  ftruncateSync(fd, content.length)
  for (let at = 0; at < content.length; at += blockBytes) {
    const block = content.subarray(at, at + blockBytes)
    if (zeros.compare(block, 0, block.length, 0, block.length) !== 0) writeSync(fd, block, 0, block.length, at)
  }
}
