import { RENAME_EXCHANGE } from '../namespace/reduce.ts'
import type { Operation } from '../oplog/operation.ts'
import type { Writing } from './writers-file.ts'

/**
 * Which files have changed content that is no version yet. A file that is open for writing waits for its last writer,
 * or until it has waited too long, or until someone asks.
 */
export class Writers {
  private readonly files = new Map<number, Writing>()
  /** Files are versioned as they are, open or not. */
  private force = false
  private olderThan = 0
  /** Files whose content in working/ may be newer than their last version: an earlier batch has applied some of it. */
  private ahead: ReadonlySet<number> = new Set()

  get size(): number {
    return this.files.size
  }

  /** Operations that history does not have although working/ does. */
  get operations(): number {
    let sum = 0
    for (const file of this.files.values()) sum += file.operations
    return sum
  }

  /** When the oldest of them was noticed (ms); 0: there is none. */
  get since(): number {
    let oldest = 0
    for (const { since } of this.files.values()) if (oldest === 0 || since < oldest) oldest = since
    return oldest
  }

  took(op: Operation, now: number): void {
    switch (op.type) {
      case 'create':
        this.files.set(op.ino, begun(op, now, true))
        return
      case 'write':
      case 'truncate':
      case 'allocate': {
        const file = this.files.get(op.ino)
        if (!file) {
          this.files.set(op.ino, begun(op, now, false))
          return
        }
        file.operations++
        file.newest = op.id
        file.closed = false
        file.path = op.path
        return
      }
      case 'rename':
        return this.renamed(op)
      case 'link':
        return this.named(op.ino, op.path)
      case 'delete':
        return this.unnamed(op.ino, op.path)
      case 'close': {
        const file = this.files.get(op.ino)
        if (!file) return
        file.closed = true
        file.path = op.path
        return
      }
      default:
      // Names, attributes and markers leave the content as it is.
    }
  }

  private renamed(op: Extract<Operation, { type: 'rename' }>): void {
    const exchange = (op.flags & RENAME_EXCHANGE) !== 0
    if (exchange) this.named(op.replaced, op.path)
    else this.unnamed(op.replaced, op.to)
    for (const file of this.files.values()) {
      if (file.path?.startsWith(`${op.path}/`)) file.path = op.to + file.path.slice(op.path.length)
      else if (exchange && file.path?.startsWith(`${op.to}/`)) file.path = op.path + file.path.slice(op.to.length)
    }
    this.named(op.ino, op.to)
  }

  private named(ino: number, path: string): void {
    const file = this.files.get(ino)
    if (file) file.path = path
  }

  private unnamed(ino: number, path: string): void {
    const file = this.files.get(ino)
    if (file?.path === path) file.path = null
  }

  /** Begins a batch's decisions: what counts as finished from here on. */
  decide(force: boolean, olderThan: number): void {
    this.force = force
    this.olderThan = olderThan
    this.ahead = new Set(this.files.keys())
  }

  isDue(olderThan: number): boolean {
    for (const file of this.files.values()) if (file.closed || file.since < olderThan) return true
    return false
  }

  /** All that wrote are gone: the engine was ended, and with it the mount. */
  closeAll(): void {
    for (const file of this.files.values()) file.closed = true
  }

  /** It is gone. */
  drop(ino: number): void {
    this.files.delete(ino)
  }

  /** What a change that is recorded has of these files, by number, up to the operation named. */
  settleRecorded(recorded: ReadonlyMap<number, number>): void {
    for (const [ino, file] of this.files) if ((recorded.get(ino) ?? 0) >= file.newest) this.files.delete(ino)
  }

  /** As they are: to be kept on disk, and for a batch that fails. */
  snapshot(): readonly Writing[] {
    return [...this.files.values()].map((file) => ({ ...file }))
  }

  restore(snapshot: readonly Writing[]): void {
    this.files.clear()
    for (const file of snapshot) this.files.set(file.ino, { ...file })
  }

  finished(ino: number): boolean {
    const file = this.files.get(ino)
    return file !== undefined && this.isFinished(file)
  }

  open(ino: number): boolean {
    const file = this.files.get(ino)
    return file !== undefined && !this.isFinished(file)
  }

  /** What working/ has of it is its last version. */
  isBase(ino: number): boolean {
    return !this.ahead.has(ino)
  }

  born(ino: number): boolean {
    return this.files.get(ino)?.born ?? false
  }

  /** Number and a name of what is finished; null: which names it has, if any, is not known. */
  *finishedPaths(): Generator<readonly [ino: number, path: string | null]> {
    for (const [ino, file] of this.files) if (this.isFinished(file)) yield [ino, file.path]
  }

  /** The batch is recorded: what was finished is a version now, what is gone needs none. */
  settle(isGone: (ino: number) => boolean): void {
    for (const [ino, file] of this.files) if (this.isFinished(file) || isGone(ino)) this.files.delete(ino)
  }

  private isFinished(file: Writing): boolean {
    return file.closed || this.force || file.since < this.olderThan
  }
}

function begun(op: Operation, since: number, born: boolean): Writing {
  return { ino: op.ino, since, born, operations: 1, newest: op.id, path: op.path, closed: false }
}
