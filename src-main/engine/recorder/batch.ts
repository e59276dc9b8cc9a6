import { readContent, type LogBytes } from '../namespace/content.ts'
import { findInode } from '../namespace/hard-links.ts'
import { Namespace, type NamespaceOptions } from '../namespace/namespace.ts'
import { apply } from '../namespace/reduce.ts'
import { isMarker, type Operation } from '../oplog/operation.ts'
import type { OplogReader } from '../oplog/oplog-reader.ts'
import { CACHE_TAG, CACHE_TAG_BYTES, isCacheTag } from '../project/ignore.ts'
import { Cutter, type Granularity } from './cut.ts'
import type { Programs } from './programs.ts'
import type { Writers } from './writers.ts'

/** A batch is no longer than this, so that what is recorded becomes visible and memory stays flat. */
const MAX_OPERATIONS = 20_000
const MAX_BYTES = 128 * 1024 * 1024

interface Noted {
  first: number
  last: number
  thread: number
}

/** The operations of one change: walked through a namespace of their own, over working/ as it was before them. */
export class Batch {
  readonly space: Namespace
  /** Number of operations, markers not counted; ids and log position they cover. */
  operations = 0
  first = 0
  last = 0
  end: number
  time: readonly [number, number] = [0, 0]
  /** A directory was renamed or a cache tag came or went: what is versioned may differ. */
  versioningChanged = false
  private readonly noted = new Map<number, Noted>()

  constructor(
    readonly start: number,
    options: NamespaceOptions,
    private readonly now: number,
  ) {
    this.space = new Namespace(options)
    this.end = start
  }

  /** Takes operations from the log until `to`, or until the batch must end; `upToId` ends it there exactly. */
  walk(
    reader: OplogReader,
    to: number,
    granularity: Granularity,
    writers: Writers,
    programs: Programs,
    upToId = Infinity,
  ): void {
    const cutter = new Cutter(upToId === Infinity ? granularity : 'batch')
    for (const { op, position, dataPosition, end } of reader.records(this.start, to)) {
      if (op.id > upToId) return
      if (this.operations > 0 && cutter.before(op, this.space) && !(granularity === 'op' && isMarker(op))) return
      apply(this.space, op, position, dataPosition)
      cutter.took(op)
      writers.took(op, this.now)
      programs.took(op)
      this.note(op)
      this.end = end
      if (upToId === Infinity && (this.operations >= MAX_OPERATIONS || end - this.start >= MAX_BYTES)) return
    }
  }

  operationsOf(ino: number): readonly [number, number] {
    const noted = this.noted.get(ino)
    return noted ? [noted.first, noted.last] : [this.first, this.last]
  }

  threadOf(ino: number): number | undefined {
    return this.noted.get(ino)?.thread
  }

  /** Brings a file that is due into memory, by a name it had (null: by any); false when it is gone. */
  load(ino: number, path: string | null): boolean {
    if (this.space.inodes.has(ino)) return true
    return path === null ? findInode(this.space, ino) : this.space.resolve(path)?.ino === ino
  }

  isGone(ino: number): boolean {
    const inode = this.space.inodes.get(ino)
    return inode !== undefined && inode.nlink <= 0
  }

  /** Whether the directory says of itself that it is a cache, as the batch leaves it. */
  hasCacheTag(directory: string, log: LogBytes): boolean {
    const { space } = this
    const inode = space.resolve(directory)
    const tag = inode?.isDirectory ? space.lookup(inode, CACHE_TAG) : null
    if (!tag?.isFile) return false
    const start = Buffer.alloc(CACHE_TAG_BYTES)
    const got = readContent(tag, 0, CACHE_TAG_BYTES, start, 0, space.tree, log)
    return got === CACHE_TAG_BYTES && isCacheTag(start)
  }

  close(): void {
    this.space.close()
  }

  private note(op: Operation): void {
    if (this.first === 0) this.first = op.id
    this.last = op.id
    if (op.type === 'program') return
    this.time = [op.sec, op.nsec]
    const noted = this.noted.get(op.ino)
    if (!noted) this.noted.set(op.ino, { first: op.id, last: op.id, thread: op.pid })
    else {
      noted.last = op.id
      // The kernel's own write-back and a late close do not take the file over from the program that wrote it.
      if (op.pid !== 0 && op.type !== 'close') noted.thread = op.pid
    }
    if (isMarker(op)) return
    this.operations++
    if (op.path.endsWith('CACHEDIR.TAG') || op.type === 'rename') this.versioningChanged = true
  }
}
