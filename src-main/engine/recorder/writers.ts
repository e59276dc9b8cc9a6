import type { Operation } from '../oplog/operation.ts'

/** A file whose content changed since its last version. */
interface Writing {
  /** First operation not in history, and where it stands in the log. */
  readonly first: number
  readonly position: number
  /** When that was noticed (ms). */
  readonly since: number
  /** Made since, so history does not know the file. */
  readonly born: boolean
  operations: number
  /** Last operation on its content. */
  newest: number
  path: string
  closed: boolean
}

/**
 * Which files have changed content that is no version yet. A file that is open for writing waits for its last writer,
 * or until it has waited too long, or until someone asks.
 */
export class Writers {
  private readonly files = new Map<number, Writing>()
  /** Files are versioned as they are, open or not. */
  private force = false
  private olderThan = 0

  get size(): number {
    return this.files.size
  }

  /** Operations that history does not have although working/ does. */
  get operations(): number {
    let sum = 0
    for (const file of this.files.values()) sum += file.operations
    return sum
  }

  /** The oldest operation that is held back. */
  oldest(): { readonly first: number; readonly position: number; readonly since: number } | null {
    let found: Writing | null = null
    for (const file of this.files.values()) if (!found || file.position < found.position) found = file
    return found
  }

  took(op: Operation, position: number, now: number): void {
    switch (op.type) {
      case 'create':
        this.files.set(op.ino, {
          first: op.id,
          position,
          since: now,
          born: true,
          operations: 1,
          newest: op.id,
          path: op.path,
          closed: false,
        })
        return
      case 'write':
      case 'truncate':
      case 'allocate': {
        const file = this.files.get(op.ino)
        if (!file) {
          this.files.set(op.ino, {
            first: op.id,
            position,
            since: now,
            born: false,
            operations: 1,
            newest: op.id,
            path: op.path,
            closed: false,
          })
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
    const other = this.files.get(op.replaced)
    if (other) other.path = op.path
    const below = `${op.path}/`
    for (const file of this.files.values()) {
      if (file.path.startsWith(below)) file.path = `${op.to}/${file.path.slice(below.length)}`
    }
    const file = this.files.get(op.ino)
    if (file) file.path = op.to
  }

  /** Begins a batch's decisions: what counts as finished from here on. */
  decide(force: boolean, olderThan: number): void {
    this.force = force
    this.olderThan = olderThan
  }

  isDue(olderThan: number): boolean {
    for (const file of this.files.values()) if (file.closed || file.since < olderThan) return true
    return false
  }

  /** All that wrote are gone: the engine was ended, and with it the mount. */
  closeAll(): void {
    for (const file of this.files.values()) file.closed = true
  }

  /** Its path leads to nothing any more: it is gone. */
  drop(ino: number): void {
    this.files.delete(ino)
  }

  /** What a change that is recorded has of these files, by number, up to the operation named. */
  settleRecorded(recorded: ReadonlyMap<number, number>): void {
    for (const [ino, file] of this.files) if ((recorded.get(ino) ?? 0) >= file.newest) this.files.delete(ino)
  }

  /** For a batch that fails: everything as it was. */
  snapshot(): ReadonlyMap<number, Writing> {
    return new Map([...this.files].map(([ino, file]) => [ino, { ...file }]))
  }

  restore(snapshot: ReadonlyMap<number, Writing>): void {
    this.files.clear()
    for (const [ino, file] of snapshot) this.files.set(ino, file)
  }

  finished(ino: number): boolean {
    const file = this.files.get(ino)
    return file !== undefined && this.isFinished(file)
  }

  open(ino: number): boolean {
    const file = this.files.get(ino)
    return file !== undefined && !this.isFinished(file)
  }

  born(ino: number): boolean {
    return this.files.get(ino)?.born ?? false
  }

  /** Number and last path of what is finished. */
  *finishedPaths(): Generator<readonly [ino: number, path: string]> {
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
