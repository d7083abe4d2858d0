// What the disk may hold when the power goes at a call of a record: files with their contents, and the names of them.
// Names follow one of two models. `ordered`: they reach the disk in their order, and a sync brings all of them up to
// the last one that concerns what is synced (ext4 and other journals). `strict`: each by itself, and for certain only
// with a sync of its directory (what POSIX promises).
import { dirname } from 'node:path'
import type { Random } from '../../../server/testing/random.ts'
import { CachedFile, type Fate } from './file.ts'
import { type Call, flags, kinds } from './record.ts'

export type Model = 'ordered' | 'strict'

export type Node =
  | { readonly file: CachedFile; readonly inode: number }
  | { readonly target: string }
  | { readonly directory: true }

/** What a name stands for on the disk after the power went. */
type ImageNode = ImageFile | Exclude<Node, { file: CachedFile }>
export interface ImageFile {
  readonly content: Buffer
  readonly mapped: boolean
}

/** By path, folders before what is in them. */
export type Image = Map<string, ImageNode>

interface NameChange {
  readonly call: number
  readonly names: readonly (readonly [path: string, node: Node | undefined])[]
}

/** Names as one model has them. */
class Names {
  readonly #model: Model
  readonly #durable: Map<string, Node>
  #pending: NameChange[] = []

  constructor(model: Model, durable: ReadonlyMap<string, Node>) {
    this.#model = model
    this.#durable = new Map(durable)
  }

  change(change: NameChange): void {
    this.#pending.push(change)
  }

  /** A sync, begun at a call, of a directory (by its path) or of a file. */
  sync(begun: number, of: string | CachedFile): void {
    const concerns = ({ call, names }: NameChange): boolean =>
      call < begun &&
      names.some(([path, node]) =>
        typeof of === 'string' ? dirname(path) === of : node !== undefined && 'file' in node && node.file === of,
      )
    if (this.#model === 'ordered') {
      const last = this.#pending.findLastIndex(concerns)
      for (const change of this.#pending.splice(0, last + 1)) apply(change, this.#durable)
    } else if (typeof of === 'string') {
      const isSynced = (change: NameChange) => concerns(change) && change.names.every(([path]) => dirname(path) === of)
      for (const change of this.#pending) if (isSynced(change)) apply(change, this.#durable)
      this.#pending = this.#pending.filter((change) => !isSynced(change))
    }
  }

  /** What the disk may have. */
  image(random: Random, fate: Fate): Map<string, Node> {
    const image = new Map(this.#durable)
    if (fate === 'dropped') return image
    const end = this.#model === 'ordered' && fate !== 'kept' ? random.below(this.#pending.length + 1) : Infinity
    const stopped = new Set<string>()
    for (const [index, change] of this.#pending.entries()) {
      // Of one name, what came first is there first.
      const stops = change.names.some(([path]) => stopped.has(path))
      const isThere = this.#model === 'ordered' || fate === 'kept' ? index < end : !stops && random.chance(0.5)
      if (isThere) apply(change, image)
      else for (const [path] of change.names) stopped.add(path)
    }
    return image
  }
}

function apply({ names }: NameChange, to: Map<string, Node>): void {
  for (const [path, node] of names) {
    if (node === undefined) to.delete(path)
    else to.set(path, node)
  }
}

export class Disk {
  readonly #names: Map<string, Node>
  readonly #models: Record<Model, Names>
  readonly #files = new Map<number, CachedFile>()
  /** Syncs that have begun: the call, and what they are of. */
  readonly #syncs = new Map<string, { call: number; of: string | CachedFile; from: number; to: number }>()
  #call = 0

  /** A disk that holds this for certain. */
  constructor(names: ReadonlyMap<string, Node> = new Map()) {
    this.#names = new Map(names)
    for (const node of names.values()) if ('file' in node) this.#files.set(node.inode, node.file)
    this.#models = { ordered: new Names('ordered', names), strict: new Names('strict', names) }
  }

  /** What the system would show now, without a cut. */
  get names(): ReadonlyMap<string, Node> {
    return this.#names
  }

  /** Makes the next call of the record. Throws where the record tells of something that cannot be modelled. */
  make(call: Call): void {
    const number = this.#call++
    switch (call.kind) {
      case kinds.open:
        this.#open(number, call)
        break
      case kinds.write:
        this.#file(call).write(number, call.at, call.data)
        break
      case kinds.truncate:
        this.#file(call).resize(number, call.at)
        break
      case kinds.syncBegin:
        this.#syncBegins(number, call)
        break
      case kinds.syncEnd:
        this.#syncEnds(call)
        break
      case kinds.rename:
        this.#rename(number, call.path, call.data.toString())
        break
      case kinds.unlink:
        this.#change(number, [[call.path, undefined]])
        break
      case kinds.mkdir:
        this.#change(number, [[call.path, { directory: true }]])
        break
      case kinds.symlink:
        this.#change(number, [[call.path, { target: call.data.toString() }]])
        break
      case kinds.mapped:
        this.#file(call).mapped = true
        break
      case kinds.unknown:
        throw new Error(`a call that the model of the disk does not know: ${call.path}`)
    }
  }

  /** What the disk may hold when the power goes now. */
  image(random: Random, model: Model, fateOf: (path: string) => Fate): Image {
    const nodes = this.#models[model].image(random, fateOf('names'))
    const image: Image = new Map()
    for (const path of [...nodes.keys()].sort()) {
      const node = nodes.get(path)!
      const isReached = image.has(dirname(path)) || (!nodes.has(dirname(path)) && !this.#names.has(dirname(path)))
      if (!isReached) continue
      if ('file' in node) {
        image.set(path, { content: Buffer.from(node.file.image(random, fateOf(path))), mapped: node.file.mapped })
      } else image.set(path, node)
    }
    return image
  }

  #file({ inode, fd }: Call): CachedFile {
    const file = this.#files.get(inode)
    if (file === undefined) throw new Error(`descriptor ${fd} is of a file that the record does not tell of`)
    return file
  }

  #open(number: number, call: Call): void {
    const { path, inode, flags: how } = call
    if ((how & flags.created) !== 0) {
      const file = new CachedFile()
      this.#files.set(inode, file)
      this.#change(number, [[path, { file, inode }]])
    } else this.#file(call).resize(number, 0)
  }

  #rename(number: number, from: string, to: string): void {
    const node = this.#names.get(from)
    if (node === undefined) throw new Error(`${from} is renamed, and the record does not tell where it came from`)
    this.#change(number, [
      [from, undefined],
      [to, node],
    ])
  }

  #change(call: number, names: NameChange['names']): void {
    const change = { call, names }
    apply(change, this.#names)
    for (const model of Object.values(this.#models)) model.change(change)
  }

  #syncBegins(number: number, call: Call): void {
    const of = call.path === '' ? this.#file(call) : call.path
    const isRange = (call.flags & flags.range) !== 0
    const from = isRange ? Number(call.data.readBigUInt64LE(0)) : 0
    const to = isRange ? from + Number(call.data.readBigUInt64LE(8)) : Number.POSITIVE_INFINITY
    this.#syncs.set(syncId(call), { call: number, of, from, to })
  }

  #syncEnds(call: Call): void {
    const sync = this.#syncs.get(syncId(call))!
    this.#syncs.delete(syncId(call))
    const { of } = sync
    if ((call.flags & flags.failed) !== 0) {
      if (typeof of !== 'string') of.syncFailed(sync.call)
      return
    }
    if (typeof of !== 'string') of.sync(sync.call, sync.from, sync.to)
    for (const model of Object.values(this.#models)) model.sync(sync.call, of)
  }
}

const syncId = ({ pid, at }: Call): string => `${pid} ${at}`
